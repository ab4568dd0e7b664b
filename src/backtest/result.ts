/** From counts to the report: pages, pages a week, the longest alarm, who and what causes it, and what would make it quiet. */

import type { Detection } from '../detections/detection.ts'
import { type Suggestion, suggest } from './suggest.ts'
import type { DetectionTally, Tally } from './tally.ts'
import { type AlarmInput, MINUTE_MS, type MinuteWindow, runAlarm, type Stay, type Timeline } from './timeline.ts'
import { isLongEnough } from './window.ts'

/** Where the events came from. */
export type SourceKind = 'files' | 'log-group' | 'lookup' | 'athena' | 'logs-insights'

/** By which time an event is counted: CloudWatch counts by the time of its log event, which files do not hold. */
export type TimeBase = 'eventTime' | 'log timestamp'

export interface SourceCount {
  readonly key: string
  readonly matches: number
}

export interface DetectionResult {
  readonly detection: Detection
  readonly matches: number
  readonly pages: number
  readonly pagesPerWeek: number
  readonly longestAlarmMinutes: number
  readonly stays: readonly Stay[]
  /** Principals, the loudest first. */
  readonly topSources: readonly SourceCount[]
  readonly topServices: readonly SourceCount[]
  readonly topEventNames: readonly SourceCount[]
  /** Matches by day from the first day of the window, UTC. */
  readonly byDay: readonly number[]
  /** Matches by hour of the week from Monday 00:00 UTC, 168 numbers. */
  readonly byHourOfWeek: readonly number[]
  readonly suggestion: Suggestion | undefined
}

export interface SkippedFile {
  readonly path: string
  readonly reason: string
}

/** What was read besides the events that count. */
export interface Intake {
  readonly source: SourceKind
  readonly timeBase: TimeBase
  /** Uncompressed. */
  readonly bytes: number
  readonly skippedLines: number
  readonly skippedFiles: readonly SkippedFile[]
  /** Each one sentence, about what the numbers rest on. */
  readonly notes: readonly string[]
}

export interface BacktestResult extends Intake {
  readonly from: Date
  readonly to: Date
  readonly weeks: number
  /** False: it is less than a day, so pages a week are a sum that stands for nothing. */
  readonly tellsOfWeek: boolean
  readonly events: number
  /** False: the source gives matches alone, and `events` is their number. */
  readonly allEvents: boolean
  readonly duplicates: number
  readonly detections: readonly DetectionResult[]
}

const TOP = 5
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const WEEK_MS = 7 * DAY_MS

export interface Judged {
  readonly window: MinuteWindow
  readonly tally: Pick<Tally, 'detections' | 'arrivals' | 'events' | 'duplicates'>
  /** False where the source does not tell what else the log group took in. */
  readonly allEvents: boolean
  readonly intake: Intake
}

/** Runs every alarm over its counts; pure. */
export function judgeTally({ window, tally, allEvents, intake }: Judged): BacktestResult {
  const weeks = ((window.to - window.from) * MINUTE_MS) / WEEK_MS
  const tellsOfWeek = isLongEnough(window)
  const arrivals = allEvents ? tally.arrivals : undefined
  // Most detections match nothing, and then equal alarms do the same.
  const unmatched = new Map<string, Timeline>()
  const timelineOf = ({ matches, detection }: DetectionTally, input: AlarmInput) => {
    const { alarm } = detection.paging
    if (matches > 0) return runAlarm(input, alarm, window)
    const key = JSON.stringify([alarm, input.defaultValue])
    const timeline = unmatched.get(key) ?? runAlarm(input, alarm, window)
    unmatched.set(key, timeline)
    return timeline
  }
  return {
    ...intake,
    notes: [...intake.notes, ...(tellsOfWeek ? [] : [SHORT]), ...crowdNote(tally.detections)],
    tellsOfWeek,
    from: new Date(window.from * MINUTE_MS),
    to: new Date(window.to * MINUTE_MS),
    weeks,
    events: tally.events,
    allEvents,
    duplicates: tally.duplicates,
    detections: tally.detections.map((one) => judgeDetection(one, arrivals, window, weeks, timelineOf)),
  }
}

const SHORT = 'less than a day of events says nothing about a week'

function crowdNote(detections: readonly DetectionTally[]): readonly string[] {
  const crowded = detections.filter(({ principals }) => !principals.complete).map(({ detection }) => detection.id)
  if (crowded.length === 0) return []
  return [`more principals than can be remembered match ${crowded.join(', ')}: what is counted for each is the least`]
}

function judgeDetection(
  one: DetectionTally,
  arrivals: AlarmInput['arrivals'],
  window: MinuteWindow,
  weeks: number,
  timelineOf: (one: DetectionTally, input: AlarmInput) => Timeline,
): DetectionResult {
  const { detection, minutes, silent, matches, principals } = one
  const input: AlarmInput = { matches: minutes, silent, arrivals, defaultValue: detection.paging.metric.defaultValue }
  const timeline = timelineOf(one, input)
  return {
    detection,
    matches,
    pages: timeline.pages,
    pagesPerWeek: timeline.pages / weeks,
    longestAlarmMinutes: timeline.longestMinutes,
    stays: timeline.stays,
    topSources: top([...principals.entries()].map(([key, { matches: of }]) => [key, of])),
    topServices: top([...one.services]),
    topEventNames: top([...one.eventNames]),
    ...byCalendar(one, window),
    suggestion: suggest(one, input, window, timeline, weeks),
  }
}

function top(counts: readonly (readonly [string, number])[]): readonly SourceCount[] {
  return counts
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, TOP)
    .map(([key, matches]) => ({ key, matches }))
}

function byCalendar({ minutes, silent }: DetectionTally, { from, to }: MinuteWindow) {
  const firstDay = Math.floor((from * MINUTE_MS) / DAY_MS)
  const days = Math.max(1, Math.ceil((to * MINUTE_MS) / DAY_MS) - firstDay)
  const byDay: number[] = new Array(days).fill(0)
  const byHourOfWeek: number[] = new Array(168).fill(0)
  for (const [minute, count] of [...minutes.minutes(), ...silent.minutes()]) {
    if (minute < from || minute >= to) continue
    const hour = Math.floor((minute * MINUTE_MS) / HOUR_MS)
    const day = Math.floor(hour / 24) - firstDay
    byDay[day] = (byDay[day] ?? 0) + count
    // The epoch began on a Thursday, three days after a Monday.
    const ofWeek = (hour + 72) % 168
    byHourOfWeek[ofWeek] = (byHourOfWeek[ofWeek] ?? 0) + count
  }
  return { byDay, byHourOfWeek }
}
