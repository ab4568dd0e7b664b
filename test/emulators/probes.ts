/** What an AWS answers where it matters to the chain: each probe asks one question and gives the answer in a word or two. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import {
  CloudTrailClient,
  CreateTrailCommand,
  type CreateTrailCommandInput,
  DeleteTrailCommand,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  LookupEventsCommand,
  UpdateTrailCommand,
  type UpdateTrailCommandInput,
} from '@aws-sdk/client-cloudtrail'
import {
  CloudWatchClient,
  DeleteDashboardsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  ListAlarmMuteRulesCommand,
  ListDashboardsCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteMetricFilterCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  PutMetricFilterCommand,
  type PutMetricFilterCommandInput,
  TestMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { DeleteRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { CreateBucketCommand, DeleteBucketCommand, GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { KEY } from '../support/tool.ts'
import { aTrailWithoutDelivery, makeRole } from './company.ts'
import type { Stage } from './stage.ts'

export type PatternProbe = (stage: Stage) => Promise<string>

/** Where nobody listens: it is refused at once, and nothing leaves the machine. */
const NOBODY = 'http://127.0.0.1:9/'

export const PROBES = {
  'a subscription that nobody confirms': async ({ aws }) => {
    const sns = aws.client(SNSClient)
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'pending' }))
    const wish = { TopicArn, Protocol: 'http', Endpoint: NOBODY }
    const { SubscriptionArn } = await sns.send(new SubscribeCommand(wish))
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
    return `${wordOf(SubscriptionArn)}, listed as ${wordOf(Subscriptions[0]?.SubscriptionArn)}`
  },
  'the attribute of a pending subscription': async ({ aws }) => {
    const sns = aws.client(SNSClient)
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'pending-attribute' }))
    const wish = { TopicArn, Protocol: 'http', Endpoint: NOBODY, ReturnSubscriptionArn: true }
    const { SubscriptionArn } = await sns.send(new SubscribeCommand(wish))
    return answered(async () => {
      const { Attributes = {} } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
      return `PendingConfirmation ${Attributes.PendingConfirmation}`
    })
  },
  'an e-mail subscription that nobody confirms': async ({ aws }) => {
    const sns = aws.client(SNSClient)
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'mail' }))
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'oncall@example.com' }))
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
    return `listed as ${wordOf(Subscriptions[0]?.SubscriptionArn)}`
  },
  'an e-mail subscription to no address': async ({ aws }) => {
    const sns = aws.client(SNSClient)
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'no-mail' }))
    return outcome(() => sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'oncall' })))
  },
  'the same subscription twice': async ({ aws }) => {
    const sns = aws.client(SNSClient)
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'twice' }))
    const wish = new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: NOBODY, ReturnSubscriptionArn: true })
    const [first, second] = [await sns.send(wish), await sns.send(wish)]
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
    return `${first.SubscriptionArn === second.SubscriptionArn ? 'same' : 'other'} ARN, ${Subscriptions.length} listed`
  },
  'a pending subscription that is asked for again': async ({ aws }) => {
    const sink = await openSink()
    const sns = aws.client(SNSClient)
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'asked-again' }))
    for (const asked of [1, 2]) {
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: sink.url }))
      await sink.received(asked)
    }
    await sink.close()
    return `${sink.count()} confirmation requests`
  },
  'unsubscribing the word PendingConfirmation': ({ aws }) =>
    outcome(() => aws.client(SNSClient).send(new UnsubscribeCommand({ SubscriptionArn: 'PendingConfirmation' }))),
  'a plain URL for https': async ({ aws }) => {
    const sns = aws.client(SNSClient)
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'plain-url' }))
    return outcome(() => sns.send(new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: NOBODY })))
  },
  'a topic made again with another display name': async ({ aws }) => {
    const sns = aws.client(SNSClient)
    await sns.send(new CreateTopicCommand({ Name: 'again', Attributes: { DisplayName: 'one' } }))
    return outcome(() => sns.send(new CreateTopicCommand({ Name: 'again', Attributes: { DisplayName: 'two' } })))
  },
  'a topic made again with another tag': async ({ aws }) => {
    const sns = aws.client(SNSClient)
    await sns.send(new CreateTopicCommand({ Name: 'tagged', Tags: [{ Key: 'a', Value: '1' }] }))
    return outcome(() => sns.send(new CreateTopicCommand({ Name: 'tagged', Tags: [{ Key: 'a', Value: '2' }] })))
  },
  "a topic's first policy": async ({ aws }) => {
    const sns = aws.client(SNSClient)
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'first-policy' }))
    const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn }))
    return String(JSON.parse(Attributes.Policy ?? '{}').Statement?.[0]?.Sid)
  },
  'a missing topic': ({ aws }) =>
    outcome(() => aws.client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn: arnOf(aws, 'sns', 'none') }))),
  'deleting a missing topic': ({ aws }) =>
    outcome(() => aws.client(SNSClient).send(new DeleteTopicCommand({ TopicArn: arnOf(aws, 'sns', 'none') }))),

  'a pattern without an operand': (stage) => filterOutcome(stage, { filterPattern: '{ $.eventName = }' }),
  'a pattern without its last brace': (stage) => filterOutcome(stage, { filterPattern: '{ $.eventName = "A"' }),
  'a pattern with EXISTS': (stage) => filterOutcome(stage, { filterPattern: '{ $.eventName EXISTS }' }),
  'a pattern of 1,025 characters': (stage) => filterOutcome(stage, { filterPattern: 'a'.repeat(1025) }),
  'dimensions together with a default value': (stage) =>
    filterOutcome(stage, {
      filterPattern: '{ $.eventName = "A" }',
      metricTransformations: [
        { metricName: 'M', metricNamespace: 'N', metricValue: '1', defaultValue: 0, dimensions: { a: '$.a' } },
      ],
    }),
  'a filter in a missing log group': async ({ aws }) => {
    const metricTransformations = [{ metricName: 'M', metricNamespace: 'N', metricValue: '1' }]
    const wish = { logGroupName: 'none', filterName: 'f', filterPattern: 'a', metricTransformations }
    return outcome(() => aws.client(CloudWatchLogsClient).send(new PutMetricFilterCommand(wish)))
  },
  'the filters of a missing log group': ({ aws }) =>
    outcome(() => aws.client(CloudWatchLogsClient).send(new DescribeMetricFiltersCommand({ logGroupName: 'none' }))),
  'deleting a missing filter': async ({ aws }) => {
    const logs = aws.client(CloudWatchLogsClient)
    await logs.send(new CreateLogGroupCommand({ logGroupName: 'no-filter' }))
    return outcome(() => logs.send(new DeleteMetricFilterCommand({ logGroupName: 'no-filter', filterName: 'none' })))
  },
  'deleting a missing log group': ({ aws }) =>
    outcome(() => aws.client(CloudWatchLogsClient).send(new DeleteLogGroupCommand({ logGroupName: 'none' }))),
  'a log group made twice': async ({ aws }) => {
    const logs = aws.client(CloudWatchLogsClient)
    await logs.send(new CreateLogGroupCommand({ logGroupName: 'made-twice' }))
    return outcome(() => logs.send(new CreateLogGroupCommand({ logGroupName: 'made-twice' })))
  },
  'the class of a log group': async ({ aws }) => {
    const logs = aws.client(CloudWatchLogsClient)
    await logs.send(new CreateLogGroupCommand({ logGroupName: 'class', logGroupClass: 'INFREQUENT_ACCESS' }))
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'class' }))
    return String(logGroups[0]?.logGroupClass)
  },
  TestMetricFilter: async ({ aws }) => {
    const logs = aws.client(CloudWatchLogsClient)
    const wish = { filterPattern: '{ $.a = 1 }', logEventMessages: ['{"a":1}', '{"a":2}'] }
    return answered(async () => {
      const { matches = [] } = await logs.send(new TestMetricFilterCommand(wish))
      return `${matches.length} match`
    })
  },

  'a topic of another region as action': (stage) =>
    alarmOutcome(stage, { AlarmActions: [`arn:aws:sns:eu-west-1:${stage.account}:pages`] }),
  'missing data treated as "Missing"': (stage) => alarmOutcome(stage, { TreatMissingData: 'Missing' }),
  'a period of 45 seconds': (stage) => alarmOutcome(stage, { Period: 45 }),
  'the state of a new alarm': async ({ aws }) => {
    const cloudwatch = aws.client(CloudWatchClient)
    await cloudwatch.send(new PutMetricAlarmCommand({ ...ALARM, AlarmName: 'new' }))
    return stateOf(cloudwatch, 'new')
  },
  'the state of an alarm that is put again': async ({ aws }) => {
    const cloudwatch = aws.client(CloudWatchClient)
    const put = new PutMetricAlarmCommand({ ...ALARM, AlarmName: 'put-again' })
    await cloudwatch.send(put)
    const wish = { AlarmName: 'put-again', StateValue: 'ALARM', StateReason: 'probe' } as const
    await cloudwatch.send(new SetAlarmStateCommand(wish))
    await cloudwatch.send(put)
    return stateOf(cloudwatch, 'put-again')
  },
  'alarms one a page': async ({ aws }) => {
    const cloudwatch = aws.client(CloudWatchClient)
    for (const AlarmName of ['page-1', 'page-2'])
      await cloudwatch.send(new PutMetricAlarmCommand({ ...ALARM, AlarmName }))
    const wish = { AlarmNamePrefix: 'page-', MaxRecords: 1 }
    const { NextToken } = await cloudwatch.send(new DescribeAlarmsCommand(wish))
    return NextToken === undefined ? 'all at once' : 'paged'
  },
  DescribeAlarmHistory: ({ aws }) =>
    outcome(() => aws.client(CloudWatchClient).send(new DescribeAlarmHistoryCommand({}))),
  ListAlarmMuteRules: ({ aws }) => outcome(() => aws.client(CloudWatchClient).send(new ListAlarmMuteRulesCommand({}))),
  'an alarm that is set to ALARM': pageOf,

  'a trail into a bucket without a policy': async ({ aws }) => {
    const Bucket = `no-policy-${aws.identity.account}`
    await aws.client(S3Client).send(new CreateBucketCommand({ Bucket }))
    return trailOutcome(aws, { Name: 'no-policy', S3BucketName: Bucket })
  },
  'a trail into a missing bucket': ({ aws }) => trailOutcome(aws, { Name: 'no-bucket', S3BucketName: 'none-at-all' }),
  'a trail of a name that is taken': (stage) =>
    withTrail(stage, async ({ aws }) => {
      const wish = { Name: 'taken', S3BucketName: 'company-audit-bucket' }
      const cloudtrail = aws.client(CloudTrailClient)
      await cloudtrail.send(new CreateTrailCommand(wish))
      const answer = await trailOutcome(aws, wish)
      await cloudtrail.send(new DeleteTrailCommand({ Name: 'taken' }))
      return answer
    }),
  'the log group that a trail is made with': (stage) =>
    withTrail(stage, async ({ aws }) => {
      await deliverable(stage)
      const cloudtrail = aws.client(CloudTrailClient)
      const wish = { Name: 'delivers', S3BucketName: 'company-audit-bucket', ...deliveryOf(aws, 'company-logs') }
      await cloudtrail.send(new CreateTrailCommand(wish))
      const { trailList = [] } = await cloudtrail.send(new DescribeTrailsCommand({ trailNameList: ['delivers'] }))
      await cloudtrail.send(new DeleteTrailCommand({ Name: 'delivers' }))
      const made = trailList.find(({ Name }) => Name === 'delivers')
      return made?.CloudWatchLogsLogGroupArn === wish.CloudWatchLogsLogGroupArn ? 'kept' : 'lost'
    }),
  'a log group without :*': (stage) =>
    withTrail(stage, async ({ aws }) => {
      await deliverable(stage)
      const { CloudWatchLogsLogGroupArn, ...role } = deliveryOf(aws, 'company-logs')
      return updateOutcome(aws, { CloudWatchLogsLogGroupArn: CloudWatchLogsLogGroupArn.replace(':*', ''), ...role })
    }),
  'a log group that is missing': (stage) =>
    withTrail(stage, async ({ aws }) => {
      await deliverable(stage)
      return updateOutcome(aws, deliveryOf(aws, 'none'))
    }),
  'a role that is missing': (stage) =>
    withTrail(stage, async ({ aws }) => {
      await deliverable(stage)
      const CloudWatchLogsRoleArn = `arn:aws:iam::${aws.identity.account}:role/none`
      return updateOutcome(aws, { ...deliveryOf(aws, 'company-logs'), CloudWatchLogsRoleArn })
    }),
  'a new trail': (stage) =>
    withTrail(stage, async ({ aws }) => {
      const cloudtrail = aws.client(CloudTrailClient)
      await cloudtrail.send(new CreateTrailCommand({ Name: 'silent', S3BucketName: 'company-audit-bucket' }))
      const { IsLogging } = await cloudtrail.send(new GetTrailStatusCommand({ Name: 'silent' }))
      await cloudtrail.send(new DeleteTrailCommand({ Name: 'silent' }))
      return IsLogging ? 'logs' : 'does not log'
    }),
  'a multi-region trail seen from elsewhere': (stage) =>
    withTrail(stage, async ({ aws }) => {
      const cloudtrail = aws.inRegion('eu-west-1').client(CloudTrailClient)
      const { trailList = [] } = await cloudtrail.send(new DescribeTrailsCommand({}))
      return trailList.map(({ Name, HomeRegion }) => `${Name} of ${HomeRegion}`).join()
    }),
  'the same without shadow trails': (stage) =>
    withTrail(stage, async ({ aws }) => {
      const cloudtrail = aws.inRegion('eu-west-1').client(CloudTrailClient)
      const { trailList = [] } = await cloudtrail.send(new DescribeTrailsCommand({ includeShadowTrails: false }))
      return `${trailList.length} trails`
    }),
  'a change from another region': (stage) =>
    withTrail(stage, ({ aws }) => {
      const TrailARN = arnOf(aws, 'cloudtrail', 'trail/company-audit')
      const wish = new UpdateTrailCommand({ Name: TrailARN, EnableLogFileValidation: true })
      return outcome(() => aws.inRegion('eu-west-1').client(CloudTrailClient).send(wish))
    }),
  'the selectors of a new trail': (stage) =>
    withTrail(stage, async ({ aws }) => {
      const wish = new GetEventSelectorsCommand({ TrailName: 'company-audit' })
      const { EventSelectors = [] } = await aws.client(CloudTrailClient).send(wish)
      return `${EventSelectors.length} selector, ${EventSelectors[0]?.ReadWriteType}`
    }),
  'deleting a missing trail': ({ aws }) =>
    outcome(() => aws.client(CloudTrailClient).send(new DeleteTrailCommand({ Name: 'none' }))),
  LookupEvents: ({ aws }) => outcome(() => aws.client(CloudTrailClient).send(new LookupEventsCommand({}))),

  'a missing queue': ({ aws }) =>
    outcome(() => aws.client(SQSClient).send(new GetQueueUrlCommand({ QueueName: 'none' }))),
  'the attributes of a queue': async ({ aws }) => {
    const sqs = aws.client(SQSClient)
    const QueueName = 'attributes'
    const Attributes = { MessageRetentionPeriod: '1209600', SqsManagedSseEnabled: 'true', Policy: POLICY }
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes, tags: { team: 'ops' } }))
    const answer = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
    const { MessageRetentionPeriod, SqsManagedSseEnabled, Policy, ApproximateNumberOfMessages } =
      answer.Attributes ?? {}
    const same = isDeepStrictEqual(JSON.parse(Policy ?? ''), JSON.parse(POLICY)) ? 'same policy' : 'other policy'
    return [MessageRetentionPeriod, SqsManagedSseEnabled, ApproximateNumberOfMessages, same].join(', ')
  },
  'a queue made again at once after it was deleted': async ({ aws }) => {
    const sqs = aws.client(SQSClient)
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'again' }))
    await sqs.send(new DeleteQueueCommand({ QueueUrl }))
    return outcome(() => sqs.send(new CreateQueueCommand({ QueueName: 'again' })))
  },
  'a subscription made with a queue': async ({ aws }) => {
    const { SubscriptionArn, read } = await redriven(aws, 'redriven')
    return `${wordOf(SubscriptionArn)}, ${await read()}`
  },
  'a queue taken from its subscription': async ({ aws }) => {
    const { SubscriptionArn, read } = await redriven(aws, 'freed')
    const wish = new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName: 'RedrivePolicy' })
    return `${await outcome(() => aws.client(SNSClient).send(wish))}, ${await read()}`
  },

  'a missing dashboard': ({ aws }) =>
    outcome(() => aws.client(CloudWatchClient).send(new GetDashboardCommand({ DashboardName: 'none' }))),
  'deleting a missing dashboard': ({ aws }) =>
    outcome(() => aws.client(CloudWatchClient).send(new DeleteDashboardsCommand({ DashboardNames: ['none'] }))),
  'the body of a dashboard': async ({ aws }) => {
    const cloudwatch = aws.client(CloudWatchClient)
    const DashboardBody = '{ "widgets": [{ "type": "text", "properties": { "markdown": "a\\nb" } }] }'
    await cloudwatch.send(new PutDashboardCommand({ DashboardName: 'probe', DashboardBody }))
    const answer = await cloudwatch.send(new GetDashboardCommand({ DashboardName: 'probe' }))
    return isDeepStrictEqual(JSON.parse(answer.DashboardBody ?? ''), JSON.parse(DashboardBody))
      ? 'as it was put'
      : 'other'
  },
  'a list of dashboards': async ({ aws }) => {
    const cloudwatch = aws.client(CloudWatchClient)
    const DashboardBody = '{ "widgets": [] }'
    await cloudwatch.send(new PutDashboardCommand({ DashboardName: 'listed', DashboardBody }))
    return answered(async () => {
      const { DashboardEntries = [] } = await cloudwatch.send(
        new ListDashboardsCommand({ DashboardNamePrefix: 'listed' }),
      )
      return `${DashboardEntries.length} dashboard`
    })
  },
  'a dashboard without widgets': ({ aws }) =>
    outcome(() =>
      aws.client(CloudWatchClient).send(new PutDashboardCommand({ DashboardName: 'probe', DashboardBody: '[]' })),
    ),

  'a missing role': ({ aws }) => outcome(() => aws.client(IAMClient).send(new GetRoleCommand({ RoleName: 'none' }))),
  'deleting a missing role': ({ aws }) =>
    outcome(() => aws.client(IAMClient).send(new DeleteRoleCommand({ RoleName: 'none' }))),
  'the policy of a missing bucket': ({ aws }) =>
    outcome(() => aws.client(S3Client).send(new GetBucketPolicyCommand({ Bucket: 'none-at-all' }))),
  'the policy of a bucket without one': async ({ aws }) => {
    const Bucket = `bare-${aws.identity.account}`
    await aws.client(S3Client).send(new CreateBucketCommand({ Bucket }))
    return outcome(() => aws.client(S3Client).send(new GetBucketPolicyCommand({ Bucket })))
  },
  'deleting a missing bucket': ({ aws }) =>
    outcome(() => aws.client(S3Client).send(new DeleteBucketCommand({ Bucket: 'none-at-all' }))),
} satisfies Readonly<Record<string, PatternProbe>>

export type Question = keyof typeof PROBES

const ALARM: PutMetricAlarmCommandInput = {
  AlarmName: 'probe',
  Namespace: 'Probe',
  MetricName: 'Probe',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
}

function arnOf({ identity, region }: Stage['aws'], service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${identity.account}:${resource}`
}

/** `done`, or the name of the error. */
function outcome(call: () => Promise<unknown>): Promise<string> {
  return answered(async () => {
    await call()
    return 'done'
  })
}

async function answered(question: () => Promise<string>): Promise<string> {
  try {
    return await question()
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  }
}

function wordOf(subscription: string | undefined): string {
  return subscription?.startsWith('arn:') ? 'an ARN' : `"${subscription}"`
}

async function filterOutcome({ aws }: Stage, wish: Partial<PutMetricFilterCommandInput>): Promise<string> {
  const logs = aws.client(CloudWatchLogsClient)
  const logGroupName = 'patterns'
  await logs.send(new CreateLogGroupCommand({ logGroupName })).catch(() => {})
  const metricTransformations = [{ metricName: 'M', metricNamespace: 'N', metricValue: '1' }]
  const filter = { logGroupName, filterName: 'probe', filterPattern: '', metricTransformations, ...wish }
  return outcome(() => logs.send(new PutMetricFilterCommand(filter)))
}

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Letters',
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: '*',
    },
  ],
})

/** A subscription that is made with a redrive policy, and what is read of that policy. */
async function redriven(aws: Stage['aws'], name: string) {
  const sns = aws.client(SNSClient)
  const deadLetterTargetArn = arnOf(aws, 'sqs', name)
  await aws.client(SQSClient).send(new CreateQueueCommand({ QueueName: name }))
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }))
  const Attributes = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn }) }
  const wish = { TopicArn, Protocol: 'http', Endpoint: NOBODY, ReturnSubscriptionArn: true, Attributes }
  const made = await sns.send(new SubscribeCommand(wish))
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
  // MiniStack ignores ReturnSubscriptionArn (see gaps.ts).
  const SubscriptionArn = made.SubscriptionArn?.startsWith('arn:')
    ? made.SubscriptionArn
    : Subscriptions[0]?.SubscriptionArn
  const read = () =>
    answered(async () => {
      const answer = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
      return answer.Attributes?.RedrivePolicy ? 'its queue' : 'no queue'
    })
  return { SubscriptionArn, read }
}

function alarmOutcome({ aws }: Stage, wish: Partial<PutMetricAlarmCommandInput>): Promise<string> {
  return outcome(() => aws.client(CloudWatchClient).send(new PutMetricAlarmCommand({ ...ALARM, ...wish })))
}

async function stateOf(cloudwatch: CloudWatchClient, name: string): Promise<string> {
  const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))
  return String(MetricAlarms[0]?.StateValue)
}

/** An endpoint that takes everything and confirms nothing. */
async function openSink() {
  let count = 0
  const server = createServer((request, response) => {
    count += 1
    request.resume()
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    count: () => count,
    /** Waits for that many, for up to half a second. */
    async received(wanted: number) {
      for (let tries = 0; tries < 10 && count < wanted; tries += 1) await sleep(50)
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

/** From the alarm to an incident, over a subscription that PagerDuty has confirmed. */
async function pageOf({ aws, pagerDuty, name }: Stage): Promise<string> {
  const sns = aws.client(SNSClient)
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'pages' }))
  const Endpoint =
    name === 'sandbox'
      ? `https://events.pagerduty.com/integration/${KEY}/enqueue`
      : `${pagerDuty.eventsUrl}/integration/${KEY}/enqueue`
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: Endpoint.split(':')[0], Endpoint }))
  const cloudwatch = aws.client(CloudWatchClient)
  await cloudwatch.send(new PutMetricAlarmCommand({ ...ALARM, AlarmName: 'paging', AlarmActions: [TopicArn] }))
  // Time for the confirmation.
  await sleep(500)
  const wish = { AlarmName: 'paging', StateValue: 'ALARM', StateReason: 'probe' } as const
  await cloudwatch.send(new SetAlarmStateCommand(wish))
  for (let tries = 0; tries < 10; tries += 1) {
    if (pagerDuty.state.incidents.length > 0) return 'an incident'
    await sleep(50)
  }
  return 'nothing'
}

function trailOutcome(aws: Stage['aws'], wish: CreateTrailCommandInput): Promise<string> {
  return outcome(() => aws.client(CloudTrailClient).send(new CreateTrailCommand(wish)))
}

function updateOutcome(aws: Stage['aws'], delivery: Partial<UpdateTrailCommandInput>): Promise<string> {
  const wish = { Name: 'company-audit', ...delivery }
  return outcome(() => aws.client(CloudTrailClient).send(new UpdateTrailCommand(wish)))
}

/** A log group and a role that CloudTrail may use; made for the first that needs them. */
async function deliverable({ aws, settle }: Stage): Promise<void> {
  const logs = aws.client(CloudWatchLogsClient)
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'company-logs' }))
  if (logGroups.length > 0) return
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'company-logs' }))
  await makeRole(aws)
  await settle()
}

function deliveryOf({ identity }: Stage['aws'], logGroup: string) {
  return {
    CloudWatchLogsLogGroupArn: `arn:aws:logs:us-east-1:${identity.account}:log-group:${logGroup}:*`,
    CloudWatchLogsRoleArn: `arn:aws:iam::${identity.account}:role/company-delivery`,
  }
}

/** Asks with a multi-region trail there, which is made for the first that needs it. */
async function withTrail(stage: Stage, question: PatternProbe): Promise<string> {
  const { trailList = [] } = await stage.aws.client(CloudTrailClient).send(new DescribeTrailsCommand({}))
  if (!trailList.some(({ Name }) => Name === 'company-audit')) await aTrailWithoutDelivery(stage.aws)
  return question(stage)
}
