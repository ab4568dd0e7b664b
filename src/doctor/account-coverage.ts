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
  const candidates = diagnoses.flatMap((at) => at.chains.map((chain) => ({ at, chain })))
  return diagnoses.map(({ account, region, chains, unread }) => {
    const place = { account, region }
    if (chains.length === 0 && unread !== undefined) {
      return { ...place, coverage: 'unknown', by: undefined, works: null, resolves: null, why: unread }
    }
    const covering = candidates
      .filter(({ at, chain: { trail } }) => {
        if (trail === undefined) return false
        const reaches = trail.multiRegion || trail.homeRegion === region
        return reaches && (trail.organization || at.account === account)
      })
      // Its own chain before that of the organization, and one that works before one that does not.
      .sort((a, b) => rank(b, account) - rank(a, account))
    const [best] = covering
    if (best?.chain.trail === undefined) {
      return { ...place, coverage: 'not-covered', by: undefined, works: false, resolves: false, why: undefined }
    }
    const { works, resolves } = best.chain
    return {
      ...place,
      coverage: works === null ? 'unknown' : works ? 'covered' : 'broken',
      by: { account: best.at.account, region: best.at.region, trail: best.chain.trail.name },
      works,
      resolves,
      why: works === null ? 'whether its chain pages could not be judged' : undefined,
    }
  })
}

function rank({ at, chain }: { readonly at: Diagnosis; readonly chain: JudgedChain }, account: string): number {
  const works = chain.works === true ? 4 : chain.works === null ? 2 : 0
  return works + (at.account === account ? 1 : 0)
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
