/** Check of the heartbeat: the alarm that pages when a trail's log group falls silent. */

import type { AlarmSnapshot } from '../../../domain/snapshot.ts'
import { valueIfRead } from '../../../domain/snapshot.ts'
import { type Check, findingFor } from '../../check.ts'
import { heartbeatFix } from '../../fixes.ts'
import { type ChainGraph, localLogGroup } from '../../graph.ts'
import { isHeartbeat } from '../../indexes.ts'
import { seen } from './actions.ts'

export const alarmHeartbeat: Check = {
  name: 'alarm.heartbeat',
  finds: 'a heartbeat that cannot page when the log group falls silent, or that reports silence now',
  run: (graph) =>
    (valueIfRead(graph.gathered.snapshot.alarms) ?? []).filter(isHeartbeat).map((alarm) => {
      const report = findingFor('alarm.heartbeat', alarm.name)
      const blind = faultsOf(alarm, graph)
      if (blind.length > 0) {
        return report.fail({
          title: 'the heartbeat cannot page',
          evidence: blind.join('; '),
          impact: 'No one notices when the chain falls silent.',
          fix: heartbeatFix(alarm, graph),
        })
      }
      const title = 'the heartbeat pages when the log group falls silent'
      if (awaitsFirstEvents(alarm, graph)) {
        return report.skip(
          title,
          'nothing was delivered yet; it resolves when the first events arrive, in about 5 minutes',
        )
      }
      if (alarm.state === 'ALARM') {
        return report.fail({
          title: 'the heartbeat reports silence',
          evidence: alarm.stateReason,
          impact: 'No event reaches the log group that it watches, so no detection on it can page.',
          fix: { summary: 'repair the trail or its delivery; if the account is quiet, choose a longer --heartbeat' },
        })
      }
      return report.pass(title, `${seen(alarm)}, state ${alarm.state}`)
    }),
}

/** Milliseconds after which silence is no longer that of a chain that was made just now. */
const YOUNG_MS = 30 * 60_000

/** It went up when it was made, and its trail has neither delivered an event yet nor failed to. */
function awaitsFirstEvents(
  { state, stateChanged, metric }: AlarmSnapshot,
  { trails, site, gathered }: ChainGraph,
): boolean {
  if (state !== 'ALARM' || stateChanged === undefined) return false
  if (gathered.now.getTime() - stateChanged.getTime() > YOUNG_MS) return false
  const sources = trails.filter((trail) => localLogGroup(trail, site) === metric?.dimensions.LogGroupName)
  const statuses = sources.flatMap(({ status }) => valueIfRead(status) ?? [])
  return (
    statuses.length > 0 &&
    statuses.every(
      ({ logging, logsDelivered, logsDeliveryError }) =>
        logging && logsDelivered === undefined && logsDeliveryError === undefined,
    )
  )
}

function faultsOf(alarm: AlarmSnapshot, { trails, site }: ChainGraph): readonly string[] {
  const { metric, threshold = 0 } = alarm
  const groups = new Set(trails.map((trail) => localLogGroup(trail, site)).filter((group) => group !== undefined))
  const watched = metric?.dimensions.LogGroupName
  const counts = metric?.namespace === 'AWS/Logs' && metric.name === 'IncomingLogEvents'
  return [
    ...(alarm.actionsEnabled ? [] : ['its actions are disabled']),
    ...(alarm.alarmActions.length > 0 ? [] : ['it has no ALARM action']),
    ...(alarm.treatMissingData === 'breaching' ? [] : ['it does not treat missing data as breaching']),
    ...(alarm.comparisonOperator === 'LessThanThreshold' && threshold > 0 ? [] : ['no silence crosses its threshold']),
    // Without a delivery no trail names the group, and that is the silence which it reports.
    ...(counts && watched !== undefined && (groups.has(watched) || alarm.state === 'ALARM')
      ? []
      : [`it watches ${seen(alarm)}, which is not the traffic of a trail's log group`]),
  ]
}
