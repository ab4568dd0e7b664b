/** What a subscription's endpoint is, judged without ever showing it. */

import { AppError } from '../errors.ts'
import { type Route, readRoute, type ServiceRegion, type UrlShape } from './route.ts'
import type { Secret } from './secret.ts'

export type Endpoint =
  /** PagerDuty takes SNS messages here. `warnings` are about a key of an unusual alphabet. */
  | {
      readonly kind: 'pagerduty'
      readonly shape: UrlShape
      readonly serviceRegion: ServiceRegion
      readonly key: Secret
      readonly warnings: readonly string[]
    }
  /** Meant for PagerDuty and wrong; `why` is one sentence that never quotes the endpoint. */
  | { readonly kind: 'not-an-integration'; readonly why: string; readonly hint: string }
  | { readonly kind: 'elsewhere' }

/**
 * Judges the endpoint of a subscription. Only the protocols `https` and `http` can reach PagerDuty.
 * `eventsUrl` replaces PagerDuty's hosts in tests and emulator runs.
 */
export function judgeEndpoint(protocol: string, endpoint: Secret, eventsUrl?: URL): Endpoint {
  if (protocol !== 'https' && protocol !== 'http') return { kind: 'elsewhere' }
  const url = endpoint.reveal()
  try {
    const { route, warnings } = readRoute({ url, eventsUrl })
    return { kind: 'pagerduty', shape: route.shape, serviceRegion: route.serviceRegion, key: route.key, warnings }
  } catch (error) {
    if (!(error instanceof AppError) || !isMeantForPagerDuty(url)) return { kind: 'elsewhere' }
    return { kind: 'not-an-integration', why: error.message, hint: error.hint ?? '' }
  }
}

/** The route that an endpoint which is subscribed already belongs to; undefined when PagerDuty takes nothing there. */
export function routeAt(endpoint: Secret, eventsUrl?: URL): Route | undefined {
  try {
    return readRoute({ url: endpoint.reveal(), eventsUrl }).route
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

function isMeantForPagerDuty(url: string): boolean {
  const text = url.trim()
  return URL.canParse(text) && /(^|\.)pagerduty\.com(\.|$)/.test(new URL(text).hostname)
}
