/** Selectors of JSON patterns: `$.a.b`, `$.a[0]`, `$.a[*]`, `$.a.*`, `$.['a.b']`. */

import type { Selector, SelectorStep } from '../pattern.ts'
import { type Cursor, lookingAt, move, peek, refuse, spanFrom, splice, takeMatch, uncertainty } from './cursor.ts'

const NAME = /[A-Za-z0-9_-]+/y
const INDEX = /\d+/y
/** No list in a message is longer, so a larger index finds as little. */
const MAX_INDEX = 2_147_483_647
const PATH = /[A-Za-z_][\w.[\]*-]*/y

export function parseSelector(cursor: Cursor): Selector {
  const start = cursor.at
  if (peek(cursor) !== '$') refuseBareName(cursor)
  move(cursor)
  if (peek(cursor) !== '.') refuseRootAccess(cursor)
  const steps: SelectorStep[] = []
  while (peek(cursor) === '.' || peek(cursor) === '[') steps.push(parseStep(cursor))
  refuseOddKey(cursor)
  const selector = { steps, ...spanFrom(cursor, start) }
  if (steps.filter((step) => step.kind === 'wildcard').length > 1) {
    refuse(start + 1, `${cursor.text.slice(start, cursor.at)} has more than one wildcard; AWS takes one in a selector`)
  }
  return selector
}

function parseStep(cursor: Cursor): SelectorStep {
  const dotted = peek(cursor) === '.'
  if (dotted) move(cursor)
  if (peek(cursor) === '[') return parseBrackets(cursor, dotted)
  if (peek(cursor) === '*') {
    move(cursor)
    return { kind: 'wildcard' }
  }
  const name = takeMatch(cursor, NAME)
  if (name === '') refuseName(cursor)
  return { kind: 'key', name }
}

function parseBrackets(cursor: Cursor, dotted: boolean): SelectorStep {
  const open = cursor.at
  move(cursor)
  if (peek(cursor) === "'") return parseQuotedKey(cursor, open, dotted)
  if (peek(cursor) === '"') refuse(cursor.at + 1, "a key between brackets takes single quotes: $.['key']")
  const step = parseIndex(cursor)
  if (peek(cursor) !== ']') refuse(open + 1, 'write one element as [0] or all elements as [*]; there are no ranges')
  move(cursor)
  return step
}

function parseIndex(cursor: Cursor): SelectorStep {
  if (peek(cursor) === '*') {
    move(cursor)
    return { kind: 'wildcard' }
  }
  if (peek(cursor) === '-') refuse(cursor.at + 1, 'an index counts from 0; there are no negative ones')
  const digits = takeMatch(cursor, INDEX)
  if (digits === '') refuse(cursor.at + 1, "between brackets goes an index, * or a key in single quotes: ['key']")
  if (Number(digits) > MAX_INDEX) uncertainty(cursor, cursor.at, 'an index of this size is not documented')
  return { kind: 'index', index: Math.min(Number(digits), MAX_INDEX) }
}

function parseQuotedKey(cursor: Cursor, open: number, dotted: boolean): SelectorStep {
  if (!dotted) refuse(open + 1, "a dot goes before the bracket: $.['key']", splice(cursor.text, open, open, '.'))
  const close = cursor.text.indexOf("']", cursor.at + 1)
  if (close < 0 || close >= cursor.stop) refuse(open + 1, "this key is never closed; it ends with ']")
  const name = cursor.text.slice(cursor.at + 1, close)
  if (name === '') refuse(open + 1, 'a key between brackets cannot be empty')
  if (/['\\]/.test(name)) uncertainty(cursor, cursor.at + 1, 'a quote or backslash within a key is not documented')
  move(cursor, close + 2 - cursor.at)
  return { kind: 'key', name }
}

const REST_OF_KEY = /[^ \t\r\n=!<>&|(){}[\]"'.]+/y

/** `$.@timestamp` and `$.a:b`: such a key is written in another way. */
function refuseOddKey(cursor: Cursor): void {
  const rest = takeMatch({ ...cursor }, REST_OF_KEY)
  if (rest === '') return
  const end = cursor.at + rest.length
  const key = `${NAME_BEFORE.exec(cursor.text.slice(0, cursor.at))?.[0] ?? ''}${rest}`
  const fixed = splice(cursor.text, end - key.length, end, `['${key}']`)
  refuse(cursor.at + 1, `a key with ${rest[0]} is written between brackets: .['${key}']`, fixed)
}

const NAME_BEFORE = /[A-Za-z0-9_-]*$/

function refuseBareName(cursor: Cursor): never {
  const column = cursor.at + 1
  const path = takeMatch({ ...cursor }, PATH)
  if (path !== '' && path.toUpperCase() !== 'NOT') {
    refuse(column, `a field is written with $. before it: $.${path}`, splice(cursor.text, cursor.at, cursor.at, '$.'))
  }
  if (lookingAt(cursor, '!(') || lookingAt(cursor, '!$') || path !== '') {
    refuse(column, 'there is no negation; write != or NOT EXISTS in the condition itself')
  }
  refuse(column, `a condition starts with a field such as $.eventName, not with ${JSON.stringify(peek(cursor))}`)
}

function refuseRootAccess(cursor: Cursor): never {
  const { text, at } = cursor
  if (peek(cursor) === '[' && peek(cursor, 1) === "'") {
    refuse(at + 1, "a dot goes before the bracket: $.['key']", splice(text, at, at, '.'))
  }
  if (peek(cursor) === '[') refuse(at + 1, 'the message is an object, so a selector goes on with a key: $.key')
  if (/[A-Za-z_]/.test(peek(cursor))) refuse(at + 1, 'a dot goes after $: $.key', splice(text, at, at, '.'))
  refuse(at + 1, 'a selector goes on with a dot and a key: $.key')
}

function refuseName(cursor: Cursor): never {
  refuseOddKey(cursor)
  const character = peek(cursor)
  if (character === '.') refuse(cursor.at + 1, 'there is no search below a field; name each key: $.a.b')
  if (character === '"' || character === "'") {
    refuse(cursor.at + 1, "a key with other characters is written between brackets: $.['key']")
  }
  refuse(cursor.at + 1, 'a key is missing after the dot')
}
