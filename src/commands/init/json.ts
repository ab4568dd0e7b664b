/** The report of `init` as JSON. */

import { findingJson } from '../../doctor/report.ts'
import { noteText } from '../../domain/note.ts'
import { LINK_OF, type Resource, shownEndpoint } from '../../domain/resources.ts'
import { valueIfRead } from '../../domain/snapshot.ts'
import { errorJson } from '../../json/error.ts'
import type { Body } from '../../json/schemas.ts'
import { commandLine } from '../../next-command.ts'
import { emailSubscriptionOf } from '../../plan/desired-fallback.ts'
import { detailsOf, differingLines } from '../../plan/details.ts'
import type { Change } from '../../plan/plan.ts'
import { type InitResult, type InitVerdict, nextCommands, notesOf } from './verdict.ts'

/** The document of the contract, without what main adds. */
export function initJson(result: InitResult, judged: InitVerdict): Body<'init'> {
  const { decided } = result
  const subscriptions = decided.plan.flatMap((change) => subscriptionJson(change, result, judged))
  const arns = result.status === 'applied' ? result.outcome.arns : undefined
  const created = result.status === 'applied' ? result.outcome.created : []
  return {
    status: judged.status,
    account: decided.aws.identity.account,
    region: decided.aws.region,
    changes: decided.plan.map(changeJson),
    subscription: subscriptions.find(({ purpose }) => purpose === 'pages') ?? null,
    subscriptions,
    created: created.map(({ resource }) => identifier(resource)).map((name) => arns?.get(name) ?? name),
    remaining: judged.remaining.map(identifier),
    kept: decided.left.map(identifier),
    findings: (result.findings ?? []).map(findingJson),
    notes: notesOf(result).map(noteText),
    next: nextCommands(result, judged).map(commandLine),
    ...(judged.error === undefined ? {} : { error: errorJson(judged.error) }),
  }
}

function subscriptionJson({ action, resource }: Change, result: InitResult, judged: InitVerdict) {
  if (resource.kind === 'email-subscription' && action !== 'delete') return [emailJson(action, resource, result)]
  if (resource.kind !== 'subscription' || action === 'delete') return []
  const { topicArn, purpose } = resource.spec
  const outputs = result.status === 'applied' ? result.outcome.outputs : undefined
  const endpoint = resource.spec.endpoint === 'from-pagerduty' ? outputs : resource.spec.endpoint
  const snapshot = result.status === 'applied' ? result.after?.snapshot : result.decided.snapshot
  const present = valueIfRead(snapshot?.subscriptions.get(topicArn)) ?? []
  const found = present.find((one) => endpoint !== undefined && one.endpoint.address.equals(endpoint))
  return [
    {
      arn: found?.arn ?? null,
      status: subscriptionStatus(action, resource, judged),
      endpoint: shownEndpoint(endpoint ?? 'from-pagerduty'),
      purpose,
    },
  ]
}

/** Planned before anything is made; then as AWS says, because only the reader of the mailbox can confirm. */
function emailJson(action: Change['action'], { spec }: Resource<'email-subscription'>, result: InitResult) {
  const snapshot = result.status === 'applied' ? result.after?.snapshot : result.decided.snapshot
  const found = snapshot === undefined ? undefined : emailSubscriptionOf(snapshot, spec.topicArn, spec.address)
  const isPlanned = action === 'create' && result.status !== 'applied'
  return {
    arn: found?.arn ?? null,
    status: isPlanned
      ? ('planned' as const)
      : found?.confirmed === true
        ? ('confirmed' as const)
        : ('pending' as const),
    endpoint: spec.address,
    purpose: 'fallback',
  }
}

function subscriptionStatus(
  action: Change['action'],
  resource: Resource,
  judged: InitVerdict,
): Body<'init'>['subscriptions'][number]['status'] {
  const planned = judged.status === 'planned' || judged.status === 'blocked'
  if (planned) return action === 'none' ? 'confirmed' : 'planned'
  return judged.remaining.includes(resource) ? 'pending' : 'confirmed'
}

function changeJson(change: Change): Body<'init'>['changes'][number] {
  const { action, resource } = change
  return { link: LINK_OF[resource.kind], action, resource: identifier(resource), details: detailTexts(change) }
}

/** A text each, as the contract has it; of a changed text of many lines only those that differ. */
function detailTexts(change: Change): readonly string[] {
  if (change.action === 'blocked' || change.action === 'delete') return [change.why]
  return detailsOf(change).map(({ field, from, to }) => {
    if (from === undefined) return `${field}: ${to}`
    if (!from.includes('\n') && !to.includes('\n')) return `${field}: ${from} → ${to}`
    const { gone, fresh } = differingLines(from, to)
    return `${field}: ${gone.join('\n')} → ${fresh.join('\n')}`
  })
}

function identifier(resource: Resource): string {
  return resource.kind === 'topic' || resource.kind === 'trail' ? resource.spec.arn : resource.name
}
