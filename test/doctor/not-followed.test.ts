import { PutLogAlarmCommand } from '@aws-sdk/client-cloudwatch'
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { describe, expect, it } from 'vitest'
import { accountWithChain, freshAccount } from '../support/fresh-account.ts'
import { clientsOf } from '../support/sandbox-account.ts'
import type { Account } from '../support/tool.ts'
import { doctorOn } from './live.ts'

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:alerts'
const ON_ROOT = { 'detail-type': ['AWS Console Sign In via CloudTrail'], detail: { userIdentity: { type: ['Root'] } } }

async function addRule(
  { sandbox }: Account,
  target: string,
  { pattern = ON_ROOT, name = 'root-signin', state = 'ENABLED' as 'ENABLED' | 'DISABLED' } = {},
): Promise<void> {
  const { events } = clientsOf(sandbox.backend)
  await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern), State: state }))
  await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: '1', Arn: target }] }))
}

/** What is reported beside the chain, and whether that changes the verdict. */
async function beside(account: Account) {
  const { json, exit } = await doctorOn(account)
  const found = json.findings.filter(({ check }) => /event-rule|log-alarm/.test(check))
  return { exit, healthy: json.healthy, found }
}

describe('an EventBridge rule on CloudTrail events', () => {
  it.each([
    ['a topic', TOPIC],
    ['an API destination', 'arn:aws:events:us-east-1:123456789012:api-destination/pagerduty/1234'],
    ['a function', 'arn:aws:lambda:us-east-1:123456789012:function:page'],
  ])('that tells %s is named, may page, and leaves the verdict alone', async (_what, target) => {
    const account = await accountWithChain()
    const before = await beside(account)
    await addRule(account, target)
    expect(await beside(account)).toEqual({
      ...before,
      found: [
        expect.objectContaining({
          check: 'trail.event-rule',
          status: 'skip',
          resource: 'root-signin',
          evidence: expect.stringContaining(target),
        }),
      ],
    })
  })

  it('that writes into a log group pages no one', async () => {
    const account = await accountWithChain()
    await addRule(account, 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/root')
    expect((await beside(account)).found).toMatchObject([{ status: 'pass', note: 'it pages no one' }])
  })

  it('is not named when it is disabled or waits for other events', async () => {
    const account = await accountWithChain()
    await addRule(account, TOPIC, { state: 'DISABLED' })
    await addRule(account, TOPIC, { name: 'instances', pattern: { source: ['aws.ec2'] } as never })
    expect((await beside(account)).found).toEqual([])
  })

  it('is said to page where a trail delivers to no log group: not that no one is ever paged', async () => {
    const account = await accountWithChain()
    await addRule(account, TOPIC)
    for (const trail of Object.values(account.sandbox.state.trails))
      Object.assign(trail, { logGroupArn: null, roleArn: null })
    const { json } = await doctorOn(account)
    expect(json.findings).toContainEqual(
      expect.objectContaining({ check: 'delivery.configured', impact: expect.stringContaining('root-signin') }),
    )
  })

  it('is named where there is no chain at all', async () => {
    const account = await freshAccount()
    await addRule(account, TOPIC)
    expect((await beside(account)).found).toMatchObject([{ status: 'skip', resource: 'root-signin' }])
  })

  it('that may not be read is a skip, and the verdict stays', async () => {
    const account = await accountWithChain()
    const before = await beside(account)
    account.sandbox.restart([{ operation: 'ListRules', every: true, kind: 'access-denied' }])
    const after = await beside(account)
    expect(after).toMatchObject({ exit: before.exit, healthy: before.healthy })
    expect(after.found).toMatchObject([{ check: 'trail.event-rule', status: 'skip', resource: 'us-east-1' }])
  })
})

describe('an alarm on a log query', () => {
  async function addLogAlarm(account: Account, group: string, QueryString = 'fields @message'): Promise<void> {
    const { cloudwatch } = clientsOf(account.sandbox.backend)
    await cloudwatch.send(
      new PutLogAlarmCommand({
        AlarmName: 'root-query',
        AlarmActions: [TOPIC],
        ScheduledQueryConfiguration: {
          QueryString,
          LogGroupIdentifiers: [group],
          ScheduledQueryRoleARN: 'arn:aws:iam::123456789012:role/query',
          ScheduleConfiguration: { ScheduleExpression: 'rate(5 minutes)', StartTimeOffset: 300 },
          AggregationExpression: 'count(*)',
        },
        QueryResultsToEvaluate: 1,
        QueryResultsToAlarm: 1,
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    )
  }

  it("on the trail's log group is named, with what it tells, and not followed", async () => {
    const account = await accountWithChain()
    await addLogAlarm(account, 'cloudtrail-pd-events')
    expect((await beside(account)).found).toMatchObject([
      { check: 'alarm.log-alarm', status: 'skip', resource: 'root-query', evidence: `it tells ${TOPIC}` },
    ])
  })

  it.each([
    ['another log group is not named', 'application', 'fields @message', 0],
    ['another log group that reads CloudTrail records is', 'copy', 'filter userIdentity.type = "Root"', 1],
  ])('on %s', async (_what, group, query, found) => {
    const account = await accountWithChain()
    await addLogAlarm(account, group, query)
    expect((await beside(account)).found).toHaveLength(found)
  })
})
