/** Searching a log group for the events that a filter pattern matches. */

import type { Reading } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import type { Clock } from '../../ports.ts'
import { loadCloudWatchLogs } from '../clients.ts'
import { reading } from '../failures.ts'
import { createLogSearchPacer } from '../pacing.ts'
import type { Aws } from '../session.ts'

export const LOG_EVENTS_ACTIONS: readonly IamAction[] = ['logs:FilterLogEvents']

export interface LoggedEvent {
  readonly id: string
  /** The log timestamp: about when CloudTrail delivered it, not when it happened. */
  readonly at: Date
  readonly message: string
}

export interface LogSearch {
  readonly logGroup: string
  readonly pattern: string
  /** Log timestamps; from `since` up to now. */
  readonly since: Date
  /** Stops when so many were found. */
  readonly most: number
}

export interface FoundEvents {
  readonly events: readonly LoggedEvent[]
  /** False: there was more than `most`, or than this program reads. */
  readonly complete: boolean
}

/** Empty pages are normal, so the number of pages bounds a search over a busy group: about a minute. */
const PAGES = 240

/** Every page, in the order of AWS. A log group that does not exist holds nothing. Rejects when the signal aborts. */
export async function findLogEvents(
  aws: Aws,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  search: LogSearch,
): Promise<Reading<FoundEvents>> {
  const { CloudWatchLogsClient, FilterLogEventsCommand } = await loadCloudWatchLogs()
  const answer = await reading(async () => {
    const client = aws.client(CloudWatchLogsClient)
    const paced = createLogSearchPacer(clock)
    const events: LoggedEvent[] = []
    let nextToken: string | undefined
    for (let page = 0; page < PAGES; page += 1) {
      signal.throwIfAborted()
      const input = { logGroupName: search.logGroup, filterPattern: search.pattern, startTime: search.since.getTime() }
      const next = nextToken === undefined ? {} : { nextToken }
      const found = await paced(() => client.send(new FilterLogEventsCommand({ ...input, ...next })))
      for (const { eventId = '', timestamp = 0, message = '' } of found.events ?? []) {
        events.push({ id: eventId, at: new Date(timestamp), message })
      }
      nextToken = found.nextToken
      if (nextToken === undefined) return { events, complete: true }
      if (events.length >= search.most) break
    }
    return { events: events.slice(0, search.most), complete: false }
  })
  return answer.state === 'read' ? { state: 'read', value: answer.value ?? { events: [], complete: true } } : answer
}
