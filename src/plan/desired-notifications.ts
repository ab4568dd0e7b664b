/** What the notification side wants: PagerDuty’s integration, topics and subscriptions. */

import { type ChainNames, parseArn } from '../domain/names.ts'
import { topicPolicy } from '../domain/policy-documents.ts'
import {
  type PlannedEndpoint,
  type Resource,
  type SubscriptionPurpose,
  shownEndpoint,
  type Tags,
} from '../domain/resources.ts'
import { type Inventory, type TopicFact, valueIfRead } from '../domain/snapshot.ts'
import type { NotificationSide } from './chain-names.ts'
import type { Setup } from './setup.ts'

/** The endpoint of each purpose that is wanted. */
export type Endpoints = Readonly<
  Partial<Record<SubscriptionPurpose, { endpoint: PlannedEndpoint; protocol: 'https' | 'http' }>>
>

/** What PagerDuty is to hold; an existing integration of somebody else is only used. */
export function pagerDutyResources(
  { pagerduty: wish }: Setup,
  { pagerduty: fact }: Inventory,
  names: ChainNames,
): readonly Resource[] {
  if (wish === undefined || fact === undefined) return []
  const { holder, escalationPolicy, integration } = fact
  const service: Resource = {
    kind: 'pagerduty-service',
    name: holder.name,
    provenance: 'ours',
    spec: { escalationPolicy },
  }
  return [
    ...(wish.how === 'new-service' ? [service] : []),
    {
      kind: 'integration',
      name: integration?.name ?? names.integration,
      provenance: integration === undefined || integration.ours ? 'ours' : 'adopted',
      spec: { holder, id: integration?.id },
    },
  ]
}

export function topics(
  setup: Setup,
  inventory: Inventory,
  names: ChainNames,
  notifications: NotificationSide,
  tags: Tags,
): readonly Resource[] {
  const { site } = inventory
  const topic = (arn: string, displayName: string, provenance: 'ours' | 'adopted'): Resource => ({
    kind: 'topic',
    name: parseArn(arn)?.resource ?? arn,
    provenance,
    spec: { arn, displayName, kmsKeyId: setup.topic.kmsKey, policy: topicPolicy(site, arn), tags },
  })
  const present: TopicFact | undefined = valueIfRead(inventory.topics.get(notifications.topicArn))
  const named = setup.topic.nameOrArn !== undefined && present !== undefined
  const main = topic(notifications.topicArn, proposedDisplayName(setup, present, inventory), named ? 'adopted' : 'ours')
  return [
    main,
    ...(notifications.ticketTopicArn === undefined
      ? []
      : [topic(notifications.ticketTopicArn, 'CloudTrail tickets', 'ours')]),
    ...(notifications.complianceTopicArn === undefined
      ? []
      : [topic(notifications.complianceTopicArn, `${names.prefix} compliance`, 'ours')]),
  ]
}

export function subscriptions(notifications: NotificationSide, endpoints: Endpoints): readonly Resource[] {
  const arns: Readonly<Record<SubscriptionPurpose, string | undefined>> = {
    pages: notifications.topicArn,
    tickets: notifications.ticketTopicArn,
    compliance: notifications.complianceTopicArn,
  }
  return (Object.keys(arns) as SubscriptionPurpose[]).flatMap((purpose) => {
    const arn = arns[purpose]
    const target = endpoints[purpose]
    if (arn === undefined || target === undefined) return []
    return [
      {
        kind: 'subscription' as const,
        name: `${shownEndpoint(target.endpoint)}${purpose === 'pages' ? '' : ` (${purpose})`}`,
        provenance: 'ours' as const,
        spec: { topicArn: arn, ...target, purpose, rawDelivery: false, confirmed: true },
      },
    ]
  })
}

/** Display name of a topic whose pages go to this service or orchestration; 100 characters at most (SNS CreateTopic). */
export function displayNameFor(holder: string | undefined): string {
  if (holder === undefined) return 'CloudTrail alerts'
  return `CloudTrail ${holder.replaceAll(/[^\x20-\x7e]+/g, ' ').trim()}`.slice(0, 100).trim()
}

/** Proposed from where the pages go; a name that the topic has already is left to it. */
function proposedDisplayName({ topic }: Setup, present: TopicFact | undefined, { pagerduty }: Inventory): string {
  if (topic.displayName !== undefined) return topic.displayName
  if (present !== undefined && present.displayName !== '') return present.displayName
  return displayNameFor(pagerduty?.holder.name)
}
