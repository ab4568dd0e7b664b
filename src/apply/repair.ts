/** Makes repairs: reads the resource again, changes the one thing, and writes the rest back as it was. */

import { isDeepStrictEqual } from 'node:util'
import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch'
import { loadCloudTrail, loadCloudWatch, loadSns } from '../aws/clients.ts'
import { readAlarms } from '../aws/resources/alarm.ts'
import type { ApplyContext } from '../aws/resources/handler.ts'
import { readTopic } from '../aws/resources/topic.ts'
import { parsePolicy } from '../domain/policy-documents.ts'
import { failed } from '../errors.ts'
import type { IamAction } from '../iam/action.ts'
import { changedPolicy, type Repair, repairTarget, rewrittenAlarm, whyNotRewritten } from '../plan/repair.ts'

/** What the repairs may call, reads included. */
export const REPAIR_ACTIONS: readonly IamAction[] = [
  'cloudwatch:DescribeAlarms',
  'cloudwatch:PutMetricAlarm',
  'sns:GetTopicAttributes',
  'sns:SetTopicAttributes',
  'sns:SetSubscriptionAttributes',
  'sns:Subscribe',
  'cloudtrail:StartLogging',
  'cloudtrail:UpdateTrail',
]

/** Makes one repair. Rejects where the resource has changed since it was shown, and where it would lose anything. */
export async function makeRepair(repair: Repair, { aws, cloudtrail }: ApplyContext): Promise<void> {
  switch (repair.kind) {
    case 'alarm':
      return repairAlarm(repair, aws)
    case 'topic-policy':
      return repairTopicPolicy(repair, aws)
    case 'raw-delivery': {
      const { SetSubscriptionAttributesCommand, SNSClient } = await loadSns()
      await aws.client(SNSClient).send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn: repair.subscriptionArn,
          AttributeName: 'RawMessageDelivery',
          AttributeValue: 'false',
        }),
      )
      return
    }
    case 'subscribe-again': {
      const { SNSClient, SubscribeCommand } = await loadSns()
      // On a pending subscription the same call sends the confirmation again (SNS Subscribe).
      await aws.client(SNSClient).send(
        new SubscribeCommand({
          TopicArn: repair.topicArn,
          Protocol: repair.protocol,
          Endpoint: repair.endpoint.reveal(),
          ReturnSubscriptionArn: true,
        }),
      )
      return
    }
    case 'start-logging': {
      const { CloudTrailClient, StartLoggingCommand } = await loadCloudTrail()
      const trail = aws.inRegion(repair.region).client(CloudTrailClient)
      await cloudtrail(() => trail.send(new StartLoggingCommand({ Name: repair.trailArn })))
      return
    }
    case 'multi-region': {
      const { CloudTrailClient, UpdateTrailCommand } = await loadCloudTrail()
      const trail = aws.inRegion(repair.region).client(CloudTrailClient)
      // AWS takes the two only together (field case C41); every member that is left out stays as it is.
      const input = { Name: repair.trailArn, IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true }
      await cloudtrail(() => trail.send(new UpdateTrailCommand(input)))
    }
  }
}

async function repairAlarm(repair: Extract<Repair, { kind: 'alarm' }>, aws: ApplyContext['aws']): Promise<void> {
  const { CloudWatchClient, PutMetricAlarmCommand } = await loadCloudWatch()
  const { alarm, set } = repair
  const listed = await readAlarms(aws, { names: [alarm.name] })
  const now = listed.state === 'read' ? listed.value.find(({ name }) => name === alarm.name) : undefined
  if (now === undefined) throw failed('repair-gone', `alarm ${alarm.name} could not be read again`)
  const refused = whyNotRewritten(now)
  if (refused !== undefined) throw failed('repair-refused', `alarm ${alarm.name} is not rewritten: ${refused}`)
  if (!isDeepStrictEqual(rewrittenAlarm(now.raw, {}), rewrittenAlarm(alarm.raw, {}))) throw changed(repair)
  const input = rewrittenAlarm(now.raw, set) as unknown as PutMetricAlarmCommandInput
  await aws.client(CloudWatchClient).send(new PutMetricAlarmCommand(input))
}

async function repairTopicPolicy(
  repair: Extract<Repair, { kind: 'topic-policy' }>,
  aws: ApplyContext['aws'],
): Promise<void> {
  const { SNSClient, SetTopicAttributesCommand } = await loadSns()
  const topic = await readTopic(aws, repair.topicArn)
  const text = topic.state === 'read' ? topic.value?.policyText : undefined
  if (text === undefined) throw failed('repair-gone', `the policy of topic ${repair.topicArn} could not be read again`)
  if (!isDeepStrictEqual(parsePolicy(text), parsePolicy(repair.policyText))) throw changed(repair)
  await aws.client(SNSClient).send(
    new SetTopicAttributesCommand({
      TopicArn: repair.topicArn,
      AttributeName: 'Policy',
      AttributeValue: changedPolicy(text, repair.add),
    }),
  )
}

function changed(repair: Repair) {
  return failed(
    'repair-outdated',
    `${repairTarget(repair)} has been changed since it was looked at`,
    'run the same command again: it looks anew',
  )
}
