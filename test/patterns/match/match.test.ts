/** Messages that are odd, and numbers whose spelling decides. */
import { describe, expect, test } from 'vitest'
import { compile, compileForEvents, compileMany } from '../../../src/patterns/match/match.ts'
import { parsePattern } from '../../../src/patterns/parse/parse.ts'
import type { Pattern } from '../../../src/patterns/pattern.ts'

function pattern(text: string): Pattern {
  const parsed = parsePattern(text)
  if (parsed.validity === 'refused') throw new Error(parsed.message)
  return parsed.pattern
}

describe('numbers compare by value with a number, and by their Java text with a text', () => {
  test.each<readonly [text: string, value: string, expected: boolean]>([
    ['{ $.a = 9007199254740993 }', '9007199254740992', false],
    ['{ $.a = 123456789012345678901234567890 }', '123456789012345678901234567890', true],
    ['{ $.a < 123456789012345678901234567890 }', '123456789012345678901234567889', true],
    ['{ $.a > 0.1 }', '0.1', false],
    ['{ $.a >= 0.1 }', '1e-1', true],
    ['{ $.a = 0.30000000000000004 }', '0.30000000000000004', true],
    ['{ $.a = -1 }', '-1.0', true],
    ['{ $.a < -1 }', '-2', true],
    ['{ $.a = "1.0E7" }', '1e7', true],
    ['{ $.a = "1.0E7" }', '10000000', false],
    ['{ $.a = "1.0E-4" }', '0.0001', true],
    ['{ $.a = "0.001" }', '1e-3', true],
    ['{ $.a = "1.5" }', '1.50', true],
    ['{ $.a = "-1.5" }', '-1.5', true],
    ['{ $.a = "Infinity" }', '1e309', true],
    ['{ $.a != 1 }', '1e309', false],
    ['{ $.a > 1 }', '1e309', false],
    ['{ $.a = "*" }', '12', true],
    ['{ $.a = "1" || $.a = "2" }', '2', true],
    ['{ $.a = "1" || $.a = "2" }', '2.0', false],
  ])('%s on %s: %s', (text, value, expected) => {
    expect(compile(pattern(text))(`{"a":${value}}`)).toBe(expected)
  })

  test('a parsed event is enough unless a spelling decides', () => {
    const [byValue, byText] = ['{ $.a = 1 }', '{ $.a = "1" }'].map((text) => compileForEvents([pattern(text)]))
    expect(byValue?.({ a: 1 })).toEqual([0])
    expect(byText?.({ a: 1 })).toBeUndefined()
    expect(byText?.({ a: '1' })).toEqual([0])
    expect(compileForEvents([pattern('ERROR')])({})).toBeUndefined()
  })
})

describe('odd messages get an answer', () => {
  const deep = 100_000
  test.each<readonly [what: string, text: string, message: string, expected: boolean]>([
    ['not JSON', '{ $.a NOT EXISTS }', 'INFO {"a":1}', false],
    ['an empty message', '{ $.a NOT EXISTS }', '', false],
    ['text after the object', '{ $.a NOT EXISTS }', '{} x', false],
    ['a list at the root', '{ $.a NOT EXISTS }', '[]', false],
    ['blanks around the object', '{ $.a = 1 }', '\n {"a": 1}\n', true],
    ['a million characters', '{ $.a = "*x" }', JSON.stringify({ a: `${'y'.repeat(1_000_000)}x` }), true],
    ['lists in lists in lists', '{ $.a NOT EXISTS }', `{"b":${'['.repeat(deep)}${']'.repeat(deep)}}`, true],
    [
      'objects in objects beside a number',
      '{ $.a = "1" }',
      `{"b":${'{"c":'.repeat(deep)}1${'}'.repeat(deep)},"a":1}`,
      true,
    ],
    ['a key __proto__', '{ $.__proto__.a = 1 }', '{"__proto__":{"a":1}}', true],
    ['a key __proto__ with the text of a number', '{ $.__proto__.a = "1" }', '{"__proto__":{"a":1}}', true],
    ['no key __proto__', '{ $.__proto__ NOT EXISTS }', '{}', true],
    ['no key constructor', '{ $.constructor.name NOT EXISTS }', '{}', true],
    ['a key toString', '{ $.toString = "x" }', '{"toString":"x"}', true],
    ['the length of a list', '{ $.a.length NOT EXISTS }', '{"a":[1]}', true],
    ['the length of a text', '{ $.a.length NOT EXISTS }', '{"a":"x"}', true],
    ['a lone surrogate', '{ $.a = "*\ud83d*" }', '{"a":"x\\ud83dy"}', true],
    ['a lone surrogate in the raw text', 'x\ud83d', 'x\ud83d', false],
    ['an escaped key', '{ $.a = "1" }', '{"\\u0061":1}', true],
    ['a backslash before a quote', '{ $.b = "1" }', '{"a":"\\\\\\"","b":1}', true],
    ['a byte order mark', '{ $.a NOT EXISTS }', '\ufeff{}', false],
    ['NaN', '{ $.a NOT EXISTS }', '{"b":NaN}', false],
    ['a blank line', '[a]', '   ', false],
    ['ten thousand open brackets', '[..., z=1]', '[a '.repeat(10_000), false],
  ])('%s', (_, text, message, expected) => {
    const parsed = parsePattern(text)
    // A lone surrogate is no letter, so the term that holds one is refused; nothing else here is.
    expect(parsed.validity !== 'refused' && compile(parsed.pattern)(message)).toBe(expected)
  })
})

describe('many patterns', () => {
  const texts = [
    '{ $.eventName = "A" || $.eventName = "B" }',
    '{ $.eventSource = "s" && $.eventName = "A*" }',
    '{ $.x = 1 }',
    'A',
    '',
  ]
  const match = compileMany(texts.map(pattern))

  test.each<readonly [message: string, expected: readonly number[]]>([
    ['{"eventName":"A","eventSource":"s"}', [0, 1, 3, 4]],
    ['{"eventName":"B","eventSource":"s","x":1}', [0, 2, 4]],
    ['{"eventName":7}', [4]],
    ['{}', [4]],
    ['A', [3, 4]],
  ])('%s', (message, expected) => {
    expect(match(message)).toEqual(expected)
  })

  test('a number that stands where the event name is expected is compared as well', () => {
    expect(compileMany([pattern('{ $.eventName = "7" }')])('{"eventName":7}')).toEqual([0])
  })

  test('no pattern at all matches nothing', () => {
    expect(compileMany([])('{}')).toEqual([])
  })
})
