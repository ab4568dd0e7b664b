/** Applies an approved plan and says on the way what happens, one line a link. */

import { type ApplyEvent, type ApplyOutcome, apply } from '../apply/apply.ts'
import type { PagerDutyContext } from '../aws/resources/handler.ts'
import type { Aws } from '../aws/session.ts'
import type { CommandContext } from '../context.ts'
import { counted } from '../counted.ts'
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
  const totals = byLink(plan)
  const finished = new Map<Link, number>()
  const report = (event: ApplyEvent) => {
    if (event.type === 'confirmed' || event.type === 'pending') return confirmation(event, plan, context)
    const link = LINK_OF[event.change.resource.kind]
    const label = link === 'pagerduty' ? 'PagerDuty' : link.replace('-', ' ')
    const all = totals.get(link) ?? [event.change]
    if (event.type === 'waiting') context.progress.working(label, event.text)
    if (event.type === 'started')
      context.progress.working(label, doing(event.change, all.length, finished.get(link) ?? 0))
    if (event.type === 'failed') context.progress.done(label, 'bad', event.change.resource.name)
    if (event.type === 'finished') {
      const done = (finished.get(link) ?? 0) + 1
      finished.set(link, done)
      if (done === all.length) context.progress.done(label, 'good', did(all))
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

function byLink(plan: Plan): ReadonlyMap<Link, readonly Change[]> {
  const changes = new Map<Link, Change[]>()
  for (const change of plan) {
    if (change.action === 'none' || change.action === 'blocked') continue
    const link = LINK_OF[change.resource.kind]
    changes.set(link, [...(changes.get(link) ?? []), change])
  }
  return changes
}

function doing({ resource }: Change, total: number, done: number): string {
  return total === 1 ? resource.name : `${done + 1} of ${total}  ${resource.name}`
}

/** One by its name, several of a kind by their number, and else the kinds. */
function did(changes: readonly Change[]): string {
  const [only, ...others] = changes
  if (only !== undefined && others.length === 0) return `${only.resource.name} ${VERBS[only.action]}`
  const isOneKind = new Set(changes.map(({ resource }) => resource.kind)).size === 1
  const verbs = [...new Set(changes.map(({ action }) => VERBS[action]))]
  return verbs
    .map((verb) => {
      const alike = changes.filter(({ action }) => VERBS[action] === verb)
      return `${isOneKind ? alike.length : kinds(alike)} ${verb}`
    })
    .join(', ')
}

/** `bucket and trail`, `2 subscriptions and topic`. */
function kinds(changes: readonly Change[]): string {
  const counts = new Map<string, number>()
  for (const { resource } of changes) {
    const kind = resource.kind.replaceAll('-', ' ')
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return [...counts].map(([kind, n]) => (n === 1 ? kind : counted(n, kind))).join(' and ')
}
