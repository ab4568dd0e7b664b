/** Topics: made in one call with policy and tags, adopted without touching either. */

import { parsePolicy } from '../../domain/policy-documents.ts'
import type { Reading, TopicSnapshot } from '../../domain/snapshot.ts'
import { loadSns } from '../clients.ts'
import { failureKind, reading } from '../failures.ts'
import type { Aws } from '../session.ts'
import type { LinkHandler } from './handler.ts'

export function readTopic(aws: Aws, arn: string): Promise<Reading<TopicSnapshot | undefined>> {
  return reading(async () => {
    const { GetTopicAttributesCommand, SNSClient } = await loadSns()
    const { Attributes = {} } = await aws.client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn: arn }))
    return {
      arn,
      displayName: Attributes.DisplayName ?? '',
      policyText: Attributes.Policy,
      policy: parsePolicy(Attributes.Policy),
      kmsKeyId: Attributes.KmsMasterKeyId === '' ? undefined : Attributes.KmsMasterKeyId,
      fifo: Attributes.FifoTopic === 'true',
    }
  })
}

export const topicHandler: LinkHandler<'topic'> = {
  async write({ name, spec }, action, { aws }) {
    const { CreateTopicCommand, SNSClient, SetTopicAttributesCommand } = await loadSns()
    const client = aws.client(SNSClient)
    if (action === 'create') {
      // Attributes and tags only where the topic is known to be absent: with others than the existing ones the call fails (SNS CreateTopic).
      await client.send(
        new CreateTopicCommand({
          Name: name,
          Attributes: {
            DisplayName: spec.displayName,
            Policy: JSON.stringify(spec.policy),
            ...(spec.kmsKeyId === undefined ? {} : { KmsMasterKeyId: spec.kmsKeyId }),
          },
          Tags: Object.entries(spec.tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      )
      return
    }
    const set = (AttributeName: string, AttributeValue: string) =>
      client.send(new SetTopicAttributesCommand({ TopicArn: spec.arn, AttributeName, AttributeValue }))
    await set('DisplayName', spec.displayName)
    if (spec.kmsKeyId !== undefined) await set('KmsMasterKeyId', spec.kmsKeyId)
  },
  async remove({ spec }, { aws }) {
    const { DeleteTopicCommand, SNSClient } = await loadSns()
    // Takes every subscription with it, pending ones too (SNS DeleteTopic).
    try {
      await aws.client(SNSClient).send(new DeleteTopicCommand({ TopicArn: spec.arn }))
    } catch (error) {
      if (failureKind(error) !== 'absent') throw error
    }
  },
  actions: {
    read: ['sns:GetTopicAttributes'],
    write: ['sns:CreateTopic', 'sns:TagResource', 'sns:SetTopicAttributes'],
    remove: ['sns:DeleteTopic'],
  },
}
