/** Counts records as they stream by: all of them by minute, and for each detection its matches with who and what is behind them. */

import type { Detection } from '../detections/detection.ts'
import type { JsonObject } from '../patterns/match/json-value.ts'
import { createDuplicates, fingerprint } from './duplicates.ts'
import { MinuteSeries } from './minutes.ts'
import { Principals } from './principals.ts'
import { type Cause, type Match, type MetricValue, matchOf } from './record.ts'
import type { Sightings } from './sightings.ts'
import { MINUTE_MS, type MinuteWindow } from './timeline.ts'

/** One record of a source. */
export interface Sighting {
  /** Milliseconds since the epoch. */
  readonly time: number
  /** Undefined: it cannot be told from another. */
  readonly id: string | undefined
  /** Positions of the detections that match; the same empty list for nearly all. */
  readonly matches: readonly number[]
  /** Looked at where something matches. */
  readonly record: JsonObject
}

/** What one detection counted. */
export interface DetectionTally {
  readonly detection: Detection
  /** What the matches published. */
  readonly minutes: MinuteSeries
  /** Matches that published nothing, because their value is no number. */
  readonly silent: MinuteSeries
  matches: number
  readonly principals: Principals
  readonly services: Map<string, number>
  readonly eventNames: Map<string, number>
}

export interface Tally {
  readonly detections: readonly DetectionTally[]
  readonly arrivals: MinuteSeries
  /** Within the window, duplicates left out. */
  events: number
  duplicates: number
  /** Records whose time lies before or after the window. */
  before: number
  after: number
  /** Times of the first and the last record, in the window or not. */
  first: number | undefined
  last: number | undefined
  readonly duplicatesComplete: () => boolean
  add(sighting: Sighting): void
  addAll(sightings: Sightings): void
}

/** Distinct services or event names that are counted for one detection. */
const NAMES = 200

export function createTally(detections: readonly Detection[], window: MinuteWindow): Tally {
  const counted = detections.map(newTally)
  const metrics = detections.map(({ paging }) => paging.metric.value)
  const duplicates = createDuplicates()
  /** Whether the record lies in the window and was not seen before. */
  const arrives = (time: number, high: number, low: number): boolean => {
    if (tally.first === undefined || time < tally.first) tally.first = time
    if (tally.last === undefined || time > tally.last) tally.last = time
    const minute = Math.floor(time / MINUTE_MS)
    if (minute < window.from) {
      tally.before += 1
      return false
    }
    if (minute >= window.to) {
      tally.after += 1
      return false
    }
    if ((high !== 0 || low !== 0) && duplicates.seen(high, low, time)) {
      tally.duplicates += 1
      return false
    }
    tally.events += 1
    tally.arrivals.add(minute)
    return true
  }
  const countMatch = (time: number, { detections: matching, cause, values }: Match) => {
    for (const [at, index] of matching.entries()) {
      const one = counted[index]
      if (one !== undefined) count(one, Math.floor(time / MINUTE_MS), cause, values[at])
    }
  }
  const tally: Tally = {
    detections: counted,
    arrivals: new MinuteSeries(),
    events: 0,
    duplicates: 0,
    before: 0,
    after: 0,
    first: undefined,
    last: undefined,
    duplicatesComplete: () => duplicates.complete,
    add({ time, id, matches, record }) {
      const { high, low } = id === undefined ? NO_ID : fingerprint(id)
      if (arrives(time, high, low) && matches.length > 0) countMatch(time, matchOf(record, matches, metrics))
    },
    addAll({ times, ids, matches }) {
      let next = 0
      for (let at = 0; at < times.length; at += 1) {
        const time = times[at] ?? 0
        const match = matches[next]?.at === at ? matches[next] : undefined
        if (match !== undefined) next += 1
        if (arrives(time, ids[2 * at] ?? 0, ids[2 * at + 1] ?? 0) && match !== undefined) countMatch(time, match)
      }
    },
  }
  return tally
}

const NO_ID = { high: 0, low: 0 }

/** The constant that each match adds to the metric, or undefined where it is a field of the event. */
export function constantOf({ paging }: Detection): number | undefined {
  return paging.metric.value.startsWith('$') ? undefined : Number(paging.metric.value)
}

export function newTally(detection: Detection): DetectionTally {
  return {
    detection,
    minutes: new MinuteSeries(constantOf(detection) ?? 'own values'),
    silent: new MinuteSeries(),
    matches: 0,
    principals: new Principals(),
    services: new Map(),
    eventNames: new Map(),
  }
}

function count(one: DetectionTally, minute: number, cause: Cause, value: MetricValue): void {
  one.matches += 1
  publish(one, minute, value)
  addCause(one, minute, cause, 1)
}

/** Field absent: the default, if there is one; no number: nothing at all (recorded behavior of metric filters). */
function publish({ minutes, silent, detection }: DetectionTally, minute: number, told: MetricValue): void {
  const { defaultValue } = detection.paging.metric
  const value = minutes.constant ?? told
  if (typeof value === 'number') minutes.add(minute, value)
  else if (value === 'absent' && defaultValue !== undefined) minutes.add(minute, defaultValue)
  else silent.add(minute)
}

/** Counts who and what is behind `times` matches of one minute. */
export function addCause(one: DetectionTally, minute: number, cause: Cause, times: number): void {
  one.principals.add(cause.principal, minute, times)
  addName(one.services, cause.service, times)
  addName(one.eventNames, cause.eventName, times)
}

function addName(names: Map<string, number>, name: string, times: number): void {
  const before = names.get(name)
  if (before !== undefined || names.size < NAMES) names.set(name, (before ?? 0) + times)
}
