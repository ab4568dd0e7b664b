/** Lines split into fields, and the fields lined up with the entries of a space-delimited pattern. */

import { type Entry, type Expression, type FieldCondition, isJunction, type SpacePattern } from '../pattern.ts'
import { fieldTest } from './value.ts'

interface Field {
  readonly text: string
  /** Where it starts in the line, its delimiter included. */
  readonly start: number
}

/** The fields of a matching line as TestMetricFilter reports them: `$name`, or `$n` by position; nothing on no match. */
export function extractFields(pattern: SpacePattern, message: string): Readonly<Record<string, string>> | undefined {
  if (!spaceTest(pattern)(message)) return undefined
  const texts =
    pattern.entries.length === 0 ? splitFields(message).map(({ text }) => text) : lineUp(pattern.entries, message)
  const names = entryNames(pattern.entries, texts?.length ?? 0)
  return Object.fromEntries((texts ?? []).map((text, index) => [`$${names[index] ?? index + 1}`, text]))
}

export function spaceTest(pattern: SpacePattern): (message: string) => boolean {
  const { entries } = pattern
  if (entries.length === 0) return () => true
  const at = entries.findIndex((entry) => entry.kind === 'ellipsis')
  const tests = entries.flatMap((entry, index) => {
    if (entry.kind === 'ellipsis' || entry.where === undefined) return []
    // After `...` fields count from the right.
    return [{ index: at >= 0 && index > at ? index - entries.length : index, holds: expressionTest(entry.where) }]
  })
  return (message) => {
    const texts = lineUp(entries, message)
    return texts !== undefined && tests.every(({ index, holds }) => holds(texts.at(index) ?? ''))
  }
}

export function expressionTest(where: Expression<FieldCondition>): (field: string) => boolean {
  if (!isJunction(where)) return fieldTest(where.operator, where.value)
  const tests = where.operands.map(expressionTest)
  return where.kind === 'or'
    ? (field) => tests.some((test) => test(field))
    : (field) => tests.every((test) => test(field))
}

/** The text of each field as the entries see it, or nothing when the line has too few. */
export function lineUp(entries: readonly Entry[], message: string): readonly string[] | undefined {
  const fields = splitFields(message)
  if (entries.some((entry) => entry.kind === 'ellipsis')) {
    return fields.length >= entries.length - 1 ? fields.map(({ text }) => text) : undefined
  }
  if (fields.length < entries.length) return undefined
  const texts = fields.slice(0, entries.length).map(({ text }) => text)
  // The last entry takes the rest of the line as it stands when more than one field is left.
  const last = fields[entries.length - 1]
  if (fields.length > entries.length && last !== undefined) texts[entries.length - 1] = message.slice(last.start)
  return texts
}

function entryNames(entries: readonly Entry[], count: number): readonly (string | undefined)[] {
  const names: (string | undefined)[] = Array.from({ length: count })
  const at = entries.findIndex((entry) => entry.kind === 'ellipsis')
  for (const [index, entry] of entries.entries()) {
    if (entry.kind === 'ellipsis') continue
    names[at >= 0 && index > at ? count - entries.length + index : index] = entry.name
  }
  return names
}

const BLANKS = /[ \t]*/y
const TOKEN = /[^ \t]+/y
const CLOSING: Readonly<Record<string, string>> = { '"': '"', '[': ']' }

function splitFields(message: string): readonly Field[] {
  const fields: Field[] = []
  const never = new Set<string>()
  let at = skipBlanks(message, 0)
  while (at < message.length) {
    const start = at
    const close = closing(message, at, never)
    if (close === undefined) {
      TOKEN.lastIndex = at
      at += TOKEN.exec(message)?.[0].length ?? 1
      fields.push({ text: message.slice(start, at), start })
    } else {
      fields.push({ text: message.slice(start + 1, close), start })
      at = close + 1
    }
    at = skipBlanks(message, at)
  }
  return fields
}

/** Where the delimiter opened here closes; `never` remembers those that do not occur any more. */
function closing(message: string, at: number, never: Set<string>): number | undefined {
  const mark = CLOSING[message[at] ?? '']
  if (mark === undefined || never.has(mark)) return undefined
  const close = message.indexOf(mark, at + 1)
  if (close >= 0) return close
  never.add(mark)
  return undefined
}

function skipBlanks(message: string, at: number): number {
  BLANKS.lastIndex = at
  return at + (BLANKS.exec(message)?.[0].length ?? 0)
}
