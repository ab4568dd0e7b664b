import { describe, expect, it } from 'vitest'
import { accountWithChain } from '../../support/fresh-account.ts'
import type { Account } from '../../support/tool.ts'
import { destroyWith, whyKept } from './destroying.ts'

const EVERYTHING = ['--delete-trail', '--delete-logs']
const GROUP = 'cloudtrail-pd-events'
const ROLE = 'cloudtrail-pd-delivery-us-east-1'
const BUCKET = 'cloudtrail-pd-123456789012-us-east-1'
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-alerts'
const ALARMS = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm'
const TRAILS = 'arn:aws:cloudtrail:us-east-1:123456789012:trail'

function ownTrail({ sandbox }: Account) {
  const trail = sandbox.state.trails[`${TRAILS}/cloudtrail-pd`]
  if (trail === undefined) throw new Error('init made a trail')
  return trail
}

/** Another trail of the account; what is not given it has from the chain's own. */
function addTrail(aws: Account, name: string, different: Partial<ReturnType<typeof ownTrail>>): void {
  const arn = `${TRAILS}/${name}`
  aws.sandbox.state.trails[arn] = { ...ownTrail(aws), name, arn, ...different }
}

function addAlarm({ sandbox }: Account, name: string, different: object): void {
  const [ours] = Object.values(sandbox.state.alarms)
  if (ours === undefined) throw new Error('init made an alarm')
  const silent = { alarmActions: [], okActions: [], insufficientDataActions: [] }
  sandbox.state.alarms[`${ALARMS}:${name}`] = { ...ours, name, description: '', ...silent, ...different }
}

describe('a topic that others use stays, with the user named', () => {
  it('another chain that pages through it', async () => {
    const aws = await accountWithChain()
    const second = ['init', '--yes', '--detections', 'root-account-usage', '--name', 'teamb']
    const made = await aws.run([...second, '--trail', 'cloudtrail-pd', '--topic', 'cloudtrail-pd-alerts'])
    expect(made.exit, made.stderr).toBe(0)
    const { exit, json } = await destroyWith(aws, [])
    expect(exit).toBe(0)
    expect(whyKept(json, TOPIC)).toContain('alarm teamb-root-account-usage-123456789012-us-east-1')
    expect(Object.values(aws.sandbox.state.subscriptions)).toHaveLength(1)
  })

  it('a PagerDuty key that another team subscribed', async () => {
    const aws = await accountWithChain()
    const [ours] = Object.values(aws.sandbox.state.subscriptions)
    if (ours === undefined) throw new Error('init made a subscription')
    const arn = `${TOPIC}:00000000-1111-4222-8333-444444444444`
    const endpoint = ours.endpoint.replace(/[0-9a-zA-Z]{32}/, 'b'.repeat(32))
    aws.sandbox.state.subscriptions[arn] = { ...ours, arn, endpoint }
    const { exit, json } = await destroyWith(aws, [])
    expect(exit).toBe(0)
    expect(whyKept(json, TOPIC)).toContain(
      'init did not subscribe https://events.pagerduty.com/integration/…bbbb/enqueue',
    )
    expect(JSON.stringify(json)).toContain(`aws sns unsubscribe --subscription-arn ${arn}`)
    expect(Object.keys(aws.sandbox.state.subscriptions)).toEqual([arn])
  })

  it('a PagerDuty key that another team subscribed, although nothing says so where the tags cannot be read', async () => {
    const aws = await accountWithChain()
    aws.sandbox.restart([{ operation: 'ListTagsForResource', every: true, kind: 'access-denied' }])
    const { exit, json } = await destroyWith(aws, [])
    expect(exit).toBe(1)
    expect(whyKept(json, TOPIC)).toContain('whether init subscribed')
  })

  it('goes with two keys that init subscribed, one after the other', async () => {
    const aws = await accountWithChain()
    const rotated = 'https://events.pagerduty.com/integration/0123456789abcdef0123456789abcdef/enqueue'
    await aws.run(['init', '--yes', '--detections', 'root-account-usage', '--integration-url', rotated])
    expect(Object.values(aws.sandbox.state.subscriptions)).toHaveLength(2)
    const { exit } = await destroyWith(aws, [])
    expect(exit).toBe(0)
    expect(aws.sandbox.state.topics).toEqual({})
  })

  it.each(['alarmActions', 'okActions', 'insufficientDataActions'])(
    'an alarm of somebody else by its %s',
    async (of) => {
      const aws = await accountWithChain()
      addAlarm(aws, 'theirs', { [of]: [TOPIC] })
      const { exit, json } = await destroyWith(aws, [])
      expect(exit).toBe(0)
      expect(whyKept(json, TOPIC)).toContain('alarm theirs')
      expect(Object.keys(aws.sandbox.state.topics)).toEqual([TOPIC])
    },
  )

  it('a statement in its policy that lets something else publish', async () => {
    const aws = await accountWithChain()
    const topic = aws.sandbox.state.topics[TOPIC]
    if (topic === undefined) throw new Error('init made a topic')
    const policy = JSON.parse(topic.attributes.Policy ?? '{}') as { Statement: object[] }
    policy.Statement.push({ Sid: 'Events', Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } })
    topic.attributes.Policy = JSON.stringify(policy)
    const { json } = await destroyWith(aws, [])
    expect(whyKept(json, TOPIC)).toContain('(Events)')
    expect(Object.keys(aws.sandbox.state.topics)).toEqual([TOPIC])
  })

  it('and names the subscription that stays with it, with the command that removes it', async () => {
    const aws = await accountWithChain()
    addAlarm(aws, 'theirs', { alarmActions: [TOPIC] })
    const { json } = await destroyWith(aws, [])
    const [arn = ''] = Object.keys(aws.sandbox.state.subscriptions)
    expect(json.kept.map(({ why }) => why).join('\n')).toContain(`aws sns unsubscribe --subscription-arn ${arn}`)
  })
})

describe('the event side that others use stays, with the user named', () => {
  it('a log group and role that another trail delivers with', async () => {
    const aws = await accountWithChain()
    addTrail(aws, 'team-b', {})
    const { exit, json, stdout } = await destroyWith(aws, EVERYTHING)
    expect(exit, stdout).toBe(0)
    for (const name of [GROUP, ROLE, BUCKET]) expect(whyKept(json, name), name).toContain('trail team-b')
    expect(aws.sandbox.state.trails[`${TRAILS}/team-b`]?.logGroupArn).toContain(GROUP)
    expect(json.deleted.join('\n')).not.toContain('team-b')
    expect(Object.keys(aws.sandbox.state.roles)).toHaveLength(1)
    expect(Object.keys(aws.sandbox.state.logGroups)).toHaveLength(1)
  })

  it('an empty bucket that another trail writes to', async () => {
    const aws = await accountWithChain()
    addTrail(aws, 'team-b', { logGroupArn: null, roleArn: null })
    const [bucket] = Object.values(aws.sandbox.state.buckets)
    if (bucket !== undefined) bucket.objects = {}
    const { json } = await destroyWith(aws, EVERYTHING)
    expect(whyKept(json, BUCKET)).toBe('trail team-b uses it')
    expect(aws.sandbox.state.logGroups).toEqual({})
  })

  it('a bucket whose policy lets somebody else in', async () => {
    const aws = await accountWithChain()
    const [bucket] = Object.values(aws.sandbox.state.buckets)
    const policy = JSON.parse(bucket?.policy ?? '{}') as { Statement: object[] }
    policy.Statement.push({ Sid: 'TheirTrail', Effect: 'Allow' })
    if (bucket !== undefined) Object.assign(bucket, { objects: {}, policy: JSON.stringify(policy) })
    const { json } = await destroyWith(aws, EVERYTHING)
    expect(whyKept(json, BUCKET)).toContain('(TheirTrail)')
  })

  it('a log group with a subscription filter, and the trail that fills it', async () => {
    const aws = await accountWithChain()
    const [group] = Object.values(aws.sandbox.state.logGroups)
    if (group !== undefined) group.subscriptionFilters = { siem: 'arn:aws:lambda:us-east-1:123456789012:function:siem' }
    const { exit, json } = await destroyWith(aws, EVERYTHING)
    expect(exit).toBe(0)
    expect(whyKept(json, GROUP)).toBe('subscription filter siem depends on it')
    expect(whyKept(json, ownTrail(aws).arn)).toContain('subscription filter siem')
    expect(ownTrail(aws).logGroupArn).toContain(GROUP)
  })

  it('a trail that delivers elsewhere', async () => {
    const aws = await accountWithChain()
    const elsewhere = 'arn:aws:logs:us-east-1:123456789012:log-group:theirs:*'
    Object.assign(ownTrail(aws), { logGroupArn: elsewhere, roleArn: 'arn:aws:iam::123456789012:role/theirs' })
    const { json } = await destroyWith(aws, EVERYTHING)
    expect(whyKept(json, ownTrail(aws).arn)).toContain('delivers into log group theirs')
  })
})

describe('what is stuck', () => {
  it('is looked at before anything of it is taken, and does not block the rest', async () => {
    const aws = await accountWithChain()
    const [role] = Object.values(aws.sandbox.state.roles)
    if (role === undefined) throw new Error('init made a role')
    role.policies.theirs = '{"Version":"2012-10-17","Statement":[]}'
    const [bucket] = Object.values(aws.sandbox.state.buckets)
    if (bucket !== undefined) bucket.objects = {}
    const { exit, json, stdout } = await destroyWith(aws, EVERYTHING)
    expect(exit, stdout).toBe(0)
    expect(whyKept(json, ROLE)).toContain('policy theirs')
    expect(Object.keys(role.policies)).toEqual(['cloudtrail-delivery', 'theirs'])
    for (const part of ['trails', 'logGroups', 'buckets', 'topics'] as const)
      expect(aws.sandbox.state[part]).toEqual({})
  })

  it('holds back what rests on it, and nothing else', async () => {
    const aws = await accountWithChain()
    aws.sandbox.restart([{ operation: 'DeleteTopic', every: true, kind: 'access-denied' }])
    const { exit, json } = await destroyWith(aws, EVERYTHING)
    expect(exit).toBe(1)
    expect(json.failed.map(({ resource }) => resource)).toEqual([TOPIC])
    expect(aws.sandbox.state.trails).toEqual({})
    expect(aws.sandbox.state.roles).toEqual({})
  })

  it('by a trail keeps what the trail writes to', async () => {
    const aws = await accountWithChain()
    aws.sandbox.restart([{ operation: 'DeleteTrail', every: true, kind: 'access-denied' }])
    const { exit, json } = await destroyWith(aws, EVERYTHING)
    expect(exit).toBe(1)
    expect(json.failed.map(({ resource }) => resource)).toEqual([ownTrail(aws).arn, GROUP, ROLE])
    expect(json.failed[1]?.why).toContain('still there')
    expect(aws.sandbox.state.topics).toEqual({})
    expect(json.error?.hint).toEqual(expect.any(String))
  })
})
