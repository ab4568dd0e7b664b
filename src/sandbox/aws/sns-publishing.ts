/** From a message for a topic to what is due at each endpoint, and the counters that SNS publishes about it. */
import { parsePolicy } from '../../domain/policy-documents.ts'
import { decide } from '../../iam/evaluator.ts'
import { arn, nextId, type OperationContext } from './context.ts'
import { addValue } from './metrics.ts'
import { ACCOUNT, type SubscriptionState, type TopicState } from './state.ts'

export interface Message {
  readonly subject: string | null
  readonly body: string
  readonly attributes: Readonly<Record<string, string>>
}

/** Puts the message into the outbox of every confirmed subscription that wants it; gives the message's id. */
export function publish(context: OperationContext, topicArn: string, topic: TopicState, message: Message): string {
  const { state } = context
  const id = nextId(state)
  count(context, topic, 'NumberOfMessagesPublished')
  for (const subscription of subscriptionsOf(context, topicArn).filter(({ confirmed }) => confirmed)) {
    if (!wants(subscription, message)) {
      count(context, topic, 'NumberOfNotificationsFilteredOut')
      continue
    }
    state.outbox.push({
      id,
      kind: 'Notification',
      subscriptionArn: subscription.arn,
      subject: message.subject,
      message: message.body,
      attempts: 0,
      dueAt: context.now,
    })
  }
  return id
}

/** Sends the confirmation of a pending subscription, again where it was sent before. */
export function requestConfirmation(context: OperationContext, subscription: SubscriptionState): void {
  const { state } = context
  state.outbox.push({
    id: nextId(state),
    kind: 'SubscriptionConfirmation',
    subscriptionArn: subscription.arn,
    subject: null,
    message: `Visit SubscribeURL to confirm the subscription to ${subscription.topicArn}.`,
    attempts: 0,
    dueAt: context.now,
  })
}

export function subscriptionsOf(
  context: Pick<OperationContext, 'state'>,
  topicArn: string,
): readonly SubscriptionState[] {
  return Object.values(context.state.subscriptions).filter((subscription) => subscription.topicArn === topicArn)
}

/** Adds one to a counter of `AWS/SNS`. */
export function count(context: OperationContext, topic: TopicState, metric: string): void {
  const dimensions = [{ name: 'TopicName', value: topic.name }]
  addValue(context.state, { region: topic.region, namespace: 'AWS/SNS', name: metric, dimensions }, context.now, 1)
}

/** Why an alarm of this account cannot publish here, in the words of its history; `undefined` where it can. */
export function alarmRefusal(context: OperationContext, alarmArn: string, topicArn: string): string | undefined {
  const topic = context.state.topics[topicArn]
  if (topic === undefined) return 'Topic does not exist (Service: AmazonSNS; Status Code: 404; Error Code: NotFound)'
  const caller = {
    principal: { service: 'cloudwatch.amazonaws.com' },
    context: { 'aws:SourceOwner': ACCOUNT, 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': alarmArn },
  }
  const publishing = { ...caller, action: 'sns:Publish', resource: topicArn }
  if (decide(parsePolicy(topic.attributes.Policy), publishing) !== 'yes') {
    return `Resource: ${alarmArn} is not authorized to perform: SNS:Publish on resource: ${topicArn}`
  }
  const keyPolicy = policyOfKey(context, topic.attributes.KmsMasterKeyId)
  if (keyPolicy === undefined) return undefined
  const mayUse = ['kms:Decrypt', 'kms:GenerateDataKey'].every(
    (action) => decide(parsePolicy(keyPolicy), { ...caller, action, resource: '*' }) === 'yes',
  )
  return mayUse ? undefined : 'null (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException)'
}

/** The policy of the topic's key; `undefined` for a topic without one, empty for the managed key, which admits nobody else. */
function policyOfKey(context: OperationContext, keyId: string | undefined): string | undefined {
  if (keyId === undefined || keyId === '') return undefined
  const { keys, aliases } = context.state
  const name = keyId.replace(/^arn:.*:(?=alias\/)/, '')
  const id = aliases[name] ?? keyId.split('/').at(-1) ?? keyId
  const key = keys[id]
  return key === undefined || key.manager === 'AWS' ? '' : key.policy
}

/** Filter policies as far as they matter to alarms: exact strings, by message attribute or by key of the body. */
function wants(subscription: SubscriptionState, message: Message): boolean {
  const policy = subscription.attributes.FilterPolicy
  if (policy === undefined || policy === '') return true
  const byBody = subscription.attributes.FilterPolicyScope === 'MessageBody'
  const values = byBody ? record(message.body) : message.attributes
  return Object.entries(record(policy)).every(
    ([key, allowed]) => Array.isArray(allowed) && allowed.includes(values[key]),
  )
}

function record(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** The policy that SNS gives to a new topic: everybody, as long as they act for this account. */
export function defaultTopicPolicy(topicArn: string): string {
  const actions = ['GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'DeleteTopic']
  const more = ['Subscribe', 'ListSubscriptionsByTopic', 'Publish']
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [...actions, ...more].map((action) => `SNS:${action}`),
        Resource: topicArn,
        Condition: { StringEquals: { 'AWS:SourceOwner': ACCOUNT } },
      },
    ],
  })
}

export function topicArnOf(region: string, name: string): string {
  return arn('sns', region, name)
}
