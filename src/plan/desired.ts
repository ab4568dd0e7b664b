/** From the wish to the resources that make it true, in the order of their creation. */

import { chainNames } from '../domain/names.ts'
import { CREATED_BY, type Resource } from '../domain/resources.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import { eventNames, notificationNames } from './chain-names.ts'
import { dashboardOf } from './desired-dashboard.ts'
import { alarmsOf, filtersOf } from './desired-detections.ts'
import { trailResources } from './desired-events.ts'
import { emailSubscriptions, failuresAlarm, keptHeartbeat } from './desired-fallback.ts'
import { heartbeatAlarm } from './desired-heartbeat.ts'
import { type Endpoints, pagerDutyResources, subscriptions, topics } from './desired-notifications.ts'
import { deadLetterQueue } from './desired-queue.ts'
import type { Setup } from './setup.ts'
import type { TrailChoice } from './trail-choice.ts'

/** Everything that has to be there, event side first, alarms last. */
export function desired(
  setup: Setup,
  snapshot: Snapshot,
  choice: TrailChoice,
  endpoints: Endpoints,
): readonly Resource[] {
  const { site } = snapshot
  const names = chainNames(setup.name, site)
  const events = eventNames(setup, site, choice)
  const notifications = notificationNames(setup, site)
  const tags = { ...CREATED_BY, ...setup.tags }
  const told = topics(setup, snapshot, names, notifications, tags)
  const chain = [
    ...trailResources(setup, snapshot, choice, events, tags),
    ...setup.detections.flatMap((detection) => filtersOf(detection, setup, names, events.logGroup)),
    ...pagerDutyResources(setup, snapshot, names),
    ...told,
    ...deadLetterQueue(setup, site, notifications, tags),
    ...subscriptions(setup, snapshot, notifications, endpoints, told),
    ...emailSubscriptions(setup, notifications),
    ...setup.detections.flatMap((detection) => alarmsOf(detection, setup, site, events, notifications, tags)),
    ...heartbeatAlarm(setup, site, events, notifications, tags),
    ...keptHeartbeat(setup, snapshot, notifications),
    ...failuresAlarm(setup, site, notifications, tags),
  ]
  return [...chain, ...dashboardOf(setup, site, events, chain)]
}
