/** Random patterns, as text and as trees, and random events that have something to do with them. */
import fc from 'fast-check'

const keys = fc.constantFrom('a', 'b', 'a-b', 'eventName', 'userIdentity', '__proto__', 'constructor', 'x.y')
const words = fc.constantFrom('v', 'w', 'vw', 'vwv', 'true', '1', '1.0', '', 'null')

const step = fc.oneof(
  { weight: 4, arbitrary: keys.map((key) => (key.includes('.') ? `.['${key}']` : `.${key}`)) },
  { weight: 1, arbitrary: fc.constantFrom('[0]', '[1]') },
)

const selectorText = fc
  .tuple(keys, fc.array(step, { maxLength: 2 }), fc.constantFrom('', '', '', '', '[*]', '.*'))
  .map(([key, steps, wildcard]) => `$${key.includes('.') ? `.['${key}']` : `.${key}`}${steps.join('')}${wildcard}`)

const number = fc.constantFrom('0', '1', '1.0', '-1', '+1', '1e0', '10', '9007199254740993', '1e309', '0.5')
const regex = fc.constantFrom('%v%', '%^v+w?$%', '%[a-v]{1,2}%', '%1%')
const glob = fc.tuple(fc.constantFrom('', '*'), words, fc.constantFrom('', '*')).map((parts) => parts.join(''))

const conditionText = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        selectorText,
        fc.constantFrom('=', '!='),
        fc.oneof(
          { weight: 6, arbitrary: glob.map((text) => `"${text}"`) },
          { weight: 3, arbitrary: number },
          { weight: 1, arbitrary: regex },
        ),
      )
      .map((parts) => parts.join(' ')),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(selectorText, fc.constantFrom('<', '<=', '>', '>='), number).map((parts) => parts.join(' ')),
  },
  { weight: 1, arbitrary: selectorText.map((selector) => `${selector} NOT EXISTS`) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(selectorText, fc.constantFrom('NULL', 'TRUE', 'FALSE'))
      .map(([selector, what]) => `${selector} IS ${what}`),
  },
)

/** A JSON pattern as nested lists, from which different spellings of one meaning are made. */
export type Meaning = string | { readonly kind: '&&' | '||'; readonly parts: readonly Meaning[] }

export const meaning: fc.Arbitrary<Meaning> = fc.letrec<{ node: Meaning; junction: Meaning }>((tie) => ({
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, conditionText, tie('junction')),
  junction: fc.record({
    kind: fc.constantFrom('&&' as const, '||' as const),
    parts: fc.array(tie('node'), { minLength: 2, maxLength: 3 }),
  }),
})).node

/** Every junction in parentheses. */
export function spell(node: Meaning): string {
  return typeof node === 'string' ? node : `(${node.parts.map(spell).join(` ${node.kind} `)})`
}

/** The same meaning with other blanks, order, parentheses, quotes and repetitions, as `coin` decides. */
export function respell(node: Meaning, coin: () => boolean): string {
  const blank = () => (coin() ? ' ' : '')
  if (typeof node === 'string') {
    const unquoted = coin() ? node.replace(/"([a-z]+)"/, (quoted, word) => (word === 'null' ? quoted : word)) : node
    const text = unquoted.replace(/ (!=|=|[<>]=?) /, (_, operator) => `${blank()}${operator}${blank()}`)
    return coin() ? `(${blank()}${text}${blank()})` : text
  }
  const parts = node.parts.map((part) => respell(part, coin))
  const ordered = coin() ? parts.toReversed() : parts
  const repeated = coin() ? [...ordered, ordered[0] ?? ''] : ordered
  return `(${repeated.join(`${blank()}${node.kind}${blank()}`)})`
}

/** Wildcards beyond the limits of AWS make a pattern a refused one, which no law of meaning is about. */
export function asPattern(text: string): string {
  return `{ ${text} }`
}

/** Pieces from which patterns are made, in no sensible order: most results are refused, none may crash. */
export const brokenPattern = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '(',
        ')',
        '%',
        '"',
        "'",
        '$',
        '$.',
        '.',
        '*',
        '&&',
        '||',
        '=',
        '!=',
        '<',
        ',',
        '...',
        '-',
        '?',
        '\\',
        ' ',
      ),
      fc.constantFrom(
        'IS',
        'NOT',
        'EXISTS',
        'NULL',
        'TRUE',
        '$.a',
        '$.a[*]',
        '"v"',
        '%v+%',
        '1',
        '1e5',
        'v*',
        'a',
        '“',
        '\n',
      ),
      fc.string({ maxLength: 3, unit: 'binary' }),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''))

/** One character of a sound pattern removed, doubled or replaced. */
export const mutatedPattern = fc
  .tuple(meaning, fc.nat(), fc.constantFrom('', '"', '(', ')', '$', '%', '*', '&', '=', ' ', '}', '\u{1f600}'))
  .map(([node, at, by]) => {
    const text = asPattern(spell(node))
    const index = at % text.length
    return text.slice(0, index) + by + text.slice(index + 1)
  })

const scalar = fc.oneof(
  words.map((word) => JSON.stringify(word)),
  fc.constantFrom(
    'null',
    'true',
    'false',
    '0',
    '1',
    '1.0',
    '1e0',
    '-0.0',
    '10',
    '1e309',
    '9007199254740993',
    '9007199254740992',
    '0.5',
  ),
)

/** The text of one JSON value: numbers keep odd spellings, keys may repeat. */
const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 3 }).map((values) => `[${values.join(', ')}]`),
  object: fc.array(fc.tuple(keys, tie('value')), { maxLength: 4 }).map(objectText),
})).value

export const message: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.array(fc.tuple(keys, jsonText), { maxLength: 6 }).map(objectText) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: jsonText },
)

function objectText(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(', ')}}`
}
