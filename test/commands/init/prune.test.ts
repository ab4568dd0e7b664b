import { describe, expect, it } from 'vitest'
import { SANDBOX_EVENTS_KEY } from '../../../src/sandbox/pagerduty/state.ts'
import { freshAccount } from '../../support/fresh-account.ts'

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
