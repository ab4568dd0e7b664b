/** The events behind an alarm's last ALARM: the window that was judged, searched with the filter's own pattern. */

import { HISTORY_MS, readAlarmHistory, type StateChange } from '../aws/readers/alarm-history.ts'
import { findLogEvents } from '../aws/readers/log-events.ts'
import { siteOf } from '../aws/site.ts'
import { isDay } from '../domain/calendar-day.ts'
import { type EventRow, rowOf, sorted } from '../domain/event-row.ts'
import type { AlarmSnapshot } from '../domain/snapshot.ts'
import { AppError, EXIT, failed, usage } from '../errors.ts'
import { toolCommand } from '../options/next-command.ts'
import { unwrapped } from '../patterns/unwrap.ts'
import type { Clock } from '../ports.ts'
import { type FoundAlarm, feeds, findFilters } from './target.ts'

/** Both ends are times of events, not of their delivery. */
export interface Window {
  readonly from: Date
  readonly to: Date
}

export interface EventsBehind {
  /** The change that is explained; undefined when a time was given, or when there was none. */
  readonly alarmed: Date | undefined
  /** Its reason, as CloudWatch wrote it or whoever set the state. */
  readonly reason: string | undefined
  readonly window: Window | undefined
  readonly rows: readonly EventRow[]
  /** Matching events after the window. */
  readonly later: number
  /** False: there were more than this program reads. */
  readonly complete: boolean
}

/** CloudTrail delivers within so much, nearly always (CloudTrail user guide; milliseconds). */
const DELIVERY_MS = 15 * 60_000

/** Far more than a person reads, and a bound for a filter that matches everything. */
const MOST = 2_000

const DAY_MS = 86_400_000

export interface AskedTime {
  /** Replaces the window. */
  readonly since?: Date | undefined
  /** The ALARM is the last one before this. */
  readonly before?: Date | undefined
}

/** Finds them. Throws when the alarm has no filter or the log group cannot be searched. */
export async function eventsBehind(
  { aws, alarm }: FoundAlarm,
  { since, before }: AskedTime,
  run: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<EventsBehind> {
  const now = run.clock.now()
  const filters = (await findFilters({ aws, alarm })).filter((filter) => feeds(filter, alarm))
  if (filters.length === 0) {
    throw failed(
      'alarm-without-filter',
      `no metric filter publishes what alarm ${alarm.name} watches, so no log event can have triggered it`,
      ['see what is wrong with it: ', toolCommand('doctor')],
    )
  }
  const last = since === undefined ? await lastAlarm({ aws, alarm }, now, before) : undefined
  const window = since === undefined ? windowOf(alarm, last?.at) : { from: since, to: now }
  const reported = { alarmed: last?.at, reason: last?.reason }
  if (window === undefined) return { ...reported, window, rows: [], later: 0, complete: true }
  const rows: EventRow[] = []
  let complete = true
  for (const { logGroup, pattern } of filters) {
    // Timestamps of a log are those of delivery, later than the event's own: so the search reaches up to now.
    const found = await findLogEvents(aws, run, { logGroup, pattern, since: window.from, most: MOST })
    if (found.state === 'unreadable') {
      throw new AppError('log-group-unreadable', found.why, { exit: found.denied ? EXIT.access : EXIT.failed })
    }
    const messages = found.value.events.flatMap(({ message }) => unwrapped(message) ?? [message])
    const understood = messages.flatMap((message) => rowOf(message, siteOf(aws).partition) ?? [])
    if (messages.length > 0 && understood.length === 0) {
      throw usage(
        'no-cloudtrail-record',
        `none of the ${messages.length} log events of ${logGroup} looks like a CloudTrail record`,
        'open them in the log group: they do not name a caller',
      )
    }
    rows.push(...understood)
    complete &&= found.value.complete
  }
  const timed = sorted(rows)
  const within = timed.filter(
    ({ time }) => Date.parse(time) >= window.from.getTime() && Date.parse(time) <= window.to.getTime(),
  )
  const later = timed.filter(({ time }) => Date.parse(time) > window.to.getTime()).length
  return { ...reported, window, rows: within, later, complete }
}

/** `2h`, `14d`, or an ISO date or time, taken as UTC; undefined when it is neither. */
export function parseSince(text: string, now: Date): Date | undefined {
  const [, amount, unit] = /^(\d+)\s*(m|h|d|w)$/.exec(text.trim()) ?? []
  if (amount !== undefined) {
    const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS }
    return new Date(now.getTime() - Number(amount) * (units[unit ?? 'd'] ?? DAY_MS))
  }
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text.trim())
  if (iso === null) return undefined
  const [, date, time = '00:00', zone = 'Z'] = iso
  const at = new Date(`${date}T${time}${zone}`)
  return Number.isNaN(at.getTime()) || !isDay(date ?? '') ? undefined : at
}

/**
 * From the oldest event that the alarm can have judged to the moment of its ALARM.
 * A point of the metric may carry the time of delivery, so events count from that much earlier on.
 */
export function windowOf(
  { period = 60, evaluationPeriods = 1 }: AlarmSnapshot,
  alarmed: Date | undefined,
): Window | undefined {
  if (alarmed === undefined) return undefined
  return { from: new Date(alarmed.getTime() - period * evaluationPeriods * 1000 - DELIVERY_MS), to: alarmed }
}

/** The state itself is kept for ever, the history for two weeks. */
async function lastAlarm(
  { aws, alarm }: FoundAlarm,
  now: Date,
  before: Date | undefined,
): Promise<Pick<StateChange, 'at' | 'reason'> | undefined> {
  const read = await readAlarmHistory(aws, alarm.name, new Date(now.getTime() - HISTORY_MS))
  const changes = read.state === 'read' ? read.value.filter((entry) => entry.kind === 'state') : []
  const last = changes.findLast(({ to, at }) => to === 'ALARM' && (before === undefined || at <= before))
  if (last !== undefined) return last
  if (
    alarm.state !== 'ALARM' ||
    alarm.stateChanged === undefined ||
    (before !== undefined && alarm.stateChanged > before)
  ) {
    if (read.state === 'read') return undefined
    throw new AppError('history-unreadable', read.why, {
      exit: read.denied ? EXIT.access : EXIT.failed,
      hint: 'pass a start time, for example --since 2h',
    })
  }
  return { at: alarm.stateChanged, reason: alarm.stateReason }
}
