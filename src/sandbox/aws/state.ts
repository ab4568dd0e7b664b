/** What the embedded account holds: plain JSON, times as milliseconds since the epoch, resources by ARN. */

/** The one account of the sandbox; 123456789012 is the number AWS uses in its own examples. */
export const ACCOUNT = '123456789012'
export const PARTITION = 'aws'
export const USER = 'sandbox'

export interface SandboxState {
  version: 1
  /** The last id handed out; ids are a function of it, so that runs repeat. */
  serial: number
  /** How far the sandbox's clock is ahead of the real one, in milliseconds. */
  offset: number
  /** Until when logs, metrics and alarms have been worked out. */
  settledAt: number
  topics: Record<string, TopicState>
  subscriptions: Record<string, SubscriptionState>
  outbox: DeliveryState[]
  /** Every HTTP request made to an endpoint, oldest first. */
  attempts: AttemptState[]
  /** What was sent by e-mail, oldest first. */
  mails: MailState[]
  alarms: Record<string, AlarmState>
  composites: Record<string, CompositeState>
  history: HistoryState[]
  muteRules: Record<string, MuteRuleState>
  /** By name. */
  dashboards: Record<string, DashboardState>
  metrics: Record<string, MetricState>
  logGroups: Record<string, LogGroupState>
  accountPolicies: AccountPolicyState[]
  trails: Record<string, TrailState>
  /** What CloudTrail has recorded, oldest first; `LookupEvents` reads it. */
  events: EventState[]
  /** Recorded events on their way to a trail's log group or bucket. */
  undelivered: UndeliveredState[]
  roles: Record<string, RoleState>
  /** Documents of managed policies by ARN. */
  managedPolicies: Record<string, string>
  buckets: Record<string, BucketState>
  queues: Record<string, QueueState>
  /** When they were deleted; missing in files of earlier versions. */
  deletedQueues?: Record<string, number>
  keys: Record<string, KeyState>
  /** Alias name to key id. */
  aliases: Record<string, string>
  organization: OrganizationState | null
  eventRules: Record<string, EventRuleState>
  logAlarms: Record<string, LogAlarmState>
}

export interface EventRuleState {
  name: string
  region: string
  pattern: string | null
  state: string
  /** By id, the ARN. */
  targets: Record<string, string>
}

/** Listed, and never evaluated. */
export interface LogAlarmState {
  name: string
  region: string
  alarmActions: string[]
  logGroups: string[]
  query: string
}

export interface TopicState {
  name: string
  region: string
  attributes: Record<string, string>
  tags: Record<string, string>
  deletedSubscriptions: number
}

export interface SubscriptionState {
  arn: string
  topicArn: string
  protocol: string
  endpoint: string
  attributes: Record<string, string>
  confirmed: boolean
  token: string
  createdAt: number
}

export interface DeliveryState {
  id: string
  kind: 'SubscriptionConfirmation' | 'Notification'
  subscriptionArn: string
  subject: string | null
  message: string
  attempts: number
  dueAt: number
}

interface AttemptState {
  at: number
  kind: DeliveryState['kind']
  subscriptionArn: string
  /** The HTTP status, or `null` when no answer came. */
  status: number | null
  error: string | null
}

export interface MailState {
  at: number
  to: string
  topicArn: string
  kind: DeliveryState['kind']
  subject: string | null
  text: string
  /** What the link of a confirmation carries. */
  token: string
}

export type AlarmValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

export interface AlarmState {
  name: string
  region: string
  description: string | null
  configuredAt: number
  actionsEnabled: boolean
  okActions: string[]
  alarmActions: string[]
  insufficientDataActions: string[]
  value: AlarmValue
  reason: string
  reasonData: string | null
  updatedAt: number
  transitionedAt: number
  namespace: string
  metricName: string
  statistic: string | null
  extendedStatistic: string | null
  dimensions: DimensionState[]
  period: number
  unit: string | null
  evaluationPeriods: number
  datapointsToAlarm: number | null
  threshold: number
  comparison: string
  treatMissingData: string | null
  tags: Record<string, string>
}

export interface CompositeState {
  name: string
  region: string
  rule: string
  actionsEnabled: boolean
  okActions: string[]
  alarmActions: string[]
  insufficientDataActions: string[]
  suppressor: string | null
  value: AlarmValue
  updatedAt: number
}

export interface HistoryState {
  alarmArn: string
  name: string
  kind: 'MetricAlarm' | 'CompositeAlarm'
  region: string
  at: number
  type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action'
  summary: string
  data: string
}

interface MuteRuleState {
  arn: string
  region: string
  alarmNames: string[]
  from: number
  until: number
}

export interface DashboardState {
  name: string
  body: string
  tags: Record<string, string>
}

export interface DimensionState {
  name: string
  value: string
}

export interface MetricState {
  region: string
  namespace: string
  name: string
  dimensions: DimensionState[]
  unit: string
  /** One statistic set a minute, by the minute's start. */
  minutes: Record<string, MinuteState>
  /** The first and the last minute that may hold data. */
  earliest: number
  latest: number
}

export interface MinuteState {
  sum: number
  count: number
  min: number
  max: number
}

export interface LogGroupState {
  name: string
  region: string
  createdAt: number
  retention: number | null
  logClass: string
  kmsKeyId: string | null
  deletionProtected: boolean
  dataProtection: string | null
  transformer: object[] | null
  tags: Record<string, string>
  filters: Record<string, FilterState>
  /** By name, the destination's ARN; missing in files of earlier versions. */
  subscriptionFilters?: Record<string, string>
  events: LogEventState[]
}

export interface LogEventState {
  id: string
  stream: string
  at: number
  message: string
}

export interface FilterState {
  name: string
  pattern: string
  createdAt: number
  metricName: string
  namespace: string
  value: string
  defaultValue: number | null
  dimensions: Record<string, string> | null
  unit: string | null
  onTransformed: boolean
  selectionCriteria: string | null
  systemFields: string[] | null
}

interface AccountPolicyState {
  name: string
  type: string
  document: string
  region: string
}

export interface TrailState {
  name: string
  arn: string
  homeRegion: string
  bucket: string
  prefix: string | null
  topicName: string | null
  globalEvents: boolean
  multiRegion: boolean
  validation: boolean
  organization: boolean
  kmsKeyId: string | null
  logGroupArn: string | null
  roleArn: string | null
  logging: boolean
  startedAt: number | null
  stoppedAt: number | null
  deliveredAt: number | null
  deliveryError: string | null
  logsDeliveredAt: number | null
  logsDeliveryError: string | null
  selectors: SelectorState[] | null
  advancedSelectors: AdvancedSelectorState[] | null
  tags: Record<string, string>
}

interface SelectorState {
  readWrite: string
  management: boolean
  excluded: string[]
}

interface AdvancedSelectorState {
  name: string | null
  fields: Record<string, string | string[]>[]
}

export interface EventState {
  id: string
  at: number
  region: string
  name: string
  source: string
  readOnly: boolean
  username: string
  message: string
}

export interface UndeliveredState {
  trailArn: string
  to: 'log-group' | 'bucket'
  dueAt: number
  region: string
  eventId: string
  message: string
}

export interface RoleState {
  name: string
  arn: string
  id: string
  createdAt: number
  trust: string
  description: string | null
  tags: Record<string, string>
  policies: Record<string, string>
  attached: string[]
  /** Other services see the role, and its latest policy, from here on. */
  visibleAt: number
}

export interface BucketState {
  name: string
  region: string
  owner: string
  createdAt: number
  policy: string | null
  publicAccessBlock: Record<string, boolean> | null
  tags: Record<string, string>
  objects: Record<string, number>
}

export interface QueueState {
  name: string
  region: string
  attributes: Record<string, string>
  tags?: Record<string, string>
  messages: string[]
}

export interface KeyState {
  id: string
  region: string
  manager: 'AWS' | 'CUSTOMER'
  state: string
  policy: string
}

export interface OrganizationState {
  id: string
  managementAccount: string
  accounts: string[]
  /** Principals of services with trusted access. */
  trustedServices?: string[]
  /** Delegated administrators of CloudTrail. */
  trailAdministrators?: string[]
}

/** An account in which nothing was ever made, as seen at `now`. */
export function emptyState(now: number): SandboxState {
  return {
    version: 1,
    serial: 0,
    offset: 0,
    settledAt: now,
    topics: {},
    subscriptions: {},
    outbox: [],
    attempts: [],
    mails: [],
    alarms: {},
    composites: {},
    history: [],
    muteRules: {},
    dashboards: {},
    metrics: {},
    logGroups: {},
    accountPolicies: [],
    trails: {},
    events: [],
    undelivered: [],
    roles: {},
    managedPolicies: {},
    buckets: {},
    queues: {},
    keys: {},
    aliases: {},
    organization: null,
    eventRules: {},
    logAlarms: {},
  }
}
