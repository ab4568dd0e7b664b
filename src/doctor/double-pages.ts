/** The alarms of a plan beside those that are there: which of them one event would fire twice at one endpoint. */

import { parseEndpoint } from '../domain/endpoint.ts'
import { alarmArn } from '../domain/names.ts'
import type { Resource } from '../domain/resources.ts'
import type { AlarmSnapshot, MetricFilterSnapshot, Snapshot, SubscriptionSnapshot } from '../domain/snapshot.ts'
import { valueIfRead } from '../domain/snapshot.ts'
import type { Gathered } from './account.ts'
import { countTheSame, duplicates } from './checks/alarm/duplicate.ts'
import { type ChainGraph, chainGraph, topicsOf } from './graph.ts'
import { compositesOver, indexChains } from './indexes.ts'

/** What the account and the plan come to once the plan is carried out. */
export interface Prospect {
  readonly gathered: Gathered
  readonly planned: readonly Resource[]
  /** Filters that the plan neither makes nor removes. */
  readonly otherFilters: readonly MetricFilterSnapshot[]
}

/** An alarm of the plan, and those beside it that page for the same event. */
export interface DoublePage {
  readonly alarm: string
  readonly others: readonly string[]
}

/** The filters beside the plan that count an event which one of the plan counts too. */
export function filtersOfSameMeaning(prospect: Prospect): readonly MetricFilterSnapshot[] {
  const graph = graphOf(prospect, [], new Map())
  const others = new Set(prospect.otherFilters)
  const planned = (valueIfRead(graph.gathered.snapshot.metricFilters) ?? []).filter((filter) => !others.has(filter))
  return prospect.otherFilters.filter((other) => planned.some((filter) => countTheSame(filter, other, graph)))
}

/** The alarms on what the filters write, and the topics that these and the composite alarms over them tell. */
export function watchers(
  filters: readonly MetricFilterSnapshot[],
  alarms: readonly AlarmSnapshot[],
): { readonly alarms: readonly AlarmSnapshot[]; readonly topics: readonly string[] } {
  const joins = indexChains(filters, alarms)
  const direct = filters.flatMap((filter) => joins.alarmsOf(filter))
  const found = [...new Set([...direct, ...direct.flatMap((alarm) => compositesOver(alarm, alarms))])]
  return { alarms: found, topics: [...new Set(found.flatMap(topicsOf))] }
}

/** The alarms of the plan that page for an event for which one of `alarms` pages already. */
export function doublePages(
  prospect: Prospect,
  alarms: readonly AlarmSnapshot[],
  subscriptions: Snapshot['subscriptions'],
): readonly DoublePage[] {
  const graph = graphOf(prospect, alarms, subscriptions)
  const beside = new Set(alarms.map(({ name }) => name))
  const othersOf = duplicates(graph)
  return graph.alarms
    .filter(({ name }) => !beside.has(name))
    .map((alarm) => ({
      alarm: alarm.name,
      others: othersOf(alarm).flatMap(({ name }) => (beside.has(name) ? [name] : [])),
    }))
    .filter(({ others }) => others.length > 0)
}

function graphOf(
  { gathered, planned, otherFilters }: Prospect,
  alarms: readonly AlarmSnapshot[],
  subscriptions: Snapshot['subscriptions'],
): ChainGraph {
  const { snapshot } = gathered
  const names = new Set(planned.flatMap((one) => (one.kind === 'alarm' ? [one.name] : [])))
  const own = planned.flatMap((one) => alarmOf(one, snapshot))
  const others = alarms.filter(({ name }) => !names.has(name))
  return chainGraph({
    ...gathered,
    snapshot: {
      ...snapshot,
      metricFilters: { state: 'read', value: [...otherFilters, ...planned.flatMap(filterOf)] },
      alarms: { state: 'read', value: [...others, ...own] },
      subscriptions: withPlanned(new Map([...snapshot.subscriptions, ...subscriptions]), planned),
    },
  })
}

function filterOf(resource: Resource): readonly MetricFilterSnapshot[] {
  if (resource.kind !== 'metric-filter') return []
  const { logGroup, pattern, metric } = resource.spec
  const transformations = [{ ...metric, dimensions: {} }]
  return [
    { logGroup, name: resource.name, pattern, transformations, onTransformedLogs: false, emittedSystemDimensions: [] },
  ]
}

function alarmOf(resource: Resource, { site }: Snapshot): readonly AlarmSnapshot[] {
  if (resource.kind !== 'alarm') return []
  const { spec, name } = resource
  return [
    {
      ...spec,
      type: 'metric',
      arn: alarmArn(site, name),
      name,
      metric: { ...spec.metric, dimensions: {} },
      unit: undefined,
      state: 'INSUFFICIENT_DATA',
      stateReason: '',
      stateChanged: undefined,
      rule: undefined,
      actionsSuppressor: undefined,
      raw: {},
    },
  ]
}

/** An endpoint that PagerDuty is still to give is new, so that no one else tells it. */
function withPlanned(present: Snapshot['subscriptions'], planned: readonly Resource[]): Snapshot['subscriptions'] {
  const all = new Map(present)
  for (const resource of planned) {
    if (resource.kind !== 'subscription' || resource.spec.endpoint === 'from-pagerduty') continue
    const { topicArn, endpoint, confirmed } = resource.spec
    const made: SubscriptionSnapshot = {
      arn: undefined,
      topicArn,
      protocol: 'https',
      endpoint: parseEndpoint('https', endpoint),
      confirmed,
      attributes: { state: 'unreadable', why: 'it is not made yet', denied: false },
    }
    const known = (valueIfRead(all.get(topicArn)) ?? []).filter((one) => !one.endpoint.address.equals(endpoint))
    all.set(topicArn, { state: 'read', value: [...known, made] })
  }
  return all
}
