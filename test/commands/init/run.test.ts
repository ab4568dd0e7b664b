import { describe, expect, it } from 'vitest'
import { freshAccount } from '../../support/fresh-account.ts'
import { KEY } from '../../support/tool.ts'

function isFurtherPage(input: object): boolean {
  return ['NextToken', 'nextToken', 'Marker'].some((name) => name in input)
}

describe('init --yes on an empty account', () => {
  it('makes the whole chain, confirmed, with ALARM and OK actions', async () => {
    const aws = await freshAccount()
    const result = await aws.run(['init', '--yes', '--json'])
    expect(result.exit, result.stdout + result.stderr).toBe(0)
    expect(result.json()).toMatchObject({
      schemaVersion: 1,
      command: 'init',
      status: 'applied',
      account: '123456789012',
      region: 'us-east-1',
      subscription: { arn: expect.stringContaining(':cloudtrail-pd-alerts:'), status: 'confirmed', purpose: 'pages' },
      remaining: [],
      next: ['npx cloudtrail-pd init --drill', 'npx cloudtrail-pd doctor'],
    })
  })

  it('says in text what a page does now, and what is not proven', async () => {
    const aws = await freshAccount()
    const { stdout } = await aws.run(['init', '--yes'])
    expect(stdout).toContain('Alerts now take this path:')
    expect(stdout).toContain('Not verified yet: that someone is paged.')
  })

  it('run again changes nothing, makes no write call, and needs at most 20 calls for any number of detections', async () => {
    const counts = []
    for (const detections of ['cis-1.4', 'all']) {
      const aws = await freshAccount()
      await aws.run(['init', '--yes', '--detections', detections])
      aws.calls()
      const again = await aws.run(['init', '--yes', '--json', '--detections', detections])
      expect(again.json()).toMatchObject({ status: 'unchanged' })
      const calls = aws.calls()
      expect(calls.filter(({ readOnly }) => !readOnly)).toEqual([])
      // The sandbox pages by two; further pages aside, the number is the same.
      counts.push(calls.filter(({ input }) => !isFurtherPage(input)).length)
    }
    expect(counts[0]).toBe(counts[1])
    expect(counts[0]).toBeLessThanOrEqual(20)
  })

  it('makes alarms last, after PagerDuty has confirmed', async () => {
    const aws = await freshAccount()
    await aws.run(['init', '--yes'])
    const order = aws.calls().map(({ operation }) => operation)
    expect(order.indexOf('PutMetricAlarm')).toBeGreaterThan(order.lastIndexOf('PutMetricFilter'))
    expect(order.indexOf('PutMetricAlarm')).toBeGreaterThan(order.indexOf('Subscribe'))
  })

  it('C15 never sets InsufficientDataActions', async () => {
    const aws = await freshAccount()
    await aws.run(['init', '--yes'])
    const puts = aws.calls().filter(({ operation }) => operation === 'PutMetricAlarm')
    expect(puts.length).toBe(26)
    for (const { input } of puts) expect(input.InsufficientDataActions).toEqual([])
  })

  it('C14 gives every alarm the topic for OK as for ALARM, unless --no-auto-resolve says otherwise', async () => {
    for (const [flags, actions] of [
      [[], 1],
      [['--no-auto-resolve'], 0],
    ] as const) {
      const aws = await freshAccount()
      await aws.run(['init', '--yes', ...flags])
      for (const { operation, input } of aws.calls()) {
        if (operation === 'PutMetricAlarm') expect(input.OKActions).toHaveLength(actions)
      }
    }
  })

  it('C43 starts logging and checks that the trail logs', async () => {
    const aws = await freshAccount()
    await aws.run(['init', '--yes'])
    const order = aws.calls().map(({ operation }) => operation)
    expect(order.indexOf('StartLogging')).toBeGreaterThan(order.indexOf('CreateTrail'))
    expect(order.lastIndexOf('GetTrailStatus')).toBeGreaterThan(order.indexOf('StartLogging'))
  })

  it("spaces CloudTrail's writes so that AWS never throttles them", async () => {
    const aws = await freshAccount({ throttleCloudTrailWrites: true })
    const result = await aws.run(['init', '--yes', '--json'])
    expect(result.json()).toMatchObject({ status: 'applied' })
    expect(aws.calls().filter(({ error }) => error === 'ThrottlingException')).toEqual([])
  })
})

describe('the record of the set-up itself', () => {
  const PAGES = /one page from cloudtrail-config-changes in about 5 minutes/

  it('is announced, because it arrives when the filters are already there and pages', async () => {
    const aws = await freshAccount()
    const { stderr } = await aws.run(['init', '--yes', '--detections', 'cloudtrail-config-changes'])
    expect(stderr.replace(/\s+/g, ' ')).toMatch(PAGES)
    await aws.sandbox.clock.sleep(20 * 60_000)
    expect(aws.pagerDuty.state.alerts.map(({ key }) => key).join()).toContain('cloudtrail-config-changes')
  })

  it('is not mentioned when nothing of the kind is written', async () => {
    const aws = await freshAccount()
    await aws.run(['init', '--yes', '--detections', 'cloudtrail-config-changes'])
    const { stderr } = await aws.run(['init', '--yes', '--detections', 'cloudtrail-config-changes', '--hold', '30'])
    expect(stderr.replace(/\s+/g, ' ')).not.toMatch(PAGES)
  })
})

describe('a subscription that PagerDuty does not confirm', () => {
  it('C01 is never reported as done: the rest is made, exit 5, with causes and the command to resume', async () => {
    const aws = await freshAccount({ confirm: false })
    const result = await aws.run(['init', '--yes'])
    expect(result.exit).toBe(5)
    expect(result.stdout).toContain('PagerDuty has not confirmed after 90 s')
    expect(result.stdout).toContain('Until it does, no one is paged.')
    expect(result.stdout).toMatch(/npx cloudtrail-pd init .*--yes/)
    expect(result.stdout).not.toContain('Done in')
    expect(aws.writes()).toContain('CloudWatch:PutMetricAlarm')
  })

  it('C01 is incomplete in JSON, with the subscription pending', async () => {
    const aws = await freshAccount({ confirm: false })
    const result = await aws.run(['init', '--yes', '--json', '--confirm-timeout', '5'])
    expect(result.json()).toMatchObject({
      status: 'incomplete',
      subscription: { status: 'pending' },
      error: { code: 'subscription-pending' },
    })
  })

  it('C12 is asked again by a second run, and an ARN alone does not pass for confirmed', async () => {
    const aws = await freshAccount({ confirm: false })
    await aws.run(['init', '--yes', '--confirm-timeout', '5'])
    aws.calls()
    const again = await aws.run(['init', '--yes', '--json', '--confirm-timeout', '5'])
    expect(again.exit).toBe(5)
    expect(aws.writes()).toEqual(['SNS:TagResource', 'SNS:Subscribe'])
  })
})

describe('a changed key', () => {
  const OTHER = 'fedcba9876543210fedcba9876543210'

  async function rotated(...flags: string[]) {
    const aws = await freshAccount()
    await aws.run(['init', '--yes'])
    const { state } = aws.pagerDuty
    const [integration] = state.integrations ?? []
    if (integration !== undefined) state.integrations?.push({ ...integration, id: 'PROTATED', key: OTHER } as never)
    aws.calls()
    const result = await aws.run(['init', '--yes', '--json', ...flags], {
      env: { CLOUDTRAIL_PD_INTEGRATION_KEY: OTHER },
    })
    return { aws, result }
  }

  it('C12 is a rotation: the new subscription is confirmed, the old one is kept and reported as a second pager', async () => {
    const { aws, result } = await rotated()
    expect(result.exit, result.stdout).toBe(0)
    expect(aws.writes()).toEqual(['SNS:TagResource', 'SNS:Subscribe'])
    expect(result.json().kept).toEqual([expect.stringContaining(KEY.slice(-4))])
  })

  it('C12 with --prune removes the old one, after the new one is confirmed', async () => {
    const { aws, result } = await rotated('--prune')
    expect(result.exit, result.stdout).toBe(0)
    expect(aws.writes()).toEqual(['SNS:TagResource', 'SNS:Subscribe', 'SNS:Unsubscribe', 'SNS:UntagResource'])
  })

  it('C12 with --prune keeps the old one while the new one is pending: it is the one that pages', async () => {
    const aws = await freshAccount()
    await aws.run(['init', '--yes'])
    aws.calls()
    const env = { CLOUDTRAIL_PD_INTEGRATION_KEY: OTHER }
    const result = await aws.run(['init', '--yes', '--prune', '--confirm-timeout', '3'], { env })
    expect(result.exit).toBe(5)
    expect(aws.writes()).toEqual(['SNS:TagResource', 'SNS:Subscribe'])
  })

  it('without a key the endpoint that the topic has is used', async () => {
    const aws = await freshAccount()
    await aws.run(['init', '--yes'])
    const again = await aws.run(['init', '--yes', '--json'], { env: { CLOUDTRAIL_PD_INTEGRATION_KEY: '' } })
    expect(again.json()).toMatchObject({ status: 'unchanged' })
  })

  it('without a key and without a subscription is exit 2 with the ways to give one', async () => {
    const aws = await freshAccount()
    const result = await aws.run(['init', '--yes'], { env: { CLOUDTRAIL_PD_INTEGRATION_KEY: '' } })
    expect(result.exit).toBe(2)
    expect(result.stderr).toContain('CLOUDTRAIL_PD_INTEGRATION_KEY')
    expect(aws.writes()).toEqual([])
  })
})

describe('a choice that is changed later', () => {
  it('keeps and reports detections that are no longer listed', async () => {
    const aws = await freshAccount()
    await aws.run(['init', '--yes'])
    aws.calls()
    const result = await aws.run(['init', '--yes', '--json', '--detections', 'root-account-usage'])
    expect(result.json()).toMatchObject({ status: 'unchanged' })
    expect(result.json().kept).toHaveLength(50)
    expect(aws.writes()).toEqual([])
  })

  it('deletes them with --prune', async () => {
    const aws = await freshAccount()
    await aws.run(['init', '--yes'])
    const result = await aws.run(['init', '--yes', '--json', '--prune', '--detections', 'root-account-usage'])
    expect(result.exit, result.stdout).toBe(0)
    const after = await aws.run(['init', '--yes', '--json', '--detections', 'root-account-usage'])
    expect(after.json().kept).toEqual([])
  })

  it('changes alarms in place when the hold does', async () => {
    const aws = await freshAccount()
    await aws.run(['init', '--yes', '--detections', 'root-account-usage'])
    aws.calls()
    await aws.run(['init', '--yes', '--detections', 'root-account-usage', '--hold', '120'])
    expect(aws.writes()).toEqual(['CloudWatch:PutMetricAlarm'])
  })
})

describe('a plan that is only shown', () => {
  it('changes nothing, and --exit-code says whether there is something to do', async () => {
    const aws = await freshAccount()
    const planned = await aws.run(['init', '--dry-run', '--exit-code'])
    expect(planned.exit).toBe(6)
    expect(planned.stdout).toContain('Nothing was changed')
    expect(aws.writes()).toEqual([])
    await aws.run(['init', '--yes'])
    expect((await aws.run(['init', '--dry-run', '--exit-code'])).exit).toBe(0)
  })

  it('needs no approval and is exit 0 without --exit-code', async () => {
    const aws = await freshAccount()
    const result = await aws.run(['init', '--dry-run', '--json'])
    expect(result.exit).toBe(0)
    expect(result.json()).toMatchObject({ status: 'planned', subscription: { status: 'planned' } })
  })
})

describe('consent', () => {
  it('C62 without a terminal and without --yes is exit 2, before any call', async () => {
    const aws = await freshAccount()
    const result = await aws.run(['init'])
    expect(result.exit).toBe(2)
    expect(result.stderr).toContain('--yes')
    expect(aws.calls()).toEqual([])
  })
})
