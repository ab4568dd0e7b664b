/** Runs an alarm over past metric data, minute by minute, as CloudWatch would have: when it was in ALARM, and how often it paged. */

import { type AlarmSettings, evaluationRange, judge, type StateValue } from '../domain/alarm-state.ts'
import type { MinuteSeries } from './minutes.ts'

export const MINUTE_MS = 60_000

/** Minutes since the epoch; `to` is not part of it. */
export interface MinuteWindow {
  readonly from: number
  readonly to: number
}

/** The data of one alarm. */
export interface AlarmInput {
  readonly matches: MinuteSeries
  /** Events that matched and are left out again: they publish the default instead. */
  readonly without?: Pick<MinuteSeries, 'count'> | undefined
  /** Events that matched and published nothing. */
  readonly silent?: MinuteSeries | undefined
  /** Everything that the log group took in; undefined where the source does not tell, which counts as some in each minute. */
  readonly arrivals: MinuteSeries | undefined
  /** What an event that does not match publishes; undefined: nothing. */
  readonly defaultValue: number | undefined
}

/** One stay in ALARM, in minutes since the epoch; `to` is the end of the window when it was still up then. */
export interface Stay {
  readonly from: number
  readonly to: number
}

/** What the alarm did. */
export interface Timeline {
  /** Changes into ALARM: each runs the alarm actions once. */
  readonly pages: number
  readonly stays: readonly Stay[]
  readonly longestMinutes: number
}

/**
 * The alarm begins in OK and is evaluated at each full minute after `from`, up to `to`. Before `from` there is no data.
 * `settings.period` is a multiple of 60 seconds.
 */
export function runAlarm(input: AlarmInput, settings: AlarmSettings, window: MinuteWindow): Timeline {
  const minutes = Math.max(0, window.to - window.from)
  const periods = periodValues(input, settings, window)
  const count = evaluationRange(settings)
  const length = settings.period / 60
  const range: (number | null)[] = new Array(count).fill(null)
  const stays: Stay[] = []
  let state: StateValue = 'OK'
  let settled = false
  let began = 0
  for (let end = 1; end <= minutes; end += 1) {
    let changed = false
    for (let index = 0; index < count; index += 1) {
      const value = periods(end - (count - index) * length, end - (count - index - 1) * length)
      if (range[index] === value) continue
      range[index] = value
      changed = true
    }
    // The same range and the same state give the same state again.
    if (!changed && settled) continue
    const next = judge(range, settings, state)
    settled = next === state
    if (next === state) continue
    if (next === 'ALARM') began = window.from + end
    else if (state === 'ALARM') stays.push({ from: began, to: window.from + end })
    state = next
  }
  if (state === 'ALARM') stays.push({ from: began, to: window.to })
  const longestMinutes = stays.reduce((longest, { from, to }) => Math.max(longest, to - from), 0)
  return { pages: stays.length, stays, longestMinutes }
}

/** The statistic over a half-open span of minutes of the window; `null` where nothing was published. */
export function periodValues(
  { matches, without, silent, arrivals, defaultValue }: AlarmInput,
  { statistic }: Pick<AlarmSettings, 'statistic'>,
  { from, to }: MinuteWindow,
): (start: number, end: number) => number | null {
  const length = Math.max(0, to - from)
  const counts = new Float64Array(length + 1)
  const sums = new Float64Array(length)
  const lowest = new Float64Array(statistic === 'Minimum' ? length : 0).fill(Number.POSITIVE_INFINITY)
  const highest = new Float64Array(statistic === 'Maximum' ? length : 0).fill(Number.NEGATIVE_INFINITY)
  for (let at = 0; at < length; at += 1) {
    const point = matches.at(from + at)
    const dropped = point === undefined ? 0 : (without?.count(from + at) ?? 0)
    const matched = (point?.count ?? 0) - dropped
    const mute = silent?.count(from + at) ?? 0
    const arrived = arrivals === undefined ? Math.max(1, (point?.count ?? 0) + mute) : arrivals.count(from + at)
    const idle = defaultValue === undefined ? 0 : Math.max(0, arrived - matched - mute)
    counts[at + 1] = (counts[at] ?? 0) + matched + idle
    const value = point === undefined || matched === 0 ? 0 : point.sum - dropped * (matches.constant ?? 0)
    sums[at] = value + (idle === 0 ? 0 : idle * (defaultValue ?? 0))
    if (matched > 0 && point !== undefined) widen(lowest, highest, at, point)
    if (idle > 0) widen(lowest, highest, at, { min: defaultValue ?? 0, max: defaultValue ?? 0 })
  }
  const sumOf = sumsBetween(sums)
  return (start, end) => {
    const first = Math.max(0, start)
    if (end <= first) return null
    const count = (counts[end] ?? 0) - (counts[first] ?? 0)
    if (count === 0) return null
    switch (statistic) {
      case 'Sum':
        return sumOf(first, end)
      case 'SampleCount':
        return count
      case 'Average':
        return sumOf(first, end) / count
      case 'Minimum':
        return lowest.subarray(first, end).reduce((a, b) => Math.min(a, b))
      case 'Maximum':
        return highest.subarray(first, end).reduce((a, b) => Math.max(a, b))
    }
  }
}

/** Sums of any span: by differences where all values are whole, which is exact; otherwise one by one. */
function sumsBetween(values: Float64Array): (start: number, end: number) => number {
  if (!values.every(Number.isSafeInteger)) return (start, end) => values.subarray(start, end).reduce((a, b) => a + b, 0)
  const before = new Float64Array(values.length + 1)
  for (let at = 0; at < values.length; at += 1) before[at + 1] = (before[at] ?? 0) + (values[at] ?? 0)
  return (start, end) => (before[end] ?? 0) - (before[start] ?? 0)
}

function widen(
  lowest: Float64Array,
  highest: Float64Array,
  at: number,
  { min, max }: { readonly min: number; readonly max: number },
): void {
  // Writing beyond the end of a typed array is no error and does nothing.
  lowest[at] = Math.min(lowest[at] ?? min, min)
  highest[at] = Math.max(highest[at] ?? max, max)
}
