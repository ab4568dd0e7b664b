/** The hops that both kinds of drill share: from the alarm to PagerDuty and back. */

import { type HistoryEntry, readAlarmHistory, type StateChange } from '../aws/readers/alarm-history.ts'
import { readDeliveries, type TimeRange } from '../aws/readers/metric-data.ts'
import { readMuteRules } from '../aws/readers/mute-rules.ts'
import { readAlarms } from '../aws/resources/alarm.ts'
import { holdSeconds } from '../domain/alarm-arithmetic.ts'
import { EXTRA_PERIODS_READ } from '../domain/alarm-state.ts'
import { parseMarker } from '../domain/marker.ts'
import { parseArn } from '../domain/names.ts'
import type { AlarmSnapshot } from '../domain/snapshot.ts'
import { AppError } from '../errors.ts'
import type { Incident } from '../pagerduty/answers.ts'
import type { Clock } from '../ports.ts'
import { filterPolicyNote, publishCause, resolvingRules, subscriptionFault } from './causes.ts'
import { type AlarmTimeline, entryKey, type Phase, timelineOf } from './history.ts'
import type { DrillHop, HopReading } from './hop.ts'
import type { ReceivedIncident } from './incidents.ts'
import { findEnd, findReceivedIncident, type IncidentWatch, nameOf, timeoutReason } from './paging.ts'
import type { Target } from './target.ts'

/** What a drill goes by. */
export interface Drill {
  /** Four hexadecimal digits. */
  readonly id: string
  readonly target: Target
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly began: Date
  /** Undefined: no token, so nothing is seen of PagerDuty. */
  readonly watch: IncidentWatch | undefined
  /** Entries of the history that are older than the drill, by key. */
  readonly past: ReadonlySet<string>
  /** Picks the drill's own change to ALARM. */
  isDrill(change: StateChange): boolean
  /** Told which incident the drill's alert is in. */
  arrived(incident: Incident): void
  /** Told what a person should know beside the steps. */
  note(lines: readonly string[]): void
}

/** Clocks of this machine and of AWS may differ so much (milliseconds). */
const SKEW_MS = 120_000

/** Seconds until the action of a new state must be in the history; it follows the change within a second or two. */
const ACTION_S = 90

/** SNS's counters lag by a few minutes (SNS user guide, CloudWatch metrics). */
const COUNTERS_S = 240

/** By then the action of a new state has run, whether or not the history shows it (milliseconds). */
const SETTLE_MS = 15_000

/** Seconds that PagerDuty may take; it answers before it has worked a message off. */
const INCIDENT_S = 180

export const UNSEEN = 'not seen: no PagerDuty token (PAGERDUTY_TOKEN)'

/** The minutes since the drill began; the current one ends in the future. */
export function minutesSince({ began, clock }: Pick<Drill, 'began' | 'clock'>): TimeRange {
  const since = new Date(Math.floor(began.getTime() / 60_000) * 60_000)
  return { since, until: new Date(clock.now().getTime() + 60_000), period: 60 }
}

/** The entries of the history that are older than the drill. */
export async function pastEntries(target: Target, now: Date): Promise<ReadonlySet<string>> {
  const read = await readAlarmHistory(target.aws, target.alarm.name, new Date(now.getTime() - 2 * SKEW_MS))
  return new Set(read.state === 'read' ? read.value.map(entryKey) : [])
}

/** The alarm's course since the drill began, or why it cannot be read. */
export async function readTimeline(drill: Drill): Promise<AlarmTimeline | string> {
  const { target, began, past } = drill
  const read = await readAlarmHistory(target.aws, target.alarm.name, new Date(began.getTime() - SKEW_MS))
  if (read.state === 'unreadable') return read.why
  const fresh: readonly HistoryEntry[] = read.value.filter((entry) => !past.has(entryKey(entry)))
  return timelineOf(fresh, drill.isDrill)
}

/** The alarm has gone into ALARM. `silence` says what it means that the history does not show it. */
export function alarmHop(drill: Drill, deadline: number, silence: DrillHop['silence']): DrillHop {
  const { alarm } = drill.target
  return {
    name: 'alarm',
    deadline,
    passable: false,
    async read() {
      const timeline = await readTimeline(drill)
      if (typeof timeline === 'string') return unreadable(timeline)
      if (timeline.alarm === undefined) return { seen: 'not-yet' }
      if (alarm.actionsEnabled) return { seen: 'yes', detail: 'ALARM' }
      return { seen: 'never', detail: `ALARM, but the actions of ${alarm.name} are disabled: it notifies no one` }
    },
    silence,
  }
}

/** CloudWatch has published the ALARM, and SNS has taken it. PagerDuty may be seen first: the history can lag, or lack actions. */
export function topicHop(drill: Drill): DrillHop {
  return {
    name: 'topic',
    deadline: ACTION_S,
    passable: true,
    async read() {
      const timeline = await readTimeline(drill)
      if (typeof timeline === 'string') return unreadable(timeline)
      return actionLook(timeline.alarm, drill.target.topicArn)
    },
    silence: () => actionSilence(drill),
  }
}

/** An action that is not in the history may have run; a rule that mutes the alarm is a reason why it did not. */
async function actionSilence({ target: { aws, alarm } }: Drill): ReturnType<DrillHop['silence']> {
  const missing = "the alarm's history shows no action of this ALARM"
  const rules = await readMuteRules(aws)
  if (rules.state === 'unreadable')
    return { status: 'unknown', detail: `${missing}; mute rules cannot be read: ${rules.why}` }
  const rule = rules.value.find(({ alarms }) => alarms.includes(alarm.name))
  if (rule === undefined) return { status: 'unknown', detail: missing }
  return { status: 'failed', detail: `${missing}: mute rule ${rule.name} silences it` }
}

/** SNS has brought it to PagerDuty. Only PagerDuty shows that: SNS counts what passed the whole topic, from any alarm. */
export function subscriptionHop(drill: Drill): DrillHop {
  const { subscription } = drill.target
  return {
    name: 'subscription',
    deadline: COUNTERS_S,
    passable: true,
    async read() {
      const fault = subscriptionFault(subscription)
      if (fault !== undefined) return { seen: 'never', detail: fault }
      // With a token the incident tells, and it may take a while.
      if (drill.watch !== undefined) return { seen: 'not-yet' }
      const { detail, complete } = await readCounters(drill)
      return complete ? { seen: 'unknowable', detail } : { seen: 'not-yet' }
    },
    async silence() {
      const note = filterPolicyNote(subscription)
      const { detail } = await readCounters(drill)
      return { status: 'unknown', detail: note === undefined ? detail : `${detail}; ${note}` }
    },
  }
}

/** What SNS counted, in words; `complete`: no more is to be learned by waiting. */
async function readCounters(drill: Drill): Promise<{ readonly detail: string; readonly complete: boolean }> {
  const { aws, topicArn } = drill.target
  const counts = (await readDeliveries(aws, [topicArn], minutesSince(drill))).get(topicArn)
  if (counts?.state === 'unreadable') return { detail: `SNS's counters cannot be read: ${counts.why}`, complete: true }
  const { delivered = 0, failed = 0, filteredOut = 0 } = counts?.value ?? {}
  if (delivered + failed + filteredOut === 0) return { detail: 'SNS has no delivery counts yet', complete: false }
  const seen = [`${delivered} delivered`, `${failed} failed`, `${filteredOut} filtered out`].join(', ')
  return { detail: `SNS counts for the whole topic, which may include other alarms: ${seen}`, complete: true }
}

/** The incident has opened, and it has resolved: two hops over one arrival. `untilOk`: seconds that the alarm may take to be OK. */
export function incidentHops(
  drill: Drill,
  untilOk: number,
): { readonly opened: DrillHop; readonly resolved: DrillHop } {
  const { watch } = drill
  if (watch === undefined) return { opened: unseen('incident-opened'), resolved: unseen('incident-resolved') }
  let arrival: ReceivedIncident | undefined
  const opened: DrillHop = {
    name: 'incident-opened',
    deadline: INCIDENT_S,
    passable: false,
    read: () =>
      tolerant(async () => {
        arrival = await findReceivedIncident(watch)
        if (arrival === undefined) return { seen: 'not-yet' }
        drill.arrived(arrival.incident)
        if (arrival.how === 'opened') return { seen: 'yes', detail: `${nameOf(arrival.incident)} opened` }
        drill.note([`The alert joined ${nameOf(arrival.incident)}, which was open before, so no one was paged again.`])
        return { seen: 'yes', detail: `joined ${nameOf(arrival.incident)}, which was open before` }
      }),
    async silence() {
      const { detail } = await readCounters(drill)
      return { status: 'failed', detail: `${timeoutReason(watch.recipient)}; ${detail}` }
    },
  }
  const resolved: DrillHop = {
    name: 'incident-resolved',
    // Looked at beside the alarm, which takes its time to be OK.
    deadline: untilOk + INCIDENT_S,
    passable: false,
    read: () =>
      tolerant(async () => {
        if (arrival === undefined) return { seen: 'unknowable', detail: 'not seen: the incident was not found' }
        const { resolved: done, detail, stray } = await findEnd(watch, arrival)
        if (stray === undefined) return done ? { seen: 'yes', detail } : (keptOpen(drill) ?? { seen: 'not-yet' })
        drill.note(resolvingRules(drill.target.topicArn))
        return {
          seen: 'never',
          detail: `the OK opened ${nameOf(stray)} ("${stray.title}") instead of resolving ${nameOf(arrival.incident)}`,
        }
      }),
    silence: async () => ({
      status: 'failed',
      detail: `${arrival === undefined ? 'the incident' : nameOf(arrival.incident)} did not resolve after the alarm was OK`,
    }),
  }
  return { opened, resolved }
}

/** The alarm is OK again and has said so, which PagerDuty may show first. `nudge` runs while it is still in ALARM. */
export function okHop(drill: Drill, deadline: number, retrigger: () => Promise<unknown>): DrillHop {
  return {
    name: 'alarm-ok',
    deadline,
    passable: true,
    async read() {
      const timeline = await readTimeline(drill)
      if (typeof timeline !== 'string' && timeline.ok !== undefined) return okLook(drill, timeline.ok)
      // An OK on the heels of its ALARM could overtake it.
      const reported = typeof timeline !== 'string' && (timeline.alarm?.actions.length ?? 0) > 0
      const waited = drill.clock.now().getTime() - drill.began.getTime() >= SETTLE_MS
      if (!reported && !waited) return { seen: 'not-yet' }
      await retrigger()
      return typeof timeline === 'string' ? unreadable(timeline) : { seen: 'not-yet' }
    },
    silence: () => okSilence(drill),
  }
}

/** The state of the alarm is what AWS says it is now; what is missing in the history may still have happened. */
async function okSilence(drill: Drill): ReturnType<DrillHop['silence']> {
  const timeline = await readTimeline(drill)
  if (typeof timeline !== 'string' && timeline.ok !== undefined)
    return { status: 'unknown', detail: 'the alarm is OK; its history shows no action of this OK' }
  const state = (await readAlarmNow(drill.target))?.state
  if (state === undefined) return { status: 'unknown', detail: 'the state of the alarm cannot be read' }
  if (state === 'OK') return { status: 'unknown', detail: 'the alarm is OK; its history does not show the change' }
  return { status: 'failed', detail: `the alarm is still ${state}` }
}

/** The alarm as it is now; undefined where it cannot be read. */
export async function readAlarmNow({ aws, alarm }: Target): Promise<AlarmSnapshot | undefined> {
  const read = await readAlarms(aws, { names: [alarm.name] })
  return read.state === 'read' ? read.value[0] : undefined
}

/**
 * Periods beyond the alarm's own until missing data makes it OK again. CloudWatch looks back over two of them in its worked
 * examples; an alarm was seen in ALARM 2.1 periods after its last data, so a drill waits for three.
 */
const EXTRA_PERIODS_UNTIL_OK = EXTRA_PERIODS_READ + 1

/** Seconds that an alarm may take from its last data to OK, where nothing sets it. */
export function secondsUntilOk(alarm: AlarmSnapshot): number {
  return (holdSeconds(alarm) ?? 0) + EXTRA_PERIODS_UNTIL_OK * (alarm.period ?? 300)
}

/** True: the missing OK action was chosen. */
export function keepsIncidents({ target }: Pick<Drill, 'target'>): boolean {
  return target.alarm.okActions.length === 0 && parseMarker(target.alarm.description)?.autoResolve === false
}

function okLook(drill: Drill, ok: Phase): HopReading {
  const { okActions } = drill.target.alarm
  if (okActions.includes(drill.target.topicArn)) return actionLook(ok, drill.target.topicArn, 'OK, ')
  if (keepsIncidents(drill)) return { seen: 'yes', detail: 'OK; this chain has no OK action, as configured' }
  const topic = okActions.length === 0 ? 'no topic' : 'another topic'
  return {
    seen: 'never',
    detail: `the alarm is OK, but notifies ${topic}: the incident never resolves, and the next ALARM joins it`,
  }
}

function keptOpen(drill: Drill): HopReading | undefined {
  return keepsIncidents(drill)
    ? { seen: 'unknowable', detail: 'stays open: this chain does not resolve incidents' }
    : undefined
}

function actionLook(phase: Phase | undefined, topicArn: string, lead = ''): HopReading {
  const action = phase?.actions.find(({ target }) => target === undefined || target === topicArn)
  if (action === undefined) return { seen: 'not-yet' }
  if (action.succeeded === undefined)
    return { seen: 'unknowable', detail: `${lead}the alarm history has an unknown entry: ${action.summary}` }
  if (!action.succeeded) return { seen: 'never', detail: lead + publishCause(action.error ?? '', topicArn) }
  const name = parseArn(topicArn)?.resource ?? topicArn
  return { seen: 'yes', detail: `${lead}published to ${name}, accepted by SNS` }
}

function unreadable(why: string): HopReading {
  return { seen: 'unknowable', detail: `the alarm's history cannot be read: ${why}` }
}

function unseen(name: 'incident-opened' | 'incident-resolved'): DrillHop {
  const read = async (): Promise<HopReading> => ({ seen: 'unknowable', detail: UNSEEN })
  return { name, deadline: 0, passable: true, read, silence: async () => ({ status: 'unknown', detail: UNSEEN }) }
}

/** PagerDuty failing to answer is no verdict on the chain; the signal is. */
async function tolerant(read: () => Promise<HopReading>): Promise<HopReading> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { seen: 'unknowable', detail: `PagerDuty cannot be read: ${error.message}` }
  }
}
