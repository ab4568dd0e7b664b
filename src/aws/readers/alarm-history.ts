/** What an alarm did lately and what became of its actions; and putting one into a state for a drill. */

import type { AlarmHistoryItem } from '@aws-sdk/client-cloudwatch'
import type { Reading } from '../../domain/snapshot.ts'
import { loadCloudWatch } from '../clients.ts'
import { awsError, readingList } from '../failures.ts'
import type { Aws } from '../session.ts'

export interface StateChange {
  readonly kind: 'state'
  readonly at: Date
  readonly from: string
  readonly to: string
  readonly reason: string
}

export interface ActionOutcome {
  readonly kind: 'action'
  readonly at: Date
  /** True: the target took the message, which says nothing about PagerDuty. */
  readonly succeeded: boolean
  /** The ARN that was acted on; undefined when the item does not say. */
  readonly target: string | undefined
  /** What CloudWatch was told, as AWS words it. */
  readonly error: string | undefined
  /** The state that was announced, where the item still holds the message. */
  readonly announced: string | undefined
}

export type HistoryEntry = StateChange | ActionOutcome

/** State changes and actions since a moment, oldest first. CloudWatch keeps two weeks. */
export function readAlarmHistory(aws: Aws, alarm: string, since: Date): Promise<Reading<readonly HistoryEntry[]>> {
  return readingList(async () => {
    const { CloudWatchClient, paginateDescribeAlarmHistory } = await loadCloudWatch()
    const client = aws.client(CloudWatchClient)
    const input = {
      AlarmName: alarm,
      // Without it the answer leaves out composite alarms (DescribeAlarmHistory API reference).
      AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const],
      StartDate: since,
      ScanBy: 'TimestampDescending' as const,
    }
    const items: AlarmHistoryItem[] = []
    for await (const page of paginateDescribeAlarmHistory({ client }, input))
      items.push(...(page.AlarmHistoryItems ?? []))
    return items
      .toReversed()
      .map(entryOf)
      .filter((entry) => entry !== undefined)
  })
}

/** Runs the actions of the new state when it is a change; a metric alarm falls back by itself at its next evaluation. Throws `AppError`. */
export async function setAlarmState(aws: Aws, alarm: string, state: 'OK' | 'ALARM', reason: string): Promise<void> {
  const { CloudWatchClient, SetAlarmStateCommand } = await loadCloudWatch()
  const command = new SetAlarmStateCommand({ AlarmName: alarm, StateValue: state, StateReason: reason })
  try {
    await aws.client(CloudWatchClient).send(command)
  } catch (error) {
    throw awsError(error)
  }
}

/** Both texts of an item may be cut off, so nothing here relies on whole JSON (DescribeAlarmHistory API reference). */
function entryOf(item: AlarmHistoryItem): HistoryEntry | undefined {
  const { HistoryItemType, HistorySummary = '', HistoryData = '', Timestamp: at } = item
  if (at === undefined) return undefined
  if (HistoryItemType === 'StateUpdate') {
    const [, from = '', to = ''] = /from (\w+) to (\w+)/.exec(HistorySummary) ?? []
    return to === '' ? undefined : { kind: 'state', at, from, to, reason: reasonIn(HistoryData) }
  }
  if (HistoryItemType !== 'Action') return undefined
  return {
    kind: 'action',
    at,
    succeeded: HistorySummary.startsWith('Successfully'),
    target: /action (arn:\S+?)(?=[.,]?(\s|$))/.exec(HistorySummary)?.[1],
    error:
      /Received error: "?(.*?)"?$/s.exec(HistorySummary)?.[1] ?? /"error":"((?:[^"\\]|\\.)*)/.exec(HistoryData)?.[1],
    announced: /NewStateValue\\*"\s*:\s*\\*"([A-Z_]+)/.exec(HistoryData)?.[1],
  }
}

function reasonIn(data: string): string {
  const after = data.slice(Math.max(0, data.indexOf('"newState"')))
  return /"stateReason"\s*:\s*"((?:[^"\\]|\\.)*)/.exec(after)?.[1] ?? ''
}
