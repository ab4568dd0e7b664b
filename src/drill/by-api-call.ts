/** The drill over the whole chain: one harmless read call, followed from the audit log to the incident and back. */

import { callAs, DRILL_CALL } from '../aws/readers/drill-call.ts'
import { findLogEvents } from '../aws/readers/log-events.ts'
import { readSums } from '../aws/readers/metric-data.ts'
import { readTrails } from '../aws/resources/trail.ts'
import { drillAgent, drillPattern } from '../detections/drill.ts'
import { type MetricFilterSnapshot, valueIfRead } from '../domain/snapshot.ts'
import { compile } from '../patterns/match/match.ts'
import { parsePattern } from '../patterns/parse/parse.ts'
import type { DrillHop, HopReading } from './hop.ts'
import { feeds, type Source } from './target.ts'
import {
  alarmHop,
  type Drill,
  incidentHops,
  minutesSince,
  okHop,
  readAlarmNow,
  secondsUntilOk,
  subscriptionHop,
  topicHop,
} from './timeline.ts'

/** CloudTrail delivers within about five minutes on average and promises nothing (CloudTrail user guide, delivery to CloudWatch Logs). */
const DELIVERY_S = 900

/** Metrics of a filter show within a minute or two. */
const METRIC_S = 300

/** An alarm is evaluated once a minute, over periods of five. */
const ALARM_S = 420

/** Log timestamps may be earlier than this machine's clock by so much (milliseconds). */
const SKEW_MS = 120_000

export interface CallDrill extends Drill {
  readonly source: Source
  /** `--name` of the chain. */
  readonly chain: string
}

export function apiCallHops(drill: CallDrill): readonly DrillHop[] {
  const { alarm } = drill.target
  const { logged, metric } = eventHops(drill)
  const untilOk = secondsUntilOk(alarm) + ALARM_S
  const { opened, resolved } = incidentHops(drill, untilOk)
  return [
    callHop(drill),
    logged,
    metric,
    alarmHop(drill, ALARM_S, () => alarmSilence(drill)),
    topicHop(drill),
    subscriptionHop(drill),
    opened,
    okHop(drill, untilOk, async () => undefined),
    resolved,
  ]
}

/** Says what the alarm asks for; whether that is the cause is for the reader. */
async function alarmSilence({ target }: CallDrill): ReturnType<DrillHop['silence']> {
  const now = await readAlarmNow(target)
  if (now === undefined) return { status: 'unknown', detail: 'the state of the alarm cannot be read' }
  const { name, state, statistic, comparisonOperator, threshold } = now
  if (state === 'ALARM')
    return { status: 'unknown', detail: `${name} is in ALARM, and its history does not show the change` }
  const condition = [statistic, comparisonOperator, threshold].filter((part) => part !== undefined).join(' ')
  return { status: 'failed', detail: `${name} did not go into ALARM; it needs ${condition || 'an expression'}` }
}

/** The words that the call adds to its user agent. */
export function agentOf({ id, chain }: Pick<CallDrill, 'id' | 'chain'>): string {
  return drillAgent(id, chain)
}

function callHop(drill: CallDrill): DrillHop {
  return {
    name: 'event',
    deadline: 0,
    passable: false,
    async read() {
      await callAs(drill.target.aws, agentOf(drill))
      return { seen: 'yes', detail: `${DRILL_CALL}, user agent ${agentOf(drill).split(' ')[0]}` }
    },
    silence: async () => ({ status: 'failed', detail: 'the call was not made' }),
  }
}

/** The event in the log group, and then what the filter made of that very event. */
function eventHops(drill: CallDrill): { readonly logged: DrillHop; readonly metric: DrillHop } {
  const { source, target, clock, signal, began } = drill
  const { logGroup } = source
  let message: string | undefined
  const logged: DrillHop = {
    name: 'log-group',
    deadline: DELIVERY_S,
    passable: false,
    async read() {
      if (logGroup === undefined)
        return { seen: 'never', detail: `no metric filter publishes what ${target.alarm.name} watches` }
      const fault = trailFault(source)
      if (fault !== undefined) return { seen: 'never', detail: fault }
      const search = { logGroup, pattern: drillPattern(drill.id), since: new Date(began.getTime() - SKEW_MS), most: 1 }
      const found = await findLogEvents(target.aws, { clock, signal }, search)
      if (found.state === 'unreadable')
        return { seen: 'unknowable', detail: `${logGroup} cannot be searched: ${found.why}` }
      message = found.value.events[0]?.message
      return message === undefined ? { seen: 'not-yet' } : { seen: 'yes', detail: `event seen in ${logGroup}` }
    },
    silence: async () => ({ status: 'failed', detail: await deliverySilence(drill) }),
  }
  const metric: DrillHop = {
    name: 'metric',
    deadline: METRIC_S,
    passable: true,
    read: () => metricLook(drill, message),
    silence: async () => ({ status: 'failed', detail: `no value of ${metricName(drill)} was measured` }),
  }
  return { logged, metric }
}

async function metricLook(drill: CallDrill, message: string | undefined): Promise<HopReading> {
  const { source, target } = drill
  const fault = filterFault(source.filters, drill, message)
  if (fault !== undefined) return { seen: 'never', detail: fault }
  const { metric } = target.alarm
  if (metric === undefined) return { seen: 'unknowable', detail: 'the alarm watches an expression' }
  const sums = await readSums(target.aws, [metric], minutesSince(drill))
  if (sums.state === 'unreadable') return { seen: 'unknowable', detail: `the metric cannot be read: ${sums.why}` }
  const sum = sums.value[0] ?? 0
  return sum > 0 ? { seen: 'yes', detail: `${metricName(drill)} = ${sum}` } : { seen: 'not-yet' }
}

/** Why the filters cannot have counted this event, judged by the pattern engine on the event itself. */
function filterFault(
  filters: readonly MetricFilterSnapshot[],
  { target }: CallDrill,
  message: string | undefined,
): string | undefined {
  const [first] = filters
  if (first === undefined) return 'the log group has no metric filter for the drill'
  if (message !== undefined && !filters.some(({ pattern }) => matches(pattern, message))) {
    return `metric filter ${first.name} does not match the drill's event: ${first.pattern}`
  }
  if (filters.some((filter) => feeds(filter, target.alarm))) return undefined
  const published = first.transformations.map(({ namespace, name }) => `${namespace}/${name}`).join(', ')
  const { metric } = target.alarm
  return `metric filter ${first.name} publishes ${published}, and the alarm watches ${metric?.namespace}/${metric?.name}`
}

/** A pattern that cannot be read here is not called a miss. */
function matches(pattern: string, message: string): boolean {
  const parsed = parsePattern(pattern)
  return parsed.validity === 'refused' || compile(parsed.pattern)(message)
}

function trailFault({ trail: read, logGroup }: Source): string | undefined {
  if (read.state === 'unreadable') return undefined
  const trail = read.value
  if (trail === undefined) return `no trail visible from this account delivers to ${logGroup}`
  const { status } = trail
  return status.state === 'read' && !status.value.logging ? `trail ${trail.name} is stopped` : undefined
}

/** Reads the trail anew: an error of delivery stands there since the drill's own event could not be written. */
async function deliverySilence({ target, source }: CallDrill): Promise<string> {
  const trails = await readTrails(target.aws)
  const trail =
    trails.state === 'read' ? trails.value.find(({ arn }) => arn === valueIfRead(source.trail)?.arn) : undefined
  const status = trail?.status.state === 'read' ? trail.status.value : undefined
  const name = valueIfRead(source.trail)?.name ?? 'behind it'
  if (status?.logging === false) return `trail ${name} is stopped`
  if (trail !== undefined && trail.logGroupArn === undefined) return `trail ${name} no longer delivers to a log group`
  if (status?.logsDeliveryError !== undefined)
    return `trail ${name} cannot deliver to ${source.logGroup}: ${status.logsDeliveryError}`
  return `the event did not reach ${source.logGroup}: check the event selectors of trail ${name}, and that it records read events`
}

function metricName({ target }: CallDrill): string {
  const { metric } = target.alarm
  return metric === undefined ? target.alarm.name : `${metric.namespace}/${metric.name}`
}
