/** The dead-letter queue: where SNS puts what PagerDuty did not take, instead of dropping it. */

import { LONG_RETRIES, queueIn } from '../domain/delivery-retries.ts'
import { chainNames, queueArn, type Site } from '../domain/names.ts'
import { hasSid, SID, snsMaySend } from '../domain/policy-documents.ts'
import type { Resource, SubscriptionSpec, Tags } from '../domain/resources.ts'
import { type QueueSnapshot, type Snapshot, valueIfRead } from '../domain/snapshot.ts'
import type { NotificationNames } from './chain-names.ts'
import type { Setup } from './setup.ts'

/** The longest that SQS keeps a message: 14 days (SQS SetQueueAttributes). */
const RETENTION_S = 1_209_600

/** Nothing, or the one queue of the chain's subscriptions. */
export function deadLetterQueue(
  setup: Setup,
  site: Site,
  { topicArn, ticketTopicArn }: NotificationNames,
  tags: Tags,
): readonly Resource<'queue'>[] {
  if (setup.deadLetterQueue !== 'wanted') return []
  const { queue } = chainNames(setup.name, site)
  const arn = queueArn(site, queue)
  const topics = [topicArn, ...(ticketTopicArn === undefined ? [] : [ticketTopicArn])]
  const policy = { Version: '2012-10-17', Statement: [snsMaySend(arn, topics)] }
  return [
    {
      kind: 'queue',
      name: queue,
      ownership: 'managed',
      spec: { arn, policy, retentionS: RETENTION_S, encrypted: true, tags },
    },
  ]
}

/** What a subscription has to say of the queue; nothing where none was asked for, so that a queue of somebody else stays. */
export function deadLettersOf(
  setup: Setup,
  snapshot: Snapshot,
  topicArn: string,
): Pick<SubscriptionSpec, 'deadLetterQueue' | 'retries'> {
  const arn = queueArn(snapshot.site, chainNames(setup.name, snapshot.site).queue)
  if (setup.deadLetterQueue === 'wanted') return { deadLetterQueue: arn, retries: LONG_RETRIES }
  return setup.deadLetterQueue === 'remove' && isRedriven(snapshot, topicArn, arn) ? { deadLetterQueue: null } : {}
}

/** Whether a subscription of the topic sends what is not taken to this queue. */
export function isRedriven(
  { subscriptions }: Pick<Snapshot, 'subscriptions'>,
  topicArn: string,
  queue: string,
): boolean {
  return (valueIfRead(subscriptions.get(topicArn)) ?? []).some(
    ({ attributes }) => queueIn(valueIfRead(attributes)?.redrivePolicy) === queue,
  )
}

/** The queue of this chain, where it was read. */
export function managedQueue(snapshot: Snapshot, prefix: string): QueueSnapshot | undefined {
  const found = valueIfRead(snapshot.queues.get(queueArn(snapshot.site, chainNames(prefix, snapshot.site).queue)))
  return found !== undefined && hasSid(found.policy, SID.queue) ? found : undefined
}
