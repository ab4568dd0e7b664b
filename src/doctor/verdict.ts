/** What the findings come to for each chain: does it page, does it resolve, and which link is to be looked at. */

import type { Secret } from '../domain/secret.ts'
import type { Check, CheckLink, Finding, FindingStatus } from './check.ts'
import { type Chain, filterAddress, subscriptionAddress } from './graph.ts'
import { CHAIN_LINKS, type ChainLink } from './links.ts'

export type HopState = 'works' | 'look' | 'broken' | 'unchecked'

export interface JudgedChain extends Chain {
  /** Masked by its own type. */
  readonly endpoint: Secret | undefined
  readonly hops: Readonly<Record<ChainLink, HopState>>
  /** Whether it pages. Null: unknown. */
  readonly works: boolean | null
  /** Whether the OK of its alarm resolves the incident. Null: unknown. A chain that does not page has nothing to resolve. */
  readonly resolves: boolean | null
  /** The links for which it is unknown whether the chain pages. */
  readonly unclear: readonly ChainLink[]
}

/** What the findings about one resource come to. */
interface ResourceStatus {
  pass: boolean
  warn: boolean
  fail: boolean
  works: boolean | null
  resolves: boolean | null
  /** The check that looks at the resource was not made. */
  unseen: boolean
  /** As in the finding; every chain over the resource where it is absent. */
  readonly affects: ReadonlySet<string> | undefined
}

/** By link and resource. */
type ResourceStatuses = ReadonlyMap<CheckLink, ReadonlyMap<string, readonly ResourceStatus[]>>

/** Goes through the findings once; what is kept grows with the resources, not with the findings. */
export function weigh(
  findings: Iterable<Finding>,
  checks: readonly Check[],
): {
  readonly summary: Readonly<Record<FindingStatus, number>>
  readonly statuses: ResourceStatuses
} {
  const summary = { pass: 0, warn: 0, fail: 0, skip: 0 }
  const statuses = new Map<CheckLink, Map<string, ResourceStatus[]>>()
  const known = new Map(checks.map((check) => [check.name, check]))
  for (const finding of findings) {
    const { status, link } = finding
    summary[status] += 1
    const ofLink = statuses.get(link) ?? new Map<string, ResourceStatus[]>()
    statuses.set(link, ofLink)
    const resourceStatus = statusFor(finding, ofLink)
    if (status !== 'skip') resourceStatus[status] = true
    const check = known.get(finding.check)
    if (status === 'skip' && check?.looks === true) resourceStatus.unseen = true
    const { works, resolves } = effectOf(finding, check?.essential)
    resourceStatus.works = worse(resourceStatus.works, works)
    resourceStatus.resolves = worse(resourceStatus.resolves, resolves)
  }
  return { summary, statuses }
}

export function judgeChain(chain: Chain, statuses: ResourceStatuses): JudgedChain {
  const own = CHAIN_LINKS.map((hop) => ({ hop, reported: statusesOn(chain, hop, statuses) }))
  const hops = Object.fromEntries(own.map(({ hop, reported }) => [hop, hopState(reported)])) as Record<
    ChainLink,
    HopState
  >
  const all = own.flatMap(({ reported }) => reported)
  const isWhole =
    chain.trail !== undefined &&
    chain.filter !== undefined &&
    chain.alarm !== undefined &&
    chain.subscription !== undefined
  const works = all.map((status) => status.works).reduce(worse, isWhole ? true : null)
  return {
    ...chain,
    endpoint: chain.subscription?.endpoint.address,
    hops,
    works,
    resolves: all.map((status) => status.resolves).reduce(worse, works),
    unclear: own.filter(({ reported }) => reported.some((status) => status.works === null)).map(({ hop }) => hop),
  }
}

/** Whether something on the AWS side is unknown; what PagerDuty does not tell is apart from it. */
export function isUnclearInAws({ works, unclear }: JudgedChain): boolean {
  return works === null && !(unclear.length > 0 && unclear.every((link) => link === 'pagerduty'))
}

/** What a finding says of the chains over its resource, `essential` being what its check is to them. */
export function effectOf(
  finding: Finding,
  essential: Check['essential'],
): { readonly works: boolean | null; readonly resolves: boolean | null } {
  const isSkip = finding.status === 'skip'
  const { works = finding.status === 'fail' ? false : isSkip && essential === true ? null : true } = finding
  const { resolves = worse(works, isSkip && essential !== undefined ? null : true) } = finding
  return { works, resolves }
}

/** False, then unknown, then true. */
function worse(a: boolean | null, b: boolean | null): boolean | null {
  if (a === false || b === false) return false
  return a === null || b === null ? null : true
}

/** All findings about a resource share one status, but for those that concern some chains alone. */
function statusFor({ resource, affects }: Finding, statuses: Map<string, ResourceStatus[]>): ResourceStatus {
  const known = statuses.get(resource) ?? []
  const shared = affects === undefined ? known.find((status) => status.affects === undefined) : undefined
  if (shared !== undefined) return shared
  const settled = { pass: false, warn: false, fail: false, works: true, resolves: true, unseen: false }
  const status = { ...settled, affects: affects && new Set(affects) }
  statuses.set(resource, [...known, status])
  return status
}

/** A failure that leaves the page alone, such as a missing OK action, is one to look at. */
function hopState(statuses: readonly ResourceStatus[]): HopState {
  if (statuses.some(({ works }) => works === false)) return 'broken'
  if (statuses.some(({ warn, fail }) => warn || fail)) return 'look'
  if (statuses.some(({ unseen }) => unseen)) return 'unchecked'
  return statuses.some(({ pass }) => pass) && statuses.every(({ works }) => works === true) ? 'works' : 'unchecked'
}

/** A check on a missing piece speaks of the piece before it, so both addresses count. */
function statusesOn(chain: Chain, hop: ChainLink, statuses: ResourceStatuses): readonly ResourceStatus[] {
  const targets = placesOf(chain)[hop]
  const names = [chain.filter === undefined ? undefined : filterAddress(chain.filter), chain.alarm?.name]
  return targets
    .flatMap((target) => statuses.get(hop)?.get(target) ?? [])
    .filter(({ affects }) => affects === undefined || names.some((name) => name !== undefined && affects.has(name)))
}

function placesOf(chain: Chain): Readonly<Record<ChainLink, readonly string[]>> {
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

function given(...targets: readonly (string | undefined)[]): readonly string[] {
  return targets.filter((target) => target !== undefined)
}
