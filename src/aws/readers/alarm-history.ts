/** What alarms did lately and what became of their actions; and putting one into a state for a drill. */

import type { AlarmHistoryItem, DescribeAlarmHistoryCommandInput } from '@aws-sdk/client-cloudwatch'
import type { Reading } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import { loadCloudWatch } from '../clients.ts'
import { awsError, readingList } from '../failures.ts'
import type { Aws } from '../session.ts'

export const ALARM_HISTORY_ACTIONS: readonly IamAction[] = ['cloudwatch:DescribeAlarmHistory']
export const ALARM_STATE_ACTIONS: readonly IamAction[] = ['cloudwatch:SetAlarmState']

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
  /** True: the target took the message, which says nothing about PagerDuty. Undefined: in words that are not known here. */
  readonly succeeded: boolean | undefined
  /** The ARN that was acted on; undefined when the item does not say. */
  readonly target: string | undefined
  /** What CloudWatch was told, as AWS words it. */
  readonly error: string | undefined
  /** The state that was announced, where the item still holds the message. */
  readonly announced: string | undefined
  /** One sentence, as AWS words it. */
  readonly summary: string
}

export type HistoryEntry = StateChange | ActionOutcome

/** CloudWatch keeps alarm history for two weeks (CloudWatch user guide, alarms; milliseconds). */
export const HISTORY_MS = 14 * 86_400_000

/** The longest page that DescribeAlarmHistory gives (API reference). */
const HISTORY_PAGE = 100

/** Enough for the last action of thousands of alarms, and an end where a few flap all day. */
const HISTORY_PAGES = 30

/** State changes and actions of one alarm since a moment, oldest first. */
export function readAlarmHistory(aws: Aws, alarm: string, since: Date): Promise<Reading<readonly HistoryEntry[]>> {
  return readingList(async () => {
    const items = await itemsOf(aws, { AlarmName: alarm, StartDate: since }, Number.POSITIVE_INFINITY)
    return items
      .toReversed()
      .map(entryOf)
      .filter((entry) => entry !== undefined)
  })
}

/** The actions of all alarms of the region in the last two weeks, by alarm, the newest first. */
export async function readAlarmActions(
  aws: Aws,
  now: Date,
): Promise<Reading<ReadonlyMap<string, readonly ActionOutcome[]>>> {
  const since = { HistoryItemType: 'Action' as const, StartDate: new Date(now.getTime() - HISTORY_MS), EndDate: now }
  const listed = await readingList(() => itemsOf(aws, since, HISTORY_PAGES))
  if (listed.state === 'unreadable') return listed
  const byAlarm = new Map<string, ActionOutcome[]>()
  for (const item of listed.value) {
    const entry = entryOf(item)
    if (entry?.kind !== 'action') continue
    const known = byAlarm.get(item.AlarmName ?? '')
    if (known === undefined) byAlarm.set(item.AlarmName ?? '', [entry])
    else known.push(entry)
  }
  return { state: 'read', value: byAlarm }
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

/** The newest first. */
async function itemsOf(
  aws: Aws,
  of: DescribeAlarmHistoryCommandInput,
  mostPages: number,
): Promise<readonly AlarmHistoryItem[]> {
  const { CloudWatchClient, paginateDescribeAlarmHistory } = await loadCloudWatch()
  const input: DescribeAlarmHistoryCommandInput = {
    ...of,
    // Without it the answer leaves out composite alarms (DescribeAlarmHistory API reference).
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    ScanBy: 'TimestampDescending',
    MaxRecords: HISTORY_PAGE,
  }
  const items: AlarmHistoryItem[] = []
  let read = 0
  for await (const page of paginateDescribeAlarmHistory({ client: aws.client(CloudWatchClient) }, input)) {
    items.push(...(page.AlarmHistoryItems ?? []))
    read += 1
    if (read === mostPages) break
  }
  return items
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
    succeeded: HistorySummary.startsWith('Successfully') || (/^failed/i.test(HistorySummary) ? false : undefined),
    target: /action (arn:\S+?)(?=[.,]?(\s|$))/.exec(HistorySummary)?.[1],
    error:
      /Received error: "?(.*?)"?$/s.exec(HistorySummary)?.[1] ?? /"error":"((?:[^"\\]|\\.)*)/.exec(HistoryData)?.[1],
    announced: /NewStateValue\\*"\s*:\s*\\*"([A-Z_]+)/.exec(HistoryData)?.[1],
    summary: HistorySummary,
  }
}

function reasonIn(data: string): string {
  const after = data.slice(Math.max(0, data.indexOf('"newState"')))
  return /"stateReason"\s*:\s*"((?:[^"\\]|\\.)*)/.exec(after)?.[1] ?? ''
}
