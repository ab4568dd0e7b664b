/** Waiting on purpose: spacing calls to a rate, and repeating one that is bound to succeed soon. */

import type { Clock } from '../ports.ts'
import { failureKind } from './failures.ts'

/** Runs calls one after another with at least a gap between their starts. */
export type Pacer = <T>(call: () => Promise<T>) => Promise<T>

export function createPacer(clock: Clock, gapMs: number): Pacer {
  let free = Promise.resolve()
  let last: number | undefined
  return (call) => {
    const turn = free.then(async () => {
      const wait = last === undefined ? 0 : last + gapMs - clock.now().getTime()
      if (wait > 0) await clock.sleep(wait)
      last = clock.now().getTime()
      return call()
    })
    free = turn.then(
      () => undefined,
      () => undefined,
    )
    return turn
  }
}

/** CloudTrail takes one write a second, of whatever kind (CloudTrail quotas); the tenth on top is for what the network does to either call. */
const CLOUDTRAIL_GAP_MS = 1_100

export function createCloudTrailPacer(clock: Clock): Pacer {
  return createPacer(clock, CLOUDTRAIL_GAP_MS)
}

export interface RetryPolicy {
  /** Whether this error goes away by itself. */
  readonly isRetryable: (error: unknown) => boolean
  /** Milliseconds after which the last error is final. */
  readonly withinMs: number
  readonly firstWaitMs: number
  readonly longestWaitMs: number
  readonly waiting?: (waitedMs: number) => void
}

/** Repeats a call with doubling waits while its error is one that passes. */
export async function retry<T>(clock: Clock, retryPolicy: RetryPolicy, call: () => Promise<T>): Promise<T> {
  const started = clock.now().getTime()
  let wait = retryPolicy.firstWaitMs
  for (;;) {
    try {
      return await call()
    } catch (error) {
      const waited = clock.now().getTime() - started
      if (!retryPolicy.isRetryable(error) || waited + wait > retryPolicy.withinMs) throw error
      retryPolicy.waiting?.(waited)
      await clock.sleep(wait)
      wait = Math.min(wait * 2, retryPolicy.longestWaitMs)
    }
  }
}

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
