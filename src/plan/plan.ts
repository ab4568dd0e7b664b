/** The only place where it is decided what happens: wanted and observed resources become changes. */

import { type Address, addressOf, type CurrentResource, type CurrentState, type Resource } from '../domain/resources.ts'
import { differences, type FieldChange } from './differences.ts'

export type Change =
  | { readonly action: 'create'; readonly resource: Resource }
  | { readonly action: 'none'; readonly resource: Resource }
  | { readonly action: 'update'; readonly resource: Resource; readonly fields: readonly FieldChange[] }
  | { readonly action: 'delete'; readonly resource: Resource; readonly why: string }
  /** Not ours, or unreadable: the plan as a whole is refused before the first write. */
  | ({ readonly action: 'blocked'; readonly resource: Resource } & Obstacle)

/** Why a resource is not written, and what would help where that is known. */
export interface Obstacle {
  readonly why: string
  readonly hint?: string
}

export type Action = Change['action']

/** In the order of execution. */
export type Plan = readonly Change[]

/**
 * What has to change for `desired` to be true, in the order of `desired`; deletions are added by those who want them.
 * An obstacle blocks its resource whatever was observed.
 */
export function plan(
  desired: readonly Resource[],
  current: CurrentState,
  preflight: ReadonlyMap<Address, Obstacle> = new Map(),
): Plan {
  return block(
    desired.map((resource) => change(resource, current.get(addressOf(resource)))),
    preflight,
  )
}

/** The plan with these resources refused. */
export function block(changes: Plan, blockers: ReadonlyMap<Address, Obstacle>): Plan {
  return changes.map((one) => {
    const obstacle = blockers.get(addressOf(one.resource))
    return obstacle === undefined ? one : { action: 'blocked', resource: one.resource, ...obstacle }
  })
}

export function countActions(changes: Plan): Readonly<Record<Action, number>> {
  const counts = { create: 0, update: 0, delete: 0, none: 0, blocked: 0 }
  for (const { action } of changes) counts[action] += 1
  return counts
}

/** Whether something is left to do by this tool: a confirmation is left to who has to confirm. */
export function isOpen(change: Change): boolean {
  if (change.action === 'none') return false
  if (change.resource.kind !== 'subscription') return true
  return change.action === 'update' && !change.fields.some(({ field }) => field === 'confirmed')
}

/** True when there is nothing to do. */
export function settled(changes: Plan): boolean {
  return changes.every(({ action }) => action === 'none')
}

export function blocked(changes: Plan): boolean {
  return changes.some(({ action }) => action === 'blocked')
}

function change(resource: Resource, current: CurrentResource | undefined): Change {
  if (current === undefined) throw new Error(`nothing was observed of ${addressOf(resource)}`)
  if (current.state === 'unreadable') return { action: 'blocked', resource, why: current.why }
  if (current.state === 'absent') {
    return resource.ownership === 'managed'
      ? { action: 'create', resource }
      : { action: 'blocked', resource, why: `there is no ${resource.kind.replace('-', ' ')} of this name` }
  }
  if (resource.ownership === 'managed' && !current.managed) {
    return { action: 'blocked', resource, why: 'a resource with this name exists and was not created by cloudtrail-pd' }
  }
  const fields = differences(resource, current.spec)
  return fields.length === 0 ? { action: 'none', resource } : { action: 'update', resource, fields }
}
