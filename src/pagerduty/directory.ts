/** Questions to one PagerDuty account, with typed answers. */

import { AppError, EXIT } from '../errors.ts'
import type {
  Alert,
  Incident,
  Integration,
  LogEntry,
  MaintenanceWindow,
  Named,
  OnCall,
  Orchestration,
  OrchestrationIntegration,
  Router,
  Ruleset,
  Service,
  ServiceOrchestration,
} from './answers.ts'
import {
  readAlert,
  readIncident,
  readIntegration,
  readLogEntry,
  readMaintenanceWindow,
  readNamed,
  readOnCall,
  readOrchestration,
  readOrchestrationIntegration,
  readRouter,
  readRuleset,
  readService,
  readServiceOrchestration,
} from './answers.ts'
import type { Connection, PagerDutyOptions } from './client/connection.ts'
import { connection } from './client/connection.ts'
import { asRecord, asText, listAt, recordAt, textAt } from './client/fields.ts'
import type { Listing } from './client/paginate.ts'
import { listed, paginate } from './client/paginate.ts'
import type { Call } from './client/request.ts'
import { request } from './client/request.ts'
import type { Creator } from './create.ts'
import { creator } from './create.ts'

/** PagerDuty's own names of the two vendors whose integrations take alarms. */
export type AlarmVendor = 'AWS CloudTrail' | 'Amazon CloudWatch'

export interface IncidentQuery {
  readonly serviceIds?: readonly string[]
  /** Six months before `until` at most; absent: since ever. */
  readonly since?: Date
  /** Of an alert in it, exactly: its deduplication key (List incidents API reference, `incident_key`). */
  readonly key?: string
  readonly until?: Date
  readonly statuses?: readonly ('triggered' | 'acknowledged' | 'resolved')[]
}

export interface ServiceWithIntegrations extends Service {
  readonly integrations: readonly Integration[]
}

/**
 * One account. Every method throws `AppError` (`pagerduty-…`) or the signal's reason; a thing asked for by id or name
 * that does not exist is `undefined`.
 */
export interface PagerDuty extends Creator {
  /** Names of the account's abilities; the cheapest proof that the token works. */
  abilities(): Promise<readonly string[]>
  /** `query` is part of the name. */
  services(query?: string): Promise<Listing<Service>>
  /** By id, by exact name, or by a name that differs in case only; two candidates are an error. */
  service(idOrName: string): Promise<Service | undefined>
  integrationsOf(serviceId: string): Promise<readonly Integration[]>
  /** All services, each with its integrations, in as few calls as there are pages. */
  servicesWithIntegrations(): Promise<Listing<ServiceWithIntegrations>>
  vendorByName(name: AlarmVendor): Promise<Named | undefined>
  escalationPolicies(query?: string): Promise<Listing<Named>>
  orchestrations(): Promise<Listing<Orchestration>>
  orchestrationIntegrations(orchestrationId: string): Promise<readonly OrchestrationIntegration[]>
  router(orchestrationId: string): Promise<Router>
  serviceOrchestration(serviceId: string): Promise<ServiceOrchestration>
  /** False: the service still runs its old event rules; undefined: not told. */
  serviceOrchestrationActive(serviceId: string): Promise<boolean | undefined>
  rulesets(): Promise<Listing<Ruleset>>
  /** Who is on call now, first level first. Nobody: PagerDuty opens no incident. */
  onCall(escalationPolicyId: string): Promise<readonly OnCall[]>
  /** Those that last now. */
  maintenanceWindows(serviceId: string): Promise<readonly MaintenanceWindow[]>
  /** Newest first. */
  incidents(query: IncidentQuery): Promise<Listing<Incident>>
  alerts(incidentId: string): Promise<readonly Alert[]>
  logEntries(incidentId: string): Promise<readonly LogEntry[]>
  /** What each note of an incident says. */
  notes(incidentId: string): Promise<readonly string[]>
  createNote(incidentId: string, content: string): Promise<void>
  /** Whether there was one to delete. The path is used by clients and not part of PagerDuty's published schema. */
  deleteIntegration(serviceId: string, integrationId: string): Promise<boolean>
}

/** Checks the form of token and address, and calls nothing yet. */
export function connectPagerDuty(options: PagerDutyOptions): PagerDuty {
  const to = connection(options)
  const reads = { ...serviceReads(to), ...routingReads(to), ...incidentReads(to) }
  return { ...reads, ...creator(to, reads) }
}

type ServiceReads = Pick<
  PagerDuty,
  | 'abilities'
  | 'services'
  | 'service'
  | 'integrationsOf'
  | 'servicesWithIntegrations'
  | 'vendorByName'
  | 'escalationPolicies'
  | 'deleteIntegration'
>

function serviceReads(to: Connection): ServiceReads {
  async function integrationsOf(serviceId: string): Promise<readonly Integration[]> {
    const call = { path: ['services', serviceId], query: { 'include[]': 'integrations' } }
    return listed(recordAt(await request(to, call), 'service'), 'integrations', call, readIntegration)
  }
  // Hundreds, and the same for every account: one look is enough.
  let vendors: Promise<Listing<Named>> | undefined
  return {
    async abilities() {
      const call = { path: ['abilities'] }
      return listed(await request(to, call), 'abilities', call, asText)
    },
    services: (query) => paginate(to, { path: ['services'], query: nameQuery(query) }, 'services', readService),
    service: (idOrName) => findService(to, idOrName),
    integrationsOf,
    async servicesWithIntegrations() {
      const call = { path: ['services'], query: { ...nameQuery(undefined), 'include[]': 'integrations' } }
      const { items, complete } = await paginate(to, call, 'services', readServiceWithIntegrations)
      const whole: ServiceWithIntegrations[] = []
      for (const service of items) {
        // A list of mere references has no keys; then each service is asked.
        const bare = service.integrations.some(({ type }) => type?.endsWith('_reference'))
        whole.push(bare ? { ...service, integrations: await integrationsOf(service.id) } : service)
      }
      return { items: whole, complete }
    },
    async vendorByName(name) {
      vendors ??= paginate(to, { path: ['vendors'] }, 'vendors', readNamed).catch((error: unknown) => {
        vendors = undefined
        throw error
      })
      return pickByName((await vendors).items, name, 'vendor')
    },
    escalationPolicies: (query) =>
      paginate(to, { path: ['escalation_policies'], query: nameQuery(query) }, 'escalation_policies', readNamed),
    async deleteIntegration(serviceId, integrationId) {
      const call: Call = { method: 'DELETE', path: ['services', serviceId, 'integrations', integrationId] }
      return (await unlessMissing(async () => ({ deleted: await request(to, call) }))) !== undefined
    },
  }
}

type RoutingReads = Pick<
  PagerDuty,
  | 'orchestrations'
  | 'orchestrationIntegrations'
  | 'router'
  | 'serviceOrchestration'
  | 'serviceOrchestrationActive'
  | 'rulesets'
>

function routingReads(to: Connection): RoutingReads {
  const orchestration = (...path: readonly string[]) => request(to, { path: ['event_orchestrations', ...path] })
  return {
    orchestrations: () => paginate(to, { path: ['event_orchestrations'] }, 'orchestrations', readOrchestration),
    async orchestrationIntegrations(id) {
      // Not paged: an orchestration has ten integrations at most.
      const call = { path: ['event_orchestrations', id, 'integrations'] }
      return listed(await request(to, call), 'integrations', call, readOrchestrationIntegration)
    },
    router: async (id) => readRouter(await orchestration(id, 'router')),
    serviceOrchestration: async (id) => readServiceOrchestration(await orchestration('services', id)),
    async serviceOrchestrationActive(id) {
      const active = asRecord(await orchestration('services', id, 'active'))?.active
      return typeof active === 'boolean' ? active : undefined
    },
    rulesets: () => paginate(to, { path: ['rulesets'] }, 'rulesets', readRuleset),
  }
}

type IncidentReads = Pick<
  PagerDuty,
  'onCall' | 'maintenanceWindows' | 'incidents' | 'alerts' | 'logEntries' | 'notes' | 'createNote'
>

function incidentReads(to: Connection): IncidentReads {
  return {
    async onCall(policyId) {
      const call = { path: ['oncalls'], query: { 'escalation_policy_ids[]': policyId } }
      const { items } = await paginate(to, call, 'oncalls', readOnCall)
      return items.toSorted((a, b) => (a.level ?? Number.MAX_VALUE) - (b.level ?? Number.MAX_VALUE))
    },
    async maintenanceWindows(serviceId) {
      const call = { path: ['maintenance_windows'], query: { 'service_ids[]': serviceId, filter: 'ongoing' } }
      return (await paginate(to, call, 'maintenance_windows', readMaintenanceWindow)).items
    },
    incidents: (query) => paginate(to, { path: ['incidents'], query: incidentQuery(query) }, 'incidents', readIncident),
    alerts: async (id) => (await paginate(to, { path: ['incidents', id, 'alerts'] }, 'alerts', readAlert)).items,
    logEntries: async (id) =>
      (await paginate(to, { path: ['incidents', id, 'log_entries'] }, 'log_entries', readLogEntry)).items,
    async notes(id) {
      const call = { path: ['incidents', id, 'notes'] }
      return listed(await request(to, call), 'notes', call, (note) => textAt(note, 'content'))
    },
    async createNote(id, content) {
      try {
        await request(to, { method: 'POST', path: ['incidents', id, 'notes'], body: { note: { content } } })
      } catch (error) {
        // A key of the whole account has to name a user in the header `From` (PagerDuty REST API, Create a note).
        if (!(error instanceof AppError && error.code === 'pagerduty-rejected' && /\bFrom\b/.test(error.message)))
          throw error
        throw new AppError(error.code, error.message, {
          exit: error.exit,
          hint: "a note is a person's: use the API token of a user (My Profile, User Settings) instead of a key of the account",
        })
      }
    },
  }
}

function readServiceWithIntegrations(value: unknown): ServiceWithIntegrations | undefined {
  const service = readService(value)
  return service && { ...service, integrations: listAt(value, 'integrations', readIntegration) }
}

async function findService(to: Connection, idOrName: string): Promise<Service | undefined> {
  // PagerDuty's ids are capitals and digits; a name may look the same, so a miss is looked up as a name.
  if (/^[A-Z0-9]{5,20}$/.test(idOrName)) {
    const answer = await unlessMissing(() => request(to, { path: ['services', idOrName] }))
    const found = readService(recordAt(answer, 'service'))
    if (found !== undefined) return found
  }
  const call = { path: ['services'], query: nameQuery(idOrName) }
  return pickByName((await paginate(to, call, 'services', readService)).items, idOrName, 'service')
}

/** The exact name first, then the same in other case; never a mere part of it. */
export function pickByName<T extends Named>(items: readonly T[], name: string, kind: string): T | undefined {
  const exact = items.filter((item) => item.name === name)
  const alike = items.filter((item) => item.name.toLowerCase() === name.toLowerCase())
  const found = exact.length > 0 ? exact : alike
  if (found.length <= 1) return found[0]
  const ids = found.map(({ id }) => id).join(', ')
  throw new AppError('pagerduty-ambiguous', `PagerDuty has ${found.length} ${kind}s named "${name}": ${ids}`, {
    hint: `give the id of the ${kind} instead of its name`,
    exit: EXIT.usage,
  })
}

async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof AppError && error.code === 'pagerduty-not-found') return undefined
    throw error
  }
}

function nameQuery(query: string | undefined): Readonly<Record<string, string>> {
  return { sort_by: 'name', ...(query === undefined || query === '' ? {} : { query }) }
}

function incidentQuery({ serviceIds, since, until, statuses, key }: IncidentQuery): NonNullable<Call['query']> {
  return {
    sort_by: 'created_at:desc',
    ...(since === undefined ? { date_range: 'all' } : { since: since.toISOString() }),
    ...(key === undefined ? {} : { incident_key: key }),
    ...(until === undefined ? {} : { until: until.toISOString() }),
    ...(serviceIds === undefined ? {} : { 'service_ids[]': serviceIds }),
    ...(statuses === undefined ? {} : { 'statuses[]': statuses }),
  }
}
