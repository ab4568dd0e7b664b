/** Repairs as plain values: what to read again, what one thing to change, and what the change looks like. */

import { mergeStatements, type PolicyStatement, parsePolicy } from '../domain/policy-documents.ts'
import type { Secret } from '../domain/secret.ts'
import type { AlarmSnapshot } from '../domain/snapshot.ts'
import type { FieldChange } from './differences.ts'

/** One change to something that exists. Whoever applies it reads the resource again first, and keeps everything else. */
export type Repair =
  | { readonly kind: 'alarm'; readonly alarm: AlarmSnapshot; readonly set: AlarmChange }
  | {
      readonly kind: 'topic-policy'
      readonly topicArn: string
      readonly policyText: string
      readonly add: PolicyStatement
    }
  | { readonly kind: 'raw-delivery'; readonly subscriptionArn: string; readonly endpoint: Secret }
  | {
      readonly kind: 'subscribe-again'
      readonly topicArn: string
      readonly endpoint: Secret
    }
  | { readonly kind: 'start-logging'; readonly trailArn: string; readonly region: string }
  | { readonly kind: 'multi-region'; readonly trailArn: string; readonly region: string }

/** The members of an alarm that a repair may set, as PutMetricAlarm names them. */
export interface AlarmChange {
  readonly ActionsEnabled?: true
  readonly AlarmActions?: readonly string[]
  readonly OKActions?: readonly string[]
  readonly InsufficientDataActions?: readonly string[]
  readonly TreatMissingData?: 'notBreaching'
  readonly Statistic?: 'Sum'
  readonly Threshold?: 1
  readonly ComparisonOperator?: 'GreaterThanOrEqualToThreshold'
  readonly DatapointsToAlarm?: 1
}

/** What PutMetricAlarm takes. It replaces the whole alarm, so every member is either copied or a reason to refuse. */
const WRITABLE: ReadonlySet<string> = new Set([
  'AlarmName',
  'AlarmDescription',
  'ActionsEnabled',
  'OKActions',
  'AlarmActions',
  'InsufficientDataActions',
  'MetricName',
  'Namespace',
  'Statistic',
  'ExtendedStatistic',
  'Dimensions',
  'Period',
  'Unit',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'Threshold',
  'ComparisonOperator',
  'TreatMissingData',
  'EvaluateLowSampleCountPercentile',
  'EvaluationWindow',
  'WarmUpConfiguration',
  'EvaluationInterval',
])

/** What DescribeAlarms adds and nobody can write. */
const READ_ONLY: ReadonlySet<string> = new Set([
  'AlarmArn',
  'AlarmConfigurationUpdatedTimestamp',
  'StateValue',
  'StateReason',
  'StateReasonData',
  'StateUpdatedTimestamp',
  'StateTransitionedTimestamp',
  'EvaluationState',
])

/** Why this alarm is not rewritten, one sentence; undefined when every member of it would survive. */
export function whyNotRewritten(alarm: Pick<AlarmSnapshot, 'type' | 'raw'>): string | undefined {
  if (alarm.type === 'composite') return 'it is a composite alarm'
  const members = Object.entries(alarm.raw).filter(([, value]) => value !== undefined && !isEmptyList(value))
  const unknown = members.map(([name]) => name).filter((name) => !WRITABLE.has(name) && !READ_ONLY.has(name))
  if (unknown.includes('Metrics')) return 'it uses metric math'
  return unknown.length === 0 ? undefined : `it has members that would not survive a rewrite (${unknown.join(', ')})`
}

/** The whole input of PutMetricAlarm: the alarm as it is, with the change. */
export function rewrittenAlarm(raw: AlarmSnapshot['raw'], set: AlarmChange): Readonly<Record<string, unknown>> {
  // PutMetricAlarm takes one kind of statistic (API reference).
  const replaced = set.Statistic === undefined ? [] : ['ExtendedStatistic', 'EvaluateLowSampleCountPercentile']
  const kept = Object.entries(raw).filter(
    ([name, value]) => WRITABLE.has(name) && value !== undefined && !replaced.includes(name),
  )
  return { ...Object.fromEntries(kept), ...set }
}

/** The policy with one more statement; every other stays as it is and where it is. */
export function changedPolicy(text: string, add: PolicyStatement): string {
  return JSON.stringify(mergeStatements(parsePolicy(text), [add]))
}

/** What a repair changes, field by field, as a person reads it. */
export function repairDiff(repair: Repair): readonly FieldChange[] {
  switch (repair.kind) {
    case 'alarm':
      return Object.entries(repair.set).map(([field, to]) => ({
        field,
        from: readable(repair.alarm.raw[field]),
        to: readable(to),
      }))
    case 'topic-policy':
      return [{ field: 'Policy, one more statement', from: 'none', to: JSON.stringify(repair.add) }]
    case 'raw-delivery':
      return [{ field: 'RawMessageDelivery', from: 'true', to: 'false' }]
    case 'subscribe-again':
      return [{ field: 'confirmation', from: 'pending', to: 'sent again' }]
    case 'start-logging':
      return [{ field: 'logging', from: 'off', to: 'on' }]
    case 'multi-region':
      return [{ field: 'IsMultiRegionTrail, IncludeGlobalServiceEvents', from: 'false', to: 'true' }]
  }
}

/** The name or ARN of what a repair touches. */
export function repairTarget(repair: Repair): string {
  switch (repair.kind) {
    case 'alarm':
      return repair.alarm.name
    case 'topic-policy':
    case 'subscribe-again':
      return repair.topicArn
    case 'raw-delivery':
      return repair.subscriptionArn
    case 'start-logging':
    case 'multi-region':
      return repair.trailArn
  }
}

/** Several repairs of one resource become one call; everything keeps the order of its first mention. */
export function mergeRepairs(repairs: readonly Repair[]): readonly Repair[] {
  const merged = new Map<string, Repair>()
  for (const repair of repairs) {
    const key = `${repair.kind} ${repairTarget(repair)}${'endpoint' in repair ? ` ${repair.endpoint}` : ''}`
    const earlier = merged.get(key)
    const both = earlier?.kind === 'alarm' && repair.kind === 'alarm'
    merged.set(key, both ? { ...earlier, set: { ...earlier.set, ...repair.set } } : repair)
  }
  return [...merged.values()]
}

function readable(value: unknown): string {
  if (value === undefined || isEmptyList(value)) return 'none'
  return Array.isArray(value) ? value.join(', ') : String(value)
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
