/** Fingerprints of what init writes: the marker keeps them, so that a change by hand is told from a choice. */

import { createHash } from 'node:crypto'
import type { AlarmSpec, MetricFilterSpec } from '../domain/resources.ts'
import type { AlarmSnapshot, MetricFilterSnapshot } from '../domain/snapshot.ts'

/** Long enough that two settings of one alarm never meet by chance; the description has little room. */
const LENGTH = 8

type AlarmSettings = Pick<
  AlarmSpec | AlarmSnapshot,
  | 'statistic'
  | 'period'
  | 'evaluationPeriods'
  | 'datapointsToAlarm'
  | 'threshold'
  | 'comparisonOperator'
  | 'treatMissingData'
  | 'metric'
>

/** Of the settings that decide when an alarm fires and falls; its actions are not among them. */
export function alarmFingerprint(alarm: AlarmSettings): string {
  const { statistic, period, evaluationPeriods, datapointsToAlarm, threshold, comparisonOperator, metric } = alarm
  return fingerprint([
    [metric?.namespace, metric?.name, statistic, period, evaluationPeriods, datapointsToAlarm ?? evaluationPeriods],
    [threshold, comparisonOperator, alarm.treatMissingData],
  ])
}

/** What one filter counts and what it writes for it. */
export interface FilterSettings {
  readonly pattern: string
  readonly value: string
  readonly defaultValue: number | undefined
}

/** Of all filters that feed one alarm, in any order. Blanks outside quotes do not count: CloudWatch Logs ignores them. */
export function filterFingerprint(filters: readonly FilterSettings[]): string {
  const lines = filters.map(({ pattern, value, defaultValue }) => [withoutBlanks(pattern), value, defaultValue ?? null])
  return fingerprint(lines.map((line) => JSON.stringify(line)).sort())
}

export function filterSettings({ pattern, metric }: MetricFilterSpec): FilterSettings {
  return { pattern, value: metric.value, defaultValue: metric.defaultValue }
}

/** `metric` is `NAMESPACE/NAME`: a filter may write several. */
export function observedSettings(filter: MetricFilterSnapshot, metric: string): FilterSettings {
  const made = filter.transformations.find(({ namespace, name }) => `${namespace}/${name}` === metric)
  return { pattern: filter.pattern, value: made?.value ?? '', defaultValue: made?.defaultValue }
}

function withoutBlanks(pattern: string): string {
  return pattern
    .split(/("(?:[^"\\]|\\.)*")/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/\s+/g, '')))
    .join('')
}

function fingerprint(value: unknown): string {
  return digest(JSON.stringify(value))
}

/** The first eight hexadecimal digits of the text's SHA-256. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, LENGTH)
}
