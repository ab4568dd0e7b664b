/** From the wish to the resources that make it true, in the order of their creation. */

import { chainNames } from '../domain/names.ts'
import type { Resource, Tags } from '../domain/resources.ts'
import type { Inventory } from '../domain/snapshot.ts'
import { eventSide, notificationSide } from './chain-names.ts'
import { alarmsOf, filtersOf } from './desired-detections.ts'
import { trailResources } from './desired-events.ts'
import { type Endpoints, pagerDutyResources, subscriptions, topics } from './desired-notifications.ts'
import type { Setup } from './setup.ts'
import type { TrailChoice } from './trail-choice.ts'

/** The tag that tells people where a resource comes from; ownership never rests on it. */
const CREATED_BY: Tags = { 'created-by': 'cloudtrail-pd' }

/** Everything that has to be there, event side first, alarms last. */
export function desired(
  setup: Setup,
  inventory: Inventory,
  choice: TrailChoice,
  endpoints: Endpoints,
): readonly Resource[] {
  const { site } = inventory
  const names = chainNames(setup.name, site)
  const events = eventSide(setup, site, choice)
  const notifications = notificationSide(setup, site)
  const tags = { ...CREATED_BY, ...setup.tags }
  return [
    ...trailResources(setup, inventory, choice, events, tags),
    ...setup.detections.flatMap((detection) => filtersOf(detection, setup, names, events.logGroup)),
    ...pagerDutyResources(setup, inventory, names),
    ...topics(setup, inventory, names, notifications, tags),
    ...subscriptions(notifications, endpoints),
    ...setup.detections.flatMap((detection) => alarmsOf(detection, setup, site, events, notifications, tags)),
  ]
}
