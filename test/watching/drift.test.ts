/** Somebody edits what init made: what changed, by whom and when, and what a second run would do. */

import { DisableAlarmActionsCommand } from '@aws-sdk/client-cloudwatch'
import { PutMetricFilterCommand } from '@aws-sdk/client-cloudwatch-logs'
import { describe, expect, it } from 'vitest'
import { alarmsIn, rewriteAlarm } from '../doctor/breakages.ts'
import { accountWithChain, awsIn } from '../support/fresh-account.ts'
import { clientsOf } from '../support/sandbox-account.ts'
import type { Account } from '../support/tool.ts'

const ALARM = 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'
const FILTER = 'cloudtrail-pd-root-account-usage'
const GROUP = 'cloudtrail-pd-events'
const MINUTE = 60_000

interface Drift {
  readonly check: string
  readonly status: string
  readonly title: string
  readonly evidence: string
  readonly url?: string
}

async function driftIn(account: Account): Promise<readonly Drift[]> {
  const { findings } = (await account.run(['doctor', '--json'])).json() as unknown as { findings: readonly Drift[] }
  return findings.filter(({ check, status }) => check.endsWith('.drift') && status !== 'pass')
}

function lookups(account: Account): number {
  return account.calls().filter(({ operation }) => operation === 'LookupEvents').length
}

async function editThreshold(account: Account, Threshold: number): Promise<void> {
  const aws = await awsIn(account)
  const alarm = (await alarmsIn(aws)).find(({ AlarmName }) => AlarmName === ALARM)
  await rewriteAlarm(aws, alarm, { Threshold })
  // Event history shows a call after some minutes.
  await account.sandbox.clock.sleep(20 * MINUTE)
}

function editFilter(account: Account, filterPattern: string) {
  return clientsOf(account.sandbox.backend).logs.send(
    new PutMetricFilterCommand({
      logGroupName: GROUP,
      filterName: FILTER,
      filterPattern,
      metricTransformations: [
        { metricNamespace: 'CloudTrailPagerDuty', metricName: 'RootAccountUsagePage', metricValue: '1' },
      ],
    }),
  )
}

describe('an alarm that somebody edited', () => {
  it('is told field by field, with who did it, when and from where', async () => {
    const account = await accountWithChain()
    await editThreshold(account, 5)
    account.calls()
    const [found, ...more] = await driftIn(account)
    expect(more).toEqual([])
    expect(found).toMatchObject({
      check: 'alarm.drift',
      status: 'warn',
      title: 'the alarm was changed since it was set up',
      evidence: expect.stringMatching(
        /^threshold 5, was 1; changed 20\S+Z by arn:aws:iam::123456789012:user\/\S+ from 192\.0\.2\.10$/,
      ),
      url: expect.stringContaining('/cloudtrailv2/home?region=us-east-1#/events/'),
    })
    expect(lookups(account)).toBeLessThanOrEqual(1)
  })

  it('is told against what was chosen, not against the catalogue', async () => {
    const account = await accountWithChain(['--set', 'root-account-usage.threshold=3'])
    expect(await driftIn(account)).toEqual([])
    await editThreshold(account, 7)
    expect((await driftIn(account))[0]?.evidence).toMatch(/^threshold 7, was 3; changed /)
  })

  it('shows the same difference in the plan of a second run, which puts it back', async () => {
    const account = await accountWithChain()
    await editThreshold(account, 5)
    const args = ['init', '--yes', '--json', '--detections', 'root-account-usage']
    const planned = JSON.stringify((await account.run([...args, '--dry-run'])).json())
    expect(planned).toContain('threshold: 5 → 1')
    expect(planned).toContain(
      `alarm ${ALARM} was changed since it was set up: threshold 5, was 1; this plan puts it back`,
    )
    expect((await account.run(args)).exit).toBe(0)
    expect(await driftIn(account)).toEqual([])
  })

  it('is nobody where nothing was changed: event history is not asked', async () => {
    const account = await accountWithChain(['--detections', 'recommended'])
    expect(await driftIn(account)).toEqual([])
    expect(lookups(account)).toBe(0)
  })

  it('is told without a name where event history does not show the call yet', async () => {
    const young = await accountWithChain()
    const aws = await awsIn(young)
    const [alarm] = await alarmsIn(aws)
    await rewriteAlarm(aws, alarm, { Threshold: 5 })
    expect((await driftIn(young))[0]?.evidence).toBe(
      "threshold 5, was 1; who changed it was not found in CloudTrail's event history",
    )
  })

  // A call that stays throttled is tried again for some seconds.
  it.each(['access-denied', 'throttle'] as const)('is told without a name on %s', { timeout: 60_000 }, async (kind) => {
    const account = await accountWithChain()
    await editThreshold(account, 5)
    account.sandbox.restart([{ operation: 'LookupEvents', kind, every: true }])
    const [found] = await driftIn(account)
    expect(found?.evidence).toMatch(/^threshold 5, was 1; who changed it is not known: /)
    expect(found?.url).toBeUndefined()
  })

  it('costs a few calls, however many were edited', async () => {
    const account = await accountWithChain(['--detections', 'recommended'])
    const aws = await awsIn(account)
    for (const alarm of await alarmsIn(aws)) {
      await rewriteAlarm(aws, alarm, { Threshold: 9 })
      await account.sandbox.clock.sleep(5 * MINUTE)
    }
    await account.sandbox.clock.sleep(20 * MINUTE)
    account.calls()
    const found = await driftIn(account)
    expect(found.length).toBeGreaterThan(10)
    expect(found.filter(({ evidence }) => evidence.includes('; changed 20'))).toHaveLength(4)
    expect(lookups(account)).toBe(4)
  })
})

describe('an alarm whose actions somebody disabled', () => {
  it('is told with who did it, and when', async () => {
    const account = await accountWithChain()
    await clientsOf(account.sandbox.backend).cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [ALARM] }))
    await account.sandbox.clock.sleep(20 * MINUTE)
    account.calls()
    const { findings } = (await account.run(['doctor', '--json'])).json() as unknown as { findings: readonly Drift[] }
    expect(findings.find(({ check }) => check === 'alarm.actions-enabled')).toMatchObject({
      status: 'fail',
      evidence: expect.stringMatching(
        /^ActionsEnabled is false; changed 20\S+Z by arn:aws:iam::\S+ from 192\.0\.2\.10$/,
      ),
      url: expect.stringContaining('#/events/'),
    })
    expect(lookups(account)).toBe(1)
  })
})

describe('a metric filter that somebody edited', () => {
  it('is told with both patterns, with who did it and when', async () => {
    const account = await accountWithChain()
    await editFilter(account, '{ $.userIdentity.type = "Root" }')
    await account.sandbox.clock.sleep(20 * MINUTE)
    account.calls()
    const found = (await driftIn(account)).find(({ check }) => check === 'metric-filter.drift')
    expect(found).toMatchObject({
      title: 'the filter was changed since it was set up',
      evidence: expect.stringMatching(
        /^pattern \{ \$\.userIdentity\.type = "Root" \}, was \{ .*; changed 20\S+Z by arn:aws:iam::\S+ from 192\.0\.2\.10$/,
      ),
      url: expect.stringContaining('#/events/'),
    })
    expect(lookups(account)).toBeLessThanOrEqual(4)
    const plan = (await account.run(['init', '--dry-run', '--json', '--detections', 'root-account-usage'])).json()
    expect(JSON.stringify(plan)).toContain(`metric filter ${FILTER} was changed since it was set up: pattern {`)
  })

  it('is told of nobody where another value is chosen by option', async () => {
    const account = await accountWithChain()
    const args = [
      'init',
      '--dry-run',
      '--json',
      '--detections',
      'root-account-usage',
      '--set',
      'root-account-usage.threshold=4',
    ]
    const { notes, changes } = (await account.run(args)).json() as unknown as { notes: string[]; changes: object }
    expect(JSON.stringify(changes)).toContain('threshold: 1 → 4')
    expect(notes.join()).not.toContain('was changed since')
  })
})
