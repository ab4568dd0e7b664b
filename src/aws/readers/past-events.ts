/** Past events page by page, for whoever reads more of them than fit into memory. Rejects with `AppError`. */

import type { Clock } from '../../ports.ts'
import { loadCloudTrail, loadCloudWatchLogs } from '../clients.ts'
import { awsError } from '../failures.ts'
import { createLogSearchPacer, createLookupPacer } from '../pacing.ts'
import type { Aws } from '../session.ts'
import type { LoggedEvent } from './log-events.ts'

export interface PastEvents {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** `from` is part of the span, `to` is not; milliseconds since the epoch. */
  readonly from: number
  readonly to: number
}

/** What a log group can tell of the past. */
export interface LogGroupReach {
  /** When it was made; milliseconds since the epoch. */
  readonly created: number | undefined
  /** Days; undefined: for ever. */
  readonly retention: number | undefined
}

/** Undefined: there is no log group of this name. */
export async function logGroupReach(aws: Aws, name: string): Promise<LogGroupReach | undefined> {
  const { CloudWatchLogsClient, paginateDescribeLogGroups } = await loadCloudWatchLogs()
  const client = aws.client(CloudWatchLogsClient)
  try {
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: name })) {
      const found = logGroups.find(({ logGroupName }) => logGroupName === name)
      if (found !== undefined) return { created: found.creationTime, retention: found.retentionInDays }
    }
    return undefined
  } catch (error) {
    throw awsError(error)
  }
}

/** The events of a log group that a pattern matches, as AWS reads it. Empty pages are normal and are given too. */
export async function* logEventPages(
  aws: Aws,
  search: { readonly logGroup: string; readonly pattern: string },
  { clock, signal, from, to }: PastEvents,
): AsyncGenerator<readonly LoggedEvent[]> {
  const { CloudWatchLogsClient, FilterLogEventsCommand } = await loadCloudWatchLogs()
  const client = aws.client(CloudWatchLogsClient)
  const paced = createLogSearchPacer(clock)
  const input = { logGroupName: search.logGroup, filterPattern: search.pattern, startTime: from, endTime: to - 1 }
  let nextToken: string | undefined
  do {
    signal.throwIfAborted()
    const next = nextToken === undefined ? {} : { nextToken }
    const page = await called(() => paced(() => client.send(new FilterLogEventsCommand({ ...input, ...next }))))
    yield (page.events ?? []).map(({ eventId = '', timestamp = 0, message = '' }) => ({
      id: eventId,
      at: new Date(timestamp),
      message,
    }))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
}

/** The records of the event history, the newest first; management events of the last 90 days in this region. */
export async function* historyPages(
  aws: Aws,
  { clock, signal, from, to }: PastEvents,
): AsyncGenerator<readonly string[]> {
  const { CloudTrailClient, LookupEventsCommand } = await loadCloudTrail()
  const client = aws.client(CloudTrailClient)
  const paced = createLookupPacer(clock)
  const input = { StartTime: new Date(from), EndTime: new Date(to), MaxResults: 50 }
  let nextToken: string | undefined
  do {
    signal.throwIfAborted()
    const next = nextToken === undefined ? {} : { NextToken: nextToken }
    const page = await called(() => paced(() => client.send(new LookupEventsCommand({ ...input, ...next }))))
    yield (page.Events ?? []).flatMap(({ CloudTrailEvent }) => (CloudTrailEvent === undefined ? [] : [CloudTrailEvent]))
    nextToken = page.NextToken
  } while (nextToken !== undefined)
}

async function called<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw awsError(error)
  }
}
