/** The queue for what PagerDuty does not take: made with its policy, and never emptied. */

import { parseArn } from '../../domain/names.ts'
import { parsePolicy, SID } from '../../domain/policy-documents.ts'
import type { QueueSpec } from '../../domain/resources.ts'
import type { QueueSnapshot, Reading } from '../../domain/snapshot.ts'
import { loadSqs } from '../clients.ts'
import { errorName, failureKind, reading } from '../failures.ts'
import { type RetryPolicy, retry } from '../pacing.ts'
import type { Aws } from '../session.ts'
import type { LinkHandler } from './handler.ts'

/** The queue of an ARN of this account and region. */
export function readQueue(aws: Aws, arn: string): Promise<Reading<QueueSnapshot | undefined>> {
  return reading(async () => {
    const { GetQueueAttributesCommand, SQSClient } = await loadSqs()
    const url = await urlOf(aws, nameIn(arn))
    const input = { QueueUrl: url, AttributeNames: [...READ] }
    const { Attributes: found = {} } = await aws.client(SQSClient).send(new GetQueueAttributesCommand(input))
    return {
      arn,
      url,
      policy: parsePolicy(found.Policy),
      retentionS: Number(found.MessageRetentionPeriod ?? DEFAULT_RETENTION_S),
      encrypted: found.SqsManagedSseEnabled === 'true' || (found.KmsMasterKeyId ?? '') !== '',
      messages:
        Number(found.ApproximateNumberOfMessages ?? 0) + Number(found.ApproximateNumberOfMessagesNotVisible ?? 0),
    }
  })
}

const READ = [
  'Policy',
  'MessageRetentionPeriod',
  'SqsManagedSseEnabled',
  'KmsMasterKeyId',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
] as const

/** Four days (SQS SetQueueAttributes). */
const DEFAULT_RETENTION_S = 345_600

/** A name is free again a minute after its queue was deleted (SQS CreateQueue). */
const nameRetryPolicy: RetryPolicy = {
  isRetryable: (error) => /QueueDeletedRecently/.test(errorName(error)),
  withinMs: 75_000,
  firstWaitMs: 5_000,
  longestWaitMs: 10_000,
}

export const queueHandler: LinkHandler<'queue'> = {
  async write({ name, spec }, action, { aws, clock, waiting }) {
    const { CreateQueueCommand, SetQueueAttributesCommand, SQSClient } = await loadSqs()
    const client = aws.client(SQSClient)
    if (action === 'create') {
      const input = { QueueName: name, Attributes: attributesOf(spec, undefined), tags: { ...spec.tags } }
      const policy = { ...nameRetryPolicy, waiting: () => waiting('SQS frees the name a minute after a deletion') }
      await retry(clock, policy, () => client.send(new CreateQueueCommand(input)))
      return
    }
    const found = await readQueue(aws, spec.arn)
    const before = found.state === 'read' ? found.value : undefined
    const QueueUrl = before?.url ?? (await urlOf(aws, name))
    await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: attributesOf(spec, before) }))
  },
  async remove({ name }, { aws }) {
    const { DeleteQueueCommand, SQSClient } = await loadSqs()
    try {
      await aws.client(SQSClient).send(new DeleteQueueCommand({ QueueUrl: await urlOf(aws, name) }))
    } catch (error) {
      if (failureKind(error) !== 'absent') throw error
    }
  },
  actions: {
    read: ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'],
    write: ['sqs:CreateQueue', 'sqs:SetQueueAttributes', 'sqs:TagQueue'],
    remove: ['sqs:DeleteQueue'],
  },
}

/** A key that somebody chose stays; statements of others stay. */
function attributesOf(spec: QueueSpec, before: QueueSnapshot | undefined): Record<string, string> {
  const others = (before?.policy?.Statement ?? []).filter(({ Sid }) => Sid !== SID.queue)
  const policy = { ...(before?.policy ?? spec.policy), Statement: [...others, ...spec.policy.Statement] }
  return {
    Policy: JSON.stringify(policy),
    MessageRetentionPeriod: String(spec.retentionS),
    ...(before?.encrypted === true ? {} : { SqsManagedSseEnabled: 'true' }),
  }
}

async function urlOf(aws: Aws, name: string): Promise<string> {
  const { GetQueueUrlCommand, SQSClient } = await loadSqs()
  const { QueueUrl = '' } = await aws.client(SQSClient).send(new GetQueueUrlCommand({ QueueName: name }))
  return QueueUrl
}

function nameIn(arn: string): string {
  return parseArn(arn)?.resource ?? ''
}
