import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import { CreateQueueCommand, GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { describe, expect, test } from 'vitest'
import { snsMaySend } from '../../src/domain/policy-documents.ts'
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts'
import { ACCOUNT, aConfirmedTopic } from '../support/chain-by-hand.ts'
import { anAccount, aReceiver, clientsOf, ENDPOINT } from '../support/sandbox-account.ts'

const HOUR = 3_600_000

async function aTopic(options: SandboxOptions = {}) {
  const sandbox = await anAccount(options)
  const { sns } = clientsOf(sandbox.backend)
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }))
  const subscribe = (over: object = {}) =>
    sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: ENDPOINT, ReturnSubscriptionArn: true, ...over }),
    )
  return { sandbox, sns, TopicArn, subscribe }
}

describe('a topic', () => {
  test('C13 is found again by its name, and refused with other tags or attributes', async () => {
    const { sns, TopicArn } = await aTopic()
    expect(await sns.send(new CreateTopicCommand({ Name: 'alerts' }))).toMatchObject({ TopicArn })
    const tagged = new CreateTopicCommand({ Name: 'alerts', Tags: [{ Key: 'team', Value: 'a' }] })
    await expect(sns.send(tagged)).rejects.toMatchObject({ name: 'InvalidParameterException' })
    const named = new CreateTopicCommand({ Name: 'alerts', Attributes: { DisplayName: 'x' } })
    await expect(sns.send(named)).rejects.toThrow(/already exists with different attributes/)
  })

  test('that is not there, or elsewhere, is NotFoundException with 404', async () => {
    const { sandbox, TopicArn } = await aTopic()
    const { sns } = clientsOf(sandbox.backend, 'eu-west-1')
    const seen = sns.send(new GetTopicAttributesCommand({ TopicArn }))
    await expect(seen).rejects.toMatchObject({ name: 'NotFoundException', $metadata: { httpStatusCode: 404 } })
  })

  test('takes its pending subscriptions with it when it goes, and may go twice', async () => {
    const { sandbox, sns, TopicArn, subscribe } = await aTopic()
    await subscribe()
    await sns.send(new DeleteTopicCommand({ TopicArn }))
    await sns.send(new DeleteTopicCommand({ TopicArn }))
    expect([sandbox.state.topics, sandbox.state.subscriptions]).toEqual([{}, {}])
  })

  test('counts its subscriptions', async () => {
    const { sns, TopicArn, subscribe } = await aTopic()
    await subscribe()
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }))
    expect(Attributes).toMatchObject({ Owner: ACCOUNT, SubscriptionsPending: '1', SubscriptionsConfirmed: '0' })
  })
})

describe('a subscription', () => {
  test('is pending in three spellings, and none of the literals is an ARN', async () => {
    const { sns, TopicArn, subscribe } = await aTopic()
    const bare = await subscribe({ ReturnSubscriptionArn: false })
    expect(bare.SubscriptionArn).toBe('pending confirmation')
    const listed = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
    expect(listed.Subscriptions?.map((one) => one.SubscriptionArn)).toEqual(['PendingConfirmation'])
    const { SubscriptionArn } = await subscribe()
    const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
    expect(Attributes?.PendingConfirmation).toBe('true')
    const literal = new GetSubscriptionAttributesCommand({ SubscriptionArn: 'PendingConfirmation' })
    await expect(sns.send(literal)).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })

  test('C12 is one for each topic, protocol and endpoint', async () => {
    const { sns, TopicArn, subscribe } = await aTopic()
    expect(await subscribe()).toMatchObject({ SubscriptionArn: (await subscribe()).SubscriptionArn })
    await expect(subscribe({ Attributes: { RawMessageDelivery: 'true' } })).rejects.toThrow(/different attributes/)
    const listed = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
    expect(listed.Subscriptions).toHaveLength(1)
  })

  test.each([
    ['an http address for https', { Endpoint: ENDPOINT.replace('https', 'http') }],
    ['a line break', { Endpoint: `${ENDPOINT}\n` }],
    ['no address', { Endpoint: 'pagerduty' }],
    ['plain http off this machine', { Protocol: 'http', Endpoint: 'http://example.com/' }],
    ['text messages', { Protocol: 'sms', Endpoint: '+15550100' }],
    ['no e-mail address', { Protocol: 'email', Endpoint: 'example.com' }],
  ])('C02 is refused with %s', async (_what, over) => {
    const { subscribe } = await aTopic()
    await expect(subscribe(over)).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })

  test('is refused on a FIFO topic', async () => {
    const { sns, subscribe } = await aTopic()
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'alerts.fifo' }))
    await expect(subscribe({ TopicArn })).rejects.toThrow(/FIFO/)
  })

  test('is confirmed by a GET of its SubscribeURL and by nothing else', async () => {
    const receiver = await aReceiver({ confirms: false })
    const { sandbox, subscribe } = await aTopic({ eventsUrl: receiver.url })
    await subscribe()
    await sandbox.clock.sleep(HOUR)
    const confirmed = () => Object.values(sandbox.state.subscriptions).map((one) => one.confirmed)
    expect(confirmed()).toEqual([false])
    const [request] = receiver.received
    expect(request?.path).toBe(new URL(ENDPOINT).pathname)
    expect(request?.headers['x-amz-sns-message-type']).toBe('SubscriptionConfirmation')
    await fetch(`${request?.json.SubscribeURL.split('Token=')[0]}Token=guessed`)
    expect(confirmed()).toEqual([false])
    await fetch(request?.json.SubscribeURL)
    expect(confirmed()).toEqual([true])
  })

  test('C01 stays pending where the sandbox is told not to confirm', async () => {
    const receiver = await aReceiver()
    const { sandbox, subscribe } = await aTopic({ eventsUrl: receiver.url, confirm: false })
    await subscribe()
    await sandbox.clock.sleep(HOUR)
    expect(receiver.received).toHaveLength(1)
    expect(Object.values(sandbox.state.subscriptions).map((one) => one.confirmed)).toEqual([false])
  })

  test('is sent its confirmation again by a second Subscribe, and is gone after two days', async () => {
    const receiver = await aReceiver({ confirms: false })
    const { sandbox, subscribe } = await aTopic({ eventsUrl: receiver.url })
    await subscribe()
    await subscribe()
    await sandbox.settle()
    expect(receiver.received).toHaveLength(2)
    await sandbox.clock.sleep(49 * HOUR)
    expect(sandbox.state.subscriptions).toEqual({})
  })

  test('C11 cannot be ended while pending; ended twice is no error', async () => {
    const { sns, subscribe } = await aTopic()
    const { SubscriptionArn } = await subscribe()
    const end = (arn: string | undefined) => sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }))
    await expect(end(SubscriptionArn)).rejects.toMatchObject({ name: 'InvalidParameterException' })
    await expect(end('PendingConfirmation')).rejects.toMatchObject({ name: 'InvalidParameterException' })
    await expect(end(`${SubscriptionArn}-gone`)).resolves.toBeDefined()
  })

  test('nothing is ever sent off this machine', async () => {
    const { sandbox, subscribe } = await aTopic()
    await subscribe({ Endpoint: 'https://example.com/hook' })
    await sandbox.settle()
    expect(sandbox.state.attempts[0]).toMatchObject({ status: null, error: expect.stringMatching(/off this machine/) })
  })
})

describe('a message', () => {
  async function aChannel() {
    const receiver = await aReceiver()
    const sandbox = await anAccount({ eventsUrl: receiver.url })
    const TopicArn = await aConfirmedTopic(sandbox)
    const { sns } = clientsOf(sandbox.backend)
    const [SubscriptionArn] = Object.keys(sandbox.state.subscriptions)
    const publish = async (Message = '{"a":"b"}') => {
      await sns.send(new PublishCommand({ TopicArn, Message, Subject: 'hello' }))
      await sandbox.settle()
      return receiver.received.filter(({ headers }) => headers['x-amz-sns-message-type'] === 'Notification')
    }
    const set = (AttributeName: string, AttributeValue: string) =>
      sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }))
    const counter = (name: string) =>
      Object.values(sandbox.state.metrics)
        .filter((metric) => metric.namespace === 'AWS/SNS' && metric.name === name)
        .flatMap((metric) => Object.values(metric.minutes))
        .reduce((total, minute) => total + minute.sum, 0)
    return { sandbox, sns, TopicArn, publish, set, counter, receiver }
  }

  test('arrives in the envelope of SNS', async () => {
    const { publish, TopicArn, counter } = await aChannel()
    const [message] = await publish()
    expect(message?.json).toMatchObject({ Type: 'Notification', TopicArn, Subject: 'hello', Message: '{"a":"b"}' })
    expect(message?.headers['content-type']).toBe('text/plain; charset=UTF-8')
    expect(counter('NumberOfNotificationsDelivered')).toBe(1)
  })

  test('C03 arrives bare with raw delivery', async () => {
    const { publish, set } = await aChannel()
    await set('RawMessageDelivery', 'true')
    const [message] = await publish()
    expect(message?.text).toBe('{"a":"b"}')
    expect(message?.headers['x-amz-sns-rawdelivery']).toBe('true')
  })

  test('is dropped by a filter on attributes that it does not carry', async () => {
    const { publish, set, counter } = await aChannel()
    await set('FilterPolicy', '{"a":["b"]}')
    expect(await publish()).toEqual([])
    expect(counter('NumberOfNotificationsFilteredOut')).toBe(1)
    await set('FilterPolicyScope', 'MessageBody')
    expect(await publish()).toHaveLength(1)
  })

  test('ends by the UnsubscribeURL that it carries', async () => {
    const { sandbox, publish } = await aChannel()
    const [message] = await publish()
    await fetch(message?.json.UnsubscribeURL)
    expect(sandbox.state.subscriptions).toEqual({})
  })

  test('is tried four times at an endpoint that fails, then goes to the dead-letter queue', async () => {
    const { sandbox, publish, set, receiver, counter, TopicArn } = await aChannel()
    const { sqs } = clientsOf(sandbox.backend)
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'lost' }))
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })
    const { Attributes: before } = await sqs.send(asked)
    await set('RedrivePolicy', JSON.stringify({ deadLetterTargetArn: before?.QueueArn }))
    receiver.answerWith(503)
    await publish()
    await sandbox.clock.sleep(HOUR)
    // Without a policy for SNS the queue takes nothing.
    expect((await sqs.send(asked)).Attributes?.ApproximateNumberOfMessages).toBe('0')
    const Policy = JSON.stringify({ Statement: [snsMaySend(before?.QueueArn ?? '', [TopicArn])] })
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
    await publish()
    await sandbox.clock.sleep(HOUR)
    expect(counter('NumberOfNotificationsFailed')).toBe(2 * 4)
    expect((await sqs.send(asked)).Attributes?.ApproximateNumberOfMessages).toBe('1')
  })

  test('is tried as often as the delivery policy of its subscription says', async () => {
    const { sandbox, publish, set, receiver, counter } = await aChannel()
    const healthyRetryPolicy = { numRetries: 6, minDelayTarget: 1, maxDelayTarget: 600 }
    await set('DeliveryPolicy', JSON.stringify({ healthyRetryPolicy }))
    receiver.answerWith(503)
    await publish()
    await sandbox.clock.sleep(HOUR)
    expect(counter('NumberOfNotificationsFailed')).toBe(7)
    const endless = { healthyRetryPolicy: { numRetries: 100, minDelayTarget: 600, maxDelayTarget: 600 } }
    await expect(set('DeliveryPolicy', JSON.stringify(endless))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    })
  })

  test('a queue is taken from a subscription by no value, not by an empty one', async () => {
    const { sandbox, set, sns } = await aChannel()
    const [SubscriptionArn] = Object.keys(sandbox.state.subscriptions)
    await set('RedrivePolicy', JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:lost' }))
    await expect(set('RedrivePolicy', '')).rejects.toMatchObject({ name: 'InvalidParameterException' })
    await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName: 'RedrivePolicy' }))
    expect(sandbox.state.subscriptions[SubscriptionArn ?? '']?.attributes).toEqual({})
  })

  test('a 4xx answer counts as delivered: SNS looks green', async () => {
    const { publish, receiver, counter } = await aChannel()
    receiver.answerWith(404)
    await publish()
    expect(counter('NumberOfNotificationsDelivered')).toBe(1)
  })

  test('a topic policy that is no JSON is refused', async () => {
    const { sns, TopicArn } = await aChannel()
    const broken = new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue: '{' })
    await expect(sns.send(broken)).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })
})
