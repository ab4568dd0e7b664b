/** Whether an alarm that is there pages for the same event as one of the plan: said before the plan is approved. */

import { readAlarms } from '../../aws/resources/alarm.ts'
import { readMetricFilters } from '../../aws/resources/metric-filter.ts'
import { readEach } from '../../aws/resources/snapshot.ts'
import { readSubscriptions } from '../../aws/resources/subscription.ts'
import { logGroupNameOf, parseArn } from '../../domain/names.ts'
import { type Note, notes } from '../../domain/note.ts'
import { type MetricFilterSnapshot, type Snapshot, valueIfRead } from '../../domain/snapshot.ts'
import type { Decided } from './decide.ts'

/**
 * Looks at the filters of the log groups that trails of this account deliver to. Alarms and subscriptions are read only
 * where one of these filters counts what the plan counts.
 */
export async function doublePageNotes({ aws, snapshot, plan }: Decided, now: Date): Promise<readonly Note[]> {
  const planned = plan.flatMap(({ action, resource }) => (action === 'delete' ? [] : [resource]))
  const touched = new Set(
    plan.flatMap(({ resource: one }) => (one.kind === 'metric-filter' ? [`${one.spec.logGroup}:${one.name}`] : [])),
  )
  const otherFilters = (await filtersOnTrails(aws, snapshot)).filter(
    ({ logGroup, name }) => !touched.has(`${logGroup}:${name}`),
  )
  if (otherFilters.length === 0) return []
  // The checks are many, and most accounts have no filter of somebody else.
  const { doublePages, filtersOfSameMeaning, watchers } = await import('../../doctor/double-pages.ts')
  const prospect = {
    gathered: { snapshot, now, identity: aws.identity, diagnostics: {} },
    planned,
    otherFilters,
  }
  const same = filtersOfSameMeaning(prospect)
  if (same.length === 0) return []
  const alarms = await readAlarms(aws)
  if (alarms.state === 'unreadable') {
    const names = same.map(({ name }) => name).join(', ')
    return notes('double-page', [
      `filters ${names} count the same events, and whether alarms on them page to the same endpoint is unknown: ${alarms.why}`,
    ])
  }
  const deleted = new Set(plan.flatMap(({ action, resource }) => (action === 'delete' ? [resource.name] : [])))
  const watching = watchers(same, alarms.value)
  const topics = watching.topics.filter((arn) => !snapshot.subscriptions.has(arn))
  const subscriptions = await readEach(topics, (arn) => readSubscriptions(aws, arn))
  const beside = watching.alarms.filter(({ name }) => !deleted.has(name))
  const found = doublePages(prospect, beside, subscriptions)
  return notes(
    'double-page',
    found.map(
      ({ alarm, others }) =>
        `${others.join(', ')} pages the same endpoint for the same event as ${alarm}, so each event pages twice; remove one of the alarms`,
    ),
  )
}

async function filtersOnTrails(aws: Decided['aws'], snapshot: Snapshot): Promise<readonly MetricFilterSnapshot[]> {
  const { site } = snapshot
  const groups = (valueIfRead(snapshot.trails) ?? []).flatMap(({ logGroupArn = '' }) => {
    const arn = parseArn(logGroupArn)
    const isHere = arn?.account === site.account && arn.region === site.region
    return isHere ? [logGroupNameOf(logGroupArn) ?? ''] : []
  })
  const others = [...new Set(groups)].filter((group) => !snapshot.logGroups.has(group))
  const readings = await readEach(others, (logGroup) => readMetricFilters(aws, { logGroup }))
  return [snapshot.metricFilters, ...readings.values()].flatMap((reading) => valueIfRead(reading) ?? [])
}
