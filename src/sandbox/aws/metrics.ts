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
  const minute = minuteOf(at)
  const metric = state.metrics[key] ?? newMetric(series, unit, minute)
  state.metrics[key] = metric
  metric.earliest = Math.min(metric.earliest, minute)
  metric.latest = Math.max(metric.latest, minute)
  const held = metric.minutes[String(minute)]
  metric.minutes[String(minute)] = held === undefined ? single(value) : joined(held, single(value))
  forgetOld(metric, at)
}

/** The minutes from `from` up to, not including, `to`, in order of time. */
export function pointsBetween(metric: MetricState | undefined, from: number, to: number): readonly MinutePoint[] {
  if (metric === undefined) return []
  const first = minuteOf(Math.max(from, metric.earliest))
  const end = Math.min(to, metric.latest + MINUTE)
  const points: MinutePoint[] = []
  for (let at = first; at < end; at += MINUTE) {
    const data = metric.minutes[String(at)]
    if (data !== undefined && at >= from) points.push({ at, ...data })
  }
  return points
}

export function minuteOf(at: number): number {
  return Math.floor(at / MINUTE) * MINUTE
}

function metricKey({ region, namespace, name, dimensions }: Series): string {
  const pairs = dimensions.map((dimension) => `${dimension.name}=${dimension.value}`).sort()
  return [region, namespace, name, ...pairs].join('|')
}

function newMetric(series: Series, unit: string, minute: number): MetricState {
  return { ...series, dimensions: [...series.dimensions], unit, minutes: {}, earliest: minute, latest: minute }
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
  for (const oldest = minuteOf(now - KEPT_MS); metric.earliest < oldest; metric.earliest += MINUTE) {
    delete metric.minutes[String(metric.earliest)]
  }
}
