/** The inventory that a plan needs, from list calls: their number does not grow with the number of detections. */

import { parseArn, roleNameOf } from '../../domain/names.ts'
import { DELIVERY_POLICY } from '../../domain/policy-documents.ts'
import {
  type AlarmSnapshot,
  type Reading,
  type RoleSnapshot,
  type Snapshot,
  type SubscriptionSnapshot,
  type TrailSnapshot,
  valueIfRead,
} from '../../domain/snapshot.ts'
import type { EventNames, NotificationNames } from '../../plan/chain-names.ts'
import { isRedriven } from '../../plan/desired-queue.ts'
import { readOrganizationId } from '../readers/organization.ts'
import type { Aws } from '../session.ts'
import { siteOf } from '../site.ts'
import { readAlarms } from './alarm.ts'
import { readBucket } from './bucket.ts'
import { readDashboard } from './dashboard.ts'
import { readLogGroup } from './log-group.ts'
import { readMetricFilters } from './metric-filter.ts'
import { readQueue } from './queue.ts'
import { readRole } from './role.ts'
import { readSubscriptions } from './subscription.ts'
import { readTopic } from './topic.ts'

export interface CurrentScope {
  readonly prefix: string
  readonly trails: Reading<readonly TrailSnapshot[]>
  readonly events: EventNames
  readonly notifications: NotificationNames
  /** Topics to look at although nothing is wanted of them. */
  readonly otherTopics: readonly string[]
  /** Names that were asked for and do not begin with the prefix. */
  readonly alarmNames: readonly string[]
  /** A topic that was named: alarms of others may act on it. */
  readonly namedTopic: string | undefined
  /** Looked at where an alarm acts on it. */
  readonly fallbackTopic: string
  /** The name that a role of our own has. */
  readonly ownRole: string
  /** `asked`: looked at in any case; otherwise where a subscription sends to it. */
  readonly queue: { readonly arn: string; readonly asked: boolean }
  /** Looked at even where none is asked for: an earlier run may have made it. */
  readonly dashboard: string
  /** An organization trail's role writes streams named after the organization. */
  readonly organization: boolean
}

/** Reads everything the plan looks at, side by side. */
export async function readSnapshot(aws: Aws, scope: CurrentScope): Promise<Snapshot> {
  const { events, notifications } = scope
  const { topicArn, ticketTopicArn, complianceTopicArn, fallbackTopicArn } = notifications
  const wanted = [topicArn, ticketTopicArn, complianceTopicArn, fallbackTopicArn].filter((arn) => arn !== undefined)
  const topicArns = [...new Set([...wanted, ...scope.otherTopics])]
  const role = roleNameOf(events.roleArn)
  const related = relatedAlarms(aws, scope)
  const noticed = readNoticed(aws, topicArns, scope.fallbackTopic, related)
  const listed = readTopics(aws, topicArn, topicArns)
  const [logGroup, metricFilters, alarms, topics, more, queues, roleFact, bucket, dashboard, organizationId] =
    await Promise.all([
      readLogGroup(aws, events.logGroup),
      readMetricFilters(aws, { logGroup: events.logGroup }),
      related,
      listed,
      noticed,
      listed.then(({ subscriptions }) => relatedQueue(aws, scope.queue, subscriptions)),
      readJudgedRole(aws, scope, role),
      events.bucket === undefined ? undefined : readBucket(aws, events.bucket),
      readDashboard(aws, scope.dashboard),
      scope.organization ? readOrganizationId(aws) : undefined,
    ])
  return {
    site: siteOf(aws),
    ...(organizationId === undefined ? {} : { organizationId }),
    trails: scope.trails,
    logGroups: new Map([[events.logGroup, logGroup]]),
    metricFilters,
    alarms,
    topics: new Map([...topics.topics, ...more.topics]),
    subscriptions: new Map([...topics.subscriptions, ...more.subscriptions]),
    roles: roleFact === undefined ? new Map() : new Map([[role, roleFact]]),
    buckets: bucket === undefined || events.bucket === undefined ? new Map() : new Map([[events.bucket, bucket]]),
    dashboards: new Map([[scope.dashboard, dashboard]]),
    queues,
  }
}

type TopicReadings = Pick<Snapshot, 'topics' | 'subscriptions'>

/** Topics with their subscriptions. The one that pages is read at once; of another that is not there, nothing more is asked. */
async function readTopics(aws: Aws, paging: string, arns: readonly string[]): Promise<TopicReadings> {
  const topics = readEach(arns, (arn) => readTopic(aws, arn))
  const subscriptions = await readEach(arns, async (arn): Promise<Reading<readonly SubscriptionSnapshot[]>> => {
    const topic = arn === paging ? undefined : (await topics).get(arn)
    const isAbsent = topic?.state === 'read' && topic.value === undefined
    return isAbsent ? { state: 'read', value: [] } : readSubscriptions(aws, arn)
  })
  return { topics: await topics, subscriptions }
}

/** The e-mail topic of an earlier run, where an alarm acts on it and it is not read anyway. */
async function readNoticed(
  aws: Aws,
  known: readonly string[],
  topic: string,
  alarms: Promise<Reading<readonly AlarmSnapshot[]>>,
): Promise<TopicReadings> {
  const acting = known.includes(topic) ? [] : (valueIfRead(await alarms) ?? [])
  const isUsed = acting.some(({ alarmActions }) => alarmActions.includes(topic))
  return isUsed ? readTopics(aws, '', [topic]) : { topics: new Map(), subscriptions: new Map() }
}

/** A role of our own is asked for the one policy that init writes; of a role that was named everything counts. */
async function readJudgedRole(
  aws: Aws,
  scope: CurrentScope,
  role: string,
): Promise<Reading<RoleSnapshot | undefined> | undefined> {
  if (!isJudged(aws, scope)) return undefined
  return readRole(aws, role, scope.ownRole === role ? DELIVERY_POLICY : undefined)
}

/** The role of a delivery that is in place is left alone, and only that of an organization may lack streams. */
function isJudged({ identity }: Aws, { events, organization }: CurrentScope): boolean {
  const isOwn = (arn: string) => parseArn(arn)?.account === identity.account
  return events.managesDelivery || (organization && isOwn(events.trailArn) && isOwn(events.roleArn))
}

/** Alarms with our prefix, those that were named, and those that act on a topic which was named. */
async function relatedAlarms(aws: Aws, scope: CurrentScope): Promise<Reading<readonly AlarmSnapshot[]>> {
  const names = scope.alarmNames.filter((name) => !name.startsWith(`${scope.prefix}-`))
  // Whether a topic may go hangs on every alarm that acts on it, whatever its name and its state.
  if (scope.otherTopics.length > 0) return readAlarms(aws)
  const readings = await Promise.all([
    readAlarms(aws, { prefix: `${scope.prefix}-` }),
    ...(names.length === 0 ? [] : [readAlarms(aws, { names })]),
    ...(scope.namedTopic === undefined ? [] : [readAlarms(aws, { action: scope.namedTopic })]),
  ])
  const alarms = new Map<string, AlarmSnapshot>()
  for (const reading of readings) {
    if (reading.state === 'unreadable') return reading
    for (const alarm of reading.value) alarms.set(alarm.name, alarm)
  }
  return { state: 'read', value: [...alarms.values()] }
}

/** The queue of the chain, where it is of interest. */
async function relatedQueue(
  aws: Aws,
  { arn, asked }: CurrentScope['queue'],
  subscriptions: Snapshot['subscriptions'],
): Promise<Snapshot['queues']> {
  const redriven = [...subscriptions.keys()].some((topic) => isRedriven({ subscriptions }, topic, arn))
  return asked || redriven ? new Map([[arn, await readQueue(aws, arn)]]) : new Map()
}

/** One reading for each key, side by side. */
export async function readEach<T>(
  keys: readonly string[],
  read: (key: string) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  return new Map(await Promise.all(keys.map(async (key) => [key, await read(key)] as const)))
}
