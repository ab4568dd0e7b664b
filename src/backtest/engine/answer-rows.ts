/** The rows of one answer: CSV, the JSON of `get-query-results` of CloudWatch Logs or of Athena, or a list of objects. */

import { counted } from '../../counted.ts'
import { readCsv } from './csv.ts'

export interface AnswerRow {
  /** `line 3` of CSV, `row 3` of JSON. */
  readonly place: string
  /** By names in small letters. */
  readonly cells: Readonly<Record<string, string>>
}

/** Makes the error of an answer that cannot be counted; the hint is for what else than saving it again would help. */
export type Refuse = (why: string, hint?: string) => Error

const NEEDED = ['detection', 'minute', 'matches'] as const

/** Throws what `refuse` makes, and nothing else. */
export function answerRows(text: string, refuse: Refuse): readonly AnswerRow[] {
  const whole = text.replace(/^\uFEFF/, '').trimEnd()
  if (whole === '') throw refuse('it is empty')
  if (whole.includes('\0')) throw refuse('it is not text in UTF-8', 'unpack it, or save it in UTF-8')
  if (/^\s*[{[]/.test(whole)) return rowsOfJson(parsed(whole, refuse), refuse)
  const rows = readCsv(whole, refuse).map(({ line, cells }) => ({ place: `line ${line}`, cells }))
  return rowsOfTable(rows, refuse)
}

/** The first row has the names. */
function rowsOfTable(
  [header, ...rows]: readonly { readonly place: string; readonly cells: readonly string[] }[],
  refuse: Refuse,
): readonly AnswerRow[] {
  const names = (header?.cells ?? []).map((name) => name.trim().toLowerCase())
  const missing = NEEDED.filter((name) => !names.includes(name))
  if (missing.length > 0) throw refuse(`it has no column ${missing.join(', ')}`)
  return rows.map(({ place, cells }) => {
    if (cells.length !== names.length) {
      throw refuse(`${place} has ${counted(cells.length, 'cell')}, and the header ${names.length}`)
    }
    return { place, cells: Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])) }
  })
}

function parsed(text: string, refuse: Refuse): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refuse('it is not whole JSON')
  }
}

function rowsOfJson(value: unknown, refuse: Refuse): readonly AnswerRow[] {
  if (Array.isArray(value)) return value.map((row, at) => named(at, isObject(row) ? Object.entries(row) : [], refuse))
  const answer = isObject(value) ? value : {}
  if (answer.NextToken !== undefined || answer.nextToken !== undefined) {
    throw refuse(
      'it has a NextToken, so more pages follow',
      'save all pages as one answer: without --max-items and --no-paginate',
    )
  }
  if (Array.isArray(answer.results)) {
    refuseUnfinished(answer.status, refuse)
    return answer.results.map((row, at) =>
      named(
        at,
        objects(row).map(({ field, value }) => [field, value]),
        refuse,
      ),
    )
  }
  const rows = isObject(answer.ResultSet) ? answer.ResultSet.Rows : undefined
  if (!Array.isArray(rows)) throw refuse('it is neither CSV nor an answer of get-query-results')
  const table = rows.map((row, at) => ({
    place: `row ${at + 1}`,
    cells: objects(isObject(row) ? row.Data : undefined).map(({ VarCharValue }) => textOf(VarCharValue) ?? ''),
  }))
  return rowsOfTable(table, refuse)
}

/** What may still become whole. */
const UNFINISHED = ['Running', 'Scheduled', 'Unknown']

/** CloudWatch Logs hands out the rows found so far; `status` is that of GetQueryResults. */
function refuseUnfinished(status: unknown, refuse: Refuse): void {
  if (status === undefined || status === 'Complete') return
  const shown = textOf(status) ?? 'unreadable'
  throw refuse(
    `the status of its query is ${shown}, not Complete`,
    UNFINISHED.includes(shown)
      ? 'wait until it is Complete, and save the result again: aws logs get-query-results --query-id ID'
      : 'run the query again, and save its result when the status is Complete',
  )
}

function named(at: number, entries: readonly (readonly [unknown, unknown])[], refuse: Refuse): AnswerRow {
  const place = `row ${at + 1}`
  const cells = Object.fromEntries(
    entries.flatMap(([name, value]) => {
      const text = textOf(value)
      return typeof name === 'string' && text !== undefined ? [[name.toLowerCase(), text]] : []
    }),
  )
  const missing = NEEDED.filter((name) => cells[name] === undefined)
  if (missing.length > 0) throw refuse(`${place} has no ${missing.join(', ')}`)
  return { place, cells }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The list, with an empty object for what is none; nothing where there is no list. */
function objects(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map((one) => (isObject(one) ? one : {})) : []
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
