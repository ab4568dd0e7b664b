import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PolicyDocument } from '../../src/domain/policy-documents.ts'
import { decide } from '../../src/iam/evaluator.ts'
import { POLICY_COMMANDS, type PolicyCommand } from '../../src/options/command-options.ts'
import { type Account, anAccount, runTool } from '../support/tool.ts'

type Input = Readonly<Record<string, string>>

const SITE = 'us-east-1:123456789012'

/** The resource that IAM checks for a write (service authorization reference); undefined where it knows none. */
const RESOURCES: Readonly<Record<string, (input: Input) => string | undefined>> = {
  S3: ({ Bucket }) => `arn:aws:s3:::${Bucket}`,
  CloudTrail: ({ Name = '' }) => (Name.startsWith('arn:') ? Name : `arn:aws:cloudtrail:${SITE}:trail/${Name}`),
  IAM: ({ RoleName }) => `arn:aws:iam::123456789012:role/${RoleName}`,
  'CloudWatch Logs': ({ logGroupName }) => `arn:aws:logs:${SITE}:log-group:${logGroupName}`,
  SNS: ({ TopicArn, ResourceArn, Name, SubscriptionArn }) =>
    SubscriptionArn === undefined ? (TopicArn ?? ResourceArn ?? `arn:aws:sns:${SITE}:${Name}`) : undefined,
  SQS: ({ QueueName, QueueUrl }) => `arn:aws:sqs:${SITE}:${QueueName ?? QueueUrl?.split('/').at(-1)}`,
  CloudWatch: ({ AlarmName, AlarmNames, DashboardName, DashboardNames }) => {
    const dashboard = DashboardName ?? DashboardNames?.[0]
    return dashboard === undefined
      ? `arn:aws:cloudwatch:${SITE}:alarm:${AlarmName ?? AlarmNames?.[0]}`
      : `arn:aws:cloudwatch::123456789012:dashboard/${dashboard}`
  },
}

const PREFIX: Readonly<Record<string, string>> = {
  SNS: 'sns',
  CloudTrail: 'cloudtrail',
  'CloudWatch Logs': 'logs',
  CloudWatch: 'cloudwatch',
  IAM: 'iam',
  S3: 's3',
  SQS: 'sqs',
}

const RENAMED: Readonly<Record<string, string>> = {
  's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  's3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
}

async function policyOf(command: PolicyCommand, ...more: readonly string[]): Promise<PolicyDocument> {
  const { stdout } = await runTool(['export', '--format', 'iam-policy', '--command', command, ...more], {})
  return JSON.parse(stdout)
}

let aws: Account

beforeEach(async () => {
  aws = await anAccount()
})

afterEach(() => aws.close())

describe('the printed policy', () => {
  const WATCHED = ['--dashboard', '--dead-letter-queue', '--fallback-email', 'oncall@example.com']
  const custom = ['--filter-pattern', '{ $.eventName = "X" }', '--alarm-name', 'my alarm', '--filter-name', 'mine']

  it.each<readonly [PolicyCommand, readonly string[], readonly (readonly string[])[]]>([
    ['init', WATCHED, [['init', '--yes', '--drill', ...WATCHED]]],
    ['init', ['--name', 'team-b'], [['init', '--yes', '--name', 'team-b', '--variant', 'both']]],
    ['init', custom, [['init', '--yes', ...custom]]],
    ['init-prune', [], [['init', '--yes', '--detections', 'root-account-usage', '--prune']]],
    ['doctor-fix', [], [['doctor', '--fix', '--yes']]],
    ['test', [], [['test', '--yes', '--via', 'alarm-state']]],
    ['destroy', [], [['destroy', '--yes', '--delete-trail', '--delete-logs']]],
  ])('of %s %j allows every write, on its resource', async (command, options, runs) => {
    if (!command.startsWith('init') || command === 'init-prune') await aws.run(['init', '--yes', '--drill', ...WATCHED])
    const policy = await policyOf(command, ...options)
    aws.calls()
    for (const run of runs) await aws.run(run)
    const writes = aws.calls().filter(({ readOnly, service }) => !readOnly && service !== 'STS')
    const refused = writes.flatMap(({ service, operation, input }) => {
      const name = `${PREFIX[service]}:${operation}`
      const action = RENAMED[name] ?? name
      const values = input as Input
      const resource = RESOURCES[service]?.(values) ?? '*'
      const context = {
        'sns:Protocol': values.Protocol,
        'sns:Endpoint': values.Endpoint,
        'cloudwatch:AlarmActions': (values.AlarmActions as unknown as readonly string[] | undefined)?.[0],
      }
      const decision = decide(policy, { principal: { aws: '123456789012' }, action, resource, context })
      return decision === 'no' ? [`${action} on ${resource}`] : []
    })
    expect(refused).toEqual([])
    expect(writes.length).toBeGreaterThan(command === 'doctor-fix' ? -1 : 0)
  })

  it.each(POLICY_COMMANDS)('of %s gives no write on everything, and fits into a managed policy', async (command) => {
    const policy = await policyOf(command)
    expect(JSON.stringify(policy).length).toBeLessThanOrEqual(6144)
    const wide = policy.Statement.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action)
    const reads = /:(Describe|Get|List|Lookup|Test)/
    // A subscription is no resource of IAM.
    const subscriptions = ['sns:SetSubscriptionAttributes', 'sns:Unsubscribe']
    expect(wide.filter((action) => !reads.test(String(action)) && !subscriptions.includes(String(action)))).toEqual([])
    const passes = policy.Statement.filter(({ Action }) => [Action].flat().includes('iam:PassRole'))
    for (const { Condition } of passes) {
      expect(Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'cloudtrail.amazonaws.com' } })
    }
  })
})
