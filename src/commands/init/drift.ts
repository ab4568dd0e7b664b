/** What a plan puts back although nobody asked for another value: it was changed since init wrote it. */

import { alarmChanges, alarmOrigin, filterChanges, filterOrigin } from '../../doctor/chosen.ts'
import { type AlarmSnapshot, type MetricFilterSnapshot, type Snapshot, valueIfRead } from '../../domain/snapshot.ts'
import { feeds } from '../../drill/target.ts'
import type { Plan } from '../../plan/plan.ts'

/** A sentence for each alarm and each filter that changes and is not as init wrote it. */
export function driftNotes(changes: Plan, snapshot: Snapshot): readonly string[] {
  const alarms = valueIfRead(snapshot.alarms) ?? []
  const filters = valueIfRead(snapshot.metricFilters) ?? []
  return changes.flatMap(({ action, resource }) => {
    if (action !== 'update') return []
    if (resource.kind === 'alarm') {
      const alarm = alarms.find(({ name }) => name === resource.name)
      return alarm !== undefined && alarmOrigin(alarm) === 'changed'
        ? [sentence('alarm', alarm.name, alarmChanges(alarm))]
        : []
    }
    if (resource.kind !== 'metric-filter') return []
    const filter = filters.find(({ name, logGroup }) => name === resource.name && logGroup === resource.spec.logGroup)
    const alarm = filter && changedOver(filter, alarms, filters)
    return filter !== undefined && alarm !== undefined
      ? [sentence('metric filter', filter.name, filterChanges(alarm, filter))]
      : []
  })
}

/** The alarm whose mark the filter no longer agrees with. */
function changedOver(
  filter: MetricFilterSnapshot,
  alarms: readonly AlarmSnapshot[],
  filters: readonly MetricFilterSnapshot[],
): AlarmSnapshot | undefined {
  return alarms.find(
    (alarm) =>
      feeds(filter, alarm) &&
      filterOrigin(
        alarm,
        filters.filter((one) => feeds(one, alarm)),
      ) === 'changed',
  )
}

function sentence(kind: string, name: string, changes: readonly string[] | undefined): string {
  const what = changes === undefined || changes.length === 0 ? '' : `: ${changes.join('; ')}`
  return `${kind} ${name} was changed since it was set up${what}; this plan puts it back`
}
