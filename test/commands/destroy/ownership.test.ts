import { describe, expect, it } from 'vitest'
import { accountWithChain, freshAccount } from '../../support/fresh-account.ts'
import type { Account } from '../../support/tool.ts'
import { destroyWith, whyKept } from './destroying.ts'

const EVERYTHING = ['--delete-trail', '--delete-logs']
const GROUP = 'cloudtrail-pd-events'
const BUCKET = 'cloudtrail-pd-123456789012-us-east-1'

function alarmOf(aws: Account, name: string) {
  const found = Object.values(aws.sandbox.state.alarms).find((alarm) => alarm.name === name)
  if (found === undefined) throw new Error(`there is no alarm ${name}`)
  return found
}

function groupOf({ sandbox }: Account, name = GROUP) {
  const found = Object.values(sandbox.state.logGroups).find((group) => group.name === name)
  if (found === undefined) throw new Error(`there is no log group ${name}`)
  return found
}

async function makeLogGroup({ sandbox }: Account, name = GROUP): Promise<void> {
  await sandbox.backend({
    service: 'CloudWatch Logs',
    operation: 'CreateLogGroup',
    input: { logGroupName: name },
    region: 'us-east-1',
    userAgent: 'test/1',
  })
}

describe('destroy takes what has both the mark and the exact name', () => {
  it('keeps a copy of an alarm, which the console makes with the description, and names it', async () => {
    const aws = await accountWithChain()
    const ours = alarmOf(aws, 'cloudtrail-pd-root-account-usage-123456789012-us-east-1')
    const arn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:team-b-root-copy'
    aws.sandbox.state.alarms[arn] = { ...ours, name: 'team-b-root-copy', alarmActions: [], okActions: [] }
    const { exit, json } = await destroyWith(aws, [])
    expect(exit).toBe(0)
    expect(Object.keys(aws.sandbox.state.alarms)).toEqual([arn])
    expect(whyKept(json, 'team-b-root-copy')).toContain('another name')
  })

  it('deletes an alarm of its own detection under the name that --alarm-name gave it', async () => {
    const aws = await freshAccount()
    const own = ['--filter-name', 'mine', '--filter-pattern', '{ $.eventName = "Foo" }', '--alarm-name', 'My alarm']
    const made = await aws.run(['init', '--yes', ...own])
    expect(made.exit, made.stderr).toBe(0)
    const { exit, json } = await destroyWith(aws, EVERYTHING)
    expect(exit).toBe(0)
    expect(json.deleted).toEqual(expect.arrayContaining(['mine', 'My alarm']))
  })

  it('keeps a filter that only begins with the name of the chain', async () => {
    const aws = await accountWithChain()
    await makeLogGroup(aws, 'team-b')
    const [filter] = Object.values(groupOf(aws).filters)
    if (filter === undefined) throw new Error('the chain has a filter')
    groupOf(aws, 'team-b').filters['cloudtrail-pd-mine'] = { ...filter, name: 'cloudtrail-pd-mine' }
    await destroyWith(aws, [])
    expect(Object.keys(groupOf(aws, 'team-b').filters)).toEqual(['cloudtrail-pd-mine'])
  })

  it('keeps a filter of the exact name in a log group that the chain does not use, and names it', async () => {
    const aws = await accountWithChain()
    await makeLogGroup(aws, 'team-b')
    const [filter] = Object.values(groupOf(aws).filters)
    if (filter === undefined) throw new Error('the chain has a filter')
    groupOf(aws, 'team-b').filters[filter.name] = { ...filter }
    const { json } = await destroyWith(aws, [])
    expect(Object.keys(groupOf(aws, 'team-b').filters)).toEqual([filter.name])
    expect(whyKept(json, `${filter.name} (log group team-b)`)).toContain('that this chain does not use')
    expect(groupOf(aws).filters).toEqual({})
  })

  it('keeps an empty bucket of the computed name without any policy', async () => {
    const aws = await accountWithChain()
    await destroyWith(aws, EVERYTHING)
    const bucket = { service: 'S3', operation: 'CreateBucket', input: { Bucket: BUCKET }, region: 'us-east-1' }
    delete aws.sandbox.state.buckets[BUCKET]
    await aws.sandbox.backend({ ...bucket, userAgent: 'test/1' })
    const { exit, json } = await destroyWith(aws, EVERYTHING)
    expect(exit).toBe(0)
    expect(Object.keys(aws.sandbox.state.buckets)).toEqual([BUCKET])
    expect(whyKept(json, BUCKET)).toContain('was not created by cloudtrail-pd')
  })
})

describe('an empty bucket of the computed name', () => {
  it('is not taken over in silence', async () => {
    const aws = await freshAccount()
    const bucket = { service: 'S3', operation: 'CreateBucket', input: { Bucket: BUCKET }, region: 'us-east-1' }
    await aws.sandbox.backend({ ...bucket, userAgent: 'test/1' })
    const plan = await aws.run(['init', '--dry-run', '--json', '--detections', 'root-account-usage'])
    expect(String(plan.json().notes)).toContain(`bucket ${BUCKET} exists and has no policy`)
  })
})

describe('a log group that was there before init', () => {
  it('keeps its retention, and destroy never deletes it', async () => {
    const aws = await freshAccount()
    await makeLogGroup(aws)
    const made = await aws.run(['init', '--yes', '--detections', 'root-account-usage'])
    expect(made.exit, made.stderr).toBe(0)
    expect(groupOf(aws).retention).toBeNull()
    const again = await aws.run(['init', '--yes', '--detections', 'root-account-usage'])
    expect(again.stdout).toContain('No changes')
    const { exit, json, stdout } = await destroyWith(aws, EVERYTHING)
    expect(exit, stdout).toBe(0)
    expect(Object.values(aws.sandbox.state.logGroups).map(({ name }) => name)).toEqual([GROUP])
    expect(whyKept(json, GROUP)).toContain(
      `nothing shows that init created it; aws logs delete-log-group --log-group-name ${GROUP}`,
    )
    expect(aws.sandbox.state.roles).toEqual({})
  })

  it('is not shortened by --log-retention, and the plan says so with the command', async () => {
    const aws = await freshAccount()
    await makeLogGroup(aws)
    const flags = ['--yes', '--json', '--detections', 'root-account-usage', '--log-retention', '30']
    const made = await aws.run(['init', ...flags])
    expect(groupOf(aws).retention).toBeNull()
    expect(String(made.json().notes)).toMatch(
      /keeps its events forever: --log-retention 30 is not applied .* aws logs put-retention-policy --log-group-name cloudtrail-pd-events/,
    )
  })

  it('stays as well where it was given with --log-group', async () => {
    const aws = await freshAccount()
    await makeLogGroup(aws, 'cloudtrail-pd-events-teamb')
    await aws.run(['init', '--yes', '--detections', 'root-account-usage', '--log-group', 'cloudtrail-pd-events-teamb'])
    const { exit } = await destroyWith(aws, EVERYTHING)
    expect(exit).toBe(0)
    expect(Object.values(aws.sandbox.state.logGroups).map(({ name }) => name)).toEqual(['cloudtrail-pd-events-teamb'])
  })
})

describe('the retention of a log group that init made', () => {
  it.each([
    [731, '365', 731],
    [365, '90', 365],
    [365, '731', 731],
  ])('of %i days is %s days after init --log-retention %s only where that is longer', async (now, asked, then) => {
    const aws = await accountWithChain()
    groupOf(aws).retention = now
    await aws.run(['init', '--yes', '--detections', 'root-account-usage', '--log-retention', asked])
    expect(groupOf(aws).retention).toBe(then)
  })

  it('that was switched off stays off', async () => {
    const aws = await accountWithChain()
    await aws.sandbox.clock.sleep(60 * 60_000)
    groupOf(aws).retention = null
    await aws.run(['init', '--yes', '--detections', 'root-account-usage'])
    expect(groupOf(aws).retention).toBeNull()
  })
})

describe('two chains', () => {
  it("a trail that one made and that delivers with the other's role is detached by the other, not deleted", async () => {
    const aws = await freshAccount()
    const only = ['--yes', '--detections', 'root-account-usage']
    await aws.run(['init', ...only, '--name', 'teama'])
    const [trail] = Object.values(aws.sandbox.state.trails)
    if (trail === undefined) throw new Error('init made a trail')
    trail.logGroupArn = null
    trail.roleArn = null
    const second = await aws.run(['init', ...only, '--name', 'teamb', '--trail', 'teama'])
    expect(second.exit, second.stderr).toBe(0)
    const { exit, json, stdout } = await destroyWith(aws, ['--name', 'teamb', ...EVERYTHING])
    expect(exit, stdout).toBe(0)
    expect(Object.values(aws.sandbox.state.trails).map(({ name }) => name)).toEqual(['teama'])
    expect(json.deleted).toContain(`delivery of ${trail.arn}`)
    expect(json.deleted).not.toContain(trail.arn)
  })
})
