/** Reads PagerDuty's side of the subscriptions: whose key it is, where it routes, and who would be paged. */

import { judgeEndpoint } from '../domain/endpoint.ts'
import { type RuleMatch, takesTopic } from '../domain/orchestration-rules.ts'
import type { ServiceRegion } from '../domain/route.ts'
import type { Secret } from '../domain/secret.ts'
import type { Reading, SubscriptionSnapshot } from '../domain/snapshot.ts'
import { AppError } from '../errors.ts'
import type { Integration, Router, Service, ServiceOrchestration } from '../pagerduty/answers.ts'
import type { PagerDuty } from '../pagerduty/directory.ts'
import { rulesInForce } from '../pagerduty/service-rules.ts'
import type { PagerDutyReadings, PagerDutyTarget, ServiceSnapshot } from './account.ts'

/** Never throws for what PagerDuty refuses: each target is a value or unreadable, with the reason. */
export async function gatherPagerDuty(
  pagerduty: PagerDuty,
  serviceRegion: ServiceRegion,
  subscriptions: readonly SubscriptionSnapshot[],
  eventsUrl: URL | undefined,
): Promise<Reading<PagerDutyReadings>> {
  const answers = await reported(() => pagerduty.abilities())
  if (answers.state === 'unreadable') return answers
  const targets = new Map<string, Reading<PagerDutyTarget | undefined>>()
  for (const { arn, topicArn, protocol, endpoint } of subscriptions) {
    const judged = judgeEndpoint(protocol, endpoint, eventsUrl)
    if (arn === undefined || judged.kind !== 'pagerduty') continue
    targets.set(
      arn,
      await reported(() => targetOf(pagerduty, judged.key, judged.shape === 'x-ere' ? topicArn : undefined)),
    )
  }
  return { state: 'read', value: { serviceRegion, targets } }
}

/** `topicArn` is of a topic whose messages an orchestration or a ruleset may route. */
async function targetOf(
  pagerduty: PagerDuty,
  key: Secret,
  topicArn: string | undefined,
): Promise<PagerDutyTarget | undefined> {
  if (topicArn === undefined) return serviceOf(pagerduty, key)
  const found = (await orchestrationOf(pagerduty, key, topicArn)) ?? (await rulesetOf(pagerduty, key))
  return found ?? serviceOf(pagerduty, key)
}

async function orchestrationOf(
  pagerduty: PagerDuty,
  key: Secret,
  topicArn: string,
): Promise<PagerDutyTarget | undefined> {
  for (const { id, name } of (await pagerduty.orchestrations()).items) {
    const integrations = await pagerduty.orchestrationIntegrations(id)
    if (!integrations.some((one) => one.key?.equals(key))) continue
    const routes = await reported(async () => routesOf(pagerduty, await pagerduty.router(id), topicArn))
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
  const { items, complete } = await pagerduty.servicesWithIntegrations()
  for (const service of items) {
    const own = service.integrations.find((one) => one.key?.equals(key))
    if (own === undefined) continue
    const integration = await integrationFact(pagerduty, own)
    return { kind: 'service', integration, service: await serviceFact(pagerduty, service) }
  }
  if (!complete) throw unsure(`PagerDuty lists no more than ${items.length} services, and the key is of none of them`)
  if (items.some(({ integrations }) => integrations.some((one) => one.key === undefined))) {
    throw unsure('PagerDuty does not show this token the keys of all integrations')
  }
  return undefined
}

/** Rules are tried in their order: what stands behind one that takes the topic for sure is not reached. */
async function routesOf(pagerduty: PagerDuty, { rules, catchAll }: Router, topicArn: string) {
  const taking: { readonly verdict: RuleMatch; readonly routeTo: string | undefined }[] = []
  for (const { disabled, conditions, routeTo } of rules) {
    const verdict = disabled ? 'no' : takesTopic(conditions, topicArn)
    if (verdict !== 'no') taking.push({ verdict, routeTo })
    if (verdict === 'yes') break
  }
  const sure = taking.some(({ verdict }) => verdict === 'yes')
  const ids = new Set([...taking.map(({ routeTo }) => routeTo), sure ? undefined : catchAll])
  const services: ServiceSnapshot[] = []
  for (const id of ids) {
    const service = id === undefined ? undefined : await pagerduty.service(id)
    if (service !== undefined) services.push(await serviceFact(pagerduty, service))
  }
  const dynamic = taking.some(({ routeTo }) => routeTo === undefined)
  return { services, dynamic, unsure: !sure && catchAll === undefined && taking.length > 0 }
}

async function serviceFact(pagerduty: PagerDuty, service: Service): Promise<ServiceSnapshot> {
  const { id, name, status = 'unknown', escalationPolicyId } = service
  const maintenance = await reported(async () => {
    const [window] = await pagerduty.maintenanceWindows(id)
    return window === undefined ? undefined : { until: window.end }
  })
  const onCall = await reported(async () => {
    if (escalationPolicyId === undefined) throw unsure(`service ${name} shows no escalation policy`)
    return (await pagerduty.onCall(escalationPolicyId)).map((person) => person.name)
  })
  const suppressedBy = await reported(async () => suppression(await rulesInForce(pagerduty, id)))
  return { id, name, status, maintenance, suppressedBy, onCall }
}

/** The first rule that takes everything decides; where there is none, the catch-all does. */
function suppression(inForce: ServiceOrchestration | undefined): string | undefined {
  if (inForce === undefined) return undefined
  const { rules, catchAll } = inForce
  const everything = rules.find(({ disabled, conditions }) => !disabled && conditions.length === 0)
  if (everything !== undefined) return everything.suppress ? (everything.label ?? everything.id) : undefined
  return catchAll.suppress && rules.length === 0 ? 'the catch-all rule' : undefined
}

async function integrationFact(pagerduty: PagerDuty, { name, type = 'unknown', vendorId }: Integration) {
  for (const vendor of VENDORS) {
    const known = await reported(() => pagerduty.vendorByName(vendor))
    if (known.state === 'read' && known.value?.id === vendorId) return { name, type, vendor }
  }
  return { name, type, vendor: vendorId }
}

const VENDORS = ['AWS CloudTrail', 'Amazon CloudWatch'] as const

async function reported<T>(ask: () => Promise<T>): Promise<Reading<T>> {
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
