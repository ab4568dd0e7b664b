/** How metric filters and alarms find each other: namespace, name and the full set of dimensions (CloudWatch guide, metrics). */

import { distance } from 'fastest-levenshtein'
import { DELIVERY_FAILURES, HEARTBEAT, parseMarker } from '../domain/marker.ts'
import type { AlarmMetric, AlarmSnapshot, MetricFilterSnapshot, MetricTransformation } from '../domain/snapshot.ts'

export interface MetricId {
  readonly namespace: string
  readonly name: string
}

/** `NAMESPACE/NAME`. */
export function metricText({ namespace, name }: MetricId): string {
  return `${namespace}/${name}`
}

/** The metrics that an alarm watches: its own, or those that its metric math reads. */
export function metricsOf(alarm: AlarmSnapshot): readonly AlarmMetric[] {
  if (alarm.metric !== undefined) return [alarm.metric]
  const queries = alarm.raw.Metrics
  return Array.isArray(queries) ? queries.flatMap(metricOfQuery) : []
}

/** Whether the alarm sees what the filter publishes. */
export function joins(alarm: AlarmSnapshot, filter: MetricFilterSnapshot): boolean {
  return metricsOf(alarm).some((metric) =>
    filter.transformations.some(
      (made) => metricText(made) === metricText(metric) && sameKeys(made.dimensions, metric.dimensions),
    ),
  )
}

export interface ChainIndexes {
  /** The alarms that see what the filter publishes. */
  alarmsOf(filter: MetricFilterSnapshot): readonly AlarmSnapshot[]
  /** The filters that publish what the alarm watches. */
  filtersOf(alarm: AlarmSnapshot): readonly MetricFilterSnapshot[]
  /** The filters that look at the log group. */
  filtersIn(logGroup: string): readonly MetricFilterSnapshot[]
}

/** All joins of a region, indexed by metric: an account has thousands of either. */
export function indexChains(filters: readonly MetricFilterSnapshot[], alarms: readonly AlarmSnapshot[]): ChainIndexes {
  const alarmsOn = grouped(alarms, (alarm) => metricsOf(alarm).map(metricText))
  const filtersOn = grouped(filters, ({ transformations }) => transformations.map(metricText))
  const filtersIn = grouped(filters, ({ logGroup }) => [logGroup])
  return {
    filtersIn: (logGroup) => filtersIn.get(logGroup) ?? [],
    alarmsOf: (filter) =>
      found(filter.transformations.map(metricText), alarmsOn).filter((alarm) => joins(alarm, filter)),
    filtersOf: (alarm) => found(metricsOf(alarm).map(metricText), filtersOn).filter((filter) => joins(alarm, filter)),
  }
}

/** Values by each of their keys. */
export function grouped<T>(
  values: readonly T[],
  keysOf: (value: T) => readonly (string | undefined)[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    for (const key of keysOf(value)) {
      if (key === undefined) continue
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [value])
      else group.push(value)
    }
  }
  return groups
}

/** Composite alarms whose rule names this alarm. A rule that cannot be read names nobody. */
export function compositesOver(alarm: AlarmSnapshot, alarms: readonly AlarmSnapshot[]): readonly AlarmSnapshot[] {
  return alarms.filter(({ type, rule, name }) => type === 'composite' && name !== alarm.name && mentions(rule, alarm))
}

/** Spelling is compared with so many at most: among more, a distance of two letters says nothing. */
const SPELLED = 500

/** What is closest to a metric among others, when it is close enough to be meant. */
export function nearest<T>(metric: MetricId, others: readonly T[], metricOf: (other: T) => MetricId): T | undefined {
  const spelled = others.length <= SPELLED
  const wanted = lower(metric)
  let best: { readonly other: T; readonly far: number } | undefined
  for (const other of others) {
    const far = apart(wanted, lower(metricOf(other)), spelled)
    if (far < (best?.far ?? FAR)) best = { other, far }
  }
  return best?.other
}

/** What filters write, in two heaps: all of them, and those over CloudTrail events. */
export interface PublishedMetrics {
  readonly all: ReadonlySet<string>
  readonly byTrails: readonly MetricTransformation[]
}

/** An alarm of ours on the traffic of a log group: it counts no events of one kind, and belongs to no metric filter. */
export function isHeartbeat(alarm: AlarmSnapshot): boolean {
  return parseMarker(alarm.description)?.detection === HEARTBEAT
}

/** The same on what SNS could not deliver. */
export function isFailuresAlarm(alarm: AlarmSnapshot): boolean {
  return parseMarker(alarm.description)?.detection === DELIVERY_FAILURES
}

/** An alarm on a metric that no filter over CloudTrail events writes, which still looks like a piece of a CloudTrail chain. */
export function isDangling(alarm: AlarmSnapshot, { all, byTrails }: PublishedMetrics): boolean {
  if (alarm.type === 'composite' || isHeartbeat(alarm) || isFailuresAlarm(alarm)) return false
  if (parseMarker(alarm.description) !== undefined) return true
  const metric = alarm.metric
  if (metric === undefined || metric.namespace.startsWith('AWS/')) return false
  const text = metricText(metric)
  // Written, but by a filter over something else: an alarm of some other kind.
  if (all.has(text) && !byTrails.some((made) => metricText(made) === text)) return false
  if (/cloudtrail|logmetrics|\bcis/i.test(metric.namespace)) return true
  return nearest(metric, byTrails, (made) => made) !== undefined
}

function found<T>(keys: readonly string[], index: ReadonlyMap<string, readonly T[]>): readonly T[] {
  return [...new Set(keys.flatMap((key) => index.get(key) ?? []))]
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

function mentions(rule: string | undefined, alarm: AlarmSnapshot): boolean {
  if (rule === undefined) return false
  return [...rule.matchAll(/\(\s*(?:"([^"]*)"|'([^']*)'|([^()"'\s]+))\s*\)/g)].some(([, double, single, bare]) => {
    const named = double ?? single ?? bare
    return named === alarm.name || named === alarm.arn
  })
}

const FAR = 10

/**
 * Of two metrics in lower case. 0 is the same metric (with other dimensions); the same name elsewhere is closer than
 * another name in the same place.
 */
function apart(a: MetricId, b: MetricId, spelled: boolean): number {
  const sameSpace = a.namespace === b.namespace
  if (a.name === b.name) return sameSpace ? 0 : 1
  const near = spelled && a.name.length > 4 && Math.abs(a.name.length - b.name.length) <= 2
  const letters = near ? distance(a.name, b.name) : FAR
  if (letters <= 2) return sameSpace ? 1 + letters : 3 + letters
  return sameSpace && (a.name.includes(b.name) || b.name.includes(a.name)) ? 6 : FAR
}

function lower({ namespace, name }: MetricId): MetricId {
  return { namespace: namespace.toLowerCase(), name: name.toLowerCase() }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}
