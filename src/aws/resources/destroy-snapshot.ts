/** The inventory that `destroy` needs: the whole region's filters and alarms, and what the computed names point at. */

import { type ChainNames, chainNames, logGroupNameOf, queueArn } from '../../domain/names.ts'
import {
  type Reading,
  type RoleSnapshot,
  type Snapshot,
  type TrailSnapshot,
  valueIfRead,
} from '../../domain/snapshot.ts'
import { deliveryMark } from '../../plan/delivery-mark.ts'
import { adoptedTopics } from '../../plan/destroy.ts'
import type { Contents } from '../../plan/destroy-contents.ts'
import { chainTopics, pages } from '../../plan/destroy-topic.ts'
import { concerns } from '../../plan/trail-choice.ts'
import { reading } from '../failures.ts'
import { readSubscriptionFilters } from '../readers/subscription-filters.ts'
import type { Aws } from '../session.ts'
import { siteOf } from '../site.ts'
import { readAlarms } from './alarm.ts'
import { bucketHoldsObjects, readBucket } from './bucket.ts'
import { readDashboard } from './dashboard.ts'
import { logGroupHoldsEvents, readLogGroup } from './log-group.ts'
import { readMetricFilters } from './metric-filter.ts'
import { readQueue } from './queue.ts'
import { readRole } from './role.ts'
import { readEach } from './snapshot.ts'
import { readSubscriptions, withRecords } from './subscription.ts'
import { readTopic } from './topic.ts'
import { readTrails } from './trail.ts'

export async function readDestroySnapshot(aws: Aws, prefix: string): Promise<Snapshot> {
  const site = siteOf(aws)
  const names = chainNames(prefix, site)
  const topicArns = chainTopics({ site }, prefix)
  const queue = queueArn(site, names.queue)
  const [trails, metricFilters, alarms, topics, role, dashboard, deadLetters] = await Promise.all([
    readTrails(aws),
    readMetricFilters(aws),
    readAlarms(aws),
    readEach(topicArns, (arn) => readTopic(aws, arn)),
    readRole(aws, names.role),
    readDashboard(aws, names.dashboard),
    readQueue(aws, queue),
  ])
  const trailList = (valueIfRead(trails) ?? []).filter((trail) => concerns(trail, site, prefix))
  const groups = logGroupsOf(names, valueIfRead(role), trailList)
  const present = topicArns.filter((arn) => valueIfRead(topics.get(arn)) !== undefined)
  const [subscriptions, logGroups, buckets] = await Promise.all([
    readEach(present, (arn) => readSubscriptions(aws, arn)),
    readEach(groups, (name) => readLogGroup(aws, name)),
    readEach([...new Set([names.bucket, ...trailList.map(({ bucket }) => bucket)])], (name) => readBucket(aws, name)),
  ])
  const seen: Snapshot = {
    site,
    trails,
    logGroups,
    metricFilters,
    alarms,
    topics,
    subscriptions,
    roles: new Map([[names.role, role]]),
    buckets,
    dashboards: new Map([[names.dashboard, dashboard]]),
    queues: new Map([[queue, deadLetters]]),
  }
  const snapshot = await withRecords(
    aws,
    seen,
    present.filter((arn) => pages(seen, arn)),
  )
  // Only its subscriptions are of interest where a topic was named: they stay with it.
  const named = await readEach(adoptedTopics(snapshot, prefix, topicArns), (arn) => readSubscriptions(aws, arn))
  return { ...snapshot, subscriptions: new Map([...snapshot.subscriptions, ...named]) }
}

/** The log group that the role marks, and the ones that would have the computed name. */
function logGroupsOf(
  names: ChainNames,
  role: RoleSnapshot | undefined,
  trails: readonly TrailSnapshot[],
): readonly string[] {
  const marked = deliveryMark(role)?.logGroup
  const delivered = trails
    .filter(({ name, bucket }) => name === names.trail || bucket === names.bucket)
    .flatMap(({ name }) => names.logGroup(name))
  return [...new Set([...(marked === undefined ? [] : [marked]), names.logGroup(names.trail), ...delivered])]
}

/** Asked only of what is there; what cannot be asked is unreadable. */
export async function readContents(aws: Aws, snapshot: Snapshot, prefix: string): Promise<Contents> {
  const names = chainNames(prefix, snapshot.site)
  const groups = [...snapshot.logGroups].filter(([, group]) => valueIfRead(group) !== undefined).map(([name]) => name)
  const bucket = valueIfRead(snapshot.buckets.get(names.bucket)) === undefined ? [] : [names.bucket]
  const trails = (valueIfRead(snapshot.trails) ?? []).filter(
    ({ account, homeRegion }) => account === snapshot.site.account && homeRegion === snapshot.site.region,
  )
  const delivered = trails.flatMap(({ logGroupArn }) => logGroupNameOf(logGroupArn ?? '') ?? [])
  const [bucketHolds, groupHolds, subscriptionFilters] = await Promise.all([
    readEach(bucket, (name) => answered(bucketHoldsObjects(aws, name))),
    readEach(groups, (name) => answered(logGroupHoldsEvents(aws, name))),
    readEach([...new Set([...groups, ...delivered])], (name) => readSubscriptionFilters(aws, name)),
  ])
  return { bucketHoldsObjects: bucketHolds, logGroupHoldsEvents: groupHolds, subscriptionFilters }
}

/** What is gone meanwhile holds nothing. */
async function answered(asked: Promise<boolean>): Promise<Reading<boolean>> {
  const answer = await reading(() => asked)
  return answer.state === 'read' ? { state: 'read', value: answer.value ?? false } : answer
}
