import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PERMISSIONS } from '../../src/commands/permissions.ts'
import { type Account, anAccount } from '../support/tool.ts'

const PREFIX: Readonly<Record<string, string>> = {
  SNS: 'sns',
  CloudTrail: 'cloudtrail',
  'CloudWatch Logs': 'logs',
  CloudWatch: 'cloudwatch',
  IAM: 'iam',
  S3: 's3',
  STS: 'sts',
  Organizations: 'organizations',
  KMS: 'kms',
  SQS: 'sqs',
}

/** Operations whose permission has another name (service authorization reference). */
const RENAMED: Readonly<Record<string, string>> = {
  's3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:ListObjectsV2': 's3:ListBucket',
}

const allowed = (commands: readonly string[]) =>
  new Set(
    PERMISSIONS.filter(({ command }) => commands.includes(command)).flatMap(
      ({ actions }) => actions as readonly string[],
    ),
  )

let aws: Account

beforeAll(async () => {
  aws = await anAccount()
})

afterAll(() => aws.close())

describe('a command calls nothing that its permissions do not name', () => {
  it.each([
    [['init', '--dry-run'], ['init --dry-run']],
    [['init', '--yes', '--drill'], ['init']],
    [
      ['init', '--yes', '--detections', 'root-account-usage', '--prune', '--drill'],
      ['init', 'init --prune'],
    ],
    [['doctor'], ['doctor']],
    [
      ['test', '--yes', '--via', 'alarm-state', '--alarm', 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'],
      ['test'],
    ],
    [['test', '--yes', '--via', 'api-call'], ['test']],
    [['events', 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'], ['events']],
    [['destroy', '--yes', '--delete-trail', '--delete-logs'], ['destroy']],
  ])('%j', async (args, commands) => {
    aws.calls()
    await aws.run(args)
    const called = aws.calls().map(({ service, operation }) => `${PREFIX[service] ?? service}:${operation}`)
    const needed = new Set(called.map((action) => RENAMED[action] ?? action))
    needed.delete('sts:GetCallerIdentity')
    expect([...needed].filter((action) => !allowed(commands).has(action))).toEqual([])
    expect(needed.size).toBeGreaterThan(2)
  })
})

describe('docs/permissions.md', () => {
  it('lists the actions of every command as the code has them', () => {
    const text = readFileSync('docs/permissions.md', 'utf8')
    for (const { command, actions } of PERMISSIONS) {
      const section = text.split(`## ${command}\n`)[1]?.split('\n## ')[0] ?? ''
      expect(
        [...section.matchAll(/^- `([^`]+)`$/gm)].map((match) => match[1]),
        command,
      ).toEqual(actions)
    }
  })
})
