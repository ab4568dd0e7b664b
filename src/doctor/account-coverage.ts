/** What covers each account and region of an organization: a chain of its own, that of an organization trail, or nothing. */

import type { Diagnosis } from './diagnose.ts'
import type { JudgedChain } from './verdict.ts'

export interface PlaceCoverage {
  readonly account: string
  readonly region: string
  /** `unknown`: the place could not be looked at, or the chain that covers it could not be judged. */
  readonly coverage: 'covered' | 'broken' | 'not-covered' | 'unknown'
  /** The chain that covers it: where its alarm is, and the trail that brings it the events of this place. */
  readonly by: { readonly account: string; readonly region: string; readonly trail: string } | undefined
  /** Whether a chain that covers the place pages, and whether it resolves. */
  readonly works: boolean | null
  readonly resolves: boolean | null
  /** Why it is unknown. */
  readonly why: string | undefined
}

/**
 * One for each place that was examined, in the same order. A multi-region trail covers every region of its account, and
 * an organization trail every account that was listed with its own (CloudTrail user guide); a place that nobody could look
 * into is unknown, whatever trail should cover it.
 */
export function accountCoverage(diagnoses: readonly Diagnosis[]): readonly PlaceCoverage[] {
  const best = bestByReach(diagnoses)
  return diagnoses.map(({ account, region, chains, unread }) => {
    const place = { account, region }
    if (chains.length === 0 && unread !== undefined) {
      return { ...place, coverage: 'unknown', by: undefined, works: null, resolves: null, why: unread }
    }
    const covering = [account, EVERY].flatMap((owner) =>
      [region, EVERY].flatMap((where) => best.get(reachKey(owner, where)) ?? []),
    )
    const [first] = covering.sort((a, b) => rank(b, account) - rank(a, account) || a.order - b.order)
    if (first === undefined) {
      return { ...place, coverage: 'not-covered', by: undefined, works: false, resolves: false, why: undefined }
    }
    const { at, works, resolves } = first
    return {
      ...place,
      coverage: works === null ? 'unknown' : works ? 'covered' : 'broken',
      by: { account: at.account, region: at.region, trail: first.trail },
      works,
      resolves,
      why: works === null ? 'whether its chain pages could not be judged' : undefined,
    }
  })
}

interface Covering extends Pick<JudgedChain, 'works' | 'resolves'> {
  readonly at: Diagnosis
  /** Its name. */
  readonly trail: string
  /** Among all chains. */
  readonly order: number
}

/** In place of an account or a region: all of them. */
const EVERY = '*'

/** The best chain for each reach, that of its account and that of the organization: every place times every chain would be too many to compare. */
function bestByReach(diagnoses: readonly Diagnosis[]): ReadonlyMap<string, Covering> {
  const best = new Map<string, Covering>()
  let order = 0
  for (const at of diagnoses) {
    for (const { trail, works, resolves } of at.chains) {
      if (trail === undefined) continue
      const covering = { at, trail: trail.name, works, resolves, order }
      order += 1
      for (const owner of trail.organization ? [at.account, EVERY] : [at.account]) {
        const key = reachKey(owner, trail.multiRegion ? EVERY : trail.homeRegion)
        const known = best.get(key)
        if (known === undefined || rank(covering, owner) > rank(known, owner)) best.set(key, covering)
      }
    }
  }
  return best
}

function reachKey(account: string, region: string): string {
  return `${account} ${region}`
}

/** One that works before one that does not; among equals, the account's own before that of the organization. */
function rank({ at, works }: Covering, account: string): number {
  return (works === true ? 4 : works === null ? 2 : 0) + (at.account === account ? 1 : 0)
}

export interface AccountRow {
  readonly account: string
  /** Regions with the same answer. */
  readonly regions: readonly string[]
  readonly place: PlaceCoverage
}

/** The places of an account that have the same answer are one row; what nothing covers comes first. */
export function coverageRows(places: readonly PlaceCoverage[]): readonly AccountRow[] {
  const rows = new Map<string, { account: string; regions: string[]; place: PlaceCoverage }>()
  for (const place of places) {
    const { account, region, coverage, by, resolves, why } = place
    const key = [account, coverage, by?.account, by?.region, by?.trail, resolves, why].join('\n')
    const row = rows.get(key)
    if (row === undefined) rows.set(key, { account, regions: [region], place })
    else row.regions.push(region)
  }
  return [...rows.values()].sort(
    (a, b) => WORST_FIRST.indexOf(a.place.coverage) - WORST_FIRST.indexOf(b.place.coverage),
  )
}

const WORST_FIRST: readonly PlaceCoverage['coverage'][] = ['broken', 'not-covered', 'unknown', 'covered']

/** The row in words. */
export function coverageText({ account, place: { coverage, by, resolves, why } }: AccountRow): string {
  if (coverage === 'not-covered') return 'not covered'
  if (by === undefined) return `not looked at: ${why ?? ''}`
  const owner = by.account === account ? 'its own chain' : `the chain of account ${by.account}`
  const states = { broken: 'does not page', unknown: 'not known to page', covered: 'pages' } as const
  const state = coverage === 'covered' && resolves === false ? 'pages, does not resolve' : states[coverage]
  return `${owner} (trail ${by.trail}): ${state}`
}
