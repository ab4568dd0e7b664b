/** Checks of what init made: a mark tells what was chosen, and a change by hand since then is no choice. */

import { parseMarker } from '../../../domain/marker.ts'
import type { AlarmSnapshot } from '../../../domain/snapshot.ts'
import { toolCommand } from '../../../options/next-command.ts'
import { type Check, type Finding, type Fix, findingFor } from '../../check.ts'
import { alarmChanges, alarmOrigin, filterOrigin } from '../../chosen.ts'
import { filterAddress } from '../../graph.ts'
import { alarmFix, each } from './actions.ts'

const FIX = {
  summary: 'run init again with its options to put back what it chose, or keep the change and choose it with --set',
  look: toolCommand('init', { dryRun: true }),
}

export const alarmDrift: Check = {
  name: 'alarm.drift',
  finds: 'an alarm of init whose settings were changed since',
  run: (graph) =>
    each('alarm.drift', (alarm, report) => {
      const title = 'the alarm is as init made it'
      if (alarmOrigin(alarm) === 'chosen') return report.pass(title, 'its mark, or the catalogue, says the same')
      const changes = alarmChanges(alarm)
      return report.warn({
        title: 'the alarm is not as init made it',
        evidence: changes.length === 0 ? 'its settings are not those that its mark records' : changes.join('; '),
        impact: 'These settings were not set by init, so they are judged like those of any other alarm.',
        fix: alarmOrigin({ ...alarm, ...RESTORED }) === 'chosen' ? restore(alarm) : FIX,
      })
    })({ ...graph, alarms: graph.alarms.filter((alarm) => parseMarker(alarm.description) !== undefined) }),
}

/** What every alarm of init has. */
const RESTORED = { treatMissingData: 'notBreaching' } as const

function restore(alarm: AlarmSnapshot): Fix {
  return alarmFix(alarm, { TreatMissingData: RESTORED.treatMissingData }, 'puts it back, keeps every other field')
}

export const metricFilterDrift: Check = {
  name: 'metric-filter.drift',
  finds: 'a metric filter of init that was changed since',
  run: (graph) => {
    const marked = graph.alarms.filter((alarm) => parseMarker(alarm.description) !== undefined)
    const judged = new Map<string, Finding>()
    for (const alarm of marked) {
      const filters = graph.joins.filtersOf(alarm)
      const isChosen = filterOrigin(alarm, filters) === 'chosen'
      for (const filter of filters) {
        const address = filterAddress(filter)
        const report = findingFor('metric-filter.drift', address)
        if (isChosen) judged.set(address, report.pass('the filter is as init made it', filter.pattern))
        else
          judged.set(
            address,
            report.warn({
              title: 'the filter is not as init made it',
              evidence: `${filter.pattern} is not what the mark of ${alarm.name} records`,
              impact: 'This pattern was not set by init, so it is judged like that of any other filter.',
              fix: FIX,
            }),
          )
      }
    }
    return judged.values()
  },
}
