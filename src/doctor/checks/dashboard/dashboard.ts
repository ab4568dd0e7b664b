/** Check of the dashboard that init made: does it show what the chain has now? */

import { counted } from '../../../counted.ts'
import { alarmsShown, dashboardMarker } from '../../../domain/dashboard.ts'
import { valueIfRead } from '../../../domain/snapshot.ts'
import { managedAlarms } from '../../../plan/managed.ts'
import { type Check, findingFor } from '../../check.ts'
import { watchingFix } from '../../fixes.ts'

export const dashboardCurrent: Check = {
  name: 'dashboard.current',
  finds: 'a dashboard of the chain that leaves alarms out, or shows some that are gone',
  run: (graph) => {
    const { snapshot } = graph.gathered
    return [...snapshot.dashboards].flatMap(([name, reading]) => {
      const report = findingFor('dashboard.current', name)
      const title = 'the dashboard shows every alarm of the chain'
      if (reading.state === 'unreadable') return [report.skip(title, reading.why)]
      const marker = dashboardMarker(reading.value?.body)
      if (marker === undefined) return []
      const shown = new Set(alarmsShown(reading.value?.body))
      const alarms = managedAlarms(snapshot, marker.name)
      const missing = alarms.filter(({ arn }) => !shown.has(arn)).map((alarm) => alarm.name)
      const there = new Set((valueIfRead(snapshot.alarms) ?? []).map(({ arn }) => arn))
      const gone = [...shown].filter((arn) => !there.has(arn)).map((arn) => arn.slice(arn.indexOf(':alarm:') + 7))
      if (missing.length === 0 && gone.length === 0) return [report.pass(title, counted(alarms.length, 'alarm'))]
      return [
        report.warn({
          title: 'the dashboard does not show the alarms as they are',
          evidence: [
            ...(missing.length === 0 ? [] : [`it leaves out ${missing.join(', ')}`]),
            ...(gone.length === 0 ? [] : [`it shows ${gone.join(', ')}, which is not there`]),
          ].join('; '),
          impact: 'Whoever looks at it does not see the state of the whole chain; pages are not affected.',
          fix: watchingFix(
            marker.name,
            'writes the dashboard again, and leaves the rest of the chain as it is',
            { dashboard: true },
            graph,
          ),
        }),
      ]
    })
  },
}
