/** Metric filters: an upsert by group and name, one after another. */

import type { MetricFilter, StandardUnit } from '@aws-sdk/client-cloudwatch-logs'
import type { MetricFilterSnapshot, Reading } from '../../domain/snapshot.ts'
import { loadCloudWatchLogs } from '../clients.ts'
import { failureKind, readingList } from '../failures.ts'
import { changeRetryPolicy, retry } from '../pacing.ts'
import type { Aws } from '../session.ts'
import type { LinkHandler } from './handler.ts'

/** All filters of the region, or those of one log group. */
export function readMetricFilters(
  aws: Aws,
  scope: { readonly logGroup?: string } = {},
): Promise<Reading<readonly MetricFilterSnapshot[]>> {
  return readingList(async () => {
    const { CloudWatchLogsClient, paginateDescribeMetricFilters } = await loadCloudWatchLogs()
    const client = aws.client(CloudWatchLogsClient)
    const input = scope.logGroup === undefined ? {} : { logGroupName: scope.logGroup }
    const filters: MetricFilterSnapshot[] = []
    for await (const page of paginateDescribeMetricFilters({ client }, input)) {
      filters.push(...(page.metricFilters ?? []).map(snapshotOf))
    }
    return filters
  })
}

export const metricFilterHandler: LinkHandler<'metric-filter'> = {
  async write({ name, spec }, _action, { aws, clock }) {
    const { CloudWatchLogsClient, PutMetricFilterCommand } = await loadCloudWatchLogs()
    const { namespace, name: metricName, value, unit, defaultValue } = spec.metric
    const command = new PutMetricFilterCommand({
      logGroupName: spec.logGroup,
      filterName: name,
      filterPattern: spec.pattern,
      metricTransformations: [
        {
          metricNamespace: namespace,
          metricName,
          metricValue: value,
          ...(unit === undefined ? {} : { unit: unit as StandardUnit }),
          ...(defaultValue === undefined ? {} : { defaultValue }),
        },
      ],
    })
    await retry(clock, changeRetryPolicy, () => aws.client(CloudWatchLogsClient).send(command))
  },
  async remove({ name, spec }, { aws, clock }) {
    const { CloudWatchLogsClient, DeleteMetricFilterCommand } = await loadCloudWatchLogs()
    const command = new DeleteMetricFilterCommand({ logGroupName: spec.logGroup, filterName: name })
    try {
      await retry(clock, changeRetryPolicy, () => aws.client(CloudWatchLogsClient).send(command))
    } catch (error) {
      if (failureKind(error) !== 'absent') throw error
    }
  },
  actions: {
    read: ['logs:DescribeMetricFilters'],
    write: ['logs:PutMetricFilter'],
    remove: ['logs:DeleteMetricFilter'],
  },
}

function snapshotOf(filter: MetricFilter): MetricFilterSnapshot {
  return {
    logGroup: filter.logGroupName ?? '',
    name: filter.filterName ?? '',
    pattern: filter.filterPattern ?? '',
    transformations: (filter.metricTransformations ?? []).map((transformation) => ({
      namespace: transformation.metricNamespace ?? '',
      name: transformation.metricName ?? '',
      value: transformation.metricValue ?? '',
      unit: transformation.unit,
      defaultValue: transformation.defaultValue,
      dimensions: transformation.dimensions ?? {},
    })),
    onTransformedLogs: filter.applyOnTransformedLogs ?? false,
    emittedSystemDimensions: filter.emitSystemFieldDimensions ?? [],
    ...(filter.fieldSelectionCriteria === undefined ? {} : { selectionCriteria: filter.fieldSelectionCriteria }),
  }
}
