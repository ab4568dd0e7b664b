/** Makes repairs: reads the resource again, changes the one thing, and writes the rest back as it was. */

import { isDeepStrictEqual } from 'node:util'
import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch'
import { loadCloudTrail, loadCloudWatch, loadSns } from '../aws/clients.ts'
import { alarmHandler, readAlarms } from '../aws/resources/alarm.ts'
import type { ApplyContext } from '../aws/resources/handler.ts'
import { subscribe, subscriptionHandler } from '../aws/resources/subscription.ts'
import { readTopic, topicHandler } from '../aws/resources/topic.ts'
import { parsePolicy } from '../domain/policy-documents.ts'
import { failed } from '../errors.ts'
import type { IamAction } from '../iam/action.ts'
import { changedPolicy, type Repair, repairTarget, rewrittenAlarm, whyNotRewritten } from '../plan/repair.ts'

type RepairKind = Repair['kind']

interface RepairHandler<K extends RepairKind> {
  /** Reads included. */
  readonly actions: readonly IamAction[]
  make(repair: Extract<Repair, { kind: K }>, context: ApplyContext): Promise<void>
}

const REPAIRS: { readonly [K in RepairKind]: RepairHandler<K> } = {
  alarm: {
    actions: [...alarmHandler.actions.read, 'cloudwatch:PutMetricAlarm'],
    make: (repair, { aws }) => repairAlarm(repair, aws),
  },
  'topic-policy': {
    actions: [...topicHandler.actions.read, 'sns:SetTopicAttributes'],
    make: (repair, { aws }) => repairTopicPolicy(repair, aws),
  },
  'raw-delivery': {
    actions: ['sns:SetSubscriptionAttributes'],
    async make({ subscriptionArn }, { aws }) {
      const { SetSubscriptionAttributesCommand, SNSClient } = await loadSns()
      const off = { AttributeName: 'RawMessageDelivery', AttributeValue: 'false' }
      await aws
        .client(SNSClient)
        .send(new SetSubscriptionAttributesCommand({ SubscriptionArn: subscriptionArn, ...off }))
    },
  },
  'subscribe-again': {
    actions: ['sns:Subscribe', ...subscriptionHandler.actions.read],
    make: ({ topicArn, endpoint }, { aws }) => subscribe(aws, topicArn, endpoint),
  },
  'start-logging': {
    actions: ['cloudtrail:StartLogging'],
    async make({ region, trailArn }, { aws, cloudtrail }) {
      const { CloudTrailClient, StartLoggingCommand } = await loadCloudTrail()
      const trail = aws.inRegion(region).client(CloudTrailClient)
      await cloudtrail(() => trail.send(new StartLoggingCommand({ Name: trailArn })))
    },
  },
  'multi-region': {
    actions: ['cloudtrail:UpdateTrail'],
    async make({ region, trailArn }, { aws, cloudtrail }) {
      const { CloudTrailClient, UpdateTrailCommand } = await loadCloudTrail()
      const trail = aws.inRegion(region).client(CloudTrailClient)
      // AWS takes the two only together (field case C41); every member that is left out stays as it is.
      const input = { Name: trailArn, IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true }
      await cloudtrail(() => trail.send(new UpdateTrailCommand(input)))
    },
  },
}

/** What the repairs may call, reads included. */
export const REPAIR_ACTIONS: readonly IamAction[] = Object.values(REPAIRS).flatMap(({ actions }) => actions)

/** Makes one repair. Rejects where the resource has changed since it was shown, and where it would lose anything. */
export async function makeRepair<K extends RepairKind>(
  repair: Extract<Repair, { kind: K }>,
  context: ApplyContext,
): Promise<void> {
  const { make }: RepairHandler<K> = REPAIRS[repair.kind as K]
  await make(repair, context)
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
    `${repairTarget(repair)} has changed since it was read`,
    'run the same command again to read it again',
  )
}
