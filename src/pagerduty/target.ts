/** What an integration key leads to in PagerDuty: whose key it is, who is paged, and what stops a page. */

import { takesTopic } from '../domain/orchestration-rules.ts'
import type { UrlShape } from '../domain/route.ts'
import type { Secret } from '../domain/secret.ts'
import type { Reading } from '../domain/snapshot.ts'
import { AppError } from '../errors.ts'
import type { Integration, Named, OrchestrationIntegration, Service, ServiceOrchestration } from './answers.ts'
import type { PagerDuty } from './directory.ts'

export type PagerDutyTarget =
  | { readonly kind: 'service'; readonly integration: TargetIntegration; readonly service: TargetService }
  | { readonly kind: 'orchestration'; readonly name: string; readonly routes: Reading<Routes> }
  /** What a ruleset routes to is not read. */
  | { readonly kind: 'ruleset'; readonly name: string }

export type TargetIntegration = Pick<Integration, 'name' | 'type' | 'vendorId'>

export interface TargetService {
  readonly name: string
  /** Undefined: the service is still to be made. */
  readonly id: string | undefined
  /** Its page in PagerDuty. */
  readonly url?: string | undefined
  /** `active`, `warning`, `critical`, `maintenance`, `disabled`, or a word newer than this program. */
  readonly status: string
  readonly maintenance: Reading<{ readonly until: Date | undefined } | undefined>
  /** What the service's own orchestration does to an alert before it opens an incident. */
  readonly rules: Reading<{ readonly suppress?: RuleEffect; readonly pause?: RuleEffect }>
  /** Who is paged first now. */
  readonly onCall: Reading<readonly string[]>
}

export interface RuleEffect {
  readonly rule: string
  /** False: other rules may take the alert before. */
  readonly certain: boolean
  /** How long an alert is paused. */
  readonly seconds?: number | undefined
}

/** The services that an orchestration can route the messages of a topic to. */
export interface Routes {
  readonly services: readonly TargetService[]
  /** Services beyond these: more than were asked for, or hidden from the token. */
  readonly others?: number
  /** A rule computes the service. */
  readonly dynamic: boolean
  /** Rules may take the topic or not, and what they leave is unrouted. */
  readonly unsure?: boolean
}

/** A reason why no incident opens. */
export interface Stop {
  readonly code: 'disabled' | 'maintenance' | 'on-call' | 'suppressed' | 'paused' | 'unrouted'
  /** What is so, a clause that names the service or the orchestration. */
  readonly reason: string
  /** What comes of it. */
  readonly effect: string
  readonly certain: boolean
}

/**
 * Whose key this is; undefined when PagerDuty does not know it. The calls are those of the lists, not one for each
 * service. Throws `AppError`; its code is `pagerduty-unsure` where what the token shows proves nothing.
 */
export async function findTarget(
  client: PagerDuty,
  { shape, key }: { readonly shape: UrlShape; readonly key: Secret },
  topicArn: string,
): Promise<PagerDutyTarget | undefined> {
  if (shape !== 'x-ere') return serviceWithKey(client, key, topicArn)
  for await (const { orchestration, integration } of orchestrationIntegrations(client)) {
    if (integration.key?.equals(key)) return orchestrationTarget(client, orchestration, topicArn)
  }
  const rulesets = await attempt(() => client.rulesets())
  const ruleset =
    rulesets.state === 'read' && rulesets.value.items.find(({ keys }) => keys.some((one) => one.equals(key)))
  if (ruleset) return { kind: 'ruleset', name: ruleset.name }
  const service = await serviceWithKey(client, key, topicArn)
  if (service === undefined && rulesets.state === 'unreadable') throw unsure(rulesets.why)
  return service
}

/** `topicArn` is undefined while the topic is not known; `atMost` limits the services that are asked about. */
export async function orchestrationTarget(
  client: PagerDuty,
  { id, name }: Named,
  topicArn: string | undefined,
  atMost = Number.POSITIVE_INFINITY,
): Promise<Extract<PagerDutyTarget, { kind: 'orchestration' }>> {
  const routes = await attempt(async (): Promise<Routes> => {
    const { rules, catchAll } = await client.router(id)
    const { taking, certain } = rulesTaking(rules, topicArn)
    const targets = new Set([...taking.map(({ routeTo }) => routeTo), certain ? undefined : catchAll])
    targets.delete(undefined)
    const services: TargetService[] = []
    for (const target of [...targets].slice(0, atMost)) {
      const service = target === undefined ? undefined : await client.service(target)
      if (service !== undefined) services.push(await readTargetService(client, service, topicArn))
    }
    return {
      services,
      others: targets.size - services.length,
      dynamic: taking.some(({ routeTo }) => routeTo === undefined),
      unsure: !certain && catchAll === undefined && taking.length > 0,
    }
  })
  return { kind: 'orchestration', name, routes }
}

/** An orchestration may route to hundreds of services; the first few tell enough before a decision. */
export const SERVICES_SHOWN = 3

/** Never throws for what PagerDuty refuses: each fact is a value or unreadable, with the reason. */
export async function readTargetService(
  client: PagerDuty,
  {
    id,
    name,
    status = 'unknown',
    escalationPolicyId,
    htmlUrl,
  }: Pick<Service, 'name' | 'status' | 'escalationPolicyId'> & {
    readonly id: string | undefined
    readonly htmlUrl?: string | undefined
  },
  topicArn: string | undefined,
): Promise<TargetService> {
  const maintenance = await attempt(async () => {
    const [window] = id === undefined ? [] : await client.maintenanceWindows(id)
    return window === undefined ? undefined : { until: window.end }
  })
  const onCall = await attempt(async () => {
    if (escalationPolicyId === undefined) throw unsure(`service ${name} shows no escalation policy`)
    const people = await client.onCall(escalationPolicyId)
    const first = Math.min(...people.map(({ level }) => level ?? 1))
    return [...new Set(people.filter(({ level }) => (level ?? 1) === first).map((person) => person.name))]
  })
  const rules = await attempt(async () => {
    // An orchestration that is not in force has no effect: the service still runs its old event rules.
    const inForce = id !== undefined && (await client.serviceOrchestrationActive(id)) !== false
    return inForce ? effects(await client.serviceOrchestration(id), topicArn) : {}
  })
  return { id, name, url: htmlUrl, status, maintenance, rules, onCall }
}

/** A service that is still to be made: no more is known of it than its escalation policy. */
export function targetOfNewService(client: PagerDuty, name: string, escalationPolicyId: string) {
  return readTargetService(client, { id: undefined, name, status: 'active', escalationPolicyId }, undefined)
}

/** What keeps the service from opening an incident, as far as PagerDuty tells. */
export function stopsOf({ name, status, maintenance, rules, onCall }: TargetService): readonly Stop[] {
  const stops: Stop[] = []
  const add = (code: Stop['code'], reason: string, effect: string, certain = true) =>
    stops.push({ code, reason, effect, certain })
  if (status === 'disabled') add('disabled', `service ${name} is disabled`, 'no incident opens')
  if (status === 'maintenance' || (maintenance.state === 'read' && maintenance.value !== undefined)) {
    add('maintenance', `service ${name} is in maintenance`, 'no incident opens until that ends')
  }
  if (onCall.state === 'read' && onCall.value.length === 0) {
    add('on-call', `no one is on call for service ${name}`, 'PagerDuty opens no incident')
  }
  const { suppress, pause } = rules.state === 'read' ? rules.value : {}
  if (suppress !== undefined) {
    const verb = suppress.certain ? 'suppresses' : 'may suppress'
    add('suppressed', `${suppress.rule} of service ${name} ${verb} alerts`, 'no incident opens', suppress.certain)
  }
  if (pause !== undefined) {
    const reason = `${pause.rule} of service ${name} ${pause.certain ? 'pauses' : 'may pause'} alerts`
    add('paused', reason, `an incident opens after ${pause.seconds ?? 0} s at the earliest`, pause.certain)
  }
  return stops
}

/** What keeps the orchestration from routing the messages of the topic. */
export function routeStops({ name, routes }: Extract<PagerDutyTarget, { kind: 'orchestration' }>): readonly Stop[] {
  if (routes.state === 'unreadable') return []
  const { services, others = 0, dynamic, unsure: leaves = false } = routes.value
  const nowhere = services.length === 0 && others === 0 && !dynamic
  const code = 'unrouted'
  if (nowhere) {
    const effect = 'every alarm is dropped and no one is paged'
    return [{ code, reason: `orchestration ${name} routes to no service`, effect, certain: true }]
  }
  const reason = `the rules of orchestration ${name} may leave this topic out`
  return leaves ? [{ code, reason, effect: 'an event that matches no rule opens no incident', certain: false }] : []
}

/** Each integration of each orchestration; the calls are one for each orchestration that is looked at. */
export async function* orchestrationIntegrations(
  client: PagerDuty,
): AsyncGenerator<{ readonly orchestration: Named; readonly integration: OrchestrationIntegration }> {
  for (const orchestration of (await client.orchestrations()).items) {
    for (const integration of await client.orchestrationIntegrations(orchestration.id)) {
      yield { orchestration, integration }
    }
  }
}

async function serviceWithKey(client: PagerDuty, key: Secret, topicArn: string): Promise<PagerDutyTarget | undefined> {
  const { items, complete } = await client.servicesWithIntegrations()
  for (const service of items) {
    const integration = service.integrations.find((one) => one.key?.equals(key))
    if (integration === undefined) continue
    return { kind: 'service', integration, service: await readTargetService(client, service, topicArn) }
  }
  if (!complete) throw unsure(`PagerDuty lists no more than ${items.length} services, and the key is of none of them`)
  if (items.some(({ integrations }) => integrations.some((one) => one.key === undefined))) {
    throw unsure('PagerDuty does not show this token the keys of all integrations')
  }
  return undefined
}

interface Rule {
  readonly disabled: boolean
  readonly conditions: readonly string[]
}

/** Rules are tried in their order: what stands behind one that takes the topic for certain is not reached. */
function rulesTaking<T extends Rule>(
  rules: readonly T[],
  topicArn: string | undefined,
): { readonly taking: readonly T[]; readonly certain: boolean } {
  const taking: T[] = []
  for (const rule of rules) {
    const verdict = rule.disabled ? 'no' : takesTopic(rule.conditions, topicArn)
    if (verdict !== 'no') taking.push(rule)
    if (verdict === 'yes') return { taking, certain: true }
  }
  return { taking, certain: false }
}

function effects({ rules, catchAll }: ServiceOrchestration, topicArn: string | undefined) {
  const { taking, certain } = rulesTaking(rules, topicArn)
  const named = taking.map((rule) => ({ ...rule, rule: `rule "${rule.label ?? rule.id}"` }))
  const possible = [...named, ...(certain ? [] : [{ ...catchAll, rule: 'the catch-all rule' }])]
  const effect = (does: (one: (typeof possible)[number]) => boolean): RuleEffect | undefined => {
    const doing = possible.filter(does)
    const [first] = doing
    return first && { rule: first.rule, certain: doing.length === possible.length, seconds: first.suspendSeconds }
  }
  const suppress = effect((one) => one.suppress)
  const pause = effect((one) => one.suspendSeconds !== undefined)
  return { ...(suppress === undefined ? {} : { suppress }), ...(pause === undefined ? {} : { pause }) }
}

/** The answer, or unreadable with the reason where PagerDuty refuses it. */
export async function attempt<T>(ask: () => Promise<T>): Promise<Reading<T>> {
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
