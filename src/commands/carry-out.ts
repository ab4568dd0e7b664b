/** Applies an approved plan and says on the way what happens, one line a link. */

import { type ApplyEvent, type ApplyOutcome, apply } from '../apply/apply.ts'
import type { PagerDutyContext } from '../aws/resources/handler.ts'
import type { Aws } from '../aws/session.ts'
import type { CommandContext } from '../context.ts'
import { LINK_OF, type Link, type Resource } from '../domain/resources.ts'
import type { Change, Plan } from '../plan/plan.ts'

const VERBS = { create: 'created', update: 'changed', delete: 'deleted', none: 'kept', blocked: 'blocked' } as const

export function carryOut(
  plan: Plan,
  aws: Aws,
  context: CommandContext,
  confirmTimeout: number,
  pagerduty?: PagerDutyContext,
): Promise<ApplyOutcome> {
  const counts = totals(plan)
  const finished = new Map<Link, number>()
  const report = (event: ApplyEvent) => {
    if (event.type === 'confirmed' || event.type === 'pending') return confirmation(event, plan, context)
    const link = LINK_OF[event.change.resource.kind]
    const label = link === 'pagerduty' ? 'PagerDuty' : link.replace('-', ' ')
    const total = counts.get(link) ?? 1
    if (event.type === 'waiting') context.progress.working(label, event.text)
    if (event.type === 'started') context.progress.working(label, doing(event.change, total, finished.get(link) ?? 0))
    if (event.type === 'failed') context.progress.done(label, 'bad', event.change.resource.name)
    if (event.type === 'finished') {
      const done = (finished.get(link) ?? 0) + 1
      finished.set(link, done)
      if (done === total) context.progress.done(label, 'good', did(event.change, total))
    }
  }
  return apply(plan, { aws, clock: context.clock, signal: context.signal, confirmTimeout, pagerduty, report })
}

function confirmation(
  { type, change }: Extract<ApplyEvent, { type: 'confirmed' | 'pending' }>,
  plan: Plan,
  { progress }: CommandContext,
): void {
  const which = plan.filter(isWantedSubscription).length > 1 ? whichOf(change.resource) : ''
  if (type === 'confirmed') progress.done('subscription', 'good', `confirmed by PagerDuty${which}`)
  else progress.done('subscription', 'warn', `not confirmed by PagerDuty yet${which}`)
}

function isWantedSubscription({ action, resource }: Change): boolean {
  return resource.kind === 'subscription' && action !== 'delete'
}

/** Short, because a URL would break the line; the plan above shows it whole. */
function whichOf(resource: Resource): string {
  if (resource.kind !== 'subscription') return ''
  const { endpoint, purpose } = resource.spec
  const words = [
    ...(endpoint === 'from-pagerduty' ? [] : [`…${endpoint.last4}`]),
    ...(purpose === 'tickets' ? ['low-urgency'] : []),
  ]
  return words.length === 0 ? '' : ` (${words.join(', ')})`
}

function totals(plan: Plan): ReadonlyMap<Link, number> {
  const counts = new Map<Link, number>()
  for (const { action, resource } of plan) {
    if (action === 'none' || action === 'blocked') continue
    counts.set(LINK_OF[resource.kind], (counts.get(LINK_OF[resource.kind]) ?? 0) + 1)
  }
  return counts
}

function doing({ resource }: Change, total: number, done: number): string {
  return total === 1 ? resource.name : `${done + 1} of ${total}  ${resource.name}`
}

function did({ action, resource }: Change, total: number): string {
  return total === 1 ? `${resource.name} ${VERBS[action]}` : `${total} ${VERBS[action]}`
}
