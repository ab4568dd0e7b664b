/** Amazon SQS: the dead-letter queue of a subscription. */
import type {
  CreateQueueRequest,
  CreateQueueResult,
  DeleteQueueRequest,
  GetQueueAttributesRequest,
  GetQueueAttributesResult,
  GetQueueUrlRequest,
  GetQueueUrlResult,
  ListQueuesRequest,
  ListQueuesResult,
  SetQueueAttributesRequest,
} from '@aws-sdk/client-sqs'
import { awsFault } from '../../../aws/backend.ts'
import { arn, type OperationContext, type Operations, optional, page } from '../context.ts'
import { ACCOUNT, type QueueState } from '../state.ts'

export const sqs: Operations = {
  CreateQueue: createQueue,
  GetQueueUrl: getQueueUrl,
  ListQueues: listQueues,
  GetQueueAttributes: getQueueAttributes,
  SetQueueAttributes: setQueueAttributes,
  DeleteQueue: deleteQueue,
}

/** A name is free again so long after its queue was deleted (SQS CreateQueue). */
const NAME_FREED_MS = 60_000

function createQueue(input: CreateQueueRequest, { state, region, now }: OperationContext): CreateQueueResult {
  const name = input.QueueName ?? ''
  const key = arn('sqs', region, name)
  const deletedAt = state.deletedQueues?.[key]
  if (deletedAt !== undefined && now < deletedAt + NAME_FREED_MS) {
    throw awsFault(
      'QueueDeletedRecently',
      'You must wait 60 seconds after deleting a queue before you can create another',
    )
  }
  const wanted = texts(input.Attributes)
  const existing = state.queues[key]
  if (existing !== undefined && !Object.entries(wanted).every(([name, value]) => existing.attributes[name] === value)) {
    throw awsFault('QueueNameExists', 'A queue already exists with the same name and a different value for attributes')
  }
  // New queues are encrypted with a key of SQS unless they are told otherwise (SQS developer guide, SSE-SQS).
  const attributes = { SqsManagedSseEnabled: String(wanted.KmsMasterKeyId === undefined), ...wanted }
  const queue = existing ?? { name, region, attributes, tags: texts(input.tags), messages: [] }
  state.queues[key] = queue
  return { QueueUrl: urlOf(queue) }
}

function getQueueUrl(input: GetQueueUrlRequest, { state, region }: OperationContext): GetQueueUrlResult {
  const queue = state.queues[arn('sqs', region, input.QueueName ?? '')]
  if (queue === undefined) throw missing()
  return { QueueUrl: urlOf(queue) }
}

function listQueues(input: ListQueuesRequest, { state, region, longestPage }: OperationContext): ListQueuesResult {
  const queues = Object.values(state.queues).filter(
    (queue) => queue.region === region && queue.name.startsWith(input.QueueNamePrefix ?? ''),
  )
  const { items, next } = page(longestPage, queues, input.NextToken, input.MaxResults)
  return { QueueUrls: items.map(urlOf), ...optional('NextToken', next) }
}

function getQueueAttributes(input: GetQueueAttributesRequest, context: OperationContext): GetQueueAttributesResult {
  const queue = queueOf(context, input.QueueUrl)
  const all: Readonly<Record<string, string>> = {
    QueueArn: arn('sqs', queue.region, queue.name),
    ApproximateNumberOfMessages: String(queue.messages.length),
    ApproximateNumberOfMessagesNotVisible: '0',
    MessageRetentionPeriod: '345600',
    ...queue.attributes,
  }
  const names: readonly string[] = input.AttributeNames ?? []
  const wanted = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name))
  return { Attributes: Object.fromEntries(wanted) }
}

function setQueueAttributes(input: SetQueueAttributesRequest, context: OperationContext): object {
  Object.assign(queueOf(context, input.QueueUrl).attributes, texts(input.Attributes))
  return {}
}

function deleteQueue(input: DeleteQueueRequest, context: OperationContext): object {
  const queue = queueOf(context, input.QueueUrl)
  const key = arn('sqs', queue.region, queue.name)
  delete context.state.queues[key]
  context.state.deletedQueues = { ...context.state.deletedQueues, [key]: context.now }
  return {}
}

function queueOf({ state }: OperationContext, url = ''): QueueState {
  const queue = Object.values(state.queues).find((one) => urlOf(one) === url)
  if (queue === undefined) throw missing()
  return queue
}

function urlOf({ region, name }: QueueState): string {
  return `https://sqs.${region}.amazonaws.com/${ACCOUNT}/${name}`
}

function texts(attributes: Readonly<Record<string, string | undefined>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes ?? {}).map(([key, value]) => [key, value ?? '']))
}

function missing() {
  return awsFault('QueueDoesNotExist', 'The specified queue does not exist.')
}
