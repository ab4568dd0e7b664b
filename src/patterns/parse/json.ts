/** One condition of a JSON pattern. */

import type { Condition, Selector } from '../pattern.ts'
import { type Cursor, peek, refuse, skipBlanks, spanFrom, splice, takeMatch } from './cursor.ts'
import { countRegexes, countWildcards } from './quota.ts'
import { parseSelector } from './selector.ts'
import { parseOperator, parseValue } from './value.ts'

const KEYWORD = /[A-Za-z]+/y

export function parseCondition(cursor: Cursor): Condition {
  const start = cursor.at
  const selector = parseSelector(cursor)
  skipBlanks(cursor)
  countWildcards(cursor, selector)
  if (/[A-Za-z]/.test(peek(cursor))) return parseKeywords(cursor, start, selector)
  const operator = parseOperator(cursor)
  skipBlanks(cursor)
  const value = parseValue(cursor, operator)
  countRegexes(cursor, value)
  return { kind: 'compare', selector, operator, value, ...spanFrom(cursor, start) }
}

function parseKeywords(cursor: Cursor, start: number, selector: Selector): Condition {
  const at = cursor.at
  const first = takeMatch(cursor, KEYWORD).toUpperCase()
  if (first === 'EXISTS') refuseExists(cursor, at)
  if (first !== 'IS' && first !== 'NOT') refuseKeyword(cursor, at)
  skipBlanks(cursor)
  const second = cursor.at
  const word = takeMatch(cursor, KEYWORD).toUpperCase()
  if (first === 'NOT') {
    if (word === 'EXISTS') return { kind: 'not-exists', selector, ...spanFrom(cursor, start) }
    refuse(at + 1, 'after NOT goes EXISTS: $.field NOT EXISTS')
  }
  if (word === 'NULL' || word === 'TRUE' || word === 'FALSE') {
    return { kind: 'is', selector, constant: word, ...spanFrom(cursor, start) }
  }
  if (word === 'NOT') refuseIsNot(cursor, second)
  refuse(second + 1, 'after IS goes NULL, TRUE or FALSE')
}

function refuseExists(cursor: Cursor, at: number): never {
  const suggestion = splice(cursor.text, at, cursor.at, '= "*"')
  refuse(at + 1, 'there is no EXISTS; = "*" says that the field is a string or a number', suggestion)
}

function refuseIsNot(cursor: Cursor, at: number): never {
  skipBlanks(cursor)
  const word = takeMatch(cursor, KEYWORD).toUpperCase()
  const isAt = cursor.text.slice(0, at).search(/IS\s*$/i)
  const replaced = (by: string) => splice(cursor.text, isAt, cursor.at, by)
  if (word === 'TRUE') refuse(at + 1, 'there is no IS NOT; write IS FALSE', replaced('IS FALSE'))
  if (word === 'FALSE') refuse(at + 1, 'there is no IS NOT; write IS TRUE', replaced('IS TRUE'))
  refuse(at + 1, 'there is no IS NOT; = "*" says that the field is a string or a number', replaced('= "*"'))
}

function refuseKeyword(cursor: Cursor, at: number): never {
  const word = cursor.text.slice(at, cursor.at)
  refuse(at + 1, `${word} is not an operator; write = != < <= > >= IS NULL, IS TRUE, IS FALSE or NOT EXISTS`)
}
