/** What a plan costs a month once it has been carried out, in all and for each part that watches the chain. */

import { DELIVERY_FAILURES, HEARTBEAT, parseMarker } from '../domain/marker.ts'
import type { Resource } from '../domain/resources.ts'
import type { Plan } from './plan.ts'

/** Dollars a month (CloudWatch pricing page: custom metrics, first tier; standard-resolution alarms; custom dashboards). */
const METRIC_PRICE = 0.3
const ALARM_PRICE = 0.1
const DASHBOARD_PRICE = 3

/** One part that watches the chain. */
export interface PartCost {
  readonly part: string
  /** A month. */
  readonly dollars: number
  /** When it costs less. */
  readonly unless?: string
}

/** Dollars a month of what is there once the plan has been carried out: each metric once, each alarm, each dashboard. */
export function monthlyCost(changes: Plan): number {
  const resources = remaining(changes)
  const metrics = new Set(
    resources.flatMap((one) =>
      one.kind === 'metric-filter' ? [`${one.spec.metric.namespace}/${one.spec.metric.name}`] : [],
    ),
  )
  const countOf = (kind: Resource['kind']) => resources.filter((one) => one.kind === kind).length
  return metrics.size * METRIC_PRICE + countOf('alarm') * ALARM_PRICE + countOf('dashboard') * DASHBOARD_PRICE
}

/** The parts of that cost that watch the chain, in the order of the plan. */
export function watchingCosts(changes: Plan): readonly PartCost[] {
  return remaining(changes).flatMap(partCost)
}

/** What is new and is paid by use, which a plan cannot know: in the words of docs/costs.md. */
export function costsByUse(changes: Plan): readonly string[] {
  const created = new Set(changes.flatMap(({ action, resource }) => (action === 'create' ? [resource.kind] : [])))
  return [
    ...(created.has('delivery') ? ['ingestion into the log group about $0.50 a GB'] : []),
    ...(created.has('log-group') ? ['what it keeps about $0.03 a GB a month'] : []),
    ...(created.has('bucket') ? ['the bucket usually below $3 a month'] : []),
  ]
}

function partCost(resource: Resource): readonly PartCost[] {
  switch (resource.kind) {
    case 'alarm': {
      const part = PARTS[parseMarker(resource.spec.description)?.detection ?? '']
      return part === undefined ? [] : [{ part, dollars: ALARM_PRICE }]
    }
    case 'email-subscription':
      return [{ part: 'e-mail', dollars: 0, unless: 'up to 1,000 a month' }]
    case 'queue':
      return [{ part: 'dead-letter queue', dollars: 0, unless: 'while it is empty' }]
    case 'dashboard':
      return [{ part: 'dashboard', dollars: DASHBOARD_PRICE, unless: 'free among the first 3 of an account' }]
    default:
      return []
  }
}

/** Alarms that belong to no detection, by what their marker has in its place. */
const PARTS: Readonly<Record<string, string>> = {
  [HEARTBEAT]: 'heartbeat',
  [DELIVERY_FAILURES]: 'alarm on failed deliveries',
}

function remaining(changes: Plan): readonly Resource[] {
  return changes.filter(({ action }) => action !== 'delete').map(({ resource }) => resource)
}
