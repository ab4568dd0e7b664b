/** The dashboard: it shows the chain as it is, and is managed like any other part of it. */

import { PutDashboardCommand } from '@aws-sdk/client-cloudwatch'
import { describe, expect, test } from 'vitest'
import { alarmsShown } from '../../src/domain/dashboard.ts'
import { accountWithChain, freshAccount } from '../support/fresh-account.ts'
import { clientsOf } from '../support/sandbox-account.ts'
import type { Account } from '../support/tool.ts'

const NAME = 'cloudtrail-pd-us-east-1'
const ONE = ['--detections', 'root-account-usage']
const alarmNamed = (detection: string) =>
  `arn:aws:cloudwatch:us-east-1:123456789012:alarm:cloudtrail-pd-${detection}-123456789012-us-east-1`

interface Widget {
  readonly type: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly properties: { readonly title?: string; readonly metrics?: readonly (readonly string[])[] }
}

function bodyIn({ sandbox }: Account, name = NAME): { readonly widgets: readonly Widget[] } | undefined {
  const found = sandbox.state.dashboards[name]
  return found === undefined ? undefined : JSON.parse(found.body)
}

function metricsUnder(account: Account, title: string) {
  return bodyIn(account)?.widgets.find(({ properties }) => properties.title === title)?.properties.metrics
}

function findingIn(document: string) {
  const { findings } = JSON.parse(document) as { findings: { check: string; status: string; evidence: string }[] }
  return findings.find(({ check }) => check === 'dashboard.current')
}

describe('a chain with a dashboard', () => {
  test('shows alarm states, the metrics of its detections, incoming events and notifications', async () => {
    const account = await accountWithChain(['--dashboard', '--heartbeat'])
    expect(alarmsShown(bodyIn(account))).toEqual([alarmNamed('root-account-usage'), alarmNamed('heartbeat')])
    expect(metricsUnder(account, 'Detections')).toEqual([['CloudTrailPagerDuty', 'RootAccountUsagePage']])
    const incoming = ['AWS/Logs', 'IncomingLogEvents', 'LogGroupName', 'cloudtrail-pd-events']
    expect(metricsUnder(account, 'Incoming events')).toEqual([incoming])
    expect(metricsUnder(account, 'Notifications')).toEqual([
      ['AWS/SNS', 'NumberOfNotificationsDelivered', 'TopicName', 'cloudtrail-pd-alerts'],
      ['AWS/SNS', 'NumberOfNotificationsFailed', 'TopicName', 'cloudtrail-pd-alerts'],
    ])
  })

  test('keeps its widgets inside the grid, one beside or below the other', async () => {
    const account = await accountWithChain(['--dashboard'])
    const widgets = bodyIn(account)?.widgets ?? []
    expect(widgets.every(({ x, width }) => x >= 0 && x + width <= 24)).toBe(true)
    const places = widgets.map(({ x, y }) => `${x},${y}`)
    expect(new Set(places).size).toBe(places.length)
  })

  test('is unchanged by the same run again, with at most 20 calls, and gone after destroy', async () => {
    const account = await accountWithChain(['--dashboard'])
    const again = await account.run(['init', '--yes', '--json', ...ONE, '--dashboard'])
    expect(again.json().status).toBe('unchanged')
    expect(account.calls().length).toBeLessThanOrEqual(20)
    const gone = await account.run(['destroy', '--yes', '--json'])
    expect(gone.json().deleted).toContain(NAME)
    expect(bodyIn(account)).toBeUndefined()
  })

  test('is kept and kept up to date by a run without the option, which says so, until --prune', async () => {
    const account = await accountWithChain(['--dashboard', '--heartbeat'])
    const detections = ['--detections', 'root-account-usage,iam-policy-changes']
    const other = await account.run(['init', '--yes', ...detections])
    expect(other.stderr).toContain('the dashboard of an earlier run is kept')
    // The heartbeat of that run is kept too, so it stays on the dashboard.
    const shown = [alarmNamed('root-account-usage'), alarmNamed('iam-policy-changes'), alarmNamed('heartbeat')]
    expect(new Set(alarmsShown(bodyIn(account)))).toEqual(new Set(shown))
    const doctor = await account.run(['doctor', '--json'])
    expect(findingIn(doctor.stdout)).toMatchObject({ status: 'pass' })
    await account.run(['init', '--yes', ...detections, '--prune'])
    expect(bodyIn(account)).toBeUndefined()
  })

  test('is written again where somebody changed it', async () => {
    const account = await accountWithChain(['--dashboard'])
    const before = bodyIn(account)
    const { cloudwatch } = clientsOf(account.sandbox.backend)
    const widgets = before?.widgets.slice(0, 1)
    await cloudwatch.send(new PutDashboardCommand({ DashboardName: NAME, DashboardBody: JSON.stringify({ widgets }) }))
    const doctor = await account.run(['doctor', '--json'])
    expect(findingIn(doctor.stdout)).toMatchObject({ check: 'dashboard.current', status: 'warn' })
    await account.run(['init', '--yes', ...ONE, '--dashboard'])
    expect(bodyIn(account)).toEqual(before)
  })

  test('is said by doctor to show an alarm that is gone', async () => {
    const account = await accountWithChain(['--dashboard', '--heartbeat'])
    const heartbeat = alarmNamed('heartbeat')
    delete account.sandbox.state.alarms[heartbeat]
    const { stdout, exit } = await account.run(['doctor', '--json'])
    expect(findingIn(stdout)).toMatchObject({ status: 'warn', evidence: expect.stringContaining('which is not there') })
    expect(exit).toBe(0)
  })

  test('costs what the plan says', async () => {
    const account = await freshAccount()
    const { stdout } = await account.run(['init', '--yes', '--dry-run', ...ONE, '--dashboard', '--heartbeat'])
    expect(stdout).toContain('about $3.50 a month')
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'of it heartbeat $0.10, dashboard $3.00 (free among the first 3 of an account)',
    )
  })

  test('is kept in a setup file', async () => {
    const account = await freshAccount()
    const files: Record<string, string> = {}
    await account.run(['init', '--yes', ...ONE, '--dashboard', '--save', 'setup.yaml'], { files })
    expect(files['setup.yaml']).toContain('dashboard: true')
    const { stdout } = await account.run(['init', '--yes', '--config', 'setup.yaml', '--json'], { files })
    expect(JSON.parse(stdout).status).toBe('unchanged')
  })
})

describe('a dashboard of the same name that is not managed', () => {
  const foreign = JSON.stringify({ widgets: [] })

  async function accountWithForeign(): Promise<Account> {
    const account = await freshAccount()
    account.sandbox.state.dashboards[NAME] = { name: NAME, body: foreign, tags: {} }
    return account
  }

  test('is never written: the plan is refused and names it', async () => {
    const account = await accountWithForeign()
    const { exit, stdout } = await account.run(['init', '--yes', '--json', ...ONE, '--dashboard'])
    expect(exit).toBe(1)
    const { status, error } = JSON.parse(stdout)
    expect([status, error.message]).toEqual(['blocked', expect.stringContaining(`dashboard ${NAME}`)])
    expect(account.writes()).toEqual([])
    expect(account.sandbox.state.dashboards[NAME]?.body).toBe(foreign)
  })

  test('stands in the way of no run without the option, and stays after destroy', async () => {
    const account = await accountWithForeign()
    expect((await account.run(['init', '--yes', ...ONE])).exit).toBe(0)
    const { stdout } = await account.run(['destroy', '--yes', '--json'])
    expect(JSON.parse(stdout).kept).toContainEqual({
      resource: NAME,
      why: 'it has a matching name but was not created by cloudtrail-pd',
    })
    expect(account.sandbox.state.dashboards[NAME]?.body).toBe(foreign)
  })

  test('is left alone by --prune', async () => {
    const account = await accountWithForeign()
    await account.run(['init', '--yes', ...ONE, '--prune'])
    expect(account.sandbox.state.dashboards[NAME]?.body).toBe(foreign)
  })
})

test('a dashboard that may not be read stops a run that asks for one, before any write', async () => {
  const faults = [{ service: 'CloudWatch', operation: 'GetDashboard', kind: 'access-denied' as const, every: true }]
  const account = await freshAccount({ faults })
  expect((await account.run(['init', '--yes', ...ONE, '--dashboard'])).exit).toBe(1)
  expect(account.writes()).toEqual([])
})

test('two chains of an account have a dashboard each', async () => {
  const account = await accountWithChain(['--dashboard'])
  await account.run(['init', '--yes', ...ONE, '--name', 'team-b', '--dashboard'])
  expect(Object.keys(account.sandbox.state.dashboards)).toEqual([NAME, 'team-b-us-east-1'])
  await account.run(['destroy', '--yes', '--name', 'team-b'])
  expect(Object.keys(account.sandbox.state.dashboards)).toEqual([NAME])
})

test.each([
  ['cloudformation', 'AWS::CloudWatch::Dashboard'],
  ['terraform', 'resource "aws_cloudwatch_dashboard" "chain"'],
  ['cli', 'aws cloudwatch put-dashboard'],
])('export as %s has the dashboard', async (format, text) => {
  const account = await freshAccount()
  const { stdout, exit } = await account.run(['export', '--format', format, '--dashboard'])
  expect(exit).toBe(0)
  expect(stdout).toContain(text)
})
