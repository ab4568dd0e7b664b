/** Everything in an account, seen by plain list calls that share nothing with the tool: whole, or by name. */

import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand, type Trail } from '@aws-sdk/client-cloudtrail'
import {
  CloudWatchClient,
  GetDashboardCommand,
  ListDashboardsCommand,
  type MetricAlarm,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch'
import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateDescribeMetricFilters,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  paginateListRoles,
  type Role,
} from '@aws-sdk/client-iam'
import { GetBucketPolicyCommand, GetPublicAccessBlockCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  paginateListSubscriptions,
  paginateListTopics,
  SNSClient,
  type Subscription,
} from '@aws-sdk/client-sns'
import { GetQueueAttributesCommand, paginateListQueues, SQSClient } from '@aws-sdk/client-sqs'
import type { Aws } from '../../src/aws/session.ts'

/** Resources by name; each with what the chain needs of it. */
export type Census = Readonly<Record<Kind, Readonly<Record<string, object>>>>
export type Kind =
  | 'trails'
  | 'buckets'
  | 'logGroups'
  | 'metricFilters'
  | 'alarms'
  | 'topics'
  | 'subscriptions'
  | 'roles'
  | 'dashboards'
  | 'queues'

export const NOTHING: Readonly<Record<Kind, readonly string[]>> = {
  trails: [],
  buckets: [],
  logGroups: [],
  metricFilters: [],
  alarms: [],
  topics: [],
  subscriptions: [],
  roles: [],
  dashboards: [],
  queues: [],
}

export async function census(aws: Aws): Promise<Census> {
  const [trails, buckets, logGroups, alarms, topics, subscriptions, roles, dashboards, queues] = await Promise.all([
    trailsOf(aws),
    bucketsOf(aws),
    logGroupsOf(aws),
    alarmsOf(aws),
    topicsOf(aws),
    subscriptionsOf(aws),
    rolesOf(aws),
    dashboardsOf(aws),
    queuesOf(aws),
  ])
  const metricFilters = await metricFiltersOf(aws, Object.keys(logGroups))
  return { trails, buckets, logGroups, metricFilters, alarms, topics, subscriptions, roles, dashboards, queues }
}

/** The names alone, in alphabetical order. */
export function namesIn(seen: Census): Readonly<Record<Kind, readonly string[]>> {
  return {
    ...NOTHING,
    ...Object.fromEntries(Object.entries(seen).map(([kind, all]) => [kind, Object.keys(all).sort()])),
  }
}

async function trailsOf(aws: Aws) {
  const client = aws.client(CloudTrailClient)
  const { trailList = [] } = await client.send(new DescribeTrailsCommand({ includeShadowTrails: false }))
  return named(trailList, nameOfTrail, async (trail) => {
    const { IsLogging } = await client.send(new GetTrailStatusCommand({ Name: trail.TrailARN }))
    return {
      bucket: trail.S3BucketName,
      multiRegion: trail.IsMultiRegionTrail,
      globalServiceEvents: trail.IncludeGlobalServiceEvents,
      fileValidation: trail.LogFileValidationEnabled,
      // An empty text and no text both mean that nothing is delivered.
      logGroup: trail.CloudWatchLogsLogGroupArn || undefined,
      role: trail.CloudWatchLogsRoleArn || undefined,
      logging: IsLogging,
    }
  })
}

async function bucketsOf(aws: Aws) {
  const client = aws.client(S3Client)
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}))
  return named(
    Buckets,
    ({ Name }) => Name,
    async ({ Name: Bucket }) => {
      const policy = await unlessAbsent(client.send(new GetBucketPolicyCommand({ Bucket })))
      const access = await unlessAbsent(client.send(new GetPublicAccessBlockCommand({ Bucket })))
      return { policy: parsed(policy?.Policy), access: access?.PublicAccessBlockConfiguration }
    },
  )
}

async function logGroupsOf(aws: Aws) {
  const pages = paginateDescribeLogGroups({ client: aws.client(CloudWatchLogsClient) }, {})
  const groups = await all(pages, ({ logGroups }) => logGroups)
  return named(
    groups,
    ({ logGroupName }) => logGroupName,
    async ({ retentionInDays }) => ({ retentionInDays }),
  )
}

async function metricFiltersOf(aws: Aws, logGroups: readonly string[]) {
  const client = aws.client(CloudWatchLogsClient)
  const lists = logGroups.map((logGroupName) =>
    all(paginateDescribeMetricFilters({ client }, { logGroupName }), ({ metricFilters }) => metricFilters),
  )
  return named(
    (await Promise.all(lists)).flat(),
    ({ logGroupName, filterName }) => `${logGroupName}/${filterName}`,
    async ({ filterPattern, metricTransformations = [] }) => ({
      filterPattern,
      metrics: metricTransformations.map(({ metricNamespace, metricName, metricValue, defaultValue, unit }) => ({
        metricNamespace,
        metricName,
        metricValue,
        defaultValue,
        unit,
      })),
    }),
  )
}

async function alarmsOf(aws: Aws) {
  const pages = paginateDescribeAlarms({ client: aws.client(CloudWatchClient) }, {})
  const alarms = await all(pages, ({ MetricAlarms }) => MetricAlarms)
  return named(
    alarms,
    ({ AlarmName }) => AlarmName,
    async (alarm) => shapeOf(alarm),
  )
}

/** What decides when it fires and what happens then; not its state, which is the emulator's own affair. */
function shapeOf(alarm: MetricAlarm): object {
  const { AlarmDescription, Namespace, MetricName, Statistic, Period, Unit, Threshold, ComparisonOperator } = alarm
  // What nobody has set may be left out or be given as its default.
  const { EvaluationPeriods, DatapointsToAlarm, TreatMissingData = 'missing', ActionsEnabled } = alarm
  const { AlarmActions = [], OKActions = [], InsufficientDataActions = [] } = alarm
  return {
    ...{ AlarmDescription, Namespace, MetricName, Statistic, Period, Unit, Threshold, ComparisonOperator },
    ...{ EvaluationPeriods, DatapointsToAlarm, TreatMissingData, ActionsEnabled },
    ...{ AlarmActions, OKActions, InsufficientDataActions },
  }
}

async function topicsOf(aws: Aws) {
  const client = aws.client(SNSClient)
  const topics = await all(paginateListTopics({ client }, {}), ({ Topics }) => Topics)
  return named(
    topics,
    ({ TopicArn }) => TopicArn?.split(':').at(-1),
    async ({ TopicArn }) => {
      const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn }))
      const { DisplayName, KmsMasterKeyId, Policy } = Attributes
      return { DisplayName, KmsMasterKeyId, policy: parsed(Policy) }
    },
  )
}

async function subscriptionsOf(aws: Aws) {
  const client = aws.client(SNSClient)
  const subscriptions = await all(paginateListSubscriptions({ client }, {}), ({ Subscriptions }) => Subscriptions)
  return named(subscriptions, nameOfSubscription, async ({ SubscriptionArn }) => {
    if (!SubscriptionArn?.startsWith('arn:')) return { confirmed: false }
    const { Attributes = {} } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
    return {
      confirmed: Attributes.PendingConfirmation === 'false',
      rawDelivery: Attributes.RawMessageDelivery === 'true',
      redrive: parsed(Attributes.RedrivePolicy),
    }
  })
}

async function dashboardsOf(aws: Aws) {
  const client = aws.client(CloudWatchClient)
  return named(
    await dashboardNames(client, `cloudtrail-pd-${aws.region}`),
    (name) => name,
    async (DashboardName) => {
      const { DashboardBody } = await client.send(new GetDashboardCommand({ DashboardName }))
      return { body: parsed(DashboardBody) }
    },
  )
}

/** The list of MiniStack cannot be read (see gaps.ts): there the name that init computes is asked for. */
async function dashboardNames(client: CloudWatchClient, computed: string): Promise<readonly string[]> {
  try {
    const { DashboardEntries = [] } = await client.send(new ListDashboardsCommand({}))
    return DashboardEntries.map(({ DashboardName }) => String(DashboardName))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return [computed]
  }
}

async function queuesOf(aws: Aws) {
  const client = aws.client(SQSClient)
  const urls = await all(paginateListQueues({ client }, {}), ({ QueueUrls }) => QueueUrls)
  return named(
    urls,
    (url) => url.split('/').at(-1),
    async (QueueUrl) => {
      const input = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })
      const { Attributes: { Policy, MessageRetentionPeriod, SqsManagedSseEnabled } = {} } = await client.send(input)
      return { policy: parsed(Policy), MessageRetentionPeriod, SqsManagedSseEnabled }
    },
  )
}

async function rolesOf(aws: Aws) {
  const client = aws.client(IAMClient)
  const roles = await all(paginateListRoles({ client }, {}), ({ Roles }) => Roles)
  return named(roles, nameOfRole, async ({ RoleName, AssumeRolePolicyDocument }) => {
    const { PolicyNames = [] } = await client.send(new ListRolePoliciesCommand({ RoleName }))
    const policies = await named(
      PolicyNames,
      (name) => name,
      async (PolicyName) => {
        const { PolicyDocument } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }))
        return parsed(decodeURIComponent(PolicyDocument ?? '')) ?? {}
      },
    )
    return { trust: parsed(decodeURIComponent(AssumeRolePolicyDocument ?? '')), policies }
  })
}

function nameOfTrail({ Name }: Trail): string | undefined {
  return Name
}

function nameOfRole({ RoleName }: Role): string | undefined {
  return RoleName
}

function nameOfSubscription({ TopicArn, Protocol, Endpoint }: Subscription): string {
  return `${TopicArn?.split(':').at(-1)} ${Protocol} ${Endpoint}`
}

async function all<Page, Item>(pages: AsyncIterable<Page>, items: (page: Page) => Item[] | undefined): Promise<Item[]> {
  const found: Item[] = []
  for await (const page of pages) found.push(...(items(page) ?? []))
  return found
}

async function named<Item>(
  items: readonly Item[],
  name: (item: Item) => string | undefined,
  describe: (item: Item) => Promise<object>,
): Promise<Record<string, object>> {
  const seen: Record<string, object> = {}
  const described = await Promise.all(items.map(describe))
  for (const [index, item] of items.entries()) {
    const one = String(name(item))
    // A second one of the same name is the duplicate that a test looks for.
    seen[one in seen ? `${one} #${index}` : one] = described[index] ?? {}
  }
  return seen
}

async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Error && /^NoSuch/.test(error.name)) return undefined
    throw error
  }
}

function parsed(json: string | undefined): object | undefined {
  return json === undefined || json === '' ? undefined : JSON.parse(json)
}
