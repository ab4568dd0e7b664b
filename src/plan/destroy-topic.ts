/** What goes when a topic of the chain is no longer wanted: the topic, or our subscriptions alone. */

import { isIntegrationUrl } from '../domain/endpoint.ts'
import { chainNames, parseArn, topicArn } from '../domain/names.ts'
import { SID } from '../domain/policy-documents.ts'
import type { Resource } from '../domain/resources.ts'
import { type Snapshot, type SubscriptionSnapshot, valueIfRead } from '../domain/snapshot.ts'
import { emailSubscription, fallbackTopicArn, isEmailTo, recordedAddresses } from './desired-fallback.ts'
import { isManagedAlarm } from './managed.ts'
import { type Retained, unread } from './retained.ts'

/** Which topics of this chain there can be. */
export function chainTopics(snapshot: Pick<Snapshot, 'site'>, prefix: string): readonly string[] {
  const names = chainNames(prefix, snapshot.site)
  return [names.topic, names.ticketTopic, names.complianceTopic, names.fallbackTopic].map((name) =>
    topicArn(snapshot.site, name),
  )
}

/**
 * Deleting a topic takes its subscriptions along and silences what publishes to it, so whatever this chain did not make
 * keeps it. What stays is added to `kept`, with the user named.
 */
export function topicWithSubscriptions(
  snapshot: Snapshot,
  arn: string,
  prefix: string,
  kept: Retained[],
): readonly Resource[] {
  const reading = snapshot.subscriptions.get(arn)
  if (reading?.state !== 'read') {
    kept.push(
      reading === undefined
        ? { resource: arn, why: 'its subscriptions were not read', unread: true }
        : { resource: arn, ...unread(reading, 'the subscriptions of the topic') },
    )
    return []
  }
  const publisher = alarmOn(snapshot, arn, prefix) ?? statementOn(snapshot, arn)
  if (publisher !== undefined) {
    kept.push({ resource: arn, why: publisher }, ...staying(reading.value))
    return []
  }
  const paging = reading.value.filter(({ endpoint, confirmed }) => confirmed !== false && isIntegrationUrl(endpoint))
  const others = paging.filter((one) => !isRecorded(one))
  if (others.length > 0) {
    kept.push({ resource: arn, ...whoseEndpoints(others) }, ...staying(others))
    return ownSubscriptions(snapshot, arn, prefix)
  }
  const isManaged = subscribedHere(snapshot, arn, prefix)
  const unmanaged = reading.value.filter((one) => !isManaged(one))
  if (unmanaged.length === 0) return [topicToRemove(arn)]
  const protocols = unmanaged.map(({ protocol }) => protocol).join(', ')
  kept.push({ resource: arn, why: `it has other subscribers (${protocols})` })
  return ownSubscriptions(snapshot, arn, prefix)
}

/** Which subscriptions of the topic init made: to PagerDuty, or of the e-mail topic to the addresses on record. */
function subscribedHere(snapshot: Snapshot, arn: string, prefix: string): (one: SubscriptionSnapshot) => boolean {
  if (arn !== fallbackTopicArn(snapshot.site, prefix)) return ({ endpoint }) => isIntegrationUrl(endpoint)
  const addresses = recordedAddresses(snapshot, prefix)
  return (one) => addresses.some((address) => isEmailTo(one, address))
}

/** Whether a topic tells PagerDuty, as far as it was read. */
export function pages({ subscriptions }: Pick<Snapshot, 'subscriptions'>, topic: string): boolean {
  return (valueIfRead(subscriptions.get(topic)) ?? []).some(({ endpoint }) => isIntegrationUrl(endpoint))
}

/** Whether init subscribed it, as the topic remembers; SNS itself records nobody. */
export function isRecorded({ recorded }: SubscriptionSnapshot): boolean {
  return valueIfRead(recorded) === true
}

function whoseEndpoints(others: readonly SubscriptionSnapshot[]): Omit<Retained, 'resource'> {
  const named = others.map(({ endpoint }) => String(endpoint.address)).join(', ')
  const [unreadable] = others.flatMap(({ recorded }) => (recorded?.state === 'unreadable' ? [recorded] : []))
  if (unreadable === undefined) return { why: `init did not subscribe ${named}, which would end with it` }
  return {
    ...unread(unreadable, 'the tags of the topic'),
    why: `whether init subscribed ${named} is unknown: ${unreadable.why}`,
  }
}

/** Subscriptions that stay with a topic of somebody else, each with the command that removes it. */
export function staying(subscriptions: readonly SubscriptionSnapshot[]): readonly Retained[] {
  return subscriptions
    .filter(({ endpoint }) => isIntegrationUrl(endpoint))
    .map(({ endpoint: { address }, arn }) => ({
      resource: String(address),
      why:
        arn === undefined
          ? 'the subscription is pending, and AWS removes it after two days'
          : `the subscription stays with the topic; aws sns unsubscribe --subscription-arn ${arn} removes it`,
    }))
}

/** An alarm that this chain did not make, and that acts on the topic in any of its states. */
function alarmOn(snapshot: Snapshot, arn: string, prefix: string): string | undefined {
  const user = (valueIfRead(snapshot.alarms) ?? []).find(
    (alarm) =>
      [...alarm.alarmActions, ...alarm.okActions, ...alarm.insufficientDataActions].includes(arn) &&
      !isManagedAlarm(alarm, prefix, snapshot.site),
  )
  return user === undefined ? undefined : `alarm ${user.name}, which is not managed by cloudtrail-pd, publishes to it`
}

/** A statement that somebody added to the topic's policy: what it allows would end with the topic. */
function statementOn(snapshot: Snapshot, arn: string): string | undefined {
  const policy = valueIfRead(snapshot.topics.get(arn))?.policy
  const index = (policy?.Statement ?? []).findIndex(({ Sid }) => Sid !== SID.topic && Sid !== SID.topicOwner)
  const statement = policy?.Statement[index]
  if (statement === undefined) return undefined
  return `its policy has a statement that cloudtrail-pd did not add (${String(statement.Sid ?? `number ${index + 1}`)})`
}

/** The topic, as far as its removal needs it. */
export function topicToRemove(arn: string): Resource {
  const spec = { arn, displayName: '', kmsKeyId: undefined, policy: { Statement: [] }, tags: {} }
  return { kind: 'topic', name: parseArn(arn)?.resource ?? arn, ownership: 'managed', spec }
}

/** Those that can be removed: a pending one expires by itself. */
function ownSubscriptions(snapshot: Snapshot, arn: string, prefix: string): readonly Resource[] {
  const confirmed = (valueIfRead(snapshot.subscriptions.get(arn)) ?? []).filter((one) => one.confirmed === true)
  if (arn === fallbackTopicArn(snapshot.site, prefix)) {
    return recordedAddresses(snapshot, prefix)
      .filter((address) => confirmed.some((one) => isEmailTo(one, address)))
      .map((address) => emailSubscription(arn, address))
  }
  return confirmed
    .filter((one) => isIntegrationUrl(one.endpoint) && isRecorded(one))
    .map(({ endpoint: { address } }) => ({
      kind: 'subscription',
      name: String(address),
      ownership: 'managed',
      spec: {
        topicArn: arn,
        endpoint: address,
        purpose: 'pages',
        recorded: true,
        rawDelivery: false,
        confirmed: true,
      },
    }))
}
