/** Runs every check over the facts and says what that means for each chain. Pure: gathering and showing are elsewhere. */

import type { SubscriptionSnapshot } from '../domain/snapshot.ts'
import { helpCommand } from '../options/next-command.ts'
import { mergeRepairs, type Repair } from '../plan/repair.ts'
import type { Gathered } from './account.ts'
import { type Check, type CheckName, type Finding, type FindingStatus, findingFor, isProblem } from './check.ts'
import { CHECKS } from './checks/all.ts'
import { deniedReads } from './checks/identity/identity.ts'
import { type DrillStep, drillStep } from './drill-step.ts'
import { type ChainGraph, chainGraph, type Scope } from './graph.ts'
import { isUnclearInAws, type JudgedChain, judgeChain, weigh } from './verdict.ts'

export interface Diagnosis {
  readonly account: string
  readonly region: string
  readonly healthy: boolean
  readonly summary: Readonly<Record<FindingStatus, number>>
  readonly chains: readonly JudgedChain[]
  /** Of its chains; absent where there is none, and in what an earlier program kept. */
  readonly drill?: DrillStep | undefined
  /** In the order of the signal; made anew at each iteration, because a large account has more of them than memory should hold. */
  readonly findings: Iterable<Finding>
  /** Nothing failed and nothing is known to work, because reads that every chain needs were denied. */
  readonly denied: boolean
  /** Why a list that every chain needs could not be read: that there is no chain is not known then. */
  readonly unread: string | undefined
}

/** Judges the facts. A check that throws becomes a failed finding that names it, after what it had found before. */
export function diagnose(gathered: Gathered, scope: Scope = {}, checks: readonly Check[] = CHECKS): Diagnosis {
  const graph = chainGraph(gathered, scope)
  const findings = { [Symbol.iterator]: () => runChecks(graph, checks) }
  const { summary, statuses } = weigh(findings, checks)
  const chains = graph.chains.map((chain) => judgeChain(chain, statuses))
  return {
    account: graph.site.account,
    region: graph.site.region,
    healthy: isHealthy(chains, summary),
    summary,
    chains,
    drill: drillStep(graph),
    findings,
    denied: summary.fail === 0 && isBlind(graph, chains),
    unread: unreadList(graph),
  }
}

export interface AccountRegion {
  readonly account: string
  readonly region: string
}

/** A place that could not be looked at: one skip that says why, and no chain. */
export function unseen({ account, region }: AccountRegion, resource: string, why: string): Diagnosis {
  const check = resource === account ? 'identity.credentials' : 'identity.region'
  return {
    account,
    region,
    healthy: false,
    summary: { pass: 0, warn: 0, fail: 0, skip: 1 },
    chains: [],
    findings: [findingFor(check, resource).skip('not looked at', why)],
    denied: true,
    unread: why,
  }
}

/** What there is to say of a place without a chain beside others that have one: that it was looked at. */
export function withoutChain(diagnosis: Diagnosis): Diagnosis {
  const findings: Finding[] = []
  for (const finding of diagnosis.findings) if (finding.link === 'identity') findings.push(finding)
  return { ...diagnosis, findings, summary: weigh(findings, CHECKS).summary }
}

/** The repairs that findings offer, merged: one change for each resource, in the order of the signal. */
export function repairsOf(findings: Iterable<Finding>): readonly Repair[] {
  const repairs: Repair[] = []
  for (const finding of findings) if (isProblem(finding)) repairs.push(...(finding.fix.repairs ?? []))
  return mergeRepairs(repairs)
}

/** A check reports once for a resource, so the first `fail` or `skip` settles what rests on it. */
function* runChecks(graph: ChainGraph, checks: readonly Check[]): Generator<Finding> {
  const needed = new Set(checks.flatMap(({ needs = [] }) => needs))
  const unmet = new Map<string, Finding>()
  for (const check of checks) {
    for (const finding of attempt(check, graph)) {
      const kept = withNeeds(check, finding, unmet)
      const isUnmet = kept.status === 'fail' || kept.status === 'skip'
      if (isUnmet && needed.has(kept.check)) unmet.set(placeOf(kept.check, kept.resource), kept)
      yield kept
    }
  }
}

function* attempt(check: Check, graph: ChainGraph): Iterable<Finding> {
  try {
    yield* check.run(graph)
  } catch (error) {
    yield findingFor(check.name, `${graph.site.account} ${graph.site.region}`).fail({
      title: `the check ${check.name} could not be made`,
      evidence: error instanceof Error ? error.message : String(error),
      impact: 'What it looks for stays unseen. This is a fault of cloudtrail-pd, not of the chain.',
      fix: { summary: 'report it, with the version and this line', look: helpCommand('report') },
    })
  }
}

/** A verdict that rests on something broken or unseen says nothing. */
function withNeeds({ needs = [] }: Check, finding: Finding, unmet: ReadonlyMap<string, Finding>): Finding {
  if (finding.status === 'skip') return finding
  const earlier = needs.map((need) => unmet.get(placeOf(need, finding.resource))).find((one) => one !== undefined)
  if (earlier === undefined) return finding
  const { check: name, link, resource, title } = finding
  const why =
    earlier.status === 'fail' ? `${earlier.check} failed` : `${earlier.check} was not checked: ${earlier.evidence}`
  return { check: name, link, resource, status: 'skip', title, evidence: why, restsOn: earlier.check }
}

function placeOf(check: CheckName, resource: string): string {
  return `${check}\n${resource}`
}

/** What PagerDuty does not tell leaves the AWS side healthy. */
function isHealthy(chains: readonly JudgedChain[], summary: Diagnosis['summary']): boolean {
  const isWell = (chain: JudgedChain) => chain.works === true || (chain.works === null && !isUnclearInAws(chain))
  return chains.some(({ works }) => works) && chains.every(isWell) && summary.fail === 0
}

function unreadList({ gathered: { snapshot } }: ChainGraph): string | undefined {
  const { trails, metricFilters, alarms } = snapshot
  return [trails, metricFilters, alarms].flatMap((one) => (one.state === 'unreadable' ? [one.why] : []))[0]
}

function isBlind(graph: ChainGraph, chains: readonly JudgedChain[]): boolean {
  const { trails, metricFilters, alarms } = graph.gathered.snapshot
  const lists = [trails, metricFilters, alarms].some((one) => one.state === 'unreadable' && one.denied)
  if (chains.length === 0) return lists
  return chains.every(({ works }) => works === null) && (lists || deniedReads(graph).length > 0)
}

/** What the checks of PagerDuty find about these subscriptions; the facts have to hold `extras.pagerduty`. */
export function judgePagerDuty(gathered: Gathered, subscriptions: readonly SubscriptionSnapshot[]): readonly Finding[] {
  const graph = { ...chainGraph(gathered), subscriptions }
  return CHECKS.filter(({ name }) => name.startsWith('pagerduty.')).flatMap((check) => [...check.run(graph)])
}
