/** A place in a pattern text that moves forward, notes doubts, and refuses with a column. */
import type { Span } from '../pattern.ts'

export type RefusalRule = 'syntax' | 'too-long' | 'regex-quota'

export interface Refusal {
  readonly rule: RefusalRule
  readonly column: number
  readonly message: string
  /** The whole pattern, with this one fault put right. */
  readonly suggestion?: string
}

/** A construct of which nobody has seen whether AWS takes it, or what it means there. */
interface Doubt {
  readonly column: number
  readonly message: string
}

/** Counts elementary steps, so that a test can see that cost is linear. */
export interface Meter {
  steps: number
}

/** Parsers move `at` (0-based) forward; the text never changes. */
export interface Cursor {
  readonly text: string
  /** Where the parsed part ends, before the closing character of the kind. */
  readonly stop: number
  at: number
  readonly uncertainties: Doubt[]
  readonly meter: Meter
  /** How many regexes and wildcards this pattern holds so far, and how many parentheses are open. */
  readonly used: { wildcards: number; regexes: number; parentheses: number }
}

export function startCursor(text: string, at: number, stop: number, meter: Meter): Cursor {
  return { text, stop, at, uncertainties: [], meter, used: { wildcards: 0, regexes: 0, parentheses: 0 } }
}

/** The character here, or `''` at the end. */
export function peek(cursor: Cursor, ahead = 0): string {
  const at = cursor.at + ahead
  return at < cursor.stop ? (cursor.text[at] ?? '') : ''
}

export function move(cursor: Cursor, by = 1): void {
  cursor.at += by
  cursor.meter.steps += by
}

export function lookingAt(cursor: Cursor, text: string): boolean {
  return cursor.at + text.length <= cursor.stop && cursor.text.startsWith(text, cursor.at)
}

/** Moves over `text` if it stands here. */
export function take(cursor: Cursor, text: string): boolean {
  const here = lookingAt(cursor, text)
  if (here) move(cursor, text.length)
  return here
}

/** Moves over everything the (sticky) expression matches here and gives it; `''` when nothing does. */
export function takeMatch(cursor: Cursor, sticky: RegExp): string {
  sticky.lastIndex = cursor.at
  const found = sticky.exec(cursor.text)?.[0] ?? ''
  const taken = found.slice(0, Math.max(0, cursor.stop - cursor.at))
  move(cursor, taken.length)
  return taken
}

const BLANKS = /[ \t\r\n]*/y

export function skipBlanks(cursor: Cursor): void {
  const column = cursor.at + 1
  const blanks = takeMatch(cursor, BLANKS)
  const newline = blanks.search(/[\r\n]/)
  if (newline >= 0)
    uncertainty(cursor, column + newline, 'a line break in a pattern is not documented; write it on one line')
}

export function uncertainty(cursor: Cursor, column: number, message: string): void {
  cursor.uncertainties.push({ column, message })
}

/** The span from `start` (0-based) to here. */
export function spanFrom(cursor: Cursor, start: number): Span {
  return { column: start + 1, end: cursor.at + 1 }
}

/** The text with `[from, to)` (0-based) replaced. */
export function splice(text: string, from: number, to: number, by: string): string {
  return text.slice(0, from) + by + text.slice(to)
}

interface RefusalError extends Error {
  readonly refusal: Refusal
}

/** Ends parsing; `parsePattern` catches it. */
export function refuse(column: number, message: string, suggestion?: string, rule: RefusalRule = 'syntax'): never {
  const refusal: Refusal = { rule, column, message, ...(suggestion === undefined ? {} : { suggestion }) }
  throw Object.assign(new Error(message), { refusal })
}

export function isRefusal(error: unknown): error is RefusalError {
  return error instanceof Error && 'refusal' in error
}
