import { describe, expect, it } from 'vitest'
import { freshAccount } from '../../support/fresh-account.ts'
import { KEY } from '../../support/tool.ts'

const OLDER = `https://events.pagerduty.com/adapter/cloudwatch_sns/v1/${KEY}`
const ENV = { CLOUDTRAIL_PD_INTEGRATION_KEY: '' }
const INIT = ['init', '--yes', '--json', '--detections', 'root-account-usage']

describe("PagerDuty's older URL for CloudWatch", () => {
  it('is taken as it is, with the warning that it is the older form, and never printed', async () => {
    const account = await freshAccount()
    const result = await account.run([...INIT, '--integration-url', OLDER], { env: ENV })
    expect(result.exit, result.stderr).toBe(0)
    expect(result.json().notes).toContainEqual(expect.stringContaining('older form'))
    expect(Object.values(account.sandbox.state.subscriptions)).toMatchObject([{ endpoint: OLDER, confirmed: true }])
    expect(result.stdout + result.stderr).not.toContain(KEY)
  })

  it('is known to the next run without the secret, and goes with the chain', async () => {
    const account = await freshAccount()
    await account.run([...INIT, '--integration-url', OLDER], { env: ENV })
    expect((await account.run(INIT, { env: ENV })).json()).toMatchObject({ status: 'unchanged' })
    const gone = await account.run(['destroy', '--yes', '--json'], { env: ENV })
    expect(gone.exit, gone.stdout).toBe(0)
    expect(account.sandbox.state.subscriptions).toEqual({})
    expect(account.sandbox.state.topics).toEqual({})
  })

  it('contradicts a route of an orchestration', async () => {
    const account = await freshAccount()
    const flags = ['--integration-url', OLDER, '--route', 'global-orchestration']
    expect((await account.run([...INIT, ...flags], { env: ENV })).exit).toBe(2)
  })
})
