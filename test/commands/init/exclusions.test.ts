import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../src/detections/catalogue.ts'
import { MAX_PATTERN_LENGTH } from '../../../src/patterns/parse/parse.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import type { RunOptions } from '../../support/tool.ts'

const ROLE = ['arn', 'aws', 'iam', '', '123456789012', 'role/ci-deployer'].join(':')
const PEOPLE = [
  'arn',
  'aws',
  'iam',
  '',
  '123456789012',
  'role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_x',
].join(':')

async function init(args: readonly string[], options: RunOptions = {}) {
  const aws = await freshAccount()
  const result = await aws.run(['init', '--yes', ...args], options)
  const puts = aws.calls().filter(({ operation }) => operation === 'PutMetricFilter')
  const patterns = new Map(
    puts.map(({ input }) => [String(input.filterName).replace('cloudtrail-pd-', ''), String(input.filterPattern)]),
  )
  const alarms = aws.sandbox.state.alarms
  return { ...result, aws, patterns, alarms, told: (result.stdout + result.stderr).replaceAll(/\s+/g, ' ') }
}

describe('C37 --exclude-principal', () => {
  it('says what is lost before the plan is carried out, not again afterwards, and to scripts', async () => {
    const args = ['--detections', 's3-bucket-policy-changes', '--exclude-principal', `s3-bucket-policy-changes=${ROLE}`]
    const { stdout, stderr } = await init(args)
    const lost = `in s3-bucket-policy-changes: no longer seen: all sessions, whoever holds them, of the role ${ROLE}`
    expect(stdout.replaceAll(/\s+/g, ' ')).not.toContain(lost)
    const plain = stderr.replaceAll(/\s+/g, ' ')
    expect(plain.indexOf(lost)).toBeGreaterThan(plain.indexOf('Plan'))
    expect(plain.indexOf(lost)).toBeLessThan(plain.indexOf('created'))
    expect((await init([...args, '--json'])).json()).toMatchObject({ notes: expect.arrayContaining([lost]) })
  })

  it('warns that a role stands for people', async () => {
    const { told } = await init(['--detections', 'iam-policy-changes', '--exclude-principal', PEOPLE])
    expect(told).toContain(`${PEOPLE} is used by people who sign in: nothing they do is detected in every detection`)
  })

  it('spares a detection whose pattern has no room, names it, and changes the others', async () => {
    const long = [1, 2, 3].map((n) => `${ROLE}-${n}-${'x'.repeat(40)}`).join(',')
    const { patterns, told, exit } = await init(['--detections', 'all', '--exclude-principal', long])
    expect(exit).toBe(0)
    const spared = catalogue.filter(({ id }) => !patterns.get(id)?.includes('ci-deployer-1'))
    expect(spared.length).toBeGreaterThan(0)
    expect(spared.length).toBeLessThan(catalogue.length)
    for (const { id } of spared)
      expect(told).toContain(`${id} still counts the excluded principals: ${id}: the pattern`)
    for (const pattern of patterns.values()) expect(pattern.length).toBeLessThanOrEqual(MAX_PATTERN_LENGTH)
  })

  it('asked for by name of a detection without room is exit 2, with its name and before any call', async () => {
    const long = [1, 2, 3].map((n) => `organizations-changes=${ROLE}-${n}-${'x'.repeat(100)}`).join(',')
    const { exit, stderr, aws } = await init(['--detections', 'all', '--exclude-principal', long])
    expect(exit).toBe(2)
    expect(stderr).toContain('organizations-changes: the pattern would have')
    expect(aws.sandbox.calls).toEqual([])
  })
})

describe('a setup file', () => {
  it('tunes single detections: threshold, period, hold, urgency and principals', async () => {
    const file = [
      'detections:',
      '  - root-account-usage',
      '  - id: s3-bucket-policy-changes',
      '    threshold: 3',
      '    period: 600',
      '    hold: 20',
      '    urgency: ticket',
      `    excludePrincipals: ['${ROLE}']`,
      '',
    ].join('\n')
    const { patterns, alarms, exit, told } = await init(['--config', 'setup.yaml'], { files: { 'setup.yaml': file } })
    expect(exit, told).toBe(0)
    expect([...patterns.keys()].sort()).toEqual(['root-account-usage', 's3-bucket-policy-changes'])
    expect(patterns.get('s3-bucket-policy-changes')).toContain(ROLE)
    expect(patterns.get('root-account-usage')).not.toContain(ROLE)
    const tuned = Object.values(alarms).find(({ name }) => name.includes('s3-bucket-policy-changes'))
    expect(tuned).toMatchObject({ threshold: 3, period: 600, evaluationPeriods: 2 })
    expect(told).toContain('in s3-bucket-policy-changes: no longer seen')
  })

  it.each([
    ['threshold: many', 'setup.yaml:3:16: '],
    ['hold: 1.5', 'setup.yaml:3:11: '],
    ['urgency: now', 'setup.yaml:3:14: '],
    ['excludePrincipals: everybody', 'setup.yaml:3:24: '],
    ['thresold: 3', 'setup.yaml:3:5: there is no key "thresold"'],
    ['hold: 0', 'root-account-usage.hold is whole minutes from 1, not 0'],
    ["excludePrincipals: ['*']", 'covers everybody'],
  ])('with "%s" is exit 2, with the place where that is known', async (line, usageErrorOf) => {
    const file = `detections:\n  - id: root-account-usage\n    ${line}\n`
    const { exit, told } = await init(['--config', 'setup.yaml'], { files: { 'setup.yaml': file } })
    expect(exit).toBe(2)
    expect(told).toContain(usageErrorOf)
  })
})
