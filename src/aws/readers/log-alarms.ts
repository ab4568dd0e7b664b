/** Alarms on scheduled log queries: another way from an event to a page, which no metric filter is part of. */

import type { Reading } from '../../domain/snapshot.ts'
import { loadCloudWatch } from '../clients.ts'
import { readingList } from '../failures.ts'
import type { Aws } from '../session.ts'

export interface LogAlarm {
  readonly name: string
  /** Names or ARNs. */
  readonly logGroups: readonly string[]
  readonly query: string
  readonly alarmActions: readonly string[]
}

/** The longest page that DescribeAlarms gives (API reference); no more is looked at. */
const ALARMS_A_PAGE = 100

/** Asked for apart, because an endpoint that does not know the type refuses the whole call. */
export function readLogAlarms(aws: Aws): Promise<Reading<readonly LogAlarm[]>> {
  return readingList(async () => {
    const { CloudWatchClient, DescribeAlarmsCommand } = await loadCloudWatch()
    const command = new DescribeAlarmsCommand({ AlarmTypes: ['LogAlarm'], MaxRecords: ALARMS_A_PAGE })
    const { LogAlarms = [] } = await aws.client(CloudWatchClient).send(command)
    return LogAlarms.map(({ AlarmName = '', AlarmActions = [], ScheduledQueryConfiguration: asked }) => ({
      name: AlarmName,
      logGroups: asked?.LogGroupIdentifiers ?? [],
      query: asked?.QueryString ?? '',
      alarmActions: AlarmActions,
    }))
  })
}
