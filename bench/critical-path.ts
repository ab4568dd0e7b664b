/** The least time that a first run can take: the longest way through the calls that wait for each other. */

/** CloudTrail takes one write a second, per account and region (CloudTrail quotas). */
const SECOND_MS = 1_000

/** A step of the way: what it waits for, and what it takes beyond a call. */
interface Step {
  readonly words: string
  readonly after: readonly string[]
  /** Calls one after another. */
  readonly calls: number
  /** Milliseconds that must have passed since the step before began. */
  readonly pace?: number
}

/**
 * A first run in an empty account. Reads of one step go side by side; the writes of one metric filter wait for the one
 * before, as CloudWatch Logs wants it; alarms wait until the subscription is confirmed and the events arrive.
 */
function stepsOf(filters: number): Readonly<Record<string, Step>> {
  return {
    identity: { words: 'who asks', after: [], calls: 1 },
    trails: { words: 'which trails there are', after: ['identity'], calls: 1 },
    inventory: { words: 'what is there already', after: ['trails'], calls: 1 },
    bucket: { words: 'a bucket, made private, with its policy', after: ['inventory'], calls: 3 },
    trail: { words: 'the trail', after: ['bucket'], calls: 1 },
    logging: { words: 'a second, StartLogging', after: ['trail'], calls: 1, pace: SECOND_MS },
    logGroup: { words: 'the log group with its retention', after: ['inventory'], calls: 2 },
    role: { words: 'the role with its policy', after: ['inventory'], calls: 2 },
    delivery: {
      words: 'another second, UpdateTrail',
      after: ['logging', 'logGroup', 'role'],
      calls: 1,
      pace: SECOND_MS,
    },
    filters: { words: `${filters} metric filters`, after: ['logGroup'], calls: filters },
    topic: { words: 'the topic', after: ['inventory'], calls: 1 },
    subscription: { words: 'the subscription', after: ['topic'], calls: 1 },
    confirmed: { words: 'its confirmation', after: ['subscription'], calls: 2 },
    alarms: { words: 'the alarms, all at once', after: ['delivery', 'filters', 'confirmed'], calls: 1 },
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
export function criticalPath(latency: number, filters = 15): Limit {
  const steps = stepsOf(filters)
  const known = new Map<string, Limit>()
  const endOf = (name: string): Limit => {
    const step = steps[name]
    if (step === undefined) throw new Error(`there is no step ${name}`)
    const before = step.after
      .map((earlier) => known.get(earlier) ?? endOf(earlier))
      .reduce((late, other) => (other.milliseconds > late.milliseconds ? other : late), NOTHING)
    const gap = Math.max(0, (step.pace ?? 0) - latency)
    const end = {
      milliseconds: before.milliseconds + gap + step.calls * latency,
      calls: before.calls + step.calls,
      words: [...before.words, step.words],
    }
    known.set(name, end)
    return end
  }
  return endOf('readBack')
}

const NOTHING: Limit = { milliseconds: 0, calls: 0, words: [] }
