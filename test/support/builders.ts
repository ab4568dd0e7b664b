/** Facts of a chain that works, each with room for what a test wants different. */

import type { Detection } from '../../src/detections/detection.ts'
import type { Diagnostics, Gathered } from '../../src/doctor/account.ts'
import { parseEndpoint } from '../../src/domain/endpoint.ts'
import {
  chainNames,
  logGroupArn,
  roleArn,
  type Site,
  topicArn,
  trailArn,
  trailLogGroupArn,
} from '../../src/domain/names.ts'
import { deliveryPolicy, deliveryTrust, type PolicyDocument, topicPolicy } from '../../src/domain/policy-documents.ts'
import { Secret } from '../../src/domain/secret.ts'
import type {
  AlarmSnapshot,
  LogGroupSnapshot,
  MetricFilterSnapshot,
  Reading,
  RoleSnapshot,
  Snapshot,
  SubscriptionAttributes,
  SubscriptionSnapshot,
  TopicSnapshot,
  TrailSnapshot,
  TrailStatus,
} from '../../src/domain/snapshot.ts'

export const SITE: Site = { partition: 'aws', account: '123456789012', region: 'us-east-1' }
export const NOW = new Date('2026-11-25T10:00:00Z')
export const KEY = '0123456789abcdef0123456789abcdef'
export const URL_US = `https://events.pagerduty.com/integration/${KEY}/enqueue`
export const GROUP = 'trail-events'
export const TOPIC = topicArn(SITE, 'alerts')
export const ALARM = `root-usage-${SITE.account}-${SITE.region}`

export function read<T>(value: T): Reading<T> {
  return { state: 'read', value }
}

export function unreadable(why = 'it may not be read', denied = true): Reading<never> {
  return { state: 'unreadable', why, denied }
}

export function aTrail(different: Partial<TrailSnapshot> = {}): TrailSnapshot {
  return {
    arn: trailArn(SITE, different.name ?? 'main'),
    name: 'main',
    homeRegion: SITE.region,
    account: SITE.account,
    multiRegion: true,
    globalServiceEvents: true,
    organization: false,
    fileValidation: true,
    bucket: 'trail-bucket',
    logGroupArn: trailLogGroupArn(SITE, GROUP),
    roleArn: roleArn(SITE, 'delivery'),
    kmsKeyId: undefined,
    status: read(aStatus()),
    selectors: read({ basic: [], advanced: [] }),
    ...different,
  }
}

export function aStatus(different: Partial<TrailStatus> = {}): TrailStatus {
  return {
    logging: true,
    started: minutesAgo(600),
    stopped: undefined,
    deliveryError: undefined,
    logsDeliveryError: undefined,
    logsDelivered: minutesAgo(4),
    ...different,
  }
}

export function aLogGroup(different: Partial<LogGroupSnapshot> = {}): LogGroupSnapshot {
  return {
    name: GROUP,
    arn: logGroupArn(SITE, different.name ?? GROUP),
    retentionDays: 365,
    kmsKeyId: undefined,
    class: 'STANDARD',
    metricFilterCount: 1,
    storedBytes: 1,
    dataProtection: undefined,
    inheritedProperties: [],
    ...different,
  }
}

export const ROOT_PATTERN =
  '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }'

export function aFilter(different: Partial<MetricFilterSnapshot> = {}): MetricFilterSnapshot {
  return {
    logGroup: GROUP,
    name: 'root-usage',
    pattern: ROOT_PATTERN,
    transformations: [aTransformation()],
    onTransformedLogs: false,
    emittedSystemDimensions: [],
    ...different,
  }
}

export function aTransformation(
  different: Partial<MetricFilterSnapshot['transformations'][number]> = {},
): MetricFilterSnapshot['transformations'][number] {
  return {
    namespace: 'Security',
    name: 'RootUsage',
    value: '1',
    unit: undefined,
    defaultValue: 0,
    dimensions: {},
    ...different,
  }
}

export function anAlarm(different: Partial<AlarmSnapshot> = {}): AlarmSnapshot {
  const alarm: AlarmSnapshot = {
    type: 'metric',
    arn: `arn:${SITE.partition}:cloudwatch:${SITE.region}:${SITE.account}:alarm:${different.name ?? ALARM}`,
    name: ALARM,
    description: '',
    metric: { namespace: 'Security', name: 'RootUsage', dimensions: {} },
    statistic: 'Sum',
    period: 300,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    threshold: 1,
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    treatMissingData: 'notBreaching',
    unit: undefined,
    actionsEnabled: true,
    alarmActions: [TOPIC],
    okActions: [TOPIC],
    insufficientDataActions: [],
    state: 'OK',
    stateReason: '',
    stateChanged: minutesAgo(300),
    rule: undefined,
    actionsSuppressor: undefined,
    raw: {},
    ...different,
  }
  return Object.keys(alarm.raw).length > 0 ? alarm : { ...alarm, raw: rawOf(alarm) }
}

/** The alarm as DescribeAlarms returns it. */
export function rawOf(alarm: AlarmSnapshot): Record<string, unknown> {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmDescription: alarm.description,
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: alarm.okActions,
    AlarmActions: alarm.alarmActions,
    InsufficientDataActions: alarm.insufficientDataActions,
    StateValue: alarm.state,
    MetricName: alarm.metric?.name,
    Namespace: alarm.metric?.namespace,
    Statistic: alarm.statistic,
    Dimensions: [],
    Period: alarm.period,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparisonOperator,
    TreatMissingData: alarm.treatMissingData,
  }
}

export function aTopic(different: Partial<TopicSnapshot> = {}): TopicSnapshot {
  const arn = different.arn ?? TOPIC
  const policy: PolicyDocument = topicPolicy(SITE, arn)
  return {
    arn,
    displayName: '',
    policyText: JSON.stringify(policy),
    policy,
    kmsKeyId: undefined,
    fifo: false,
    ...different,
  }
}

/** A topic under a policy of one's own. */
export function aTopicWith(policy: PolicyDocument, different: Partial<TopicSnapshot> = {}): TopicSnapshot {
  return aTopic({ policy, policyText: JSON.stringify(policy), ...different })
}

/** `endpoint` is the bare address. */
export function aSubscription(
  different: Partial<Omit<SubscriptionSnapshot, 'endpoint'>> & { readonly endpoint?: Secret } = {},
): SubscriptionSnapshot {
  const { protocol = 'https', endpoint = new Secret(URL_US) } = different
  return {
    arn: `${different.topicArn ?? TOPIC}:0f0f0f0f`,
    topicArn: TOPIC,
    confirmed: true,
    attributes: read(someAttributes()),
    ...different,
    protocol,
    endpoint: parseEndpoint(protocol, endpoint),
  }
}

export function someAttributes(different: Partial<SubscriptionAttributes> = {}): SubscriptionAttributes {
  return {
    rawDelivery: false,
    filterPolicy: undefined,
    filterPolicyScope: undefined,
    redrivePolicy: undefined,
    deliveryPolicy: undefined,
    ...different,
  }
}

export function aRole(different: Partial<RoleSnapshot> = {}): RoleSnapshot {
  return {
    arn: roleArn(SITE, 'delivery'),
    name: 'delivery',
    trust: deliveryTrust(),
    policies: { delivery: deliveryPolicy(SITE, GROUP, undefined) },
    attachedPolicyArns: [],
    ...different,
  }
}

/** What a test wants different; lists replace the healthy ones. */
export interface Different {
  readonly site?: Site
  readonly trails?: readonly TrailSnapshot[]
  readonly logGroups?: readonly LogGroupSnapshot[]
  readonly filters?: readonly MetricFilterSnapshot[]
  readonly alarms?: readonly AlarmSnapshot[]
  readonly topics?: readonly TopicSnapshot[]
  readonly subscriptions?: readonly SubscriptionSnapshot[]
  readonly roles?: readonly RoleSnapshot[]
  /** Replaces whole readings. */
  readonly snapshot?: Partial<Snapshot>
  readonly diagnostics?: Diagnostics
}

/** The facts of one chain that works, but for what is different. */
export function someFacts(different: Different = {}): Gathered {
  const topics = different.topics ?? [aTopic()]
  const subscriptions = different.subscriptions ?? [aSubscription()]
  const site = different.site ?? SITE
  const snapshot: Snapshot = {
    site,
    trails: read(different.trails ?? [aTrail()]),
    logGroups: new Map((different.logGroups ?? [aLogGroup()]).map((group) => [group.name, read(group)])),
    metricFilters: read(different.filters ?? [aFilter()]),
    alarms: read(different.alarms ?? [anAlarm()]),
    topics: new Map(topics.map((topic) => [topic.arn, read(topic)])),
    subscriptions: new Map(
      topics.map(({ arn }) => [arn, read(subscriptions.filter(({ topicArn: of }) => of === arn))]),
    ),
    roles: new Map((different.roles ?? [aRole()]).map((role) => [role.arn, read(role)])),
    buckets: new Map(),
    dashboards: new Map(),
    queues: new Map(),
    ...different.snapshot,
  }
  const identity = { account: site.account, arn: roleArn(site, 'Admin'), partition: site.partition }
  return { snapshot, now: NOW, identity, diagnostics: different.diagnostics ?? {} }
}

/** A filter with its alarm as `init` makes them for a detection. */
export function installed(
  detection: Detection,
  site: Site = SITE,
): { filter: MetricFilterSnapshot; alarm: AlarmSnapshot } {
  const names = chainNames('cloudtrail-pd', site)
  const { metric, alarm: recipe, pattern } = detection.paging
  const name = names.alarm(detection.id, 'paging')
  const filter = aFilter({
    name: names.metricFilter(detection.id),
    pattern,
    transformations: [
      aTransformation({
        namespace: metric.namespace ?? names.namespace,
        name: metric.name,
        value: metric.value,
        defaultValue: metric.defaultValue,
      }),
    ],
  })
  const alarm = anAlarm({
    ...recipe,
    name,
    metric: { namespace: metric.namespace ?? names.namespace, name: metric.name, dimensions: {} },
    description: `${detection.title}\ncloudtrail-pd/1 name=cloudtrail-pd detection=${detection.id}`,
  })
  return { filter, alarm }
}

export function minutesAgo(minutes: number): Date {
  return new Date(NOW.getTime() - minutes * 60_000)
}
