/** Which endpoints the topics of a chain deliver to. */

import { isIntegrationUrl } from '../../domain/endpoint.ts'
import { type Snapshot, valueIfRead } from '../../domain/snapshot.ts'
import { type AppError, usage } from '../../errors.ts'
import type { NotificationNames } from '../../plan/chain-names.ts'
import type { Endpoints } from '../../plan/desired-notifications.ts'
import type { Setup } from '../../plan/setup.ts'

/** Without a key, the PagerDuty endpoint that the topic is already subscribed to. */
export function endpointsOf(
  setup: Setup,
  snapshot: Snapshot,
  notifications: NotificationNames,
  anyEndpoint = false,
): Endpoints {
  const tickets = setup.ticketRoute === undefined ? {} : { tickets: setup.ticketRoute.endpoint }
  const { destination } = setup
  if (destination?.how === 'integration') return { pages: destination.route.endpoint, ...tickets }
  const { pagerduty } = snapshot
  if (pagerduty !== undefined) return { pages: pagerduty.integration?.endpoint ?? 'from-pagerduty', ...tickets }
  const present = valueIfRead(snapshot.subscriptions.get(notifications.topicArn)) ?? []
  const known = present.filter(({ endpoint }) => isIntegrationUrl(endpoint))
  const best = known.find(({ confirmed }) => confirmed === true) ?? known[0]
  if (best === undefined) {
    if (anyEndpoint) return { pages: 'from-pagerduty', ...tickets }
    throw noEndpoint()
  }
  return { pages: best.endpoint.address, ...tickets }
}

function noEndpoint(): AppError {
  return usage(
    'no-integration-key',
    'no PagerDuty integration key was given, and the topic has no PagerDuty subscription yet',
    'set CLOUDTRAIL_PD_INTEGRATION_KEY, or pass --integration-key-file PATH or --integration-url URL',
  )
}
