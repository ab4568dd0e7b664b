/** Reads what is there of the chain that a setup describes. */

import { readKey } from '../../aws/readers/key.ts'
import type { PagerDutyContext } from '../../aws/resources/handler.ts'
import { readEach, readSnapshot } from '../../aws/resources/snapshot.ts'
import type { Aws } from '../../aws/session.ts'
import { siteOf } from '../../aws/site.ts'
import { chainNames, queueArn } from '../../domain/names.ts'
import { type Snapshot, type TrailSnapshot, valueIfRead } from '../../domain/snapshot.ts'
import { readPagerDuty } from '../../pagerduty/integration.ts'
import { eventNames, notificationNames } from '../../plan/chain-names.ts'
import { fallbackTopicArn } from '../../plan/desired-fallback.ts'
import { pagerDutyDestination, type Setup } from '../../plan/setup.ts'
import { type KeyReadings, keysOf } from '../../plan/topic-fitness.ts'
import type { TrailChoice } from '../../plan/trail-choice.ts'
import { ticketTopic } from './earlier-runs.ts'

/** What was read for a plan; `otherTopics` are looked at besides those of the setup. */
export async function readChain(
  setup: Setup,
  aws: Aws,
  choice: TrailChoice,
  trails: readonly TrailSnapshot[],
  pagerduty: PagerDutyContext | undefined,
  otherTopics: readonly string[] = [],
): Promise<Snapshot> {
  const site = siteOf(aws)
  const snapshot = await readSnapshot(aws, {
    prefix: setup.name,
    trails: { state: 'read', value: trails },
    events: eventNames(setup, site, choice),
    // Looked at even where no ticket goes there now: an earlier run may have made it.
    notifications: { ...notificationNames(setup, site), ticketTopicArn: ticketTopic(setup, site) },
    otherTopics,
    alarmNames: setup.detections.flatMap(({ custom }) => custom?.alarmName ?? []),
    namedTopic: setup.topic.nameOrArn === undefined ? undefined : notificationNames(setup, site).topicArn,
    fallbackTopic: fallbackTopicArn(site, setup.name),
    ownRole: chainNames(setup.name, site).role,
    queue: {
      arn: queueArn(site, chainNames(setup.name, site).queue),
      asked: setup.deadLetterQueue !== undefined || otherTopics.length > 0,
    },
    dashboard: chainNames(setup.name, site).dashboard,
    organization: choice.how === 'reuse' ? choice.trail.organization : choice.organization,
  })
  const asked = pagerDutyDestination(setup)
  if (asked === undefined || pagerduty === undefined) return snapshot
  const { topicArn: pagingTopic } = notificationNames(setup, site)
  const present = valueIfRead(snapshot.subscriptions.get(pagingTopic)) ?? []
  const words = {
    name: chainNames(setup.name, site).integration,
    topicArn: pagingTopic,
    subscribed: present.map(({ endpoint }) => endpoint.address),
  }
  return { ...snapshot, pagerduty: await readPagerDuty(pagerduty, asked, words) }
}

export function readKeys(setup: Setup, aws: Aws, snapshot: Snapshot): Promise<KeyReadings> {
  return readEach(keysOf(setup.topic.kmsKey, snapshot), (id) => readKey(aws, id))
}
