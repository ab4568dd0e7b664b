/** Waiting on purpose: spacing calls to a rate, and asking again for what is bound to come soon. */

import type { Clock } from '../ports.ts'
import { failureKind } from './failures.ts'

/** Runs calls one after another. */
export type Pacer = <T>(call: () => Promise<T>) => Promise<T>

/**
 * With at least `gapMs` milliseconds from the start of a call to the start of the next; or from its `end`, where AWS
 * counts each call for itself: a first call takes longer to arrive than the second, over a connection that stands.
 */
export function createPacer(clock: Clock, gapMs: number, after: 'start' | 'end' = 'start'): Pacer {
  let free = Promise.resolve()
  let last: number | undefined
  return (call) => {
    const turn = free.then(async () => {
      const wait = last === undefined ? 0 : last + gapMs - clock.now().getTime()
      if (wait > 0) await clock.sleep(wait)
      last = clock.now().getTime()
      return call().finally(() => {
        if (after === 'end') last = clock.now().getTime()
      })
    })
    free = turn.then(
      () => undefined,
      () => undefined,
    )
    return turn
  }
}

/** CloudTrail takes one write a second, of whatever kind (CloudTrail quotas); the hundredth on top is for timers that are early. */
const CLOUDTRAIL_GAP_MS = 1_010

export function createCloudTrailPacer(clock: Clock): Pacer {
  return createPacer(clock, CLOUDTRAIL_GAP_MS, 'end')
}

/** LookupEvents takes two calls a second in an account and region (CloudTrail quotas). */
const LOOKUP_GAP_MS = 510

export function createLookupPacer(clock: Clock): Pacer {
  return createPacer(clock, LOOKUP_GAP_MS)
}

/** FilterLogEvents takes five calls a second in an account and region (CloudWatch Logs quotas). */
const LOG_SEARCH_GAP_MS = 210

export function createLogSearchPacer(clock: Clock): Pacer {
  return createPacer(clock, LOG_SEARCH_GAP_MS)
}

export interface PollPolicy {
  /** Milliseconds after which the last answer is final. */
  readonly withinMs: number
  /** The first wait; each is twice the one before, up to the longest. */
  readonly firstWaitMs: number
  readonly longestWaitMs: number
  readonly signal?: AbortSignal
  readonly waiting?: (waitedMs: number) => void
}

/** Asks again until the answer is the one that is waited for or the time is up, and gives the last one. Rejects when the signal aborts. */
export async function pollUntil<T>(
  clock: Clock,
  policy: PollPolicy,
  ask: () => Promise<T>,
  isDone: (answer: T) => boolean,
): Promise<T> {
  const until = clock.now().getTime() + policy.withinMs
  for (let wait = policy.firstWaitMs; ; wait = Math.min(wait * 2, policy.longestWaitMs)) {
    const answer = await ask()
    const left = until - clock.now().getTime()
    if (isDone(answer) || left <= 0) return answer
    policy.waiting?.(policy.withinMs - left)
    await clock.sleep(Math.min(wait, left), policy.signal)
  }
}

export interface RetryPolicy extends PollPolicy {
  /** Whether this error goes away by itself. */
  readonly isRetryable: (error: unknown) => boolean
}

/** Repeats a call while its error is one that goes away. */
export async function retry<T>(clock: Clock, policy: RetryPolicy, call: () => Promise<T>): Promise<T> {
  const attempt = (): Promise<{ readonly value: T } | { readonly error: unknown }> =>
    call().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    )
  const last = await pollUntil(clock, policy, attempt, (one) => 'value' in one || !policy.isRetryable(one.error))
  if ('value' in last) return last.value
  throw last.error
}

/** AWS's reads lag behind its writes by seconds, in IAM and S3 by a little more (CloudTrail user guide, eventual consistency). */
export const readBackPolicy: PollPolicy = { withinMs: 30_000, firstWaitMs: 2_000, longestWaitMs: 2_000 }

/** Calls with at most `width` under way; results keep the order. Rejects with the first error after the calls under way have ended. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  call: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length)
  const failures: unknown[] = []
  let next = 0
  const worker = async () => {
    while (next < items.length && failures.length === 0) {
      const index = next
      next += 1
      try {
        results[index] = await call(items[index] as T)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  if (failures.length > 0) throw failures[0]
  return results
}

/** A log group, a role, a trail takes one change at a time and says so; the SDK does not retry that (field case C61). */
export const changeRetryPolicy: RetryPolicy = {
  isRetryable: (error) => failureKind(error) === 'conflict',
  withinMs: 60_000,
  firstWaitMs: 500,
  longestWaitMs: 8_000,
}
