/** Values on the right side of a condition: numbers, words, quoted texts and `%regex%`. */

import { isNumberText } from '../decimal.ts'
import type { NumberValue, Operator, RegexValue, TextValue, Value } from '../pattern.ts'
import { type Cursor, move, peek, refuse, spanFrom, splice, takeMatch, uncertainty } from './cursor.ts'
import { parseRegex } from './regex-syntax.ts'

const OPERATOR = /!=|<=|>=|=|<|>/y
/** Everything up to a character that must end an unquoted value; what of it AWS takes is judged afterwards. */
const WORD = /[^ \t\r\n"()[\]{},:&|!<>=]+/y
/** Letters, digits and these are seen to work unquoted. */
const ESTABLISHED = /^[A-Za-z0-9_.*]+$/
const LOOSE_NUMBER = /^[+-]?(?:\d+\.|\.\d+)(?:[eE][+-]?\d+)?$/
const LEADING_ZERO = /^[+-]?0\d/

/** The operator here, or a refusal that says how it is spelled. */
export function parseOperator(cursor: Cursor): Operator {
  const start = cursor.at
  const operator = takeMatch(cursor, OPERATOR)
  const fixed = (length: number, by: string) => splice(cursor.text, start, start + length, by)
  const next = peek(cursor)
  if (operator === '=' && next === '=') refuse(start + 1, '== is not an operator; write =', fixed(2, '='))
  if (operator === '=' && next === '>') refuse(start + 1, '=> is not an operator; write >=', fixed(2, '>='))
  if (operator === '=' && next === '<') refuse(start + 1, '=< is not an operator; write <=', fixed(2, '<='))
  if (operator === '<' && next === '>') refuse(start + 1, '<> is not an operator; write !=', fixed(2, '!='))
  if (operator === '!=' && next === '=') refuse(start + 1, '!== is not an operator; write !=', fixed(3, '!='))
  if (isOperator(operator)) return operator
  if (next === ':') refuse(start + 1, ': does not compare; write =', fixed(1, ' ='))
  refuse(start + 1, 'an operator is missing here: = != < <= > >=')
}

function isOperator(text: string): text is Operator {
  return ['=', '!=', '<', '<=', '>', '>='].includes(text)
}

/** The value after `operator`; orderings take numbers only. */
export function parseValue(cursor: Cursor, operator: Operator): Value {
  const ordering = operator !== '=' && operator !== '!='
  const start = cursor.at
  const value = parseAnyValue(cursor, operator)
  if (!ordering || value.kind === 'number') return value
  const bare = value.kind === 'text' && isNumberText(value.text) ? value.text : undefined
  refuse(
    start + 1,
    `${operator} compares with a number only, and ${cursor.text.slice(start, cursor.at)} is none`,
    bare === undefined ? undefined : splice(cursor.text, start, cursor.at, bare),
  )
}

function parseAnyValue(cursor: Cursor, operator: Operator): Value {
  const first = peek(cursor)
  if (first === '"') return parseQuoted(cursor)
  if (first === '%') return parseRegexValue(cursor)
  return parseWord(cursor, operator)
}

function parseWord(cursor: Cursor, operator: Operator): NumberValue | TextValue {
  const start = cursor.at
  const text = takeMatch(cursor, WORD)
  if (text === '') refuseMissingValue(cursor)
  refuseWordEnd(cursor, start)
  const span = spanFrom(cursor, start)
  if (isNumberText(text)) {
    if (LEADING_ZERO.test(text))
      uncertainty(cursor, start + 1, 'a number with a leading zero is not documented; quote it')
    return { kind: 'number', text, ...span }
  }
  if (/^[+-]?\d+(?:\.\d+)?[eE][+-]?\d+$/.test(text)) refuse(start + 1, 'the exponent of this number is too large')
  if (LOOSE_NUMBER.test(text)) {
    uncertainty(
      cursor,
      start + 1,
      `a number such as ${text} is not documented; write digits on both sides of the point`,
    )
    return { kind: 'number', text: text.replace(/^([+-]?)\./, '$10.').replace(/\.(?=[eE]|$)/, '.0'), ...span }
  }
  judgeWord(cursor, start, text, operator)
  return { kind: 'text', text, quoted: false, ...span }
}

function judgeWord(cursor: Cursor, start: number, text: string, operator: Operator): void {
  const quotedInstead = splice(cursor.text, start, cursor.at, `"${text}"`)
  if (text === 'null' && operator === '=') {
    const before = cursor.text.slice(0, start).replace(/=\s*$/, 'IS ')
    refuse(start + 1, '= null is not a condition; write IS NULL', `${before}NULL${cursor.text.slice(cursor.at)}`)
  }
  if (/^null$/i.test(text))
    uncertainty(cursor, start + 1, `${text} as a value is not documented; write IS NULL or "${text}"`)
  else if (/^(?:true|false)$/i.test(text) && text !== text.toLowerCase()) {
    uncertainty(cursor, start + 1, `${text} as a value is not documented; write IS ${text.toUpperCase()} or "${text}"`)
  } else if (text.startsWith('$')) refuse(start + 1, 'a field is compared with a value, not with another field')
  else if (/^\d[\d_]*_[\d_]*$/.test(text)) uncertainty(cursor, start + 1, `a number such as ${text} is not documented`)
  else if (/^['‘’].*['‘’]$/.test(text)) {
    uncertainty(cursor, start + 1, `single quotes are part of the text for AWS; write "${text.slice(1, -1)}"`)
  } else if (!ESTABLISHED.test(text)) doubtOrRefuse(cursor, start, text, quotedInstead)
}

/** Of these nobody has reported either answer; every other character beyond letters and digits is refused. */
const UNTRIED = /[-/@'\u0080-\uffff]/

function doubtOrRefuse(cursor: Cursor, start: number, text: string, quotedInstead: string): void {
  const at = [...text].findIndex((character) => !ESTABLISHED.test(character))
  const offset = [...text].slice(0, at).join('').length
  const character = [...text][at] ?? ''
  const message = `${character} in a text without quotes is not documented; write "${text}"`
  if ([...text].every((one) => ESTABLISHED.test(one) || UNTRIED.test(one)))
    uncertainty(cursor, start + offset + 1, message)
  else refuse(start + offset + 1, `${character} needs quotes; write "${text}"`, quotedInstead)
}

const MORE_WORDS = /(?:[ \t]+(?!(?:and|or)\b)[\p{L}\p{N}_.*-]+)+/iuy

/** A word must end where a condition can end. */
function refuseWordEnd(cursor: Cursor, start: number): void {
  const next = peek(cursor)
  const more = takeMatch({ ...cursor }, MORE_WORDS)
  if (more !== '') {
    const text = cursor.text.slice(start, cursor.at) + more
    const quoted = splice(cursor.text, start, start + text.length, `"${text}"`)
    refuse(cursor.at + 1, `text with spaces needs quotes; write "${text}"`, quoted)
  }
  if (!/["([{:!<>=]/.test(next) || next === '') return
  if (next === '[' || next === '{' || next === '"' || next === '(' || next === ':') {
    const rest = takeMatch({ ...cursor }, /[^ \t\r\n"(){},&|]*/y)
    const text = cursor.text.slice(start, cursor.at) + rest
    refuse(
      cursor.at + 1,
      `${next} needs quotes; write "${text}"`,
      splice(cursor.text, start, cursor.at + rest.length, `"${text}"`),
    )
  }
  refuse(cursor.at + 1, `${next} cannot stand in a value; quote the text`)
}

function refuseMissingValue(cursor: Cursor): never {
  const next = peek(cursor)
  if (next === '[' || next === '{') {
    refuse(cursor.at + 1, 'a condition takes one value; join several conditions with ||')
  }
  if (next === '') refuse(cursor.at + 1, 'a value is missing here')
  refuse(cursor.at + 1, `a value is missing before ${JSON.stringify(next)}`)
}

/** `"…"`; the CDK prints `\"` for a quote within, so it presumably works. */
export function parseQuoted(cursor: Cursor): TextValue {
  const start = cursor.at
  move(cursor)
  let text = ''
  while (peek(cursor) !== '"') {
    if (peek(cursor) === '') refuse(start + 1, 'this quote is never closed')
    if (peek(cursor) === '\\') {
      uncertainty(cursor, cursor.at + 1, 'a backslash between quotes is not documented')
      if (/["\\]/.test(peek(cursor, 1))) move(cursor)
    }
    text += peek(cursor)
    move(cursor)
  }
  move(cursor)
  return { kind: 'text', text, quoted: true, ...spanFrom(cursor, start) }
}

function parseRegexValue(cursor: Cursor): RegexValue {
  const start = cursor.at
  move(cursor)
  while (peek(cursor) !== '%') {
    if (peek(cursor) === '') refuse(start + 1, 'this regex is never closed; it ends with %')
    move(cursor, peek(cursor) === '\\' ? 2 : 1)
  }
  const source = cursor.text.slice(start + 1, cursor.at)
  parseRegex(source, start + 2, cursor)
  move(cursor)
  return { kind: 'regex', source, ...spanFrom(cursor, start) }
}
