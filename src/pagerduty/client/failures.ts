/** Every way in which a call to PagerDuty fails, as one sentence and what to do about it. */

import type { ServiceRegion } from '../../domain/route.ts'
import type { ErrorCode } from '../../error-codes.ts'
import type { AppErrorOptions } from '../../errors.ts'
import { AppError, EXIT } from '../../errors.ts'

/** How one attempt ended when it did not end well; all text in it is scrubbed. */
export type Failure =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly message: string
      readonly resetSeconds: number | undefined
    }
  | { readonly kind: 'unreadable'; readonly status: number; readonly found: string }
  | { readonly kind: 'redirect'; readonly status: number; readonly to: string }
  | { readonly kind: 'timeout'; readonly seconds: number }
  | { readonly kind: 'network'; readonly reason: string }

export interface FailedCall {
  /** `GET /services`, with the host that was asked. */
  readonly call: string
  readonly host: string
  readonly region: ServiceRegion
}

/** PagerDuty's guide to the integration names these roles. */
const WHO_MAY = 'ask a Manager, Admin, Global Admin or Account Owner, or use a token of one of them that may write'

/** A failure that another attempt may cure; whether it may be tried is for the caller, who knows if it wrote. */
export function isRetryableFailure(failure: Failure): boolean {
  if (failure.kind === 'network') return true
  return (
    (failure.kind === 'status' || failure.kind === 'unreadable') && (failure.status === 408 || failure.status >= 500)
  )
}

/** The error for people. */
export function toAppError(failure: Failure, failed: FailedCall): AppError {
  switch (failure.kind) {
    case 'status':
      return statusError(failure.status, failure.message, failed)
    case 'unreadable':
      return unreadable(failure, failed)
    case 'redirect':
      return error(
        'pagerduty-redirected',
        `PagerDuty redirected ${failed.call} to ${failure.to}, which was not followed`,
        failed,
        {
          hint: `check what answers for ${failed.host}: a proxy or a sign-in page may be in between`,
        },
      )
    case 'timeout':
      return error(
        'pagerduty-timeout',
        `PagerDuty did not answer ${failed.call} within ${failure.seconds} seconds`,
        failed,
        {
          hint: `check the network to ${failed.host}, then run the command again`,
        },
      )
    case 'network':
      return error(
        'pagerduty-unreachable',
        `PagerDuty cannot be reached at ${failed.host}: ${failure.reason}`,
        failed,
        {
          hint: 'check the network, the firewall and the proxy, then run the command again',
        },
      )
  }
}

function statusError(status: number, message: string, failed: FailedCall): AppError {
  const because = message === '' ? '' : `: ${message}`
  const retry = { hint: 'run the command again in a few minutes; status.pagerduty.com shows outages' }
  if (status === 401) return refusedToken(because, failed)
  if (status === 402) {
    return error('pagerduty-plan', `the PagerDuty account's plan does not include ${failed.call}${because}`, failed, {
      hint: 'choose the route "service", which every plan has',
    })
  }
  if (status === 403) {
    const options = { hint: WHO_MAY, exit: EXIT.access }
    return error(
      'pagerduty-denied',
      `the PagerDuty token is not allowed to call ${failed.call}${because}`,
      failed,
      options,
    )
  }
  if (status === 404) {
    return error('pagerduty-not-found', `PagerDuty cannot find the resource of ${failed.call}${because}`, failed, {
      hint: 'it may have been deleted, belong to another account, or be hidden from this token',
    })
  }
  if (status === 429)
    return error('pagerduty-rate-limited', `PagerDuty keeps refusing ${failed.call}: too many calls`, failed, retry)
  if (status === 408 || status >= 500) {
    return error(
      'pagerduty-unavailable',
      `PagerDuty failed at ${failed.call} with status ${status}${because}`,
      failed,
      retry,
    )
  }
  return error('pagerduty-rejected', `PagerDuty rejected ${failed.call} with status ${status}${because}`, failed)
}

function refusedToken(because: string, failed: FailedCall): AppError {
  const other = failed.region === 'us' ? 'eu' : 'us'
  return error('pagerduty-token-refused', `PagerDuty (${failed.region}) refused the token${because}`, failed, {
    hint: `check that the token was copied whole and is not revoked; for an account of the other region use --service-region ${other}`,
    exit: EXIT.access,
  })
}

function unreadable({ status, found }: { status: number; found: string }, failed: FailedCall): AppError {
  // A status says more than the unreadable body that came with it.
  if (status >= 400) return statusError(status, `${found} instead of JSON`, failed)
  return error('pagerduty-unreadable', `PagerDuty answered ${failed.call} with ${found} instead of JSON`, failed, {
    hint: `run the command again; if it fails again, a proxy between this machine and ${failed.host} may be changing the responses`,
  })
}

function error(code: ErrorCode, message: string, { host, call }: FailedCall, options: AppErrorOptions = {}): AppError {
  return new AppError(code, message, { detail: `${call} at ${host}`, ...options })
}
