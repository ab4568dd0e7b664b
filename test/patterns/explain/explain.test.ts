/** Patterns in words, and what decided. */
import { describe, expect, test } from 'vitest'
import { explain } from '../../../src/patterns/explain/explain.ts'
import { parsePattern } from '../../../src/patterns/parse/parse.ts'

function told(text: string, event?: string) {
  const parsed = parsePattern(text)
  if (parsed.validity === 'refused') throw new Error(parsed.message)
  const { lines, decidedBy, ...rest } = explain(parsed.pattern, event)
  const sign = (holds: boolean | undefined) => (holds === undefined ? '' : holds ? '+ ' : '- ')
  return {
    ...rest,
    lines: lines.map((line) => `${'  '.repeat(line.depth)}${sign(line.holds)}${line.text}`),
    decidedBy: decidedBy.map(({ column, end }) => text.slice(column - 1, end - 1)),
  }
}

const NO_MFA =
  '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && (($.userIdentity.type = "IAMUser") || ($.userIdentity.type = "Root")) }'

test('the CIS pattern for sign-ins without MFA, in words', () => {
  expect(told(NO_MFA).lines).toEqual([
    'A JSON event matches when all of these hold:',
    '  eventName is "ConsoleLogin"',
    '  additionalEventData.MFAUsed is present and is not "Yes"',
    '  one of these:',
    '    userIdentity.type is "IAMUser"',
    '    userIdentity.type is "Root"',
  ])
})

test('a sign-in without the field does not match, and the exclusion is what decided', () => {
  const { match, lines, decidedBy } = told(NO_MFA, '{"eventName":"ConsoleLogin","userIdentity":{"type":"Root"}}')
  expect(match).toBe(false)
  expect(decidedBy).toEqual(['$.additionalEventData.MFAUsed != "Yes"'])
  expect(lines).toEqual([
    '- A JSON event matches when all of these hold:',
    '  + eventName is "ConsoleLogin"',
    '  - additionalEventData.MFAUsed is present and is not "Yes"; here it is absent',
    '  + one of these:',
    '    - userIdentity.type is "IAMUser"; here it is "Root"',
    '    + userIdentity.type is "Root"',
  ])
})

test('where the event matches, every term that was needed and held decided', () => {
  const event = '{"eventName":"ConsoleLogin","additionalEventData":{"MFAUsed":"No"},"userIdentity":{"type":"Root"}}'
  expect(told(NO_MFA, event).decidedBy).toEqual([
    '$.eventName = "ConsoleLogin"',
    '$.additionalEventData.MFAUsed != "Yes"',
    '$.userIdentity.type = "Root"',
  ])
})

test('a message that is no JSON matches nothing, and no term decided that', () => {
  const { match, lines, decidedBy } = told('{ $.a NOT EXISTS }', 'INFO')
  expect({ match, decidedBy }).toEqual({ match: false, decidedBy: [] })
  expect(lines[0]).toBe('- The message is not one JSON object, so no JSON pattern matches it, whatever it says:')
})

describe('conditions in words', () => {
  test.each([
    ['$.a = "x*"', 'a starts with "x"'],
    ['$.a = "*x"', 'a ends with "x"'],
    ['$.a = "*x*"', 'a contains "x"'],
    ['$.a = *', 'a is any text or number'],
    ['$.a = "x*y"', 'a fits "x*y", where * stands for anything'],
    ['$.a != "*x"', 'a is present and does not end with "x"'],
    ['$.a != "x*"', 'a is present and does not start with "x"'],
    ['$.a != "*x*"', 'a is present and does not contain "x"'],
    ['$.a = ""', 'a is ""'],
    ['$.a = 1.0', 'a is 1.0'],
    ['$.a >= 5', 'a is at least 5'],
    ['$.a < 5', 'a is below 5'],
    ['$.a = %^x%', 'a matches the regex ^x'],
    ['$.a IS NULL', 'a is null'],
    ['$.a IS TRUE', 'a is the boolean true'],
    ['$.a.b[0] NOT EXISTS', 'a.b[0] is absent'],
    ['$.a[*] = 1', 'some element of a is 1'],
    ['$.a[*].b = 1', 'some element of a has b that is 1'],
    ['$.a[*].b != 1', 'a is present, and no element of it has b that is 1'],
    ['$.* = "x"', 'some element of the event is "x"'],
    ['$.a[*].b NOT EXISTS', 'no element of a has b'],
    ['$.a[*] NOT EXISTS', 'a has no elements'],
  ])('%s', (condition, words) => {
    expect(told(`{ ${condition} }`).lines[1]).toBe(`  ${words}`)
  })
})

describe('raw text', () => {
  test('terms, the ignored ones named as such', () => {
    expect(told('?ERROR timeout -x', 'ERROR').lines).toEqual([
      '- A message matches when all of these hold:',
      '  the message contains "ERROR" (ignored: ? counts only when every term has it)',
      '  - the message contains "timeout"',
      '  + the message does not contain "x"',
    ])
  })

  test('fields of a line, and a line that has too few', () => {
    expect(told('[a, b=1 || b=2]', 'x 2 ')).toMatchObject({ match: true, decidedBy: ['[a, b=1 || b=2]', 'b=2'] })
    expect(told('[a, b=1 || b=2]', 'x')).toMatchObject({ match: false, decidedBy: ['[a, b=1 || b=2]'] })
  })

  test('a regex alone, and an empty pattern', () => {
    expect(told('%a+%', 'xay')).toMatchObject({ match: true, decidedBy: ['%a+%'] })
    expect(told('', 'x')).toMatchObject({ match: true, lines: ['+ An empty pattern matches every message.'] })
  })
})
