/** What CloudWatch remembers of alarms and topics: actions, silences and deliveries. A handful of calls, however many alarms there are. */

import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import type { DeliveryCounts, HistoryItem, MuteRule } from '../../domain/diagnostics.ts'
import { parseArn } from '../../domain/names.ts'
import type { Reading } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import { loadCloudWatch } from '../clients.ts'
import { reading, readingList } from '../failures.ts'

import type { Aws } from '../session.ts'

/** What the evidence beside the chain takes to read, keys and transformers included. Each may be denied: then it is not checked. */
export const EVIDENCE_ACTIONS: readonly IamAction[] = [
  'cloudwatch:DescribeAlarmHistory',
  'cloudwatch:ListAlarmMuteRules',
  'cloudwatch:GetAlarmMuteRule',
  'cloudwatch:GetMetricData',
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'logs:DescribeAccountPolicies',
  'logs:GetTransformer',
]

/** CloudWatch keeps alarm history for two weeks. */
const HISTORY_MS = 14 * 86_400_000

/** The longest page that DescribeAlarmHistory gives (API reference). */
const HISTORY_PAGE = 100

/** Enough for the last action of thousands of alarms, and an end where a few flap all day. */
const HISTORY_PAGES = 30

/** The actions of all alarms of the region in the last two weeks, by alarm, the newest first. */
export async function readAlarmActions(
  aws: Aws,
  now: Date,
): Promise<Reading<ReadonlyMap<string, readonly HistoryItem[]>>> {
  const { CloudWatchClient, paginateDescribeAlarmHistory } = await loadCloudWatch()
  const listed = await readingList(async () => {
    const client = aws.client(CloudWatchClient)
    const items: { alarm: string; item: HistoryItem }[] = []
    const input = {
      HistoryItemType: 'Action' as const,
      StartDate: new Date(now.getTime() - HISTORY_MS),
      EndDate: now,
      ScanBy: 'TimestampDescending' as const,
      MaxRecords: HISTORY_PAGE,
    }
    let pages = 0
    for await (const page of paginateDescribeAlarmHistory({ client }, input)) {
      for (const {
        AlarmName = '',
        Timestamp,
        HistoryItemType = '',
        HistorySummary = '',
        HistoryData,
      } of page.AlarmHistoryItems ?? []) {
        items.push({
          alarm: AlarmName,
          item: { at: Timestamp ?? now, type: HistoryItemType, summary: HistorySummary, data: HistoryData },
        })
      }
      pages += 1
      if (pages === HISTORY_PAGES) break
    }
    return items
  })
  if (listed.state === 'unreadable') return listed
  const byAlarm = new Map<string, HistoryItem[]>()
  for (const { alarm, item } of listed.value) {
    const items = byAlarm.get(alarm)
    if (items === undefined) byAlarm.set(alarm, [item])
    else items.push(item)
  }
  return { state: 'read', value: byAlarm }
}

/** The rules that silence alarms at this moment. */
export function readMuteRules(aws: Aws): Promise<Reading<readonly MuteRule[]>> {
  return readingList(async () => {
    const { CloudWatchClient, GetAlarmMuteRuleCommand, paginateListAlarmMuteRules } = await loadCloudWatch()
    const client = aws.client(CloudWatchClient)
    const rules: MuteRule[] = []
    for await (const page of paginateListAlarmMuteRules({ client }, { Statuses: ['ACTIVE'] })) {
      for (const { AlarmMuteRuleArn: arn = '', ExpireDate } of page.AlarmMuteRuleSummaries ?? []) {
        const name = arn.slice(arn.lastIndexOf(':') + 1)
        // The list names no alarms (ListAlarmMuteRules API reference); active rules are few.
        const { MuteTargets } = await client.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: name }))
        rules.push({ name, alarms: MuteTargets?.AlarmNames ?? [], until: ExpireDate })
      }
    }
    return rules
  })
}

const DELIVERY_HOURS = 24
const METRICS = {
  published: 'NumberOfMessagesPublished',
  delivered: 'NumberOfNotificationsDelivered',
  failed: 'NumberOfNotificationsFailed',
} as const
/** Queries in a call of GetMetricData (API reference). */
const QUERIES_A_CALL = 500

/** What SNS counted for each topic in the last day, by ARN. */
export async function readDeliveries(
  aws: Aws,
  topics: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, Reading<DeliveryCounts>>> {
  const { CloudWatchClient, paginateGetMetricData } = await loadCloudWatch()
  const queries = topics.flatMap(queriesOf)
  const sums = new Map<string, number>()
  const failure = await reading(async () => {
    const client = aws.client(CloudWatchClient)
    for (let from = 0; from < queries.length; from += QUERIES_A_CALL) {
      const input = {
        MetricDataQueries: queries.slice(from, from + QUERIES_A_CALL),
        StartTime: new Date(now.getTime() - DELIVERY_HOURS * 3_600_000),
        EndTime: now,
      }
      for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, input)) {
        // The values of one query may come on several pages (GetMetricData API reference).
        for (const { Id = '', Values = [] } of MetricDataResults) {
          if (Values.length > 0)
            sums.set(
              Id,
              Values.reduce((total, value) => total + value, sums.get(Id) ?? 0),
            )
        }
      }
    }
  })
  return new Map(
    topics.map((topic, index): [string, Reading<DeliveryCounts>] => {
      if (failure.state === 'unreadable') return [topic, failure]
      const of = (kind: keyof typeof METRICS) => sums.get(`${kind}${index}`)
      const counts = {
        hours: DELIVERY_HOURS,
        published: of('published'),
        delivered: of('delivered'),
        failed: of('failed'),
      }
      return [topic, { state: 'read', value: counts }]
    }),
  )
}

function queriesOf(topic: string, index: number): readonly MetricDataQuery[] {
  const name = parseArn(topic)?.resource ?? topic
  return Object.entries(METRICS).map(([kind, metric]) => ({
    Id: `${kind}${index}`,
    MetricStat: {
      Metric: { Namespace: 'AWS/SNS', MetricName: metric, Dimensions: [{ Name: 'TopicName', Value: name }] },
      Period: 3600,
      Stat: 'Sum',
    },
  }))
}
