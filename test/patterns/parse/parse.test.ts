/** What is refused, where and with which remedy; and what nobody has established. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_PATTERN_LENGTH, parseAnyLength, parsePattern } from '../../../src/patterns/parse/parse.ts'
import { print } from '../../../src/patterns/pattern.ts'

type Refused = readonly [pattern: string, column: number, message: RegExp, suggestion?: string]

const REFUSALS: readonly Refused[] = [
  ['{ $.eventName = “ConsoleLogin” }', 17, /curly quote/, '{ $.eventName = "ConsoleLogin" }'],
  ['{ $.a == 1 }', 7, /== is not an operator/, '{ $.a = 1 }'],
  ['{ $.a => 1 }', 7, /write >=/, '{ $.a >= 1 }'],
  ['{ $.a <> 1 }', 7, /write !=/, '{ $.a != 1 }'],
  ['{ $.a = 1 AND $.b = 2 }', 11, /write &&/, '{ $.a = 1 && $.b = 2 }'],
  ['{ $.a = 1 or $.b = 2 }', 11, /write \|\|/, '{ $.a = 1 || $.b = 2 }'],
  ['{ $.a = 1 & $.b = 2 }', 11, /single &/, '{ $.a = 1 && $.b = 2 }'],
  ['{ $.a = 1, $.b = 2 }', 10, /comma/, '{ $.a = 1 && $.b = 2 }'],
  ['{ $.a EXISTS }', 7, /no EXISTS/, '{ $.a = "*" }'],
  ['{ $.a IS NOT NULL }', 10, /no IS NOT/, '{ $.a = "*" }'],
  ['{ $.a IS NOT TRUE }', 10, /IS FALSE/, '{ $.a IS FALSE }'],
  ['{ $.a = null }', 9, /IS NULL/, '{ $.a IS NULL }'],
  ['{ !($.a = 1) }', 3, /no negation/],
  ['{ status = "401" }', 3, /\$\. before it/, '{ $.status = "401" }'],
  ['{ $status = "401" }', 4, /dot goes after \$/, '{ $.status = "401" }'],
  ['{ $[0] = 1 }', 4, /goes on with a key/],
  ["{ $['a.b'] = 2 }", 4, /dot goes before/, "{ $.['a.b'] = 2 }"],
  ['{ $.["a"] = 2 }', 6, /single quotes/],
  ['{ $."a-b" = 2 }', 5, /between brackets/],
  ['{ $.@timestamp = 2 }', 5, /a key with @/, "{ $.['@timestamp'] = 2 }"],
  ['{ $.x.a:b = 2 }', 8, /a key with :/, "{ $.x.['a:b'] = 2 }"],
  ['{ $..a = 2 }', 5, /no search below/],
  ['{ $.a[-1] = 2 }', 7, /no negative/],
  ['{ $.a[0:2] = 2 }', 6, /no ranges/],
  ['{ $.a = a:b }', 10, /: needs quotes/, '{ $.a = "a:b" }'],
  ['{ $.a = arn:aws:iam::1:role/x }', 12, /needs quotes/, '{ $.a = "arn:aws:iam::1:role/x" }'],
  [
    '{ ($.a = Failed authentication) && $.b = 1 }',
    16,
    /needs quotes/,
    '{ ($.a = "Failed authentication") && $.b = 1 }',
  ],
  ['{ $.a = $.b }', 9, /not with another field/],
  ['{ $.a = "x }', 9, /never closed/],
  ['{ ($.a = 1 }', 3, /never closed/, '{ ($.a = 1 )}'],
  ['{ $.a = 1) }', 10, /never opened/, '{ $.a = 1 }'],
  ['{ $.a > "5" }', 9, /with a number only/, '{ $.a > 5 }'],
  ['{ $.a = }', 9, /value is missing/],
  ['{ }', 3, /condition is missing/],
  ['{ $.a = 1 && }', 14, /condition is missing/],
  ['{ && $.a = 1 }', 3, /missing before &&/],
  ['{ $.a = 1', 10, /must end with }/, '{ $.a = 1}'],
  ['{ $.a = 1 } x', 12, /nothing may follow/, '{ $.a = 1 }'],
  ['{"source": ["aws.ec2"]}', 2, /starts with a field/],
  ['{ $.a = ["x", "y"] }', 9, /join several conditions/],
  ['[a, b', 6, /must end with \]/, '[a, b]'],
  ['[a, a]', 5, /second time/],
  ['[a, ..., ...]', 10, /second time/],
  ['[1a]', 2, /starts with a letter/],
  ['[a=1 || b=2]', 9, /joins a and b/],
  ['[a b]', 4, /comma is missing/, '[a, b]'],
  ['[...a]', 5, /comma goes after/, '[..., a]'],
  ['[$a=1]', 2, /no \$/, '[a=1]'],
  ['%abc', 5, /must end with %/, '%abc%'],
  ['%%', 2, /cannot be empty/],
  ['%(a|b)c%', 2, /no groups/],
  ['%f(x)%', 3, /\\x28/, '%f\\x28x\\x29%'],
  ['%a!%', 3, /write \\x21/, '%a\\x21%'],
  ['%a++%', 4, /cannot be repeated/],
  ['%*a%', 2, /nothing to repeat/],
  ['%a\\p%', 3, /not a known escape/],
  ['%[]%', 3, /cannot be empty/],
  ['%a{3,2}%', 3, /smaller one/],
  ['ERROR %WARN%', 7, /must be the whole pattern/],
  ['ERR*', 4, /\* needs quotes/, '"ERR"'],
  ['email@example.com', 6, /@ needs quotes/, '"email@example.com"'],
  ['"ERROR"WARN', 8, /blank goes after/, '"ERROR" WARN'],
  ['"open', 1, /never closed/],
]

describe('a refusal names the column and says how to write it', () => {
  for (const [pattern, column, message, suggestion] of REFUSALS) {
    test(pattern, () => {
      const parsed = parsePattern(pattern)
      if (parsed.validity !== 'refused') expect.fail(parsed.validity)
      expect(parsed).toMatchObject({ column, message: expect.stringMatching(message) })
      expect(parsed.suggestion).toBe(suggestion)
    })
  }
})

describe('what is not established is read all the same, and said to be so', () => {
  test.each<readonly [pattern: string, column: number, message: RegExp, printed: string]>([
    [' { $.a = 1 }', 1, /blank outside/, '{ $.a = 1 }'],
    ['[a] ', 4, /blank outside/, '[a]'],
    ['{ $.a = 1 ||\n$.b = 2 }', 13, /line break/, '{ ($.a = 1) || ($.b = 2) }'],
    ["{ $.a = 'x' }", 9, /single quotes/, `{ $.a = "'x'" }`],
    ['{ $.a = ‘x’ }', 9, /single quotes/, '{ $.a = "‘x’" }'],
    ['{ $.a = a-b }', 10, /not documented/, '{ $.a = "a-b" }'],
    ['{ $.a = café }', 12, /not documented/, '{ $.a = "café" }'],
    ['{ $.a[99999999999999999999999] = 1 }', 29, /index/, '{ $.a[2147483647] = 1 }'],
    ['{ $.a = 007 }', 9, /leading zero/, '{ $.a = 007 }'],
    ['{ $.a = .5 }', 9, /both sides of the point/, '{ $.a = 0.5 }'],
    ['{ $.a = NULL }', 9, /IS NULL/, '{ $.a = "NULL" }'],
    ['{ $.a != null }', 10, /IS NULL/, '{ $.a != "null" }'],
    ['{ $.a = True }', 9, /IS TRUE/, '{ $.a = "True" }'],
    ['{ $.a = "x\\"y" }', 11, /backslash/, '{ $.a = "x\\"y" }'],
    ['[ ]', 2, /write \[\]/, '[]'],
    ['[(a=1 || a=2), b]', 2, /parentheses/, '[a = 1 || a = 2, b]'],
    ['[a-b]', 3, /hyphen/, '[a-b]'],
    ['a=b', 2, /needs quotes/, '"a=b"'],
    ['--x', 2, /two prefixes/, '-x'],
    ['-', 1, /nothing behind/, '"-"'],
    ['%a{,3}%', 3, /\{0,n\}/, '%a{,3}%'],
  ])('%s', (text, column, message, printed) => {
    const parsed = parsePattern(text)
    if (parsed.validity !== 'not-established') expect.fail(parsed.validity)
    expect(parsed).toMatchObject({ column, message: expect.stringMatching(message) })
    expect(print(parsed.pattern)).toBe(printed)
  })
})

test('a curly quote within straight ones is text', () => {
  expect(parsePattern('{ $.errorMessage = "*“x”*" }').validity).toBe('accepted')
})

describe('the length', () => {
  test(`${MAX_PATTERN_LENGTH} characters are accepted, one more is refused`, () => {
    const ofLength = (length: number) => `"${'x'.repeat(length - 2)}"`
    expect(parsePattern(ofLength(1024)).validity).toBe('accepted')
    expect(parsePattern(ofLength(1025))).toMatchObject({ validity: 'refused', rule: 'too-long', column: 1025 })
  })

  test('steps grow with the length, not with its square, whatever is written', () => {
    const piece = fc.constantFrom(
      '(',
      '$.a',
      '$.a[*]',
      '=',
      '"',
      "'",
      '%',
      '%a%',
      '[',
      ']',
      '&&',
      '||',
      'IS ',
      'NOT ',
      'x ',
      '-',
      '?',
      ',',
      '\\',
      ' ',
      '1',
    )
    const opening = fc.constantFrom('', '{', '[', '%', '{ $.a = ', '{ $.a = "', '{ $.a = %')
    const closing = fc.constantFrom('', '}', ']', '%', ')}')
    fc.assert(
      fc.property(opening, fc.array(piece, { minLength: 1, maxLength: 3 }), closing, (start, pieces, end) => {
        const unit = pieces.join('')
        const steps = [256, 1024].map((length) => {
          const text = start + unit.repeat(Math.ceil(length / unit.length)) + end
          const meter = { steps: 0 }
          parseAnyLength(text, meter)
          return meter.steps / text.length
        })
        expect(Math.max(...steps)).toBeLessThan(4)
      }),
      { numRuns: 500 },
    )
  })

  test('a thousand parentheses are read or refused, and do not exhaust the stack', () => {
    const nested = (depth: number) => `{${'('.repeat(depth)}$.a=1${')'.repeat(depth)}}`
    expect(parsePattern(nested(500)).validity).toBe('accepted')
    expect(parseAnyLength(nested(100_000)).validity).toBe('refused')
  })
})
