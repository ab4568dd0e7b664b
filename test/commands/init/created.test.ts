import { describe, expect, it } from 'vitest'
import type { AwsBackend } from '../../../src/aws/backend.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import { runTool } from '../../support/tool.ts'

const INIT = ['init', '--yes', '--detections', 'root-account-usage']
const TRAIL = 'arn:aws:cloudtrail:us-east-1:123456789012:trail/cloudtrail-pd'

describe('what a stopped run says it has made', () => {
  it.each([
    ['a trail that was created and may not be started', 'StartLogging', TRAIL],
    ['a log group whose retention may not be set', 'PutRetentionPolicy', 'cloudtrail-pd-events'],
    ['a role without its policy', 'PutRolePolicy', 'cloudtrail-pd-delivery-us-east-1'],
    ['a bucket without its policy', 'PutBucketPolicy', 'cloudtrail-pd-123456789012-us-east-1'],
  ])('names %s', async (_what, operation, name) => {
    const aws = await freshAccount({ faults: [{ operation, kind: 'access-denied', every: true }] })
    const result = await aws.run([...INIT, '--json'])
    expect(result.json()).toMatchObject({
      status: 'incomplete',
      created: expect.arrayContaining([name]),
      remaining: expect.arrayContaining([name]),
    })
  })

  it('shows it among what was made, and says that it is not finished', async () => {
    const aws = await freshAccount({ faults: [{ operation: 'StartLogging', kind: 'access-denied', every: true }] })
    const { stdout } = await aws.run(INIT)
    expect(stdout).toMatch(
      /Created so far:[\s\S]*trail cloudtrail-pd\n[\s\S]*Missing:[\s\S]*trail cloudtrail-pd \(created, not finished\)/,
    )
  })

  it('does not name a trail that AWS refused to create', async () => {
    const aws = await freshAccount({ faults: [{ operation: 'CreateTrail', kind: 'access-denied', every: true }] })
    expect((await aws.run([...INIT, '--json'])).json().created).not.toContain(TRAIL)
  })

  it.each([
    ['made without its key', (made: { key: string }) => Object.assign(made, { key: '' }), 1],
    ['lists without its key afterwards', (made: { key: string }) => ({ ...made, key: '' }), 5],
  ] as const)('names an integration that PagerDuty %s', async (_what, hide, exit) => {
    const aws = await freshAccount()
    const { integrations } = aws.pagerDuty.state
    integrations.push = (...made) => {
      for (const one of made) integrations[integrations.length] = hide(one) as typeof one
      return integrations.length
    }
    const flags = ['--json', '--pagerduty-service', 'Security', '--create-integration']
    const result = await aws.runWithToken([...INIT, ...flags])
    expect(result.exit).toBe(exit)
    expect(result.json()).toMatchObject({
      status: 'incomplete',
      created: expect.arrayContaining(['cloudtrail-pd 123456789012 us-east-1']),
      error: { message: expect.stringContaining('does not show this token the key') },
    })
  })
})

describe('C47 a creation that answers another ARN', () => {
  it('is followed: the next calls and the report use the ARN that AWS answered', async () => {
    const aws = await freshAccount()
    const other = TRAIL.replace('123456789012', '210987654321')
    const named: string[] = []
    const backend: AwsBackend = async (call) => {
      if (call.operation === 'CreateTrail') return { ...(await aws.sandbox.backend(call)), TrailARN: other }
      if (!('Name' in call.input) || call.input.Name !== other) return aws.sandbox.backend(call)
      named.push(call.operation)
      return aws.sandbox.backend({ ...call, input: { ...call.input, Name: TRAIL } })
    }
    const result = await runTool([...INIT, '--json'], { backend, clock: aws.sandbox.clock })
    expect([...new Set(named)]).toEqual(['StartLogging', 'GetTrailStatus', 'UpdateTrail'])
    expect(result.json().created).toContain(other)
  })
})

describe('the public access block of a new bucket', () => {
  it('is read back: where S3 accepted it and it is off, the run ends with the error and what exists', async () => {
    const aws = await freshAccount()
    const off = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false, RestrictPublicBuckets: true }
    const result = await aws.run(['init', '--yes', '--json', '--detections', 'root-account-usage'], {
      backend: async (call) =>
        call.operation === 'GetPublicAccessBlock' ? { PublicAccessBlockConfiguration: off } : aws.sandbox.backend(call),
    })
    expect(result.exit).toBe(1)
    expect(result.json()).toMatchObject({ status: 'incomplete', error: { code: 'bucket-not-private' } })
    const again = await aws.run(['init', '--yes', '--detections', 'root-account-usage'])
    expect(again.exit, again.stderr).toBe(0)
  })
})
