/** The least time that a first run can take: the longest way through the calls that wait for each other. */

import type { AwsCall } from '../src/aws/backend.ts'

/** CloudTrail takes one write a second, per account and region (CloudTrail quotas). */
const SECOND_MS = 1_000

type StepName =
  | 'identity'
  | 'trails'
  | 'snapshot'
  | 'bucket'
  | 'trail'
  | 'logging'
  | 'logGroup'
  | 'role'
  | 'delivery'
  | 'filters'
  | 'topic'
  | 'subscription'
  | 'confirmed'
  | 'alarms'
  | 'readBack'

/** A step of the way: what it waits for, and what it takes beyond a call. */
interface Step {
  readonly words: string
  readonly after: readonly StepName[]
  /** Calls one after another. */
  readonly calls: number
  /** Milliseconds that must have passed since the step before began. */
  readonly pace?: number
}

/**
 * The steps of a plan, by the writes that carry it out. Reads of one step go side by side; the writes of one metric
 * filter wait for the one before, as CloudWatch Logs wants it; alarms wait until the subscription is confirmed and the
 * events arrive.
 */
function stepsOf(writes: readonly Pick<AwsCall, 'service' | 'operation'>[]): Readonly<Record<StepName, Step>> {
  const count = (of: RegExp) => writes.filter(({ service, operation }) => of.test(`${service}:${operation}`)).length
  const filters = count(/PutMetricFilter$/)
  const subscription = count(/Subscribe$/)
  return {
    identity: { words: 'who asks', after: [], calls: 1 },
    trails: { words: 'which trails there are', after: ['identity'], calls: 1 },
    snapshot: { words: 'what is there already', after: ['trails'], calls: 1 },
    bucket: { words: 'a bucket, made private, with its policy', after: ['snapshot'], calls: count(/^S3:/) },
    trail: { words: 'the trail', after: ['bucket'], calls: count(/CreateTrail$/) },
    logging: { words: 'a second, StartLogging', after: ['trail'], calls: count(/StartLogging$/), pace: SECOND_MS },
    logGroup: {
      words: 'the log group with its retention',
      after: ['snapshot'],
      calls: count(/CreateLogGroup$|PutRetentionPolicy$/),
    },
    role: { words: 'the role with its policy', after: ['snapshot'], calls: count(/^IAM:/) },
    delivery: {
      words: 'another second, UpdateTrail',
      after: ['logging', 'logGroup', 'role'],
      calls: count(/UpdateTrail$/),
      pace: SECOND_MS,
    },
    filters: { words: `${filters} metric filters`, after: ['logGroup'], calls: filters },
    topic: { words: 'the topic', after: ['snapshot'], calls: count(/CreateTopic$/) },
    subscription: { words: 'the subscription', after: ['topic'], calls: subscription },
    confirmed: { words: 'its confirmation', after: ['subscription'], calls: 2 * subscription },
    alarms: {
      words: 'the alarms, all at once',
      after: ['delivery', 'filters', 'confirmed'],
      calls: Math.min(1, count(/PutMetricAlarm$/)),
    },
    readBack: { words: 'reading back', after: ['alarms'], calls: 2 },
  }
}

export interface Limit {
  readonly milliseconds: number
  /** On the longest way. */
  readonly calls: number
  readonly words: readonly string[]
}

/** `latency`: milliseconds of one call. */
export function criticalPath(latency: number, writes: readonly AwsCall[]): Limit {
  const steps = stepsOf(writes)
  const known = new Map<StepName, Limit>()
  const endOf = (name: StepName): Limit => {
    const step = steps[name]
    const before = step.after
      .map((earlier) => known.get(earlier) ?? endOf(earlier))
      .reduce((late, other) => (other.milliseconds > late.milliseconds ? other : late), NOTHING)
    const gap = step.calls === 0 ? 0 : Math.max(0, (step.pace ?? 0) - latency)
    const end = {
      milliseconds: before.milliseconds + gap + step.calls * latency,
      calls: before.calls + step.calls,
      words: step.calls === 0 ? before.words : [...before.words, step.words],
    }
    known.set(name, end)
    return end
  }
  return endOf('readBack')
}

const NOTHING: Limit = { milliseconds: 0, calls: 0, words: [] }
