/** What earlier runs of this chain made and the wish no longer names: kept and reported, deleted only on request. */

import { isIntegrationUrl } from '../domain/endpoint.ts'
import { hasSid, SID } from '../domain/policy-documents.ts'
import type { DashboardBody, Kind, Resource } from '../domain/resources.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import { valueIfRead } from '../domain/snapshot.ts'
import { alarmSpec, filterSpec } from './current-state.ts'
import { chainTopics, topicToRemove, topicWithSubscriptions } from './destroy-topic.ts'
import { managedAlarms, managedDashboards, managedFilters } from './managed.ts'

/** What `orphans` may give. */
export const ORPHAN_KINDS: readonly Kind[] = ['topic', 'alarm', 'metric-filter', 'subscription', 'dashboard']

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

function replacedSubscriptions(desired: readonly Resource[], snapshot: Snapshot): readonly Resource[] {
  // On a topic that was only named, another PagerDuty endpoint is somebody else's.
  const own = new Set(
    desired.flatMap((resource) =>
      resource.kind === 'topic' && resource.ownership === 'managed' ? [resource.spec.arn] : [],
    ),
  )
  return desired.flatMap((resource) => {
    if (resource.kind !== 'subscription' || !own.has(resource.spec.topicArn)) return []
    const wanted = resource.spec.endpoint
    const present = valueIfRead(snapshot.subscriptions.get(resource.spec.topicArn)) ?? []
    return present
      .filter(({ endpoint }) => wanted === 'from-pagerduty' || !endpoint.address.equals(wanted))
      .filter(({ endpoint }) => isIntegrationUrl(endpoint))
      .map(({ endpoint: { address }, confirmed }) => ({
        ...resource,
        name: `${address} (replaced)`,
        spec: { ...resource.spec, endpoint: address, confirmed: confirmed === true },
      }))
  })
}

/** A topic of ours for tickets or compliance that no alarm is to act on; one that was not looked at is known by our alarms. */
function staleTopics(desired: readonly Resource[], snapshot: Snapshot, prefix: string): readonly Resource[] {
  const wanted = new Set(desired.flatMap((resource) => (resource.kind === 'topic' ? [resource.spec.arn] : [])))
  const acting = new Set(staleAlarms(desired, snapshot, prefix).flatMap(({ spec }) => spec.alarmActions))
  return chainTopics(snapshot, prefix)
    .filter((arn) => !wanted.has(arn))
    .flatMap((arn) => {
      if (!snapshot.topics.has(arn)) return acting.has(arn) ? [topicToRemove(arn)] : []
      const managed = hasSid(valueIfRead(snapshot.topics.get(arn))?.policy, SID.topic)
      return managed ? topicWithSubscriptions(snapshot, arn, prefix, []) : []
    })
}

function namesOf(resources: readonly Resource[], kind: Resource['kind']): ReadonlySet<string> {
  return new Set(resources.filter((resource) => resource.kind === kind).map(({ name }) => name))
}
