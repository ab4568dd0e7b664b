/** Amazon SNS: topics. */
import type {
  CreateTopicInput,
  CreateTopicResponse,
  DeleteTopicInput,
  GetTopicAttributesInput,
  GetTopicAttributesResponse,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  ListTopicsInput,
  ListTopicsResponse,
  PublishInput,
  PublishResponse,
  SetTopicAttributesInput,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-sns'
import { awsFault } from '../../../aws/backend.ts'
import { type OperationContext, type Operations, optional, page, sameJson, tagList, tagRecord } from '../context.ts'
import { defaultTopicPolicy, publish, subscriptionsOf, topicArnOf } from '../sns-publishing.ts'
import { ACCOUNT, type TopicState } from '../state.ts'

export const topicOperations: Operations = {
  CreateTopic: createTopic,
  GetTopicAttributes: getTopicAttributes,
  SetTopicAttributes: setTopicAttributes,
  ListTopics: listTopics,
  DeleteTopic: deleteTopic,
  ListTagsForResource: listTagsForResource,
  TagResource: tagResource,
  UntagResource: untagResource,
  Publish: publishMessage,
}

/** Get or create: a name alone returns what there is, a name with other attributes or tags is refused (field case C13). */
function createTopic(input: CreateTopicInput, { state, region }: OperationContext): CreateTopicResponse {
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

function getTopicAttributes(input: GetTopicAttributesInput, context: OperationContext): GetTopicAttributesResponse {
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

function setTopicAttributes(input: SetTopicAttributesInput, context: OperationContext): object {
  const topic = topicOf(context, input.TopicArn ?? '')
  const name = input.AttributeName ?? ''
  if (!TOPIC_ATTRIBUTES.includes(name)) throw invalid('AttributeName')
  const value = input.AttributeValue ?? ''
  if (name === 'Policy' && !isJson(value)) throw invalid('Policy Error: null')
  if (value === '') delete topic.attributes[name]
  else topic.attributes[name] = value
  return {}
}

function listTopics(input: ListTopicsInput, { state, region, longestPage }: OperationContext): ListTopicsResponse {
  const arns = Object.keys(state.topics).filter((arn) => state.topics[arn]?.region === region)
  const { items, next } = page(longestPage, arns, input.NextToken)
  return { Topics: items.map((TopicArn) => ({ TopicArn })), ...optional('NextToken', next) }
}

/** Takes every subscription with it, pending ones too; a topic that is not there is a success. */
function deleteTopic(input: DeleteTopicInput, context: OperationContext): object {
  const arn = input.TopicArn ?? ''
  checkArn(arn, 'TopicArn')
  for (const subscription of subscriptionsOf(context, arn)) delete context.state.subscriptions[subscription.arn]
  delete context.state.topics[arn]
  return {}
}

function listTagsForResource(
  input: ListTagsForResourceRequest,
  context: OperationContext,
): ListTagsForResourceResponse {
  return { Tags: tagList(taggedTopic(context, input.ResourceArn).tags) }
}

function tagResource(input: TagResourceRequest, context: OperationContext): object {
  Object.assign(taggedTopic(context, input.ResourceArn).tags, tagRecord(input.Tags))
  return {}
}

function untagResource(input: UntagResourceRequest, context: OperationContext): object {
  const { tags } = taggedTopic(context, input.ResourceArn)
  for (const key of input.TagKeys ?? []) delete tags[key]
  return {}
}

function publishMessage(input: PublishInput, context: OperationContext): PublishResponse {
  const arn = input.TopicArn ?? ''
  const topic = topicOf(context, arn)
  if ((input.Subject ?? '').length > 100) throw invalid('Subject')
  const attributes = Object.fromEntries(
    Object.entries(input.MessageAttributes ?? {}).map(([key, value]) => [key, value.StringValue ?? '']),
  )
  const message = { subject: input.Subject ?? null, body: input.Message ?? '', attributes }
  return { MessageId: publish(context, arn, topic, message) }
}

function taggedTopic({ state }: OperationContext, arn = ''): TopicState {
  const topic = state.topics[arn]
  if (topic === undefined) throw awsFault('ResourceNotFoundException', 'Resource does not exist', 404)
  return topic
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

export function topicOf({ state, region }: OperationContext, arn: string): TopicState {
  checkArn(arn, 'TopicArn')
  const topic = state.topics[arn]
  if (topic === undefined || topic.region !== region) {
    throw awsFault('NotFoundException', 'Topic does not exist', 404)
  }
  return topic
}

/** Counts the elements as the message of AWS does. The literals that stand for "pending" in other answers are no ARNs and are refused here. */
export function checkArn(arn: string, member: string): void {
  const parts = arn.split(':').length
  if (parts < 6) throw invalid(`${member} Reason: An ARN must have at least 6 elements, not ${parts}`)
}

export function texts(attributes: Readonly<Record<string, string | undefined>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes ?? {}).map(([key, value]) => [key, value ?? '']))
}

export function invalid(what: string) {
  return awsFault('InvalidParameterException', `Invalid parameter: ${what}`)
}
