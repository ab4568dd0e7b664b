/** What the notification side wants: PagerDuty's integration, topics and subscriptions. */

import { type ChainNames, parseArn } from '../domain/names.ts'
import { topicPolicy } from '../domain/policy-documents.ts'
import {
  type PlannedEndpoint,
  type Resource,
  type SubscriptionPurpose,
  shownEndpoint,
  type Tags,
} from '../domain/resources.ts'
import { type Snapshot, type TopicSnapshot, valueIfRead } from '../domain/snapshot.ts'
import type { NotificationNames } from './chain-names.ts'
import { deadLettersOf } from './desired-queue.ts'
import { pagerDutyDestination, type Setup } from './setup.ts'

/** The endpoint of each purpose that is wanted. */
export type Endpoints = Readonly<Partial<Record<SubscriptionPurpose, PlannedEndpoint>>>

/** What PagerDuty is to hold; an existing integration of somebody else is only used. */
export function pagerDutyResources(
  setup: Setup,
  { pagerduty: found }: Snapshot,
  names: ChainNames,
): readonly Resource[] {
  const requested = pagerDutyDestination(setup)
  if (requested === undefined || found === undefined) return []
  const { holder, escalationPolicy, integration } = found
  const service: Resource = {
    kind: 'pagerduty-service',
    name: holder.name,
    ownership: 'managed',
    spec: { escalationPolicy },
  }
  return [
    ...(requested.how === 'new-service' ? [service] : []),
    {
      kind: 'integration',
      name: integration?.name ?? names.integration,
      ownership: integration === undefined || integration.managed ? 'managed' : 'adopted',
      spec: { holder, id: integration?.id },
    },
  ]
}

export function topics(
  setup: Setup,
  snapshot: Snapshot,
  names: ChainNames,
  notifications: NotificationNames,
  tags: Tags,
): readonly Resource<'topic'>[] {
  const { site } = snapshot
  const topic = (arn: string, displayName: string, ownership: 'managed' | 'adopted'): Resource<'topic'> => ({
    kind: 'topic',
    name: parseArn(arn)?.resource ?? arn,
    ownership,
    spec: { arn, displayName, kmsKeyId: setup.topic.kmsKey, policy: topicPolicy(site, arn), tags },
  })
  const present: TopicSnapshot | undefined = valueIfRead(snapshot.topics.get(notifications.topicArn))
  const named = setup.topic.nameOrArn !== undefined && present !== undefined
  const main = topic(
    notifications.topicArn,
    proposedDisplayName(setup, present, snapshot),
    named ? 'adopted' : 'managed',
  )
  return [
    main,
    ...(notifications.ticketTopicArn === undefined
      ? []
      : [topic(notifications.ticketTopicArn, 'CloudTrail tickets', 'managed')]),
    ...(notifications.complianceTopicArn === undefined
      ? []
      : [topic(notifications.complianceTopicArn, `${names.prefix} compliance`, 'managed')]),
    ...(notifications.fallbackTopicArn === undefined
      ? []
      : [topic(notifications.fallbackTopicArn, `${names.prefix} watches CloudTrail`, 'managed')]),
  ]
}

export function subscriptions(
  setup: Setup,
  snapshot: Snapshot,
  notifications: NotificationNames,
  endpoints: Endpoints,
  topics: readonly Resource<'topic'>[],
): readonly Resource[] {
  const managed = topics.filter(({ ownership }) => ownership === 'managed').map(({ spec }) => spec.arn)
  const arns: Readonly<Record<SubscriptionPurpose, string | undefined>> = {
    pages: notifications.topicArn,
    tickets: notifications.ticketTopicArn,
    compliance: notifications.complianceTopicArn,
  }
  return (Object.keys(arns) as SubscriptionPurpose[]).flatMap((purpose) => {
    const arn = arns[purpose]
    const endpoint = endpoints[purpose]
    if (arn === undefined || endpoint === undefined) return []
    return [
      {
        kind: 'subscription' as const,
        name: `${shownEndpoint(endpoint)}${purpose === 'pages' ? '' : ` (${purpose})`}`,
        ownership: 'managed' as const,
        spec: {
          topicArn: arn,
          endpoint,
          purpose,
          recorded: managed.includes(arn),
          rawDelivery: false,
          confirmed: true,
          ...deadLettersOf(setup, snapshot, arn),
        },
      },
    ]
  })
}

/** Display name of a topic whose pages go to this service or orchestration; 100 characters at most (SNS CreateTopic). */
export function displayNameFor(holder: string | undefined): string {
  if (holder === undefined) return 'CloudTrail alerts'
  const name = holder.replaceAll(/[^\x20-\x7e]+/g, ' ').trim()
  return (/^cloudtrail\b/i.test(name) ? name : `CloudTrail ${name}`).slice(0, 100).trim()
}

/** Proposed from where the pages go; a name that the topic has already is left to it. */
function proposedDisplayName({ topic }: Setup, present: TopicSnapshot | undefined, { pagerduty }: Snapshot): string {
  if (topic.displayName !== undefined) return topic.displayName
  if (present !== undefined && present.displayName !== '') return present.displayName
  return displayNameFor(pagerduty?.holder.name)
}
