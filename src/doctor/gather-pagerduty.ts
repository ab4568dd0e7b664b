/** Reads PagerDuty's side of the subscriptions: whose key it is, where it routes, and who would be paged. */

import { judgeEndpoint } from '../chain/endpoint.ts'
import type { Reading, SubscriptionFact } from '../chain/inventory.ts'
import type { ServiceRegion } from '../chain/route.ts'
import type { Secret } from '../chain/secret.ts'
import { AppError } from '../errors.ts'
import type { Integration, Router, Service, ServiceOrchestration } from '../pagerduty/answers.ts'
import type { PagerDuty } from '../pagerduty/directory.ts'
import type { PagerDutyFacts, PagerDutyTarget, ServiceFact } from './facts.ts'

/** Each service is a call, and PagerDuty asks for one call at a time (REST API rate limits). */
const SERVICES_LOOKED_AT = 300

/** Never throws for what PagerDuty refuses: each target is a value or unreadable, with the reason. */
export async function gatherPagerDuty(
  pagerduty: PagerDuty,
  serviceRegion: ServiceRegion,
  subscriptions: readonly SubscriptionFact[],
  eventsUrl: URL | undefined,
): Promise<Reading<PagerDutyFacts>> {
  const answers = await told(() => pagerduty.abilities())
  if (answers.state === 'unreadable') return answers
  const targets = new Map<string, Reading<PagerDutyTarget | undefined>>()
  for (const { arn, protocol, endpoint } of subscriptions) {
    const judged = judgeEndpoint(protocol, endpoint, eventsUrl)
    if (arn === undefined || judged.kind !== 'pagerduty') continue
    targets.set(arn, await told(() => targetOf(pagerduty, judged.key, judged.shape === 'x-ere')))
  }
  return { state: 'read', value: { serviceRegion, targets } }
}

async function targetOf(pagerduty: PagerDuty, key: Secret, routed: boolean): Promise<PagerDutyTarget | undefined> {
  const found = routed ? ((await orchestrationOf(pagerduty, key)) ?? (await rulesetOf(pagerduty, key))) : undefined
  return found ?? serviceOf(pagerduty, key)
}

async function orchestrationOf(pagerduty: PagerDuty, key: Secret): Promise<PagerDutyTarget | undefined> {
  for (const { id, name } of (await pagerduty.orchestrations()).items) {
    const integrations = await pagerduty.orchestrationIntegrations(id)
    if (!integrations.some((one) => one.key?.equals(key))) continue
    const routes = await told(async () => routesOf(pagerduty, await pagerduty.router(id)))
    return { kind: 'orchestration', name, routes }
  }
  return undefined
}

async function rulesetOf(pagerduty: PagerDuty, key: Secret): Promise<PagerDutyTarget | undefined> {
  const { items } = await pagerduty.rulesets()
  const ruleset = items.find(({ keys }) => keys.some((one) => one.equals(key)))
  return ruleset === undefined ? undefined : { kind: 'ruleset', name: ruleset.name }
}

async function serviceOf(pagerduty: PagerDuty, key: Secret): Promise<PagerDutyTarget | undefined> {
  const { items } = await pagerduty.services()
  let hidden = 0
  for (const service of items.slice(0, SERVICES_LOOKED_AT)) {
    const integrations = await pagerduty.integrationsOf(service.id)
    const own = integrations.find((one) => one.key?.equals(key))
    if (own !== undefined)
      return { kind: 'service', integration: integrationFact(own), service: await serviceFact(pagerduty, service) }
    hidden += integrations.filter((one) => one.key === undefined).length
  }
  if (items.length > SERVICES_LOOKED_AT)
    throw unsure(`${items.length} services are too many to look for the key in each`)
  if (hidden > 0) throw unsure('PagerDuty does not show this token the keys of all integrations')
  return undefined
}

async function routesOf(pagerduty: PagerDuty, { rules, catchAll }: Router) {
  const active = rules.filter(({ disabled }) => !disabled)
  const ids = [...new Set([...active.map(({ routeTo }) => routeTo), catchAll].filter((id) => id !== undefined))]
  const services: ServiceFact[] = []
  for (const id of ids) {
    const service = await pagerduty.service(id)
    if (service !== undefined) services.push(await serviceFact(pagerduty, service))
  }
  return { services, dynamic: active.some(({ routeTo }) => routeTo === undefined) }
}

async function serviceFact(pagerduty: PagerDuty, service: Service): Promise<ServiceFact> {
  const { id, name, status = 'unknown', escalationPolicyId } = service
  const maintenance = await told(async () => {
    const [window] = await pagerduty.maintenanceWindows(id)
    return window === undefined ? undefined : { until: window.end }
  })
  const onCall = await told(async () => {
    if (escalationPolicyId === undefined) throw unsure(`service ${name} shows no escalation policy`)
    return (await pagerduty.onCall(escalationPolicyId)).map((person) => person.name)
  })
  const suppressedBy = await told(async () => suppression(await pagerduty.serviceOrchestration(id)))
  return { id, name, status, maintenance, suppressedBy, onCall }
}

/** The first rule that takes everything decides; where there is none, the catch-all does. */
function suppression({ rules, catchAll }: ServiceOrchestration): string | undefined {
  const everything = rules.find(({ disabled, conditions }) => !disabled && conditions.length === 0)
  if (everything !== undefined) return everything.suppress ? (everything.label ?? everything.id) : undefined
  return catchAll.suppress && rules.length === 0 ? 'the catch-all rule' : undefined
}

function integrationFact({ name, type = 'unknown', vendorId }: Integration) {
  return { name, type, vendor: vendorId === CLOUDWATCH_VENDOR ? 'Amazon CloudWatch' : vendorId }
}

/** The one vendor id that PagerDuty's schema shows; that of AWS CloudTrail is only known by name. */
const CLOUDWATCH_VENDOR = 'PZQ6AUS'

async function told<T>(ask: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { state: 'read', value: await ask() }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { state: 'unreadable', why: error.message, denied: error.code === 'pagerduty-denied' }
  }
}

function unsure(message: string): AppError {
  return new AppError('pagerduty-unsure', message)
}
