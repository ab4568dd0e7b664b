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
