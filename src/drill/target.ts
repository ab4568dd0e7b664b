/** The chain around one alarm: what a drill goes through, and what `events` looks into. */

import { readAlarms } from '../aws/resources/alarm.ts'
import { readMetricFilters } from '../aws/resources/metric-filter.ts'
import { readSubscriptions } from '../aws/resources/subscription.ts'
import { readTrails } from '../aws/resources/trail.ts'
import type { Aws } from '../aws/session.ts'
import { siteOf } from '../aws/site.ts'
import { fireDrill } from '../detections/drill.ts'
import { isPagerDuty } from '../domain/endpoint.ts'
import { parseMarker } from '../domain/marker.ts'
import { chainNames, logGroupNameOf, parseArn } from '../domain/names.ts'
import {
  type AlarmSnapshot,
  type MetricFilterSnapshot,
  type Reading,
  type SubscriptionSnapshot,
  type TrailSnapshot,
  valueIfRead,
} from '../domain/snapshot.ts'
import { AppError, EXIT, failed, usage } from '../errors.ts'
import { toolCommand } from '../options/next-command.ts'
import { filterNamedIn } from '../plan/description.ts'
import { nearestNames } from '../spelling.ts'

export interface FoundAlarm {
  /** In the region of the alarm. */
  readonly aws: Aws
  readonly alarm: AlarmSnapshot
}

/** An alarm, its topic and the subscription that pages. */
export interface Target extends FoundAlarm {
  readonly topicArn: string
  /** Read as undefined: the topic has none to PagerDuty. */
  readonly subscription: Reading<SubscriptionSnapshot | undefined>
}

/** What lies before an alarm. */
export interface Source {
  /** Those that publish what the alarm watches; where none does, the one that its description names. */
  readonly filters: readonly MetricFilterSnapshot[]
  readonly logGroup: string | undefined
  /** The one that writes into the log group; read as undefined: none does. */
  readonly trail: Reading<TrailSnapshot | undefined>
}

/**
 * The alarm of this name, else the drill's own, looked for where the session is and in the home regions of the trails.
 * Throws usage errors (exit 2) when there is none, `alarms-unreadable` (exit 3) when it cannot be looked for.
 */
export async function findAlarm(session: Aws, name: string | undefined, prefix: string): Promise<FoundAlarm> {
  const wanted = (aws: Aws) => name ?? chainNames(prefix, siteOf(aws)).alarm(fireDrill.id, 'paging')
  const here = await lookFor(session, wanted(session))
  if (here !== undefined) return here
  for (const region of await homeRegions(session)) {
    const aws = session.inRegion(region)
    const there = await lookFor(aws, wanted(aws))
    if (there !== undefined) return there
  }
  throw name === undefined ? noDrillAlarm(wanted(session)) : await noAlarm(name, session)
}

/** Follows the alarm to PagerDuty. Throws when the alarm sends nothing to any topic. */
export async function findTarget({ aws, alarm }: FoundAlarm): Promise<Target> {
  const topics = alarm.alarmActions.filter((action) => parseArn(action)?.service === 'sns')
  const [first] = topics
  if (first === undefined) {
    throw failed('alarm-without-topic', `alarm ${alarm.name} sends nothing to a topic, so no one is paged`, [
      'see what is wrong with it: ',
      toolCommand('doctor'),
    ])
  }
  const targets = await Promise.all(
    topics.map(async (topicArn) => ({ topicArn, subscription: await paging(aws, topicArn) })),
  )
  const value = ({ subscription }: (typeof targets)[number]) => valueIfRead(subscription)
  const confirmed = targets.find((one) => value(one)?.confirmed === true)
  const best = confirmed ?? targets.find((one) => value(one) !== undefined) ?? targets[0]
  return { aws, alarm, topicArn: first, subscription: { state: 'read', value: undefined }, ...best }
}

/** The metric filters behind the alarm. A list that cannot be read is an error: nothing could be followed. */
export async function findFilters({ aws, alarm }: FoundAlarm): Promise<readonly MetricFilterSnapshot[]> {
  const all = readOrThrow(await readMetricFilters(aws))
  const feeding = all.filter((filter) => feeds(filter, alarm))
  const named = filterNamedIn(alarm.description)
  return feeding.length > 0 ? feeding : all.filter(({ name }) => name === named)
}

/** Follows the alarm back to its filters, log group and trail. */
export async function findSource(found: FoundAlarm): Promise<Source> {
  const filters = await findFilters(found)
  const logGroup = filters[0]?.logGroup
  const trails = await readTrails(found.aws)
  if (trails.state === 'unreadable') return { filters, logGroup, trail: trails }
  const writing = trails.value.filter(
    ({ logGroupArn }) => logGroupArn !== undefined && logGroupNameOf(logGroupArn) === logGroup,
  )
  const trail = writing.find(({ homeRegion }) => homeRegion === found.aws.region) ?? writing[0]
  return { filters, logGroup, trail: { state: 'read', value: trail } }
}

/** Whether the filter publishes what the alarm watches. */
export function feeds({ transformations }: MetricFilterSnapshot, { metric }: AlarmSnapshot): boolean {
  return transformations.some(({ namespace, name }) => namespace === metric?.namespace && name === metric.name)
}

/** Whether the alarm is the one of `init --drill`. */
export function isDrillAlarm({ description }: AlarmSnapshot): boolean {
  return parseMarker(description)?.detection === fireDrill.id
}

/** Whether the chain has a drill alarm; false where that cannot be read. */
export async function hasDrillAlarm(aws: Aws, prefix: string): Promise<boolean> {
  const name = chainNames(prefix, siteOf(aws)).alarm(fireDrill.id, 'paging')
  return (valueIfRead(await readAlarms(aws, { names: [name] })) ?? []).some(isDrillAlarm)
}

async function lookFor(aws: Aws, name: string): Promise<FoundAlarm | undefined> {
  const alarm = readOrThrow(await readAlarms(aws, { names: [name] }))[0]
  return alarm === undefined ? undefined : { aws, alarm }
}

async function homeRegions(session: Aws): Promise<readonly string[]> {
  const trails = await readTrails(session)
  const homes = trails.state === 'read' ? trails.value.map(({ homeRegion }) => homeRegion) : []
  return [...new Set(homes)].filter((region) => region !== session.region)
}

async function paging(aws: Aws, topicArn: string): Promise<Reading<SubscriptionSnapshot | undefined>> {
  // A topic of another region answers there; of another account, perhaps not at all.
  const region = parseArn(topicArn)?.region ?? aws.region
  const read = await readSubscriptions(aws.inRegion(region), topicArn)
  if (read.state === 'unreadable') return read
  const known = read.value.filter(({ endpoint }) => isPagerDuty(endpoint))
  return { state: 'read', value: known.find(({ confirmed }) => confirmed === true) ?? known[0] }
}

function readOrThrow<T>(read: Reading<T>): T {
  if (read.state === 'read') return read.value
  throw new AppError('chain-unreadable', read.why, { exit: read.denied ? EXIT.access : EXIT.failed })
}

function noDrillAlarm(name: string): AppError {
  return usage('no-drill-alarm', `there is no drill alarm (${name}), and no alarm was named`, [
    'name an alarm with --via alarm-state --alarm NAME, or run init as for this chain, with --drill: ',
    toolCommand('init', { drill: true }),
  ])
}

/** With the names that were probably meant, among the alarms that act on a topic. */
async function noAlarm(name: string, session: Aws): Promise<AppError> {
  const listed = valueIfRead(await readAlarms(session)) ?? []
  const acting = listed.filter(({ alarmActions }) => alarmActions.some((one) => parseArn(one)?.service === 'sns'))
  const near = nearestNames(
    name.slice(name.lastIndexOf(':') + 1),
    acting.map((alarm) => alarm.name),
  )
  return usage('alarm-not-found', `there is no alarm "${name}" in ${session.region}`, [
    near.length > 0 ? `did you mean ${near.join(' or ')}?\nall alarms that page: ` : 'see all alarms that page: ',
    toolCommand('doctor'),
  ])
}
