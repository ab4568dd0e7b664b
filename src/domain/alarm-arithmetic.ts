/** What an alarm's settings come to: how many events it takes to fire, and how long it then stays in ALARM. */

import { type AlarmSettings, breaches, COMPARISON_OPERATORS } from './alarm-state.ts'
import type { AlarmSnapshot, MetricTransformation } from './snapshot.ts'

export type Firing =
  /** So many events within one period. */
  | { readonly kind: 'fires'; readonly events: number }
  /** In so many periods of the evaluation at once. */
  | { readonly kind: 'spread'; readonly events: number; readonly periods: number }
  | { readonly kind: 'never' | 'always' | 'unknown'; readonly why: string }

type Settings = Pick<
  AlarmSnapshot,
  'statistic' | 'period' | 'evaluationPeriods' | 'datapointsToAlarm' | 'threshold' | 'comparisonOperator'
>

type Window = 'period' | 'evaluationPeriods' | 'datapointsToAlarm'

/** How many events fire an alarm on one metric (field case C54). `made` is the filter's transformation that writes it. */
export function firing(
  alarm: Settings,
  made: Pick<MetricTransformation, 'value'> & Partial<Pick<MetricTransformation, 'defaultValue'>>,
): Firing {
  const { statistic, period, threshold, comparisonOperator: operator } = alarm
  if (statistic === undefined) return { kind: 'unknown', why: 'it watches a percentile' }
  if (period === undefined || threshold === undefined) return { kind: 'unknown', why: 'it has no fixed threshold' }
  const value = Number(made.value)
  if (made.value.trim() === '' || Number.isNaN(value)) {
    return { kind: 'unknown', why: `the filter publishes ${made.value}, whose size is not known` }
  }
  const known = COMPARISON_OPERATORS.find((name) => name === operator)
  if (known === undefined) return { kind: 'unknown', why: `it compares by ${operator ?? 'nothing'}` }
  const isBreach = (measured: number) => breaches(measured, { comparisonOperator: known, threshold })
  const quiet = made.defaultValue ?? 0
  const quietSamples = made.defaultValue === undefined ? 0 : period / 60
  if (isBreach(statistic === 'SampleCount' ? quietSamples : quiet)) {
    return { kind: 'always', why: `nothing happening already is ${operator} ${threshold}` }
  }
  const events = eventsNeeded(statistic, value, Math.max(1, quietSamples), quiet, isBreach)
  if (events === 'unknown') return { kind: 'unknown', why: `the statistic ${statistic} is not known here` }
  if (events === undefined)
    return { kind: 'never', why: `the ${statistic} of values of ${value} is never ${operator} ${threshold}` }
  const periods = alarm.datapointsToAlarm ?? alarm.evaluationPeriods ?? 1
  return periods > 1 ? { kind: 'spread', events, periods } : { kind: 'fires', events }
}

/**
 * Seconds for which the alarm stays in ALARM at least, counted from the start of the last period that breached; further
 * events page no one until then. Undefined where the period or the number of periods is not known.
 */
export function holdSeconds(alarm: Pick<AlarmSettings, Window>): number
export function holdSeconds(alarm: Pick<AlarmSnapshot, Window>): number | undefined
export function holdSeconds(alarm: Pick<AlarmSnapshot, Window>): number | undefined {
  const { period, evaluationPeriods: periods } = alarm
  if (period === undefined || periods === undefined) return undefined
  return (periods - (alarm.datapointsToAlarm ?? periods) + 1) * period
}

/** More than this within one period is no detection any more. */
const MOST_EVENTS = 1_000_000

/**
 * The fewest events within one minute that breach; undefined where no number does. `minutes` is how many points a
 * period holds: the filter writes `quiet` into each minute without a match, if it has a default.
 */
function eventsNeeded(
  statistic: string,
  value: number,
  minutes: number,
  quiet: number,
  isBreach: (value: number) => boolean,
): number | undefined | 'unknown' {
  const others = minutes - 1
  switch (statistic) {
    case 'Sum':
      return fewest((events) => isBreach(events * value + others * quiet))
    case 'SampleCount':
      return fewest((events) => isBreach(events + others))
    case 'Average':
      return fewest((events) => isBreach((events * value + others * quiet) / (events + others)))
    case 'Maximum':
      return isBreach(others > 0 ? Math.max(value, quiet) : value) ? 1 : undefined
    case 'Minimum':
      return isBreach(others > 0 ? Math.min(value, quiet) : value) ? 1 : undefined
    default:
      return 'unknown'
  }
}

/** Every statistic here moves one way as events are added, so the border can be found by halving. */
function fewest(breaches: (events: number) => boolean): number | undefined {
  if (breaches(1)) return 1
  if (!breaches(MOST_EVENTS)) return undefined
  let [low, high] = [1, MOST_EVENTS]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (breaches(middle)) high = middle
    else low = middle
  }
  return high
}
