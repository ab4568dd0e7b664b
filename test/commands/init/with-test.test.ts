import { describe, expect, it } from 'vitest'
import { freshAccount } from '../../support/fresh-account.ts'

const INIT = ['init', '--yes', '--detections', 'root-account-usage']
const SERVICE = ['--pagerduty-service', 'Security']

describe('init --test', () => {
  it('installs the detection of the drill, runs the drill at the end, and reports both once', async () => {
    const account = await freshAccount()
    const { exit, stdout } = await account.runWithToken([...INIT, ...SERVICE, '--test'])
    expect(exit).toBe(0)
    expect(stdout.match(/Done in .* Alerts now take this path:/g)).toHaveLength(1)
    expect(stdout).not.toContain('Not verified yet')
    expect(stdout).toMatch(/Delivered\. From the call to the page: /)
    expect(account.pagerDuty.state.incidents.map(({ status }) => status)).toContain('resolved')
  })

  it('is one JSON document, with what the drill found in it', async () => {
    const account = await freshAccount()
    const { exit, json } = await account.runWithToken([...INIT, ...SERVICE, '--test', '--json'])
    expect(exit).toBe(0)
    expect(json()).toMatchObject({
      command: 'init',
      status: 'applied',
      test: { verdict: 'delivered', via: 'api-call' },
    })
  })

  it('runs the drill also where nothing had to be changed', async () => {
    const account = await freshAccount()
    await account.runWithToken([...INIT, ...SERVICE, '--drill'])
    await account.sandbox.clock.sleep(30 * 60_000)
    const { exit, json } = await account.runWithToken([...INIT, ...SERVICE, '--test', '--json'])
    expect([exit, json()]).toMatchObject([0, { status: 'unchanged', test: { verdict: 'delivered' } }])
  })

  it('ends with what the drill ends with: 5 where no one can be asked whether it arrived', async () => {
    const account = await freshAccount()
    const { exit, json } = await account.run([...INIT, '--test', '--json'])
    expect([exit, json()]).toMatchObject([5, { status: 'applied', test: { verdict: 'sent' } }])
  })

  it('tells what stands where the drill cannot begin', async () => {
    const account = await freshAccount()
    await account.runWithToken([...INIT, ...SERVICE, '--drill'])
    for (const alarm of Object.values(account.sandbox.state.alarms)) alarm.value = 'ALARM'
    const { exit, json } = await account.runWithToken([...INIT, ...SERVICE, '--test', '--json'])
    expect(exit).not.toBe(0)
    expect(json()).toMatchObject({ status: 'unchanged', error: { code: expect.any(String) } })
    expect(json()).not.toHaveProperty('test')
  })

  it('runs no drill on a plan, nor where the run did not end well', async () => {
    const account = await freshAccount()
    const planned = await account.runWithToken([...INIT, ...SERVICE, '--test', '--dry-run', '--json'])
    expect([planned.exit, planned.json()]).toMatchObject([0, { status: 'planned' }])
    expect(planned.json()).not.toHaveProperty('test')
    const pending = await freshAccount({ confirm: false })
    const ended = await pending.run([...INIT, '--test', '--json', '--confirm-timeout', '0'])
    expect([ended.exit, ended.json()]).toMatchObject([5, { error: { code: 'subscription-pending' } }])
    expect(ended.json()).not.toHaveProperty('test')
  })
})
