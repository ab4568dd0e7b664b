/** The heartbeat: a chain that falls silent pages, and the alarm that sees it is managed like any other. */

import { DescribeTrailsCommand, StopLoggingCommand, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail'
import { DescribeAlarmsCommand, DisableAlarmActionsCommand } from '@aws-sdk/client-cloudwatch'
import { DeleteRolePolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, test } from 'vitest'
import { accountWithChain, freshAccount } from '../support/fresh-account.ts'
import { clientsOf } from '../support/sandbox-account.ts'
import type { Account } from '../support/tool.ts'

const MINUTE = 60_000
const ALARM = 'cloudtrail-pd-heartbeat'
const ROLE = 'cloudtrail-pd-delivery-us-east-1'

async function heartbeatIn({ sandbox }: Account) {
  const { MetricAlarms = [] } = await clientsOf(sandbox.backend).cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: ALARM }),
  )
  return MetricAlarms.find(({ AlarmName = '' }) => AlarmName.startsWith(ALARM))
}

function oneLine({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) {
  return `${stdout} ${stderr}`.replace(/\s+/g, ' ')
}

function heartbeatFinding(document: string) {
  const { findings } = JSON.parse(document) as { findings: { check: string }[] }
  return findings.find(({ check }) => check === 'alarm.heartbeat')
}

/** Silent ways to break what lies before the log group's traffic. */
const BREAKS: readonly { readonly what: string; breaks(clients: ReturnType<typeof clientsOf>): Promise<unknown> }[] = [
  {
    what: 'the trail is stopped',
    breaks: ({ trail }) => trail.send(new StopLoggingCommand({ Name: 'cloudtrail-pd' })),
  },
  {
    what: 'the delivery is removed',
    breaks: ({ trail }) =>
      trail.send(
        new UpdateTrailCommand({ Name: 'cloudtrail-pd', CloudWatchLogsLogGroupArn: '', CloudWatchLogsRoleArn: '' }),
      ),
  },
  {
    what: 'the role loses its right',
    breaks: ({ iam }) => iam.send(new DeleteRolePolicyCommand({ RoleName: ROLE, PolicyName: 'cloudtrail-delivery' })),
  },
]

/** An event every five minutes, as an account with some traffic has. */
async function traffic({ sandbox }: Account, minutes: number) {
  const { trail } = clientsOf(sandbox.backend)
  for (let gone = 0; gone < minutes; gone += 5) {
    await trail.send(new DescribeTrailsCommand({}))
    await sandbox.clock.sleep(5 * MINUTE)
  }
}

describe('a chain with a heartbeat', () => {
  test.each(BREAKS)('pages within the time of the heartbeat after $what', async ({ breaks }) => {
    const account = await accountWithChain(['--heartbeat', '30'])
    await traffic(account, 60)
    expect((await heartbeatIn(account))?.StateValue).toBe('OK')
    await breaks(clientsOf(account.sandbox.backend))
    const before = account.pagerDuty.state.incidents.length
    await account.sandbox.clock.sleep(20 * MINUTE)
    expect((await heartbeatIn(account))?.StateValue).toBe('OK')
    // The last event takes some minutes to arrive, and the silence counts from there.
    await account.sandbox.clock.sleep(20 * MINUTE)
    expect((await heartbeatIn(account))?.StateValue).toBe('ALARM')
    expect(account.pagerDuty.state.incidents.slice(before).map(({ status }) => status)).toEqual(['triggered'])
    const doctor = await account.run(['doctor', '--json'])
    const finding = heartbeatFinding(doctor.stdout)
    expect(finding).toMatchObject({ status: 'fail', title: 'the heartbeat reports silence' })
  })

  test('is not told to be broken while the first events of a new trail are on their way', async () => {
    const account = await freshAccount()
    await account.run(['init', '--yes', '--detections', 'root-account-usage', '--heartbeat'])
    await account.sandbox.clock.sleep(MINUTE)
    expect((await heartbeatIn(account))?.StateValue).toBe('ALARM')
    const doctor = await account.run(['doctor', '--json'])
    expect(heartbeatFinding(doctor.stdout)).toMatchObject({ status: 'skip' })
    expect(doctor.exit).toBe(0)
    for (const role of Object.values(account.sandbox.state.roles)) role.policies = {}
    await account.sandbox.clock.sleep(40 * MINUTE)
    const later = await account.run(['doctor', '--json'])
    expect(heartbeatFinding(later.stdout)).toMatchObject({ status: 'fail', title: 'the heartbeat reports silence' })
  })

  test('stays in place in a run without the option, which says so, until --prune', async () => {
    const account = await accountWithChain(['--heartbeat'])
    const again = await account.run(['init', '--yes', '--detections', 'root-account-usage'])
    expect(again.stderr + again.stdout).toContain(ALARM)
    expect(await heartbeatIn(account)).toBeDefined()
    await account.run(['init', '--yes', '--detections', 'root-account-usage', '--prune'])
    expect(await heartbeatIn(account)).toBeUndefined()
  })

  test('is unchanged by the same run again, and deleted by destroy', async () => {
    const account = await accountWithChain(['--heartbeat'])
    const again = await account.run(['init', '--yes', '--detections', 'root-account-usage', '--heartbeat', '--json'])
    expect(again.json().status).toBe('unchanged')
    expect(account.calls().length).toBeLessThanOrEqual(20)
    await account.run(['destroy', '--yes'])
    expect(await heartbeatIn(account)).toBeUndefined()
  })

  test('is healthy to doctor while events arrive', async () => {
    const account = await accountWithChain(['--heartbeat'])
    await traffic(account, 30)
    const { exit, stdout } = await account.run(['doctor', '--json'])
    const problems = JSON.parse(stdout).findings.filter(({ status }: { status: string }) => status === 'fail')
    expect(problems).toEqual([])
    expect(exit).toBe(0)
    expect(heartbeatFinding(stdout)).toMatchObject({ status: 'pass' })
  })

  test('is kept in a setup file', async () => {
    const account = await freshAccount()
    const files: Record<string, string> = {}
    await account.run(['init', '--yes', '--heartbeat', '45', '--save', 'setup.yaml'], { files })
    const { stdout } = await account.run(['init', '--yes', '--config', 'setup.yaml', '--json'], { files })
    expect(JSON.parse(stdout).status).toBe('unchanged')
    expect(files['setup.yaml']).toContain('heartbeat: 45')
    expect((await heartbeatIn(account))?.EvaluationPeriods).toBe(7)
  })

  test('is reported by doctor when its actions are disabled', async () => {
    const account = await accountWithChain(['--heartbeat'])
    await traffic(account, 15)
    const alarm = await heartbeatIn(account)
    const { cloudwatch } = clientsOf(account.sandbox.backend)
    await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [alarm?.AlarmName ?? ''] }))
    const doctor = await account.run(['doctor', '--json'])
    const finding = heartbeatFinding(doctor.stdout)
    expect(finding).toMatchObject({ check: 'alarm.heartbeat', status: 'fail', evidence: 'its actions are disabled' })
  })
})

test('a plan for a log group without events says that the heartbeat pages at once', async () => {
  const account = await freshAccount()
  const { stdout, stderr } = await account.run(['init', '--yes', '--dry-run', '--heartbeat'])
  expect(oneLine({ stdout, stderr })).toContain('the heartbeat pages at once')
})

test('a plan for an account that is quiet for longer says so, and names a period that its traffic supports', async () => {
  const account = await accountWithChain()
  await traffic(account, 10)
  await account.sandbox.clock.sleep(100 * MINUTE)
  await traffic(account, 10)
  const plan = await account.run(['init', '--yes', '--dry-run', '--detections', 'root-account-usage', '--heartbeat'])
  const proposed = /though nothing is broken.*--heartbeat (\d+) does not/.exec(oneLine(plan))?.[1] ?? ''
  expect(Number(proposed)).toBeGreaterThan(100)
  const flags = ['init', '--yes', '--dry-run', '--detections', 'root-account-usage', '--heartbeat', proposed]
  const better = await account.run(flags)
  expect(oneLine(better)).not.toContain('though nothing is broken')
})

test('--no-heartbeat takes back what the environment says', async () => {
  const account = await freshAccount()
  const env = { CLOUDTRAIL_PD_HEARTBEAT: '1' }
  const on = await account.run(['init', '--yes', '--dry-run', '--json'], { env })
  expect(on.stdout).toContain(ALARM)
  const off = await account.run(['init', '--yes', '--dry-run', '--json', '--no-heartbeat'], { env })
  expect(off.stdout).not.toContain(ALARM)
})

test.each(['7', '1445', 'hour'])('a heartbeat of %s is refused before any call', async (minutes) => {
  const account = await freshAccount()
  const { exit, stderr } = await account.run(['init', '--yes', '--heartbeat', minutes])
  expect(exit).toBe(2)
  expect(stderr).toContain('is not a multiple of 5 from 15 to 1440')
})

test.each([
  ['cloudformation', 'IncomingLogEvents'],
  ['terraform', 'IncomingLogEvents'],
  ['cli', 'Name=LogGroupName'],
])('export as %s has the heartbeat', async (format, text) => {
  const account = await freshAccount()
  const { stdout, exit } = await account.run(['export', '--format', format, '--heartbeat'])
  expect(exit).toBe(0)
  expect(stdout).toContain(text)
  expect(stdout).toContain('LogGroupName')
})
