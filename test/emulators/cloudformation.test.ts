import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { LONG_RETRIES, withRetries } from '../../src/domain/delivery-retries.ts'
import { KEY, runTool } from '../support/tool.ts'
import { describeWithEmulators } from './available.ts'
import { cfnLint, createStack, subscribeAgain } from './cloudformation.ts'
import { aCompanyAccount } from './company.ts'
import { type Emulator, startEmulator } from './servers.ts'
import { emulatedStage, type Stage } from './stage.ts'

/** cfn-lint reads its schemas anew for each template. */
const WITHIN_MS = 120_000

/** Every part that watches the chain. */
const WATCHED = ['--heartbeat', '--dashboard', '--dead-letter-queue', '--fallback-email', 'oncall@example.com']

const FEW = [...WATCHED, '--detections', 'root-account-usage,alert-pipeline-tampering,console-signin-without-mfa']

async function exported(...more: readonly string[]): Promise<string> {
  const { exit, stdout, stderr } = await runTool(['export', '--format', 'cloudformation', ...more], {})
  expect(exit, stderr).toBe(0)
  return stdout
}

await describeWithEmulators('a CloudFormation export', () => {
  const dollar = '$'
  const awkward = ['--tag', 'a b=c d', '--display-name', `CloudTrail ${dollar}{who} "x"`]

  it.each([
    ['the recommended detections', []],
    ['everything, with the drill', ['--detections', 'all', '--variant', 'both', '--drill', ...WATCHED]],
    ['an organization trail', ['--scope', 'organization', ...FEW]],
    [
      'a trail that exists, and a topic that exists',
      ['--trail', 'org', '--log-group', '/aws/ct#1', '--topic', 'arn:aws:sns:us-east-1:123456789012:mine', ...FEW],
    ],
    [
      'tickets, a key and no OK actions',
      [
        '--low-urgency-integration-url',
        `https://events.pagerduty.com/x-ere/${KEY}`,
        '--kms-key',
        'alias/topic',
        '--no-auto-resolve',
        ...FEW,
      ],
    ],
    [
      'awkward values',
      [
        ...awkward,
        '--filter-pattern',
        `{ $.eventName = "a ${dollar}x %{y}" }`,
        '--alarm-description',
        `one "two"\n${dollar}{four}\\`,
      ],
    ],
  ])('of %s passes cfn-lint without a finding', { timeout: WITHIN_MS }, async (_, line) => {
    expect(await cfnLint(await exported(...line))).toBe('')
  })
})

await describeWithEmulators('a CloudFormation export on MiniStack', () => {
  let ministack: Emulator
  let stage: Stage

  beforeAll(async () => {
    ministack = await startEmulator('ministack')
  }, 60_000)
  beforeEach(async () => {
    stage = await emulatedStage(ministack)
  })
  afterEach(() => stage.close())
  afterAll(() => ministack.stop())

  it('over an existing trail is a chain that doctor finds healthy and init unchanged', {
    timeout: WITHIN_MS,
  }, async () => {
    await aCompanyAccount(stage.aws)
    const url = `${stage.pagerDuty.eventsUrl}/integration/${KEY}/enqueue`
    const parameters = { IntegrationUrl: url, ExistingLogGroupName: 'company-logs' }
    // Events go to a host on loopback here, which speaks http.
    const template = (await exported(...FEW)).replace('Protocol: https', 'Protocol: http')
    await createStack(ministack.endpoint, 'alarms', template, parameters)
    const deadLetterTargetArn = `arn:aws:sqs:us-east-1:${stage.account}:cloudtrail-pd-dead-letters`
    await subscribeAgain(stage, url, {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn }),
      DeliveryPolicy: JSON.stringify(withRetries(undefined, LONG_RETRIES)),
    })
    const init = await stage.run(['init', '--yes', '--json', ...FEW])
    expect(init.json(), init.stdout).toMatchObject({ status: 'unchanged' })
    expect(init.writes).toEqual([])
    const doctor = await stage.run(['doctor', '--json', '--topic', 'cloudtrail-pd-alerts'])
    expect(doctor.json(), doctor.stdout).toMatchObject({ healthy: true })
    const gone = await stage.run(['destroy', '--yes', '--json'])
    expect(gone.writes).toEqual([])
    expect(JSON.stringify(gone.json())).toContain('delete the stack')
  })
})
