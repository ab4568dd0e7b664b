import { readFileSync } from 'node:fs'
import { CloudWatchClient, PutCompositeAlarmCommand } from '@aws-sdk/client-cloudwatch'
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { PERMISSIONS } from '../../src/commands/permissions.ts'
import { SANDBOX_EVENTS_KEY } from '../../src/sandbox/pagerduty/state.ts'
import { BREAKAGES } from '../doctor/breakages.ts'
import { awsIn, freshAccount } from '../support/fresh-account.ts'
import type { Account } from '../support/tool.ts'

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
  EventBridge: 'events',
}

const CLOUDTRAIL = 'cloudtrail.amazonaws.com'

/** Operations whose permission has another name (service authorization reference). */
const RENAMED: Readonly<Record<string, string>> = {
  's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  's3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:ListObjectsV2': 's3:ListBucket',
}

/** Needed for what a call asks along the way; no call has the name. */
const WITHOUT_CALL = /^iam:PassRole$|Tag(Resource|Role|Queue)$|^cloudtrail:AddTags$/

/** By command: the actions that its runs here took. */
const taken = new Map<string, Set<string>>()

/** Runs the tool; each call has to be declared by one of the commands that it is. */
async function run(account: Account, args: readonly string[], ...commands: readonly string[]): Promise<void> {
  const declared = new Set(actionsOf(...commands))
  account.calls()
  const { exit, stdout, stderr } = await account.run(args)
  expect(exit, `${args.join(' ')}: ${stdout}${stderr}`).not.toBe(2)
  const called = account.calls().map(({ service, operation }) => `${PREFIX[service] ?? service}:${operation}`)
  const needed = new Set(called.map((action) => RENAMED[action] ?? action))
  needed.delete('sts:GetCallerIdentity')
  expect([...needed].filter((action) => !declared.has(action))).toEqual([])
  for (const command of commands) {
    const before = taken.get(command) ?? new Set()
    taken.set(command, new Set([...before, ...needed]))
  }
}

function actionsOf(...commands: readonly string[]): readonly string[] {
  return PERMISSIONS.filter(({ command }) => commands.includes(command)).flatMap(({ actions }) => actions)
}

/** Every part that watches the chain and needs calls of its own. */
const WATCHED = ['--dashboard', '--dead-letter-queue', '--fallback-email', 'oncall@example.com']

const ALARM = 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'
const NEW_KEY = 'fa4e0000000000000000000000000001'
const urlOf = (key: string) => `https://events.pagerduty.com/integration/${key}/enqueue`
const KEY_ID = '00000000-0000-4000-8000-00000000000a'
const KEY_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'kms:*', Resource: '*' }],
})

describe('a command calls nothing that its permissions do not name', () => {
  it('from the first plan to the last deletion', async () => {
    const account = await freshAccount()
    await run(account, ['init', '--dry-run'], 'init --dry-run')
    await run(
      account,
      ['init', '--yes', '--drill', ...WATCHED, '--low-urgency-integration-url', urlOf(SANDBOX_EVENTS_KEY)],
      'init',
    )
    await run(account, ['init', '--dry-run', '--heartbeat'], 'init --dry-run')
    const { integrations } = account.pagerDuty.state
    integrations.push(...integrations.slice(0, 1).map((one) => ({ ...one, id: 'PNEW', key: NEW_KEY })))
    const rotated = ['--low-urgency-integration-url', urlOf(NEW_KEY)]
    await run(account, ['init', '--yes', '--drill', '--prune', '--heartbeat', ...rotated], 'init', 'init --prune')
    const fewer = ['--detections', 'root-account-usage', '--prune', '--drill']
    await run(account, ['init', '--yes', ...fewer], 'init', 'init --prune')
    await run(account, ['init', '--yes', '--detections', 'root-account-usage', '--drill', ...WATCHED], 'init')
    await run(account, ['doctor'], 'doctor')
    await run(account, ['test', '--yes', '--via', 'alarm-state', '--alarm', ALARM], 'test')
    await run(account, ['test', '--yes', '--via', 'api-call'], 'test')
    await run(account, ['events', ALARM], 'events')
    await run(account, ['events', ALARM, '--region', 'eu-west-1'], 'events')
    const [group] = Object.values(account.sandbox.state.logGroups)
    await run(account, ['backtest', '--log-group', group?.name ?? ''], 'backtest')
    await run(account, ['backtest', '--lookup'], 'backtest')
    for (const bucket of Object.values(account.sandbox.state.buckets)) bucket.objects = {}
    await run(account, ['destroy', '--yes', '--delete-trail', '--delete-logs'], 'destroy')
  }, 60_000)

  it("where the trail is an organization's, the topic has a key, an alarm is muted, one is composite and a rule waits for calls", async () => {
    const account = await freshAccount()
    const { state, clock } = account.sandbox
    const accounts = ['123456789012', '111122223333']
    state.organization = {
      id: 'o-a1b2c3d4e5',
      managementAccount: '123456789012',
      accounts,
      trustedServices: [CLOUDTRAIL],
    }
    state.keys[KEY_ID] = { id: KEY_ID, region: 'us-east-1', manager: 'CUSTOMER', state: 'Enabled', policy: KEY_POLICY }
    const company = ['--name', 'company', '--create-trail', 'company', '--organization']
    await run(account, ['init', '--dry-run', ...company], 'init --dry-run')
    await run(account, ['init', '--yes', ...company], 'init')
    const own = ['--detections', 'root-account-usage', '--trail', 'company', '--kms-key', KEY_ID, '--drill']
    await run(account, ['init', '--dry-run', ...own], 'init --dry-run')
    await run(account, ['init', '--yes', ...own], 'init')
    const now = clock.now().getTime()
    const arn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:night'
    state.muteRules[arn] = { arn, region: 'us-east-1', alarmNames: [ALARM], from: now - 1, until: now + 3_600_000 }
    const pattern = JSON.stringify({ 'detail-type': ['AWS API Call via CloudTrail'] })
    const rule = { name: 'calls', region: 'us-east-1', pattern, state: 'ENABLED', targets: {} }
    state.eventRules['arn:aws:events:us-east-1:123456789012:rule/calls'] = rule
    for (const role of Object.values(state.roles)) role.attached.push('arn:aws:iam::123456789012:policy/logs')
    state.managedPolicies['arn:aws:iam::123456789012:policy/logs'] = KEY_POLICY
    const composite = { AlarmName: 'any', AlarmRule: `ALARM("${ALARM}")`, AlarmActions: Object.keys(state.topics) }
    await (await awsIn(account)).client(CloudWatchClient).send(new PutCompositeAlarmCommand(composite))
    await run(account, ['doctor'], 'doctor')
    for (const trail of Object.values(state.trails)) trail.logsDeliveryError = 'AccessDenied'
    await run(account, ['doctor', '--accounts', 'Audit'], 'doctor', 'doctor --accounts')
    await run(account, ['test', '--yes', '--via', 'api-call'], 'test')
  }, 60_000)

  it('where a delegated administrator makes the trail of the organization', async () => {
    const account = await freshAccount()
    const [here, there] = ['123456789012', '111122223333']
    account.sandbox.state.organization = {
      id: 'o-a1b2c3d4e5',
      managementAccount: there,
      accounts: [there, here],
      trustedServices: [CLOUDTRAIL],
      trailAdministrators: [here],
    }
    await run(account, ['init', '--dry-run', '--organization'], 'init --dry-run')
    await run(account, ['init', '--yes', '--organization'], 'init')
  }, 60_000)

  it('where everything was changed behind its back', async () => {
    const account = await freshAccount()
    await run(account, ['init', '--yes', '--detections', 'root-account-usage', ...WATCHED], 'init')
    await account.sandbox.clock.sleep(30 * 60_000)
    const aws = await awsIn(account)
    const { queues, roles, subscriptions, topics } = account.sandbox.state
    for (const { breaks } of BREAKAGES) await breaks(aws)
    await run(account, ['doctor', '--fix', '--yes'], 'doctor', 'doctor --fix')
    for (const subscription of Object.values(subscriptions)) subscription.confirmed = false
    await run(account, ['doctor', '--fix', '--yes'], 'doctor', 'doctor --fix')
    for (const { attributes } of Object.values(subscriptions)) attributes.RawMessageDelivery = 'true'
    for (const { attributes } of Object.values(topics)) attributes.DisplayName = ''
    for (const { attributes } of Object.values(queues)) attributes.MessageRetentionPeriod = '60'
    for (const role of Object.values(roles)) role.trust = role.trust.replace('cloudtrail.', 'ec2.')
    await run(account, ['init', '--yes', '--detections', 'root-account-usage'], 'init')
    account.sandbox.state.alarms = {}
    await run(account, ['doctor'], 'doctor')
    await run(account, ['destroy', '--yes'], 'destroy')
  }, 60_000)

  it('on a trail that was there before, and a topic that others subscribe to', async () => {
    const account = await freshAccount()
    const { state } = account.sandbox
    await run(account, ['init', '--yes', '--name', 'company', '--create-trail', 'company'], 'init')
    for (const trail of Object.values(state.trails)) Object.assign(trail, { logGroupArn: null, roleArn: null })
    await run(account, ['init', '--yes', '--detections', 'root-account-usage', '--trail', 'company'], 'init')
    const sns = (await awsIn(account)).client(SNSClient)
    for (const TopicArn of Object.keys(state.topics)) {
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: 'https://example.com/hook' }))
    }
    const other = [
      '--integration-url',
      'https://events.pagerduty.com/integration/0123456789abcdef0123456789abcdef/enqueue',
    ]
    await run(account, ['init', '--dry-run', '--trail', 'company', ...other], 'init --dry-run')
    // Without its statement in the bucket's policy the trail is somebody else's.
    for (const bucket of Object.values(state.buckets)) bucket.policy = null
    await run(account, ['destroy', '--yes', '--delete-trail'], 'destroy')
  }, 60_000)
})

/** After the runs above. */
describe('a command names no permission that it does not use', () => {
  it.each(PERMISSIONS)('$command', ({ command, actions }) => {
    const unused = actions.filter((action) => !WITHOUT_CALL.test(action) && !taken.get(command)?.has(action))
    expect(unused).toEqual([])
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
