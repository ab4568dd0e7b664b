/** From what AWS and PagerDuty tell to the cause that a person can remove. */

import { orchestrationRules } from '../domain/orchestration-rules.ts'
import { type Reading, type SubscriptionSnapshot, valueIfRead } from '../domain/snapshot.ts'

/** Why CloudWatch could not publish, by the error in the alarm's history (CloudWatch and SNS troubleshooting pages; field cases C17 to C19). */
export function publishCause(error: string, topicArn: string): string {
  if (/not authorized to perform: SNS:Publish/i.test(error)) {
    return `the topic's policy does not let CloudWatch publish: it needs sns:Publish for cloudwatch.amazonaws.com on ${topicArn}`
  }
  if (/AWSKMS|KMS/i.test(error)) {
    return "CloudWatch may not use the topic's key: its policy needs kms:Decrypt and kms:GenerateDataKey* for cloudwatch.amazonaws.com, and alias/aws/sns can never work"
  }
  if (/NotFound|does not exist/i.test(error)) return `the topic ${topicArn} no longer exists`
  return `CloudWatch could not publish: ${error.trim() === '' ? 'the history gives no reason' : error.trim()}`
}

/** What keeps a subscription from paging, whatever is sent; undefined when nothing is known to. */
export function subscriptionFault(read: Reading<SubscriptionSnapshot | undefined>): string | undefined {
  if (read.state === 'unreadable') return undefined
  const subscription = read.value
  if (subscription === undefined) return 'the topic has no subscription to PagerDuty'
  if (subscription.confirmed === false) return 'PagerDuty has not confirmed the subscription, so SNS sends it nothing'
  const { attributes } = subscription
  if (attributes.state !== 'read') return undefined
  // PagerDuty parses the envelope and drops what comes without (Amazon CloudWatch integration guide; field case C03).
  if (attributes.value.rawDelivery) {
    return 'raw message delivery is on: PagerDuty accepts the message and drops it, because it needs the envelope of SNS'
  }
  return undefined
}

/** What a filter policy may do to an alarm's message, which carries no attributes. */
export function filterPolicyNote(read: Reading<SubscriptionSnapshot | undefined>): string | undefined {
  const attributes = valueIfRead(read)?.attributes
  const policy = attributes?.state === 'read' ? attributes.value.filterPolicy : undefined
  return policy === undefined ? undefined : 'the subscription has a filter policy, which may block the message'
}

/** What to do where PagerDuty took the OK for an event of its own: lines for a person, filled in with the topic (PagerDuty docs: Event Orchestration, PCL). */
export function resolvingRules(topicArn: string): readonly string[] {
  return [
    'PagerDuty treated the OK as a new event, so incidents from this chain never resolve. Either move the topic to a',
    'service\'s own "AWS CloudTrail" integration, or add rules to the orchestration:',
    ...orchestrationRules(topicArn).map((line) => `  ${line}`),
    'The last one needs a plan with event fields (AIOps). Use AlarmArn, not the subject: long names are cut there.',
  ]
}
