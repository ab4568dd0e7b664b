import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { columns } from '../../src/ui/columns.ts'

describe('the columns of a text', () => {
  it.each([
    ['trail', 5],
    ['✔ topic · 3 filters → PagerDuty', 31],
    ['trail ✔─ delivery ✖', 19],
    ['\u001b[32mgreen\u001b[39m', 5],
    ['日本', 4],
    ['e\u0301', 1],
    ['👍🏽 ok', 5],
    ['', 0],
  ])('of "%s" are %d', (text, expected) => {
    expect(columns(text)).toBe(expected)
  })

  it('are those of the Unicode tables, for every character of the planes in use and in any company', () => {
    const character = fc.integer({ min: 0x20, max: 0x2fff }).map((code) => String.fromCodePoint(code))
    fc.assert(
      fc.property(fc.array(character, { maxLength: 6 }), (letters) => {
        expect(columns(letters.join(''))).toBe(stringWidth(letters.join('')))
      }),
      { numRuns: 2000 },
    )
    for (let code = 0x20; code < 0x3000; code += 1) {
      const letter = String.fromCodePoint(code)
      expect([code, columns(letter)]).toEqual([code, stringWidth(letter)])
    }
  })
})
