/** From the text of a filter pattern to its tree, or to a refusal with a column and a remedy. */

import type { Condition, Pattern } from '../pattern.ts'
import { type Cursor, isRefusal, type Meter, type Refusal, refuse, startCursor } from './cursor.ts'
import { parseExpression } from './expression.ts'
import { parseCondition } from './json.ts'
import { parseRegex } from './regex-syntax.ts'
import { parseEntries } from './space.ts'
import { parseTerms } from './terms.ts'

/** AWS refuses a longer pattern before it reads it. */
export const MAX_PATTERN_LENGTH = 1024

export type Parsed =
  | { readonly validity: 'accepted'; readonly pattern: Pattern }
  | {
      /** It can be read, but nobody has seen whether AWS takes it, or reads it the same way. */
      readonly validity: 'not-established'
      readonly pattern: Pattern
      readonly column: number
      readonly message: string
    }
  | ({ readonly validity: 'refused' } & Refusal)

/**
 * Reads a pattern as AWS does. Columns are 1-based UTF-16 units of `text`; `suggestion` is the whole pattern with the
 * one fault put right. Takes time linear in the text. Never throws.
 */
export function parsePattern(text: string): Parsed {
  if (text.length > MAX_PATTERN_LENGTH) {
    const message = `the pattern has ${text.length} characters; AWS takes at most ${MAX_PATTERN_LENGTH}`
    return { validity: 'refused', rule: 'too-long', column: MAX_PATTERN_LENGTH + 1, message }
  }
  return parseAnyLength(text)
}

/** As `parsePattern`, without the limit on length; `meter` counts the steps. */
export function parseAnyLength(text: string, meter: Meter = { steps: 0 }): Parsed {
  try {
    return parseKind(text, meter)
  } catch (error) {
    if (isRefusal(error)) return { validity: 'refused', ...error.refusal }
    throw error
  }
}

function parseKind(text: string, meter: Meter): Parsed {
  const start = text.search(/[^ \t\r\n]/)
  if (start < 0) return { validity: 'accepted', pattern: { kind: 'everything' } }
  refuseCurlyQuotes(text)
  const stop = withoutTrailingBlanks(text)
  const first = text[start]
  const cursor = startCursor(text, start, stop, meter)
  if (first !== '{' && first !== '[' && first !== '%') {
    return verdict({ kind: 'terms', terms: parseTerms(cursor) }, cursor)
  }
  doubtOuterBlanks(cursor, first)
  const inner = enclosed(cursor, first)
  if (first === '%') return verdict(wholeRegex(inner), inner)
  if (first === '[') return verdict({ kind: 'space', entries: parseEntries(inner) }, inner)
  return verdict({ kind: 'json', where: parseExpression<Condition>(inner, parseCondition) }, inner)
}

/** Where the text ends; other blanks, such as the one that does not break a line, belong to it. */
function withoutTrailingBlanks(text: string): number {
  let end = text.length
  while (end > 0 && ' \t\r\n'.includes(text[end - 1] ?? '')) end -= 1
  return end
}

function verdict(pattern: Pattern, cursor: Cursor): Parsed {
  const first = cursor.uncertainties.reduce<Cursor['uncertainties'][number] | undefined>(
    (least, uncertainty) => (least === undefined || uncertainty.column < least.column ? uncertainty : least),
    undefined,
  )
  if (first === undefined) return { validity: 'accepted', pattern }
  return { validity: 'not-established', pattern, column: first.column, message: first.message }
}

/** A straight-quoted text, in which a curly quote is a character like any other, or a curly quote outside of one. */
const QUOTED_OR_CURLY = /"[^"]*"|[“”„‟]/g

/** Field case C27: texts pasted from web pages and word processors. */
function refuseCurlyQuotes(text: string): void {
  const first = [...text.matchAll(QUOTED_OR_CURLY)].find(([found]) => !found.startsWith('"'))
  if (first === undefined) return
  const straight = text.replace(QUOTED_OR_CURLY, (found) => (found.startsWith('"') ? found : '"'))
  refuse(first.index + 1, `${first[0]} is a curly quote; AWS knows only the straight quote "`, straight)
}

/** A blank before `{` was refused in 2019; nobody has tried since. */
function doubtOuterBlanks(cursor: Cursor, first: string): void {
  const message = `a blank outside of ${first} … ${CLOSING[first] ?? first} may be refused by AWS; remove it`
  if (cursor.at > 0) cursor.uncertainties.push({ column: 1, message })
  if (cursor.stop < cursor.text.length) cursor.uncertainties.push({ column: cursor.stop + 1, message })
}

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']', '%': '%' }

/** A cursor over what stands between the first and the last character. */
function enclosed(cursor: Cursor, first: string): Cursor {
  const last = CLOSING[first] ?? first
  const { text, at, stop } = cursor
  if (stop - at < 2 || text[stop - 1] !== last) {
    const message = `a pattern that starts with ${first} must end with ${last}`
    const close = text.lastIndexOf(last, stop - 1)
    if (close > at && first !== '%') {
      refuse(close + 2, `${message}, and nothing may follow it`, text.slice(0, close + 1))
    }
    refuse(stop + 1, message, text.slice(0, stop) + last)
  }
  return { ...cursor, at: at + 1, stop: stop - 1 }
}

function wholeRegex(cursor: Cursor): Pattern {
  const source = cursor.text.slice(cursor.at, cursor.stop)
  const column = cursor.at + 1
  const percent = source.search(/(?<!\\)%/)
  if (percent >= 0) refuse(column + percent, 'a regex must be the whole pattern; nothing may stand beside it')
  parseRegex(source, column, cursor)
  return { kind: 'regex', source, column: column - 1 }
}
