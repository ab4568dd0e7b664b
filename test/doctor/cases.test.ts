import {
  CloudTrailClient,
  DeleteTrailCommand,
  PutEventSelectorsCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail'
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch'
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  DeleteMetricFilterCommand,
  PutMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  DeleteTopicCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import type { Aws } from '../../src/aws/session.ts'
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts'
import { accountWithChain, awsIn } from '../support/fresh-account.ts'
import type { Account } from '../support/tool.ts'
import { policyOfOthers } from './breakages.ts'
import { doctorOn, faultsOf } from './live.ts'

/** Field cases that `doctor` meets in an account, by their number: each breaks a chain that init made, and names what is found. */

interface Chained {
  readonly account: Account
  readonly aws: Aws
  readonly topic: string
  readonly subscription: string
  readonly trail: string
  readonly logGroup: string
  readonly filter: string
  readonly alarm: PutMetricAlarmCommandInput
}

async function chained(options: SandboxOptions = {}): Promise<Chained> {
  const account = await accountWithChain([], options)
  const { state } = account.sandbox
  const aws = await awsIn(account)
  const topic = Object.keys(state.topics)[0] ?? ''
  const group = Object.values(state.logGroups)[0]
  return {
    account,
    aws,
    topic,
    subscription: Object.values(state.subscriptions)[0]?.arn ?? '',
    trail: Object.values(state.trails)[0]?.arn ?? '',
    logGroup: group?.name ?? '',
    filter: Object.keys(group?.filters ?? {})[0] ?? '',
    alarm: {
      AlarmName: 'ByHand-123456789012-us-east-1',
      Namespace: 'CloudTrailPagerDuty',
      MetricName: 'RootAccountUsagePage',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [topic],
      OKActions: [topic],
    },
  }
}

const sns = ({ aws }: Chained) => aws.client(SNSClient)
const trails = ({ aws }: Chained) => aws.client(CloudTrailClient)
const putAlarm = (on: Chained, different: Partial<PutMetricAlarmCommandInput>) =>
  on.aws.client(CloudWatchClient).send(new PutMetricAlarmCommand({ ...on.alarm, ...different }))
const trustOf = (Service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  })
/** In place of the alarm that init made. */
async function replaceAlarm(on: Chained, different: Partial<PutMetricAlarmCommandInput>) {
  const AlarmNames = Object.values(on.account.sandbox.state.alarms).map(({ name }) => name)
  await on.aws.client(CloudWatchClient).send(new DeleteAlarmsCommand({ AlarmNames }))
  return putAlarm(on, different)
}
const putFilter = (on: Chained, filterPattern: string, metricName = 'RootAccountUsagePage') =>
  on.aws.client(CloudWatchLogsClient).send(
    new PutMetricFilterCommand({
      logGroupName: on.logGroup,
      filterName: on.filter,
      filterPattern,
      metricTransformations: [{ metricNamespace: 'CloudTrailPagerDuty', metricName, metricValue: '1' }],
    }),
  )
const setTopic = (on: Chained, AttributeName: string, AttributeValue: string) =>
  sns(on).send(new SetTopicAttributesCommand({ TopicArn: on.topic, AttributeName, AttributeValue }))
const setSubscription = (on: Chained, AttributeName: string, AttributeValue: string) =>
  sns(on).send(
    new SetSubscriptionAttributesCommand({ SubscriptionArn: on.subscription, AttributeName, AttributeValue }),
  )
const selectors = (on: Chained, different: object) =>
  trails(on).send(
    new PutEventSelectorsCommand({
      TrailName: on.trail,
      EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All', ...different }],
    }),
  )

const everything =
  '{ ($.errorCode = "AccessDenied*") || ($.sourceIPAddress != "delivery.logs.amazonaws.com") || ($.eventName != "HeadBucket") }'
const exclusion = '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy != "config.amazonaws.com") }'

type Case = readonly [title: string, breaks: (on: Chained) => Promise<unknown>, expected: readonly string[]]

const CASES: readonly Case[] = [
  ['C03 raw delivery', (on) => setSubscription(on, 'RawMessageDelivery', 'true'), ['fail subscription.raw-delivery']],
  [
    'a filter policy on attributes',
    (on) => setSubscription(on, 'FilterPolicy', '{"severity":["high"]}'),
    ['fail subscription.filter-policy'],
  ],
  [
    'C12 a second integration, of a key that nobody knows',
    (on) =>
      sns(on).send(
        new SubscribeCommand({
          TopicArn: on.topic,
          Protocol: 'https',
          Endpoint: `https://events.pagerduty.com/integration/${'d'.repeat(32)}/enqueue`,
        }),
      ),
    ['fail subscription.confirmed', 'warn subscription.duplicate'],
  ],
  ['C08 a name without its place, which is no fault', (on) => putAlarm(on, { AlarmName: 'RootUsage' }), []],
  ['C14 no OK action', (on) => putAlarm(on, { OKActions: [] }), ['fail alarm.ok-action']],
  [
    'C15 INSUFFICIENT_DATA to PagerDuty',
    (on) => putAlarm(on, { InsufficientDataActions: [on.topic], TreatMissingData: undefined }),
    ['fail alarm.insufficient-data-action'],
  ],
  ['C17 alias/aws/sns', (on) => setTopic(on, 'KmsMasterKeyId', 'alias/aws/sns'), ['fail topic.encryption']],
  [
    'C18 a key for the account alone',
    async (on) => {
      const { KeyMetadata } = await on.aws.client(KMSClient).send(new CreateKeyCommand({}))
      return setTopic(on, 'KmsMasterKeyId', KeyMetadata?.Arn ?? '')
    },
    ['fail topic.encryption'],
  ],
  [
    'C19 a topic policy for others',
    (on) =>
      setTopic(
        on,
        'Policy',
        JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sns:Publish',
              Resource: on.topic,
            },
          ],
        }),
      ),
    ['fail topic.policy'],
  ],
  [
    'C20 a topic policy for the organization of the caller',
    (on) =>
      setTopic(
        on,
        'Policy',
        JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: '*',
              Action: 'sns:Publish',
              Resource: on.topic,
              Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } },
            },
          ],
        }),
      ),
    ['fail topic.policy'],
  ],
  [
    'C23 an exclusion without a guard',
    async (on) => {
      await on.aws.client(CloudWatchClient).send(
        new DeleteAlarmsCommand({
          AlarmNames: Object.values(on.account.sandbox.state.alarms).map(({ name }) => name),
        }),
      )
      await putAlarm(on, {})
      return putFilter(on, exclusion)
    },
    ['fail metric-filter.matches-own-event', 'warn metric-filter.absent-field'],
  ],
  [
    'C24 exclusions joined by OR',
    (on) => putFilter(on, everything),
    ['warn metric-filter.false-pages', 'fail metric-filter.always-matches', 'warn metric-filter.drift'],
  ],
  [
    'C27 a pattern that CloudWatch Logs refuses',
    async (on) => {
      for (const { filters } of Object.values(on.account.sandbox.state.logGroups)) {
        for (const filter of Object.values(filters)) filter.pattern = '{ ($.eventName = StopLogging) } }'
      }
    },
    ['fail metric-filter.syntax', 'warn metric-filter.drift'],
  ],
  [
    'C26 a pattern that cannot see its own event',
    (on) => putFilter(on, '{ $.userIdentity.type = "root" }'),
    ['fail metric-filter.matches-own-event', 'fail metric-filter.never-matches', 'warn metric-filter.drift'],
  ],
  ['C39 reads alone', (on) => selectors(on, { ReadWriteType: 'ReadOnly' }), ['fail trail.management-events']],
  [
    'C39 data events alone',
    (on) =>
      selectors(on, {
        IncludeManagementEvents: false,
        DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }],
      }),
    ['fail trail.management-events'],
  ],
  [
    'C41 one region',
    (on) => trails(on).send(new UpdateTrailCommand({ Name: on.trail, IsMultiRegionTrail: false })),
    ['warn trail.multi-region'],
  ],
  [
    'C43 a trail that was stopped',
    (on) => trails(on).send(new StopLoggingCommand({ Name: on.trail })),
    ['fail trail.logging'],
  ],
  [
    'C44 a role that lost its policy',
    async (on) => {
      const [role] = Object.values(on.account.sandbox.state.roles)
      const [PolicyName] = Object.keys(role?.policies ?? {})
      return on.aws.client(IAMClient).send(new DeleteRolePolicyCommand({ RoleName: role?.name, PolicyName }))
    },
    ['fail delivery.role-policy'],
  ],
  ['C54 twelve of twelve periods', (on) => putAlarm(on, { EvaluationPeriods: 12 }), ['fail alarm.can-fire']],
  ['C56 missing data left missing, and zeros in its place', (on) => putAlarm(on, { TreatMissingData: undefined }), []],
  [
    'C56 missing data left missing, and no zeros',
    (on) => putFilter(on, '{ $.userIdentity.type = "Root" }').then(() => putAlarm(on, { TreatMissingData: undefined })),
    ['warn metric-filter.false-pages', 'warn metric-filter.drift', 'fail alarm.missing-data'],
  ],
  [
    'an alarm of init with another period',
    async (on) => {
      const [alarm] = Object.values(on.account.sandbox.state.alarms)
      return putAlarm(on, { AlarmName: alarm?.name, AlarmDescription: alarm?.description ?? '', Period: 86_400 })
    },
    ['warn alarm.blind-time', 'warn alarm.drift'],
  ],
  [
    'C57 a namespace with other letters',
    (on) => putAlarm(on, { Namespace: 'CloudTrailPagerduty' }),
    ['fail alarm.metric'],
  ],
  [
    'C57 a filter that was deleted',
    (on) =>
      on.aws
        .client(CloudWatchLogsClient)
        .send(new DeleteMetricFilterCommand({ logGroupName: on.logGroup, filterName: on.filter })),
    ['fail metric-filter.exists', 'fail alarm.metric'],
  ],
  [
    'C57 a filter whose alarm was deleted',
    (on) =>
      on.aws.client(CloudWatchClient).send(
        new DeleteAlarmsCommand({
          AlarmNames: Object.values(on.account.sandbox.state.alarms).map(({ name }) => name),
        }),
      ),
    ['fail alarm.exists'],
  ],
  [
    'an alarm that tells nobody',
    (on) => replaceAlarm(on, { AlarmActions: [], OKActions: [] }),
    ['fail alarm.alarm-action'],
  ],
  ['C55 a period of a day', (on) => putAlarm(on, { Period: 86_400 }), ['warn alarm.blind-time']],
  [
    'two alarms for the same',
    (on) => putAlarm(on, {}).then(() => putAlarm(on, { AlarmName: 'Twin-123456789012-us-east-1' })),
    ['warn alarm.duplicate', 'warn alarm.duplicate'],
  ],
  [
    'C41 a trail without global services',
    (on) =>
      trails(on).send(
        new UpdateTrailCommand({ Name: on.trail, IsMultiRegionTrail: false, IncludeGlobalServiceEvents: false }),
      ),
    ['warn trail.multi-region', 'fail trail.global-service-events'],
  ],
  [
    'a trail without a log group',
    (on) =>
      trails(on).send(
        new UpdateTrailCommand({ Name: on.trail, CloudWatchLogsLogGroupArn: '', CloudWatchLogsRoleArn: '' }),
      ),
    ['fail trail.exists', 'fail delivery.configured'],
  ],
  [
    'C44 a role that CloudTrail may not assume',
    (on) =>
      on.aws.client(IAMClient).send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: Object.values(on.account.sandbox.state.roles)[0]?.name,
          PolicyDocument: trustOf('ec2.amazonaws.com'),
        }),
      ),
    ['fail delivery.role-trust'],
  ],
  [
    'a metric with dimensions',
    (on) =>
      on.aws.client(CloudWatchLogsClient).send(
        new PutMetricFilterCommand({
          logGroupName: on.logGroup,
          filterName: on.filter,
          filterPattern: '{ $.userIdentity.type = "Root" }',
          metricTransformations: [
            {
              metricNamespace: 'CloudTrailPagerDuty',
              metricName: 'RootAccountUsagePage',
              metricValue: '1',
              dimensions: { Account: '$.recipientAccountId' },
            },
          ],
        }),
      ),
    ['warn metric-filter.false-pages', 'warn metric-filter.transformation', 'fail alarm.exists', 'fail alarm.metric'],
  ],
  [
    'a URL of PagerDuty that is no integration',
    (on) =>
      sns(on).send(
        new SubscribeCommand({
          TopicArn: on.topic,
          Protocol: 'https',
          Endpoint: 'https://acme.pagerduty.com/services',
        }),
      ),
    ['fail subscription.endpoint', 'fail subscription.confirmed'],
  ],
  [
    'a role that was deleted',
    async (on) => {
      const [role] = Object.values(on.account.sandbox.state.roles)
      const [PolicyName] = Object.keys(role?.policies ?? {})
      await on.aws.client(IAMClient).send(new DeleteRolePolicyCommand({ RoleName: role?.name, PolicyName }))
      return on.aws.client(IAMClient).send(new DeleteRoleCommand({ RoleName: role?.name }))
    },
    ['fail delivery.role'],
  ],
  [
    'a log group that was deleted',
    (on) => on.aws.client(CloudWatchLogsClient).send(new DeleteLogGroupCommand({ logGroupName: on.logGroup })),
    ['fail log-group.exists', 'fail metric-filter.exists', 'fail alarm.metric'],
  ],
  [
    'a subscription that was deleted',
    (on) => sns(on).send(new UnsubscribeCommand({ SubscriptionArn: on.subscription })),
    ['fail subscription.exists'],
  ],
  [
    'an action that the topic refused',
    async (on) => {
      await setTopic(on, 'Policy', policyOfOthers(on.topic))
      const alarm = Object.values(on.account.sandbox.state.alarms)[0]?.name
      const fired = { AlarmName: alarm, StateValue: 'ALARM' as const, StateReason: 'by hand' }
      await on.aws.client(CloudWatchClient).send(new SetAlarmStateCommand(fired))
      return on.account.sandbox.clock.sleep(60_000)
    },
    ['fail alarm.last-action', 'fail topic.policy'],
  ],
  [
    'a topic that was deleted',
    (on) => sns(on).send(new DeleteTopicCommand({ TopicArn: on.topic })),
    ['fail topic.exists'],
  ],
  [
    'a trail that was deleted',
    (on) => trails(on).send(new DeleteTrailCommand({ Name: on.trail })),
    ['fail trail.exists'],
  ],
]

describe('doctor in an account', () => {
  it.each(CASES)('finds %s', async (_, breaks, expected) => {
    const on = await chained()
    await breaks(on)
    const seen = await doctorOn(on.account)
    expect(faultsOf(seen)).toEqual(expected)
    expect(seen.exit).toBe(expected.some((fault) => fault.startsWith('fail')) ? 4 : 0)
  })

  it('finds C01 a subscription that PagerDuty never confirms, whose repair asks again', async () => {
    const on = await chained()
    for (const subscription of Object.values(on.account.sandbox.state.subscriptions)) subscription.confirmed = false
    const seen = await doctorOn(on.account)
    expect(faultsOf(seen)).toEqual(['fail subscription.confirmed'])
    // Its ARN ends with an id that nobody knows.
    expect(seen.text).toMatch(/✖ subscription\.confirmed {2}https:\/\/events\.pagerduty\.com\S*…\S*enqueue$/m)
    expect(seen.json.chains).toMatchObject([{ subscription: 'PendingConfirmation', works: false }])
    on.account.writes()
    const fixed = await doctorOn(on.account, { fix: true, yes: true })
    expect(on.account.writes()).toEqual(['SNS:Subscribe'])
    expect(faultsOf(fixed)).toEqual([])
  })
})
