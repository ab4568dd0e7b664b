/** Conditions, `&&`, `||` and parentheses: parentheses bind first, then `&&`, then `||`. */

import type { Expression, Junction, Span } from '../pattern.ts'
import {
  type Cursor,
  lookingAt,
  move,
  peek,
  refuse,
  skipBlanks,
  spanFrom,
  splice,
  takeMatch,
  uncertainty,
} from './cursor.ts'

type Node = Span & { readonly kind: string }

interface Grammar<C> {
  readonly parseOne: (cursor: Cursor) => C
  /** Whether AWS is known to read parentheses here. */
  readonly parentheses: boolean
}

/** Reads one expression up to the end of the cursor. */
export function parseExpression<C extends Node>(cursor: Cursor, parseOne: (cursor: Cursor) => C): Expression<C> {
  const expression = parseOr(cursor, { parseOne, parentheses: true })
  if (cursor.at < cursor.stop) refuseRest(cursor)
  return expression
}

/** Reads one expression and stops where no `&&` or `||` follows. */
export function parsePart<C extends Node>(cursor: Cursor, parseOne: (cursor: Cursor) => C): Expression<C> {
  return parseOr(cursor, { parseOne, parentheses: false })
}

function parseOr<C extends Node>(cursor: Cursor, grammar: Grammar<C>): Expression<C> {
  return parseJunction(cursor, 'or', '||', (at) => parseAnd(at, grammar))
}

function parseAnd<C extends Node>(cursor: Cursor, grammar: Grammar<C>): Expression<C> {
  return parseJunction(cursor, 'and', '&&', (at) => parseOperand(at, grammar))
}

function parseJunction<C extends Node>(
  cursor: Cursor,
  kind: Junction<C>['kind'],
  joint: string,
  parseNext: (cursor: Cursor) => Expression<C>,
): Expression<C> {
  const first = parseNext(cursor)
  const operands = [first]
  while (lookingAt(cursor, joint)) {
    move(cursor, joint.length)
    operands.push(parseNext(cursor))
  }
  const last = operands.at(-1)
  if (last === undefined || operands.length === 1) return first
  return { kind, operands, grouped: false, column: first.column, end: last.end }
}

/** As many as fit into a pattern of AWS; what is longer must not exhaust the stack. */
const MAX_NESTING = 512

function parseOperand<C extends Node>(cursor: Cursor, grammar: Grammar<C>): Expression<C> {
  skipBlanks(cursor)
  if (peek(cursor) !== '(') {
    refuseMissing(cursor)
    const one = grammar.parseOne(cursor)
    skipBlanks(cursor)
    return one
  }
  const start = cursor.at
  if (!grammar.parentheses) uncertainty(cursor, start + 1, 'parentheses between [ and ] are not documented')
  move(cursor)
  cursor.used.parentheses += 1
  if (cursor.used.parentheses > MAX_NESTING) refuse(start + 1, `parentheses nest deeper than ${MAX_NESTING}`)
  const inner = parseOr(cursor, grammar)
  cursor.used.parentheses -= 1
  if (peek(cursor) !== ')') {
    if (cursor.at < cursor.stop) refuseRest(cursor)
    refuse(start + 1, 'this parenthesis is never closed', splice(cursor.text, cursor.at, cursor.at, ')'))
  }
  move(cursor)
  const span = spanFrom(cursor, start)
  skipBlanks(cursor)
  return 'operands' in inner ? { ...inner, ...span, grouped: true } : inner
}

function refuseMissing(cursor: Cursor): void {
  const character = peek(cursor)
  const column = cursor.at + 1
  if (character === '') refuse(column, 'a condition is missing here, such as $.eventName = "ConsoleLogin"')
  if (character === ')') refuse(column, 'a condition is missing before this parenthesis')
  if (lookingAt(cursor, '&&') || lookingAt(cursor, '||')) {
    refuse(column, `a condition is missing before ${cursor.text.slice(cursor.at, cursor.at + 2)}`)
  }
}

const WORD = /[A-Za-z]+/y

function refuseRest(cursor: Cursor): never {
  const column = cursor.at + 1
  const character = peek(cursor)
  const replaced = (length: number, by: string) => splice(cursor.text, cursor.at, cursor.at + length, by)
  if (character === ')') refuse(column, 'this parenthesis was never opened', replaced(1, ''))
  if (character === '&') refuse(column, 'a single & is not an operator; write &&', replaced(1, '&&'))
  if (character === '|') refuse(column, 'a single | is not an operator; write ||', replaced(1, '||'))
  if (character === ',') refuse(column, 'a comma does not join conditions; write && or ||', replaced(1, ' &&'))
  const word = takeMatch({ ...cursor }, WORD)
  if (word.toUpperCase() === 'AND') refuse(column, `${word} is not an operator; write &&`, replaced(word.length, '&&'))
  if (word.toUpperCase() === 'OR') refuse(column, `${word} is not an operator; write ||`, replaced(word.length, '||'))
  refuse(column, `${JSON.stringify(word || character)} cannot follow a condition; join conditions with && or ||`)
}
