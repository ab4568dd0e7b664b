import { describe, expect, it } from 'vitest'
import { isProblem } from '../../../src/doctor/check.ts'
import { diagnose } from '../../../src/doctor/diagnose.ts'
import { queueArn } from '../../../src/domain/names.ts'
import { snsMaySend } from '../../../src/domain/policy-documents.ts'
import { Secret } from '../../../src/domain/secret.ts'
import type { QueueSnapshot, Reading } from '../../../src/domain/snapshot.ts'
import {
  ALARM,
  anAlarm,
  aSubscription,
  aTopic,
  type Different,
  KEY,
  read,
  SITE,
  someAttributes,
  someFacts,
  TOPIC,
  unreadable,
} from '../../support/builders.ts'
import { faults, findings, of, verdict, works } from '../verdicts.ts'

const pending = aSubscription({ arn: undefined, confirmed: false })
const withAttributes = (different: Parameters<typeof someAttributes>[0]) => ({
  subscriptions: [aSubscription({ attributes: read(someAttributes(different)) })],
})
const to = (url: string, protocol = 'https') => ({
  subscriptions: [aSubscription({ protocol, endpoint: new Secret(url) })],
})

describe('C01 a subscription that PagerDuty has not confirmed', () => {
  it('fails, never warns, and is repaired by asking again', () => {
    const [finding] = of('subscription.confirmed', { subscriptions: [pending] })
    expect(finding).toMatchObject({ status: 'fail', impact: expect.stringContaining('no one is paged') })
    expect(finding && isProblem(finding) && finding.fix.repairs?.[0]?.kind).toBe('subscribe-again')
    expect(works({ subscriptions: [pending] })).toEqual([false])
  })

  it('speaks of the alarms of its topic alone, and of what another subscription still carries', () => {
    const [alone] = of('subscription.confirmed', { subscriptions: [pending] })
    const name = TOPIC.split(':').at(-1)
    expect(alone).toMatchObject({ impact: expect.stringContaining(`no one is paged by the alarms of topic ${name}.`) })
    const both = of('subscription.confirmed', { subscriptions: [aSubscription(), pending] })
    expect(both.find(({ status }) => status === 'fail')).toMatchObject({
      impact: expect.stringContaining(`the alarms of topic ${name} page through another subscription alone.`),
    })
  })

  it('is not confirmed by having an ARN (C12)', () => {
    expect(verdict('subscription.confirmed', { subscriptions: [aSubscription({ confirmed: false })] })).toBe('fail')
  })

  it('is not known where the attribute could not be read', () => {
    const subscription = aSubscription({ confirmed: undefined, attributes: unreadable('denied') })
    expect(verdict('subscription.confirmed', { subscriptions: [subscription] })).toBe('skip')
    expect(works({ subscriptions: [subscription] })).toEqual([null])
  })

  it('fails where it has vanished from a topic that alarms speak to', () => {
    expect(faults({ subscriptions: [] })).toEqual([`fail subscription.exists ${TOPIC}`])
    expect(works({ subscriptions: [] })).toEqual([false])
  })
})

describe('C02 the endpoint', () => {
  it.each([
    ['without /enqueue', `https://events.pagerduty.com/integration/${KEY}`],
    ['the Events API v2', 'https://events.pagerduty.com/v2/enqueue'],
    ['the Events API v1', 'https://events.pagerduty.com/generic/2010-04-15/create_event.json'],
    ['a page of the web app', 'https://acme.pagerduty.com/service-directory/PABC123'],
    ['a host that only looks like it', `https://events.pagerduty.com.evil.example/integration/${KEY}/enqueue`],
  ])('%s is not taken for an integration URL', (_, url) => {
    expect(verdict('subscription.endpoint', to(url))).toBe('fail')
  })

  it('of http is refused', () => {
    expect(verdict('subscription.protocol', to(`http://events.pagerduty.com/integration/${KEY}/enqueue`, 'http'))).toBe(
      'fail',
    )
  })

  it.each([
    ['a service', `https://events.pagerduty.com/integration/${KEY}/enqueue`],
    ['an orchestration', 'https://events.pagerduty.com/x-ere/R0123456789ABCDEF0123456789ABCDE'],
    ['C05 the EU', `https://events.eu.pagerduty.com/integration/${KEY}/enqueue`],
  ])('of %s is taken', (_, url) => {
    expect(verdict('subscription.endpoint', to(url))).toBe('pass')
  })

  it('whose key belongs behind the other path is doubted (C06)', () => {
    expect(verdict('subscription.endpoint', to(`https://events.pagerduty.com/x-ere/${KEY}`))).toBe('warn')
  })

  it('is shown with four characters of its key and no more (C67)', () => {
    const text = JSON.stringify(findings({ subscriptions: [pending] }))
    expect(text).toContain('…cdef')
    expect(text).not.toContain(KEY)
  })
})

describe('what SNS sends', () => {
  it('C03 is dropped by PagerDuty when it is raw', () => {
    const [finding] = of('subscription.raw-delivery', withAttributes({ rawDelivery: true }))
    expect(finding).toMatchObject({ status: 'fail' })
    expect(finding && isProblem(finding) && finding.fix.repairs).toMatchObject([{ kind: 'raw-delivery' }])
  })

  it.each([
    ['a policy on attributes', { filterPolicy: '{"severity":["high"]}' }, 'fail'],
    [
      'the same, said to be on attributes',
      { filterPolicy: '{"a":["b"]}', filterPolicyScope: 'MessageAttributes' },
      'fail',
    ],
    ['a policy on the body', { filterPolicy: '{"NewStateValue":["ALARM"]}', filterPolicyScope: 'MessageBody' }, 'warn'],
    ['an empty policy', { filterPolicy: '{}' }, 'pass'],
    ['no policy', {}, 'pass'],
  ])('is held back by %s: %j', (_, attributes, expected) => {
    expect(verdict('subscription.filter-policy', withAttributes(attributes))).toBe(expected)
  })

  it('is not judged while the subscription is pending', () => {
    expect(verdict('subscription.raw-delivery', { subscriptions: [pending] })).toBe('skip')
  })
})

describe('C12 two subscriptions to PagerDuty', () => {
  it('page twice', () => {
    const second = aSubscription({
      arn: `${TOPIC}:2`,
      endpoint: new Secret(`https://events.pagerduty.com/integration/${'b'.repeat(32)}/enqueue`),
    })
    expect(faults({ subscriptions: [aSubscription(), second] })).toEqual([`warn subscription.duplicate ${TOPIC}`])
    expect(works({ subscriptions: [aSubscription(), second] })).toEqual([true, true])
  })

  it('do not include mail', () => {
    const mail = aSubscription({ arn: `${TOPIC}:3`, protocol: 'email', endpoint: new Secret('ops@example.com') })
    expect(faults({ subscriptions: [aSubscription(), mail] })).toEqual([])
  })
})

describe('a topic that tells others than PagerDuty', () => {
  const mail = aSubscription({ protocol: 'email', endpoint: new Secret('ops@example.com') })

  it('is no chain', () => {
    const { chains, healthy } = diagnose(someFacts({ subscriptions: [mail] }))
    expect(chains).toEqual([])
    expect(healthy).toBe(false)
  })

  it('is a broken chain where init made the alarm', () => {
    const ours = anAlarm({ description: 'x\ncloudtrail-pd/1 name=cloudtrail-pd detection=root-account-usage' })
    expect(works({ subscriptions: [mail], alarms: [ours] })).toEqual([false])
    expect(verdict('subscription.exists', { subscriptions: [mail], alarms: [ours] })).toBe('fail')
  })

  it('beside a topic that leads to PagerDuty does no harm', () => {
    const other = `${TOPIC}-mail`
    const alarm = anAlarm({ alarmActions: [other, TOPIC], okActions: [TOPIC] })
    const different = {
      alarms: [alarm],
      topics: [aTopic(), aTopic({ arn: other })],
      subscriptions: [aSubscription(), { ...mail, topicArn: other }],
    }
    expect(faults(different)).toEqual([])
    expect(works(different)).toEqual([true])
  })
})

const QUEUE = queueArn(SITE, 'lost')

function aQueue(different: Partial<QueueSnapshot> = {}): QueueSnapshot {
  return {
    arn: QUEUE,
    url: 'https://sqs.us-east-1.amazonaws.com/123456789012/lost',
    policy: { Statement: [snsMaySend(QUEUE, [TOPIC])] },
    retentionS: 1_209_600,
    encrypted: true,
    messages: 0,
    ...different,
  }
}

/** A subscription that sends to the queue, and what was read of that. */
function withQueue(queue: Reading<QueueSnapshot | undefined>): Different {
  const redrivePolicy = JSON.stringify({ deadLetterTargetArn: QUEUE })
  return { ...withAttributes({ redrivePolicy }), snapshot: { queues: new Map([[QUEUE, queue]]) } }
}

describe('a dead-letter queue', () => {
  it.each([
    ['is empty', read(aQueue()), 'pass', 'kept for 14 days'],
    ['holds two messages', read(aQueue({ messages: 2 })), 'warn', 'about 2 messages'],
    ['is not there', read(undefined), 'warn', QUEUE],
    ['has no policy', read(aQueue({ policy: undefined })), 'warn', 'does not let sns.amazonaws.com'],
    [
      'takes messages of another topic alone',
      read(aQueue({ policy: { Statement: [snsMaySend(QUEUE, [`${TOPIC}-other`])] } })),
      'warn',
      'does not let sns.amazonaws.com',
    ],
    ['may not be read', unreadable('SQS GetQueueUrl was denied'), 'skip', 'SQS GetQueueUrl was denied'],
  ] as const)('that %s is told', (_, queue, status, evidence) => {
    const [finding] = of('subscription.dead-letter-queue', withQueue(queue))
    expect(finding).toMatchObject({ status, evidence: expect.stringContaining(evidence) })
    expect(works(withQueue(queue))).toEqual([true])
  })
})

describe('C10 bursts', () => {
  it('lose what is refused: a remark for few alarms, a warning for very many', () => {
    expect(of('subscription.dead-letter-queue')[0]).toMatchObject({
      status: 'pass',
      note: expect.stringContaining('lost'),
    })
    const alarms = Array.from({ length: 130 }, (_, index) => anAlarm({ name: `a-${index}-123456789012-us-east-1` }))
    expect(verdict('subscription.dead-letter-queue', { alarms })).toBe('warn')
    expect(verdict('subscription.dead-letter-queue', { alarms, ...withQueue(read(aQueue())) })).toBe('pass')
  })
})

describe('what could not be read', () => {
  it('is skipped with the reason, and the chain is neither well nor broken', () => {
    const snapshot = { subscriptions: new Map([[TOPIC, unreadable('SNS ListSubscriptionsByTopic: denied')]]) }
    expect(of('subscription.exists', { snapshot })[0]).toMatchObject({
      status: 'skip',
      evidence: 'SNS ListSubscriptionsByTopic: denied',
    })
    expect(works({ snapshot })).toEqual([null])
    expect(diagnose(someFacts({ snapshot })).healthy).toBe(false)
    expect(verdict('identity.permissions', { snapshot })).toBe('warn')
  })
})

describe('a throttle in the delivery policy', () => {
  it.each([
    ['{"throttlePolicy":{"maxReceivesPerSecond":0.5}}', 'warn'],
    ['{"throttlePolicy":{"maxReceivesPerSecond":10}}', 'pass'],
    ['not JSON', 'pass'],
  ])('%s', (deliveryPolicy, expected) => {
    expect(verdict('subscription.throttle', withAttributes({ deliveryPolicy }))).toBe(expected)
  })
})

describe("PagerDuty's older URL for CloudWatch", () => {
  const adapter = {
    subscriptions: [
      aSubscription({ endpoint: new Secret(`https://events.pagerduty.com/adapter/cloudwatch_sns/v1/${KEY}`) }),
    ],
  }

  it('is a warning, and whether the chain pages is left to a drill', () => {
    expect(faults(adapter)).toEqual([expect.stringContaining('warn subscription.endpoint')])
    expect(works(adapter)).toEqual([null])
  })
})

describe('an alarm on the metric of a trail that ends elsewhere', () => {
  const ending = (protocol: string, endpoint: string) => ({
    subscriptions: [aSubscription({ protocol, endpoint: new Secret(endpoint) })],
  })

  it.each([
    ['email', 'ops@example.com', 'warn'],
    ['email', 'team@acme.pagerduty.com', 'skip'],
    ['lambda', 'arn:aws:lambda:us-east-1:123456789012:function:forward', 'skip'],
    ['sqs', 'arn:aws:sqs:us-east-1:123456789012:queue', 'skip'],
    ['https', 'https://hooks.example.com/x', 'skip'],
  ])('at %s %s is named: %s', (protocol, endpoint, expected) => {
    const different = ending(protocol, endpoint)
    expect(of('alarm.destination', different)[0]).toMatchObject({ status: expected, resource: ALARM })
    expect(works(different)).toEqual([])
  })

  it('as the action of a function is named too', () => {
    const alarms = [anAlarm({ alarmActions: ['arn:aws:lambda:us-east-1:123456789012:function:page'], okActions: [] })]
    expect(verdict('alarm.destination', { alarms })).toBe('skip')
  })

  it('and one that pages is not', () => {
    expect(of('alarm.destination')).toEqual([])
  })
})
