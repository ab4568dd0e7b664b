/** What PagerDuty makes of one message from SNS: a subscription to confirm, an incident to open or resolve, or nothing. */

import type {
  IngestOutcome,
  PagerDutyState,
  SandboxIntegration,
  SandboxOrchestration,
  SandboxService,
} from './state.ts'
import { lasts, nextId } from './state.ts'
import { titleOf } from './titles.ts'

/** One POST to an ingest URL. */
export interface Delivery {
  readonly shape: 'integration' | 'x-ere'
  readonly key: string
  readonly body: string
  /** ISO 8601. */
  readonly at: string
}

type Outcome = Exclude<IngestOutcome, 'confirmed'>

export type Ingested = { readonly outcome: Outcome } | { readonly confirm: URL }

/** Where a key leads: a service with the integration that it is known by. */
interface Destination {
  readonly service: SandboxService
  readonly integrationId: string
  /** The service's own integration, which decides the title; undefined behind a routing key. */
  readonly integration: SandboxIntegration | undefined
  /** False: the event is taken as it is, so nothing pairs an OK with its ALARM. */
  readonly understandsAlarms: boolean
  readonly suppress: boolean
}

interface Envelope {
  readonly type: 'Notification' | 'SubscriptionConfirmation'
  readonly raw: Readonly<Record<string, unknown>>
}

interface Alarm {
  readonly action: 'trigger' | 'resolve'
  readonly key: string
  readonly title: string
  readonly details: unknown
}

/** An address of this machine alone, where the sandbox and the emulators answer: a message cannot make it call elsewhere. */
export function mayConfirm(url: URL): boolean {
  return url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
}

/** Takes the message into the account; changes `state` in place. */
export function ingest(state: PagerDutyState, delivery: Delivery): Ingested {
  const envelope = readEnvelope(delivery.body)
  if (envelope === undefined) return { outcome: 'not-an-envelope' }
  if (!isKnown(state, delivery)) return { outcome: 'unknown-key' }
  if (envelope.type === 'SubscriptionConfirmation') return confirmation(envelope)

  const destination = destinationOf(state, delivery, envelope)
  if (destination === undefined) return { outcome: 'unrouted' }
  const alarm = destination.understandsAlarms ? readAlarm(envelope, destination) : plainEvent(envelope, delivery)
  if (typeof alarm === 'string') return { outcome: alarm }
  if (alarm.action === 'resolve') return { outcome: resolveAlert(state, destination, alarm, delivery.at) }
  return { outcome: trigger(state, destination, alarm, delivery.at) }
}

/** Raw delivery leaves the alarm without its envelope, which PagerDuty drops (field case C03). */
function readEnvelope(body: string): Envelope | undefined {
  const raw = asRecord(parseJson(body))
  const type = raw?.Type
  if (raw === undefined || typeof raw.TopicArn !== 'string') return undefined
  return type === 'Notification' || type === 'SubscriptionConfirmation' ? { type, raw } : undefined
}

function confirmation(envelope: Envelope): Ingested {
  const address = envelope.raw.SubscribeURL
  if (typeof address !== 'string' || !URL.canParse(address)) return { outcome: 'not-confirmed' }
  const url = new URL(address)
  return mayConfirm(url) ? { confirm: url } : { outcome: 'not-confirmed' }
}

function isKnown(state: PagerDutyState, { shape, key }: Delivery): boolean {
  if (state.integrations.some((integration) => integration.key === key)) return true
  return shape === 'x-ere' && (orchestrationOf(state, key) ?? rulesetOf(state, key)) !== undefined
}

function destinationOf(state: PagerDutyState, delivery: Delivery, envelope: Envelope): Destination | undefined {
  const integration = state.integrations.find(({ key }) => key === delivery.key)
  if (integration !== undefined) {
    // Field case C06: a vendor's key behind x-ere is confirmed like any other, and leads nowhere.
    if (delivery.shape === 'x-ere' && integration.vendorId !== null) return undefined
    const found = serviceDestination(state, integration.serviceId, integration.id, delivery.shape === 'x-ere', true)
    return found && { ...found, integration }
  }
  const orchestration = orchestrationOf(state, delivery.key)
  const routed =
    orchestration === undefined ? rulesetOf(state, delivery.key)?.serviceId : route(orchestration, envelope)
  if (routed === undefined || routed === null) return undefined
  return serviceDestination(state, routed, delivery.key, true, orchestration?.understandsAlarms ?? true)
}

function serviceDestination(
  state: PagerDutyState,
  serviceId: string,
  integrationId: string,
  orchestrated: boolean,
  understandsAlarms: boolean,
): Destination | undefined {
  const service = state.services.find(({ id }) => id === serviceId)
  if (service === undefined) return undefined
  const rules = state.serviceOrchestrations.find((each) => each.serviceId === serviceId)
  const suppress = orchestrated && rules?.active === true && rules.suppress
  return { service, integrationId, integration: undefined, understandsAlarms, suppress }
}

function orchestrationOf(state: PagerDutyState, key: string): SandboxOrchestration | undefined {
  return state.orchestrations.find(({ integrations }) => integrations.some((integration) => integration.key === key))
}

function rulesetOf(state: PagerDutyState, key: string): PagerDutyState['rulesets'][number] | undefined {
  return state.rulesets.find((ruleset) => ruleset.key === key)
}

function route(orchestration: SandboxOrchestration, envelope: Envelope): string | undefined {
  const rule = orchestration.rules.find(
    ({ disabled, conditions }) =>
      !disabled && (conditions.length === 0 || conditions.some((condition) => holds(condition, envelope))),
  )
  const target = rule?.routeTo ?? orchestration.catchAll
  return target === 'unrouted' ? undefined : target
}

/** The part of PagerDuty's condition language that routing an alarm needs; any other condition never holds. */
function holds(condition: string, envelope: Envelope): boolean {
  const parts = /^raw_event\.(\w+) matches( part)? '([^']*)'$/.exec(condition.trim())
  const value = envelope.raw[parts?.[1] ?? '']
  if (parts === null || typeof value !== 'string') return false
  const [, , part, wanted = ''] = parts
  return part === undefined ? value === wanted : value.includes(wanted)
}

function readAlarm({ raw }: Envelope, { integration }: Destination): Alarm | 'not-an-alarm' | 'subject-disagrees' {
  const message = asRecord(parseJson(raw.Message))
  const state = message?.NewStateValue
  if (message === undefined || (state !== 'ALARM' && state !== 'OK' && state !== 'INSUFFICIENT_DATA')) {
    return 'not-an-alarm'
  }
  const subject = typeof raw.Subject === 'string' ? raw.Subject : ''
  if (!subject.startsWith(`${state}: `)) return 'subject-disagrees'
  const name = typeof message.AlarmName === 'string' ? message.AlarmName : subject
  // CloudWatch guide, FAQ: INSUFFICIENT_DATA triggers and never resolves; the alarm's name is the deduplication key.
  return {
    action: state === 'OK' ? 'resolve' : 'trigger',
    key: name,
    title: titleOf(integration, message, subject),
    details: message,
  }
}

function plainEvent({ raw }: Envelope, { at }: Delivery): Alarm {
  const title = typeof raw.Subject === 'string' ? raw.Subject : 'Event from Amazon SNS'
  const id = typeof raw.MessageId === 'string' ? raw.MessageId : at
  return { action: 'trigger', key: id, title, details: { Message: raw.Message } }
}

/** What a trigger leaves in the log, whatever its title is (samples in PagerDuty's REST API reference). */
const TRIGGERED = 'Triggered through the API'

function trigger(state: PagerDutyState, to: Destination, alarm: Alarm, at: string): Outcome {
  const refusal = refusalOf(state, to, at)
  if (refusal !== undefined) return refusal
  const open = openAlert(state, to, alarm.key)
  if (open !== undefined) {
    addLogEntry(state, open.incidentId, to.service.id, 'trigger_log_entry', TRIGGERED, at)
    return 'merged'
  }
  const incidentId = nextId(state)
  const number = state.incidents.length + 1
  state.incidents.push({
    id: incidentId,
    number,
    title: alarm.title,
    status: 'triggered',
    serviceId: to.service.id,
    createdAt: at,
    resolvedAt: null,
  })
  state.alerts.push({
    id: nextId(state),
    incidentId,
    serviceId: to.service.id,
    integrationId: to.integrationId,
    summary: alarm.title,
    status: 'triggered',
    key: alarm.key,
    createdAt: at,
    details: alarm.details,
  })
  addLogEntry(state, incidentId, to.service.id, 'trigger_log_entry', TRIGGERED, at)
  addLogEntry(state, incidentId, to.service.id, 'notify_log_entry', 'Notified the responder on call', at)
  return 'opened'
}

function refusalOf(state: PagerDutyState, { service, suppress }: Destination, at: string): Outcome | undefined {
  if (suppress) return 'suppressed'
  if (service.status === 'disabled') return 'service-disabled'
  const maintained = state.maintenanceWindows.some((each) => each.serviceIds.includes(service.id) && lasts(each, at))
  if (maintained) return 'in-maintenance'
  const policy = state.escalationPolicies.find(({ id }) => id === service.escalationPolicyId)
  return policy === undefined || policy.onCallUserIds.length === 0 ? 'nobody-on-call' : undefined
}

function resolveAlert(state: PagerDutyState, to: Destination, alarm: Alarm, at: string): Outcome {
  const alert = openAlert(state, to, alarm.key)
  if (alert === undefined) return 'nothing-to-resolve'
  alert.status = 'resolved'
  const incident = state.incidents.find(({ id }) => id === alert.incidentId)
  if (incident !== undefined) {
    incident.status = 'resolved'
    incident.resolvedAt = at
  }
  addLogEntry(state, alert.incidentId, to.service.id, 'resolve_log_entry', 'Resolved through the API', at)
  return 'resolved'
}

/** A resolve by another key than the trigger's finds nothing (Events API, resolve events). */
function openAlert(state: PagerDutyState, to: Destination, key: string): PagerDutyState['alerts'][number] | undefined {
  return state.alerts.find(
    (alert) =>
      alert.status === 'triggered' &&
      alert.key === key &&
      alert.serviceId === to.service.id &&
      alert.integrationId === to.integrationId,
  )
}

function addLogEntry(
  state: PagerDutyState,
  incidentId: string,
  serviceId: string,
  type: PagerDutyState['logEntries'][number]['type'],
  summary: string,
  at: string,
): void {
  state.logEntries.push({ id: nextId(state), incidentId, serviceId, type, summary, createdAt: at })
}

function parseJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}
