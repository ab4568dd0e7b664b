/** The topics that a chain can have, and whether anybody else needs one of them. */

import { type Inventory, type SubscriptionFact, valueIfRead } from './inventory.ts'
import type { Resource } from './link.ts'
import { parseMarker } from './marker.ts'
import { chainNames, parseArn, topicArn } from './names.ts'
import { isPagerDutyEndpoint } from './route.ts'

/** ARNs of all topics that this chain may have made. */
export function chainTopics({ site }: Pick<Inventory, 'site'>, prefix: string): readonly string[] {
  const names = chainNames(prefix, site)
  return [names.topic, names.ticketTopic, names.complianceTopic].map((name) => topicArn(site, name))
}

/** Why somebody else would miss the topic. */
export interface ForeignUse {
  readonly why: string
  /** An alarm that is not ours acts on it, so our subscriptions may be its as well. */
  readonly byAlarm: boolean
}

export function foreignUse(
  inventory: Inventory,
  arn: string,
  subscriptions: readonly SubscriptionFact[],
  eventsUrl: URL | undefined,
): ForeignUse | undefined {
  const user = (valueIfRead(inventory.alarms) ?? []).find(
    ({ alarmActions, okActions, description }) =>
      [...alarmActions, ...okActions].includes(arn) && parseMarker(description) === undefined,
  )
  if (user !== undefined) return { why: `alarm ${user.name}, which is not ours, acts on it`, byAlarm: true }
  const foreign = subscriptions.filter(({ endpoint }) => !isPagerDutyEndpoint(endpoint, eventsUrl))
  if (foreign.length === 0) return undefined
  const protocols = foreign.map(({ protocol }) => protocol).join(', ')
  return { why: `somebody else is subscribed to it (${protocols})`, byAlarm: false }
}

/** The topic as far as its removal needs it. */
export function topicToRemove(arn: string): Resource<'topic'> {
  const spec = { arn, displayName: '', kmsKeyId: undefined, policy: { Statement: [] }, tags: {} }
  return { kind: 'topic', name: parseArn(arn)?.resource ?? arn, provenance: 'ours', spec }
}
