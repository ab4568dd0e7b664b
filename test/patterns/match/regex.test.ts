/** The regular expressions of AWS against the engine of the language, and against inputs that hang such engines. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileRegex } from '../../../src/patterns/match/regex.ts'

const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '[a-c]', '\\d', '\\w', '\\x62', '-', '\\.', '\\S')
const quantifier = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{2,}', '{0}', '*?', '{0,3}')
const item = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(atom, quantifier).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('^', '$') },
)
const branch = fc.array(item, { minLength: 0, maxLength: 6 }).map((items) => items.join(''))
const source = fc
  .array(branch, { minLength: 1, maxLength: 3 })
  .map((branches) => branches.join('|'))
  .filter((text) => text !== '')

test('every expression of the subset matches what RegExp matches', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', '1', '-', '.', ' ', '\n'), { maxLength: 12 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(source, fc.array(text, { minLength: 1, maxLength: 8 }), (expression, texts) => {
      const expected = texts.map((one) => new RegExp(expression).test(one))
      expect(texts.map((one) => compileRegex(expression)(one))).toEqual(expected)
    }),
    { numRuns: 2000 },
  )
})

describe('no expression blows up', () => {
  test.each([
    ['a*a*a*a*a*a*a*a*b', 'a'],
    ['.*.*.*.*x', 'y'],
    ['^[a-z]+[a-z]+[a-z]+$', 'a'],
    ['a{1,1000}a{1,1000}b', 'a'],
    ['a?a?a?a?a?a?aaaaaaab', 'a'],
  ])('%s on a long run of %s', (expression, character) => {
    const search = compileRegex(expression)
    const steps = [1_000, 10_000].map((length) => {
      const meter = { steps: 0 }
      expect(search(character.repeat(length), meter)).toBe(expression.endsWith('$'))
      return meter.steps / length
    })
    expect(steps[1]).toBeLessThan((steps[0] ?? 0) * 1.1)
  })
})

test.each([
  ['.', '\u{1f600}', true],
  ['^.$', '\u{1f600}', true],
  ['^.$', '\ud83d', true],
  ['\\s', '\u00a0', false],
  ['\\w', 'é', false],
  ['\\W', 'é', true],
  ['[^a]', '\u2028', true],
  ['.', '\u2028', true],
  ['.', '\n', false],
  ['a]', 'a]', true],
  ['a}', 'a}', true],
  ['[a-]', '-', true],
  ['[.*+?$]', '?', true],
  ['\\[x\\]', '[x]', true],
])('%s on %j: %s', (expression, text, expected) => {
  expect(compileRegex(expression)(text)).toBe(expected)
})
