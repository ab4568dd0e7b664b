import { afterEach, describe, expect, it } from 'vitest'
import { SANDBOX_EVENTS_KEY } from '../../src/sandbox/pagerduty/state.ts'
import { type Account, anAccount } from '../support/tool.ts'

/** What init makes is what doctor calls well: a choice that init recorded is never a fault. */

let opened: Account | undefined

afterEach(() => opened?.close())

const ALL = ['--detections', 'all']

describe('a chain that init made has no warning and no failure', () => {
  it.each([
    [['--detections', 'recommended']],
    [ALL],
    [[...ALL, '--drill']],
    [[...ALL, '--no-auto-resolve']],
    [[...ALL, '--hold', '60']],
    [[...ALL, '--hold', '1440', '--no-auto-resolve', '--drill']],
    [[...ALL, '--variant', 'compliance']],
    [[...ALL, '--variant', 'compliance', '--no-auto-resolve', '--drill']],
    [[...ALL, '--variant', 'both']],
    [[...ALL, '--variant', 'both', '--hold', '30', '--drill']],
    [['--name', 'team-b', '--detections', 'cis-1.4', '--drill']],
    [['--detections', 'cis-1.4', '--exclude-principal', 'arn:aws:iam::123456789012:role/deploy*']],
    [['--set', 'root-account-usage.threshold=3', '--set', 'root-account-usage.period=900']],
    [
      [
        '--filter-name',
        'mine',
        '--filter-pattern',
        '{ $.eventName = "DeleteBucket" }',
        '--alarm-name',
        'mine-123456789012-us-east-1',
      ],
    ],
    [['--low-urgency-integration-url', `https://events.pagerduty.com/integration/${SANDBOX_EVENTS_KEY}/enqueue`]],
  ])('%j', async (flags) => {
    const account = await anAccount()
    opened = account
    const made = await account.run(['init', '--yes', ...flags])
    expect(made.exit, made.stdout + made.stderr).toBe(0)
    await account.sandbox.clock.sleep(30 * 60_000)
    const seen = await account.run(['doctor', '--json', '--strict'])
    const { findings, healthy } = seen.json() as unknown as {
      healthy: boolean
      findings: readonly { status: string; check: string; resource: string; evidence: string }[]
    }
    const faults = findings
      .filter(({ status }) => status === 'warn' || status === 'fail')
      .map(({ status, check, resource, evidence }) => `${status} ${check} ${resource}: ${evidence}`)
    expect(faults).toEqual([])
    expect([seen.exit, healthy]).toEqual([0, true])
  })
})
