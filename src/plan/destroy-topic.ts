/** What goes when a topic of the chain is no longer wanted: the topic, or our subscriptions alone. */

import { isPagerDuty } from '../domain/endpoint.ts'
import { parseMarker } from '../domain/marker.ts'
import { chainNames, parseArn, topicArn } from '../domain/names.ts'
import type { Resource } from '../domain/resources.ts'
import { type Snapshot, type SubscriptionSnapshot, valueIfRead } from '../domain/snapshot.ts'

/** Something that stays, and the reason. */
export interface Retained {
  readonly resource: string
  readonly why: string
}

/** Which topics of this chain there can be. */
export function chainTopics(snapshot: Pick<Snapshot, 'site'>, prefix: string): readonly string[] {
  const names = chainNames(prefix, snapshot.site)
  return [names.topic, names.ticketTopic, names.complianceTopic].map((name) => topicArn(snapshot.site, name))
}

/**
 * Deleting a topic takes its subscriptions along, so one of somebody else keeps it; ours then goes alone. What stays is
 * added to `kept`.
 */
export function topicWithSubscriptions(snapshot: Snapshot, arn: string, kept: Retained[]): readonly Resource[] {
  const reading = snapshot.subscriptions.get(arn)
  if (reading?.state !== 'read') {
    kept.push({ resource: arn, why: reading?.why ?? 'its subscriptions were not read' })
    return []
  }
  const unmanaged = reading.value.filter(({ endpoint }) => !isPagerDuty(endpoint))
  const user = (valueIfRead(snapshot.alarms) ?? []).find(
    ({ alarmActions, okActions, description }) =>
      [...alarmActions, ...okActions].includes(arn) && parseMarker(description) === undefined,
  )
  if (unmanaged.length === 0 && user === undefined) {
    return [topicToRemove(arn)]
  }
  const protocols = unmanaged.map(({ protocol }) => protocol).join(', ')
  const why =
    user === undefined
      ? `somebody else is subscribed to it (${protocols})`
      : `alarm ${user.name}, which is not ours, acts on it`
  kept.push({ resource: arn, why })
  return user === undefined ? ownSubscriptions(reading.value) : []
}

/** The topic, as far as its removal needs it. */
export function topicToRemove(arn: string): Resource {
  const spec = { arn, displayName: '', kmsKeyId: undefined, policy: { Statement: [] }, tags: {} }
  return { kind: 'topic', name: parseArn(arn)?.resource ?? arn, ownership: 'managed', spec }
}

function ownSubscriptions(subscriptions: readonly SubscriptionSnapshot[]): readonly Resource[] {
  return subscriptions
    .filter(({ endpoint, confirmed }) => confirmed === true && isPagerDuty(endpoint))
    .map(({ endpoint: { address }, topicArn: topic }) => ({
      kind: 'subscription',
      name: String(address),
      ownership: 'managed',
      spec: { topicArn: topic, endpoint: address, purpose: 'pages', rawDelivery: false, confirmed: true },
    }))
}
