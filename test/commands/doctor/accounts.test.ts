import { describe, expect, it } from 'vitest'
import { connectAws } from '../../../src/aws/session.ts'
import { doctorOn } from '../../doctor/live.ts'
import { accountWithChain, freshAccount } from '../../support/fresh-account.ts'
import { organizationBackend } from '../../support/organization.ts'
import type { Account } from '../../support/tool.ts'

const HERE = '123456789012'
const WITH_CHAIN = '111122223333'
const EMPTY = '222233334444'
const CLOSED_TO_US = '333344445555'

async function doctorOfOrganization(management: Account, options: object = {}) {
  management.sandbox.state.organization = {
    id: 'o-a1b2c3d4e5',
    managementAccount: HERE,
    accounts: [HERE, WITH_CHAIN, EMPTY, CLOSED_TO_US],
    trustedServices: ['cloudtrail.amazonaws.com'],
  }
  const [own, empty] = [await accountWithChain(), await freshAccount()]
  const backend = organizationBackend(management.sandbox.backend, (account) =>
    account === WITH_CHAIN ? own.sandbox.backend : account === EMPTY ? empty.sandbox.backend : undefined,
  )
  const target = { profile: undefined, region: 'us-east-1', endpointUrl: undefined }
  return doctorOn(
    management,
    { accounts: 'Audit', ...options },
    { connectAws: () => connectAws(target, { env: {}, backend }) },
  )
}

type Seen = Awaited<ReturnType<typeof doctorOfOrganization>>

const coverageOf = (seen: Seen) => (seen.json as unknown as { accounts: readonly { account: string }[] }).accounts

describe('doctor --accounts', () => {
  it('says of each account whether a chain of its own covers it, nothing does, or nobody could look', async () => {
    const seen = await doctorOfOrganization(await accountWithChain())
    const accounts = coverageOf(seen)
    expect(accounts.toSorted((a, b) => (a.account < b.account ? -1 : 1))).toMatchObject([
      { account: WITH_CHAIN, coverage: 'covered', by: { account: WITH_CHAIN, trail: 'cloudtrail-pd' }, works: true },
      { account: HERE, coverage: 'covered', by: { account: HERE }, resolves: true },
      { account: EMPTY, coverage: 'not-covered', by: null },
      { account: CLOSED_TO_US, coverage: 'unknown', why: expect.stringContaining('could not be assumed') },
    ])
    expect(seen.text).toContain('Accounts  2 covered, 1 not covered, 1 unknown')
    expect(seen.text).toMatch(/✖ 222233334444 {2}us-east-1 {2}not covered/)
  })

  it('counts on the chain of an organization trail in every account that it could look into', async () => {
    const organization = {
      id: 'o-a1b2c3d4e5',
      managementAccount: HERE,
      accounts: [HERE],
      trustedServices: ['cloudtrail.amazonaws.com'],
    }
    const management = await accountWithChain(['--organization'], {
      prepare: ({ sandbox }) => {
        sandbox.state.organization = organization
      },
    })
    const seen = await doctorOfOrganization(management)
    const byAccount = new Map(coverageOf(seen).map((one) => [one.account, one]))
    expect(byAccount.get(EMPTY)).toMatchObject({ coverage: 'covered', by: { account: HERE }, works: true })
    expect(byAccount.get(WITH_CHAIN)).toMatchObject({ coverage: 'covered', by: { account: WITH_CHAIN } })
    expect(byAccount.get(CLOSED_TO_US)).toMatchObject({ coverage: 'unknown', by: null })
    expect(seen.text).toContain(`the chain of account ${HERE} (trail cloudtrail-pd): pages`)
  })

  it('joins the regions of an account that have the same answer', async () => {
    const seen = await doctorOfOrganization(await accountWithChain(), { allRegions: true })
    expect(seen.text).toMatch(/✖ 222233334444 {2}\d\d regions {2}not covered/)
    expect(seen.text).toMatch(/✔ 111122223333 {2}\d\d regions {2}its own chain \(trail cloudtrail-pd\): pages/)
  }, 60_000)
})
