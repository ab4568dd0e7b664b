/** Log groups: exact look-up by name, creation with its retention, and whether one holds events. */

import type { LogGroup } from '@aws-sdk/client-cloudwatch-logs'
import type { LogGroupSnapshot, Reading } from '../../domain/snapshot.ts'
import { loadCloudWatchLogs } from '../clients.ts'
import { errorName, failureKind, reading } from '../failures.ts'
import { changeRetryPolicy, retry } from '../pacing.ts'
import type { Aws } from '../session.ts'
import type { LinkHandler } from './handler.ts'

/** The group of exactly this name: the API only finds by prefix, and pages. */
export function readLogGroup(aws: Aws, name: string): Promise<Reading<LogGroupSnapshot | undefined>> {
  return reading(async () => {
    const { CloudWatchLogsClient, paginateDescribeLogGroups } = await loadCloudWatchLogs()
    const client = aws.client(CloudWatchLogsClient)
    for await (const page of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: name })) {
      const found = (page.logGroups ?? []).find(({ logGroupName }) => logGroupName === name)
      if (found !== undefined) return snapshotOf(found)
    }
    return undefined
  })
}

/** A stream is there from the first event on; the stored size lags behind by hours. */
export async function logGroupHoldsEvents(aws: Aws, name: string): Promise<boolean> {
  const { CloudWatchLogsClient, DescribeLogStreamsCommand } = await loadCloudWatchLogs()
  const input = { logGroupName: name, limit: 1 }
  const { logStreams } = await aws.client(CloudWatchLogsClient).send(new DescribeLogStreamsCommand(input))
  return (logStreams ?? []).length > 0
}

export const logGroupHandler: LinkHandler<'log-group'> = {
  async write({ name, spec }, action, { aws, clock, created }) {
    const { CloudWatchLogsClient, CreateLogGroupCommand, PutRetentionPolicyCommand } = await loadCloudWatchLogs()
    const client = aws.client(CloudWatchLogsClient)
    if (action === 'create') {
      try {
        const input = { logGroupName: name, tags: { ...spec.tags } }
        await retry(clock, changeRetryPolicy, () => client.send(new CreateLogGroupCommand(input)))
        created?.()
      } catch (error) {
        if (errorName(error) !== 'ResourceAlreadyExistsException') throw error
      }
    }
    if (spec.retentionDays !== undefined) {
      const input = { logGroupName: name, retentionInDays: spec.retentionDays }
      await retry(clock, changeRetryPolicy, () => client.send(new PutRetentionPolicyCommand(input)))
    }
  },
  async remove({ name }, { aws, clock }) {
    const { CloudWatchLogsClient, DeleteLogGroupCommand } = await loadCloudWatchLogs()
    try {
      await retry(clock, changeRetryPolicy, () =>
        aws.client(CloudWatchLogsClient).send(new DeleteLogGroupCommand({ logGroupName: name })),
      )
    } catch (error) {
      if (failureKind(error) !== 'absent') throw error
    }
  },
  actions: {
    read: ['logs:DescribeLogGroups'],
    write: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:TagResource'],
    remove: ['logs:DescribeLogStreams', 'logs:DeleteLogGroup'],
  },
}

function snapshotOf(group: LogGroup): LogGroupSnapshot {
  return {
    name: group.logGroupName ?? '',
    arn: (group.logGroupArn ?? group.arn ?? '').replace(/:\*$/, ''),
    retentionDays: group.retentionInDays,
    kmsKeyId: group.kmsKeyId,
    class: group.logGroupClass ?? 'STANDARD',
    metricFilterCount: group.metricFilterCount,
    storedBytes: group.storedBytes,
    dataProtection: group.dataProtectionStatus,
    inheritedProperties: group.inheritedProperties ?? [],
  }
}
