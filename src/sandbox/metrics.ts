/** Metric data: one statistic set a minute for each combination of namespace, name and dimensions. */
import type { DimensionState, MetricState, MinuteState, SandboxState } from './state.ts'

export const MINUTE = 60_000

/** CloudWatch keeps one-minute data this long. */
const KEPT_MS = 15 * 24 * 60 * MINUTE

export interface Series {
  readonly region: string
  readonly namespace: string
  readonly name: string
  readonly dimensions: readonly DimensionState[]
}

export interface MinutePoint extends MinuteState {
  readonly at: number
}

export function metricOf(state: SandboxState, series: Series): MetricState | undefined {
  return state.metrics[metricKey(series)]
}

export function addValue(state: SandboxState, series: Series, at: number, value: number, unit = 'None'): void {
  const key = metricKey(series)
  const metric = state.metrics[key] ?? { ...series, dimensions: [...series.dimensions], unit, minutes: {} }
  state.metrics[key] = metric
  const minute = String(minuteOf(at))
  const held = metric.minutes[minute]
  metric.minutes[minute] = held === undefined ? single(value) : joined(held, single(value))
  forgetOld(metric, at)
}

/** The minutes from `from` up to, not including, `to`. */
export function pointsBetween(metric: MetricState | undefined, from: number, to: number): readonly MinutePoint[] {
  if (metric === undefined) return []
  return Object.entries(metric.minutes)
    .map(([minute, data]) => ({ at: Number(minute), ...data }))
    .filter(({ at }) => at >= from && at < to)
}

export function minuteOf(at: number): number {
  return Math.floor(at / MINUTE) * MINUTE
}

function metricKey({ region, namespace, name, dimensions }: Series): string {
  const pairs = dimensions.map((dimension) => `${dimension.name}=${dimension.value}`).sort()
  return [region, namespace, name, ...pairs].join('|')
}

function single(value: number): MinuteState {
  return { sum: value, count: 1, min: value, max: value }
}

function joined(one: MinuteState, other: MinuteState): MinuteState {
  return {
    sum: one.sum + other.sum,
    count: one.count + other.count,
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
  }
}

function forgetOld(metric: MetricState, now: number): void {
  // Minutes are added in order of time, so the first is the oldest.
  for (const minute of Object.keys(metric.minutes)) {
    if (Number(minute) >= now - KEPT_MS) return
    delete metric.minutes[minute]
  }
}
