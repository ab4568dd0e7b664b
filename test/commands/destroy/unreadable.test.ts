import { describe, expect, it } from 'vitest'
import type { InjectedFault } from '../../../src/sandbox/aws/faults.ts'
import { resourcesOf } from '../../invariants/state.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import type { Account } from '../../support/tool.ts'
import { type DestroyJson, destroyWith } from './destroying.ts'

const EVERYTHING = ['--delete-trail', '--delete-logs']
const INIT = ['init', '--yes', '--json', '--detections', 'root-account-usage']

async function withChain(): Promise<Account> {
  const aws = await freshAccount()
  const made = await aws.run(INIT)
  expect(made.exit, made.stdout).toBe(0)
  aws.calls()
  return aws
}

const trail = 'cloudtrail-pd'
const group = 'cloudtrail-pd-events'
const role = 'cloudtrail-pd-delivery-us-east-1'
const bucket = 'cloudtrail-pd-123456789012-us-east-1'
const topic = 'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-alerts'

/** What must still be there, and named, when the read fails. */
const READS: readonly (readonly [service: string, operation: string, kept: readonly string[]])[] = [
  ['CloudTrail', 'DescribeTrails', [group, role, bucket]],
  ['CloudWatch Logs', 'DescribeLogGroups', [group, role]],
  ['CloudWatch Logs', 'DescribeSubscriptionFilters', [group, role, bucket]],
  ['S3', 'GetBucketPolicy', [group, role, bucket]],
  ['IAM', 'GetRole', [group, role]],
  ['IAM', 'ListRolePolicies', [group, role]],
  ['IAM', 'GetRolePolicy', [group, role]],
  ['IAM', 'ListAttachedRolePolicies', [group, role]],
  ['SNS', 'GetTopicAttributes', [topic]],
  ['SNS', 'ListSubscriptionsByTopic', [topic]],
]

describe.each(['access-denied', 'error-5xx'] as const)('a read that fails by %s is not "not there"', (kind) => {
  it.each(READS)('%s %s: keeps what rests on it, says why, exit 1', async (service, operation, kept) => {
    const aws = await withChain()
    aws.sandbox.restart([{ service, operation, every: true, kind } satisfies InjectedFault])
    const { exit, json, stdout } = await destroyWith(aws, EVERYTHING)
    expect(exit, stdout).toBe(1)
    expect(json.error?.code).toBe('kept-unread')
    expect(json.deleted).not.toEqual(expect.arrayContaining([...kept]))
    const named = json.kept.map(({ resource }) => resource)
    for (const name of kept) expect(named, stdout).toContain(name)
    expect(json.kept.map(({ why }) => why).join('\n')).toContain('could not be read')
    aws.sandbox.restart()
    const again = await destroyWith(aws, EVERYTHING)
    expect(again.exit, again.stdout).toBe(0)
    expect(resourcesOf(aws.sandbox.state)).toEqual(resourcesOf((await freshAccount()).sandbox.state))
  })
})

describe('a read that fails', () => {
  it.each([
    ['CloudWatch Logs', 'DescribeLogStreams', group],
    ['S3', 'ListObjectsV2', bucket],
  ])('%s %s: is not "it holds something"', async (service, operation, name) => {
    const aws = await withChain()
    aws.sandbox.restart([{ service, operation, every: true, kind: 'access-denied' }])
    const { exit, json } = await destroyWith(aws, ['--delete-trail'])
    expect(exit).toBe(1)
    const why = json.kept.find(({ resource }) => resource === name)?.why
    expect(why).toMatch(/whether it holds .* could not be read/)
  })

  it('keeps the living trail whole when its mark cannot be read', async () => {
    const aws = await withChain()
    aws.sandbox.restart([{ operation: 'GetBucketPolicy', every: true, kind: 'access-denied' }])
    await destroyWith(aws, EVERYTHING)
    const [left] = Object.values(aws.sandbox.state.trails)
    expect(left).toMatchObject({ name: trail, logGroupArn: expect.stringContaining(group) })
  })

  it('without --delete-trail costs nothing where no deletion rests on it: exit 0', async () => {
    const aws = await withChain()
    aws.sandbox.restart([{ operation: 'GetRole', every: true, kind: 'access-denied' }])
    const { exit, json } = await destroyWith(aws, [])
    expect(exit).toBe(0)
    expect(json.kept.find(({ resource }) => resource === role)?.why).toContain('could not be read')
  })

  it('of the trails, where no chain is found here, is no "nothing of ours"', async () => {
    const aws = await freshAccount()
    aws.sandbox.restart([{ operation: 'DescribeTrails', every: true, kind: 'access-denied' }])
    const result = await aws.run(['destroy', '--yes', '--json'])
    expect(result.exit).toBe(3)
    expect((result.json() as unknown as DestroyJson).error).toMatchObject({
      code: 'chain-unreadable',
      hint: expect.stringContaining('allow'),
    })
  })
})
