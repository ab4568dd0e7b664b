/** Services, orchestrations and integrations in PagerDuty: finds what a wish names, and makes what is missing. */

import type { ApplyContext, LinkHandler, PagerDutyContext } from '../aws/resources/handler.ts'
import type { PagerDutyDestination } from '../domain/destination.ts'
import type { IntegrationSpec } from '../domain/resources.ts'
import { readRoute, type ServiceRegion } from '../domain/route.ts'
import type { Secret } from '../domain/secret.ts'
import type { EndpointReading, PagerDutyObjects } from '../domain/snapshot.ts'
import { AppError, EXIT, usage } from '../errors.ts'
import type { Integration, Named, Service } from './answers.ts'
import type { AlarmVendor, PagerDuty } from './directory.ts'
import { pickByName } from './directory.ts'
import { orchestrationOnCall, serviceOnCall } from './on-call.ts'
import { orchestrationTarget, readTargetService, SERVICES_SHOWN, targetOfNewService } from './target.ts'

export interface IntegrationNames {
  /** The chain's own name for its integration. */
  readonly name: string
  readonly topicArn: string
  /** Endpoints that the topic is subscribed to: of several integrations the one in use is kept. */
  readonly subscribed: readonly Secret[]
}

/** The vendor whose integration the chain makes (PagerDuty's AWS CloudTrail guide). */
export const OWN_VENDOR: AlarmVendor = 'AWS CloudTrail'

/** Finds service or orchestration and the integration to use. Throws usage errors (exit 2) for what does not exist. */
export async function readPagerDuty(
  pagerDutyContext: PagerDutyContext,
  requested: PagerDutyDestination,
  words: IntegrationNames,
): Promise<PagerDutyObjects> {
  if (requested.serviceRegion !== undefined && requested.serviceRegion !== pagerDutyContext.serviceRegion)
    throw otherRegion(pagerDutyContext, requested)
  switch (requested.how) {
    case 'orchestration':
      return readOrchestration(pagerDutyContext, requested.nameOrId, requested.create, words)
    case 'new-service':
      return readNewService(pagerDutyContext, requested, words)
    case 'service': {
      const service = await pagerDutyContext.client.service(requested.nameOrId)
      if (service === undefined) throw noService(requested.nameOrId)
      return readService(pagerDutyContext, service, requested.create, words)
    }
  }
}

/** The integrations of a service that take alarms, the chain's own first, those of Amazon CloudWatch last. */
export async function alarmIntegrations(
  client: PagerDuty,
  serviceId: string,
  ownName: string,
): Promise<readonly (Integration & { readonly vendor: AlarmVendor; readonly managed: boolean })[]> {
  // One after another, as PagerDuty asks (REST API overview, rate limits).
  const integrations = await client.integrationsOf(serviceId)
  const trail = await client.vendorByName(OWN_VENDOR)
  const watch = await client.vendorByName('Amazon CloudWatch')
  const found = integrations.flatMap((integration) => {
    const vendor = vendorOf(integration, trail, watch)
    if (vendor === undefined) return []
    return [{ ...integration, vendor, managed: vendor === OWN_VENDOR && integration.name === ownName }]
  })
  const rank = ({ managed, vendor }: (typeof found)[number]) => (managed ? 0 : vendor === OWN_VENDOR ? 1 : 2)
  return found.toSorted((a, b) => rank(a) - rank(b))
}

/** By the vendor first: which type comes back is not promised (REST API, integrations). */
function vendorOf(
  integration: Integration,
  trail: Named | undefined,
  watch: Named | undefined,
): AlarmVendor | undefined {
  const { vendorId, type } = integration
  if (vendorId !== undefined && vendorId === trail?.id) return OWN_VENDOR
  if (vendorId !== undefined && vendorId === watch?.id) return 'Amazon CloudWatch'
  return type === 'aws_cloudwatch_inbound_integration' ? 'Amazon CloudWatch' : undefined
}

async function readNewService(
  pagerDutyContext: PagerDutyContext,
  { name, escalationPolicy }: Extract<PagerDutyDestination, { how: 'new-service' }>,
  words: IntegrationNames,
): Promise<PagerDutyObjects> {
  const existing = (await pagerDutyContext.client.services(name)).items.find((service) => service.name === name)
  if (existing !== undefined) return readService(pagerDutyContext, existing, true, words)
  const policy = await findPolicy(pagerDutyContext.client, escalationPolicy)
  if (policy === undefined) {
    throw usage(
      'pagerduty-no-escalation-policy',
      `PagerDuty has no escalation policy "${escalationPolicy}"`,
      'check the name, or whether the token may see it',
    )
  }
  const onCall = serviceOnCall(await targetOfNewService(pagerDutyContext.client, name, policy.id))
  const holder = { kind: 'service', id: undefined, name } as const
  return {
    serviceRegion: pagerDutyContext.serviceRegion,
    holder,
    escalationPolicy: policy,
    integration: undefined,
    ...onCall,
  }
}

async function findPolicy(client: PagerDuty, nameOrId: string): Promise<Named | undefined> {
  const named = pickByName((await client.escalationPolicies(nameOrId)).items, nameOrId, 'escalation policy')
  return named ?? (await client.escalationPolicies()).items.find(({ id }) => id === nameOrId)
}

async function readService(
  pagerDutyContext: PagerDutyContext,
  service: Service,
  create: boolean,
  words: IntegrationNames,
): Promise<PagerDutyObjects> {
  const all = await alarmIntegrations(pagerDutyContext.client, service.id, words.name)
  const able = all.filter(({ managed }) => managed || !create)
  const offered = able.map((one) => snapshotOf(pagerDutyContext, 'service', one, one.managed))
  if (offered.length === 0 && !create) throw noIntegration(`service "${service.name}"`)
  const holder = { kind: 'service', id: service.id, name: service.name } as const
  const integration = offered.length === 0 ? undefined : chosen(offered, holder, words)
  const onCall = serviceOnCall(await readTargetService(pagerDutyContext.client, service, words.topicArn))
  return { serviceRegion: pagerDutyContext.serviceRegion, holder, escalationPolicy: undefined, integration, ...onCall }
}

async function readOrchestration(
  pagerDutyContext: PagerDutyContext,
  nameOrId: string,
  create: boolean,
  words: IntegrationNames,
): Promise<PagerDutyObjects> {
  const { items } = await pagerDutyContext.client.orchestrations()
  const found = items.find(({ id }) => id === nameOrId) ?? pickByName(items, nameOrId, 'orchestration')
  if (found === undefined) {
    throw usage(
      'pagerduty-no-orchestration',
      `PagerDuty has no orchestration "${nameOrId}"`,
      'check the name, or whether the token may see it',
    )
  }
  const all = await pagerDutyContext.client.orchestrationIntegrations(found.id)
  const able = all.map((one) => ({ ...one, name: one.label, managed: one.label === words.name }))
  const offered = able
    .filter(({ managed }) => managed || !create)
    .map((one) => snapshotOf(pagerDutyContext, 'orchestration', one, one.managed))
    .toSorted((a, b) => Number(b.managed) - Number(a.managed))
  if (offered.length === 0 && !create) throw noIntegration(`orchestration "${found.name}"`)
  const holder = { kind: 'orchestration', id: found.id, name: found.name } as const
  const integration = offered.length === 0 ? undefined : chosen(offered, holder, words)
  const onCall = orchestrationOnCall(
    await orchestrationTarget(pagerDutyContext.client, found, words.topicArn, SERVICES_SHOWN),
  )
  return { serviceRegion: pagerDutyContext.serviceRegion, holder, escalationPolicy: undefined, integration, ...onCall }
}

type Offered = Omit<EndpointReading, 'endpoint'> & { readonly endpoint: Secret | undefined }

function snapshotOf(
  pagerDutyContext: PagerDutyContext,
  kind: IntegrationSpec['holder']['kind'],
  integration: { readonly id: string; readonly name: string; readonly key: Secret | undefined },
  managed: boolean,
): Offered {
  const { id, name, key } = integration
  return { id, name, managed, endpoint: key && endpointOf(pagerDutyContext, kind, key) }
}

function chosen(
  offered: readonly Offered[],
  holder: IntegrationSpec['holder'],
  { subscribed }: IntegrationNames,
): EndpointReading {
  const own = offered.find(({ managed }) => managed)
  const used = offered.find(({ endpoint }) => endpoint && subscribed.some((one) => one.equals(endpoint)))
  const best = own ?? used ?? offered.find(({ endpoint }) => endpoint !== undefined) ?? offered[0]
  if (best?.endpoint === undefined) throw keyHidden(best?.name ?? '', holder.name)
  return { ...best, endpoint: best.endpoint }
}

/** The integration URL of a key that PagerDuty gave, for an option that takes it as text. */
export function integrationUrl(
  pagerDutyContext: PagerDutyContext,
  kind: IntegrationSpec['holder']['kind'],
  key: Secret,
): string {
  return endpointOf(pagerDutyContext, kind, key).reveal()
}

function endpointOf(pagerDutyContext: PagerDutyContext, kind: IntegrationSpec['holder']['kind'], key: Secret): Secret {
  const { serviceRegion } = pagerDutyContext
  const route = kind === 'service' ? 'service' : 'global-orchestration'
  const { endpoint } = readRoute({ key: key.reveal(), route, serviceRegion }).route
  pagerDutyContext.redact(key)
  return endpoint
}

export const pagerDutyServiceHandler: LinkHandler<'pagerduty-service'> = {
  async write({ name, spec }, _action, run) {
    const { escalationPolicy } = spec
    if (escalationPolicy === undefined) throw new Error(`no escalation policy was found for service ${name}`)
    await connectionOf(run).client.createService({ name, escalationPolicyId: escalationPolicy.id })
  },
  async remove() {
    // Incidents are a record: a service stays, whoever made it.
  },
  actions: { read: [], write: [], remove: [] },
}

export const integrationHandler: LinkHandler<'integration'> = {
  async write({ name, spec }, _action, run) {
    const pagerDutyContext = connectionOf(run)
    const made = await make(pagerDutyContext, name, spec.holder)
    run.created?.()
    if (made.key === undefined) throw keyHidden(name, spec.holder.name)
    run.output?.(endpointOf(pagerDutyContext, spec.holder.kind, made.key))
  },
  async remove({ spec }, run) {
    if (spec.holder.id === undefined || spec.id === undefined) return
    await connectionOf(run).client.deleteIntegration(spec.holder.id, spec.id)
  },
  actions: { read: [], write: [], remove: [] },
}

async function make(
  { client }: PagerDutyContext,
  name: string,
  holder: IntegrationSpec['holder'],
): Promise<{ readonly key: Secret | undefined }> {
  if (holder.kind === 'orchestration') {
    return (await client.createOrchestrationIntegration(holder.id ?? '', name)).item
  }
  const serviceId = holder.id ?? (await madeBefore(client, holder.name))
  const vendor = await client.vendorByName(OWN_VENDOR)
  if (vendor === undefined) throw noVendor()
  const { item } = await client.createIntegration(serviceId, { name, vendorId: vendor.id })
  // The answer to a creation need not carry the key; the list does.
  return item.key === undefined
    ? ((await client.integrationsOf(serviceId)).find(({ id }) => id === item.id) ?? item)
    : item
}

async function madeBefore(client: PagerDuty, name: string): Promise<string> {
  const service = (await client.services(name)).items.find((one) => one.name === name)
  if (service !== undefined) return service.id
  throw new AppError('pagerduty-not-found', `PagerDuty does not list the service "${name}" that was just created`, {
    hint: 'run the command again: it uses what already exists',
  })
}

function connectionOf({ pagerduty }: ApplyContext): PagerDutyContext {
  if (pagerduty === undefined) throw new Error('a change in PagerDuty was planned without a connection to it')
  return pagerduty
}

function otherRegion({ serviceRegion }: { serviceRegion: ServiceRegion }, requested: PagerDutyDestination): AppError {
  return usage(
    'region-conflict',
    `--service-region ${requested.serviceRegion} was given, and the token's account is in the ${serviceRegion.toUpperCase()} region`,
    'leave --service-region out: the account decides',
  )
}

function noService(nameOrId: string): AppError {
  return usage(
    'pagerduty-no-service',
    `PagerDuty has no service "${nameOrId}"`,
    'check the name, or whether the token may see it; --create-service NAME creates one',
  )
}

function noIntegration(holder: string): AppError {
  return usage(
    'pagerduty-no-integration',
    `${holder} has no integration that accepts alarms ("AWS CloudTrail" or "Amazon CloudWatch")`,
    'add --create-integration to create one',
  )
}

function keyHidden(integration: string, holder: string): AppError {
  return new AppError(
    'pagerduty-key-hidden',
    `PagerDuty does not show this token the key of integration "${integration}" of ${holder}`,
    {
      hint: 'copy the Integration URL from its page in PagerDuty and pass it as --integration-url',
      exit: EXIT.access,
    },
  )
}

function noVendor(): AppError {
  return new AppError('pagerduty-no-vendor', `PagerDuty lists no vendor named exactly "${OWN_VENDOR}"`, {
    hint: 'make the integration in PagerDuty and pass its Integration URL as --integration-url',
  })
}
