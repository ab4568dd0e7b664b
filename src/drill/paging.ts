/** PagerDuty's side of a drill: where the topic leads, whom it pages, and what became of both messages. */

import { isPagerDuty } from '../domain/endpoint.ts'
import { type Reading, type SubscriptionSnapshot, valueIfRead } from '../domain/snapshot.ts'
import { AppError } from '../errors.ts'
import type { Incident } from '../pagerduty/answers.ts'
import type { PagerDuty } from '../pagerduty/directory.ts'
import {
  findTarget,
  type PagerDutyTarget,
  routeStops,
  type Stop,
  stopsOf,
  type TargetService,
} from '../pagerduty/target.ts'
import {
  type IncidentAlerts,
  type IncidentMatch,
  isOfAlarm,
  type ReceivedIncident,
  receivedIncidentIn,
  unmatchedIncidents,
} from './incidents.ts'

/** Whom a drill pages, as far as a token can tell. */
export interface Recipient {
  /** The only service that the message can reach; undefined: not found, or the orchestration decides. */
  readonly service: TargetService | undefined
  /** False: nothing that the token shows has this key. */
  readonly known: boolean
  /** Why no incident will open, or may not. */
  readonly stops: readonly Stop[]
  /** One phrase: who is paged, or where the message goes. */
  readonly paged: string
}

/** A look at the incidents before the drill, to tell what is new. */
export interface IncidentsBefore {
  readonly known: ReadonlySet<string>
  readonly open: readonly Incident[]
}

export interface IncidentWatch {
  readonly pagerDuty: PagerDuty
  readonly recipient: Recipient
  readonly before: IncidentsBefore
  readonly began: Date
  readonly trace: IncidentMatch
}

/** Clocks of this machine and of PagerDuty may differ so much (milliseconds). */
const SKEW_MS = 120_000

/** Incidents older than this are not looked through for a stale one (milliseconds). */
const LOOK_BACK_MS = 30 * 24 * 3_600_000

const OPEN = ['triggered', 'acknowledged'] as const

/** Enough for one round of probes; a busy account has more, and the drill's is among the newest. */
const ALERTS_READ = 10

/** Whom a message reaches when the endpoint cannot be read: any incident of the account may be the one. */
export function anyone(subscription: Reading<unknown>): Recipient {
  const why = subscription.state === 'unreadable' ? ` (its subscriptions cannot be read: ${subscription.why})` : ''
  return { service: undefined, known: true, stops: [], paged: `whoever is on call for the topic${why}` }
}

/** Finds whom the subscription pages. Throws `AppError` when PagerDuty refuses the token. */
export async function findRecipient(
  pagerDuty: PagerDuty,
  subscription: Reading<SubscriptionSnapshot | undefined>,
): Promise<Recipient> {
  const found = valueIfRead(subscription)
  if (found === undefined || !isPagerDuty(found.endpoint)) return anyone(subscription)
  return recipientOf(await targetOrUndefined(pagerDuty, found.endpoint.route, found.topicArn))
}

function recipientOf(target: PagerDutyTarget | undefined): Recipient {
  if (target === undefined) {
    const paged = 'whoever PagerDuty routes it to (this key belongs to no service that the token can read)'
    return { service: undefined, known: false, stops: [], paged }
  }
  if (target.kind === 'service') return serviceRecipient(target.service)
  const routing = `whoever ${target.kind} "${target.name}" routes it to`
  if (target.kind === 'ruleset' || target.routes.state === 'unreadable') {
    return { service: undefined, known: true, stops: [], paged: routing }
  }
  const { services, others = 0, dynamic } = target.routes.value
  const unrouted = routeStops(target)
  const [only] = services
  if (only !== undefined && services.length + others === 1 && !dynamic) {
    const recipient = serviceRecipient(only)
    return { ...recipient, stops: [...recipient.stops, ...unrouted] }
  }
  const paged = `${routing} (${services.length + others} services)`
  return { service: undefined, known: true, stops: unrouted, paged }
}

/** What is open or recent before anything is sent. */
export async function incidentsBefore(
  pagerDuty: PagerDuty,
  { service }: Recipient,
  now: Date,
): Promise<IncidentsBefore> {
  const scope = scopeOf(service)
  const since = new Date(now.getTime() - LOOK_BACK_MS)
  const [open, recent] = await Promise.all([
    pagerDuty.incidents({ ...scope, since, statuses: OPEN }),
    pagerDuty.incidents({ ...scope, since: new Date(now.getTime() - SKEW_MS) }),
  ])
  return { known: new Set([...open.items, ...recent.items].map(({ id }) => id)), open: open.items }
}

/**
 * An open incident with an open alert of this alarm: the next ALARM would join it and page no one, and the next OK would
 * resolve it (field case C14). The alert's key tells, and never the title, which any setting or person may change.
 */
export async function staleIncident(
  { pagerDuty, recipient, before }: Pick<IncidentWatch, 'pagerDuty' | 'recipient' | 'before'>,
  of: Omit<IncidentMatch, 'text'>,
): Promise<Incident | undefined> {
  const byKey: Incident[] = []
  for (const key of [of.alarm, of.alarmArn]) {
    byKey.push(...(await pagerDuty.incidents({ ...scopeOf(recipient.service), key, statuses: OPEN })).items)
  }
  const found = new Set(byKey.map(({ id }) => id))
  // An integration may be set up with keys of another kind.
  const others = before.open.filter(({ id }) => !found.has(id)).slice(0, ALERTS_READ)
  for (const incident of [...byKey, ...others]) {
    const alerts = await pagerDuty.alerts(incident.id)
    if (alerts.length === 0 && found.has(incident.id)) return incident
    if (alerts.some((alert) => alert.status !== 'resolved' && isOfAlarm(alert, of))) return incident
  }
  return undefined
}

/** Where the ALARM has arrived so far. */
export async function findReceivedIncident(watch: IncidentWatch): Promise<ReceivedIncident | undefined> {
  const { pagerDuty, before, trace } = watch
  const fresh = (await incidentsSince(watch)).filter(({ id }) => !before.known.has(id))
  const seen = await withAlerts(pagerDuty, [...fresh, ...before.open].slice(0, ALERTS_READ))
  return receivedIncidentIn(seen, trace, before.known) ?? (await mergedInto(watch, seen))
}

/** Whether the drill's alert, and with it the incident, is resolved; `stray` is the incident of an OK that was not understood. */
export async function findEnd(
  watch: IncidentWatch,
  arrival: ReceivedIncident,
): Promise<{ readonly resolved: boolean; readonly detail: string; readonly stray: Incident | undefined }> {
  const { pagerDuty, trace, before } = watch
  const incidents = await incidentsSince(watch)
  const stray = unmatchedIncidents(incidents, trace.alarm, new Set([...before.known, arrival.incident.id]))
  const incident = incidents.find(({ id }) => id === arrival.incident.id)
  const alerts = arrival.alert === undefined ? [] : await pagerDuty.alerts(arrival.incident.id)
  const alert = alerts.find(({ id }) => id === arrival.alert?.id)
  const resolved = alert === undefined ? incident?.status === 'resolved' : alert.status === 'resolved'
  const closed = incident?.status === 'resolved'
  const detail = `${nameOf(arrival.incident)} ${closed ? 'resolved' : 'holds the resolved alert, and other alerts keep it open'}`
  return { resolved, detail, stray }
}

export function nameOf({ number, id }: Incident): string {
  return `incident ${number === undefined ? id : `#${number}`}`
}

/** Why no incident opened, as far as PagerDuty tells; nothing in its API shows an event that was dropped. */
export function timeoutReason({ stops, known }: Recipient): string {
  if (stops.length > 0) return `no incident opened: ${stops.map(({ reason }) => reason).join('; ')}`
  if (!known) return 'no incident opened; this key belongs to no service or orchestration that the token can read'
  return 'no incident opened; PagerDuty gives no reason, and nothing that the token can read explains it'
}

function incidentsSince({ pagerDuty, recipient, began }: IncidentWatch): Promise<readonly Incident[]> {
  const scope = scopeOf(recipient.service)
  return pagerDuty.incidents({ ...scope, since: new Date(began.getTime() - SKEW_MS) }).then(({ items }) => items)
}

/** One after another, as PagerDuty asks of whoever polls (REST API overview, rate limits). */
async function withAlerts(pagerDuty: PagerDuty, incidents: readonly Incident[]): Promise<readonly IncidentAlerts[]> {
  const all: IncidentAlerts[] = []
  for (const incident of incidents) all.push({ incident, alerts: await pagerDuty.alerts(incident.id) })
  return all
}

/** A trigger with the key of an open alert only leaves a log entry, which names no alarm (Events API, deduplication). */
async function mergedInto(
  { pagerDuty, before, began, trace }: IncidentWatch,
  seen: readonly IncidentAlerts[],
): Promise<ReceivedIncident | undefined> {
  for (const { incident, alerts } of seen) {
    const alert = before.known.has(incident.id) ? alerts.find((each) => isOfAlarm(each, trace)) : undefined
    if (alert === undefined) continue
    const entries = await pagerDuty.logEntries(incident.id)
    const merged = entries.some(
      ({ type, createdAt }) =>
        type === 'trigger_log_entry' && createdAt !== undefined && createdAt.getTime() >= began.getTime(),
    )
    if (merged) return { how: 'joined', incident, alert }
  }
  return undefined
}

function scopeOf(service: TargetService | undefined) {
  return service?.id === undefined ? {} : { serviceIds: [service.id] }
}

function serviceRecipient(service: TargetService): Recipient {
  const names = valueIfRead(service.onCall) ?? []
  const people = names.length === 0 ? 'no one that the token can read' : names.join(', ')
  return { service, known: true, stops: stopsOf(service), paged: `${people} (on call for service "${service.name}")` }
}

/** A list that proves nothing is as good as no service found. */
async function targetOrUndefined(...asked: Parameters<typeof findTarget>): Promise<PagerDutyTarget | undefined> {
  try {
    return await findTarget(...asked)
  } catch (error) {
    if (error instanceof AppError && error.code === 'pagerduty-unsure') return undefined
    throw error
  }
}
