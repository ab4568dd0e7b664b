/** How metric filters and alarms find each other: namespace, name and the full set of dimensions (CloudWatch guide, metrics). */

import type { AlarmFact, AlarmMetric, MetricFilterFact, MetricTransformation } from '../chain/inventory.ts'
import { parseMarker } from '../chain/marker.ts'

export interface MetricId {
  readonly namespace: string
  readonly name: string
}

/** `NAMESPACE/NAME`. */
export function metricText({ namespace, name }: MetricId): string {
  return `${namespace}/${name}`
}

/** The metrics that an alarm watches: its own, or those that its metric math reads. */
export function metricsOf(alarm: AlarmFact): readonly AlarmMetric[] {
  if (alarm.metric !== undefined) return [alarm.metric]
  const queries = alarm.raw.Metrics
  return Array.isArray(queries) ? queries.flatMap(metricOfQuery) : []
}

/** Whether the alarm sees what the filter publishes. */
export function joins(alarm: AlarmFact, filter: MetricFilterFact): boolean {
  return metricsOf(alarm).some((metric) =>
    filter.transformations.some(
      (made) => metricText(made) === metricText(metric) && sameKeys(made.dimensions, metric.dimensions),
    ),
  )
}

/** Composite alarms whose rule names this alarm. A rule that cannot be read names nobody. */
export function compositesOver(alarm: AlarmFact, alarms: readonly AlarmFact[]): readonly AlarmFact[] {
  return alarms.filter(({ type, rule, name }) => type === 'composite' && name !== alarm.name && mentions(rule, alarm))
}

/** What is closest to a metric among others, when it is close enough to be meant. */
export function nearest<T>(metric: MetricId, others: readonly T[], metricOf: (other: T) => MetricId): T | undefined {
  const ranked = others
    .map((other) => ({ other, distance: distance(metric, metricOf(other)) }))
    .filter(({ distance }) => distance < FAR)
    .sort((a, b) => a.distance - b.distance)
  return ranked[0]?.other
}

/** An alarm on a metric that no filter writes, which still looks like a piece of a CloudTrail chain. */
export function isDangling(
  alarm: AlarmFact,
  written: ReadonlySet<string>,
  ofTrails: readonly MetricFilterFact[],
): boolean {
  if (alarm.type === 'composite') return false
  if (parseMarker(alarm.description) !== undefined) return true
  const metric = alarm.metric
  if (metric === undefined || metric.namespace.startsWith('AWS/')) return false
  // Written, but not by a filter over CloudTrail events, and with the same dimensions or none: an alarm of some other kind.
  if (written.has(metricText(metric)) && !ofTrails.some((filter) => writes(filter, metric))) return false
  if (/cloudtrail|logmetrics|\bcis/i.test(metric.namespace)) return true
  return (
    nearest(
      metric,
      ofTrails.flatMap(({ transformations }) => transformations),
      (made) => made,
    ) !== undefined
  )
}

function writes(filter: MetricFilterFact, metric: MetricId): boolean {
  return filter.transformations.some((made) => metricText(made) === metricText(metric))
}

function metricOfQuery(query: unknown): readonly AlarmMetric[] {
  const metric = field(field(query, 'MetricStat'), 'Metric')
  const [namespace, name] = [field(metric, 'Namespace'), field(metric, 'MetricName')]
  if (typeof namespace !== 'string' || typeof name !== 'string') return []
  const dimensions = field(metric, 'Dimensions')
  const pairs = Array.isArray(dimensions)
    ? dimensions.map((one) => [String(field(one, 'Name')), String(field(one, 'Value'))])
    : []
  return [{ namespace, name, dimensions: Object.fromEntries(pairs) }]
}

function sameKeys(made: MetricTransformation['dimensions'], watched: AlarmMetric['dimensions']): boolean {
  const [a, b] = [Object.keys(made).sort(), Object.keys(watched).sort()]
  return a.length === b.length && a.every((key, index) => key === b[index])
}

function mentions(rule: string | undefined, alarm: AlarmFact): boolean {
  if (rule === undefined) return false
  return [...rule.matchAll(/\(\s*(?:"([^"]*)"|'([^']*)'|([^()"'\s]+))\s*\)/g)].some(([, double, single, bare]) => {
    const named = double ?? single ?? bare
    return named === alarm.name || named === alarm.arn
  })
}

const FAR = 10

/** 0 is the same metric (with other dimensions); the same name elsewhere is closer than another name in the same place. */
function distance(a: MetricId, b: MetricId): number {
  const [aName, bName, aSpace, bSpace] = [a.name, b.name, a.namespace, b.namespace].map((text) => text.toLowerCase())
  const names = Math.abs((aName ?? '').length - (bName ?? '').length) > 2 ? FAR : edits(aName ?? '', bName ?? '')
  const spaces = aSpace === bSpace ? 0 : 1
  if (names === 0) return spaces === 0 ? 0 : 1
  if (names <= 2 && (aName ?? '').length > 4) return spaces === 0 ? 1 + names : 3 + names
  return spaces === 0 && related(aName ?? '', bName ?? '') ? 6 : FAR
}

function related(a: string, b: string): boolean {
  return a.includes(b) || b.includes(a)
}

/** Levenshtein distance; names are short. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}
