/** Reads what Athena or Logs Insights answered, and counts it as if the events had been read here. */

import type { Detection } from '../../detections/detection.ts'
import { usage } from '../../errors.ts'
import { shortened } from '../../options/types.ts'
import { MinuteSeries } from '../minutes.ts'
import { addCause, constantOf, type DetectionTally, newTally } from '../tally.ts'
import { MINUTE_MS, type MinuteWindow } from '../timeline.ts'
import { type AnswerRow, answerRows } from './answer-rows.ts'
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
  /** Rows of the longest answer. */
  readonly mostRows: number
  /** Ids of which there is a row, be it outside the window. */
  readonly found: ReadonlySet<string>
}

/** Takes CSV or JSON texts, one for each file. Throws `result-unreadable` (exit 2) that names the file. */
export function readResults(
  texts: readonly { readonly path: string; readonly text: string }[],
  detections: readonly Detection[],
  window: MinuteWindow,
): EngineCounts {
  const tallies = new Map(detections.map((detection) => [detection.id, newTally(detection)]))
  const arrivals = new MinuteSeries()
  const found = new Set<string>()
  let rows = 0
  let ignored = 0
  let mostRows = 0
  let everything = 0
  for (const { path, text } of texts) {
    const answer = answerRows(text, (why, hint) => unreadable(path, why, hint))
    rows += answer.length
    mostRows = Math.max(mostRows, answer.length)
    for (const { place, cells } of answer) {
      const wrong = (name: string) => unreadable(path, `${place} has ${name} "${shortened(cells[name] ?? '')}"`)
      const id = cells.detection ?? ''
      if (id === '') throw wrong('detection')
      const minute = minuteOf(cells.minute ?? '')
      if (minute === undefined) throw wrong('minute')
      const matches = matchesOf(cells.matches ?? '')
      if (matches === undefined) throw wrong('matches')
      found.add(id)
      const tally = tallies.get(id)
      if (minute < window.from || minute >= window.to || (tally === undefined && id !== EVERY_EVENT)) {
        ignored += 1
      } else if (tally === undefined) {
        arrivals.add(minute, undefined, matches)
        everything += matches
      } else count(tally, minute, matches, cells)
    }
  }
  const allEvents = found.has(EVERY_EVENT)
  const counted = [...tallies.values()]
  const events = allEvents ? everything : counted.reduce((sum, { matches }) => sum + matches, 0)
  return { detections: counted, arrivals, events, allEvents, rows, ignored, mostRows, found }
}

function count(tally: DetectionTally, minute: number, matches: number, cells: AnswerRow['cells']): void {
  tally.matches += matches
  tally.minutes.add(minute, constantOf(tally.detection), matches)
  const cause = { principal: cells.principal ?? '', service: cells.eventsource ?? '', eventName: cells.eventname ?? '' }
  addCause(tally, minute, { ...cause, principal: cause.principal === '' ? 'unknown' : cause.principal }, matches)
}

/** `2026-01-15T10:00` or `2026-01-15 10:00:00.000`, in UTC. */
function minuteOf(text: string): number | undefined {
  const [, date, time] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::[\d.]+)?Z?$/.exec(text) ?? []
  if (date === undefined) return undefined
  const at = Date.parse(`${date}T${time}:00Z`)
  return Number.isNaN(at) ? undefined : Math.floor(at / MINUTE_MS)
}

/** Number('') would be 0. */
function matchesOf(text: string): number | undefined {
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined
}

function unreadable(path: string, why: string, hint?: string) {
  return usage(
    'result-unreadable',
    `--result "${path}" is not a whole answer to the query: ${why}`,
    hint ?? 'save the whole result of the query again, as CSV; --print prints the query',
  )
}
