/** What CloudWatch Logs does with an event that arrives: it keeps it and lets the metric filters count. */
import type { OperationContext } from './context.ts'
import { addValue, metricOf, minuteOf, type Series } from './metrics.ts'
import type { FilterState, LogEventState, LogGroupState } from './state.ts'

const KEPT_EVENTS = 5_000

/** Keeps the event and updates the metrics of every filter that the group has now: filters are not retroactive. */
export function ingest(context: OperationContext, group: LogGroupState, event: LogEventState): void {
  group.events.push(event)
  group.events = group.events.slice(-KEPT_EVENTS)
  addValue(context.state, incomingEvents(group), event.at, 1, 'Count')
  for (const filter of Object.values(group.filters)) count(context, group, filter, event)
}

/** The metric that every log group has by itself (CloudWatch Logs user guide, CloudWatch metrics). */
function incomingEvents({ region, name }: LogGroupState): Series {
  return {
    region,
    namespace: 'AWS/Logs',
    name: 'IncomingLogEvents',
    dimensions: [{ name: 'LogGroupName', value: name }],
  }
}

function count(context: OperationContext, group: LogGroupState, filter: FilterState, event: LogEventState): void {
  const series: Series = {
    region: group.region,
    namespace: filter.namespace,
    name: filter.metricName,
    dimensions: dimensionsOf(filter, event.message),
  }
  const unit = filter.unit ?? 'None'
  if (context.patterns.matches(filter.pattern, event.message)) {
    const value = pointValue(filter.value, event.message)
    if (value !== undefined) addValue(context.state, series, event.at, value, unit)
    return
  }
  // The default is written for a minute in which something arrived and nothing matched.
  const hasMinute = metricOf(context.state, series)?.minutes[String(minuteOf(event.at))] !== undefined
  if (filter.defaultValue !== null && !hasMinute) {
    addValue(context.state, series, event.at, filter.defaultValue, unit)
  }
}

/** `1`, or the number that a selector such as `$.additionalEventData.bytes` finds in the message. */
function pointValue(value: string, message: string): number | undefined {
  const found = value.startsWith('$') ? fieldOf(value, message) : value
  const number = Number(found)
  return found === undefined || found === '' || Number.isNaN(number) ? undefined : number
}

function dimensionsOf(filter: FilterState, message: string) {
  const chosen = Object.entries(filter.dimensions ?? {}).map(([name, selector]) => ({
    name,
    value: String(fieldOf(selector, message) ?? ''),
  }))
  const system = (filter.systemFields ?? []).map((name) => ({
    name,
    value: String(fieldOf(name === '@aws.account' ? '$.recipientAccountId' : '$.awsRegion', message) ?? ''),
  }))
  return [...chosen, ...system]
}

function fieldOf(selector: string, message: string): string | number | boolean | undefined {
  try {
    const path = selector.replace(/^\$\.?/, '').split('.')
    const found = path.reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : value),
      JSON.parse(message),
    )
    return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? found : undefined
  } catch {
    return undefined
  }
}
