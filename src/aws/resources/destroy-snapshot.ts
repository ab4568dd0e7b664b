/** The inventory that `destroy` needs: the whole region's filters and alarms, and what the computed names point at. */

import { chainNames } from '../../domain/names.ts'
import { type Snapshot, valueIfRead } from '../../domain/snapshot.ts'
import { type Contents, logGroupOfRole } from '../../plan/destroy.ts'
import { chainTopics } from '../../plan/destroy-topic.ts'
import type { Aws } from '../session.ts'
import { siteOf } from '../site.ts'
import { readAlarms } from './alarm.ts'
import { bucketHoldsObjects, readBucket } from './bucket.ts'
import { logGroupHoldsEvents, readLogGroup } from './log-group.ts'
import { readMetricFilters } from './metric-filter.ts'
import { readRole } from './role.ts'
import { readEach } from './snapshot.ts'
import { readSubscriptions } from './subscription.ts'
import { readTopic } from './topic.ts'
import { readTrails } from './trail.ts'

export async function readDestroySnapshot(aws: Aws, prefix: string): Promise<Snapshot> {
  const site = siteOf(aws)
  const names = chainNames(prefix, site)
  const topicArns = chainTopics({ site }, prefix)
  const [trails, metricFilters, alarms, topics, role] = await Promise.all([
    readTrails(aws),
    readMetricFilters(aws),
    readAlarms(aws),
    readEach(topicArns, (arn) => readTopic(aws, arn)),
    readRole(aws, names.role),
  ])
  const group = logGroupOfRole(valueIfRead(role)?.policies ?? {})
  const trailBuckets = (valueIfRead(trails) ?? [])
    .filter(({ account }) => account === site.account)
    .map(({ bucket }) => bucket)
  const present = topicArns.filter((arn) => valueIfRead(topics.get(arn)) !== undefined)
  const [subscriptions, logGroups, buckets] = await Promise.all([
    readEach(present, (arn) => readSubscriptions(aws, arn)),
    readEach(group === undefined ? [] : [group], (name) => readLogGroup(aws, name)),
    readEach([...new Set([names.bucket, ...trailBuckets])], (name) => readBucket(aws, name)),
  ])
  return {
    site,
    organizationId: undefined,
    trails,
    logGroups,
    metricFilters,
    alarms,
    topics,
    subscriptions,
    roles: new Map([[names.role, role]]),
    buckets,
  }
}

/** Asked only when a deletion hangs on the answer; what cannot be asked counts as full. */
export async function readContents(aws: Aws, snapshot: Snapshot, prefix: string): Promise<Contents> {
  const names = chainNames(prefix, snapshot.site)
  const groups = [...snapshot.logGroups].filter(([, group]) => valueIfRead(group) !== undefined).map(([name]) => name)
  const bucket = valueIfRead(snapshot.buckets.get(names.bucket)) === undefined ? [] : [names.bucket]
  const orFull = (answer: Promise<boolean>) => answer.catch(() => true)
  return {
    bucketHoldsObjects: await readEach(bucket, (name) => orFull(bucketHoldsObjects(aws, name))),
    logGroupHoldsEvents: await readEach(groups, (name) => orFull(logGroupHoldsEvents(aws, name))),
  }
}
