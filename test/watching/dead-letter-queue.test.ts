/** The dead-letter queue: what PagerDuty does not take is retried for long, then kept, counted and never thrown away. */

import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch'
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { describe, expect, test } from 'vitest'
import { LONG_RETRIES, MAX_RETRY_S, retryDelays } from '../../src/domain/delivery-retries.ts'
import { SANDBOX_EVENTS_KEY } from '../../src/sandbox/pagerduty/state.ts'
import { accountWithChain, freshAccount } from '../support/fresh-account.ts'
import { clientsOf } from '../support/sandbox-account.ts'
import type { Account } from '../support/tool.ts'

const MINUTE = 60_000
const NAME = 'cloudtrail-pd-dead-letters'
const QUEUE = `arn:aws:sqs:us-east-1:123456789012:${NAME}`
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-alerts'
const URL = `https://sqs.us-east-1.amazonaws.com/123456789012/${NAME}`
const ALARM = 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'
const ONE = ['--detections', 'root-account-usage']
const NOBODY = 'http://127.0.0.1:9'

function queueIn({ sandbox }: Account) {
  return sandbox.state.queues[QUEUE]
}

function subscriptionIn({ sandbox }: Account) {
  return Object.values(sandbox.state.subscriptions).find(({ topicArn }) => topicArn === TOPIC)
}

function redrivenTo(account: Account) {
  const { RedrivePolicy } = subscriptionIn(account)?.attributes ?? {}
  return RedrivePolicy === undefined ? undefined : JSON.parse(RedrivePolicy).deadLetterTargetArn
}

function findingIn(document: string) {
  const { findings } = JSON.parse(document) as { findings: { check: string; status: string; evidence: string }[] }
  return findings.find(({ check }) => check === 'subscription.dead-letter-queue')
}

/** A chain whose PagerDuty can be taken away. */
async function breakable(flags: readonly string[]): Promise<{ account: Account; takeAway(): void; bringBack(): void }> {
  let away = false
  let pagerDuty = ''
  const account = await accountWithChain(flags, {
    eventsUrl: async () => (away ? NOBODY : pagerDuty),
    prepare: (one) => {
      pagerDuty = one.pagerDuty.eventsUrl
    },
  })
  return {
    account,
    takeAway: () => {
      away = true
    },
    bringBack: () => {
      away = false
    },
  }
}

async function alarmFires({ sandbox }: Account): Promise<void> {
  const { cloudwatch } = clientsOf(sandbox.backend)
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: ALARM, StateValue: 'ALARM', StateReason: 'test' }))
}

test('the longer retries fit into what SNS takes, and begin as its own do', () => {
  const delays = retryDelays(LONG_RETRIES)
  const total = delays.reduce((sum, delay) => sum + delay, 0)
  expect(delays).toHaveLength(LONG_RETRIES.numRetries)
  expect(delays.slice(0, 3)).toEqual([20, 20, 20])
  expect(total).toBeGreaterThan(45 * 60)
  expect(total).toBeLessThan(MAX_RETRY_S)
})

describe('a chain with a dead-letter queue', () => {
  test('has a queue that is encrypted, keeps 14 days, and takes messages of its topics alone', async () => {
    const account = await accountWithChain(['--dead-letter-queue', '--tag', 'team=ops'])
    const { attributes = {}, tags } = queueIn(account) ?? {}
    expect(attributes).toMatchObject({ SqsManagedSseEnabled: 'true', MessageRetentionPeriod: '1209600' })
    expect(JSON.parse(attributes.Policy ?? '').Statement).toEqual([
      {
        Sid: 'CloudTrailPagerDutyDeadLetters',
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: QUEUE,
        Condition: { ArnEquals: { 'aws:SourceArn': TOPIC } },
      },
    ])
    expect(tags).toEqual({ 'created-by': 'cloudtrail-pd', team: 'ops' })
    expect(redrivenTo(account)).toBe(QUEUE)
  })

  test('keeps what PagerDuty did not take for 50 minutes, and doctor counts it', async () => {
    const { account, takeAway } = await breakable(['--dead-letter-queue'])
    takeAway()
    await alarmFires(account)
    await account.sandbox.clock.sleep(45 * MINUTE)
    expect(queueIn(account)?.messages).toEqual([])
    await account.sandbox.clock.sleep(15 * MINUTE)
    const [message = ''] = queueIn(account)?.messages ?? []
    expect(JSON.parse(message)).toMatchObject({ AlarmName: ALARM, NewStateValue: 'ALARM' })
    const { stdout } = await account.run(['doctor', '--json'])
    const finding = findingIn(stdout)
    expect(finding).toMatchObject({ check: 'subscription.dead-letter-queue', status: 'warn' })
    expect(finding?.evidence).toContain(`about ${queueIn(account)?.messages.length} message`)
  })

  test('still pages after an outage of half an hour, which without it loses the page', async () => {
    for (const [flags, pages] of [
      [['--dead-letter-queue'], 1],
      [[], 0],
    ] as const) {
      const { account, takeAway, bringBack } = await breakable(flags)
      const before = account.pagerDuty.state.incidents.length
      takeAway()
      await alarmFires(account)
      await account.sandbox.clock.sleep(30 * MINUTE)
      bringBack()
      await account.sandbox.clock.sleep(2 * MINUTE)
      expect(account.pagerDuty.state.incidents.length - before).toBe(pages)
    }
  })

  test('is unchanged by the same run again, with at most 20 calls, and gone after destroy', async () => {
    const account = await accountWithChain(['--dead-letter-queue'])
    const again = await account.run(['init', '--yes', '--json', ...ONE, '--dead-letter-queue'])
    expect(again.json().status).toBe('unchanged')
    expect(account.calls().length).toBeLessThanOrEqual(20)
    const gone = await account.run(['destroy', '--yes', '--json'])
    expect(gone.json()).toMatchObject({ failed: [] })
    expect(queueIn(account)).toBeUndefined()
  })

  test('is healthy to doctor', async () => {
    const account = await accountWithChain(['--dead-letter-queue'])
    const { stdout, exit } = await account.run(['doctor', '--json'])
    expect(exit).toBe(0)
    expect(findingIn(stdout)).toMatchObject({ status: 'pass' })
  })

  test('is made again within the minute in which SQS keeps the name', async () => {
    const account = await accountWithChain(['--dead-letter-queue'])
    await account.run(['destroy', '--yes'])
    const again = await account.run(['init', '--yes', ...ONE, '--dead-letter-queue'])
    expect(again.exit, again.stdout + again.stderr).toBe(0)
    expect(queueIn(account)).toBeDefined()
  })

  test('gets it in a later run too, and keeps what somebody set in the delivery policy', async () => {
    const account = await accountWithChain()
    const subscription = subscriptionIn(account)
    if (subscription === undefined) throw new Error('no subscription')
    const throttlePolicy = { maxReceivesPerSecond: 5 }
    subscription.attributes.DeliveryPolicy = JSON.stringify({ throttlePolicy, sicklyRetryPolicy: null })
    const { exit } = await account.run(['init', '--yes', ...ONE, '--dead-letter-queue'])
    expect(exit).toBe(0)
    expect(redrivenTo(account)).toBe(QUEUE)
    expect(JSON.parse(subscriptionIn(account)?.attributes.DeliveryPolicy ?? '')).toEqual({
      healthyRetryPolicy: LONG_RETRIES,
      throttlePolicy,
    })
  })

  test('keeps statements that others added when its own is missing for a topic', async () => {
    const account = await accountWithChain(['--dead-letter-queue'])
    const queue = queueIn(account)
    const policy = JSON.parse(queue?.attributes.Policy ?? '')
    const other = {
      Sid: 'Audit',
      Effect: 'Allow',
      Principal: { AWS: '123456789012' },
      Action: 'sqs:*',
      Resource: QUEUE,
    }
    policy.Statement[0].Condition.ArnEquals['aws:SourceArn'] = `${TOPIC}-other`
    policy.Statement.push(other)
    await clientsOf(account.sandbox.backend).sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: URL, Attributes: { Policy: JSON.stringify(policy) } }),
    )
    const doctor = await account.run(['doctor', '--json'])
    expect(findingIn(doctor.stdout)).toMatchObject({ status: 'warn' })
    await account.run(['init', '--yes', ...ONE, '--dead-letter-queue'])
    const { Statement } = JSON.parse(queueIn(account)?.attributes.Policy ?? '')
    expect(Statement).toHaveLength(2)
    expect(Statement).toContainEqual(other)
    expect(findingIn((await account.run(['doctor', '--json'])).stdout)).toMatchObject({ status: 'pass' })
  })
})

describe('a run without the option', () => {
  test('keeps the queue and says so, and makes it again where somebody deleted it', async () => {
    const account = await accountWithChain(['--dead-letter-queue'])
    const kept = await account.run(['init', '--yes', ...ONE])
    expect(kept.stdout).toContain('the dead-letter queue of an earlier run is kept')
    expect(account.writes()).toEqual([])
    delete account.sandbox.state.queues[QUEUE]
    expect(findingIn((await account.run(['doctor', '--json'])).stdout)).toMatchObject({ status: 'warn' })
    await account.run(['init', '--yes', ...ONE])
    expect(queueIn(account)).toBeDefined()
  })

  test('takes it away with --prune, and sends nothing there any more', async () => {
    const account = await accountWithChain(['--dead-letter-queue'])
    const pruned = await account.run(['init', '--yes', '--json', ...ONE, '--prune'])
    expect(pruned.exit, pruned.stdout).toBe(0)
    expect([queueIn(account), redrivenTo(account)]).toEqual([undefined, undefined])
    const again = await account.run(['init', '--yes', '--json', ...ONE, '--prune'])
    expect(again.json().status).toBe('unchanged')
  })

  test('does not touch a queue of somebody else that the subscription sends to', async () => {
    const account = await accountWithChain()
    const other = JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:company' })
    Object.assign(subscriptionIn(account)?.attributes ?? {}, { RedrivePolicy: other })
    for (const more of [[], ['--prune']]) await account.run(['init', '--yes', ...ONE, ...more])
    expect(subscriptionIn(account)?.attributes.RedrivePolicy).toBe(other)
  })
})

describe('a queue that holds what PagerDuty did not take', () => {
  async function accountWithMessages(): Promise<Account> {
    const account = await accountWithChain(['--dead-letter-queue'])
    queueIn(account)?.messages.push('{}', '{}')
    return account
  }

  test('stays after destroy, which names the command that deletes it', async () => {
    const account = await accountWithMessages()
    const { stdout } = await account.run(['destroy', '--yes', '--json'])
    expect(JSON.parse(stdout).kept).toContainEqual({
      resource: QUEUE,
      why: expect.stringContaining('it holds 2 messages that PagerDuty did not take; aws sqs delete-queue'),
    })
    expect(queueIn(account)?.messages).toHaveLength(2)
  })

  test('stays after --prune too', async () => {
    const account = await accountWithMessages()
    const { stdout } = await account.run(['init', '--yes', ...ONE, '--prune'])
    expect(stdout.replace(/\s+/g, ' ')).toContain('which holds 2 of what PagerDuty did not take')
    expect([queueIn(account)?.messages.length, redrivenTo(account)]).toEqual([2, QUEUE])
  })
})

describe('a queue of the same name that is not managed', () => {
  async function accountWithForeign(): Promise<Account> {
    const account = await freshAccount()
    account.sandbox.state.queues[QUEUE] = { name: NAME, region: 'us-east-1', attributes: {}, messages: [] }
    return account
  }

  test('is never written: the plan is refused and names it', async () => {
    const account = await accountWithForeign()
    const { exit, stdout } = await account.run(['init', '--yes', '--json', ...ONE, '--dead-letter-queue'])
    expect(exit).toBe(1)
    const { status, error } = JSON.parse(stdout)
    expect([status, error.message]).toEqual(['blocked', expect.stringContaining(`queue ${NAME}`)])
    expect(account.writes()).toEqual([])
    expect(queueIn(account)?.attributes).toEqual({})
  })

  test('is left alone by --prune and destroy, which name it', async () => {
    const account = await accountWithForeign()
    expect((await account.run(['init', '--yes', ...ONE, '--prune'])).exit).toBe(0)
    const { stdout } = await account.run(['destroy', '--yes', '--json'])
    expect(JSON.parse(stdout).kept).toContainEqual({
      resource: QUEUE,
      why: 'it has a matching name but was not created by cloudtrail-pd',
    })
    expect(queueIn(account)).toBeDefined()
  })
})

test('tickets that PagerDuty did not take go to the same queue', async () => {
  const account = await freshAccount()
  const url = `https://events.pagerduty.com/integration/${SANDBOX_EVENTS_KEY}/enqueue`
  const line = ['init', '--yes', ...ONE, '--low-urgency-integration-url', url, '--dead-letter-queue']
  const { exit, stdout, stderr } = await account.run(line)
  expect(exit, stdout + stderr).toBe(0)
  const { Statement } = JSON.parse(queueIn(account)?.attributes.Policy ?? '')
  expect(Statement[0].Condition.ArnEquals['aws:SourceArn']).toEqual([TOPIC, TOPIC.replace('alerts', 'tickets')])
  const redriven = Object.values(account.sandbox.state.subscriptions).filter((one) => one.attributes.RedrivePolicy)
  expect(redriven).toHaveLength(2)
})

test.each([
  ['cloudformation', ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'RedrivePolicy', 'healthyRetryPolicy']],
  ['terraform', ['resource "aws_sqs_queue" "dead_letters"', 'redrive_policy', 'delivery_policy']],
  ['cli', ['aws sqs create-queue', 'RedrivePolicy', 'DeliveryPolicy']],
  ['iam-policy', ['sqs:CreateQueue']],
])('export as %s has the queue', async (format, texts) => {
  const account = await freshAccount()
  const { stdout, exit } = await account.run(['export', '--format', format, '--dead-letter-queue'])
  expect(exit).toBe(0)
  for (const text of texts) expect(stdout).toContain(text)
})

test('the plan says what it costs', async () => {
  const account = await freshAccount()
  const { stdout } = await account.run(['init', '--yes', '--dry-run', ...ONE, '--dead-letter-queue'])
  expect(stdout.replace(/\s+/g, ' ')).toContain('of it dead-letter queue $0.00 (while it is empty)')
})
