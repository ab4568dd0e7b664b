/** Amazon SNS: subscriptions, and how they are confirmed. */

import type {
  ConfirmSubscriptionInput,
  ConfirmSubscriptionResponse,
  GetSubscriptionAttributesInput,
  GetSubscriptionAttributesResponse,
  ListSubscriptionsByTopicInput,
  ListSubscriptionsByTopicResponse,
  ListSubscriptionsInput,
  SetSubscriptionAttributesInput,
  SubscribeInput,
  SubscribeResponse,
  Subscription,
  UnsubscribeInput,
} from '@aws-sdk/client-sns'
import { awsFault } from '../../../aws/backend.ts'
import { MAX_RETRY_S, queueIn, retriesIn, retryDelays } from '../../../domain/delivery-retries.ts'
import { parseArn } from '../../../domain/names.ts'
import { isLoopback } from '../../loopback.ts'
import { nextId, type OperationContext, type Operations, optional, page, sameJson } from '../context.ts'
import { requestConfirmation, subscriptionsOf } from '../sns-publishing.ts'
import { ACCOUNT, type SubscriptionState, type TopicState } from '../state.ts'
import { checkArn, invalid, texts, topicOf } from './sns-topics.ts'

export const subscriptionOperations: Operations = {
  Subscribe: subscribe,
  ConfirmSubscription: confirmSubscription,
  GetSubscriptionAttributes: getSubscriptionAttributes,
  SetSubscriptionAttributes: setSubscriptionAttributes,
  ListSubscriptions: listSubscriptions,
  ListSubscriptionsByTopic: listSubscriptionsByTopic,
  Unsubscribe: unsubscribe,
}

/** The same topic, protocol and endpoint is the same subscription; while it is pending the confirmation is sent anew. */
function subscribe(input: SubscribeInput, context: OperationContext): SubscribeResponse {
  const { state, now } = context
  const topicArn = input.TopicArn ?? ''
  const topic = topicOf(context, topicArn)
  const endpoint = input.Endpoint ?? ''
  const protocol = input.Protocol ?? ''
  checkEndpoint(topic, protocol, endpoint)
  const attributes = texts(input.Attributes)
  for (const [name, value] of Object.entries(attributes)) checkAttribute(name, value)
  const held = subscriptionsOf(context, topicArn).find((one) => one.protocol === protocol && one.endpoint === endpoint)
  if (held !== undefined && !sameAttributes(held, attributes)) {
    throw invalid('Attributes Reason: Subscription already exists with different attributes')
  }
  const subscription: SubscriptionState = held ?? {
    arn: `${topicArn}:${nextId(state)}`,
    topicArn,
    protocol,
    endpoint,
    attributes,
    confirmed: false,
    token: `${nextId(state)}${nextId(state)}`.replaceAll('-', ''),
    createdAt: now,
  }
  state.subscriptions[subscription.arn] = subscription
  if (!subscription.confirmed) requestConfirmation(context, subscription)
  const shown = subscription.confirmed || input.ReturnSubscriptionArn === true
  return { SubscriptionArn: shown ? subscription.arn : 'pending confirmation' }
}

function checkEndpoint(topic: TopicState, protocol: string, endpoint: string): void {
  if (protocol === 'email') {
    if (!/^[^@\s]+@[^@\s]+$/.test(endpoint)) throw invalid('Email address')
    return
  }
  if (protocol !== 'https' && protocol !== 'http') {
    throw invalid(`Protocol Reason: the sandbox delivers to http, https and email only, not to "${protocol}"`)
  }
  if (topic.name.endsWith('.fifo')) {
    throw invalid('Invalid protocol type: HTTP and HTTPS are not supported for FIFO topics')
  }
  const url = URL.canParse(endpoint) && !/\s/.test(endpoint) ? new URL(endpoint) : undefined
  if (url?.protocol !== `${protocol}:`) throw invalid('Endpoint must match the specified protocol')
  if (protocol === 'http' && !isLoopback(url)) throw invalid('Unreachable Endpoint')
}

function sameAttributes(held: SubscriptionState, attributes: Readonly<Record<string, string>>): boolean {
  return Object.entries(attributes).every(([key, value]) => sameJson(held.attributes[key] ?? '', value))
}

function confirmSubscription(
  input: ConfirmSubscriptionInput,
  { state }: OperationContext,
): ConfirmSubscriptionResponse {
  const subscription = Object.values(state.subscriptions).find(
    (one) => one.topicArn === input.TopicArn && one.token === input.Token,
  )
  if (subscription === undefined) throw invalid('Token')
  subscription.confirmed = true
  return { SubscriptionArn: subscription.arn }
}

function getSubscriptionAttributes(
  input: GetSubscriptionAttributesInput,
  context: OperationContext,
): GetSubscriptionAttributesResponse {
  const { arn, topicArn, protocol, endpoint, confirmed, attributes } = subscriptionOf(context, input.SubscriptionArn)
  return {
    Attributes: {
      SubscriptionArn: arn,
      TopicArn: topicArn,
      Protocol: protocol,
      Endpoint: endpoint,
      Owner: ACCOUNT,
      RawMessageDelivery: 'false',
      PendingConfirmation: String(!confirmed),
      ConfirmationWasAuthenticated: 'false',
      ...attributes,
    },
  }
}

const SUBSCRIPTION_ATTRIBUTES = [
  'RawMessageDelivery',
  'DeliveryPolicy',
  'RedrivePolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'ReplayPolicy',
]

function setSubscriptionAttributes(input: SetSubscriptionAttributesInput, context: OperationContext): object {
  const subscription = subscriptionOf(context, input.SubscriptionArn)
  const name = input.AttributeName ?? ''
  if (!SUBSCRIPTION_ATTRIBUTES.includes(name)) throw invalid('AttributeName')
  const value = input.AttributeValue ?? ''
  checkAttribute(name, input.AttributeValue)
  if (value === '' || (name === 'FilterPolicy' && sameJson(value, '{}'))) delete subscription.attributes[name]
  else subscription.attributes[name] = value
  return {}
}

/** What SNS refuses of the two policies: an empty queue, and retries that come to more than an hour. */
function checkAttribute(name: string, value: string | undefined): void {
  if (name === 'RedrivePolicy' && value !== undefined && queueIn(value) === undefined) throw invalid('RedrivePolicy')
  if (name !== 'DeliveryPolicy' || value === undefined) return
  const total = retryDelays(retriesIn(value)).reduce((sum, delay) => sum + delay, 0)
  if (total > MAX_RETRY_S) throw invalid('DeliveryPolicy: The total retry time exceeds 3600 seconds')
}

function listSubscriptions(input: ListSubscriptionsInput, context: OperationContext) {
  const { state, region } = context
  const own = Object.values(state.subscriptions).filter((one) => parseArn(one.topicArn)?.region === region)
  return listing(context, own, input.NextToken)
}

function listSubscriptionsByTopic(input: ListSubscriptionsByTopicInput, context: OperationContext) {
  topicOf(context, input.TopicArn ?? '')
  return listing(context, subscriptionsOf(context, input.TopicArn ?? ''), input.NextToken)
}

/** A listing shows the literal `PendingConfirmation` in place of the ARN. */
function listing(
  { longestPage }: OperationContext,
  all: readonly SubscriptionState[],
  token: string | undefined,
): ListSubscriptionsByTopicResponse {
  const { items, next } = page(longestPage, all, token)
  const Subscriptions: Subscription[] = items.map((one) => ({
    SubscriptionArn: one.confirmed ? one.arn : 'PendingConfirmation',
    TopicArn: one.topicArn,
    Protocol: one.protocol,
    Endpoint: one.endpoint,
    Owner: ACCOUNT,
  }))
  return { Subscriptions, ...optional('NextToken', next) }
}

/** Gone already is a success; pending is not: it can only expire. */
function unsubscribe(input: UnsubscribeInput, { state }: OperationContext): object {
  const arn = input.SubscriptionArn ?? ''
  checkArn(arn, 'SubscriptionArn')
  const subscription = state.subscriptions[arn]
  if (subscription === undefined) return {}
  if (!subscription.confirmed) {
    throw invalid('This operation is not allowed for a subscription that is pending confirmation')
  }
  const topic = state.topics[subscription.topicArn]
  if (topic !== undefined) topic.deletedSubscriptions += 1
  delete state.subscriptions[arn]
  return {}
}

function subscriptionOf({ state }: OperationContext, arn = ''): SubscriptionState {
  checkArn(arn, 'SubscriptionArn')
  const subscription = state.subscriptions[arn]
  if (subscription === undefined) throw awsFault('NotFoundException', 'Subscription does not exist', 404)
  return subscription
}
