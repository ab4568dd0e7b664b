/** Checks of what init made: a mark tells what was chosen, and a change by hand since then is no choice. */

import { parseMarker } from '../../../domain/marker.ts'
import type { AlarmSnapshot, MetricFilterSnapshot } from '../../../domain/snapshot.ts'
import { toolCommand } from '../../../options/next-command.ts'
import { type Check, type Finding, type FindingBuilder, type Fix, findingFor } from '../../check.ts'
import { alarmChanges, alarmOrigin, filterChanges, filterOrigin } from '../../chosen.ts'
import { type ChainGraph, filterAddress } from '../../graph.ts'
import { alarmFix, each } from './actions.ts'
import { seenAt, writerOf } from './writer.ts'

const FIX = {
  summary: 'run init again with its options to put back what it chose, or keep the change and choose it with --set',
  look: toolCommand('init', { dryRun: true }),
}

export const alarmDrift: Check = {
  name: 'alarm.drift',
  finds: 'an alarm whose settings were changed since init set it up, and by whom',
  run: (graph) =>
    each('alarm.drift', (alarm, report) => {
      const title = 'the alarm is as it was chosen'
      if (alarmOrigin(alarm) === 'chosen') return report.pass(title, 'its mark, or the catalogue, says the same')
      const changes = alarmChanges(alarm) ?? []
      const by = writerOf(graph, 'alarms', alarm.name)
      return seenAt(
        by.url,
        report.warn({
          title: 'the alarm was changed since it was set up',
          evidence: [
            changes.length === 0 ? 'its settings are not those that its mark records' : changes.join('; '),
            by.words,
          ].join('; '),
          impact: 'These settings were not set by init, so they are judged like those of any other alarm.',
          fix: alarmOrigin({ ...alarm, ...RESTORED }) === 'chosen' ? restore(alarm) : FIX,
        }),
      )
    })({ ...graph, alarms: graph.alarms.filter((alarm) => parseMarker(alarm.description) !== undefined) }),
}

/** What every alarm of init has. */
const RESTORED = { treatMissingData: 'notBreaching' } as const

function restore(alarm: AlarmSnapshot): Fix {
  return alarmFix(alarm, { TreatMissingData: RESTORED.treatMissingData }, 'puts it back, keeps every other field')
}

export const metricFilterDrift: Check = {
  name: 'metric-filter.drift',
  finds: 'a metric filter that was changed since init set it up, and by whom',
  run: (graph) => {
    const marked = graph.alarms.filter((alarm) => parseMarker(alarm.description) !== undefined)
    const judged = new Map<string, Finding>()
    for (const alarm of marked) {
      const filters = graph.joins.filtersOf(alarm)
      const isChosen = filterOrigin(alarm, filters) === 'chosen'
      for (const filter of filters) {
        const address = filterAddress(filter)
        const report = findingFor('metric-filter.drift', address)
        judged.set(
          address,
          isChosen
            ? report.pass('the filter is as it was chosen', filter.pattern)
            : changed(graph, alarm, filter, report),
        )
      }
    }
    return judged.values()
  },
}

function changed(
  graph: ChainGraph,
  alarm: AlarmSnapshot,
  filter: MetricFilterSnapshot,
  report: FindingBuilder,
): Finding {
  const changes = filterChanges(alarm, filter) ?? []
  const by = writerOf(graph, 'filters', filterAddress(filter))
  const what =
    changes.length === 0 ? `${filter.pattern} is not what the mark of ${alarm.name} records` : changes.join('; ')
  return seenAt(
    by.url,
    report.warn({
      title: 'the filter was changed since it was set up',
      evidence: `${what}; ${by.words}`,
      impact: 'This pattern was not set by init, so it is judged like that of any other filter.',
      fix: FIX,
    }),
  )
}
