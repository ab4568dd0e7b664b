/** The wizard's look into PagerDuty: pick by name from live lists, or have made what is missing. Nothing is made here. */

import type { PagerDutyAccount } from '../context.ts'
import { type RouteKind, readRoute } from '../domain/route.ts'
import { ROUTE_HELP } from '../domain/route-help.ts'
import { AppError } from '../errors.ts'
import type { InitOptions } from '../options/command-options.ts'
import type { Integration, Named, OrchestrationIntegration, Service } from '../pagerduty/answers.ts'
import type { PagerDuty } from '../pagerduty/directory.ts'
import { alarmIntegrations } from '../pagerduty/integration.ts'
import { type OnCallText, orchestrationOnCall, serviceOnCall } from '../pagerduty/on-call.ts'
import { orchestrationTarget, readTargetService, SERVICES_SHOWN, targetOfNewService } from '../pagerduty/target.ts'
import { displayNameFor } from '../plan/desired-notifications.ts'
import type { Choice, Prompter } from '../ports.ts'
import type { PagerDutyLookups, WizardContext } from './lookups.ts'
import { judgedAs } from './question.ts'

/**
 * Asks for a token until PagerDuty knows it or nothing is typed; true when signed in.
 * The token stays in this run: no file and no report gets it.
 */
export async function askToken(
  { prompter, progress }: Pick<WizardContext, 'prompter' | 'progress'>,
  pagerduty: PagerDutyLookups,
): Promise<boolean> {
  for (;;) {
    const token = await prompter.secret({ message: 'PagerDuty REST API token (empty skips):' })
    if (token.trim() === '') return false
    try {
      await pagerduty.signIn(token)
      return true
    } catch (error) {
      tellFailure(error, progress)
    }
  }
}

/** A key or URL that was pasted where a name was asked for. */
export interface Pasted {
  readonly pasted: string
}

/** Where pages go, looked up; undefined: the key is to be pasted after all. */
export async function lookUpRoute(
  options: InitOptions,
  asking: WizardContext,
): Promise<InitOptions | Pasted | undefined> {
  const { pagerduty } = asking.look
  if (pagerduty?.hasToken() !== true) return undefined
  try {
    const account = await pagerduty.account()
    if (options.route === 'service') return await lookUpService(options, account, pagerduty, asking)
    if (options.route === 'global-orchestration') return await lookUpOrchestration(options, account, pagerduty, asking)
  } catch (error) {
    tellFailure(error, asking.progress)
  }
  return undefined
}

/** The integration URL of another service than the one that is paged; undefined when it has none or the person goes back. */
export async function lookUpTicketUrl(
  { pagerdutyService: paged }: InitOptions,
  asking: WizardContext,
  pagerduty: PagerDutyLookups,
): Promise<string | undefined> {
  try {
    const account = await pagerduty.account()
    const service = await pickService(account.client, asking.prompter, [GO_BACK], paged)
    if (typeof service === 'string') return undefined
    if ('pasted' in service) {
      readRoute({ url: service.pasted })
      return service.pasted
    }
    const integrations = withKeys(await alarmIntegrations(account.client, service.id, ''))
    if (integrations.length === 0) {
      asking.progress.note(`${service.name} has no integration that accepts alarms`, 'warn')
      return undefined
    }
    const choices = integrations.map(integrationChoice)
    const picked =
      integrations.length === 1 ? integrations[0] : await pick(asking.prompter, 'Which integration?', choices)
    return picked && pagerduty.urlOf(account, 'service', picked.key)
  } catch (error) {
    tellFailure(error, asking.progress)
    return undefined
  }
}

type Option = 'new' | 'paste' | Pasted

const PASTE: Choice<Option> = { value: 'paste', name: 'Paste an integration URL or key instead', always: true }
const pasted = (text: string): Pasted => ({ pasted: text })
const GO_BACK: Choice<Option> = { value: 'paste', name: 'None of these', always: true }
const NEW_SERVICE: Choice<Option> = { value: 'new', name: 'A new service', description: 'with a new integration' }

async function lookUpService(
  options: InitOptions,
  account: PagerDutyAccount,
  pagerduty: PagerDutyLookups,
  asking: WizardContext,
): Promise<InitOptions | Pasted | undefined> {
  const { client } = account
  const { prompter } = asking
  const service = await pickService(client, prompter, [NEW_SERVICE, PASTE])
  if (service === 'paste') return undefined
  if (service === 'new') return askNewService(options, client, asking)
  if ('pasted' in service) return service
  const chosen = await pickIntegration(service, withKeys(await alarmIntegrations(client, service.id, '')), asking)
  showPages(serviceOnCall(await readTargetService(client, service, undefined)), 'service', asking)
  const named = await withDisplayName(options, service.name, asking)
  if (chosen.how === 'one-of-many') return { ...named, integrationUrl: pagerduty.urlOf(account, 'service', chosen.key) }
  return { ...named, pagerdutyService: service.nameOrId, ...(chosen.how === 'new' ? { createIntegration: true } : {}) }
}

async function askNewService(
  options: InitOptions,
  client: PagerDuty,
  asking: WizardContext,
): Promise<InitOptions | undefined> {
  const { prompter, progress } = asking
  const { items: policies } = await client.escalationPolicies()
  if (policies.length === 0) {
    progress.note('this token can see no escalation policy, which a new service needs', 'warn')
    return undefined
  }
  const typed = await prompter.input({
    message: 'Name of the new service:',
    default: 'CloudTrail alerts',
    validate: judgedAs('createService', 'the name'),
  })
  const name = typed.trim()
  const choices = policies.map((policy) => ({ value: policy, name: policy.name }))
  const policy = await prompter.search({ message: 'Escalation policy:', choices })
  showPages(serviceOnCall(await targetOfNewService(client, name, policy.id)), 'service', asking)
  const named = await withDisplayName(options, name, asking)
  return { ...named, createService: name, escalationPolicy: nameOrIdIn(policies, policy) }
}

async function lookUpOrchestration(
  options: InitOptions,
  account: PagerDutyAccount,
  pagerduty: PagerDutyLookups,
  asking: WizardContext,
): Promise<InitOptions | Pasted | undefined> {
  const { client } = account
  const { items } = await client.orchestrations()
  const choices: readonly Choice<Named | Option>[] = [...items.map((one) => ({ value: one, name: one.name })), PASTE]
  const picked = await asking.prompter.search({ message: 'Which orchestration?', choices, pasted })
  if (typeof picked === 'string') return undefined
  if ('pasted' in picked) return picked
  const chosen = await pickRoutingKey(picked, withKeys(await client.orchestrationIntegrations(picked.id)), asking)
  const target = await orchestrationTarget(client, picked, undefined, SERVICES_SHOWN)
  showPages(orchestrationOnCall(target), 'global-orchestration', asking)
  const named = await withDisplayName(options, picked.name, asking)
  if (chosen.how === 'one-of-many') {
    return { ...named, integrationUrl: pagerduty.urlOf(account, 'orchestration', chosen.key) }
  }
  const pagerdutyOrchestration = nameOrIdIn(items, picked)
  return { ...named, pagerdutyOrchestration, ...(chosen.how === 'new' ? { createIntegration: true } : {}) }
}

type PickedService = Service & { readonly nameOrId: string }

async function pickService(
  client: PagerDuty,
  prompter: Prompter,
  more: readonly Choice<Option>[],
  /** Name or id of the one that stands last. */
  last?: string,
): Promise<PickedService | Option> {
  const services = await listServices(client, prompter)
  const isLast = ({ id, name }: Service) => name === last || id === last
  const sorted = [...services.filter((one) => !isLast(one)), ...services.filter(isLast)]
  const choices: readonly Choice<Service | Option>[] = [
    ...sorted.map((service) => ({
      value: service,
      name: service.name,
      ...(service.status === undefined ? {} : { description: service.status }),
    })),
    ...more,
  ]
  const picked = await prompter.search({ message: 'Which service?', choices, pasted })
  return typeof picked === 'string' || 'pasted' in picked
    ? picked
    : { ...picked, nameOrId: nameOrIdIn(services, picked) }
}

/** PagerDuty lists 10,000 at most; beyond that a part of the name has to narrow it. */
async function listServices(client: PagerDuty, prompter: Prompter): Promise<readonly Service[]> {
  const all = await client.services()
  if (all.complete) return all.items
  const text = await prompter.input({ message: 'Too many services to list. Enter part of the name:' })
  return (await client.services(text.trim())).items
}

/** How the picked integration can be said again: alone it is found by its service, among others only its URL tells it. */
type IntegrationChoice =
  | { readonly how: 'the-only' | 'new' }
  | { readonly how: 'one-of-many'; readonly key: NonNullable<Integration['key']> }

type WithKey<T extends Pick<Integration, 'key'>> = T & { readonly key: NonNullable<T['key']> }

async function pickIntegration(
  { name }: Service,
  integrations: readonly WithKey<Integration>[],
  { prompter, progress }: WizardContext,
): Promise<IntegrationChoice> {
  if (integrations.length === 0) {
    progress.note(`  → ${name} has no integration for alarms yet; one will be created`)
    return { how: 'new' }
  }
  const choices: readonly Choice<WithKey<Integration> | 'new'>[] = [
    ...integrations.map(integrationChoice),
    { value: 'new', name: 'A new AWS CloudTrail integration' },
  ]
  return choiceOf(await pick(prompter, 'Which integration?', choices), integrations.length)
}

async function pickRoutingKey(
  { name }: Named,
  integrations: readonly WithKey<OrchestrationIntegration>[],
  { prompter, progress }: WizardContext,
): Promise<IntegrationChoice> {
  if (integrations.length === 0) {
    progress.note(`  → ${name} has no visible routing key; one will be created`)
    return { how: 'new' }
  }
  const choices: readonly Choice<WithKey<OrchestrationIntegration> | 'new'>[] = [
    ...integrations.map((one) => ({ value: one, name: one.label, description: String(one.key) })),
    { value: 'new', name: 'A new routing key' },
  ]
  return choiceOf(await pick(prompter, 'Which routing key?', choices), integrations.length)
}

function choiceOf(picked: 'new' | { readonly key: NonNullable<Integration['key']> }, count: number): IntegrationChoice {
  if (picked === 'new') return { how: 'new' }
  return count === 1 ? { how: 'the-only' } : { how: 'one-of-many', key: picked.key }
}

function pick<T>(prompter: Prompter, message: string, choices: readonly Choice<T>[]): Promise<T> {
  return prompter.select({ message, choices })
}

function integrationChoice<T extends WithKey<Integration> & { readonly vendor?: string }>(one: T): Choice<T> {
  return { value: one, name: one.name, description: `${one.vendor ?? one.type ?? ''}  ${one.key}`.trim() }
}

function withKeys<T extends Pick<Integration, 'key'>>(items: readonly T[]): readonly WithKey<T>[] {
  return items.flatMap((item) => (item.key === undefined ? [] : [{ ...item, key: item.key }]))
}

/** Its name, as a person would write it; the id where the name does not tell it from others. */
function nameOrIdIn(all: readonly Named[], one: Named): string {
  const alike = all.filter(({ name }) => name.toLowerCase() === one.name.toLowerCase())
  return alike.length === 1 && !/^[A-Z0-9]{5,20}$/.test(one.name) ? one.name : one.id
}

async function withDisplayName(
  options: InitOptions,
  holder: string,
  { prompter, progress }: Pick<WizardContext, 'prompter' | 'progress'>,
): Promise<InitOptions> {
  if (options.displayName !== undefined || options.topic !== undefined) return options
  progress.note("  SNS shows a topic's display name as the sender of e-mail and text messages; PagerDuty needs none.")
  const displayName = await prompter.input({
    message: 'Display name of the topic:',
    default: displayNameFor(holder),
    validate: judgedAs('displayName', 'the name'),
  })
  return { ...options, displayName: displayName.trim() }
}

/** Who is paged, and how a page will be titled. */
function showPages({ paged, faults }: OnCallText, route: RouteKind, { progress }: WizardContext): void {
  progress.note(`  → ${paged}`)
  for (const fault of faults) progress.note(fault, 'warn')
  progress.note(`  ${ROUTE_HELP[route].pageTitle}`)
}

function tellFailure(error: unknown, progress: WizardContext['progress']): void {
  if (!(error instanceof AppError)) throw error
  progress.note(error.message, 'warn')
  if (error.hint !== undefined) progress.note(`    ${error.hint}`)
}
