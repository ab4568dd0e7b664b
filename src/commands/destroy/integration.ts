/** What `init` made in PagerDuty: found by name and vendor, always named, deleted only when a person says so. */

import type { Aws } from '../../aws/session.ts'
import { siteOf } from '../../aws/site.ts'
import type { CommandContext, PagerDutyAccount } from '../../context.ts'
import { chainNames } from '../../domain/names.ts'
import type { Resource } from '../../domain/resources.ts'
import { AppError } from '../../errors.ts'
import { OWN_VENDOR } from '../../pagerduty/integration.ts'
import { orchestrationIntegrations } from '../../pagerduty/target.ts'
import type { Retained } from '../../plan/retained.ts'

export interface OwnIntegration {
  readonly resource: Resource<'integration'>
  /** Its page in PagerDuty. */
  readonly page: string | undefined
}

export interface IntegrationsGone {
  readonly deleted: readonly Resource[]
  readonly kept: readonly Retained[]
}

/** The chain's own integrations. Without a token nothing is known of them; what PagerDuty refuses is told and skipped. */
export async function findOwnIntegrations(
  aws: Aws,
  prefix: string,
  context: CommandContext,
): Promise<readonly OwnIntegration[]> {
  if (context.connectPagerDuty === undefined) return []
  const name = chainNames(prefix, siteOf(aws)).integration
  try {
    const account = await context.connectPagerDuty()
    return [...(await onServices(account, name)), ...(await onOrchestrations(account, name))]
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    context.progress.note(`! PagerDuty was not checked: ${error.message}`)
    return []
  }
}

/** Asks about each; nobody to ask, or `--yes`, is no. */
export async function agreedIntegrations(
  own: readonly OwnIntegration[],
  yes: boolean,
  { prompter }: Pick<CommandContext, 'prompter'>,
): Promise<readonly OwnIntegration[]> {
  const agreed: OwnIntegration[] = []
  if (yes || prompter === undefined) return agreed
  for (const one of own.filter(({ resource }) => resource.spec.holder.kind === 'service')) {
    const message = `Also delete integration "${one.resource.name}" of PagerDuty service ${one.resource.spec.holder.name}?`
    if (await prompter.confirm({ message, default: false })) agreed.push(one)
  }
  return agreed
}

/** Deletes what was agreed to, and looks whether it is gone: PagerDuty's published API does not promise the call. */
export async function removeIntegrations(
  own: readonly OwnIntegration[],
  agreed: readonly OwnIntegration[],
  context: CommandContext,
): Promise<IntegrationsGone> {
  const deleted: Resource[] = []
  const kept: Retained[] = []
  for (const one of own) {
    const why = agreed.includes(one)
      ? await remove(one, context)
      : 'init created this integration in PagerDuty; it is kept'
    if (why === undefined) deleted.push(one.resource)
    else kept.push({ resource: one.resource.name, why: `${why}; ${howToDelete(one)}` })
  }
  return { deleted, kept }
}

function howToDelete({ resource, page }: OwnIntegration): string {
  const { kind, name } = resource.spec.holder
  return `delete it on the page of ${kind} ${name}${page === undefined ? '' : ` (${page})`}`
}

/** Undefined when it is gone, else why it is not. */
async function remove({ resource }: OwnIntegration, { connectPagerDuty }: CommandContext): Promise<string | undefined> {
  const { holder, id } = resource.spec
  try {
    const account = await connectPagerDuty?.()
    if (account === undefined || holder.id === undefined || id === undefined) return 'it was not requested'
    await account.client.deleteIntegration(holder.id, id)
    const left = await account.client.integrationsOf(holder.id)
    return left.some((one) => one.id === id) ? 'PagerDuty still lists it' : undefined
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return error.message
  }
}

async function onServices({ client }: PagerDutyAccount, name: string): Promise<readonly OwnIntegration[]> {
  const vendor = await client.vendorByName(OWN_VENDOR)
  const { items } = await client.servicesWithIntegrations()
  return items.flatMap((service) =>
    service.integrations
      .filter((one) => one.name === name && one.vendorId !== undefined && one.vendorId === vendor?.id)
      .map(({ id, htmlUrl }) => own(name, id, { kind: 'service', id: service.id, name: service.name }, htmlUrl)),
  )
}

async function onOrchestrations({ client }: PagerDutyAccount, name: string): Promise<readonly OwnIntegration[]> {
  const found: OwnIntegration[] = []
  for await (const { orchestration, integration } of orchestrationIntegrations(client)) {
    const holder = { kind: 'orchestration', id: orchestration.id, name: orchestration.name } as const
    if (integration.label === name) found.push(own(name, integration.id, holder, undefined))
  }
  return found
}

function own(
  name: string,
  id: string,
  holder: Resource<'integration'>['spec']['holder'],
  page: string | undefined,
): OwnIntegration {
  return { resource: { kind: 'integration', name, ownership: 'managed', spec: { holder, id } }, page }
}
