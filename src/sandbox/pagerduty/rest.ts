/** The sandbox's PagerDuty REST API: the paths that the tool calls, over one state. */

import type { PagerDutyState, SandboxService } from './state.ts'
import { lasts, nextId, nextIntegrationKey, nextRoutingKey } from './state.ts'
import {
  showAlert,
  showIncident,
  showIntegration,
  showKey,
  showLogEntry,
  showNote,
  showOrchestration,
  showPolicy,
  showRouter,
  showRuleset,
  showService,
  showServiceOrchestration,
  showWindow,
} from './views.ts'

export interface RestCall {
  readonly method: string
  readonly url: URL
  /** The header as it came. */
  readonly authorization: string
  readonly body: string
  /** ISO 8601. */
  readonly at: string
  /** The most items of one page. */
  readonly pageSize: number
}

export interface RestAnswer {
  readonly status: number
  readonly body?: unknown
}

type Answering = (state: PagerDutyState, call: RestCall, ...ids: readonly string[]) => RestAnswer

/** Method and path, `:` standing for one segment; the first that fits answers. */
const PATHS: readonly (readonly [method: string, path: string, answering: Answering])[] = [
  ['GET', '/abilities', (state) => ok({ abilities: state.abilities })],
  ['GET', '/services', listServices],
  ['POST', '/services', createService],
  ['GET', '/services/:', getService],
  ['POST', '/services/:/integrations', createIntegration],
  ['DELETE', '/services/:/integrations/:', deleteIntegration],
  ['GET', '/vendors', (state, call) => page(call, 'vendors', state.vendors)],
  ['GET', '/escalation_policies', listPolicies],
  ['GET', '/oncalls', listOnCalls],
  ['GET', '/maintenance_windows', listWindows],
  ['GET', '/rulesets', (state, call) => page(call, 'rulesets', state.rulesets.map(showRuleset))],
  ['GET', '/event_orchestrations', listOrchestrations],
  ['GET', '/event_orchestrations/services/:', getServiceOrchestration],
  ['GET', '/event_orchestrations/services/:/active', getServiceOrchestrationActive],
  ['GET', '/event_orchestrations/:/integrations', listKeys],
  ['POST', '/event_orchestrations/:/integrations', createKey],
  ['GET', '/event_orchestrations/:/router', getRouter],
  ['GET', '/incidents', listIncidents],
  ['GET', '/incidents/:/alerts', listAlerts],
  ['GET', '/incidents/:/log_entries', listLogEntries],
  ['GET', '/incidents/:/notes', listNotes],
  ['POST', '/incidents/:/notes', createNote],
]

/** Answers one call; a write changes `state` in place. */
export function answer(state: PagerDutyState, call: RestCall): RestAnswer {
  const token = state.tokens.find(({ kind, value }) => {
    return call.authorization === (kind === 'bearer' ? `Bearer ${value}` : `Token token=${value}`)
  })
  if (token === undefined) return failure(401, 2006, 'Authentication failed')
  if (token.readOnly && call.method !== 'GET') return failure(403, 2010, 'Access denied')
  for (const [method, path, answering] of PATHS) {
    const ids = method === call.method ? idsIn(path, call.url.pathname) : undefined
    if (ids !== undefined) return answering(state, call, ...ids)
  }
  return missing()
}

function idsIn(pattern: string, path: string): readonly string[] | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/').map(decodeURIComponent)
  if (wanted.length !== given.length || wanted.some((part, at) => part !== ':' && part !== given[at])) return undefined
  return given.filter((_, at) => wanted[at] === ':')
}

function listServices(state: PagerDutyState, call: RestCall): RestAnswer {
  return page(
    call,
    'services',
    byName(call, state.services).map((service) => ({
      ...showAs(state, call, service),
      integrations: integrationsOf(state, call, service.id),
    })),
  )
}

function showAs(state: PagerDutyState, { at }: RestCall, service: SandboxService): object {
  return showService(service, statusOf(state, service, at))
}

/** As PagerDuty has it: the worst open incident shows in the status of the service. */
function statusOf(state: PagerDutyState, { id, status }: SandboxService, at: string): string {
  if (status === 'disabled') return status
  if (state.maintenanceWindows.some((window) => window.serviceIds.includes(id) && lasts(window, at)))
    return 'maintenance'
  const open = state.incidents.filter((incident) => incident.serviceId === id && incident.status !== 'resolved')
  if (open.some((incident) => incident.status === 'triggered')) return 'critical'
  return open.length > 0 ? 'warning' : status
}

function getService(state: PagerDutyState, call: RestCall, id = ''): RestAnswer {
  const service = findService(state, id)
  if (service === undefined) return missing()
  return ok({ service: { ...showAs(state, call, service), integrations: integrationsOf(state, call, id) } })
}

/** Without `include[]` the list holds mere references, which carry no key. */
function integrationsOf(state: PagerDutyState, { url }: RestCall, id: string): readonly object[] {
  const whole = url.searchParams.getAll('include[]').includes('integrations')
  return state.integrations
    .filter(({ serviceId }) => serviceId === id)
    .map((each) => (whole ? showIntegration(each) : { id: each.id, type: `${each.type}_reference` }))
}

function createService(state: PagerDutyState, call: RestCall): RestAnswer {
  const wanted = sent(call, 'service')
  const policy = state.escalationPolicies.find(({ id }) => id === idOf(wanted.escalation_policy))
  if (typeof wanted.name !== 'string' || policy === undefined) return invalid('name and escalation policy are needed')
  if (state.services.some(({ name }) => name === wanted.name)) return invalid('Name has already been taken')
  const service: SandboxService = {
    id: nextId(state),
    name: wanted.name,
    status: 'active',
    escalationPolicyId: policy.id,
  }
  state.services.push(service)
  return { status: 201, body: { service: showAs(state, call, service) } }
}

function createIntegration(state: PagerDutyState, call: RestCall, serviceId = ''): RestAnswer {
  const wanted = sent(call, 'integration')
  if (findService(state, serviceId) === undefined) return missing()
  const vendorId = idOf(wanted.vendor) ?? null
  const known = vendorId === null || state.vendors.some(({ id }) => id === vendorId)
  if (typeof wanted.name !== 'string' || typeof wanted.type !== 'string' || !known)
    return invalid('Invalid integration')
  const integration = {
    id: nextId(state),
    serviceId,
    type: wanted.type,
    name: wanted.name,
    vendorId,
    key: nextIntegrationKey(state),
  }
  state.integrations.push(integration)
  return { status: 201, body: { integration: showIntegration(integration) } }
}

function deleteIntegration(state: PagerDutyState, _call: RestCall, serviceId = '', id = ''): RestAnswer {
  const at = state.integrations.findIndex((each) => each.id === id && each.serviceId === serviceId)
  if (at < 0) return missing()
  state.integrations.splice(at, 1)
  return { status: 204 }
}

function listPolicies(state: PagerDutyState, call: RestCall): RestAnswer {
  return page(call, 'escalation_policies', byName(call, state.escalationPolicies).map(showPolicy))
}

function listOnCalls(state: PagerDutyState, call: RestCall): RestAnswer {
  const ids = call.url.searchParams.getAll('escalation_policy_ids[]')
  const oncalls = state.escalationPolicies
    .filter(({ id }) => ids.length === 0 || ids.includes(id))
    .flatMap((policy) =>
      policy.onCallUserIds.map((userId, at) => ({
        user: { id: userId, summary: state.users.find(({ id }) => id === userId)?.name },
        escalation_policy: { id: policy.id },
        escalation_level: at + 1,
        start: null,
        end: null,
      })),
    )
  return page(call, 'oncalls', oncalls)
}

function listWindows(state: PagerDutyState, call: RestCall): RestAnswer {
  const ids = call.url.searchParams.getAll('service_ids[]')
  const ongoing = call.url.searchParams.get('filter') === 'ongoing'
  const windows = state.maintenanceWindows
    .filter(({ serviceIds }) => ids.length === 0 || serviceIds.some((id) => ids.includes(id)))
    .filter((window) => !ongoing || lasts(window, call.at))
  return page(call, 'maintenance_windows', windows.map(showWindow))
}

function listOrchestrations(state: PagerDutyState, call: RestCall): RestAnswer {
  return page(call, 'orchestrations', state.orchestrations.map(showOrchestration))
}

function listKeys(state: PagerDutyState, _call: RestCall, id = ''): RestAnswer {
  const orchestration = state.orchestrations.find((each) => each.id === id)
  if (orchestration === undefined) return missing()
  const integrations = orchestration.integrations.map(showKey)
  return ok({ integrations, total: integrations.length })
}

function createKey(state: PagerDutyState, call: RestCall, id = ''): RestAnswer {
  const orchestration = state.orchestrations.find((each) => each.id === id)
  if (orchestration === undefined) return missing()
  const { label } = sent(call, 'integration')
  if (typeof label !== 'string' || orchestration.integrations.length >= 10) return invalid('Invalid integration')
  const integration = { id: nextId(state), label, key: nextRoutingKey(state) }
  orchestration.integrations.push(integration)
  return { status: 201, body: { integration: showKey(integration) } }
}

function getRouter(state: PagerDutyState, _call: RestCall, id = ''): RestAnswer {
  const orchestration = state.orchestrations.find((each) => each.id === id)
  return orchestration === undefined ? missing() : ok(showRouter(orchestration))
}

function getServiceOrchestration(state: PagerDutyState, _call: RestCall, id = ''): RestAnswer {
  if (findService(state, id) === undefined) return missing()
  const rules = state.serviceOrchestrations.find(({ serviceId }) => serviceId === id)
  return ok(showServiceOrchestration(id, rules?.suppress === true))
}

function getServiceOrchestrationActive(state: PagerDutyState, _call: RestCall, id = ''): RestAnswer {
  if (findService(state, id) === undefined) return missing()
  return ok({ active: state.serviceOrchestrations.find(({ serviceId }) => serviceId === id)?.active ?? true })
}

function listIncidents(state: PagerDutyState, call: RestCall): RestAnswer {
  const query = call.url.searchParams
  const services = query.getAll('service_ids[]')
  const statuses = query.getAll('statuses[]')
  const key = query.get('incident_key')
  const since = query.get('date_range') === 'all' ? Number.NaN : Date.parse(query.get('since') ?? '')
  const until = Date.parse(query.get('until') ?? '')
  const incidents = state.incidents
    .filter(({ serviceId }) => services.length === 0 || services.includes(serviceId))
    .filter(({ status }) => statuses.length === 0 || statuses.includes(status))
    .filter(({ createdAt }) => !(Date.parse(createdAt) < since) && !(Date.parse(createdAt) > until))
    .filter(({ id }) => key === null || state.alerts.some((alert) => alert.incidentId === id && alert.key === key))
    .toReversed()
  return page(call, 'incidents', incidents.map(showIncident))
}

function listAlerts(state: PagerDutyState, call: RestCall, id = ''): RestAnswer {
  return page(call, 'alerts', state.alerts.filter(({ incidentId }) => incidentId === id).map(showAlert))
}

function listLogEntries(state: PagerDutyState, call: RestCall, id = ''): RestAnswer {
  return page(call, 'log_entries', state.logEntries.filter(({ incidentId }) => incidentId === id).map(showLogEntry))
}

function listNotes(state: PagerDutyState, _call: RestCall, id = ''): RestAnswer {
  if (!state.incidents.some((incident) => incident.id === id)) return missing()
  return ok({ notes: (state.notes ?? []).filter(({ incidentId }) => incidentId === id).map(showNote) })
}

function createNote(state: PagerDutyState, call: RestCall, id = ''): RestAnswer {
  const { content } = sent(call, 'note')
  if (!state.incidents.some((incident) => incident.id === id)) return missing()
  if (state.tokens.some(({ value, ofAccount }) => ofAccount === true && call.authorization.endsWith(value))) {
    return invalid('You must specify a user\'s email address in the "From" header to perform this action')
  }
  if (typeof content !== 'string' || content === '') return invalid('Content cannot be empty')
  const note = { id: nextId(state), incidentId: id, content, createdAt: call.at }
  state.notes = [...(state.notes ?? []), note]
  return { status: 201, body: { note: showNote(note) } }
}

/** Classic paging: `limit` is echoed as used, and nothing lies beyond 10,000. */
function page(call: RestCall, key: string, items: readonly unknown[]): RestAnswer {
  const asked = Number(call.url.searchParams.get('limit') ?? 25)
  const offset = Number(call.url.searchParams.get('offset') ?? 0)
  if (!(asked > 0 && offset >= 0 && offset + asked <= 10_000)) return invalid('Offset must be less than 10,000')
  const limit = Math.min(asked, call.pageSize)
  const shown = items.slice(offset, offset + limit)
  return ok({ [key]: shown, limit, offset, more: offset + limit < items.length, total: null })
}

function byName<T extends { readonly name: string }>({ url }: RestCall, items: readonly T[]): readonly T[] {
  const query = (url.searchParams.get('query') ?? '').toLowerCase()
  return items.filter(({ name }) => name.toLowerCase().includes(query))
}

function findService(state: PagerDutyState, id: string): SandboxService | undefined {
  return state.services.find((service) => service.id === id)
}

function sent(call: RestCall, key: string): Readonly<Record<string, unknown>> {
  try {
    const body = JSON.parse(call.body) as Readonly<Record<string, Readonly<Record<string, unknown>>>> | null
    return body?.[key] ?? {}
  } catch {
    return {}
  }
}

function idOf(reference: unknown): string | undefined {
  const id = (reference as { readonly id?: unknown } | null | undefined)?.id
  return typeof id === 'string' ? id : undefined
}

function ok(body: unknown): RestAnswer {
  return { status: 200, body }
}

function missing(): RestAnswer {
  return failure(404, 2100, 'Not Found')
}

function invalid(why: string): RestAnswer {
  return { status: 400, body: { error: { message: 'Invalid Input Provided', code: 2001, errors: [why] } } }
}

function failure(status: number, code: number, message: string): RestAnswer {
  return { status, body: { error: { message, code } } }
}
