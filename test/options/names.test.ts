import { describe, expect, it } from 'vitest'
import { setupOf } from '../../src/options/setup.ts'
import { flagOf, OPTIONS, optionsOf, variableOf } from '../../src/options/table.ts'
import { freshAccount } from '../support/fresh-account.ts'
import { optionsFor } from './reading.ts'

async function refused(...argv: readonly string[]): Promise<string | undefined> {
  try {
    setupOf(await optionsFor('init', ['init', ...argv]))
    return undefined
  } catch (error) {
    return String(error)
  }
}

const tags = (count: number) => Array.from({ length: count }, (_, index) => ['--tag', `k${index}=v`]).flat()

describe('names that AWS refuses are refused as syntax', () => {
  it.each([
    ['a trail name with two hyphens in a row', ['--create-trail', 'my--trail'], /in a row/],
    ['a trail name with a hyphen behind a dot', ['--create-trail', 'my.-trail'], /in a row/],
    ['a trail name that ends with a dot', ['--create-trail', 'trail.'], /trail name/],
    ['a trail name that is an IP address', ['--create-trail', '192.168.5.4'], /IP address/],
    ['an existing trail of such a name', ['--trail', 'my__trail'], /trail's name/],
    ['a prefix that would name such a trail', ['--name', 'my--chain'], /my--chain/],
    ['a prefix that AWS keeps for buckets', ['--name', 'sthree-audit'], /sthree-/],
    ['a bucket with a reserved prefix', ['--create-trail', 'mine', '--trail-bucket', 'xn--logs'], /bucket name/],
    ['a bucket of examples', ['--create-trail', 'mine', '--trail-bucket', 'amzn-s3-demo-logs'], /bucket name/],
    ['a bucket with a reserved suffix', ['--create-trail', 'mine', '--trail-bucket', 'logs-s3alias'], /bucket name/],
    ['a bucket with two dots', ['--create-trail', 'mine', '--trail-bucket', 'my..logs'], /bucket name/],
    ['a bucket that is an IP address', ['--create-trail', 'mine', '--trail-bucket', '10.0.0.1'], /bucket name/],
    ['a log group of AWS', ['--log-group', 'aws/spans'], /aws\//],
    ['a tag with a semicolon', ['--tag', 'team=a;b'], /character/],
    ['a tag key with a star', ['--tag', 't*=a'], /character/],
    ['a tag of AWS', ['--tag', 'AWS:team=a'], /reserved by AWS/],
    ['tags that differ only in case', ['--tag', 'Team=a', '--tag', 'team=b'], /differ only in case/],
    ['a tag that differs from ours by case only', ['--tag', 'Created-By=me'], /differ only in case/],
    ['50 tags beside our own', tags(50), /takes 50/],
  ])('%s', async (_what, argv, reason) => {
    expect(await refused(...argv)).toMatch(reason)
  })

  it.each([
    [['--create-trail', 'org.trail_1-a']],
    [['--create-trail', 'mine', '--trail-bucket', 'my.logs-1']],
    [['--log-group', '/aws/cloudtrail/logs']],
    [['--name', 'audit-2']],
    [['--tag', 'cost center:a/b=Größe +1 @x']],
    [tags(49)],
  ])('%j is taken', async (argv) => {
    expect(await refused(...argv)).toBeUndefined()
  })

  it.each(['root-account-usage', 'RootAccountUsage', 'fire-drill'])(
    'a custom detection whose alarm would be that of another one, such as %s',
    async (name) => {
      const own = ['--filter-pattern', '{ $.eventName = "x" }', '--filter-name', name]
      expect(await refused(...own, '--detections', 'root-account-usage')).toMatch(/name of another detection/)
      const beside = name === 'fire-drill' ? 'refused' : 'taken'
      expect((await refused(...own)) === undefined ? 'taken' : 'refused').toBe(beside)
    },
  )

  it('before any call, with exit 2', async () => {
    const aws = await freshAccount()
    for (const argv of [
      ['--name', 'my--chain'],
      ['--create-trail', 'my--trail'],
      ['--tag', 'a=1;2'],
    ]) {
      const result = await aws.run(['init', '--yes', '--json', ...argv])
      expect(result.exit).toBe(2)
      expect(result.json()).toMatchObject({ error: { code: 'option-value' } })
    }
    expect(aws.calls()).toEqual([])
  })

  it('also in a setup file', async () => {
    const aws = await freshAccount()
    const files = { 'setup.yaml': 'tag:\n  team: a;b\n' }
    const result = await aws.run(['init', '--yes', '--json', '--config', 'setup.yaml'], { files })
    expect(result.exit).toBe(2)
    expect(result.json()).toMatchObject({ error: { message: expect.stringContaining('setup.yaml') } })
    expect(aws.calls()).toEqual([])
  })

  it('but destroy takes any prefix, to clear what is there', async () => {
    const aws = await freshAccount()
    expect((await aws.run(['destroy', '--yes', '--json', '--name', 'my--chain'])).exit).toBe(0)
  })
})

describe('a blank value', () => {
  // A blank list takes back that of a setup file.
  const withValue = optionsOf('init').filter(
    (name) => OPTIONS[name].value.placeholder !== undefined && name !== 'exclude' && name !== 'set',
  )

  it.each([
    ['flag', (name: (typeof withValue)[number]) => ({ argv: [flagOf(name), ' '], env: {} })],
    ['variable', (name: (typeof withValue)[number]) => ({ argv: [], env: { [variableOf(name) ?? '']: ' ' } })],
  ])('is refused for every option that takes one, by %s, before any call', async (_source, given) => {
    const aws = await freshAccount()
    const taken: string[] = []
    for (const name of withValue) {
      const { argv, env } = given(name)
      const { exit } = await aws.run(['init', '--yes', ...argv], { env })
      if (exit !== 2) taken.push(name)
    }
    expect(taken).toEqual([])
    expect(aws.calls()).toEqual([])
  })

  it.each(['filterName', 'alarmName', 'metricNamespace', 'displayName', 'createService', 'profile'] as const)(
    'is refused for %s in a setup file, before any call',
    async (name) => {
      const aws = await freshAccount()
      const files = { 'setup.yaml': `${name}: " "\n` }
      const result = await aws.run(['init', '--yes', '--json', '--config', 'setup.yaml'], { files })
      expect(result.json()).toMatchObject({ error: { message: expect.stringContaining(`${name}: value is blank`) } })
      expect(result.exit).toBe(2)
      expect(aws.calls()).toEqual([])
    },
  )

  it('is allowed in a tag, after its key', async () => {
    expect(await refused('--tag', 'team=')).toBeUndefined()
    expect(await refused('--tag', ' =red')).toMatch(/KEY=VALUE/)
  })
})
