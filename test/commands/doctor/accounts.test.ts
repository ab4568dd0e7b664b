import { describe, expect, it } from 'vitest'
import { connectAws } from '../../../src/aws/session.ts'
import type { CommandContext } from '../../../src/context.ts'
import { organizationBackend } from '../../../src/sandbox/organization.ts'
import { doctorOn } from '../../doctor/live.ts'
import { accountWithChain, freshAccount } from '../../support/fresh-account.ts'
import type { Account } from '../../support/tool.ts'

const HERE = '123456789012'
const WITH_CHAIN = '111122223333'
const EMPTY = '222233334444'
const CLOSED_TO_US = '333344445555'

async function doctorOfOrganization(management: Account, options: object = {}, more: Partial<CommandContext> = {}) {
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
    { connectAws: () => connectAws(target, { env: {}, backend }), ...more },
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

  it('--html has a row for each account, and says of the one that nobody could enter why', async () => {
    const { files } = await doctorOfOrganization(await accountWithChain(), { html: 'audit.html' })
    const page = files['audit.html'] ?? ''
    const rows = page.split('<tbody role="rowgroup">')[1]?.split('</tbody>')[0]?.split('</tr>') ?? []
    const rowOf = (account: string) => rows.find((row) => row.includes(account))
    expect(rowOf(EMPTY)).toMatch(/#broken.*no chain here.*not covered/)
    expect(rowOf(WITH_CHAIN)).toMatch(/#works.*href="#place-\d".*its own chain/)
    expect(rowOf(CLOSED_TO_US)).toMatch(/#unchecked.*not looked at/)
    expect(page).toMatch(/The role Audit could not be assumed there/)
  })

  it('--junit has a case for each account and region, which fails where nothing covers it', async () => {
    const { files } = await doctorOfOrganization(await accountWithChain(), { junit: 'audit.xml' })
    const [, suite = ''] = (files['audit.xml'] ?? '').split('<testsuite name="coverage"')
    expect(suite).toContain(' tests="4" failures="1" skipped="1">')
    expect(suite).toContain(`<testcase classname="coverage" name="${WITH_CHAIN} us-east-1"/>`)
    expect(suite).toContain(`name="${EMPTY} us-east-1"><failure message="not covered"/>`)
    expect(suite).toMatch(
      new RegExp(`name="${CLOSED_TO_US} us-east-1"><skipped message="not looked at: the role Audit`),
    )
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

describe('doctor --accounts --resume FILE', () => {
  /** Files in memory; what is not there is ENOENT. */
  function memory() {
    const held: Record<string, string> = {}
    const count = { characters: 0 }
    const files: CommandContext['files'] = {
      read: async (path) => {
        const text = held[path]
        if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
        return text
      },
      async *bytes() {},
      write: async (path, text) => {
        held[path] = [...text].join('')
        count.characters += held[path].length
      },
      append: async (path, text) => {
        held[path] = `${held[path] ?? ''}${text}`
        count.characters += text.length
      },
    }
    return { held, files, count }
  }

  const linesOf = (text = '') =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { place?: string; complete?: boolean })

  it('goes on after a run that was cut off, with the same report and without looking again', async () => {
    const management = await accountWithChain()
    const { held, files } = memory()
    const stop = new AbortController()
    const progress = {
      working(_: string, text: string) {
        if (/^[3-9]\d of/.test(text)) stop.abort()
      },
      done: () => {},
      note: () => {},
      answered: () => {},
      show: () => {},
      trace: () => {},
    }
    const options = { allRegions: true, resume: 'audit.json' }
    await expect(
      doctorOfOrganization(management, options, { files, signal: stop.signal, progress }),
    ).rejects.toBeDefined()
    const kept = linesOf(held['audit.json'])
    expect(kept.at(-1)?.complete).toBeUndefined()
    expect(kept.filter(({ place }) => place !== undefined).length).toBeGreaterThan(29)
    expect(held['audit.json']).not.toContain('0123456789abcdef0123456789abcdef')
    management.calls()
    const resumed = await doctorOfOrganization(management, options, { files })
    expect(management.calls().filter(({ operation }) => operation === 'DescribeAlarms').length).toBeLessThan(20)
    const whole = await doctorOfOrganization(management, { allRegions: true })
    expect(coverageOf(resumed).toSorted(byPlace)).toEqual(coverageOf(whole).toSorted(byPlace))
    expect(resumed.json.summary).toEqual(whole.json.summary)
    expect(linesOf(held['audit.json']).at(-1)).toEqual({ complete: true })
  }, 90_000)

  it('writes each place once, however many there are', async () => {
    const { held, files, count } = memory()
    await doctorOfOrganization(await accountWithChain(), { allRegions: true, resume: 'audit.json' }, { files })
    expect(linesOf(held['audit.json']).length).toBeGreaterThan(80)
    expect(count.characters).toBe(held['audit.json']?.length)
  }, 60_000)

  it('leaves out a line that was cut off in the middle, and looks there again', async () => {
    const { held, files } = memory()
    const management = await accountWithChain()
    const options = { resume: 'audit.json' }
    await doctorOfOrganization(management, options, { files })
    const lines = (held['audit.json'] ?? '').split('\n')
    held['audit.json'] = [lines[0], lines[1], lines[2]?.slice(0, 200)].join('\n')
    await doctorOfOrganization(management, options, { files })
    const places = linesOf(held['audit.json']).flatMap(({ place }) => place ?? [])
    expect(places.toSorted()).toEqual([WITH_CHAIN, HERE, EMPTY].map((id) => `${id} us-east-1`).toSorted())
  })

  it.each([
    ['of another role', { accounts: 'Other', resume: 'audit.json' }, 'another account, role or scope'],
    ['that is none', { resume: 'note.txt' }, 'it is no progress file'],
    ['together with --fix', { resume: 'audit.json', fix: true, yes: true }, 'a repair needs what is there now'],
  ])('refuses a file %s', async (_, options, message) => {
    const management = await accountWithChain()
    const { held, files } = memory()
    held['note.txt'] = 'milk, eggs'
    await doctorOfOrganization(management, { resume: 'audit.json' }, { files })
    await expect(doctorOfOrganization(management, options, { files })).rejects.toMatchObject({
      code: 'progress-file',
      exit: 2,
      message: expect.stringContaining(message),
    })
  })
})

function byPlace(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}
