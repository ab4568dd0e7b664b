/** How many events an alarm needs before it fires, from its settings and what its filter publishes. */

import type { AlarmSnapshot, MetricTransformation } from '../domain/snapshot.ts'

export type Firing =
  /** So many events within one period. */
  | { readonly kind: 'fires'; readonly events: number }
  /** In so many periods of the evaluation at once. */
  | { readonly kind: 'spread'; readonly events: number; readonly periods: number }
  | { readonly kind: 'never' | 'always' | 'unknown'; readonly why: string }

type Settings = Pick<
  AlarmSnapshot,
  'statistic' | 'period' | 'evaluationPeriods' | 'datapointsToAlarm' | 'threshold' | 'comparisonOperator' | 'metric'
>

/** What it takes (field case C54). `made` is the filter's transformation that the alarm watches. */
export function firing(alarm: Settings, made: MetricTransformation): Firing {
  const { statistic, period, threshold, comparisonOperator: operator } = alarm
  if (alarm.metric === undefined) return { kind: 'unknown', why: 'it watches an expression, not one metric' }
  if (statistic === undefined) return { kind: 'unknown', why: 'it watches a percentile' }
  if (period === undefined || threshold === undefined) return { kind: 'unknown', why: 'it has no fixed threshold' }
  const value = Number(made.value)
  if (made.value.trim() === '' || Number.isNaN(value)) {
    return { kind: 'unknown', why: `the filter publishes ${made.value}, whose size is not known` }
  }
  const breaches = comparison(operator, threshold)
  if (breaches === undefined) return { kind: 'unknown', why: `it compares by ${operator ?? 'nothing'}` }
  const quiet = made.defaultValue ?? 0
  if (breaches(statistic === 'SampleCount' ? quietSamples(made, period) : quiet)) {
    return { kind: 'always', why: `nothing happening already is ${operator} ${threshold}` }
  }
  const events = eventsNeeded(
    statistic,
    value,
    made.defaultValue === undefined ? 1 : Math.max(1, period / 60),
    quiet,
    breaches,
  )
  if (events === 'unknown') return { kind: 'unknown', why: `the statistic ${statistic} is not known here` }
  if (events === undefined)
    return { kind: 'never', why: `the ${statistic} of values of ${value} is never ${operator} ${threshold}` }
  const periods = alarm.datapointsToAlarm ?? alarm.evaluationPeriods ?? 1
  return periods > 1 ? { kind: 'spread', events, periods } : { kind: 'fires', events }
}

/** Seconds for which the alarm stays up after an event at least, and further events page nobody. */
export function blindSeconds(
  alarm: Pick<AlarmSnapshot, 'period' | 'evaluationPeriods' | 'datapointsToAlarm'>,
): number | undefined {
  const { period, evaluationPeriods: periods } = alarm
  if (period === undefined || periods === undefined) return undefined
  return (periods - (alarm.datapointsToAlarm ?? periods) + 1) * period
}

function comparison(operator: string | undefined, threshold: number): ((value: number) => boolean) | undefined {
  switch (operator) {
    case 'GreaterThanOrEqualToThreshold':
      return (value) => value >= threshold
    case 'GreaterThanThreshold':
      return (value) => value > threshold
    case 'LessThanThreshold':
      return (value) => value < threshold
    case 'LessThanOrEqualToThreshold':
      return (value) => value <= threshold
    default:
      return undefined
  }
}

function quietSamples(made: MetricTransformation, period: number): number {
  return made.defaultValue === undefined ? 0 : period / 60
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
  breaches: (value: number) => boolean,
): number | undefined | 'unknown' {
  const others = minutes - 1
  switch (statistic) {
    case 'Sum':
      return fewest((events) => breaches(events * value + others * quiet))
    case 'SampleCount':
      return fewest((events) => breaches(events + others))
    case 'Average':
      return fewest((events) => breaches((events * value + others * quiet) / (events + others)))
    case 'Maximum':
      return breaches(others > 0 ? Math.max(value, quiet) : value) ? 1 : undefined
    case 'Minimum':
      return breaches(others > 0 ? Math.min(value, quiet) : value) ? 1 : undefined
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
