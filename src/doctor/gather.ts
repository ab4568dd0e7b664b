/** Reads once what every check needs. Never throws for a single read: each fact is a value or unreadable, with the reason. */

import { inParallel } from '../aws/pacing.ts'
import { readAlarmActions } from '../aws/readers/alarm-history.ts'
import { readEventRules } from '../aws/readers/event-rules.ts'
import { readKey } from '../aws/readers/key.ts'
import { readLogAlarms } from '../aws/readers/log-alarms.ts'
import { withManagedPolicies } from '../aws/readers/managed-policies.ts'
import { readDeliveries } from '../aws/readers/metric-data.ts'
import { readMuteRules } from '../aws/readers/mute-rules.ts'
import { readOrganizationId } from '../aws/readers/organization.ts'
import { readPagingTopics } from '../aws/readers/paging-topics.ts'
import { readPublicAccessBlock } from '../aws/readers/public-access.ts'
import { readTransformers } from '../aws/readers/transformer.ts'
import { readAlarms } from '../aws/resources/alarm.ts'
import { readDashboard } from '../aws/resources/dashboard.ts'
import { readLogGroup } from '../aws/resources/log-group.ts'
import { readMetricFilters } from '../aws/resources/metric-filter.ts'
import { readQueue } from '../aws/resources/queue.ts'
import { readRole } from '../aws/resources/role.ts'
import { readSubscriptions } from '../aws/resources/subscription.ts'
import { readTopic } from '../aws/resources/topic.ts'
import { readTrails } from '../aws/resources/trail.ts'
import type { Aws } from '../aws/session.ts'
import { siteOf } from '../aws/site.ts'
import { queueIn } from '../domain/delivery-retries.ts'
import { isPagerDuty } from '../domain/endpoint.ts'
import { parseMarker } from '../domain/marker.ts'
import { chainNames, parseArn, roleNameOf } from '../domain/names.ts'
import type {
  AlarmSnapshot,
  KeySnapshot,
  MetricFilterSnapshot,
  Reading,
  Snapshot,
  TrailSnapshot,
} from '../domain/snapshot.ts'
import { valueIfRead } from '../domain/snapshot.ts'
import { asksForOrganization } from '../iam/topic-use.ts'
import { fallbackTopicArn } from '../plan/desired-fallback.ts'
import type { Diagnostics, Gathered } from './account.ts'
import { chainGraph, type Scope } from './graph.ts'
import { isFailuresAlarm } from './indexes.ts'

export interface GatherOptions {
  readonly now: Date
  /** What is read beside the chain in the background, such as PagerDuty's side. */
  readonly diagnostics?: Diagnostics
  /** When they are known already. */
  readonly trails?: Reading<readonly TrailSnapshot[]>
  /** Told what is being read. */
  working?(text: string): void
}

/** How far back the deliveries of a topic are counted. */
const DELIVERIES_MS = 24 * 3_600_000

/** Reads of one kind under way at a time: enough to be quick, few enough for the rates of SNS and Logs. */
const WIDTH = 8

/** All lists first, then the pieces of the chains that they show: the number of calls is the pages and a constant for each chain. */
export async function gather(aws: Aws, scope: Scope, options: GatherOptions): Promise<Gathered> {
  const { now } = options
  options.working?.('metric filters and alarms')
  const [trails, metricFilters, alarms] = await Promise.all([
    options.trails ?? readTrails(aws),
    readMetricFilters(aws),
    readAlarms(aws),
  ])
  const lists = listsOnly(aws, trails, metricFilters, alarms)
  const known: Gathered = { snapshot: lists, now, identity: aws.identity, diagnostics: options.diagnostics ?? {} }
  const { topics, logGroups, trails: feeding } = chainGraph(known, scope)
  options.working?.(`${topics.length} topics, ${logGroups.length} log groups`)
  const inAccount = (arn: string | undefined) => parseArn(arn ?? '')?.account === aws.identity.account
  const roles = [...new Set(feeding.flatMap(({ roleArn }) => (inAccount(roleArn) ? [roleArn ?? ''] : [])))]
  const fallback = fallbackTopicsOf(lists)
  const topicReadings = await each([...topics, ...fallback], (arn) => readTopic(aws, arn))
  const policies = [...topicReadings.values()].map((topic) => valueIfRead(topic)?.policy)
  const asked = feeding.some(({ organization }) => organization) || policies.some(asksForOrganization)
  const subscriptions = await each([...topics, ...fallback], (arn) => readSubscriptions(aws, arn))
  const snapshot: Snapshot = {
    ...lists,
    ...(asked ? { organizationId: await readOrganizationId(aws) } : {}),
    logGroups: await each(logGroups, (name) => readLogGroup(aws, name)),
    topics: topicReadings,
    subscriptions,
    queues: await each(deadLetterQueues(subscriptions, aws), (arn) => readQueue(aws, arn)),
    dashboards: await each(dashboardsOf(lists), (name) => readDashboard(aws, name)),
    roles: await each(roles, async (arn) => withManagedPolicies(aws, await readRole(aws, roleNameOf(arn)))),
  }
  options.working?.('keys, history and deliveries')
  const diagnostics = await evidence(aws, snapshot, topics, now)
  return { ...known, snapshot, diagnostics: { ...diagnostics, ...options.diagnostics } }
}

/** Queues of this account and region that subscriptions send to; SNS takes no others (SNS developer guide, dead-letter queues). */
function deadLetterQueues(subscriptions: Snapshot['subscriptions'], { identity, region }: Aws): readonly string[] {
  const attributes = [...subscriptions.values()].flatMap((listed) =>
    (valueIfRead(listed) ?? []).map((one) => valueIfRead(one.attributes)),
  )
  const queues = attributes.flatMap((one) => queueIn(one?.redrivePolicy) ?? [])
  return [...new Set(queues)].filter((queue) => {
    const arn = parseArn(queue)
    return arn?.account === identity.account && arn.region === region
  })
}

/** The e-mail topics of chains that have one. */
function fallbackTopicsOf({ alarms, site }: Snapshot): readonly string[] {
  const watching = (valueIfRead(alarms) ?? []).filter(isFailuresAlarm)
  const chains = watching.flatMap(({ description }) => parseMarker(description)?.name ?? [])
  return [...new Set(chains)].map((prefix) => fallbackTopicArn(site, prefix))
}

/** The names that the dashboards of these chains would have. */
function dashboardsOf({ alarms, site }: Snapshot): readonly string[] {
  const chains = (valueIfRead(alarms) ?? []).flatMap(({ description }) => parseMarker(description)?.name ?? [])
  return [...new Set(chains)].map((prefix) => chainNames(prefix, site).dashboard)
}

/**
 * The region where the chain has to be: the home of the trail that is named, of one that lives here, or of the only
 * one that delivers elsewhere. Topic, filters and alarms of a chain all lie in it.
 */
export function homeOf(trails: Reading<readonly TrailSnapshot[]>, scope: Scope, here: string, account: string): string {
  // A delegated administrator's trail is the management account's, and its log group is here.
  const isHere = (arn: string | undefined) => parseArn(arn ?? '')?.account === account
  const own = (valueIfRead(trails) ?? []).filter((trail) => trail.account === account || isHere(trail.logGroupArn))
  const named = own.filter(({ name, arn }) => scope.trail === undefined || scope.trail === name || scope.trail === arn)
  if (named.length === 0 || named.some(({ homeRegion }) => homeRegion === here)) return here
  const delivering = named.filter(({ logGroupArn }) => logGroupArn !== undefined)
  const homes = [...new Set((delivering.length > 0 ? delivering : named).map(({ homeRegion }) => homeRegion))]
  return homes.length === 1 ? (homes[0] ?? here) : here
}

async function evidence(aws: Aws, snapshot: Snapshot, topics: readonly string[], now: Date): Promise<Diagnostics> {
  const [keys, actions, muteRules, deliveries, transformers, eventRules, logAlarms, pagingTopics, publicAccess] =
    await Promise.all([
      readKeys(aws, snapshot),
      readAlarmActions(aws, now),
      readMuteRules(aws),
      readDeliveries(aws, topics, { since: new Date(now.getTime() - DELIVERIES_MS), until: now, period: 3600 }),
      readTransformers(aws, [...snapshot.logGroups.keys()]),
      readEventRules(aws),
      readLogAlarms(aws),
      leadsToPagerDuty(snapshot) || chainless(snapshot) ? undefined : readPagingTopics(aws),
      each(ownBuckets(snapshot), (bucket) => readPublicAccessBlock(aws, bucket)),
    ])
  return {
    keys,
    alarmHistory: byAlarm(actions, valueIfRead(snapshot.alarms) ?? []),
    muteRules,
    deliveries,
    transformers,
    eventRules,
    logAlarms,
    publicAccess,
    ...(pagingTopics === undefined ? {} : { pagingTopics }),
  }
}

/** The buckets of the trails that init made: the marks on the alarms name its chains. */
function ownBuckets({ alarms, trails, site }: Snapshot): readonly string[] {
  const prefixes = (valueIfRead(alarms) ?? []).flatMap(({ description }) => parseMarker(description)?.name ?? [])
  const made = new Set(prefixes.map((prefix) => chainNames(prefix, site).bucket))
  const written = (valueIfRead(trails) ?? []).map(({ bucket }) => bucket)
  return [...new Set(written.filter((bucket) => made.has(bucket)))]
}

function leadsToPagerDuty({ subscriptions }: Snapshot): boolean {
  return [...subscriptions.values()].some((listed) =>
    (valueIfRead(listed) ?? []).some(({ endpoint }) => isPagerDuty(endpoint)),
  )
}

function chainless({ alarms, metricFilters }: Snapshot): boolean {
  return (valueIfRead(alarms) ?? []).length === 0 && (valueIfRead(metricFilters) ?? []).length === 0
}

/** The key that AWS manages for SNS tells itself by its alias, and nothing needs to be read of it. */
function readKeys(aws: Aws, snapshot: Snapshot): Promise<ReadonlyMap<string, Reading<KeySnapshot | undefined>>> {
  const holders = [...snapshot.topics.values(), ...snapshot.logGroups.values()]
  const ids = holders.flatMap((holder) => (holder.state === 'read' ? [holder.value?.kmsKeyId] : []))
  const asked = [...new Set(ids.filter((id) => id !== undefined && !id.endsWith('alias/aws/sns')))]
  return each(
    asked.filter((id) => id !== undefined),
    (id) => readKey(aws, id),
  )
}

function byAlarm(
  actions: Awaited<ReturnType<typeof readAlarmActions>>,
  alarms: readonly AlarmSnapshot[],
): NonNullable<Diagnostics['alarmHistory']> {
  return new Map(
    alarms.map(({ name }) => [
      name,
      actions.state === 'read' ? { state: 'read', value: actions.value.get(name) ?? [] } : actions,
    ]),
  )
}

function listsOnly(
  aws: Aws,
  trails: Reading<readonly TrailSnapshot[]>,
  metricFilters: Reading<readonly MetricFilterSnapshot[]>,
  alarms: Reading<readonly AlarmSnapshot[]>,
): Snapshot {
  const none = {
    logGroups: new Map(),
    topics: new Map(),
    subscriptions: new Map(),
    roles: new Map(),
    buckets: new Map(),
    dashboards: new Map(),
    queues: new Map(),
  }
  return { site: siteOf(aws), trails, metricFilters, alarms, ...none }
}

async function each<T>(keys: readonly string[], read: (key: string) => Promise<T>): Promise<ReadonlyMap<string, T>> {
  return new Map(await inParallel(keys, WIDTH, async (key) => [key, await read(key)] as const))
}
