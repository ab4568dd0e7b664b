import { describe, expect, it } from 'vitest'
import { resourcesOf } from '../../invariants/state.ts'
import { accountWithChain } from '../../support/fresh-account.ts'
import { type DestroyJson, destroyWith } from './destroying.ts'

const EVERYTHING = ['--delete-trail', '--delete-logs']

describe('destroy --dry-run', () => {
  it('lists what would be deleted, writes nothing and asks nothing: exit 0', async () => {
    const aws = await accountWithChain()
    const before = resourcesOf(aws.sandbox.state)
    const result = await aws.run(['destroy', '--dry-run', '--json', ...EVERYTHING])
    expect(result.exit, result.stderr).toBe(0)
    const { planned, deleted, failed } = result.json() as unknown as DestroyJson
    expect(deleted).toEqual([])
    expect(failed).toEqual([])
    expect(aws.writes()).toEqual([])
    expect(resourcesOf(aws.sandbox.state)).toEqual(before)
    const done = await destroyWith(aws, EVERYTHING)
    expect(done.json.deleted).toEqual(planned)
  })

  it('shows the same to a person, with what is kept and why', async () => {
    const aws = await accountWithChain()
    const { stdout } = await aws.run(['destroy', '--dry-run'])
    expect(stdout).toMatch(/^Plan\n {2}- metric filter {2}cloudtrail-pd-root-account-usage\n/)
    expect(stdout).toContain('--delete-trail deletes it')
    expect(stdout).toMatch(/Nothing was deleted \(dry run\)\.$/m)
  })

  it('promises of --delete-trail what --delete-trail does, and says of the rest why it stays', async () => {
    const aws = await accountWithChain()
    const keptOf = async (...flags: readonly string[]) => {
      const document: unknown = (await aws.run(['destroy', '--dry-run', '--json', ...flags])).json()
      const { kept, planned } = document as { kept: readonly { resource: string; why: string }[]; planned: unknown }
      return { kept, planned: JSON.stringify(planned) }
    }
    const { kept } = await keptOf()
    const { planned } = await keptOf('--delete-trail')
    const promised = kept.filter(({ why }) => why.endsWith('--delete-trail deletes it'))
    const staying = kept.filter(({ why }) => why.includes('--delete-trail alone does not delete it: '))
    expect(promised.filter(({ resource }) => !planned.includes(resource))).toEqual([])
    expect(staying.filter(({ resource }) => planned.includes(resource))).toEqual([])
    expect([promised.length > 0, staying.length > 0]).toEqual([true, true])
    expect(staying.map(({ why }) => why).join()).toContain('the log group holds events; --delete-logs deletes it')
  })

  it('counts what is kept, and names the subscription that goes with its topic', async () => {
    const aws = await accountWithChain()
    const { stdout } = await aws.run(['destroy', '--dry-run'])
    const kept = stdout.split('\n').filter((line) => line.startsWith('  = '))
    expect(kept.length).toBeGreaterThan(0)
    expect(stdout).toContain(`\n  3 to delete, ${kept.length} kept\n`)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'with it the subscription of https://events.pagerduty.com/integration/…fa4e/enqueue',
    )
  })

  it.each([['--dry-run'], ['--yes']])('with --delete-logs alone is exit 2 before any call: %s', async (how) => {
    const aws = await accountWithChain()
    aws.calls()
    const { exit, stderr } = await aws.run(['destroy', how, '--delete-logs'])
    expect(exit).toBe(2)
    expect(stderr).toContain('--delete-logs is only for --delete-trail')
    expect(aws.calls()).toEqual([])
  })

  it('where there is nothing says so', async () => {
    const aws = await accountWithChain()
    const { stdout } = await aws.run(['destroy', '--dry-run', '--name', 'other'])
    expect(stdout).toContain('Nothing would be deleted.')
  })
})
