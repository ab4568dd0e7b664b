/** How often SNS tries an HTTPS endpoint again, and when (SNS developer guide, message delivery retries). */

/** The retry policy of a subscription, in SNS's own words; delays in seconds. */
export interface RetryPolicy {
  readonly minDelayTarget: number
  readonly maxDelayTarget: number
  readonly numRetries: number
  readonly numNoDelayRetries: number
  readonly numMinDelayRetries: number
  readonly numMaxDelayRetries: number
  readonly backoffFunction: 'linear'
}

/** What SNS does by itself: three times more, 20 seconds apart. */
export const DEFAULT_RETRIES: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  numMaxDelayRetries: 0,
  backoffFunction: 'linear',
}

/** SNS takes no policy whose delays come to more, in seconds. */
export const MAX_RETRY_S = 3600

/** About 50 minutes, which leaves room below the limit: as before at first, then once a minute. */
export const LONG_RETRIES: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 60,
  numRetries: 55,
  numNoDelayRetries: 0,
  numMinDelayRetries: 3,
  numMaxDelayRetries: 42,
  backoffFunction: 'linear',
}

/** Seconds before each retry, in order: at once, at the least delay, growing, at the longest delay. */
export function retryDelays(policy: RetryPolicy): readonly number[] {
  const {
    minDelayTarget: least,
    maxDelayTarget: most,
    numNoDelayRetries,
    numMinDelayRetries,
    numMaxDelayRetries,
  } = policy
  const growing = Math.max(0, policy.numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries)
  const step = growing < 2 ? 0 : (most - least) / (growing - 1)
  return [
    ...repeated(0, numNoDelayRetries),
    ...repeated(least, numMinDelayRetries),
    ...Array.from({ length: growing }, (_, index) => Math.round(least + index * step)),
    ...repeated(most, numMaxDelayRetries),
  ].slice(0, policy.numRetries)
}

/** The retry policy in a delivery policy as SNS returns it; the default where it names none. */
export function retriesIn(deliveryPolicy: string | undefined): RetryPolicy {
  const healthy = memberOf(parsed(deliveryPolicy), 'healthyRetryPolicy')
  const number = (name: keyof RetryPolicy) => {
    const value = memberOf(healthy, name)
    return typeof value === 'number' ? value : (DEFAULT_RETRIES[name] as number)
  }
  return {
    minDelayTarget: number('minDelayTarget'),
    maxDelayTarget: number('maxDelayTarget'),
    numRetries: number('numRetries'),
    numNoDelayRetries: number('numNoDelayRetries'),
    numMinDelayRetries: number('numMinDelayRetries'),
    numMaxDelayRetries: number('numMaxDelayRetries'),
    backoffFunction: 'linear',
  }
}

/** The delivery policy with these retries; a throttle or a content type that somebody set stays. */
export function withRetries(deliveryPolicy: string | undefined, retries: RetryPolicy): object {
  const before = parsed(deliveryPolicy)
  const kept = ['throttlePolicy', 'requestPolicy'].flatMap((name) => {
    const value = memberOf(before, name)
    return value === undefined || value === null ? [] : [[name, value] as const]
  })
  return { healthyRetryPolicy: retries, ...Object.fromEntries(kept) }
}

/** The ARN of the queue in a redrive policy; undefined where it names none. */
export function queueIn(redrivePolicy: string | undefined): string | undefined {
  const arn = memberOf(parsed(redrivePolicy), 'deadLetterTargetArn')
  return typeof arn === 'string' ? arn : undefined
}

function repeated(value: number, times: number): readonly number[] {
  return Array.from({ length: times }, () => value)
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}
