/** Reads what Athena or Logs Insights answered, and counts it as if the events had been read here. */

import type { Detection } from '../../detections/detection.ts'
import { usage } from '../../errors.ts'
import { MinuteSeries } from '../minutes.ts'
import { addCause, constantOf, type DetectionTally, newTally } from '../tally.ts'
import { MINUTE_MS, type MinuteWindow } from '../timeline.ts'
import { EVERY_EVENT } from './athena.ts'

export interface EngineCounts {
  readonly detections: readonly DetectionTally[]
  readonly arrivals: MinuteSeries
  readonly events: number
  /** Whether the answer says what else arrived. */
  readonly allEvents: boolean
  readonly rows: number
  /** Rows outside the window, and rows of detections that were not asked for. */
  readonly ignored: number
}

type Row = Readonly<Record<string, string>>

const NEEDED = ['detection', 'minute', 'matches'] as const

/** Takes CSV or JSON texts, one for each file. Throws `result-unreadable` (exit 2) that names the file. */
export function readResults(
  texts: readonly { readonly path: string; readonly text: string }[],
  detections: readonly Detection[],
  window: MinuteWindow,
): EngineCounts {
  const tallies = new Map(detections.map((detection) => [detection.id, newTally(detection)]))
  const arrivals = new MinuteSeries()
  let rows = 0
  let ignored = 0
  let everything = 0
  let allEvents = false
  for (const { path, text } of texts) {
    for (const row of rowsOf(text, path)) {
      rows += 1
      const minute = minuteOf(row.minute ?? '')
      const matches = Number(row.matches)
      if (minute === undefined || !Number.isSafeInteger(matches) || matches < 0) {
        throw unreadable(path, `a row has minute "${row.minute}" and matches "${row.matches}"`)
      }
      const tally = tallies.get(row.detection ?? '')
      if (row.detection === EVERY_EVENT) allEvents = true
      if (minute < window.from || minute >= window.to || (tally === undefined && row.detection !== EVERY_EVENT)) {
        ignored += 1
      } else if (tally === undefined) {
        arrivals.add(minute, undefined, matches)
        everything += matches
      } else count(tally, minute, matches, row)
    }
  }
  const counted = [...tallies.values()]
  const events = allEvents ? everything : counted.reduce((sum, { matches }) => sum + matches, 0)
  return { detections: counted, arrivals, events, allEvents, rows, ignored }
}

function count(tally: DetectionTally, minute: number, matches: number, row: Row): void {
  tally.matches += matches
  tally.minutes.add(minute, constantOf(tally.detection), matches)
  const cause = { principal: row.principal ?? '', service: row.eventsource ?? '', eventName: row.eventname ?? '' }
  addCause(tally, minute, { ...cause, principal: cause.principal === '' ? 'unknown' : cause.principal }, matches)
}

/** `2026-01-15T10:00` or `2026-01-15 10:00:00.000`, in UTC. */
function minuteOf(text: string): number | undefined {
  const [, date, time] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})/.exec(text) ?? []
  if (date === undefined) return undefined
  const at = Date.parse(`${date}T${time}:00Z`)
  return Number.isNaN(at) ? undefined : Math.floor(at / MINUTE_MS)
}

function rowsOf(text: string, path: string): readonly Row[] {
  const trimmed = text.replace(/^\uFEFF/, '').trim()
  if (trimmed === '') throw unreadable(path, 'it is empty')
  return /^[{[]/.test(trimmed) ? rowsOfJson(trimmed, path) : rowsOfCsv(trimmed, path)
}

function rowsOfCsv(text: string, path: string): readonly Row[] {
  const [header = [], ...lines] = csv(text)
  const names = namesOf(header, path)
  return lines.filter((cells) => cells.length > 1).map((cells) => rowOf(names, cells))
}

function namesOf(header: readonly string[], path: string): readonly string[] {
  const names = header.map((name) => name.trim().toLowerCase())
  const missing = NEEDED.filter((name) => !names.includes(name))
  if (missing.length > 0) throw unreadable(path, `it has no column ${missing.join(', ')}`)
  return names
}

function rowOf(names: readonly string[], cells: readonly string[]): Row {
  return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']))
}

/** RFC 4180: quotes are doubled within quotes. */
function csv(text: string): readonly (readonly string[])[] {
  const lines: string[][] = [[]]
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y
  while (cell.lastIndex < text.length) {
    const [whole, quoted, plain = '', end] = cell.exec(text) ?? []
    if (whole === undefined) break
    lines.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end !== ',' && end !== '') lines.push([])
  }
  return lines
}

/** `get-query-results` of CloudWatch Logs, that of Athena, or a list of objects. */
function rowsOfJson(text: string, path: string): readonly Row[] {
  const value = parsed(text, path) as {
    readonly results?: readonly (readonly { readonly field?: string; readonly value?: string }[])[]
    readonly ResultSet?: {
      readonly Rows?: readonly { readonly Data?: readonly { readonly VarCharValue?: string }[] }[]
    }
  }
  if (Array.isArray(value)) return value.map((row) => checked(row, path))
  if (value.results !== undefined) {
    return value.results.map((cells) =>
      checked(Object.fromEntries(cells.map(({ field = '', value: held = '' }) => [field, held])), path),
    )
  }
  const rows = value.ResultSet?.Rows?.map(({ Data = [] }) => Data.map(({ VarCharValue = '' }) => VarCharValue))
  if (rows === undefined) throw unreadable(path, 'it is neither CSV nor an answer of get-query-results')
  const [header = [], ...lines] = rows
  const names = namesOf(header, path)
  return lines.map((cells) => rowOf(names, cells))
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unreadable(path, 'it is not whole JSON')
  }
}

function checked(row: unknown, path: string): Row {
  const entries = typeof row === 'object' && row !== null ? Object.entries(row) : []
  const named = Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]))
  const missing = NEEDED.filter((name) => named[name] === undefined)
  if (missing.length > 0) throw unreadable(path, `a row has no ${missing.join(', ')}`)
  return named
}

function unreadable(path: string, why: string) {
  return usage(
    'result-unreadable',
    `--result "${path}" is not an answer to the query: ${why}`,
    'print the query again with --print, run it, and save its result as CSV',
  )
}
