/** A plan as a table for a person: what is created, changed, deleted and kept, and what it costs a month. */

import { addressOf, type Kind, type Resource, shownEndpoint } from '../../domain/resources.ts'
import { costsByUse, monthlyCost, watchingCosts } from '../../plan/cost.ts'
import { MADE_BY_INIT } from '../../plan/destroy.ts'
import { detailsOf } from '../../plan/details.ts'
import { type Action, type Change, countActions, type Plan } from '../../plan/plan.ts'
import { cleanLine, hanging, inAscii, pad, shorten } from '../clean.ts'
import { columns } from '../columns.ts'
import type { Mark, Theme } from '../theme.ts'
import { distinctNames } from './distinct-names.ts'
import { detailLines, fieldName } from './plan-details.ts'

export interface PlanView {
  /** Every resource on a line of its own, with the fields that change. */
  readonly detailed?: boolean
  /** How many stay that are no part of the plan. Given, it is a plan of deletions alone. */
  readonly kept?: number
  /** A plan that was shown before: of this one, only what differs from it. */
  readonly earlier?: Plan | undefined
}

const MARK: Readonly<Record<Action, Mark>> = {
  create: 'create',
  update: 'update',
  delete: 'delete',
  none: 'keep',
  blocked: 'bad',
}

export const LABEL: Readonly<Record<Kind, string>> = {
  bucket: 'bucket',
  trail: 'trail',
  'log-group': 'log group',
  role: 'role',
  delivery: 'delivery',
  'metric-filter': 'metric filter',
  topic: 'topic',
  queue: 'queue',
  subscription: 'subscription',
  'email-subscription': 'subscription',
  alarm: 'alarm',
  dashboard: 'dashboard',
  'pagerduty-service': 'service',
  integration: 'integration',
}

const LABEL_WIDTH = 14

/**
 * ```
 * Plan
 *   + topic          cloudtrail-pd-alerts
 *   + subscription   https://events.pagerduty.com/integration/…cdef/enqueue
 *   = trail          org-trail
 *   + metric filter  26
 *   + alarm          26
 *   54 to create, 0 to change, 0 to delete, 2 kept · about $10.40 a month
 * ```
 */
export function showPlan(changes: Plan, theme: Theme, width: number, view: PlanView = {}): string {
  const earlier = view.detailed ? undefined : view.earlier
  const shown = earlier === undefined ? changes : changesSince(earlier, changes)
  const gone = earlier === undefined ? [] : leftOut(earlier, changes)
  const groups = view.detailed ? shown.map((change) => [change]) : grouped(shown)
  const room = width - 4 - LABEL_WIDTH - 1
  const names = namesOf(changes, room, theme)
  const lines = groups.flatMap((group) => groupLines(group, names, theme, width, view))
  const parts = watchingText(changes)
  const byUse = costsByUse(changes).join(', ')
  const costs = [...(parts === '' ? [] : [`of it ${parts}`]), ...(byUse === '' ? [] : [`and by use: ${byUse}`])]
  const title =
    earlier === undefined ? 'Plan' : lines.length + gone.length === 0 ? 'Plan, as before' : 'Plan, only what changed'
  const absent = grouped(gone).flatMap((group) => goneLines(group, theme, width))
  const sums = hanging('  ', view.kept === undefined ? totals(changes, theme) : deletions(changes, view.kept), width)
  return [
    theme.heading(title),
    ...lines,
    ...absent,
    ...sums,
    ...costs.flatMap((text) => hanging('    ', text, width)),
  ].join('\n')
}

function changesSince(earlier: Plan, changes: Plan): Plan {
  const known = new Set(earlier.map(whole))
  return changes.filter((change) => !known.has(whole(change)))
}

function leftOut(earlier: Plan, changes: Plan): Plan {
  const addresses = new Set(changes.map(({ resource }) => addressOf(resource)))
  return earlier.filter(({ resource }) => !addresses.has(addressOf(resource)))
}

/** Everything that a person is shown of a change. */
function whole(change: Change): string {
  const why = change.action === 'delete' || change.action === 'blocked' ? change.why : ''
  return JSON.stringify([addressOf(change.resource), change.action, titleOf(change.resource), why, detailsOf(change)])
}

function goneLines(group: readonly Change[], theme: Theme, width: number): readonly string[] {
  const [first] = group
  if (first === undefined) return []
  const room = width - 4 - LABEL_WIDTH - 1 - GONE.length
  const subject = group.length > 1 ? `${group.length}` : shorten(spelled(first.resource, theme), room, theme.ellipsis)
  return [`    ${pad(LABEL[first.resource.kind], LABEL_WIDTH)} ${subject}${GONE}`]
}

const GONE = ', no longer'

/** Changes of one kind and action together where they stand, each group at the place of its first. */
function grouped(changes: Plan): readonly (readonly Change[])[] {
  const groups = new Map<string, Change[]>()
  for (const change of changes) {
    // What says where pages go is shown alone. Of a refused change the reason is the point.
    const { kind } = change.resource
    const isAlone = kind === 'topic' || kind === 'subscription'
    const reason = change.action === 'blocked' ? change.why : ''
    const key = isAlone ? addressOf(change.resource) : `${change.action} ${kind} ${reason}`
    groups.set(key, [...(groups.get(key) ?? []), change])
  }
  return [...groups.values()]
}

function groupLines(
  group: readonly Change[],
  names: ReadonlyMap<string, string>,
  theme: Theme,
  width: number,
  view: PlanView,
): readonly string[] {
  const [first] = group
  if (first === undefined) return []
  const room = width - 4 - LABEL_WIDTH - 1
  const subject = group.length > 1 ? `${group.length}` : (names.get(spelled(first.resource, theme)) ?? '')
  const head = `  ${theme.mark(MARK[first.action])} ${pad(LABEL[first.resource.kind], LABEL_WIDTH)} ${subject}`
  const indent = ' '.repeat(4 + LABEL_WIDTH + 1)
  if (view.detailed) return [head, ...detailLines(first, theme, width - DETAIL_INDENT).map(detailLine)]
  const asides = group.length > 1 && first.action !== 'blocked' ? [] : asidesOf(first, theme)
  // What a sentence says must not be cut; values are, because every detail shows them whole.
  const isSaid = first.action === 'delete' || first.action === 'blocked'
  return [
    head,
    ...purposeOf(first).flatMap((purpose) => hanging(indent, purpose, width)),
    ...asides.flatMap((aside) =>
      isSaid ? hanging(indent, aside, width) : [indent + shorten(aside, room, theme.ellipsis)],
    ),
  ]
}

/** Below the name, with more room than an aside: documents are wide. */
const DETAIL_INDENT = 6

function detailLine(line: string): string {
  return ' '.repeat(DETAIL_INDENT) + line
}

/** What each resource is called in the plan; those of one kind stay apart. */
function namesOf(changes: Plan, room: number, theme: Theme): ReadonlyMap<string, string> {
  const kinds = [...new Set(changes.map(({ resource }) => resource.kind))]
  return new Map(
    kinds.flatMap((kind) => {
      const titles = changes.flatMap(({ resource }) => (resource.kind === kind ? [spelled(resource, theme)] : []))
      const shorter = kind === 'subscription' ? titles.map((title) => endpointIn(room, title)) : titles
      const names = distinctNames(shorter, room, theme.ellipsis)
      return titles.map((title, at) => [title, names.get(shorter[at] ?? '') ?? title] as const)
    }),
  )
}

function asidesOf(change: Change, theme: Theme): readonly string[] {
  switch (change.action) {
    case 'update':
      return change.fields.map(({ field, from, to }) => cleanLine(`${fieldName(field)}: ${from} ${theme.arrow} ${to}`))
    case 'delete':
      return change.why === MADE_BY_INIT ? [] : [cleanLine(change.why)]
    case 'blocked':
      return [cleanLine(change.why)]
    default:
      return []
  }
}

/** Of two endpoints, which one nobody is woken by; the address does not say. */
function purposeOf({ resource }: Change): readonly string[] {
  return resource.kind === 'subscription' && resource.spec.purpose === 'tickets' ? ['for low-urgency detections'] : []
}

/** In the marks of the stream before it is measured: `...` is wider than what it stands for. */
function spelled(resource: Resource, theme: Theme): string {
  return theme.unicode ? titleOf(resource) : inAscii(titleOf(resource))
}

/** As much of an integration URL as there is room for; its last four letters tell the most. */
function endpointIn(room: number, title: string): string {
  const [, host = '', path = '', end = ''] = /^https:\/\/([^/]+)(\/.*\/)(\W+\w{4})(?:\/enqueue)?$/.exec(title) ?? []
  if (end === '') return title
  const forms = [title, `${host}${path}${end}`, `${host} ${end}`, `${host.replace(/^events\./, '')} ${end}`]
  return forms.find((form) => columns(form) <= room) ?? end
}

export function titleOf(resource: Resource): string {
  switch (resource.kind) {
    case 'subscription':
      return cleanLine(shownEndpoint(resource.spec.endpoint))
    case 'integration':
      return cleanLine(`${resource.name} (${resource.spec.holder.kind} ${resource.spec.holder.name})`)
    case 'pagerduty-service':
      return cleanLine(`${resource.name} (PagerDuty)`)
    default:
      return cleanLine(resource.name)
  }
}

function deletions(changes: Plan, kept: number): string {
  return `${countActions(changes).delete} to delete, ${kept} kept`
}

export function totals(changes: Plan, theme: Pick<Theme, 'dot'>): string {
  const { create, update, delete: removed, none, blocked } = countActions(changes)
  const counts = [`${create} to create`, `${update} to change`, `${removed} to delete`, `${none} kept`]
  if (blocked > 0) counts.push(`${blocked} refused`)
  const cost = monthlyCost(changes)
  return counts.join(', ') + (cost === 0 ? '' : `${theme.dot}about $${cost.toFixed(2)} a month`)
}

/** What each part that watches the chain costs, in one line; empty where there is none. */
export function watchingText(changes: Plan): string {
  return watchingCosts(changes)
    .map(({ part, dollars, unless }) => `${part} $${dollars.toFixed(2)}${unless === undefined ? '' : ` (${unless})`}`)
    .join(', ')
}
