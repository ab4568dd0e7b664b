/** Ways in which somebody breaks a chain that `doctor --fix` can repair. */

import {
  CloudTrailClient,
  DescribeTrailsCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail'
import {
  CloudWatchClient,
  DisableAlarmActionsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch'
import {
  ListSubscriptionsCommand,
  ListTopicsCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns'
import type { Aws } from '../../src/aws/session.ts'

export interface Breakage {
  readonly what: string
  /** The check that finds it. */
  readonly check: string
  readonly breaks: (aws: Aws) => Promise<unknown>
}

export const BREAKAGES: readonly Breakage[] = [
  {
    what: 'actions that were disabled',
    check: 'alarm.actions-enabled',
    breaks: async (aws) =>
      aws
        .client(CloudWatchClient)
        .send(new DisableAlarmActionsCommand({ AlarmNames: (await alarmsIn(aws)).map(nameOf) })),
  },
  {
    what: 'an OK action that was removed',
    check: 'alarm.ok-action',
    breaks: (aws) => rewriteFirst(aws, { OKActions: [] }),
  },
  {
    what: 'INSUFFICIENT_DATA to PagerDuty',
    check: 'alarm.insufficient-data-action',
    breaks: async (aws) =>
      rewriteFirst(aws, { InsufficientDataActions: [await topicIn(aws)], TreatMissingData: 'missing' }),
  },
  {
    what: 'missing data left missing',
    check: 'alarm.drift',
    breaks: (aws) => rewriteFirst(aws, { TreatMissingData: 'missing' }),
  },
  {
    what: 'raw delivery',
    check: 'subscription.raw-delivery',
    breaks: async (aws) => {
      const { Subscriptions: [one] = [] } = await aws.client(SNSClient).send(new ListSubscriptionsCommand({}))
      const attribute = { AttributeName: 'RawMessageDelivery', AttributeValue: 'true' }
      const input = { SubscriptionArn: one?.SubscriptionArn, ...attribute }
      return aws.client(SNSClient).send(new SetSubscriptionAttributesCommand(input))
    },
  },
  {
    what: 'a topic policy that somebody replaced',
    check: 'topic.policy',
    breaks: async (aws) => {
      const TopicArn = await topicIn(aws)
      const input = { TopicArn, AttributeName: 'Policy', AttributeValue: policyOfOthers(TopicArn) }
      return aws.client(SNSClient).send(new SetTopicAttributesCommand(input))
    },
  },
  {
    what: 'a trail that was stopped',
    check: 'trail.logging',
    breaks: async (aws) => aws.client(CloudTrailClient).send(new StopLoggingCommand({ Name: await trailIn(aws) })),
  },
  {
    what: 'a trail of one region',
    check: 'trail.multi-region',
    breaks: async (aws) => {
      const flags = { IsMultiRegionTrail: false, IncludeGlobalServiceEvents: false }
      return aws.client(CloudTrailClient).send(new UpdateTrailCommand({ Name: await trailIn(aws), ...flags }))
    },
  },
]

/** A policy with what no tool would write: two statements, a condition, members in an odd order. */
export function policyOfOthers(topic: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'team-policy',
    Statement: [
      {
        Sid: 'mine',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: topic,
      },
      {
        Effect: 'Deny',
        Sid: 'tls',
        Principal: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        Resource: [topic],
        Action: ['sns:Publish'],
      },
    ],
  })
}

export async function alarmsIn(aws: Aws): Promise<readonly MetricAlarm[]> {
  const alarms: MetricAlarm[] = []
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: aws.client(CloudWatchClient) }, {}))
    alarms.push(...MetricAlarms)
  return alarms
}

export async function topicIn(aws: Aws): Promise<string> {
  const { Topics: [topic] = [] } = await aws.client(SNSClient).send(new ListTopicsCommand({}))
  return topic?.TopicArn ?? ''
}

export async function trailIn(aws: Aws): Promise<string> {
  const { trailList: [trail] = [] } = await aws.client(CloudTrailClient).send(new DescribeTrailsCommand({}))
  return trail?.TrailARN ?? ''
}

async function rewriteFirst(aws: Aws, different: Partial<PutMetricAlarmCommandInput>): Promise<unknown> {
  const [alarm] = await alarmsIn(aws)
  return rewriteAlarm(aws, alarm, different)
}

/** The alarm as it is, but for what is different; put as any script would. */
export function rewriteAlarm(
  aws: Aws,
  alarm: MetricAlarm | undefined,
  different: Partial<PutMetricAlarmCommandInput>,
): Promise<unknown> {
  const input = { ...alarm, ...different } as PutMetricAlarmCommandInput
  return aws.client(CloudWatchClient).send(new PutMetricAlarmCommand(input))
}

function nameOf({ AlarmName = '' }: MetricAlarm): string {
  return AlarmName
}
