/** Every delay that an acceptance run measures, in seconds. */

import type { StateChange } from '../src/aws/readers/alarm-history.ts'
import { type Evidence, type HopName, hopOf, round, secondsBetween, secondsFrom, type ToolCall } from './evidence.ts'

export interface Delay {
  readonly delay: string
  readonly seconds: number
  /** `at most`: it was looked at every few seconds, or something else was in between. */
  readonly exactness: 'exact' | 'at most'
}

const CALL_HOPS: readonly (readonly [HopName, HopName])[] = [
  ['event', 'log-group'],
  ['log-group', 'metric'],
  ['metric', 'alarm'],
  ['alarm', 'topic'],
  ['topic', 'incident-opened'],
  ['alarm', 'alarm-ok'],
  ['alarm-ok', 'incident-resolved'],
  ['event', 'incident-opened'],
]

const STATE_HOPS = CALL_HOPS.filter(([from]) => ['alarm', 'topic', 'alarm-ok'].includes(from))

export function delaysOf({ init, rotation, firstOk, callDrill, stateDrill }: Evidence): readonly Delay[] {
  const found: Delay[] = []
  const add = (delay: string, seconds: number | undefined, exactness: Delay['exactness']) => {
    if (seconds !== undefined && seconds >= 0) found.push({ delay, seconds: round(seconds), exactness })
  }
  add(
    'role made until CloudTrail accepts it',
    secondsOfCalls(init?.calls, 'IAM:CreateRole', 'CloudTrail:UpdateTrail'),
    'at most',
  )
  for (const [which, run] of [
    ['first', init],
    ['second', rotation],
  ] as const) {
    const confirmed = run?.document?.subscription?.status === 'confirmed'
    const seconds = confirmed ? secondsOfCalls(run?.calls, 'SNS:Subscribe', 'SNS:GetSubscriptionAttributes') : undefined
    add(`${which} key subscribed until confirmed`, seconds, 'at most')
  }
  const alarms = firstOk?.alarms.state === 'read' ? firstOk.alarms.value : []
  const longest = (from: 'createdAt' | 'okAt', to: 'okAt' | 'actionAt') => {
    const all = alarms.flatMap((alarm) => {
      const [first, second] = [alarm[from], alarm[to]]
      return first === undefined || second === undefined ? [] : [secondsFrom(first, second)]
    })
    return all.length === 0 ? undefined : Math.max(...all)
  }
  add('new alarm until its first OK, the longest', longest('createdAt', 'okAt'), 'exact')
  add('first OK until its action, the longest', longest('okAt', 'actionAt'), 'exact')
  for (const [from, to] of CALL_HOPS)
    add(`drill by API call: ${from} until ${to}`, secondsBetween(callDrill, from, to), 'at most')
  const record = callDrill?.record.state === 'read' ? callDrill.record.value : undefined
  if (record?.logTime !== undefined) {
    add('eventTime until the timestamp of the log event', secondsFrom(record.eventTime, record.logTime), 'exact')
    if (record.ingestedAt !== undefined)
      add('eventTime until ingestion', secondsFrom(record.eventTime, record.ingestedAt), 'exact')
  }
  const changes = callDrill?.history.state === 'read' ? callDrill.history.value : []
  const states = changes.filter((entry): entry is StateChange => entry.kind === 'state')
  const up = states.findIndex(({ to }) => to === 'ALARM')
  const alarm = states[up]
  const ok = states.slice(up + 1).find(({ to }) => to === 'OK')
  if (alarm !== undefined && ok !== undefined)
    add('drill by API call: ALARM lasted', secondsFrom(alarm.at, ok.at), 'exact')
  for (const [from, to] of STATE_HOPS)
    add(`drill by alarm state: ${from} until ${to}`, secondsBetween(stateDrill, from, to), 'at most')
  const first = hopOf(stateDrill, 'incident-opened')
  if (first?.status === 'ok') add('drill by alarm state: state set until incident-opened', first.seconds, 'at most')
  return found
}

/** Seconds from the last success of one call to the next of another. */
function secondsOfCalls(calls: readonly ToolCall[] = [], from: string, to: string): number | undefined {
  const begin = calls.findLastIndex(({ call, outcome }) => call === from && outcome === 'ok')
  const start = calls[begin]?.at
  const end = calls.slice(begin + 1).find(({ call, outcome }) => call === to && outcome === 'ok')?.at
  return start === undefined || end === undefined ? undefined : (end - start) / 1000
}
