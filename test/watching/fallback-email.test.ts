/** The second way out: who is told by e-mail, over what, and when, while the chain that is watched cannot speak. */

import { StopLoggingCommand } from '@aws-sdk/client-cloudtrail'
import { DisableAlarmActionsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch'
import { ConfirmSubscriptionCommand, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns'
import { describe, expect, test } from 'vitest'
import { accountWithChain, freshAccount } from '../support/fresh-account.ts'
import { clientsOf } from '../support/sandbox-account.ts'
import type { Account } from '../support/tool.ts'

const MINUTE = 60_000
const ADDRESS = 'oncall@example.com'
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-fallback'
const PAGES = 'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-alerts'
const ONE = ['--detections', 'root-account-usage']
const EMAIL = ['--fallback-email', ADDRESS]
const NOBODY = 'http://127.0.0.1:9'
const named = (detection: string) => `cloudtrail-pd-${detection}-123456789012-us-east-1`
const FAILURES = named('delivery-failures')

function alarmIn({ sandbox }: Account, name: string) {
  return sandbox.state.alarms[`arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`]
}

function emailsIn({ sandbox }: Account): readonly string[] {
  return Object.values(sandbox.state.subscriptions)
    .filter(({ protocol }) => protocol === 'email')
    .map(({ endpoint }) => endpoint)
}

/** The subjects of what was sent, confirmations left out. */
function mailIn({ sandbox }: Account): readonly string[] {
  return sandbox.state.mails.flatMap(({ kind, to, subject }) => (kind === 'Notification' ? [`${to}: ${subject}`] : []))
}

/** Somebody opens the link in the mailbox. */
async function confirmed({ sandbox }: Account, address = ADDRESS): Promise<void> {
  const { sns } = clientsOf(sandbox.backend)
  const link = sandbox.state.mails.find(({ kind, to }) => kind === 'SubscriptionConfirmation' && to === address)
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn: link?.topicArn, Token: link?.token }))
}

async function fires({ sandbox }: Account): Promise<void> {
  const AlarmName = named('root-account-usage')
  const { cloudwatch } = clientsOf(sandbox.backend)
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'test' }))
}

interface Found {
  readonly check: string
  readonly status: string
  readonly title: string
  readonly evidence: string
}

async function findings(account: Account, wanted: string): Promise<readonly Found[]> {
  const { stdout } = await account.run(['doctor', '--json'])
  return (JSON.parse(stdout).findings as Found[]).filter(({ check }) => check === wanted)
}

/** A chain whose PagerDuty can be taken away, with a mailbox that has confirmed. */
async function breakable(flags: readonly string[] = EMAIL): Promise<{ account: Account; takeAway(): void }> {
  let away = false
  let pagerDuty = ''
  const account = await accountWithChain(flags, {
    eventsUrl: async () => (away ? NOBODY : pagerDuty),
    prepare: (one) => {
      pagerDuty = one.pagerDuty.eventsUrl
    },
  })
  await confirmed(account)
  return {
    account,
    takeAway: () => {
      away = true
    },
  }
}

describe('a chain with a fallback e-mail', () => {
  test('has an alarm on the failed deliveries of its topic, which speaks over a topic of its own alone', async () => {
    const account = await accountWithChain([...EMAIL, '--heartbeat'])
    expect(alarmIn(account, FAILURES)).toMatchObject({
      namespace: 'AWS/SNS',
      metricName: 'NumberOfNotificationsFailed',
      dimensions: [{ name: 'TopicName', value: 'cloudtrail-pd-alerts' }],
      alarmActions: [TOPIC],
      okActions: [TOPIC],
    })
    expect(alarmIn(account, named('heartbeat'))).toMatchObject({
      alarmActions: [PAGES, TOPIC],
      okActions: [PAGES, TOPIC],
    })
    expect(alarmIn(account, named('root-account-usage'))?.alarmActions).toEqual([PAGES])
    expect(emailsIn(account)).toEqual([ADDRESS])
  })

  test('tells by e-mail within ten minutes that PagerDuty does not take a page, and later that it does again', async () => {
    const { account, takeAway } = await breakable()
    takeAway()
    await fires(account)
    await account.sandbox.clock.sleep(10 * MINUTE)
    expect(mailIn(account)).toContainEqual(expect.stringContaining(`${ADDRESS}: ALARM: "${FAILURES}"`))
    const [finding] = await findings(account, 'alarm.delivery-failures')
    expect(finding).toMatchObject({
      check: 'alarm.delivery-failures',
      status: 'fail',
      title: 'deliveries to PagerDuty fail',
    })
    await account.sandbox.clock.sleep(30 * MINUTE)
    expect(mailIn(account)).toContainEqual(expect.stringContaining(`${ADDRESS}: OK: "${FAILURES}"`))
  })

  test('with all parts: a refused delivery reaches the queue and the mailbox, and no page goes over the broken chain', async () => {
    const { account, takeAway } = await breakable([...EMAIL, '--dead-letter-queue', '--heartbeat', '--dashboard'])
    const before = account.pagerDuty.state.received.length
    takeAway()
    await fires(account)
    await account.sandbox.clock.sleep(60 * MINUTE)
    const queue = account.sandbox.state.queues['arn:aws:sqs:us-east-1:123456789012:cloudtrail-pd-dead-letters']
    expect(queue?.messages.some((text) => JSON.parse(text).AlarmName === named('root-account-usage'))).toBe(true)
    expect(mailIn(account)).toContainEqual(expect.stringContaining(`ALARM: "${FAILURES}"`))
    expect(account.pagerDuty.state.received).toHaveLength(before)
  })

  test('tells by e-mail too that the log group is silent', async () => {
    const account = await accountWithChain([...EMAIL, '--heartbeat', '30'])
    await confirmed(account)
    const { trail } = clientsOf(account.sandbox.backend)
    await trail.send(new StopLoggingCommand({ Name: 'cloudtrail-pd' }))
    await account.sandbox.clock.sleep(60 * MINUTE)
    expect(mailIn(account)).toContainEqual(expect.stringContaining(`ALARM: "${named('heartbeat')}"`))
  })

  test('is done with exit 0 while nobody has confirmed; doctor warns until somebody has', async () => {
    const account = await freshAccount()
    const made = await account.run(['init', '--yes', '--json', ...ONE, ...EMAIL])
    expect(made.exit, made.stdout).toBe(0)
    const { status, subscription, subscriptions, notes } = JSON.parse(made.stdout)
    expect([status, subscription.purpose]).toEqual(['applied', 'pages'])
    expect(subscriptions).toContainEqual({ arn: null, status: 'pending', endpoint: ADDRESS, purpose: 'fallback' })
    expect(notes.join('\n')).toContain(`AWS sends ${ADDRESS} an e-mail with a link`)
    await account.sandbox.clock.sleep(10 * MINUTE)
    const pending = await account.run(['doctor', '--json'])
    expect(pending.exit).toBe(0)
    expect(await findings(account, 'subscription.fallback-email')).toMatchObject([
      { check: 'subscription.fallback-email', status: 'warn', evidence: `the subscription of ${ADDRESS} is pending` },
    ])
    await confirmed(account)
    expect(await findings(account, 'subscription.fallback-email')).toMatchObject([{ status: 'pass' }])
    expect(await findings(account, 'alarm.delivery-failures')).toMatchObject([{ status: 'pass' }])
    const again = await account.run(['init', '--yes', '--json', ...ONE, ...EMAIL])
    expect(again.json()).toMatchObject({
      status: 'unchanged',
      subscriptions: [{}, { status: 'confirmed', endpoint: ADDRESS }],
    })
  })

  test('sends no second e-mail in a run before somebody has confirmed, and says what is missing', async () => {
    const account = await accountWithChain(EMAIL)
    const sent = account.sandbox.state.mails.length
    const again = await account.run(['init', '--yes', '--json', ...ONE, ...EMAIL])
    expect(again.json().status).toBe('unchanged')
    expect(again.stdout).toContain(`${ADDRESS} has not confirmed yet`)
    expect(account.sandbox.state.mails).toHaveLength(sent)
  })

  test('subscribes the address again where the two days have passed', async () => {
    const account = await accountWithChain(EMAIL)
    await account.sandbox.clock.sleep(49 * 60 * MINUTE)
    expect(emailsIn(account)).toEqual([])
    expect(await findings(account, 'subscription.fallback-email')).toMatchObject([
      { status: 'warn', title: 'the fallback e-mail address is not subscribed' },
    ])
    await account.run(['init', '--yes', ...ONE, ...EMAIL])
    expect(emailsIn(account)).toEqual([ADDRESS])
  })

  test('with every part is unchanged by the same run again, with at most 20 calls', async () => {
    const all = [...EMAIL, '--dead-letter-queue', '--heartbeat', '--dashboard']
    const account = await accountWithChain(all, { longestPage: 100 })
    await confirmed(account)
    account.calls()
    const again = await account.run(['init', '--yes', '--json', ...ONE, ...all])
    expect(again.json().status).toBe('unchanged')
    const calls = account.calls().map(({ service, operation }) => `${service}:${operation}`)
    expect(calls.length, calls.join('\n')).toBeLessThanOrEqual(20)
  })

  test('is healthy to doctor, and its alarm makes no chain of its own', async () => {
    const account = await accountWithChain([...EMAIL, '--dead-letter-queue', '--dashboard'])
    await confirmed(account)
    const { stdout, exit } = await account.run(['doctor', '--json'])
    const { healthy, chains, summary } = JSON.parse(stdout)
    expect([exit, healthy, chains.length, summary.fail, summary.warn]).toEqual([0, true, 1, 0, 0])
  })

  test('is reported by doctor when its alarm cannot tell anyone', async () => {
    const account = await accountWithChain(EMAIL)
    const { cloudwatch } = clientsOf(account.sandbox.backend)
    await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [FAILURES] }))
    expect(await findings(account, 'alarm.delivery-failures')).toMatchObject([
      { status: 'fail', evidence: 'its actions are disabled' },
    ])
    await account.run(['init', '--yes', ...ONE, ...EMAIL])
    delete account.sandbox.state.topics[TOPIC]
    expect(await findings(account, 'alarm.delivery-failures')).toMatchObject([
      { status: 'fail', evidence: expect.stringContaining('is not there') },
    ])
    const alarm = alarmIn(account, FAILURES)
    if (alarm !== undefined) alarm.alarmActions = [PAGES]
    expect(await findings(account, 'alarm.delivery-failures')).toMatchObject([
      { status: 'fail', evidence: 'it speaks over the topic that it watches' },
    ])
  })

  test('is deleted by destroy, with its topic and its alarm', async () => {
    for (const opened of [true, false]) {
      const account = await accountWithChain(EMAIL)
      if (opened) await confirmed(account)
      const gone = await account.run(['destroy', '--yes', '--json'])
      expect(gone.json()).toMatchObject({ failed: [] })
      expect(gone.stdout).not.toContain('other subscribers')
      expect([emailsIn(account), account.sandbox.state.topics, account.sandbox.state.alarms]).toEqual([[], {}, {}])
    }
  })

  test('is kept in a setup file', async () => {
    const account = await freshAccount()
    const files: Record<string, string> = {}
    await account.run(['init', '--yes', ...ONE, ...EMAIL, '--save', 'setup.yaml'], { files })
    expect(files['setup.yaml']).toContain(`fallbackEmail: ${ADDRESS}`)
    const { stdout } = await account.run(['init', '--yes', '--config', 'setup.yaml', '--json'], { files })
    expect(JSON.parse(stdout).status).toBe('unchanged')
  })
})

describe('a later run', () => {
  test('without the option keeps address, topic and alarm, and says so, until --prune', async () => {
    const account = await accountWithChain([...EMAIL, '--heartbeat'])
    await confirmed(account)
    account.calls()
    const kept = await account.run(['init', '--yes', ...ONE, '--heartbeat'])
    expect(kept.stdout).toContain('the fallback e-mail of an earlier run is kept')
    expect(account.writes()).toEqual([])
    const pruned = await account.run(['init', '--yes', '--json', ...ONE, '--heartbeat', '--prune'])
    expect(pruned.exit, pruned.stdout).toBe(0)
    expect([emailsIn(account), account.sandbox.state.topics[TOPIC]]).toEqual([[], undefined])
    expect(alarmIn(account, FAILURES)).toBeUndefined()
    expect(alarmIn(account, named('heartbeat'))?.alarmActions).toEqual([PAGES])
    const again = await account.run(['init', '--yes', '--json', ...ONE, '--heartbeat', '--prune'])
    expect(again.json().status).toBe('unchanged')
  })

  test('does not subscribe an address again that somebody unsubscribed, unless it names it', async () => {
    const account = await accountWithChain(EMAIL)
    await confirmed(account)
    const subscription = Object.values(account.sandbox.state.subscriptions).find((one) => one.protocol === 'email')
    await clientsOf(account.sandbox.backend).sns.send(new UnsubscribeCommand({ SubscriptionArn: subscription?.arn }))
    await account.run(['init', '--yes', ...ONE])
    expect(emailsIn(account)).toEqual([])
    await account.run(['init', '--yes', ...ONE, ...EMAIL])
    expect(emailsIn(account)).toEqual([ADDRESS])
  })

  test('with another address keeps the first, reports it, and takes it away with --prune', async () => {
    const account = await accountWithChain(EMAIL)
    await confirmed(account)
    const other = ['--fallback-email', 'night@example.com']
    const changed = await account.run(['init', '--yes', '--json', ...ONE, ...other])
    expect(JSON.parse(changed.stdout).kept).toEqual([ADDRESS])
    await confirmed(account, 'night@example.com')
    expect(new Set(emailsIn(account))).toEqual(new Set([ADDRESS, 'night@example.com']))
    await account.run(['init', '--yes', ...ONE, ...other, '--prune'])
    expect(emailsIn(account)).toEqual(['night@example.com'])
    await account.run(['destroy', '--yes'])
    expect(account.sandbox.state.topics).toEqual({})
  })

  test('lets a heartbeat that was there before speak by e-mail too, and leaves the rest of it alone', async () => {
    const account = await accountWithChain(['--heartbeat', '45'])
    await account.run(['init', '--yes', ...ONE, ...EMAIL])
    const heartbeat = alarmIn(account, named('heartbeat'))
    expect(heartbeat).toMatchObject({ alarmActions: [PAGES, TOPIC], okActions: [PAGES, TOPIC], evaluationPeriods: 7 })
    const again = await account.run(['init', '--yes', '--json', ...ONE, ...EMAIL])
    expect(again.json().status).toBe('unchanged')
  })
})

describe('somebody else', () => {
  test("who subscribed to the e-mail topic keeps it after destroy, and the chain's address goes", async () => {
    const account = await accountWithChain(EMAIL)
    await confirmed(account)
    const { sns } = clientsOf(account.sandbox.backend)
    await sns.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'email', Endpoint: 'audit@example.com' }))
    await account.sandbox.settle()
    await confirmed(account, 'audit@example.com')
    const { stdout } = await account.run(['destroy', '--yes', '--json'])
    expect(JSON.parse(stdout).kept).toContainEqual({ resource: TOPIC, why: 'it has other subscribers (email)' })
    expect(emailsIn(account)).toEqual(['audit@example.com'])
  })

  test('whose topic has the name is named, and kept', async () => {
    const account = await freshAccount()
    const foreign = {
      name: 'cloudtrail-pd-fallback',
      region: 'us-east-1',
      attributes: {},
      tags: {},
      deletedSubscriptions: 0,
    }
    account.sandbox.state.topics[TOPIC] = foreign
    const { exit, stdout } = await account.run(['init', '--yes', '--json', ...ONE, ...EMAIL])
    expect(exit).toBe(1)
    const { status, error } = JSON.parse(stdout)
    expect([status, error.message]).toEqual(['blocked', expect.stringContaining('topic cloudtrail-pd-fallback')])
    expect(account.writes()).toEqual([])
    await account.run(['init', '--yes', ...ONE])
    await account.run(['init', '--yes', ...ONE, '--prune'])
    const gone = await account.run(['destroy', '--yes', '--json'])
    expect(JSON.parse(gone.stdout).kept).toContainEqual({
      resource: TOPIC,
      why: 'it has a matching name but was not created by cloudtrail-pd',
    })
    expect(account.sandbox.state.topics[TOPIC]).toBe(foreign)
  })
})

test.each(['oncall', 'a@b', 'On Call <oncall@example.com>', 'a@example.com,b@example.com', '@example.com', 'a@-x.com'])(
  'the address "%s" is refused before any call',
  async (address) => {
    const account = await freshAccount()
    const { exit, stderr } = await account.run(['init', '--yes', ...ONE, '--fallback-email', address])
    expect(exit).toBe(2)
    expect(stderr).toContain('is not an e-mail address')
    expect(account.calls()).toEqual([])
  },
)

test('a mailbox of PagerDuty is told apart: it fails when PagerDuty does', async () => {
  const account = await freshAccount()
  const line = ['init', '--yes', '--dry-run', ...ONE, '--fallback-email', 'team@acme.pagerduty.com']
  const { stdout } = await account.run(line)
  expect(stdout.replace(/\s+/g, ' ')).toContain('a mailbox of PagerDuty, which fails when PagerDuty does')
})

test('the plan says what it costs, and that new alarms without a page send no OK to PagerDuty', async () => {
  const account = await freshAccount()
  const { stdout } = await account.run(['init', '--yes', '--dry-run', ...ONE, ...EMAIL])
  const text = stdout.replace(/\s+/g, ' ')
  expect(text).toContain('of it e-mail $0.00 (up to 1,000 a month), alarm on failed deliveries $0.10')
  expect(text).toContain('the new alarm sends its first OK to PagerDuty')
})

test.each([
  ['cloudformation', ['Protocol: email', ADDRESS, 'NumberOfNotificationsFailed']],
  ['terraform', ['"fallback_email"', '"email"', ADDRESS]],
  ['cli', ['--protocol=email', ADDRESS]],
  ['iam-policy', ['CloudTrailPagerDutyFallbackEmail', ADDRESS]],
])('export as %s has the e-mail', async (format, texts) => {
  const account = await freshAccount()
  const { stdout, exit } = await account.run(['export', '--format', format, ...EMAIL])
  expect(exit).toBe(0)
  for (const text of texts) expect(stdout).toContain(text)
})
