/** Carries what is due in the outbox to its endpoint over HTTP, and puts it back when that fails. */

import { queueIn, retriesIn, retryDelays } from '../../domain/delivery-retries.ts'
import { parsePolicy } from '../../domain/policy-documents.ts'
import { decide } from '../../iam/evaluator.ts'
import { post, realUrl } from '../loopback.ts'
import type { OperationContext, SandboxAws } from './context.ts'
import { count } from './sns-publishing.ts'
import { ACCOUNT, type DeliveryState, type SubscriptionState } from './state.ts'

/** The state file would grow without end otherwise. */
const KEPT_ATTEMPTS = 1_000

export interface Deliverer {
  /** Starts every delivery that is due; does not wait for the answers. */
  send(now: number): void
  /** Resolves once no request is on its way. */
  idle(): Promise<void>
  /** Told that somebody went to the SubscribeURL with this token. */
  visited(token: string): void
}

export interface DelivererOptions {
  readonly aws: SandboxAws
  readonly now: () => number
  readonly callbackUrl: () => Promise<string>
  readonly eventsUrl: (() => Promise<string>) | undefined
  /** Runs after each answer, to keep the state. */
  readonly answered: () => void
  /** Gives up on the visit to a SubscribeURL; the delivery counts as on its way until then. */
  readonly retryPolicy: () => Promise<void>
}

export function deliverer({ aws, now, callbackUrl, eventsUrl, answered, retryPolicy }: DelivererOptions): Deliverer {
  const { state } = aws
  const inFlight = new Set<Promise<void>>()
  /** One delivery at a time for each subscription: an OK that overtakes its ALARM would leave an incident open. */
  const lanes = new Map<string, Promise<void>>()
  const visits = new Map<string, () => void>()

  async function carry(delivery: DeliveryState): Promise<void> {
    const subscription = state.subscriptions[delivery.subscriptionArn]
    if (subscription === undefined) return
    if (subscription.protocol === 'email') return mail(delivery, subscription)
    const visit = new Promise<void>((resolve) => visits.set(subscription.token, resolve))
    const { status, error } = await attempt(delivery, subscription)
    const at = now()
    state.attempts.push({ at, kind: delivery.kind, subscriptionArn: subscription.arn, status, error })
    state.attempts = state.attempts.slice(-KEPT_ATTEMPTS)
    judge({ ...aws, now: at, region: '' }, delivery, subscription, status)
    answered()
    if (delivery.kind === 'SubscriptionConfirmation' && error === null) await Promise.race([visit, retryPolicy()])
  }

  /** A mailbox takes everything; nobody in it opens the link by himself. */
  function mail({ kind, subject, message }: DeliveryState, { endpoint, topicArn, token }: SubscriptionState): void {
    state.mails.push({ at: now(), to: endpoint, topicArn, kind, subject, text: message, token })
    state.mails = state.mails.slice(-KEPT_ATTEMPTS)
    const topic = state.topics[topicArn]
    if (kind === 'Notification' && topic !== undefined) {
      count({ ...aws, now: now(), region: '' }, topic, 'NumberOfNotificationsDelivered')
    }
    answered()
  }

  async function attempt(delivery: DeliveryState, subscription: SubscriptionState) {
    try {
      const url = await realUrl(subscription.endpoint, eventsUrl)
      if (url === undefined) return { status: null, error: 'the sandbox sends nothing off this machine' }
      const { headers, body } = envelope(delivery, subscription, await callbackUrl(), now())
      return { status: await post(url, headers, body), error: null }
    } catch (cause) {
      return { status: null, error: cause instanceof Error ? cause.message : String(cause) }
    }
  }

  return {
    send(at) {
      const due = state.outbox.filter((delivery) => delivery.dueAt <= at)
      state.outbox = state.outbox.filter((delivery) => delivery.dueAt > at)
      for (const delivery of due) {
        const before = lanes.get(delivery.subscriptionArn) ?? Promise.resolve()
        const journey = before.then(() => carry(delivery)).finally(() => inFlight.delete(journey))
        lanes.set(delivery.subscriptionArn, journey)
        inFlight.add(journey)
      }
    },
    async idle() {
      while (inFlight.size > 0) await Promise.all(inFlight)
    },
    visited(token) {
      visits.get(token)?.()
    },
  }
}

/** A 4xx is final and nobody is told: it counts as answered (SNS guide, HTTP endpoints). */
function judge(
  context: OperationContext,
  delivery: DeliveryState,
  subscription: SubscriptionState,
  status: number | null,
): void {
  const answered = status !== null && status < 500
  const topic = context.state.topics[subscription.topicArn]
  if (delivery.kind === 'Notification' && topic !== undefined) {
    count(context, topic, answered ? 'NumberOfNotificationsDelivered' : 'NumberOfNotificationsFailed')
  }
  if (answered) return
  const delay = retryDelays(retriesIn(subscription.attributes.DeliveryPolicy))[delivery.attempts]
  if (delay !== undefined) {
    context.state.outbox.push({ ...delivery, attempts: delivery.attempts + 1, dueAt: context.now + delay * 1000 })
    return
  }
  redrive(context, delivery, subscription)
}

function redrive(context: OperationContext, delivery: DeliveryState, subscription: SubscriptionState): void {
  const target = queueIn(subscription.attributes.RedrivePolicy) ?? ''
  const queue = context.state.queues[target]
  const topic = context.state.topics[subscription.topicArn]
  if (queue === undefined || topic === undefined || delivery.kind !== 'Notification') return
  if (!maySend(queue.attributes.Policy, target, subscription.topicArn)) return
  queue.messages.push(delivery.message)
  count(context, topic, 'NumberOfNotificationsRedrivenToDlq')
}

/** SNS asks the policy of the queue, and a message that it may not send is lost. */
function maySend(policy: string | undefined, queue: string, topic: string): boolean {
  const sending = {
    principal: { service: 'sns.amazonaws.com' },
    action: 'sqs:SendMessage',
    resource: queue,
    context: { 'aws:SourceArn': topic, 'aws:SourceAccount': ACCOUNT },
  }
  return decide(parsePolicy(policy), sending) === 'yes'
}

function envelope(delivery: DeliveryState, subscription: SubscriptionState, callbackUrl: string, at: number) {
  const { kind, id, message, subject } = delivery
  const raw = kind === 'Notification' && subscription.attributes.RawMessageDelivery === 'true'
  const headers: Record<string, string> = {
    'Content-Type': 'text/plain; charset=UTF-8',
    'User-Agent': 'Amazon Simple Notification Service Agent',
    'x-amz-sns-message-type': kind,
    'x-amz-sns-message-id': id,
    'x-amz-sns-topic-arn': subscription.topicArn,
    ...(kind === 'Notification' ? { 'x-amz-sns-subscription-arn': subscription.arn } : {}),
    ...(raw ? { 'x-amz-sns-rawdelivery': 'true' } : {}),
  }
  const link = (query: Record<string, string>) => `${callbackUrl}?${new URLSearchParams(query)}`
  const confirm = { Action: 'ConfirmSubscription', TopicArn: subscription.topicArn, Token: subscription.token }
  const leave = { Action: 'Unsubscribe', SubscriptionArn: subscription.arn }
  const body = JSON.stringify({
    Type: kind,
    MessageId: id,
    ...(kind === 'SubscriptionConfirmation' ? { Token: subscription.token } : {}),
    TopicArn: subscription.topicArn,
    ...(subject === null ? {} : { Subject: subject }),
    Message: message,
    Timestamp: new Date(at).toISOString(),
    SignatureVersion: '1',
    Signature: 'unsigned-by-the-sandbox',
    SigningCertURL: `${callbackUrl}certificate.pem`,
    ...(kind === 'SubscriptionConfirmation' ? { SubscribeURL: link(confirm) } : { UnsubscribeURL: link(leave) }),
  })
  return { headers, body: raw ? message : body }
}
