/** A chain made call by call: what the sandbox answers is not proved by the tool that it is there to test. */
import { CreateTrailCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail'
import { PutMetricAlarmCommand, type PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch'
import { CreateLogGroupCommand, PutMetricFilterCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3'
import { CreateTopicCommand, GetSubscriptionAttributesCommand, SubscribeCommand } from '@aws-sdk/client-sns'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { clientsOf, ENDPOINT, eventually } from './sandbox-account.ts'

export type Clients = ReturnType<typeof clientsOf>

export const ACCOUNT = '123456789012'
export const TRAIL_ARN = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/main-trail`
export const GROUP_ARN = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:trail-events`
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/trail-role`
const SERVICE = { Service: 'cloudtrail.amazonaws.com' }

const TRUST = policy({ Effect: 'Allow', Principal: SERVICE, Action: 'sts:AssumeRole' })

export const WRITE_EVENTS = policy({
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: `${GROUP_ARN}:log-stream:${ACCOUNT}_CloudTrail_us-east-1*`,
})

export function bucketPolicy(trailArn = TRAIL_ARN): string {
  const from = { 'aws:SourceArn': trailArn }
  const write = { ...from, 's3:x-amz-acl': 'bucket-owner-full-control' }
  const put = `arn:aws:s3:::trail-bucket/AWSLogs/${ACCOUNT}/*`
  return policy(
    {
      Effect: 'Allow',
      Principal: SERVICE,
      Action: 's3:GetBucketAcl',
      Resource: 'arn:aws:s3:::trail-bucket',
      Condition: { StringEquals: from },
    },
    { Effect: 'Allow', Principal: SERVICE, Action: 's3:PutObject', Resource: put, Condition: { StringEquals: write } },
  )
}

export function policy(...Statement: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement })
}

export async function aBucket({ s3 }: Clients): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: 'trail-bucket' }))
  await s3.send(new PutBucketPolicyCommand({ Bucket: 'trail-bucket', Policy: bucketPolicy() }))
}

export async function aRole({ iam }: Clients): Promise<void> {
  await iam.send(new CreateRoleCommand({ RoleName: 'trail-role', AssumeRolePolicyDocument: TRUST }))
  const document = { PolicyName: 'write', PolicyDocument: WRITE_EVENTS }
  await iam.send(new PutRolePolicyCommand({ RoleName: 'trail-role', ...document }))
}

/** A multi-region trail that logs into the group `trail-events`. */
export async function aTrail(sandbox: Sandbox): Promise<void> {
  const clients = clientsOf(sandbox.backend)
  await clients.logs.send(new CreateLogGroupCommand({ logGroupName: 'trail-events' }))
  await aBucket(clients)
  await aRole(clients)
  sandbox.clock.move(15_000)
  await clients.trail.send(
    new CreateTrailCommand({
      Name: 'main-trail',
      S3BucketName: 'trail-bucket',
      IsMultiRegionTrail: true,
      CloudWatchLogsLogGroupArn: `${GROUP_ARN}:*`,
      CloudWatchLogsRoleArn: ROLE_ARN,
    }),
  )
  await clients.trail.send(new StartLoggingCommand({ Name: 'main-trail' }))
}

/** A topic with a subscription to PagerDuty that the receiver has confirmed; gives the topic's ARN. */
export async function aConfirmedTopic(sandbox: Sandbox): Promise<string> {
  const { sns } = clientsOf(sandbox.backend)
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }))
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: ENDPOINT, ReturnSubscriptionArn: true }),
  )
  await eventually(
    sandbox,
    () => sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })),
    ({ Attributes }) => Attributes?.PendingConfirmation === 'false',
  )
  return TopicArn
}

export async function aFilter({ logs }: Clients, filterPattern: string, over: object = {}): Promise<void> {
  const transformation = { metricName: 'Hits', metricNamespace: 'Test', metricValue: '1', defaultValue: 0, ...over }
  const filter = { logGroupName: 'trail-events', filterName: 'hits', filterPattern }
  await logs.send(new PutMetricFilterCommand({ ...filter, metricTransformations: [transformation] }))
}

/** The alarm that turns one event into one page. */
export async function anAlarm({ cloudwatch }: Clients, over: Partial<PutMetricAlarmInput> = {}): Promise<void> {
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'hits',
      Namespace: 'Test',
      MetricName: 'Hits',
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      ...over,
    }),
  )
}
