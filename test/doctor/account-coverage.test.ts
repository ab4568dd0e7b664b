import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountCoverage, type PlaceCoverage } from '../../src/doctor/account-coverage.ts'
import type { Diagnosis } from '../../src/doctor/diagnose.ts'
import type { JudgedChain } from '../../src/doctor/verdict.ts'
import { aTrail } from '../support/builders.ts'

interface Link {
  readonly works: boolean | null
  readonly multiRegion: boolean
  readonly organization: boolean
  readonly homeRegion: string
}

function aChain({ works, ...trail }: Link): JudgedChain {
  return { trail: aTrail(trail), works, resolves: works } as JudgedChain
}

function aDiagnosis(account: string, region: string, chains: readonly JudgedChain[], unread?: string): Diagnosis {
  const summary = { pass: 0, warn: 0, fail: 0, skip: 0 }
  return { account, region, healthy: false, summary, chains, findings: [], denied: false, unread }
}

const regions = fc.constantFrom('us-east-1', 'eu-west-1', 'eu-central-1')
const links = fc.record({
  works: fc.constantFrom(true, false, null),
  multiRegion: fc.boolean(),
  organization: fc.boolean(),
  homeRegion: regions,
})
const places = fc
  .uniqueArray(
    fc.record({ account: fc.constantFrom('1', '2', '3'), region: regions, links: fc.array(links, { maxLength: 3 }) }),
    { selector: ({ account, region }) => `${account} ${region}` },
  )
  .map((all) => all.map(({ account, region, links: given }) => aDiagnosis(account, region, given.map(aChain))))

describe('what covers a place', () => {
  it('is a chain whose trail reaches it, and there is none where nothing covers it', () => {
    fc.assert(
      fc.property(places, (diagnoses) => {
        const expected = diagnoses.map((place) => bestOf(reaching(place, diagnoses), place.account))
        expect(accountCoverage(diagnoses).map(({ coverage, by }) => [coverage, by?.account])).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('asks each chain for its trail a fixed number of times, however many places there are', () => {
    let asked = 0
    const counted = (): JudgedChain => ({
      ...aChain({ works: true, multiRegion: true, organization: false, homeRegion: 'us-east-1' }),
      get trail() {
        asked += 1
        return aTrail()
      },
    })
    const accounts = Array.from({ length: 200 }, (_, at) => aDiagnosis(String(at), 'us-east-1', [counted()]))
    expect(accountCoverage(accounts)).toHaveLength(200)
    expect(asked).toBeLessThanOrEqual(2 * 200)
  })
})

/** The chains that bring the events of the place, with their account, by comparing each place with each chain. */
function reaching({ account, region }: Diagnosis, diagnoses: readonly Diagnosis[]) {
  return diagnoses.flatMap((at) =>
    at.chains.flatMap(({ trail, works }) => {
      const isInReach = trail?.multiRegion || trail?.homeRegion === region
      return isInReach && (trail?.organization || at.account === account) ? [{ works, account: at.account }] : []
    }),
  )
}

function bestOf(
  chains: readonly { readonly works: boolean | null; readonly account: string }[],
  account: string,
): [PlaceCoverage['coverage'], string | undefined] {
  for (const works of [true, null, false]) {
    const alike = chains.filter((one) => one.works === works)
    const best = alike.find((one) => one.account === account) ?? alike[0]
    if (best !== undefined) return [works === null ? 'unknown' : works ? 'covered' : 'broken', best.account]
  }
  return ['not-covered', undefined]
}
