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
    expect(stdout).toContain('Would delete 3:')
    expect(stdout).toContain('cloudtrail-pd-root-account-usage')
    expect(stdout).toContain('--delete-trail deletes it')
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
