import { describe, expect, it } from 'vitest'
import { resourcesOf } from '../../invariants/state.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import type { Account } from '../../support/tool.ts'

async function withChain(...flags: string[]): Promise<Account> {
  const aws = await freshAccount()
  const made = await aws.run(['init', '--yes', '--json', '--detections', 'cis-1.4', ...flags])
  expect(made.exit, made.stdout).toBe(0)
  aws.calls()
  return aws
}

const SUBSCRIBED = 'https://events.pagerduty.com/integration/…fa4e/enqueue'

describe('destroy', () => {
  it('lists the subscription that went with its topic', async () => {
    const aws = await withChain()
    const { stdout } = await aws.run(['destroy', '--yes'], { columns: 200 })
    expect(stdout).toMatch(/^ {2}- topic {10}arn:\S+\n {19}with it the subscription of https:\S+…fa4e\/enqueue$/m)
    expect(stdout).toContain(SUBSCRIBED)
  })

  it('deletes filters, alarms, topic and subscription, and keeps the audit record', async () => {
    const aws = await withChain()
    const result = await aws.run(['destroy', '--yes', '--json'])
    expect(result.exit, result.stdout).toBe(0)
    const { deleted, kept } = result.json() as unknown as { deleted: string[]; kept: { why: string }[] }
    expect(deleted).toHaveLength(32)
    expect(deleted).toContain(SUBSCRIBED)
    expect(kept).toHaveLength(4)
    for (const { why } of kept) expect(why).toContain('--delete-trail')
    expect(Object.keys(aws.sandbox.state.trails)).toHaveLength(1)
    expect(aws.sandbox.state.subscriptions).toEqual({})
  })

  it('with --delete-trail leaves nothing of ours in an account without events', async () => {
    const aws = await withChain()
    await aws.run(['destroy', '--yes', '--delete-trail'])
    const { state } = aws.sandbox
    for (const part of [state.trails, state.logGroups, state.roles, state.buckets, state.topics, state.alarms]) {
      expect(part).toEqual({})
    }
  })

  it('with --delete-trail keeps a log group with events and a bucket with objects, and says so', async () => {
    const aws = await withChain()
    await aws.sandbox.clock.sleep(30 * 60_000)
    const result = await aws.run(['destroy', '--yes', '--json', '--delete-trail'])
    expect(result.exit, result.stdout).toBe(0)
    const whys = (result.json() as unknown as { kept: { why: string }[] }).kept.map(({ why }) => why).join('\n')
    expect(whys).toMatch(/holds events/)
    expect(whys).toMatch(/holds objects/)
    const logs = await aws.run(['destroy', '--yes', '--delete-trail', '--delete-logs'])
    expect(logs.exit).toBe(0)
    expect(aws.sandbox.state.logGroups).toEqual({})
    expect(Object.keys(aws.sandbox.state.buckets)).toHaveLength(1)
  })

  it('deletes a pending subscription along with our topic', async () => {
    const aws = await freshAccount({ confirm: false })
    await aws.run(['init', '--yes', '--confirm-timeout', '2'])
    const result = await aws.run(['destroy', '--yes'])
    expect(result.exit).toBe(0)
    expect(aws.sandbox.state.subscriptions).toEqual({})
  })

  it('run again has nothing to do and is no error', async () => {
    const aws = await withChain()
    await aws.run(['destroy', '--yes', '--delete-trail'])
    const again = await aws.run(['destroy', '--yes', '--json', '--delete-trail'])
    expect(again.exit).toBe(0)
    expect(again.json()).toMatchObject({ deleted: [], kept: [], failed: [] })
  })

  it('leaves a second chain with another name alone', async () => {
    const aws = await withChain()
    await aws.run([
      'init',
      '--yes',
      '--name',
      'audit',
      '--trail',
      'cloudtrail-pd',
      '--detections',
      'root-account-usage',
    ])
    const before = Object.keys(aws.sandbox.state.alarms).filter((arn) => arn.includes(':alarm:audit-'))
    await aws.run(['destroy', '--yes'])
    expect(Object.keys(aws.sandbox.state.alarms)).toEqual(before)
    expect(before).toHaveLength(1)
  })

  it('C63 without a terminal and without --yes deletes nothing: exit 2', async () => {
    const aws = await withChain()
    const before = resourcesOf(aws.sandbox.state)
    const result = await aws.run(['destroy'])
    expect(result.exit).toBe(2)
    expect(result.stderr).toContain('--yes')
    expect(resourcesOf(aws.sandbox.state)).toEqual(before)
  })

  it('says what failed and what was not reached when a deletion is denied', async () => {
    const aws = await withChain()
    aws.sandbox.restart([{ operation: 'DeleteTopic', every: true, kind: 'access-denied' }])
    const result = await aws.run(['destroy', '--yes', '--json'])
    expect(result.exit).toBe(1)
    expect(result.json()).toMatchObject({
      failed: [{ resource: expect.stringContaining(':cloudtrail-pd-alerts') }],
      error: { code: 'aws-denied' },
    })
  })

  it('that may not list the alarms says so instead of "nothing of ours": exit 3', async () => {
    const aws = await withChain()
    aws.sandbox.restart([{ operation: 'DescribeAlarms', every: true, kind: 'access-denied' }])
    const result = await aws.run(['destroy', '--yes', '--json'])
    expect(result.exit).toBe(3)
    expect(aws.writes()).toEqual([])
  })
})

describe('what is not ours', () => {
  it("a topic with somebody else's subscription stays, and our subscription goes", async () => {
    const aws = await withChain()
    const [topic] = Object.keys(aws.sandbox.state.topics)
    const foreign = {
      arn: `${topic}:foreign`,
      topicArn: topic,
      protocol: 'https',
      endpoint: 'https://hooks.example.com/sns',
      attributes: {},
      confirmed: true,
      token: 't',
      createdAt: 0,
    }
    aws.sandbox.state.subscriptions[foreign.arn] = foreign as never
    const result = await aws.run(['destroy', '--yes', '--json'])
    expect(result.exit, result.stdout).toBe(0)
    expect(result.json()).toMatchObject({
      kept: expect.arrayContaining([{ resource: topic, why: expect.stringContaining('other subscribers') }]),
    })
    expect(Object.keys(aws.sandbox.state.subscriptions)).toEqual([foreign.arn])
  })

  it('an alarm with our name but without our mark stays', async () => {
    const aws = await withChain()
    const [arn = ''] = Object.keys(aws.sandbox.state.alarms)
    const alarm = aws.sandbox.state.alarms[arn]
    if (alarm !== undefined) alarm.description = 'ours now'
    await aws.run(['destroy', '--yes'])
    expect(Object.keys(aws.sandbox.state.alarms)).toEqual([arn])
  })

  it('a topic with our name but without our mark stays', async () => {
    const aws = await withChain()
    const [topic] = Object.values(aws.sandbox.state.topics)
    if (topic !== undefined) topic.attributes.Policy = JSON.stringify({ Statement: [] })
    const result = await aws.run(['destroy', '--yes', '--json'])
    expect(result.json()).toMatchObject({
      kept: expect.arrayContaining([
        {
          resource: expect.stringContaining('alerts'),
          why: expect.stringContaining('was not created by cloudtrail-pd'),
        },
      ]),
    })
    expect(Object.keys(aws.sandbox.state.topics)).toHaveLength(1)
  })
})
