import { CloudWatchClient, DeleteAlarmsCommand, DisableAlarmActionsCommand } from '@aws-sdk/client-cloudwatch'
import { describe, expect, it } from 'vitest'
import { alarmsIn, BREAKAGES, rewriteAlarm } from '../../doctor/breakages.ts'
import { accountWithChain, awsIn } from '../../support/fresh-account.ts'
import type { Account } from '../../support/tool.ts'

const OLD = 'known.json'

interface Shown {
  readonly healthy: boolean
  readonly findings: readonly { readonly check: string; readonly status: string; readonly resource: string }[]
  readonly chains: readonly unknown[]
  readonly changedSince: {
    readonly standing: readonly object[]
    readonly resolved: readonly object[]
    readonly worse: readonly string[]
  }
}

async function report(account: Account): Promise<string> {
  return (await account.run(['doctor', '--json'])).stdout
}

async function since(account: Account, old: string, ...flags: readonly string[]) {
  const files: Record<string, string> = { [OLD]: old }
  const { exit, stdout, json } = await account.run(['doctor', '--json', '--changed-since', OLD, ...flags], { files })
  return { exit, stdout, json: json() as unknown as Shown, files }
}

async function textSince(account: Account, old: string): Promise<string> {
  return (await account.run(['doctor', '--changed-since', OLD], { files: { [OLD]: old } })).stdout
}

async function disableActions(account: Account): Promise<void> {
  const aws = await awsIn(account)
  const AlarmNames = (await alarmsIn(aws)).map(({ AlarmName = '' }) => AlarmName)
  await aws.client(CloudWatchClient).send(new DisableAlarmActionsCommand({ AlarmNames }))
}

describe('doctor --changed-since', () => {
  it('is one line and exit 0 where nothing is new, healthy or not', async () => {
    const account = await accountWithChain()
    const healthy = await report(account)
    const quiet = await since(account, healthy)
    expect([quiet.exit, quiet.json.findings, quiet.json.changedSince.worse]).toEqual([0, [], []])
    expect(quiet.json.chains).toHaveLength(1)
    expect(await textSince(account, healthy)).toMatch(/^Nothing new since known\.json · \d+ as before, 0 resolved\n$/)
    await disableActions(account)
    const broken = await report(account)
    const again = await since(account, broken)
    expect([again.exit, again.json.healthy, again.json.findings]).toEqual([0, false, []])
    expect(again.json.changedSince.standing).toContainEqual(
      expect.objectContaining({ check: 'alarm.actions-enabled', status: 'fail', account: '123456789012' }),
    )
  })

  it('tells a new fault once with its fix, and that it was resolved', async () => {
    const account = await accountWithChain()
    const before = await report(account)
    await disableActions(account)
    const told = await since(account, before, '--junit', 'j.xml', '--report', 'r.md', '--html', 'r.html')
    expect(told.exit).toBe(4)
    expect(told.json.findings.filter(({ status }) => status === 'fail').map(({ check }) => check)).toEqual([
      'alarm.actions-enabled',
    ])
    expect(told.json.changedSince.worse).toEqual([
      'the chain of cloudtrail-pd-root-account-usage-123456789012-us-east-1 no longer pages',
    ])
    expect(told.files['j.xml']).toContain('alarm.actions-enabled')
    expect(told.files['j.xml']).not.toContain('trail.logging')
    expect(told.files['r.md']).toContain('alarm.actions-enabled')
    expect(told.files['r.html']).toContain(
      'The chain of cloudtrail-pd-root-account-usage-123456789012-us-east-1 no longer pages.',
    )
    expect(told.files['r.html']).toMatch(/\d findings? of it (is|are) gone, \d+ still /)
    const text = await textSince(account, before)
    expect(text).toMatch(/^1 new failure/)
    expect(text).toContain('✖ the chain of cloudtrail-pd-root-account-usage')
    expect(text).toMatch(/fix {3}npx cloudtrail-pd doctor --fix/)
    // The report of that run is what the next one is compared with.
    const next = await since(account, told.stdout)
    expect([next.exit, next.json.findings]).toEqual([0, []])
    await account.run(['doctor', '--fix', '--yes'])
    const mended = await since(account, next.stdout)
    expect([mended.exit, mended.json.healthy]).toEqual([0, true])
    expect(mended.json.changedSince.resolved).toContainEqual(
      expect.objectContaining({ check: 'alarm.actions-enabled' }),
    )
  })

  it.each(BREAKAGES.map((one) => [one.what, one] as const))('tells of %s', async (_, { check, breaks }) => {
    const account = await accountWithChain()
    const before = await report(account)
    await breaks(await awsIn(account))
    const told = await since(account, before)
    expect(told.json.findings.map((one) => one.check)).toContain(check)
    expect((await since(account, told.stdout)).exit).toBe(0)
  })

  it('tells of a chain that is gone, of which no finding is left', async () => {
    const account = await accountWithChain(['--detections', 'root-account-usage,sts-assume-root'])
    const before = await report(account)
    const aws = await awsIn(account)
    const [alarm] = await alarmsIn(aws)
    await aws.client(CloudWatchClient).send(new DeleteAlarmsCommand({ AlarmNames: [alarm?.AlarmName ?? ''] }))
    const told = await since(account, before)
    expect(told.exit).toBe(4)
    expect(told.json.changedSince.worse.join()).toContain(`the chain of ${alarm?.AlarmName} is no longer there`)
  })

  it('is not what --html replaces, which is said before the account is read', async () => {
    const account = await accountWithChain()
    const before = await report(account)
    account.calls()
    const told = await account.run(['doctor', '--changed-since', OLD, '--html', OLD], { files: { [OLD]: before } })
    expect([told.exit, account.calls()]).toEqual([2, []])
    expect(told.stderr).toContain('already exists and is no HTML page')
  })

  it('counts a new warning with --strict alone', async () => {
    const account = await accountWithChain()
    const before = await report(account)
    const aws = await awsIn(account)
    const [alarm] = await alarmsIn(aws)
    await rewriteAlarm(aws, alarm, { TreatMissingData: 'missing' })
    const told = await since(account, before)
    expect([told.exit, told.json.findings.map(({ check, status }) => [check, status])]).toEqual([
      0,
      [['alarm.drift', 'warn']],
    ])
    expect((await since(account, before, '--strict')).exit).toBe(4)
  })

  it.each([
    ['', 'earlier-report'],
    ['{"a":', 'earlier-report'],
    ['[]', 'earlier-report'],
    [JSON.stringify({ schemaVersion: 1, command: 'init' }), 'earlier-report'],
    [JSON.stringify({ schemaVersion: 2, command: 'doctor' }), 'earlier-report'],
    [JSON.stringify({ schemaVersion: 1, command: 'doctor', error: { code: 'x' } }), 'earlier-report'],
    [
      JSON.stringify({
        schemaVersion: 1,
        command: 'doctor',
        account: '210987654321',
        region: 'eu-west-1',
        findings: [],
      }),
      'earlier-report',
    ],
  ])('refuses %j', async (old, code) => {
    const account = await accountWithChain()
    const { exit, json } = await since(account, old)
    expect(exit).toBe(2)
    expect(json).toMatchObject({ error: { code } })
  })

  it('refuses a file that is not there, before any call', async () => {
    const account = await accountWithChain()
    const { exit, json } = await account.run(['doctor', '--json', '--changed-since', 'none.json'])
    expect([exit, json()]).toMatchObject([2, { error: { code: 'file-unreadable' } }])
    expect(account.calls()).toEqual([])
  })

  it('takes a file that holds odd values for one that holds none', async () => {
    const account = await accountWithChain()
    const odd = { schemaVersion: 1, command: 'doctor', account: '123456789012', region: 'us-east-1' }
    const { exit, json } = await since(
      account,
      JSON.stringify({ ...odd, findings: [null, 7, { check: 1 }], chains: [null, 'x'] }),
    )
    expect([exit, json.changedSince.resolved, json.changedSince.worse]).toEqual([0, [], []])
  })
})
