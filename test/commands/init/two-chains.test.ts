import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterEach, describe, expect, it } from 'vitest'
import { connectAws } from '../../../src/aws/session.ts'
import { type Account, anAccount } from '../../support/tool.ts'

let aws: Account | undefined

afterEach(() => aws?.close())

const chain = (name: string, ...more: string[]) => ['--name', name, '--create-trail', name, ...more]
const ONE = ['--detections', 'root-account-usage']

/** Two chains, each with a trail, a log group and a topic of its own. */
async function twoChains(): Promise<Account> {
  const account = await anAccount()
  aws = account
  for (const name of ['team-a', 'team-b']) {
    const made = await account.run(['init', '--yes', ...chain(name, ...ONE)])
    expect(made.exit, made.stdout + made.stderr).toBe(0)
  }
  account.calls()
  return account
}

describe('two chains in one account', () => {
  it('are each complete in the eyes of a second run', async () => {
    const account = await twoChains()
    for (const name of ['team-a', 'team-b']) {
      const again = await account.run(['init', '--yes', '--json', ...chain(name, ...ONE)])
      expect(again.json()).toMatchObject({ status: 'unchanged' })
    }
  })

  it("are destroyed one at a time: the other one's trail is an audit record of somebody else", async () => {
    const account = await twoChains()
    const gone = await account.run(['destroy', '--yes', '--delete-trail', '--json', '--name', 'team-b'])
    expect(gone.exit, gone.stdout).toBe(0)
    expect(JSON.stringify(gone.json().deleted)).not.toContain('team-a')
    const other = await account.run(['init', '--yes', '--json', ...chain('team-a', ...ONE)])
    expect(other.json()).toMatchObject({ status: 'unchanged' })
  })
})

describe('two chains on one trail', () => {
  it('share it: the one that made it is destroyed, and the trail stays for the other until that one is gone', async () => {
    const account = await anAccount()
    aws = account
    const other = ['--name', 'team-b', '--detections', 'vpc-changes']
    for (const flags of [ONE, other]) {
      const made = await account.run(['init', '--yes', ...flags])
      expect(made.exit, made.stdout + made.stderr).toBe(0)
    }
    const first = await account.run(['destroy', '--yes', '--delete-trail', '--delete-logs', '--json'])
    expect(first.exit, first.stdout).toBe(0)
    expect(JSON.stringify(first.json().kept)).toContain(
      'metric filter team-b-vpc-changes, which is not managed by cloudtrail-pd',
    )
    const still = await account.run(['init', '--yes', '--json', ...other])
    expect(still.json()).toMatchObject({ status: 'unchanged' })
    await account.run(['destroy', '--yes', '--name', 'team-b'])
    const last = await account.run(['destroy', '--yes', '--delete-trail', '--delete-logs', '--json'])
    expect(last.json()).toMatchObject({ failed: [] })
    expect(last.json().deleted).toContain('arn:aws:cloudtrail:us-east-1:123456789012:trail/cloudtrail-pd')
  })
})

describe("a trail with names of one's own", () => {
  it('goes with the chain that made it, whatever it and its bucket are called', async () => {
    const account = await anAccount()
    aws = account
    const { backend } = account.sandbox
    const target = { profile: undefined, region: 'us-east-1', endpointUrl: undefined }
    const session = await connectAws(target, { env: {}, backend })
    await session.client(S3Client).send(new CreateBucketCommand({ Bucket: 'audit-logs' }))
    const made = await account.run(['init', '--yes', '--create-trail', 'audit', '--trail-bucket', 'audit-logs', ...ONE])
    expect(made.exit, made.stdout + made.stderr).toBe(0)
    const gone = await account.run(['destroy', '--yes', '--delete-trail', '--json'])
    expect(gone.json().deleted).toContain('arn:aws:cloudtrail:us-east-1:123456789012:trail/audit')
  })

  it('leaves the statements in the bucket that serve the trail of another chain', async () => {
    const account = await anAccount()
    aws = account
    const bucket = { service: 'S3', operation: 'CreateBucket', region: 'us-east-1', userAgent: 'test/1' }
    await account.sandbox.backend({ ...bucket, input: { Bucket: 'audit-logs' } })
    const flags = ['--trail-bucket', 'audit-logs', '--detections', 'root-account-usage']
    const first = await account.run(['init', '--yes', '--name', 'team-a', '--create-trail', 'audit-a', ...flags])
    expect(first.exit, first.stdout).toBe(0)
    const statements = () => JSON.parse(account.sandbox.state.buckets['audit-logs']?.policy ?? '{}').Statement
    const before = statements()
    const second = ['init', '--yes', '--json', '--name', 'team-b', '--create-trail', 'audit-b', ...flags]
    const made = await account.run(second)
    expect(made.exit, made.stdout + made.stderr).toBe(0)
    expect(statements()).toEqual(expect.arrayContaining(before))
    expect(statements()).toHaveLength(4)
    const again = await account.run(second)
    expect(again.json().status, again.stdout).toBe('unchanged')
    const gone = await account.run(['destroy', '--yes', '--delete-trail', '--json', '--name', 'team-b'])
    expect(gone.json().deleted).toContain('arn:aws:cloudtrail:us-east-1:123456789012:trail/audit-b')
  })
})
