/** Amazon SNS: topics and subscriptions. */
import type {
  ConfirmSubscriptionInput,
  ConfirmSubscriptionResponse,
  CreateTopicInput,
  CreateTopicResponse,
  DeleteTopicInput,
  GetSubscriptionAttributesInput,
  GetSubscriptionAttributesResponse,
  GetTopicAttributesInput,
  GetTopicAttributesResponse,
  ListSubscriptionsByTopicInput,
  ListSubscriptionsByTopicResponse,
  ListSubscriptionsInput,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  ListTopicsInput,
  ListTopicsResponse,
  PublishInput,
  PublishResponse,
  SetSubscriptionAttributesInput,
  SetTopicAttributesInput,
  SubscribeInput,
  SubscribeResponse,
  Subscription,
  TagResourceRequest,
  UnsubscribeInput,
  UntagResourceRequest,
} from '@aws-sdk/client-sns'
import { awsFault } from '../../aws/backend.ts'
import { type Context, nextId, type Operations, optional, page, sameJson, tagList, tagRecord } from '../context.ts'
import { isLoopback } from '../loopback.ts'
import { defaultTopicPolicy, publish, requestConfirmation, subscriptionsOf, topicArnOf } from '../publishing.ts'
import { ACCOUNT, type SubscriptionState, type TopicState } from '../state.ts'

export const sns: Operations = {
  CreateTopic: createTopic,
  GetTopicAttributes: getTopicAttributes,
  SetTopicAttributes: setTopicAttributes,
  ListTopics: listTopics,
  DeleteTopic: deleteTopic,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
  Subscribe: subscribe,
  ConfirmSubscription: confirmSubscription,
  GetSubscriptionAttributes: getSubscriptionAttributes,
  SetSubscriptionAttributes: setSubscriptionAttributes,
  ListSubscriptions: listSubscriptions,
  ListSubscriptionsByTopic: listSubscriptionsByTopic,
  Unsubscribe: unsubscribe,
  Publish: publishMessage,
}

/** Get or create: a name alone returns what there is, a name with other attributes or tags is refused (field case C13). */
function createTopic(input: CreateTopicInput, { state, region }: Context): CreateTopicResponse {
  const name = input.Name ?? ''
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(name.replace(/\.fifo$/, ''))) throw invalid('Topic Name')
  const arn = topicArnOf(region, name)
  const tags = tagRecord(input.Tags)
  const existing = state.topics[arn]
  if (existing === undefined) {
    const attributes = { Policy: defaultTopicPolicy(arn), ...texts(input.Attributes) }
    state.topics[arn] = { name, region, attributes, tags, deletedSubscriptions: 0 }
    return { TopicArn: arn }
  }
  if (!Object.entries(tags).every(([key, value]) => existing.tags[key] === value)) {
    throw invalid('Tags Reason: Topic already exists with different tags')
  }
  const attributes = Object.entries(texts(input.Attributes))
  if (!attributes.every(([key, value]) => sameJson(existing.attributes[key] ?? '', value))) {
    throw invalid('Attributes Reason: Topic already exists with different attributes')
  }
  return { TopicArn: arn }
}

function getTopicAttributes(input: GetTopicAttributesInput, context: Context): GetTopicAttributesResponse {
  const arn = input.TopicArn ?? ''
  const topic = topicOf(context, arn)
  const subscriptions = subscriptionsOf(context, arn)
  const confirmed = subscriptions.filter((subscription) => subscription.confirmed).length
  return {
    Attributes: {
      TopicArn: arn,
      Owner: ACCOUNT,
      DisplayName: '',
      EffectiveDeliveryPolicy: JSON.stringify({ http: { defaultHealthyRetryPolicy: { numRetries: 3 } } }),
      SubscriptionsConfirmed: String(confirmed),
      SubscriptionsPending: String(subscriptions.length - confirmed),
      SubscriptionsDeleted: String(topic.deletedSubscriptions),
      ...(topic.name.endsWith('.fifo') ? { FifoTopic: 'true' } : {}),
      ...topic.attributes,
    },
  }
}

const TOPIC_ATTRIBUTES = [
  'Policy',
  'DisplayName',
  'DeliveryPolicy',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
  'HTTPSuccessFeedbackRoleArn',
  'HTTPFailureFeedbackRoleArn',
  'HTTPSuccessFeedbackSampleRate',
]

function setTopicAttributes(input: SetTopicAttributesInput, context: Context): object {
  const topic = topicOf(context, input.TopicArn ?? '')
  const name = input.AttributeName ?? ''
  if (!TOPIC_ATTRIBUTES.includes(name)) throw invalid('AttributeName')
  const value = input.AttributeValue ?? ''
  if (name === 'Policy' && !isJson(value)) throw invalid('Policy Error: null')
  if (value === '') delete topic.attributes[name]
  else topic.attributes[name] = value
  return {}
}

function listTopics(input: ListTopicsInput, { state, region }: Context): ListTopicsResponse {
  const arns = Object.keys(state.topics).filter((arn) => state.topics[arn]?.region === region)
  const { items, next } = page(arns, input.NextToken)
  return { Topics: items.map((TopicArn) => ({ TopicArn })), ...optional('NextToken', next) }
}

/** Takes every subscription with it, pending ones too; a topic that is not there is a success. */
function deleteTopic(input: DeleteTopicInput, context: Context): object {
  const arn = input.TopicArn ?? ''
  checkArn(arn, 'TopicArn')
  for (const subscription of subscriptionsOf(context, arn)) delete context.state.subscriptions[subscription.arn]
  delete context.state.topics[arn]
  return {}
}

function tagResource(input: TagResourceRequest, context: Context): object {
  Object.assign(taggedTopic(context, input.ResourceArn).tags, tagRecord(input.Tags))
  return {}
}

function untagResource(input: UntagResourceRequest, context: Context): object {
  const { tags } = taggedTopic(context, input.ResourceArn)
  for (const key of input.TagKeys ?? []) delete tags[key]
  return {}
}

function listTagsForResource(input: ListTagsForResourceRequest, context: Context): ListTagsForResourceResponse {
  return { Tags: tagList(taggedTopic(context, input.ResourceArn).tags) }
}

/** The same topic, protocol and endpoint is the same subscription; while it is pending the confirmation is sent anew. */
function subscribe(input: SubscribeInput, context: Context): SubscribeResponse {
  const { state, now } = context
  const topicArn = input.TopicArn ?? ''
  const topic = topicOf(context, topicArn)
  const endpoint = input.Endpoint ?? ''
  const protocol = input.Protocol ?? ''
  checkEndpoint(topic, protocol, endpoint)
  const attributes = texts(input.Attributes)
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
  if (protocol !== 'https' && protocol !== 'http') {
    throw invalid(`Protocol Reason: the sandbox delivers to http and https only, not to "${protocol}"`)
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

function confirmSubscription(input: ConfirmSubscriptionInput, { state }: Context): ConfirmSubscriptionResponse {
  const subscription = Object.values(state.subscriptions).find(
    (one) => one.topicArn === input.TopicArn && one.token === input.Token,
  )
  if (subscription === undefined) throw invalid('Token')
  subscription.confirmed = true
  return { SubscriptionArn: subscription.arn }
}

function getSubscriptionAttributes(
  input: GetSubscriptionAttributesInput,
  context: Context,
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

function setSubscriptionAttributes(input: SetSubscriptionAttributesInput, context: Context): object {
  const subscription = subscriptionOf(context, input.SubscriptionArn)
  const name = input.AttributeName ?? ''
  if (!SUBSCRIPTION_ATTRIBUTES.includes(name)) throw invalid('AttributeName')
  const value = input.AttributeValue ?? ''
  if (value === '' || (name === 'FilterPolicy' && sameJson(value, '{}'))) delete subscription.attributes[name]
  else subscription.attributes[name] = value
  return {}
}

function listSubscriptions(input: ListSubscriptionsInput, { state, region }: Context) {
  const own = Object.values(state.subscriptions).filter((one) => one.topicArn.split(':')[3] === region)
  return listing(own, input.NextToken)
}

function listSubscriptionsByTopic(input: ListSubscriptionsByTopicInput, context: Context) {
  topicOf(context, input.TopicArn ?? '')
  return listing(subscriptionsOf(context, input.TopicArn ?? ''), input.NextToken)
}

/** A listing shows the literal `PendingConfirmation` in place of the ARN. */
function listing(all: readonly SubscriptionState[], token: string | undefined): ListSubscriptionsByTopicResponse {
  const { items, next } = page(all, token)
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
function unsubscribe(input: UnsubscribeInput, { state }: Context): object {
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

function publishMessage(input: PublishInput, context: Context): PublishResponse {
  const arn = input.TopicArn ?? ''
  const topic = topicOf(context, arn)
  if ((input.Subject ?? '').length > 100) throw invalid('Subject')
  const attributes = Object.fromEntries(
    Object.entries(input.MessageAttributes ?? {}).map(([key, value]) => [key, value.StringValue ?? '']),
  )
  const message = { subject: input.Subject ?? null, body: input.Message ?? '', attributes }
  return { MessageId: publish(context, arn, topic, message) }
}

function topicOf({ state, region }: Context, arn: string): TopicState {
  checkArn(arn, 'TopicArn')
  const topic = state.topics[arn]
  if (topic === undefined || topic.region !== region) {
    throw awsFault('NotFoundException', 'Topic does not exist', 404)
  }
  return topic
}

function taggedTopic({ state }: Context, arn = ''): TopicState {
  const topic = state.topics[arn]
  if (topic === undefined) throw awsFault('ResourceNotFoundException', 'Resource does not exist', 404)
  return topic
}

function subscriptionOf({ state }: Context, arn = ''): SubscriptionState {
  checkArn(arn, 'SubscriptionArn')
  const subscription = state.subscriptions[arn]
  if (subscription === undefined) throw awsFault('NotFoundException', 'Subscription does not exist', 404)
  return subscription
}

/** The literals that stand for "pending" in other answers are no ARNs and are refused here. */
function checkArn(arn: string, member: string): void {
  const parts = arn.split(':').length
  if (parts < 6) throw invalid(`${member} Reason: An ARN must have at least 6 elements, not ${parts}`)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function texts(attributes: Readonly<Record<string, string | undefined>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes ?? {}).map(([key, value]) => [key, value ?? '']))
}

function invalid(what: string) {
  return awsFault('InvalidParameterException', `Invalid parameter: ${what}`)
}
