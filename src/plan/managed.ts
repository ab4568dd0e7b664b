/** Which alarms and metric filters this chain made: those with its mark and with the exact name that init gives. */

import { catalogue } from '../detections/catalogue.ts'
import { fireDrill } from '../detections/drill.ts'
import { dashboardMarker } from '../domain/dashboard.ts'
import { parseMarker } from '../domain/marker.ts'
import { chainNames, logGroupNameOf, type Site } from '../domain/names.ts'
import {
  type AlarmSnapshot,
  type DashboardSnapshot,
  type MetricFilterSnapshot,
  type Snapshot,
  valueIfRead,
} from '../domain/snapshot.ts'
import { deliveryMark } from './delivery-mark.ts'
import { eventsLine, filterNamedIn, leadsToLogGroup } from './description.ts'

/** The console copies an alarm with its description, so the mark alone says nothing of the copy. */
export function isManagedAlarm(alarm: AlarmSnapshot, prefix: string, site: Site): boolean {
  const marker = parseMarker(alarm.description)
  if (marker?.name !== prefix) return false
  const names = chainNames(prefix, site)
  const computed = [names.alarm(marker.detection, 'paging'), names.alarm(marker.detection, 'compliance')]
  // An alarm that was named by --alarm-name is named in its own description.
  return computed.includes(alarm.name) || alarm.description.split('\n').includes(eventsLine(alarm.name))
}

/** The alarms of this chain among those that were read. */
export function managedAlarms(snapshot: Snapshot, prefix: string): readonly AlarmSnapshot[] {
  return (valueIfRead(snapshot.alarms) ?? []).filter((alarm) => isManagedAlarm(alarm, prefix, snapshot.site))
}

/** The dashboard of this chain, where it was read. */
export function managedDashboards(snapshot: Snapshot, prefix: string): readonly DashboardSnapshot[] {
  const found = valueIfRead(snapshot.dashboards.get(chainNames(prefix, snapshot.site).dashboard))
  return found !== undefined && dashboardMarker(found.body)?.name === prefix ? [found] : []
}

/** The metric filters of this chain among those that were read: in a log group that the chain uses. */
export function managedFilters(snapshot: Snapshot, prefix: string): readonly MetricFilterSnapshot[] {
  return namedFilters(snapshot, prefix).filter(({ logGroup }) => usesLogGroup(snapshot, prefix, logGroup))
}

/** Metric filters with a name and a metric of this chain in a log group that it does not use. */
export function copiedFilters(snapshot: Snapshot, prefix: string): readonly MetricFilterSnapshot[] {
  return namedFilters(snapshot, prefix).filter(({ logGroup }) => !usesLogGroup(snapshot, prefix, logGroup))
}

/** A metric filter carries no mark of its own: its name and its metric are both the chain's, or an alarm of the chain names both. */
function namedFilters(snapshot: Snapshot, prefix: string): readonly MetricFilterSnapshot[] {
  const { namespace } = chainNames(prefix, snapshot.site)
  const alarms = managedAlarms(snapshot, prefix)
  const key = (filter?: string, metric?: { readonly namespace: string; readonly name: string }) =>
    [filter, metric?.namespace, metric?.name].join('\n')
  const named = new Set(alarms.map(({ description, metric }) => key(filterNamedIn(description), metric)))
  const computed = computedFilterNames(snapshot.site, prefix, alarms)
  return (valueIfRead(snapshot.metricFilters) ?? []).filter(({ name, transformations }) =>
    transformations.some(
      (metric) => named.has(key(name, metric)) || (metric.namespace === namespace && computed(name)),
    ),
  )
}

function computedFilterNames(site: Site, prefix: string, alarms: readonly AlarmSnapshot[]): (name: string) => boolean {
  const names = chainNames(prefix, site)
  const detections = [
    ...[fireDrill, ...catalogue].map(({ id }) => id),
    ...alarms.flatMap(({ description }) => parseMarker(description)?.detection ?? []),
  ]
  const computed = new Set(detections.map((id) => names.metricFilter(id)))
  return (name) => computed.has(name.replace(/-compliance-\d+$/, ''))
}

/** Where init puts metric filters: where the alarms look, where the role writes, where a trail delivers, or under the computed name. */
function usesLogGroup(snapshot: Snapshot, prefix: string, group: string): boolean {
  const { site } = snapshot
  const names = chainNames(prefix, site)
  const trails = valueIfRead(snapshot.trails) ?? []
  const role = valueIfRead(snapshot.roles.get(names.role))
  return (
    managedAlarms(snapshot, prefix).some(({ description }) => leadsToLogGroup(description, site, group)) ||
    deliveryMark(role)?.logGroup === group ||
    trails.some(({ logGroupArn }) => logGroupNameOf(logGroupArn ?? '') === group) ||
    [names.trail, ...trails.map(({ name }) => name)].some((trail) => names.logGroup(trail) === group)
  )
}
