import { describe, expect, it } from 'vitest'
import type { AwsBackend } from '../../../src/aws/backend.ts'
import { awsFault } from '../../../src/aws/backend.ts'
import { MEMBER_ACCOUNT_ACTIONS } from '../../../src/aws/readers/organization.ts'
import { connectAws } from '../../../src/aws/session.ts'
import type { CommandContext } from '../../../src/context.ts'
import { doctorOn } from '../../doctor/live.ts'
import { accountWithChain, freshAccount } from '../../support/fresh-account.ts'
import type { Account } from '../../support/tool.ts'

/** `doctor` in many regions and accounts: what is seen counts, what is not is said, and nobody holds up the others. */

/** The account, but for what `answers` says. */
function behind({ sandbox }: Account, answers: AwsBackend): Partial<CommandContext> {
  const target = { profile: undefined, region: 'us-east-1', endpointUrl: undefined }
  const backend: AwsBackend = async (call) => ({ ...(await sandbox.backend(call)), ...(await answers(call)) })
  return { connectAws: () => connectAws(target, { env: {}, backend }) }
}

const skipped = (seen: Awaited<ReturnType<typeof doctorOn>>) =>
  seen.json.findings.filter(({ check, status }) => check.startsWith('identity.') && status === 'skip')

describe('--all-regions', () => {
  it('looks into each region, and says of each that it was empty', async () => {
    const aws = await accountWithChain()
    const seen = await doctorOn(aws, { allRegions: true })
    const regions = new Set(seen.json.findings.map((finding) => (finding as { region?: string }).region))
    expect(seen.exit).toBe(0)
    expect(regions.size).toBeGreaterThan(30)
    expect(seen.json.chains).toMatchObject([{ account: '123456789012', region: 'us-east-1', works: true }])
    expect(seen.text).toContain('No chain in us-east-2')
    expect(seen.text.split('\n').filter((line) => line.length > 100)).toEqual([])
  })

  it('goes on where a region is not enabled or denied, and says which', async () => {
    const aws = await accountWithChain()
    const more = behind(aws, async ({ service, region }) => {
      if (service === 'STS') return {}
      if (region === 'eu-south-1') throw awsFault('UnrecognizedClientException', 'The security token is invalid.', 403)
      if (region === 'eu-west-1')
        throw awsFault('AccessDenied', 'with an explicit deny in a service control policy', 403)
      return {}
    })
    const seen = await doctorOn(aws, { allRegions: true, report: 'doctor.md' }, more)
    expect(seen.exit).toBe(0)
    expect(seen.files['doctor.md']).toContain('## Not looked at\n\n- eu-south-1: not enabled')
    expect(skipped(seen).map(({ resource }) => resource)).toEqual(['eu-south-1', 'eu-west-1'])
    expect(seen.text).toContain('◌ eu-south-1 not checked: not enabled')
    expect(seen.text).toContain('◌ eu-west-1 not checked: ')
  })

  it('finds two regions whose alarms share a name and an endpoint: check alarm.name-unique fails', async () => {
    const aws = await freshAccount()
    await aws.run(['init', '--yes', '--filter-pattern', '{ $.eventName = "StopLogging" }', '--alarm-name', 'shared'])
    // The other region answers as the first one does, under its own name.
    const renamed = <T>(value: T, from: string, to: string): T =>
      JSON.parse(JSON.stringify(value).replaceAll(from, to)) as T
    const target = { profile: undefined, region: 'us-east-1', endpointUrl: undefined }
    const backend: AwsBackend = async (call) => {
      if (call.region !== 'eu-west-1') return aws.sandbox.backend(call)
      const input = renamed(call.input, 'eu-west-1', 'us-east-1')
      return renamed(await aws.sandbox.backend({ ...call, region: 'us-east-1', input }), 'us-east-1', 'eu-west-1')
    }
    const seen = await doctorOn(
      aws,
      { allRegions: true },
      { connectAws: () => connectAws(target, { env: {}, backend }) },
    )
    const shared = seen.json.findings.filter(({ check }) => check === 'alarm.name-unique')
    expect(shared.map(({ status, resource }) => [status, resource])).toEqual([
      ['fail', 'shared'],
      ['fail', 'shared'],
    ])
  })

  it('gives what it has where reads fail for another reason', async () => {
    const aws = await accountWithChain()
    const more = behind(aws, async ({ region, operation }) => {
      if (region === 'ap-east-1' && operation === 'DescribeAlarms') throw awsFault('NovelException', 'slow down', 400)
      if (region === 'us-east-1' && operation === 'GetMetricData') throw awsFault('NovelException', 'no', 400)
      return {}
    })
    const seen = await doctorOn(aws, { allRegions: true }, more)
    expect(seen.json.chains).toMatchObject([{ works: true }])
    expect(skipped(seen).map(({ resource }) => resource)).toEqual(['ap-east-1'])
  })
})

describe('--accounts', () => {
  async function organization(accounts: readonly string[]): Promise<Account> {
    const aws = await accountWithChain()
    aws.sandbox.state.organization = {
      id: 'o-1234567890',
      managementAccount: '123456789012',
      accounts: ['123456789012', ...accounts],
    }
    return aws
  }

  it('looks into its own account without a role, and says which others let nobody in', async () => {
    const aws = await organization(['111122223333', '444455556666'])
    const seen = await doctorOn(aws, { accounts: 'Audit' })
    expect(seen.exit).toBe(0)
    expect(seen.json.chains).toMatchObject([{ account: '123456789012', works: true }])
    expect(skipped(seen)).toMatchObject([
      { check: 'identity.credentials', resource: '111122223333' },
      { check: 'identity.credentials', resource: '444455556666' },
    ])
    expect(seen.text).toContain('the role Audit could not be assumed there')
  })

  it('asks for a role in each account, and for every page of them', async () => {
    const many = Array.from({ length: 150 }, (_, index) => String(200_000_000_000 + index))
    const aws = await organization(many)
    await doctorOn(aws, { accounts: 'Audit' })
    const called = aws.calls()
    const calls = called.map(({ operation }) => operation)
    const beside = called.filter(({ service }) => ['STS', 'Organizations'].includes(service))
    const actions = beside.map(({ service, operation }) => `${service.toLowerCase()}:${operation}`)
    expect(new Set(actions)).toEqual(new Set(['sts:GetCallerIdentity', ...MEMBER_ACCOUNT_ACTIONS]))
    expect(calls.filter((operation) => operation === 'AssumeRole')).toHaveLength(150)
    expect(calls.filter((operation) => operation === 'ListAccounts').length).toBeGreaterThan(1)
  })

  it('exits 3 outside of an organization, and says who may ask', async () => {
    await expect(doctorOn(await accountWithChain(), { accounts: 'Audit' })).rejects.toMatchObject({
      code: 'no-organization',
      exit: 3,
      hint: expect.stringContaining('management account'),
    })
  })
})
