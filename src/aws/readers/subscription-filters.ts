/** Subscription filters: the streams, functions and SIEM feeds that live on a log group's events. */

import type { Reading } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import { loadCloudWatchLogs } from '../clients.ts'
import { readingList } from '../failures.ts'
import type { Aws } from '../session.ts'

export const SUBSCRIPTION_FILTER_ACTIONS: readonly IamAction[] = ['logs:DescribeSubscriptionFilters']

/** The names of the log group's subscription filters: two at most, so one page (CloudWatch Logs quotas). */
export function readSubscriptionFilters(aws: Aws, logGroup: string): Promise<Reading<readonly string[]>> {
  return readingList(async () => {
    const { CloudWatchLogsClient, DescribeSubscriptionFiltersCommand } = await loadCloudWatchLogs()
    const { subscriptionFilters = [] } = await aws
      .client(CloudWatchLogsClient)
      .send(new DescribeSubscriptionFiltersCommand({ logGroupName: logGroup }))
    return subscriptionFilters.map(({ filterName = '' }) => filterName)
  })
}
