/** The sandbox's PagerDuty REST API: the paths that the tool calls, over one state. */

import type { PagerDutyState } from './pagerduty-state.ts'

export interface RestCall {
  readonly method: string
  readonly url: URL
  readonly authorization: string
  readonly body: string
  readonly at: string
  readonly pageSize: number
}

export interface RestAnswer {
  readonly status: number
  readonly body?: unknown
}

/** Answers one call; a write changes `state` in place. */
export function answer(_state: PagerDutyState, _call: RestCall): RestAnswer {
  return { status: 404, body: { error: { message: 'Not Found', code: 2100 } } }
}
