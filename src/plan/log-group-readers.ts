/** Who else lives on the events of a log group: metric filters and subscription filters that this chain did not make. */

import { type Snapshot, valueIfRead } from '../domain/snapshot.ts'
import type { Contents } from './destroy-contents.ts'
import { managedFilters } from './managed.ts'
import { type Retained, unread } from './retained.ts'

/** Why the log group and what fills it stay; undefined when nobody else reads it. */
export function readerOf(
  logGroup: string,
  snapshot: Snapshot,
  { subscriptionFilters }: Pick<Contents, 'subscriptionFilters'>,
  prefix: string,
): Omit<Retained, 'resource'> | undefined {
  const managed = managedFilters(snapshot, prefix)
  const filters = (valueIfRead(snapshot.metricFilters) ?? []).filter((filter) => filter.logGroup === logGroup)
  const filter = filters.find((one) => !managed.includes(one))
  if (filter !== undefined)
    return { why: `metric filter ${filter.name}, which is not managed by cloudtrail-pd, depends on it` }
  const reading = subscriptionFilters.get(logGroup)
  if (reading?.state === 'unreadable') return unread(reading, 'the subscription filters of its log group')
  const [name] = reading?.value ?? []
  return name === undefined ? undefined : { why: `subscription filter ${name} depends on it` }
}
