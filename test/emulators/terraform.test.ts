import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { alarmsIn } from '../doctor/breakages.ts'
import { KEY, runTool } from '../support/tool.ts'
import { describeWithEmulators } from './available.ts'
import { type Emulator, startEmulator } from './servers.ts'
import { emulatedStage, type Stage } from './stage.ts'
import { describeWithTerraform, FROM_HERE, openTerraform, type Terraform } from './terraform.ts'

const URL = `https://events.pagerduty.com/integration/${KEY}/enqueue`

/** The provider starts anew for each call, and refreshes every resource at each plan. */
const WITHIN_MS = 600_000

/** Every part that watches the chain. */
const WATCHED = ['--heartbeat', '--dashboard', '--dead-letter-queue', '--fallback-email', 'oncall@example.com']

const FEW = [...WATCHED, '--detections', 'root-account-usage,alert-pipeline-tampering,console-signin-without-mfa']

await describeWithTerraform('a Terraform export', () => {
  it('is as terraform fmt leaves it, and valid, with every detection and awkward values', {
    timeout: WITHIN_MS,
  }, async () => {
    const terraform = await openTerraform('http://127.0.0.1:1', URL)
    const dollar = '$'
    const awkward = ['--tag', 'a b=c @d', '--display-name', `CloudTrail ${dollar}{who} "x"`]
    const own = [
      '--filter-pattern',
      `{ $.eventName = "${dollar}x %{y}" }`,
      '--alarm-description',
      `one "two" %{three}\n${dollar}{four}\\`,
    ]
    const lines = [
      ['--detections', 'all', '--variant', 'both', '--drill', ...awkward, ...WATCHED],
      ['--scope', 'organization', ...FEW],
      ['--trail', 'org', '--log-group', '/aws/ct#1', '--topic', 'arn:aws:sns:us-east-1:123456789012:mine', ...FEW],
      [...awkward, ...own],
    ]
    try {
      for (const [index, line] of lines.entries()) {
        const { exit, stdout, stderr } = await runTool(['export', '--format', 'terraform', ...line], {})
        expect(exit, stderr).toBe(0)
        await terraform.put(stdout)
        expect(await terraform.call('fmt', '-check', '-diff', 'main.tf')).toBe('')
        if (index === 0) await terraform.call(...FROM_HERE)
        await terraform.call('validate')
      }
    } finally {
      await terraform.remove()
    }
  })
})

await describeWithTerraform('Terraform', async () => {
  await describeWithEmulators('what it makes of an export on moto', () => {
    let moto: Emulator
    let stage: Stage
    let terraform: Terraform

    beforeAll(async () => {
      moto = await startEmulator('moto')
    }, 60_000)
    beforeEach(async () => {
      stage = await emulatedStage(moto)
      terraform = await openTerraform(moto.endpoint, URL)
    })
    afterEach(async () => {
      await terraform.remove()
      await stage.close()
    })
    afterAll(() => moto.stop())

    async function exported(...more: readonly string[]): Promise<string> {
      const { exit, stdout, stderr } = await stage.run(['export', '--format', 'terraform', ...FEW, ...more])
      expect(exit, stderr).toBe(0)
      return stdout
    }

    it('is a chain that doctor finds healthy and init unchanged, and no drift is left', {
      timeout: WITHIN_MS,
    }, async () => {
      await terraform.put(await exported())
      await terraform.call(...FROM_HERE)
      await terraform.call('apply', '-input=false', '-auto-approve')
      const doctor = await stage.run(['doctor', '--json'])
      expect(doctor.json(), doctor.stdout).toMatchObject({ healthy: true })
      const init = await stage.run(['init', '--yes', '--json', ...FEW])
      expect(init.json(), init.stdout).toMatchObject({ status: 'unchanged' })
      expect(init.writes).toEqual([])
      expect(await terraform.plan()).toEqual([])

      // Somebody takes the OK action away: what doctor puts back is what Terraform wants.
      const alarm = (await alarmsIn(stage.aws)).find(({ AlarmName }) => AlarmName?.includes('root-account-usage'))
      const { StateValue: _, ...rest } = alarm ?? {}
      const input = { ...rest, AlarmName: alarm?.AlarmName, OKActions: [] }
      await stage.aws.client(CloudWatchClient).send(new PutMetricAlarmCommand(input as never))
      const fixed = await stage.run(['doctor', '--fix', '--yes', '--json'])
      expect(fixed.json(), fixed.stdout).toMatchObject({ healthy: true })
      expect(await terraform.plan()).toEqual([])

      // What Terraform owns is not deleted behind its back.
      const gone = await stage.run(['destroy', '--yes', '--delete-trail', '--json'])
      expect(gone.writes).toEqual([])
      expect(gone.json()).toMatchObject({ deleted: [], failed: [] })
      expect(JSON.stringify(gone.json())).toContain('terraform destroy')
      expect(await terraform.plan()).toEqual([])
    })

    it('of a chain that init made is imports alone', { timeout: WITHIN_MS }, async () => {
      const made = await stage.run(['init', '--yes', ...FEW])
      expect(made.exit, made.stderr).toBe(0)
      await terraform.put(await exported('--from-account'))
      expect(await terraform.call('fmt', '-check', '-diff', 'main.tf')).toBe('')
      await terraform.call(...FROM_HERE)
      const actions = await terraform.plan()
      expect(actions.filter((action) => !action.endsWith(' import'))).toEqual([])
      // Bucket with block and policy, trail, log group, role with policy, topic, subscription, filters and alarms;
      // heartbeat, dashboard, queue, and of the e-mail topic, subscription and alarm.
      expect(actions).toHaveLength(9 + 2 * 3 + 3 + 3)
      await terraform.call('apply', '-input=false', '-auto-approve')
      expect(await terraform.plan()).toEqual([])
    })
  })
})
