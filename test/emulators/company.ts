/** What a company had in its account before the tool came: made by plain calls, for tests that it survives. */

import {
  CloudTrailClient,
  CreateTrailCommand,
  StartLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail'
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch'
import { CloudWatchLogsClient, CreateLogGroupCommand, PutMetricFilterCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import type { Aws } from '../../src/aws/session.ts'

/** A trail that logs, in a bucket of its own, and delivers nowhere else. */
export async function aTrailWithoutDelivery(aws: Aws): Promise<void> {
  await makeBucket(aws)
  const trail = aws.client(CloudTrailClient)
  const flags = { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, EnableLogFileValidation: true }
  await trail.send(new CreateTrailCommand({ Name: 'company-audit', S3BucketName: 'company-audit-bucket', ...flags }))
  await trail.send(new StartLoggingCommand({ Name: 'company-audit' }))
}

/** A trail with a log group, and beside it filter, alarm, topic and subscriber that are nobody's business. */
export async function aCompanyAccount(aws: Aws): Promise<void> {
  const { account } = aws.identity
  await makeBucket(aws)
  const logs = aws.client(CloudWatchLogsClient)
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'company-logs' }))
  await makeRole(aws)
  const trail = aws.client(CloudTrailClient)
  await trail.send(
    new CreateTrailCommand({
      Name: 'company-audit',
      S3BucketName: 'company-audit-bucket',
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
    }),
  )
  await trail.send(
    new UpdateTrailCommand({
      Name: 'company-audit',
      CloudWatchLogsLogGroupArn: `arn:aws:logs:${aws.region}:${account}:log-group:company-logs:*`,
      CloudWatchLogsRoleArn: `arn:aws:iam::${account}:role/company-delivery`,
    }),
  )
  await trail.send(new StartLoggingCommand({ Name: 'company-audit' }))
  await logs.send(
    new PutMetricFilterCommand({
      logGroupName: 'company-logs',
      filterName: 'company-filter',
      filterPattern: '{ $.eventName = "RunInstances" }',
      metricTransformations: [{ metricNamespace: 'Company', metricName: 'Launches', metricValue: '1' }],
    }),
  )
  const sns = aws.client(SNSClient)
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'company-topic' }))
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' }))
  await aws.client(CloudWatchClient).send(
    new PutMetricAlarmCommand({
      AlarmName: 'company-alarm',
      Namespace: 'Company',
      MetricName: 'Launches',
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [TopicArn],
    }),
  )
}

/** Besides CloudTrail, another account may read: a statement that no run may lose. */
async function makeBucket(aws: Aws): Promise<void> {
  const Bucket = 'company-audit-bucket'
  const s3 = aws.client(S3Client)
  await s3.send(new CreateBucketCommand({ Bucket }))
  const cloudtrail = { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' } }
  const Statement = [
    { ...cloudtrail, Sid: 'Acl', Action: 's3:GetBucketAcl', Resource: `arn:aws:s3:::${Bucket}` },
    { ...cloudtrail, Sid: 'Write', Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/AWSLogs/*` },
    {
      Sid: 'Auditor',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    },
  ]
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }))
}

/** A role that CloudTrail may assume, and that may write to every log group. */
export async function makeRole(aws: Aws): Promise<void> {
  const iam = aws.client(IAMClient)
  const RoleName = 'company-delivery'
  const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const service = { Service: 'cloudtrail.amazonaws.com' }
  const AssumeRolePolicyDocument = document({ Effect: 'Allow', Principal: service, Action: 'sts:AssumeRole' })
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  const Action = ['logs:CreateLogStream', 'logs:PutLogEvents']
  const PolicyDocument = document({ Effect: 'Allow', Action, Resource: '*' })
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'write', PolicyDocument }))
}
