/** Reads PagerDuty's side of the subscriptions: what the key of each leads to. */

import { isPagerDuty } from '../domain/endpoint.ts'
import type { ServiceRegion } from '../domain/route.ts'
import type { Reading, SubscriptionSnapshot } from '../domain/snapshot.ts'
import type { PagerDuty } from '../pagerduty/directory.ts'
import { attempt, findTarget, type PagerDutyTarget } from '../pagerduty/target.ts'
import type { PagerDutyReadings } from './account.ts'

/** Never throws for what PagerDuty refuses: each target is a value or unreadable, with the reason. */
export async function gatherPagerDuty(
  pagerduty: PagerDuty,
  serviceRegion: ServiceRegion,
  subscriptions: readonly SubscriptionSnapshot[],
): Promise<Reading<PagerDutyReadings>> {
  const answers = await attempt(() => pagerduty.abilities())
  if (answers.state === 'unreadable') return answers
  const targets = new Map<string, Reading<PagerDutyTarget | undefined>>()
  for (const { arn, topicArn, endpoint } of subscriptions) {
    if (arn === undefined || !isPagerDuty(endpoint)) continue
    targets.set(arn, await attempt(() => findTarget(pagerduty, endpoint.route, topicArn)))
  }
  return { state: 'read', value: { serviceRegion, targets } }
}
