/** What is created in PagerDuty, and never twice: every creation looks first, and looks again when its answer is lost. */

import { AppError } from '../errors.ts'
import type { Integration, OrchestrationIntegration, Service } from './answers.ts'
import { readIntegration, readOrchestrationIntegration, readService } from './answers.ts'
import type { Connection } from './client/connection.ts'
import { recordAt } from './client/fields.ts'
import type { Listing } from './client/paginate.ts'
import type { Call } from './client/request.ts'
import { request } from './client/request.ts'

export interface Creator {
  /** An integration of this vendor under this name; the one that exists is taken. */
  createIntegration(
    serviceId: string,
    wanted: { readonly name: string; readonly vendorId: string },
  ): Promise<Created<Integration>>
  /** A service under exactly this name; the one that exists is taken, whatever its escalation policy. */
  createService(wanted: { readonly name: string; readonly escalationPolicyId: string }): Promise<Created<Service>>
  /** A routing key under exactly this label; the one that exists is taken. */
  createOrchestrationIntegration(orchestrationId: string, label: string): Promise<Created<OrchestrationIntegration>>
}

export interface Created<T> {
  readonly item: T
  /** False: it was there already. */
  readonly created: boolean
}

interface Reads {
  services(query?: string): Promise<Listing<Service>>
  integrationsOf(serviceId: string): Promise<readonly Integration[]>
  orchestrationIntegrations(orchestrationId: string): Promise<readonly OrchestrationIntegration[]>
}

/** In practice both are accepted for a vendor; the first is the one that PagerDuty's reference lists. */
const VENDOR_TYPES = ['event_transformer_api_inbound_integration', 'service_integration'] as const

export function creator(to: Connection, reads: Reads): Creator {
  return {
    createIntegration: (serviceId, { name, vendorId }) =>
      createOnce(
        async () =>
          (await reads.integrationsOf(serviceId)).find((each) => each.name === name && each.vendorId === vendorId),
        async () => readIntegration(recordAt(await postIntegration(to, serviceId, name, vendorId), 'integration')),
      ),
    createService: ({ name, escalationPolicyId }) =>
      createOnce(
        async () => (await reads.services(name)).items.find((each) => each.name === name),
        async () => readService(recordAt(await request(to, newService(name, escalationPolicyId)), 'service')),
      ),
    createOrchestrationIntegration: (id, label) =>
      createOnce(
        async () => (await reads.orchestrationIntegrations(id)).find((each) => each.label === label),
        async () => readOrchestrationIntegration(recordAt(await request(to, newKey(id, label)), 'integration')),
      ),
  }
}

async function createOnce<T>(
  find: () => Promise<T | undefined>,
  post: () => Promise<T | undefined>,
): Promise<Created<T>> {
  const existing = await find()
  if (existing !== undefined) return { item: existing, created: false }
  try {
    const item = (await post()) ?? (await find())
    if (item !== undefined) return { item, created: true }
  } catch (error) {
    if (!(error instanceof AppError && isUncertain(error))) throw error
    // PagerDuty knows no idempotency key: only a look tells whether the lost answer was a yes.
    const item = await findQuietly(find)
    if (item === undefined) throw error
    return { item, created: true }
  }
  throw new AppError(
    'pagerduty-unreadable',
    'the response from PagerDuty does not contain the resource that was to be created',
    {
      hint: 'run the command again: it uses what already exists',
    },
  )
}

/** Failures after which the creation may have happened all the same. */
function isUncertain({ code }: AppError): boolean {
  return ['unavailable', 'unreadable', 'timeout', 'unreachable'].some((end) => code === `pagerduty-${end}`)
}

/** The first failure says more than that of the look after it. */
async function findQuietly<T>(find: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await find()
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

async function postIntegration(to: Connection, serviceId: string, name: string, vendorId: string): Promise<unknown> {
  const [first, second] = VENDOR_TYPES
  try {
    return await request(to, newIntegration(serviceId, name, vendorId, first))
  } catch (error) {
    // A rejected request made nothing, so the other spelling is safe to try.
    if (!(error instanceof AppError && error.code === 'pagerduty-rejected')) throw error
    return request(to, newIntegration(serviceId, name, vendorId, second))
  }
}

function newIntegration(serviceId: string, name: string, vendorId: string, type: string): Call {
  const integration = { type, name, vendor: { id: vendorId, type: 'vendor_reference' } }
  return { method: 'POST', path: ['services', serviceId, 'integrations'], body: { integration } }
}

function newService(name: string, escalationPolicyId: string): Call {
  const policy = { id: escalationPolicyId, type: 'escalation_policy_reference' }
  const service = { type: 'service', name, escalation_policy: policy, alert_creation: 'create_alerts_and_incidents' }
  return { method: 'POST', path: ['services'], body: { service } }
}

function newKey(orchestrationId: string, label: string): Call {
  return {
    method: 'POST',
    path: ['event_orchestrations', orchestrationId, 'integrations'],
    body: { integration: { label } },
  }
}
