/** What earlier runs of this chain made and the wish no longer names: kept and reported, deleted only on request. */

import { isIntegrationUrl } from '../domain/endpoint.ts'
import { parseArn } from '../domain/names.ts'
import { hasSid, SID } from '../domain/policy-documents.ts'
import type { DashboardBody, Kind, Resource } from '../domain/resources.ts'
import { type Snapshot, type SubscriptionSnapshot, valueIfRead } from '../domain/snapshot.ts'
import { alarmSpec, filterSpec } from './current-state.ts'
import { emailSubscription, emailSubscriptionOf, fallbackTopicArn, recordedAddresses } from './desired-fallback.ts'
import { managedQueue } from './desired-queue.ts'
import { chainTopics, isRecorded, pages, topicToRemove, topicWithSubscriptions } from './destroy-topic.ts'
import { managedAlarms, managedDashboards, managedFilters } from './managed.ts'

/** What `orphans` may give. */
export const ORPHAN_KINDS: readonly Kind[] = [
  'topic',
  'alarm',
  'metric-filter',
  'subscription',
  'email-subscription',
  'queue',
  'dashboard',
]

/**
 * Topics that nothing goes to any more, alarms and filters of detections that are no longer listed, and subscriptions of
 * PagerDuty endpoints that were replaced; deleted in the opposite order, so that no alarm acts on what is gone.
 */
export function orphans(desired: readonly Resource[], snapshot: Snapshot, prefix: string): readonly Resource[] {
  return [
    ...staleTopics(desired, snapshot, prefix),
    ...staleAlarms(desired, snapshot, prefix),
    ...staleFilters(desired, snapshot, prefix),
    ...replacedSubscriptions(desired, snapshot),
    ...staleEmail(desired, snapshot, prefix),
    ...staleQueues(desired, snapshot, prefix),
    ...staleDashboards(desired, snapshot, prefix),
  ]
}

export function staleAlarms(
  desired: readonly Resource[],
  snapshot: Snapshot,
  prefix: string,
): readonly Resource<'alarm'>[] {
  const wanted = namesOf(desired, 'alarm')
  return managedAlarms(snapshot, prefix)
    .filter(({ name }) => !wanted.has(name))
    .map((alarm) => ({ kind: 'alarm', name: alarm.name, ownership: 'managed', spec: alarmSpec(alarm) }))
}

export function staleFilters(
  desired: readonly Resource[],
  snapshot: Snapshot,
  prefix: string,
): readonly Resource<'metric-filter'>[] {
  const wanted = namesOf(desired, 'metric-filter')
  return managedFilters(snapshot, prefix)
    .filter(({ name }) => !wanted.has(name))
    .map((filter) => ({
      kind: 'metric-filter',
      name: filter.name,
      ownership: 'managed',
      spec: filterSpec(filter, true),
    }))
}

export function staleDashboards(
  desired: readonly Resource[],
  snapshot: Snapshot,
  prefix: string,
): readonly Resource<'dashboard'>[] {
  const wanted = namesOf(desired, 'dashboard')
  return managedDashboards(snapshot, prefix)
    .filter(({ name }) => !wanted.has(name))
    .map(({ name, body }) => ({ kind: 'dashboard', name, ownership: 'managed', spec: { body: body as DashboardBody } }))
}

/** The e-mail topic that is no longer wanted, or addresses that were replaced. Deleted before the alarm that keeps the record of them. */
function staleEmail(desired: readonly Resource[], snapshot: Snapshot, prefix: string): readonly Resource[] {
  const topic = fallbackTopicArn(snapshot.site, prefix)
  if (!desired.some((one) => one.kind === 'topic' && one.spec.arn === topic)) {
    const managed = hasSid(valueIfRead(snapshot.topics.get(topic))?.policy, SID.topic)
    return managed ? topicWithSubscriptions(snapshot, topic, prefix, []) : []
  }
  const wanted = namesOf(desired, 'email-subscription')
  return recordedAddresses(snapshot, prefix).flatMap((address) => {
    const found = emailSubscriptionOf(snapshot, topic, address)
    return found === undefined || wanted.has(address)
      ? []
      : [emailSubscription(topic, address, found.confirmed === true)]
  })
}

export function staleQueues(
  desired: readonly Resource[],
  snapshot: Snapshot,
  prefix: string,
): readonly Resource<'queue'>[] {
  const found = managedQueue(snapshot, prefix)
  const name = parseArn(found?.arn ?? '')?.resource
  if (found === undefined || name === undefined || namesOf(desired, 'queue').has(name)) return []
  const { arn, retentionS, encrypted, policy = { Statement: [] } } = found
  return [{ kind: 'queue', name, ownership: 'managed', spec: { arn, policy, retentionS, encrypted, tags: {} } }]
}

/** On a topic of the chain, and subscribed by init: any other endpoint is somebody else's. */
function replacedSubscriptions(desired: readonly Resource[], snapshot: Snapshot): readonly Resource[] {
  const own = new Set(managedTopics(desired))
  return desired.flatMap((resource) => {
    if (resource.kind !== 'subscription' || !own.has(resource.spec.topicArn)) return []
    return unwantedOn(resource.spec.topicArn, desired, snapshot)
      .filter(isRecorded)
      .map(({ endpoint: { address }, confirmed }) => ({
        ...resource,
        name: `${address} (replaced)`,
        spec: { ...resource.spec, endpoint: address, confirmed: confirmed === true },
      }))
  })
}

/** Topics whose PagerDuty endpoints are not all wanted: only what they remember tells whose the others are. */
export function topicsToAsk(
  desired: readonly Resource[],
  snapshot: Snapshot,
  others: readonly string[],
): readonly string[] {
  const managed = managedTopics(desired).filter((arn) => unwantedOn(arn, desired, snapshot).length > 0)
  return [...new Set([...managed, ...others.filter((arn) => pages(snapshot, arn))])]
}

/** One sentence for each PagerDuty endpoint on a topic of the chain that init did not subscribe: it pages, and it stays. */
export function unrecordedEndpoints(desired: readonly Resource[], snapshot: Snapshot): readonly string[] {
  return managedTopics(desired).flatMap((topic) => {
    const others = unwantedOn(topic, desired, snapshot).filter((one) => !isRecorded(one))
    return others.map(({ endpoint: { address }, arn, recorded }) => {
      const unknown =
        recorded?.state === 'unreadable' ? `whether init subscribed it is unknown: ${recorded.why}` : undefined
      const why = unknown ?? 'init did not subscribe it'
      const how = arn === undefined ? '' : `; aws sns unsubscribe --subscription-arn ${arn} removes it`
      return `topic ${topic} also notifies ${address}: ${why}, so it stays, and every alarm pages there too${how}`
    })
  })
}

function managedTopics(desired: readonly Resource[]): readonly string[] {
  return desired.flatMap((resource) =>
    resource.kind === 'topic' && resource.ownership === 'managed' ? [resource.spec.arn] : [],
  )
}

/** PagerDuty endpoints on a topic that are not to be there. */
function unwantedOn(topic: string, desired: readonly Resource[], snapshot: Snapshot): readonly SubscriptionSnapshot[] {
  const wanted = desired.flatMap((one) =>
    one.kind === 'subscription' && one.spec.topicArn === topic && one.spec.endpoint !== 'from-pagerduty'
      ? [one.spec.endpoint]
      : [],
  )
  return (valueIfRead(snapshot.subscriptions.get(topic)) ?? []).filter(
    ({ endpoint }) => isIntegrationUrl(endpoint) && !wanted.some((one) => one.equals(endpoint.address)),
  )
}

/** A topic of ours for tickets or compliance that no alarm is to act on; one that was not looked at is known by our alarms. */
function staleTopics(desired: readonly Resource[], snapshot: Snapshot, prefix: string): readonly Resource[] {
  const wanted = new Set(desired.flatMap((resource) => (resource.kind === 'topic' ? [resource.spec.arn] : [])))
  const acting = new Set(staleAlarms(desired, snapshot, prefix).flatMap(({ spec }) => spec.alarmActions))
  const fallback = fallbackTopicArn(snapshot.site, prefix)
  return chainTopics(snapshot, prefix)
    .filter((arn) => !wanted.has(arn) && arn !== fallback)
    .flatMap((arn) => {
      if (!snapshot.topics.has(arn)) return acting.has(arn) ? [topicToRemove(arn)] : []
      const managed = hasSid(valueIfRead(snapshot.topics.get(arn))?.policy, SID.topic)
      return managed ? topicWithSubscriptions(snapshot, arn, prefix, []) : []
    })
}

function namesOf(resources: readonly Resource[], kind: Resource['kind']): ReadonlySet<string> {
  return new Set(resources.filter((resource) => resource.kind === kind).map(({ name }) => name))
}
