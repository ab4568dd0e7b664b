import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { SANDBOX_TOKEN } from '../../src/sandbox/pagerduty/state.ts'
import { acceptProcess } from '../accept/accept-process.ts'
import { describeWithEmulators } from './available.ts'
import { census, NOTHING, namesIn } from './census.ts'
import { type Emulator, startEmulator } from './servers.ts'
import { CREDENTIALS, emulatedStage, type Stage, worldOf } from './stage.ts'

await describeWithEmulators('an acceptance run on MiniStack', () => {
  let emulator: Emulator
  let stage: Stage

  beforeAll(async () => {
    emulator = await startEmulator('ministack')
  }, 60_000)
  beforeEach(async () => {
    stage = await emulatedStage(emulator)
  })
  afterEach(() => stage.close())
  afterAll(() => emulator.stop())

  it('goes on where the emulator delivers no events, ends with destroy, and says what could not be seen', async () => {
    const { account, pagerDuty } = stage
    const env = {
      ...CREDENTIALS,
      ...worldOf(emulator, pagerDuty),
      CLOUDTRAIL_PD_API_URL: pagerDuty.apiUrl,
      PAGERDUTY_TOKEN: SANDBOX_TOKEN,
    }
    const where = ['--endpoint-url', emulator.endpoint, '--pagerduty-service', 'Security']
    const { exit, stdout, stderr, written, report } = await acceptProcess([...where, '--yes', '--timeout', '3'], {
      env,
    })
    expect(exit, stderr + stdout).toBe(1)
    const { target, steps, assumptions, left } = report()
    expect(target).toBe('endpoint')
    expect(steps.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'name-is-free done',
      'integrations done',
      'init done',
      'first-ok done',
      // MiniStack delivers no events, and its alarms keep the state that was set.
      'test-api-call failed',
      'doctor done',
      'events failed',
      'rotation done',
      'prune done',
      'test-alarm-state failed',
      'role-conditions done',
      'destroy done',
      'remove-integrations done',
    ])
    const results = Object.fromEntries(assumptions.map(({ assumption, result }) => [assumption, result]))
    expect(results).toMatchObject({
      'delivery-time': 'cannot tell',
      'user-agent-suffix': 'cannot tell',
      'confirms-itself': 'seen',
      'alert-key': 'seen',
      'incident-title': 'seen',
      'integration-delete': 'seen',
    })
    expect(left).toEqual([])
    expect(namesIn(await census(stage.aws))).toEqual(NOTHING)
    expect(pagerDuty.state.integrations).toHaveLength(2)
    for (const hidden of [account, 'pd-accept', 'Security', emulator.endpoint.slice('http://'.length)])
      expect(written).not.toContain(hidden)
  }, 120_000)
})
