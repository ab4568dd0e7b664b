/** PagerDuty's side of a drill: where the topic leads, whom it pages, and what became of both messages. */

import { Secret } from '../domain/secret.ts'
import { type Reading, type SubscriptionSnapshot, valueIfRead } from '../domain/snapshot.ts'
import { AppError } from '../errors.ts'
import type { Incident, Service } from '../pagerduty/answers.ts'
import type { PagerDuty } from '../pagerduty/directory.ts'
import { rulesInForce } from '../pagerduty/service-rules.ts'
import {
  type IncidentAlerts,
  type IncidentMatch,
  type ReceivedIncident,
  receivedIncidentIn,
  speaksOf,
  unmatchedIncidents,
} from './incidents.ts'

/** Where an endpoint's key leads, as far as a token can tell. */
export interface Destination {
  /** Undefined: not found, or the orchestration decides. */
  readonly service: Service | undefined
  readonly onCall: readonly string[]
  /** False: nothing that the token shows has this key. */
  readonly known: boolean
  /** Known reasons why no incident will open. */
  readonly preflight: readonly string[]
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
  readonly destination: Destination
  readonly before: IncidentsBefore
  readonly began: Date
  readonly trace: IncidentMatch
}

/** Clocks of this machine and of PagerDuty may differ so much (milliseconds). */
const SKEW_MS = 120_000

/** Incidents older than this are not looked through for a stale one (milliseconds). */
const LOOK_BACK_MS = 30 * 24 * 3_600_000

/** Enough for one round of probes; a busy account has more, and the drill's is among the newest. */
const ALERTS_READ = 10

/** Where a message goes when the endpoint cannot be read: any incident of the account may be the one. */
export function somewhere(subscription: Reading<unknown>): Destination {
  const why = subscription.state === 'unreadable' ? ` (its subscriptions cannot be read: ${subscription.why})` : ''
  return {
    service: undefined,
    onCall: [],
    known: true,
    preflight: [],
    paged: `whoever is on call behind the topic${why}`,
  }
}

/** Finds where the subscription leads. Throws `AppError` when PagerDuty refuses the token. */
export async function findDestination(
  pagerDuty: PagerDuty,
  subscription: Reading<SubscriptionSnapshot | undefined>,
): Promise<Destination> {
  const endpoint = valueIfRead(subscription)?.endpoint
  if (endpoint === undefined) return somewhere(subscription)
  const { shape, key } = partsOf(endpoint)
  const service = await serviceWithKey(pagerDuty, key)
  if (service !== undefined) return serviceDestination(pagerDuty, service, shape === 'x-ere')
  const orchestration = shape === 'x-ere' ? await orchestrationWithKey(pagerDuty, key) : undefined
  if (orchestration === undefined) {
    const paged = 'whomever PagerDuty routes it to (no service that the token shows has this key)'
    return { service: undefined, onCall: [], known: false, preflight: [], paged }
  }
  const router = await pagerDuty.router(orchestration.id)
  const targets = [...router.rules.filter(({ disabled }) => !disabled).map(({ routeTo }) => routeTo), router.catchAll]
  const services = [...new Set(targets.filter((id) => id !== undefined))]
  const unrouted =
    router.catchAll === undefined
      ? [`orchestration "${orchestration.name}" leaves what no rule takes unrouted, which opens no incident`]
      : []
  const [only] = services
  if (services.length === 1 && only !== undefined) {
    const target = await pagerDuty.service(only)
    const certain = target === undefined ? undefined : await serviceDestination(pagerDuty, target, true)
    if (certain !== undefined) return { ...certain, preflight: [...certain.preflight, ...unrouted] }
  }
  const paged = `whomever orchestration "${orchestration.name}" routes it to (${services.length} services)`
  return { service: undefined, onCall: [], known: true, preflight: unrouted, paged }
}

/** What is open or recent before anything is sent. */
export async function incidentsBefore(
  pagerDuty: PagerDuty,
  service: Service | undefined,
  now: Date,
): Promise<IncidentsBefore> {
  const scope = service === undefined ? {} : { serviceIds: [service.id] }
  const since = new Date(now.getTime() - LOOK_BACK_MS)
  const [open, recent] = await Promise.all([
    pagerDuty.incidents({ ...scope, since, statuses: ['triggered', 'acknowledged'] }),
    pagerDuty.incidents({ ...scope, since: new Date(now.getTime() - SKEW_MS) }),
  ])
  return { known: new Set([...open.items, ...recent.items].map(({ id }) => id)), open: open.items }
}

/** An open incident of this alarm: the next ALARM would join it and page nobody (field case C14). */
export function staleIncident({ open }: IncidentsBefore, alarm: string): Incident | undefined {
  return open.find(({ title }) => speaksOf(title, alarm))
}

/** Where the ALARM has arrived so far. */
export async function findReceivedIncident(watch: IncidentWatch): Promise<ReceivedIncident | undefined> {
  const { pagerDuty, before, trace } = watch
  const fresh = (await incidentsSince(watch)).filter(({ id }) => !before.known.has(id))
  const seen = await withAlerts(pagerDuty, [...fresh, ...before.open].slice(0, ALERTS_READ))
  return receivedIncidentIn(seen, trace, before.known) ?? (await mergedInto(watch))
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
export function timeoutReason({ preflight, known }: Destination): string {
  if (preflight.length > 0) return `no incident opened: ${preflight.join('; ')}`
  if (!known)
    return 'no incident opened; the token shows neither a service nor an orchestration with this key: was it deleted?'
  return (
    'no incident opened; PagerDuty does not tell why. Usual causes: the key belongs to another type of integration, ' +
    'a rule suppresses or pauses the alert, auto-pause holds it back until it resolves'
  )
}

function incidentsSince({ pagerDuty, destination, began }: IncidentWatch): Promise<readonly Incident[]> {
  const scope = destination.service === undefined ? {} : { serviceIds: [destination.service.id] }
  return pagerDuty.incidents({ ...scope, since: new Date(began.getTime() - SKEW_MS) }).then(({ items }) => items)
}

/** One after another, as PagerDuty asks of whoever polls (REST API overview, rate limits). */
async function withAlerts(pagerDuty: PagerDuty, incidents: readonly Incident[]): Promise<readonly IncidentAlerts[]> {
  const all: IncidentAlerts[] = []
  for (const incident of incidents) all.push({ incident, alerts: await pagerDuty.alerts(incident.id) })
  return all
}

/** A trigger with the key of an open alert only leaves a log entry (Events API, deduplication). */
async function mergedInto({ pagerDuty, before, began, trace }: IncidentWatch): Promise<ReceivedIncident | undefined> {
  for (const incident of before.open.slice(0, ALERTS_READ)) {
    const entries = await pagerDuty.logEntries(incident.id)
    const merged = entries.some(
      ({ type, createdAt, summary }) =>
        type === 'trigger_log_entry' &&
        createdAt !== undefined &&
        createdAt.getTime() >= began.getTime() &&
        speaksOf(summary, trace.alarm),
    )
    if (!merged) continue
    const alerts = await pagerDuty.alerts(incident.id)
    const alert = alerts.find(({ key, summary }) => key === trace.alarm || speaksOf(summary, trace.alarm))
    return { how: 'joined', incident, alert }
  }
  return undefined
}

async function serviceWithKey(pagerDuty: PagerDuty, key: Secret): Promise<Service | undefined> {
  const { items } = await pagerDuty.services()
  for (const service of items) {
    const integrations = await pagerDuty.integrationsOf(service.id)
    if (integrations.some((integration) => integration.key?.equals(key))) return service
  }
  return undefined
}

async function orchestrationWithKey(pagerDuty: PagerDuty, key: Secret) {
  const { items } = await pagerDuty.orchestrations()
  for (const orchestration of items) {
    const integrations = await pagerDuty.orchestrationIntegrations(orchestration.id)
    if (integrations.some((integration) => integration.key?.equals(key))) return orchestration
  }
  return undefined
}

async function serviceDestination(pagerDuty: PagerDuty, service: Service, orchestrated: boolean): Promise<Destination> {
  const policy = service.escalationPolicyId
  const [onCall, windows, rules] = await Promise.all([
    policy === undefined ? [] : optional(() => pagerDuty.onCall(policy), []),
    optional(() => pagerDuty.maintenanceWindows(service.id), []),
    orchestrated ? optional(() => rulesInForce(pagerDuty, service.id), undefined) : undefined,
  ])
  const first = Math.min(...onCall.map(({ level }) => level ?? 1))
  const names = [...new Set(onCall.filter(({ level }) => (level ?? 1) === first).map(({ name }) => name))]
  const suppressing =
    rules?.catchAll.suppress === true ? [`the catch-all rule of service "${service.name}" suppresses`] : []
  const suspending =
    rules?.catchAll.suspendSeconds === undefined
      ? []
      : [`service "${service.name}" pauses alerts for ${rules.catchAll.suspendSeconds} s`]
  const preflight = [
    ...(service.status === 'disabled' ? [`service "${service.name}" is disabled`] : []),
    ...(service.status === 'maintenance' || windows.length > 0 ? [`service "${service.name}" is in maintenance`] : []),
    ...(policy !== undefined && names.length === 0 ? [`nobody is on call for service "${service.name}"`] : []),
    ...suppressing,
    ...suspending,
  ]
  const paged = `${names.length === 0 ? 'nobody that the token shows' : names.join(', ')} (on call for service "${service.name}")`
  return { service, onCall: names, known: true, preflight, paged }
}

/** What only explains may be forbidden to the token; what the drill rests on may not. */
async function optional<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof AppError) return otherwise
    throw error
  }
}

function partsOf(endpoint: Secret): { readonly shape: 'x-ere' | 'enqueue'; readonly key: Secret } {
  const [shape, key = ''] = new URL(endpoint.reveal()).pathname.split('/').filter((part) => part !== '')
  return { shape: shape === 'x-ere' ? 'x-ere' : 'enqueue', key: new Secret(key) }
}
