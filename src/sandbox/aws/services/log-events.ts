/** Amazon CloudWatch Logs: streams and events. */
import type {
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  FilterLogEventsRequest,
  FilterLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs'
import { type OperationContext, type Operations, optional, page } from '../context.ts'
import type { LogEventState } from '../state.ts'
import { groupOf } from './log-groups.ts'
import { checkPattern } from './metric-filters.ts'

export const logEventOperations: Operations = {
  DescribeLogStreams: describeLogStreams,
  FilterLogEvents: filterLogEvents,
}

function describeLogStreams(input: DescribeLogStreamsRequest, context: OperationContext): DescribeLogStreamsResponse {
  const group = groupOf(context, input.logGroupName ?? input.logGroupIdentifier)
  const names = [...new Set(group.events.map((event) => event.stream))]
  const streams = names
    .filter((name) => name.startsWith(input.logStreamNamePrefix ?? ''))
    .map((logStreamName) => {
      const times = group.events.filter((event) => event.stream === logStreamName).map((event) => event.at)
      const [first = 0] = times
      const last = times.at(-1) ?? 0
      const known = { creationTime: first, firstEventTimestamp: first }
      return { logStreamName, ...known, lastEventTimestamp: last, lastIngestionTime: last }
    })
  const { items, next } = page(context.longestPage, streams, input.nextToken, input.limit)
  return { logStreams: items, ...optional('nextToken', next) }
}

/** The first page is always empty: AWS may answer so while there is more, and callers must go on. */
function filterLogEvents(input: FilterLogEventsRequest, context: OperationContext): FilterLogEventsResponse {
  const group = groupOf(context, input.logGroupName ?? input.logGroupIdentifier)
  const pattern = input.filterPattern ?? ''
  checkPattern(context, pattern)
  const found = group.events
    .filter((event) => event.at >= (input.startTime ?? 0) && event.at < (input.endTime ?? Number.POSITIVE_INFINITY))
    .filter((event) => event.stream.startsWith(input.logStreamNamePrefix ?? ''))
    .filter((event) => input.logStreamNames === undefined || input.logStreamNames.includes(event.stream))
    .filter((event) => context.patterns.matches(pattern, event.message))
  const sorted = input.startFromHead === false ? found.toReversed() : found
  if (input.nextToken === undefined) {
    return { events: [], searchedLogStreams: [], ...optional('nextToken', sorted.length > 0 ? START : undefined) }
  }
  const { items, next } = page(
    context.longestPage,
    sorted,
    input.nextToken === START ? undefined : input.nextToken,
    input.limit,
  )
  return { events: items.map(shownEvent), searchedLogStreams: [], ...optional('nextToken', next) }
}

const START = 'start'

function shownEvent({ id, stream, at, message }: LogEventState) {
  return { eventId: id, logStreamName: stream, timestamp: at, ingestionTime: at, message }
}
