/** What a change comes to in full: every value of a resource that is made, old and new of every field that changes. */

import { DELIVERY_ROLE_DESCRIPTION } from '../domain/policy-documents.ts'
import { type AlarmSpec, type Resource, shownEndpoint } from '../domain/resources.ts'
import { Secret } from '../domain/secret.ts'
import { readable } from './differences.ts'
import type { Change } from './plan.ts'

/** One value under its name, of several lines where it is a document; `from` where it replaces another. */
export interface Detail {
  readonly field: string
  readonly from?: string
  readonly to: string
}

/** Nothing of a resource that stays, and of one that goes or is refused. */
export function detailsOf(change: Change): readonly Detail[] {
  if (change.action === 'update') return change.fields.map(({ field, from, to }) => ({ field, from, to }))
  return change.action === 'create' ? valuesOf(change.resource) : []
}

/** Only the lines of a text of several lines that differ: gone, then new. */
export function differingLines(from: string, to: string): { gone: readonly string[]; fresh: readonly string[] } {
  const [before, after] = [from.split('\n'), to.split('\n')]
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1
  }
  return { gone: before.slice(start, before.length - end), fresh: after.slice(start, after.length - end) }
}

function valuesOf(resource: Resource): readonly Detail[] {
  const sent = Object.entries(resource.spec).filter(([field]) => !NOT_SENT.includes(field))
  const values = sent.flatMap(([field, value]) => flattened(field, value))
  switch (resource.kind) {
    case 'alarm':
      return [...values, { field: 'hold', to: `${holdOf(resource.spec)} minutes` }]
    case 'bucket':
      return [...values, { field: 'publicAccess', to: 'blocked' }]
    case 'role':
      return [...values, { field: 'description', to: DELIVERY_ROLE_DESCRIPTION }]
    default:
      return values
  }
}

/** How a pattern or an older trust is compared, and that a subscription is to be confirmed, are matters of this tool. */
const NOT_SENT: readonly string[] = ['exact', 'confirmed', 'olderTrust']

/** Records become a line a member; what is undefined is not sent. Policies and dashboards stay whole. */
function flattened(field: string, value: unknown): readonly Detail[] {
  if (value === undefined) return []
  if (value === 'from-pagerduty') return [{ field, to: shownEndpoint(value) }]
  if (value instanceof Secret) return [{ field, to: value.toString() }]
  if (typeof value !== 'object' || Array.isArray(value)) return [{ field, to: readable(value) }]
  if (value === null || 'Statement' in value || 'widgets' in value) return [{ field, to: readable(value) }]
  return Object.entries(value).flatMap(([member, item]) => flattened(`${field}.${member}`, item))
}

/** How long one breaching period keeps the alarm up; minutes. */
function holdOf({ period, evaluationPeriods, datapointsToAlarm }: AlarmSpec): number {
  return ((evaluationPeriods - datapointsToAlarm + 1) * period) / 60
}
