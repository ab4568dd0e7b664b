/** Runs every check over the facts and says what that means for each chain. Pure: gathering and showing are elsewhere. */

import type { SubscriptionFact } from '../chain/inventory.ts'
import { type Chain, filterAddress, findGraph, type Graph, type Scope, subscriptionAddress } from './chains.ts'
import { about, type Check, type CheckLink, type CheckName, type Finding, type Status } from './check.ts'
import { CHECKS } from './checks/all.ts'
import { deniedReads } from './checks/identity.ts'
import type { Facts } from './facts.ts'
import { HOPS, type Hop } from './hops.ts'

export type HopState = 'works' | 'look' | 'broken' | 'unchecked'

export interface JudgedChain extends Chain {
  /** Masked by its own type. */
  readonly endpoint: SubscriptionFact['endpoint'] | undefined
  readonly hops: Readonly<Record<Hop, HopState>>
  /** Null: cannot tell. */
  readonly works: boolean | null
}

export interface Diagnosis {
  readonly account: string
  readonly region: string
  readonly healthy: boolean
  readonly summary: Readonly<Record<Status, number>>
  readonly chains: readonly JudgedChain[]
  /** In the order of the signal. */
  readonly findings: readonly Finding[]
  /** Nothing failed and nothing is known to work, because reads that every chain needs were denied. */
  readonly denied: boolean
}

/** Judges the facts. A check that throws becomes a failed finding that names it. */
export function diagnose(facts: Facts, scope: Scope = {}, checks: readonly Check[] = CHECKS): Diagnosis {
  const graph = findGraph(facts, scope)
  const findings = runChecks(graph, checks)
  const byPlace = grouped(findings)
  const chains = graph.chains.map((chain) => judgeChain(chain, byPlace))
  const summary = summed(findings)
  return {
    account: graph.site.account,
    region: graph.site.region,
    healthy: isHealthy(chains, summary),
    summary,
    chains,
    findings,
    denied: summary.fail === 0 && isBlind(graph, chains),
  }
}

export interface Place {
  readonly account: string
  readonly region: string
}

/** A place that could not be looked at: one skip that says why, and no chain. */
export function unseen({ account, region }: Place, resource: string, why: string): Diagnosis {
  const check = resource === account ? 'identity.credentials' : 'identity.region'
  return {
    account,
    region,
    healthy: false,
    summary: { pass: 0, warn: 0, fail: 0, skip: 1 },
    chains: [],
    findings: [about(check, resource).skip('not looked at', why)],
    denied: true,
  }
}

/** What there is to say of a place without a chain beside others that have one: that it was looked at. */
export function withoutChain(diagnosis: Diagnosis): Diagnosis {
  const findings = diagnosis.findings.filter(({ link }) => link === 'identity')
  return { ...diagnosis, findings, summary: summed(findings) }
}

function summed(findings: readonly Finding[]): Diagnosis['summary'] {
  const summary = { pass: 0, warn: 0, fail: 0, skip: 0 }
  for (const { status } of findings) summary[status] += 1
  return summary
}

function runChecks(graph: Graph, checks: readonly Check[]): readonly Finding[] {
  const done: Finding[] = []
  const settled = new Map<string, Finding>()
  for (const check of checks) {
    for (const finding of attempt(check, graph)) {
      const kept = withNeeds(check, finding, settled)
      done.push(kept)
      settled.set(placeOf(kept.check, kept.resource), kept)
    }
  }
  return done
}

function attempt(check: Check, graph: Graph): readonly Finding[] {
  try {
    return check.run(graph)
  } catch (error) {
    return [
      {
        check: check.name,
        link: check.name.slice(0, check.name.indexOf('.')) as CheckLink,
        resource: `${graph.site.account} ${graph.site.region}`,
        status: 'fail',
        title: `the check ${check.name} could not be made`,
        evidence: error instanceof Error ? error.message : String(error),
        impact: 'What it looks for stays unseen. This is a fault of cloudtrail-pd, not of the chain.',
        fix: { summary: 'report it, with the version and this line', command: 'npx cloudtrail-pd --version' },
      },
    ]
  }
}

/** A verdict that rests on something broken or unseen says nothing. */
function withNeeds(check: Check, finding: Finding, settled: ReadonlyMap<string, Finding>): Finding {
  const unmet = (check.needs ?? [])
    .map((need) => settled.get(placeOf(need, finding.resource)))
    .find((earlier) => earlier?.status === 'fail' || earlier?.status === 'skip')
  if (unmet === undefined || finding.status === 'skip') return finding
  const { check: name, link, resource, title } = finding
  const why = unmet.status === 'fail' ? `${unmet.check} failed` : `${unmet.check} was not checked: ${unmet.evidence}`
  return { check: name, link, resource, status: 'skip', title, evidence: why }
}

function placeOf(check: CheckName, resource: string): string {
  return `${check}\n${resource}`
}

/** Checks without whose answer it is not known whether the chain carries a page; the others warn of what may come. */
const ESSENTIAL: ReadonlySet<CheckName> = new Set<CheckName>([
  'trail.exists',
  'trail.logging',
  'trail.management-events',
  'delivery.configured',
  'log-group.exists',
  'metric-filter.exists',
  'alarm.exists',
  'alarm.metric',
  'alarm.missing-data',
  'topic.exists',
  'topic.policy',
  'topic.encryption',
  'subscription.exists',
  'subscription.confirmed',
  'subscription.raw-delivery',
  'subscription.filter-policy',
])

function judgeChain(chain: Chain, findings: ReadonlyMap<string, readonly Finding[]>): JudgedChain {
  const own = HOPS.map((hop) => ({ hop, seen: findingsOf(chain, hop, findings) }))
  const hops = Object.fromEntries(own.map(({ hop, seen }) => [hop, hopState(seen)])) as Record<Hop, HopState>
  const all = own.flatMap(({ seen }) => seen)
  const broken = all.some(({ status }) => status === 'fail')
  const unknown = all.some(({ status, check }) => status === 'skip' && ESSENTIAL.has(check))
  const whole =
    chain.trail !== undefined &&
    chain.filter !== undefined &&
    chain.alarm !== undefined &&
    chain.subscription !== undefined
  return {
    ...chain,
    endpoint: chain.subscription?.endpoint,
    hops,
    works: broken ? false : unknown || !whole ? null : true,
  }
}

function hopState(findings: readonly Finding[]): HopState {
  if (findings.some(({ status }) => status === 'fail')) return 'broken'
  if (findings.some(({ status }) => status === 'warn')) return 'look'
  return findings.some(({ status }) => status === 'pass') &&
    !findings.some(({ status, check }) => status === 'skip' && ESSENTIAL.has(check))
    ? 'works'
    : 'unchecked'
}

/** A check on a missing piece speaks of the piece before it, so both addresses count. */
function findingsOf(chain: Chain, hop: Hop, findings: ReadonlyMap<string, readonly Finding[]>): readonly Finding[] {
  const places = placesOf(chain)[hop]
  const names = [chain.filter === undefined ? undefined : filterAddress(chain.filter), chain.alarm?.name]
  return places
    .flatMap((place) => findings.get(`${hop}\n${place}`) ?? [])
    .filter(
      ({ affects }) => affects === undefined || names.some((name) => name !== undefined && affects.includes(name)),
    )
}

function placesOf(chain: Chain): Readonly<Record<Hop, readonly string[]>> {
  const filter = chain.filter === undefined ? undefined : filterAddress(chain.filter)
  const subscription = chain.subscription === undefined ? undefined : subscriptionAddress(chain.subscription)
  return {
    trail: given(chain.trail?.arn, chain.trail === undefined ? chain.logGroup : undefined),
    delivery: given(chain.trail?.arn),
    'log-group': given(chain.logGroup),
    'metric-filter': given(filter, chain.logGroup),
    alarm: given(chain.alarm?.name, filter),
    topic: given(chain.topicArn),
    subscription: given(subscription, chain.topicArn),
    pagerduty: given(subscription),
  }
}

function given(...places: readonly (string | undefined)[]): readonly string[] {
  return places.filter((place) => place !== undefined)
}

function grouped(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = `${finding.link}\n${finding.resource}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [finding])
    else group.push(finding)
  }
  return groups
}

function isHealthy(chains: readonly JudgedChain[], summary: Diagnosis['summary']): boolean {
  return chains.some(({ works }) => works) && chains.every(({ works }) => works === true) && summary.fail === 0
}

function isBlind(graph: Graph, chains: readonly JudgedChain[]): boolean {
  const { trails, metricFilters, alarms } = graph.facts.inventory
  const lists = [trails, metricFilters, alarms].some((one) => one.state === 'unreadable' && one.denied)
  if (chains.length === 0) return lists
  return chains.every(({ works }) => works === null) && (lists || deniedReads(graph).length > 0)
}
