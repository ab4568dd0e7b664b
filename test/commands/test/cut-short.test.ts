import { describe, expect, it } from 'vitest'
import type { DrillStep } from '../../../src/drill/hop.ts'
import type { InjectedFault } from '../../../src/sandbox/aws/faults.ts'
import { aChain } from '../../support/drill-chain.ts'

const BY_STATE = ['test', '--yes', '--json', '--via', 'alarm-state']

interface Json {
  readonly verdict: string
  readonly steps: readonly DrillStep[]
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string | null }
}

async function drillWith(faults: readonly InjectedFault[]) {
  const chain = await aChain()
  chain.sandbox.restart(faults)
  const result = await chain.watched(BY_STATE)
  return { chain, exit: result.exit, stdout: result.stdout, json: result.json() as unknown as Json }
}

/** The history is read in two calls before the signal is sent. */
const EXPIRED: InjectedFault = { operation: 'DescribeAlarmHistory', nth: 3, times: 99, kind: 'expired-token' }

describe('a drill that has sent its signal and cannot be watched', () => {
  it('reports its verdict and puts the alarm back: exit 1, never 3', async () => {
    const { chain, exit, json, stdout } = await drillWith([EXPIRED])
    expect(exit, stdout).toBe(1)
    expect(json.verdict).toBe('failed')
    expect(json.steps.length).toBeGreaterThan(3)
    expect(json.error?.message).toContain('was put back to OK')
    expect(chain.alarm().value).toBe('OK')
  })

  it('puts the alarm back also where its state cannot be read', async () => {
    const denied: InjectedFault = { operation: 'DescribeAlarms', nth: 4, times: 99, kind: 'access-denied' }
    const { chain, stdout } = await drillWith([EXPIRED, denied])
    const set = chain.sandbox.calls.filter(({ operation }) => operation === 'SetAlarmState')
    expect(
      set.map(({ input }) => input.StateValue),
      stdout,
    ).toEqual(['ALARM', 'OK'])
    const looks = chain.sandbox.calls.filter(({ operation }) => operation === 'DescribeAlarms')
    expect(looks.length).toBeGreaterThanOrEqual(4)
  })

  it('where the alarm cannot be put back says so, with the command', async () => {
    const stuck: InjectedFault = { operation: 'SetAlarmState', nth: 2, times: 99, kind: 'access-denied' }
    const { exit, json, stdout } = await drillWith([EXPIRED, stuck])
    expect(exit, stdout).toBe(1)
    expect(json.error?.code).toBe('drill-not-over')
    expect(json.error?.hint).toContain('aws cloudwatch set-alarm-state')
  })

  it('when it is stopped by a signal reports the steps as well: exit 130', async () => {
    const chain = await aChain()
    let send = () => {}
    chain.pagerDuty.state.integrations.splice(0)
    const stop = setInterval(() => chain.alarm().value === 'ALARM' && send(), 0)
    const result = await chain.watched(BY_STATE, {
      interrupt: (interrupt) => {
        send = interrupt
      },
    })
    clearInterval(stop)
    expect(result.exit).toBe(130)
    expect(result.json()).toMatchObject({ verdict: 'failed', error: { code: 'interrupted' } })
  })
})
