/** `destroy` as a plan: it deletes what has this chain's mark and name and no other user, and says why the rest stays. */

import { catalogue } from '../detections/catalogue.ts'
import { parseMarker } from '../domain/marker.ts'
import { chainNames, queueArn } from '../domain/names.ts'
import { hasSid, SID } from '../domain/policy-documents.ts'
import type { Resource } from '../domain/resources.ts'
import { type Snapshot, valueIfRead } from '../domain/snapshot.ts'
import { deletedBy, deployerOf } from './deployer.ts'
import { fallbackTopicArn } from './desired-fallback.ts'
import { isRedriven } from './desired-queue.ts'
import type { Contents, DestroyRequest } from './destroy-contents.ts'
import { removeEvents } from './destroy-events.ts'
import { chainTopics, staying, topicWithSubscriptions } from './destroy-topic.ts'
import { copiedFilters, isManagedAlarm, managedAlarms, managedDashboards } from './managed.ts'
import { staleAlarms, staleDashboards, staleFilters, staleQueues } from './orphans.ts'
import type { Change, Plan } from './plan.ts'
import { type Retained, unread } from './retained.ts'

export interface DestroyPlan {
  readonly plan: Plan
  readonly kept: readonly Retained[]
  /** By the ARN of a topic in the plan: the endpoints of the subscriptions that it takes along. */
  readonly taken: ReadonlyMap<string, readonly string[]>
}

/**
 * Filters before alarms, because an alarm's description names the filter of a custom detection; the log group before the
 * role that marks it; so that a run which dies between any two is finished by the next.
 */
export function planDestroy(snapshot: Snapshot, contents: Contents, request: DestroyRequest): DestroyPlan {
  const kept: Retained[] = [...copies(snapshot, request.prefix), ...otherDashboards(snapshot, request.prefix)]
  const topics = removeTopics(snapshot, request, kept)
  const events = removeEvents({ snapshot, contents, request }, kept)
  const fallback = fallbackTopicArn(snapshot.site, request.prefix)
  const isEmail = ({ spec }: Resource) =>
    ('arn' in spec && spec.arn === fallback) || ('topicArn' in spec && spec.topicArn === fallback)
  const resources = [
    ...staleDashboards([], snapshot, request.prefix),
    // Before the alarm that remembers whose addresses they are.
    ...topics.filter(isEmail),
    ...staleFilters([], snapshot, request.prefix),
    ...staleAlarms([], snapshot, request.prefix),
    ...topics.filter((one) => !isEmail(one)),
    ...removeQueue(snapshot, request.prefix, topics, kept),
    ...events,
  ]
  const deployer = deployerOf(snapshot, request.prefix)
  if (deployer !== undefined) {
    const why = deletedBy(deployer)
    return { plan: [], taken: new Map(), kept: [...resources.map(({ name }) => ({ resource: name, why })), ...kept] }
  }
  const taken = new Map(
    resources.flatMap((one) =>
      one.kind === 'topic' ? [[one.spec.arn, endpointsOf(snapshot, one.spec.arn)] as const] : [],
    ),
  )
  const plan = resources.map((resource): Change => ({ action: 'delete', resource, why: whyGone(resource, taken) }))
  return { plan, kept, taken }
}

/** Why something goes of which there is nothing more to say. */
export const MADE_BY_INIT = 'made by init'

function endpointsOf({ subscriptions }: Snapshot, topic: string): readonly string[] {
  return (valueIfRead(subscriptions.get(topic)) ?? []).map(({ endpoint }) => String(endpoint.address))
}

function whyGone(resource: Resource, taken: DestroyPlan['taken']): string {
  const endpoints = resource.kind === 'topic' ? (taken.get(resource.spec.arn) ?? []) : []
  return endpoints.length === 0 ? MADE_BY_INIT : `${MADE_BY_INIT}, and ${withIt(endpoints)}`
}

/** What goes with a topic, such as `with it the subscription of https://…`. */
export function withIt(endpoints: readonly string[]): string {
  return `with it the subscription of ${endpoints.join(', ')}`
}

/** Alarms with only the mark or only the name of this chain, and filters of its name where it does not look. */
function copies(snapshot: Snapshot, prefix: string): readonly Retained[] {
  const { site, trails } = snapshot
  const names = chainNames(prefix, site)
  const computed = new Set(catalogue.flatMap(({ id }) => [names.alarm(id, 'paging'), names.alarm(id, 'compliance')]))
  const alarms = (valueIfRead(snapshot.alarms) ?? [])
    .filter((alarm) => !isManagedAlarm(alarm, prefix, site))
    .flatMap(({ name, description }): readonly Retained[] => {
      if (parseMarker(description)?.name === prefix)
        return [
          {
            resource: name,
            why: 'it is marked as created by cloudtrail-pd but has another name: probably a copy of one of its alarms',
          },
        ]
      return computed.has(name)
        ? [{ resource: name, why: 'it has a matching name but was not created by cloudtrail-pd' }]
        : []
    })
  const filters = copiedFilters(snapshot, prefix).map(({ name, logGroup }): Retained => {
    const resource = `${name} (log group ${logGroup})`
    return trails.state === 'unreadable'
      ? { resource, ...unread(trails, 'which log groups the trails deliver to') }
      : { resource, why: 'it has a matching name but is on a log group that this chain does not use' }
  })
  return [...alarms, ...filters]
}

/** A dashboard of the computed name that is not this chain's, or of which that is not known. */
function otherDashboards(snapshot: Snapshot, prefix: string): readonly Retained[] {
  const { dashboard } = chainNames(prefix, snapshot.site)
  const reading = snapshot.dashboards.get(dashboard)
  if (reading?.state === 'unreadable') {
    return [{ resource: dashboard, ...unread(reading, 'whether it is there, and whose it is,') }]
  }
  if (reading?.value === undefined || managedDashboards(snapshot, prefix).length > 0) return []
  return [{ resource: dashboard, why: 'it has a matching name but was not created by cloudtrail-pd' }]
}

/** The queue goes after what sends to it, and stays where that stays, or where it holds what PagerDuty did not take. */
function removeQueue(
  snapshot: Snapshot,
  prefix: string,
  removed: readonly Resource[],
  kept: Retained[],
): readonly Resource[] {
  const arn = queueArn(snapshot.site, chainNames(prefix, snapshot.site).queue)
  const reading = snapshot.queues.get(arn)
  if (reading?.state === 'unreadable') {
    kept.push({ resource: arn, ...unread(reading, 'whether it is there, and whose it is,') })
    return []
  }
  if (reading?.value === undefined) return []
  const [queue] = staleQueues([], snapshot, prefix)
  if (queue === undefined) {
    kept.push({ resource: arn, why: 'it has a matching name but was not created by cloudtrail-pd' })
    return []
  }
  const { messages, url } = reading.value
  const gone = new Set(
    removed.flatMap(({ spec }) => ('topicArn' in spec ? spec.topicArn : 'arn' in spec ? spec.arn : [])),
  )
  const sender = [...snapshot.subscriptions.keys()].find(
    (topic) => isRedriven(snapshot, topic, arn) && !gone.has(topic),
  )
  if (sender !== undefined) {
    kept.push({ resource: arn, why: `a subscription of ${sender}, which is kept, sends to it` })
    return []
  }
  if (messages > 0) {
    const what = messages === 1 ? '1 message' : `${messages} messages`
    kept.push({
      resource: arn,
      why: `it holds ${what} that PagerDuty did not take; aws sqs delete-queue --queue-url ${url} deletes it with them`,
    })
    return []
  }
  return [queue]
}

function removeTopics(snapshot: Snapshot, request: DestroyRequest, kept: Retained[]): readonly Resource[] {
  const managed = chainTopics(snapshot, request.prefix)
  for (const arn of adoptedTopics(snapshot, request.prefix, managed)) {
    kept.push({ resource: arn, why: 'it was given with --topic; its subscriptions are kept' })
    kept.push(...staying(valueIfRead(snapshot.subscriptions.get(arn)) ?? []))
  }
  return managed.flatMap((arn) => {
    const reading = snapshot.topics.get(arn)
    if (reading?.state === 'unreadable')
      kept.push({ resource: arn, ...unread(reading, 'whether it is there, and whose it is,') })
    const topic = valueIfRead(reading)
    if (topic === undefined) return []
    if (!hasSid(topic.policy, SID.topic)) {
      kept.push({ resource: arn, why: 'it has a matching name but was not created by cloudtrail-pd' })
      return []
    }
    return topicWithSubscriptions(snapshot, arn, request.prefix, kept)
  })
}

/** Topics of somebody else that the alarms of this chain act on. */
export function adoptedTopics(snapshot: Snapshot, prefix: string, managed: readonly string[]): readonly string[] {
  const targets = managedAlarms(snapshot, prefix).flatMap((alarm) => [...alarm.alarmActions, ...alarm.okActions])
  return [...new Set(targets)].filter((arn) => !managed.includes(arn))
}
