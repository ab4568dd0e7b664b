/** Reading what was measured: sums of metrics, and SNS's own counters of topics. A call for hundreds of metrics. */

import { parseArn } from '../../domain/names.ts'
import type { Reading } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import { loadCloudWatch } from '../clients.ts'
import { readingList } from '../failures.ts'
import type { Aws } from '../session.ts'

export const METRIC_DATA_ACTIONS: readonly IamAction[] = ['cloudwatch:GetMetricData']

export interface MetricName {
  readonly namespace: string
  readonly name: string
  readonly dimensions?: Readonly<Record<string, string>>
}

export interface TimeRange {
  readonly since: Date
  readonly until: Date
  /** Seconds: 60, or 3600 for a range of days. */
  readonly period: number
}

/** Queries in a call of GetMetricData (API reference). */
const QUERIES_A_CALL = 500

/** What each metric adds up to in the range; undefined where nothing was measured, which is not zero. */
export function readSums(
  aws: Aws,
  metrics: readonly MetricName[],
  { since, until, period }: TimeRange,
): Promise<Reading<readonly (number | undefined)[]>> {
  return readingList(async () => {
    const { CloudWatchClient, paginateGetMetricData } = await loadCloudWatch()
    const client = aws.client(CloudWatchClient)
    const queries = metrics.map(({ namespace, name, dimensions = {} }, index) => {
      const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))
      const Metric = { Namespace: namespace, MetricName: name, Dimensions }
      return { Id: `m${index}`, MetricStat: { Metric, Period: period, Stat: 'Sum' } }
    })
    const sums = new Map<string, number>()
    for (let from = 0; from < queries.length; from += QUERIES_A_CALL) {
      const MetricDataQueries = queries.slice(from, from + QUERIES_A_CALL)
      const input = { MetricDataQueries, StartTime: since, EndTime: until }
      for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, input)) {
        // The values of one query may come on several pages (GetMetricData API reference).
        for (const { Id = '', Values = [] } of MetricDataResults) {
          for (const value of Values) sums.set(Id, (sums.get(Id) ?? 0) + value)
        }
      }
    }
    return queries.map(({ Id }) => sums.get(Id))
  })
}

/** When the metric was measured: the starts of the periods that have a value, oldest first. */
export function readTimes(
  aws: Aws,
  { namespace, name, dimensions = {} }: MetricName,
  { since, until, period }: TimeRange,
): Promise<Reading<readonly Date[]>> {
  return readingList(async () => {
    const { CloudWatchClient, paginateGetMetricData } = await loadCloudWatch()
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))
    const Metric = { Namespace: namespace, MetricName: name, Dimensions }
    const MetricDataQueries = [{ Id: 'm0', MetricStat: { Metric, Period: period, Stat: 'Sum' } }]
    const input = { MetricDataQueries, StartTime: since, EndTime: until }
    const times: Date[] = []
    for await (const { MetricDataResults = [] } of paginateGetMetricData(
      { client: aws.client(CloudWatchClient) },
      input,
    )) {
      times.push(...MetricDataResults.flatMap(({ Timestamps = [] }) => Timestamps))
    }
    return times.sort((a, b) => a.getTime() - b.getTime())
  })
}

const COUNTERS = {
  published: 'NumberOfMessagesPublished',
  delivered: 'NumberOfNotificationsDelivered',
  failed: 'NumberOfNotificationsFailed',
  filteredOut: 'NumberOfNotificationsFilteredOut',
} as const

/** Sums over the hours looked at; undefined where the topic published no such metric. The counters lag by minutes. */
export interface DeliveryCounts {
  readonly hours: number
  readonly published: number | undefined
  /** An answer of 4xx counts as delivered too (SNS user guide, HTTP endpoints). */
  readonly delivered: number | undefined
  /** Every failed attempt counts. */
  readonly failed: number | undefined
  readonly filteredOut: number | undefined
}

/** What SNS counted for each topic, by ARN. */
export async function readDeliveries(
  aws: Aws,
  topics: readonly string[],
  range: TimeRange,
): Promise<ReadonlyMap<string, Reading<DeliveryCounts>>> {
  const metrics = topics.flatMap((topic) => {
    const dimensions = { TopicName: parseArn(topic)?.resource ?? topic }
    return Object.values(COUNTERS).map((name) => ({ namespace: 'AWS/SNS', name, dimensions }))
  })
  const sums = await readSums(aws, metrics, range)
  const hours = Math.round((range.until.getTime() - range.since.getTime()) / 3_600_000)
  const kinds = Object.values(COUNTERS).length
  return new Map(
    topics.map((topic, index): [string, Reading<DeliveryCounts>] => {
      if (sums.state === 'unreadable') return [topic, sums]
      const [published, delivered, failed, filteredOut] = sums.value.slice(index * kinds)
      return [topic, { state: 'read', value: { hours, published, delivered, failed, filteredOut } }]
    }),
  )
}
