/** Space-delimited patterns: names and conditions for the fields of a line, by position. */

import { type Entry, type Expression, type FieldCondition, isJunction } from '../pattern.ts'
import { type Cursor, peek, refuse, skipBlanks, spanFrom, splice, take, takeMatch, uncertainty } from './cursor.ts'
import { parsePart } from './expression.ts'
import { countRegexes } from './quota.ts'
import { parseOperator, parseValue } from './value.ts'

/** `[ ]` is read as `[]`, which has no entry at all. */
export function parseEntries(cursor: Cursor): readonly Entry[] {
  const start = cursor.at
  skipBlanks(cursor)
  if (cursor.at === cursor.stop) {
    if (cursor.at > start) uncertainty(cursor, start + 1, 'a blank alone between [ and ] is not documented; write []')
    return []
  }
  const entries = [parseEntry(cursor)]
  while (take(cursor, ',')) entries.push(parseEntry(cursor))
  if (cursor.at < cursor.stop) refuseRest(cursor)
  refuseDuplicates(entries)
  return entries
}

const NAME = /[A-Za-z_][A-Za-z0-9_-]*/y

function parseEntry(cursor: Cursor): Entry {
  skipBlanks(cursor)
  const start = cursor.at
  if (take(cursor, '...')) return parseEllipsis(cursor, start)
  if (peek(cursor) === ',' || peek(cursor) === '') return { kind: 'field', ...spanFrom(cursor, start) }
  const bare = /[A-Za-z_]/.test(peek(cursor)) ? loneName(cursor) : undefined
  if (bare !== undefined) return bare
  const where = parsePart<FieldCondition>(cursor, parseFieldCondition)
  return { kind: 'field', name: onlyName(where), where, ...spanFrom(cursor, start) }
}

function parseEllipsis(cursor: Cursor, start: number): Entry {
  const span = spanFrom(cursor, start)
  skipBlanks(cursor)
  if (peek(cursor) !== ',' && peek(cursor) !== '') {
    refuse(cursor.at + 1, 'a comma goes after ...', splice(cursor.text, cursor.at, cursor.at, ', '))
  }
  return { kind: 'ellipsis', ...span }
}

/** A name without a condition, or nothing and the cursor where it was. */
function loneName(cursor: Cursor): Entry | undefined {
  const start = cursor.at
  const name = takeMatch(cursor, NAME)
  const span = spanFrom(cursor, start)
  skipBlanks(cursor)
  if (peek(cursor) === ',' || peek(cursor) === '') {
    judgeName(cursor, start, name)
    return { kind: 'field', name, ...span }
  }
  cursor.at = start
  return undefined
}

function parseFieldCondition(cursor: Cursor): FieldCondition {
  const start = cursor.at
  const name = takeMatch(cursor, NAME)
  if (name === '') refuseName(cursor)
  judgeName(cursor, start, name)
  const after = cursor.at
  skipBlanks(cursor)
  if (/[A-Za-z0-9]/.test(peek(cursor))) {
    refuse(cursor.at + 1, 'an operator or a comma is missing here', splice(cursor.text, after, after, ','))
  }
  const operator = parseOperator(cursor)
  skipBlanks(cursor)
  const value = parseValue(cursor, operator)
  countRegexes(cursor, value)
  return { kind: 'field-compare', name, operator, value, ...spanFrom(cursor, start) }
}

function judgeName(cursor: Cursor, start: number, name: string): void {
  if (name.startsWith('_')) uncertainty(cursor, start + 1, 'a field name that starts with _ is not documented')
  if (name.includes('-')) {
    uncertainty(cursor, start + 1 + name.indexOf('-'), 'a hyphen in a field name is not documented; write _')
  }
}

function refuseName(cursor: Cursor): never {
  const next = peek(cursor)
  if (next === '$') {
    refuse(
      cursor.at + 1,
      'a field between [ and ] has no $; write its name alone',
      splice(cursor.text, cursor.at, cursor.at + 1, ''),
    )
  }
  if (/\d/.test(next)) refuse(cursor.at + 1, 'a field name starts with a letter')
  refuse(cursor.at + 1, `a field name is expected here, not ${JSON.stringify(next)}`)
}

function onlyName(where: Expression<FieldCondition>): string {
  const conditions = fieldConditions(where)
  const name = conditions[0]?.name ?? ''
  const other = conditions.find((condition) => condition.name !== name)
  if (other !== undefined) {
    const message = `one entry is about one field, and this joins ${name} and ${other.name}; separate them with a comma`
    refuse(other.column, message)
  }
  return name
}

/** The conditions of one entry, from left to right. */
export function fieldConditions(where: Expression<FieldCondition>): readonly FieldCondition[] {
  return isJunction(where) ? where.operands.flatMap(fieldConditions) : [where]
}

function refuseDuplicates(entries: readonly Entry[]): void {
  const seen = new Set<string>()
  for (const entry of entries) {
    const name = entry.kind === 'ellipsis' ? '...' : entry.name
    if (name === undefined) continue
    if (seen.has(name)) {
      refuse(entry.column, `${name} stands here a second time; each name, and ... too, may occur once`)
    }
    seen.add(name)
  }
}

function refuseRest(cursor: Cursor): never {
  const next = peek(cursor)
  if (next === '&' || next === '|') {
    refuse(
      cursor.at + 1,
      `a single ${next} is not an operator; write ${next}${next}`,
      splice(cursor.text, cursor.at, cursor.at, next),
    )
  }
  refuse(cursor.at + 1, `${JSON.stringify(next)} cannot follow an entry; entries are separated by commas`)
}
