import { describe, expect, it } from 'vitest'
import { SANDBOX_EVENTS_KEY } from '../../../src/sandbox/pagerduty/state.ts'
import { accountWithChain, freshAccount } from '../../support/fresh-account.ts'

const TICKETS = `https://events.pagerduty.com/integration/${SANDBOX_EVENTS_KEY}/enqueue`
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-tickets'
const INIT = ['init', '--yes', '--detections', 'root-account-usage']

describe('init --prune and a topic of the chain that others use', () => {
  it.each([
    ['nobody', undefined, false],
    ['an alarm of another name', 'alarmActions', true],
    ['an alarm without data', 'insufficientDataActions', true],
  ] as const)('used by %s', async (_, action, stays) => {
    const aws = await freshAccount()
    const made = await aws.run([...INIT, '--low-urgency-integration-url', TICKETS])
    expect(made.exit, made.stderr).toBe(0)
    const [ours] = Object.values(aws.sandbox.state.alarms)
    if (ours !== undefined && action !== undefined) {
      const silent = { alarmActions: [], okActions: [], insufficientDataActions: [] }
      const arn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:theirs'
      aws.sandbox.state.alarms[arn] = { ...ours, name: 'theirs', description: '', ...silent, [action]: [TOPIC] }
    }
    const pruned = await aws.run([...INIT, '--prune'])
    expect(pruned.exit, pruned.stderr).toBe(0)
    expect(Object.keys(aws.sandbox.state.topics).includes(TOPIC)).toBe(stays)
  })
})

describe('init --prune and a PagerDuty key that init did not subscribe', () => {
  const ROTATED = [
    '--integration-url',
    'https://events.pagerduty.com/integration/0123456789abcdef0123456789abcdef/enqueue',
  ]

  it('removes its own old key, and leaves that of another team where it is, by name', async () => {
    const aws = await accountWithChain()
    const [ours] = Object.values(aws.sandbox.state.subscriptions)
    if (ours === undefined) throw new Error('init made a subscription')
    const arn = `${ours.topicArn}:00000000-1111-4222-8333-444444444444`
    const endpoint = ours.endpoint.replace(/[0-9a-zA-Z]{32}/, 'b'.repeat(32))
    aws.sandbox.state.subscriptions[arn] = { ...ours, arn, endpoint }
    for (const integration of aws.pagerDuty.state.integrations.slice(0, 1))
      aws.pagerDuty.state.integrations.push({ ...integration, id: 'PNEW', key: '0123456789abcdef0123456789abcdef' })
    const pruned = await aws.run([...INIT, '--json', '--prune', ...ROTATED])
    expect(pruned.exit, pruned.stdout).toBe(0)
    const left = Object.values(aws.sandbox.state.subscriptions).map((one) => one.endpoint.split('/').at(-2))
    expect(left.sort()).toEqual(['0123456789abcdef0123456789abcdef', 'b'.repeat(32)])
    expect(String(pruned.json().notes)).toContain(`init did not subscribe it, so it stays`)
    expect(String(pruned.json().notes)).toContain(`aws sns unsubscribe --subscription-arn ${arn}`)
  })

  it('costs no call where the topic has no other key', async () => {
    const aws = await accountWithChain()
    await aws.run([...INIT])
    expect(aws.calls().filter(({ operation }) => operation === 'ListTagsForResource')).toEqual([])
  })
})
