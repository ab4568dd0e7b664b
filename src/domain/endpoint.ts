/** What a subscription's endpoint is, parsed once when it is read; its address stays secret. */

import { AppError } from '../errors.ts'
import { type Route, readRoute } from './route.ts'
import type { Secret } from './secret.ts'

export type Endpoint = { readonly address: Secret } & (
  | PagerDutyRoute
  /** Meant for PagerDuty and wrong; `why` is one sentence that never quotes the address. */
  | { readonly kind: 'not-an-integration' | 'cloudwatch-adapter'; readonly why: string; readonly hint: string }
  /** A mailbox of PagerDuty: an email integration of a service. */
  | { readonly kind: 'email-integration' }
  | { readonly kind: 'elsewhere' }
)

/** PagerDuty takes SNS messages here. `warnings` are about a key of an unusual alphabet. */
interface PagerDutyRoute {
  readonly kind: 'pagerduty'
  readonly route: Route
  readonly warnings: readonly string[]
}

export type PagerDutyEndpoint = Extract<Endpoint, { kind: 'pagerduty' }>

/** Parses the address of a subscription. Only the protocols `https` and `http` can reach an integration URL. */
export function parseEndpoint(protocol: string, address: Secret): Endpoint {
  const text = address.reveal().trim()
  if (protocol.startsWith('email')) {
    return { kind: isPagerDutyHost(text.split('@').at(-1)) ? 'email-integration' : 'elsewhere', address }
  }
  if (protocol !== 'https' && protocol !== 'http') return { kind: 'elsewhere', address }
  try {
    const verdict = readRoute({ url: address.reveal() })
    if (verdict.route.shape !== 'adapter') return { kind: 'pagerduty', address, ...verdict }
    return { kind: 'cloudwatch-adapter', address, why: verdict.warnings.join('; '), hint: '' }
  } catch (error) {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (!(error instanceof AppError) || !isPagerDutyHost(url?.hostname)) return { kind: 'elsewhere', address }
    const kind = url?.pathname.startsWith(CLOUDWATCH_ADAPTER) ? 'cloudwatch-adapter' : 'not-an-integration'
    return { kind, address, why: error.message, hint: error.hint ?? '' }
  }
}

export function isPagerDuty(endpoint: Endpoint): endpoint is PagerDutyEndpoint {
  return endpoint.kind === 'pagerduty'
}

/** An integration URL of today or of the older form. */
export function isIntegrationUrl({ kind }: Endpoint): boolean {
  return kind === 'pagerduty' || kind === 'cloudwatch-adapter'
}

/** An integration URL, or a URL of PagerDuty that was taken for one. */
export function isMeantForPagerDuty({ kind }: Endpoint): boolean {
  return kind === 'pagerduty' || kind === 'not-an-integration' || kind === 'cloudwatch-adapter'
}

/** PagerDuty's older URL for CloudWatch alarms over SNS, before the integration URLs of today. */
const CLOUDWATCH_ADAPTER = '/adapter/cloudwatch_sns/v1/'

function isPagerDutyHost(host = ''): boolean {
  return /(^|\.)pagerduty\.com(\.|$)/i.test(host)
}
