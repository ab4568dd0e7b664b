/** CloudWatch's alarm arithmetic: metric data in, state out (CloudWatch guide, "Configuring how alarms treat missing data"). */

export type StateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

export const STATISTICS = ['Sum', 'SampleCount', 'Average', 'Minimum', 'Maximum'] as const
export type Statistic = (typeof STATISTICS)[number]

export const COMPARISON_OPERATORS = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const
export type ComparisonOperator = (typeof COMPARISON_OPERATORS)[number]

/** The settings of a metric alarm that decide its state. */
export interface AlarmSettings {
  /** Seconds; a multiple of 60. */
  readonly period: number
  readonly evaluationPeriods: number
  readonly datapointsToAlarm: number
  readonly statistic: Statistic
  readonly comparisonOperator: ComparisonOperator
  readonly threshold: number
  readonly treatMissingData: 'missing' | 'ignore' | 'breaching' | 'notBreaching'
}

/** What was measured within one minute. */
export interface MetricPoint {
  /** Start of the minute, milliseconds since the epoch. */
  readonly at: number
  readonly sum: number
  readonly count: number
  readonly min: number
  readonly max: number
}

/** One period of the evaluation range; `value` is `null` where nothing was measured. */
export interface Datapoint {
  /** Start of the period, milliseconds since the epoch. */
  readonly at: number
  readonly value: number | null
}

/**
 * Periods fetched beyond the alarm's own. AWS publishes no formula; its worked examples fetch 5 for 3,
 * and reports of one point that keeps a one-period alarm up for three periods agree. Waiting for an OK takes one more.
 */
export const EXTRA_PERIODS_READ = 2

/** The state that an alarm now in state `current` has at `at` (milliseconds since the epoch). */
export function evaluate(
  points: readonly MetricPoint[],
  settings: AlarmSettings,
  at: number,
  current: StateValue,
): StateValue {
  return judge(
    datapoints(points, settings, at).map((point) => point.value),
    settings,
    current,
  )
}

/** The evaluation range as periods, oldest first: a window that slides with each minute and ends at `at`. */
export function datapoints(points: readonly MetricPoint[], settings: AlarmSettings, at: number): readonly Datapoint[] {
  const length = settings.period * 1000
  const end = Math.floor(at / 60_000) * 60_000
  const count = evaluationRange(settings)
  return Array.from({ length: count }, (_, index) => {
    const from = end - (count - index) * length
    const within = points.filter((point) => point.at >= from && point.at < from + length)
    return { at: from, value: statisticOf(within, settings.statistic) }
  })
}

/** How many periods CloudWatch looks back over. */
export function evaluationRange(settings: Pick<AlarmSettings, 'evaluationPeriods'>): number {
  return settings.evaluationPeriods + EXTRA_PERIODS_READ
}

/** The state that a range of values, oldest first and `null` where missing, puts an alarm into. */
export function judge(
  range: readonly (number | null)[],
  settings: Omit<AlarmSettings, 'period' | 'statistic'>,
  current: StateValue,
): StateValue {
  const needed = settings.datapointsToAlarm
  const real = range.filter((value) => value !== null)
  const breaching = (values: readonly number[]) => values.filter((value) => breaches(value, settings)).length
  if (real.length >= settings.evaluationPeriods) {
    return breaching(real.slice(-settings.evaluationPeriods)) >= needed ? 'ALARM' : 'OK'
  }
  const gaps = settings.evaluationPeriods - real.length
  if (settings.treatMissingData === 'breaching') return breaching(real) + gaps >= needed ? 'ALARM' : 'OK'
  if (breaching(real) >= needed) return 'ALARM'
  if (settings.treatMissingData === 'notBreaching' || breaching(real) < real.length) return 'OK'
  if (settings.treatMissingData === 'ignore') return current
  return isOldEnough(range, needed) ? 'ALARM' : 'INSUFFICIENT_DATA'
}

/** Whether one value is on the wrong side of the threshold. */
export function breaches(
  value: number,
  { comparisonOperator, threshold }: Pick<AlarmSettings, 'comparisonOperator' | 'threshold'>,
): boolean {
  switch (comparisonOperator) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold
    case 'GreaterThanThreshold':
      return value > threshold
    case 'LessThanThreshold':
      return value < threshold
    case 'LessThanOrEqualToThreshold':
      return value <= threshold
  }
}

/** With missing data left missing, a lone breaching point counts once it lies as far back as the points an alarm needs. */
function isOldEnough(range: readonly (number | null)[], needed: number): boolean {
  const oldest = range.findIndex((value) => value !== null)
  return oldest >= 0 && range.length - oldest >= needed
}

function statisticOf(points: readonly MetricPoint[], statistic: Statistic): number | null {
  if (points.length === 0) return null
  const sum = points.reduce((total, point) => total + point.sum, 0)
  const count = points.reduce((total, point) => total + point.count, 0)
  switch (statistic) {
    case 'Sum':
      return sum
    case 'SampleCount':
      return count
    case 'Average':
      return sum / count
    case 'Minimum':
      return Math.min(...points.map((point) => point.min))
    case 'Maximum':
      return Math.max(...points.map((point) => point.max))
  }
}
