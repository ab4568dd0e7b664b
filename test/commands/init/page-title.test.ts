import { describe, expect, it } from 'vitest'
import { SANDBOX_ROUTING_KEY } from '../../../src/sandbox/pagerduty/state.ts'
import { freshAccount } from '../../support/fresh-account.ts'

const ONE = ['init', '--yes', '--plain', '--detections', 'root-account-usage']

describe('init says how a page will read, and where to change it', () => {
  it('where a new alarm pages by the integration of a service', async () => {
    const aws = await freshAccount()
    const first = await aws.run(ONE, { env: { COLUMNS: '400' } })
    const said = first.stdout.replace(/\s+/g, ' ')
    expect(said).toContain('"Sum RootAccountUsagePage GreaterThanOrEqualToThreshold 1.0"')
    expect(said).toContain('set "Derive name from" to the alarm name')
    const again = await aws.run(ONE)
    expect(again.stdout).not.toContain('Derive name from')
  })

  it('and the page does read so', async () => {
    const aws = await freshAccount()
    await aws.run(ONE)
    const alarm = 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'
    await aws.sandbox.clock.sleep(180_000)
    await aws.run(['test', '--yes', '--alarm', alarm, '--accept-sent'])
    const titles = aws.pagerDuty.state.incidents.map(({ title }) => title)
    expect(titles).toEqual(['Sum RootAccountUsagePage GreaterThanOrEqualToThreshold 1.0'])
  })

  it('not behind a routing key, where the subject is the title', async () => {
    const aws = await freshAccount()
    const key = ['--route', 'global-orchestration', '--integration-key', SANDBOX_ROUTING_KEY]
    expect((await aws.run([...ONE, ...key])).stdout).not.toContain('Derive name from')
  })
})
