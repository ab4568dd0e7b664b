/** Reading what was measured: a metric's minutes, and SNS's own counters of a topic. */

import { parseArn } from '../../domain/names.ts'
import type { Reading } from '../../domain/snapshot.ts'
import { loadCloudWatch } from '../clients.ts'
import { readingList } from '../failures.ts'
import type { Aws } from '../session.ts'

export interface MetricName {
  readonly namespace: string
  readonly name: string
  readonly dimensions?: Readonly<Record<string, string>>
}

export interface MeasuredMinute {
  readonly at: Date
  readonly sum: number
}

export interface Deliveries {
  readonly published: number
  readonly delivered: number
  /** Every failed attempt counts. */
  readonly failed: number
  readonly filteredOut: number
}

/** The sums of all minutes from `since` to `until`, oldest first; minutes without data are left out. */
export function readMinutes(
  aws: Aws,
  metric: MetricName,
  since: Date,
  until: Date,
): Promise<Reading<readonly MeasuredMinute[]>> {
  return readingList(async () => {
    const { CloudWatchClient, GetMetricStatisticsCommand } = await loadCloudWatch()
    const { Datapoints = [] } = await aws.client(CloudWatchClient).send(
      new GetMetricStatisticsCommand({
        Namespace: metric.namespace,
        MetricName: metric.name,
        Dimensions: Object.entries(metric.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
        StartTime: since,
        EndTime: until,
        Period: 60,
        Statistics: ['Sum'],
      }),
    )
    const minutes = Datapoints.map(({ Timestamp, Sum }) => ({ at: Timestamp ?? since, sum: Sum ?? 0 }))
    return minutes.toSorted((a, b) => a.at.getTime() - b.at.getTime())
  })
}

const COUNTERS = {
  published: 'NumberOfMessagesPublished',
  delivered: 'NumberOfNotificationsDelivered',
  failed: 'NumberOfNotificationsFailed',
  filteredOut: 'NumberOfNotificationsFilteredOut',
} as const

/** What SNS counted for a topic. The counters lag by minutes, and what is absent is not zero. */
export async function readDeliveries(
  aws: Aws,
  topicArn: string,
  since: Date,
  until: Date,
): Promise<Reading<Deliveries>> {
  const dimensions = { TopicName: parseArn(topicArn)?.resource ?? topicArn }
  const sum = async (name: string) => {
    const minutes = await readMinutes(aws, { namespace: 'AWS/SNS', name, dimensions }, since, until)
    if (minutes.state === 'unreadable') return minutes
    return { state: 'read' as const, value: minutes.value.reduce((total, minute) => total + minute.sum, 0) }
  }
  const [published, delivered, failed, filteredOut] = await Promise.all([
    sum(COUNTERS.published),
    sum(COUNTERS.delivered),
    sum(COUNTERS.failed),
    sum(COUNTERS.filteredOut),
  ])
  for (const one of [published, delivered, failed, filteredOut]) if (one.state === 'unreadable') return one
  const value = (one: typeof published) => (one.state === 'read' ? one.value : 0)
  return {
    state: 'read',
    value: {
      published: value(published),
      delivered: value(delivered),
      failed: value(failed),
      filteredOut: value(filteredOut),
    },
  }
}
