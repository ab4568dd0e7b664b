/** What an acceptance run has seen, as values: the table of assumptions judges them and reads nothing itself. */

import type { HistoryEntry } from '../src/aws/readers/alarm-history.ts'
import type { DeliveryCounts } from '../src/aws/readers/metric-data.ts'
import type { RouteKind, ServiceRegion } from '../src/domain/route.ts'
import type { AlarmSnapshot, Reading } from '../src/domain/snapshot.ts'
import type { Body, ErrorBody } from '../src/json/schemas.ts'
import type { RoleConditions } from './role-conditions.ts'

/** What answered: an emulator or the sandbox shows that the run works, and nothing about AWS or PagerDuty. */
export type Target = 'aws' | 'endpoint' | 'sandbox'

/** What the run was told. */
export interface Setting {
  readonly target: Target
  /** True: the run made the trail, its bucket, its log group and its role. */
  readonly ownTrail: boolean
  readonly route: RouteKind
  readonly serviceRegion: ServiceRegion
  /** Without a token nothing is seen of PagerDuty. */
  readonly token: boolean
  /** Seconds that a drill might take at the longest; undefined: as long as the tool gives it. */
  readonly timeout?: number | undefined
}

/** One attempt of one call of the tool, as `--verbose` names it. */
export interface ToolCall {
  /** As in `CloudTrail:UpdateTrail`. */
  readonly call: string
  /** `ok`, or the name of the error. */
  readonly outcome: string
  /** When the line arrived (milliseconds of this machine); undefined where nobody took the time. */
  readonly at: number | undefined
}

/** One command of the tool. */
export interface ToolRun<B> {
  readonly exit: number
  /** Seconds, by the clock of the account. */
  readonly seconds: number
  /** What it printed; undefined: the document of an error, or none. */
  readonly document: B | undefined
  readonly error: ErrorBody | undefined
  readonly calls: readonly ToolCall[]
}

/** How an alarm that was just made came to its first OK. */
export interface NewAlarm {
  readonly createdAt: Date | undefined
  readonly okAt: Date | undefined
  /** When the history has the action of that OK. */
  readonly actionAt: Date | undefined
}

export interface FirstOk {
  readonly alarms: Reading<readonly NewAlarm[]>
  /** Incidents since init that name the chain; undefined without a token. */
  readonly incidents: Reading<number> | undefined
}

/** The record of the drill's call. */
export interface DrillRecord {
  readonly foundIn: 'log group' | 'event history'
  readonly userAgent: string
  readonly eventTime: Date
  /** The log event's timestamp, and when CloudWatch Logs took it. */
  readonly logTime: Date | undefined
  readonly ingestedAt: Date | undefined
}

/** One minute of a metric. */
export interface Point {
  readonly minute: Date
  readonly value: number
}

/** What an incident is titled by, and what its alert is keyed by. */
export interface DrillIncident {
  readonly titledBy: 'condition' | 'alarm name' | 'alarm description' | 'subject' | 'something else'
  readonly keyedBy: 'alarm name' | 'alarm ARN' | 'something else' | 'nothing'
  /** The alarm's fields are in the details of the alert, not a text that holds them. */
  readonly parsed: boolean
  readonly resolved: boolean
}

export interface Drill {
  readonly run: ToolRun<Body<'test'>>
  /** Of its alarm, since the drill began, oldest first. */
  readonly history: Reading<readonly HistoryEntry[]>
  readonly alarm: Reading<AlarmSnapshot | undefined>
  readonly counts: Reading<DeliveryCounts> | undefined
  /** Undefined without a token. */
  readonly incident: Reading<DrillIncident | undefined> | undefined
}

/** A drill that began with a call. */
export interface CallDrill extends Drill {
  readonly record: Reading<DrillRecord | undefined>
  /** The drill's metric, minute by minute, since init. */
  readonly points: Reading<readonly Point[]>
  /** Minutes in which events came into the log group, since init. */
  readonly incoming: Reading<readonly Point[]>
}

export interface Integrations {
  /** Whether the answer to the creation had the key. */
  readonly keys: Reading<number>
  /** The type that PagerDuty gives the created integrations. */
  readonly types: readonly string[]
  readonly made: number
  /** Undefined: not tried yet. */
  readonly deleted: Reading<number> | undefined
}

/** Everything, in the order of the run; undefined: the run did not come so far. */
export interface Evidence {
  readonly setting: Setting
  readonly integrations?: Integrations
  readonly init?: ToolRun<Body<'init'>>
  readonly firstOk?: FirstOk
  readonly callDrill?: CallDrill
  readonly doctor?: ToolRun<Body<'doctor'>>
  readonly events?: ToolRun<Body<'events'>>
  readonly rotation?: ToolRun<Body<'init'>>
  readonly prune?: ToolRun<Body<'init'>>
  readonly stateDrill?: Drill
  readonly roleConditions?: Reading<RoleConditions>
  readonly destroy?: ToolRun<Body<'destroy'>>
}

export type HopName = Body<'test'>['steps'][number]['hop']

export function hopOf(drill: Drill | undefined, name: HopName): Body<'test'>['steps'][number] | undefined {
  return drill?.run.document?.steps.find(({ hop }) => hop === name)
}

/** Seconds between two hops that were both seen. */
export function secondsBetween(drill: Drill | undefined, from: HopName, to: HopName): number | undefined {
  const [first, second] = [hopOf(drill, from), hopOf(drill, to)]
  if (first?.status !== 'ok' || second?.status !== 'ok') return undefined
  return round(second.seconds - first.seconds)
}

export function round(seconds: number): number {
  return Math.round(seconds * 10) / 10
}

/** Seconds from one moment to another. */
export function secondsFrom(from: Date, to: Date): number {
  return round((to.getTime() - from.getTime()) / 1000)
}
