/** Check of alarms on log queries: they may page for CloudTrail events, and are named, not followed. */

import { logGroupNameOf } from '../../../domain/names.ts'
import { type Check, findingFor } from '../../check.ts'
import { localLogGroup } from '../../graph.ts'

export const alarmLogAlarm: Check = {
  name: 'alarm.log-alarm',
  finds: "informational: an alarm on a query of a trail's log group, which may page and is not followed",
  run: ({ gathered, site, trails }) => {
    const { logAlarms } = gathered.diagnostics
    if (logAlarms === undefined) return []
    if (logAlarms.state === 'unreadable') {
      return [findingFor('alarm.log-alarm', site.region).skip('alarms on log queries', logAlarms.why)]
    }
    const groups = new Set(trails.map((trail) => localLogGroup(trail, site)))
    return logAlarms.value
      .filter(
        ({ logGroups, query }) =>
          logGroups.some((group) => groups.has(logGroupNameOf(group) ?? group)) || RECORD_FIELD.test(query),
      )
      .map(({ name, alarmActions }) => {
        const ends = alarmActions.length === 0 ? 'it has no ALARM action' : `it tells ${alarmActions.join(', ')}`
        return findingFor('alarm.log-alarm', name).skip('an alarm on a log query is not followed', ends)
      })
  },
}

/** A query may also choose its log groups in its own text. */
const RECORD_FIELD = /\b(eventName|eventSource|userIdentity)\b/
