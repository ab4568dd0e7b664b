/** HTTPS subscriptions to PagerDuty, and the wait until PagerDuty has confirmed one. */

import type { Subscription } from '@aws-sdk/client-sns'
import { queueIn, withRetries } from '../../domain/delivery-retries.ts'
import { parseEndpoint } from '../../domain/endpoint.ts'
import { SUBSCRIBED_TAG } from '../../domain/marker.ts'
import { parseArn } from '../../domain/names.ts'
import type { SubscriptionSpec, Tags } from '../../domain/resources.ts'
import { HOSTS } from '../../domain/route.ts'
import { Secret } from '../../domain/secret.ts'
import {
  type Reading,
  type Snapshot,
  type SubscriptionAttributes,
  type SubscriptionSnapshot,
  valueIfRead,
} from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import { digest } from '../../plan/fingerprint.ts'
import type { Clock } from '../../ports.ts'
import { loadSns } from '../clients.ts'
import { failureKind, reading, readingList } from '../failures.ts'
import { inParallel, pollUntil } from '../pacing.ts'
import type { Aws } from '../session.ts'
import type { LinkHandler } from './handler.ts'

const ATTRIBUTES_WIDTH = 4
const TOPICS_WIDTH = 3

/** PagerDuty confirms within seconds when it does at all; a topic may be listed 30 times a second (SNS quotas). */
const FIRST_POLL_MS = 500
const LONGEST_POLL_MS = 5_000

/** All subscriptions of a topic. Listed with an ARN is not confirmed; only the attribute says that (field case C12). */
export async function readSubscriptions(aws: Aws, topicArn: string): Promise<Reading<readonly SubscriptionSnapshot[]>> {
  const listed = await readingList(() => list(aws, topicArn))
  if (listed.state === 'unreadable') return listed
  return {
    state: 'read',
    value: await inParallel(listed.value, ATTRIBUTES_WIDTH, (one) => snapshotOf(aws, topicArn, one)),
  }
}

function recordOf(endpoint: Secret): string {
  return `${SUBSCRIBED_TAG}${digest(endpoint.reveal())}`
}

export const RECORD_ACTIONS: readonly IamAction[] = ['sns:ListTagsForResource']

/** The tags by which these topics remember their subscriptions, by topic. One call a topic. */
export async function readRecords(aws: Aws, topics: readonly string[]): Promise<ReadonlyMap<string, Reading<Tags>>> {
  return new Map(await inParallel(topics, TOPICS_WIDTH, async (arn) => [arn, await recordsOf(aws, arn)] as const))
}

/** The snapshot with what these topics remember: which of their subscriptions init made. One call a topic. */
export async function withRecords(aws: Aws, snapshot: Snapshot, topics: readonly string[]): Promise<Snapshot> {
  const records = await readRecords(aws, topics)
  const subscriptions = [...snapshot.subscriptions].map(([arn, listed]) => {
    const tags = records.get(arn)
    if (tags === undefined || listed.state === 'unreadable') return [arn, listed] as const
    const value = listed.value.map((one) => ({ ...one, recorded: recorded(one, tags) }))
    return [arn, { state: listed.state, value }] as const
  })
  return { ...snapshot, subscriptions: new Map(subscriptions) }
}

async function recordsOf(aws: Aws, topicArn: string): Promise<Reading<Tags>> {
  const { ListTagsForResourceCommand, SNSClient } = await loadSns()
  const listed = await readingList(async () => {
    const { Tags = [] } = await aws.client(SNSClient).send(new ListTagsForResourceCommand({ ResourceArn: topicArn }))
    return Tags.filter(({ Key = '' }) => Key.startsWith(SUBSCRIBED_TAG))
  })
  if (listed.state === 'unreadable') return listed
  return { state: 'read', value: Object.fromEntries(listed.value.map(({ Key = '', Value = '' }) => [Key, Value])) }
}

function recorded({ endpoint }: SubscriptionSnapshot, tags: Reading<Tags>): Reading<boolean> {
  return tags.state === 'read' ? { state: 'read', value: recordOf(endpoint.address) in tags.value } : tags
}

/** `unread` says why nobody knows: the subscription could not be looked at. */
export type Confirmation = 'confirmed' | 'pending' | { readonly unread: string }

/**
 * Polls until the subscription is confirmed, at most for `timeoutS` (seconds); nobody but PagerDuty can confirm. A denied
 * look ends it at once. Rejects when the signal aborts.
 */
export async function awaitConfirmation(
  aws: Aws,
  clock: Clock,
  topicArn: string,
  endpoint: Secret,
  timeoutS: number,
  signal: AbortSignal,
): Promise<Confirmation> {
  const policy = { withinMs: timeoutS * 1000, firstWaitMs: FIRST_POLL_MS, longestWaitMs: LONGEST_POLL_MS, signal }
  const ask = async () => confirmedReading(await reading(() => find(aws, topicArn, endpoint)))
  const last = await pollUntil(clock, policy, ask, (one) => (one.state === 'read' ? one.value : one.denied))
  if (last.state === 'unreadable') return { unread: last.why }
  return last.value ? 'confirmed' : 'pending'
}

function confirmedReading(found: Reading<SubscriptionSnapshot | undefined>): Reading<boolean> {
  if (found.state === 'unreadable') return found
  const { value } = found
  // A pending subscription without an ARN has no attributes; one with an ARN that shows none could not be looked at.
  if (value?.arn !== undefined && value.attributes.state === 'unreadable') return value.attributes
  return { state: 'read', value: value?.confirmed === true }
}

export const subscriptionHandler: LinkHandler<'subscription'> = {
  async write({ spec }, action, { aws, outputs }) {
    const { SNSClient, SetSubscriptionAttributesCommand } = await loadSns()
    const client = aws.client(SNSClient)
    const endpoint = knownEndpoint(spec, outputs)
    // What was absent a moment ago need not be looked for.
    const existing = action === 'create' ? undefined : await find(aws, spec.topicArn, endpoint)
    if (existing?.confirmed !== true) {
      // First, so that a run which ends in between leaves no subscription that nobody remembers.
      if (spec.recorded) await record(aws, spec.topicArn, endpoint)
      // Bare where there is one, because attributes that differ from its own fail the call. On a pending one it sends the
      // confirmation again (SNS Subscribe).
      await subscribe(aws, spec.topicArn, endpoint, existing === undefined ? initialAttributes(spec) : {})
      return
    }
    const found = valueIfRead(existing.attributes)
    const set = (AttributeName: string, AttributeValue: string | undefined) =>
      client.send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn: existing.arn,
          AttributeName,
          ...(AttributeValue === undefined ? {} : { AttributeValue }),
        }),
      )
    // Off is the default of a new subscription; only one that somebody changed needs the call.
    if (found?.rawDelivery !== false) await set('RawMessageDelivery', 'false')
    const { deadLetterQueue, retries } = spec
    if (deadLetterQueue !== undefined && (queueIn(found?.redrivePolicy) ?? null) !== deadLetterQueue) {
      // An empty text is refused: no value at all takes the queue away (Terraform AWS provider, aws_sns_topic_subscription).
      await set('RedrivePolicy', deadLetterQueue === null ? undefined : redriveTo(deadLetterQueue))
    }
    if (retries !== undefined) await set('DeliveryPolicy', JSON.stringify(withRetries(found?.deliveryPolicy, retries)))
  },
  async remove({ spec }, { aws, outputs }) {
    const { SNSClient, UnsubscribeCommand, UntagResourceCommand } = await loadSns()
    const endpoint = knownEndpoint(spec, outputs)
    const existing = await find(aws, spec.topicArn, endpoint)
    // A pending one cannot be unsubscribed; it expires by itself (SNS Unsubscribe).
    if (existing?.arn === undefined || existing.confirmed !== true) return
    const client = aws.client(SNSClient)
    try {
      await client.send(new UnsubscribeCommand({ SubscriptionArn: existing.arn }))
      const TagKeys = [recordOf(endpoint)]
      await client.send(new UntagResourceCommand({ ResourceArn: spec.topicArn, TagKeys }))
    } catch (error) {
      if (failureKind(error) !== 'absent') throw error
    }
  },
  actions: {
    read: ['sns:ListSubscriptionsByTopic', 'sns:GetSubscriptionAttributes'],
    write: ['sns:TagResource', 'sns:Subscribe', 'sns:SetSubscriptionAttributes'],
    remove: ['sns:Unsubscribe', 'sns:UntagResource'],
  },
}

async function record(aws: Aws, topicArn: string, endpoint: Secret): Promise<void> {
  const { SNSClient, TagResourceCommand } = await loadSns()
  const Tags = [{ Key: recordOf(endpoint), Value: 'by init' }]
  await aws.client(SNSClient).send(new TagResourceCommand({ ResourceArn: topicArn, Tags }))
}

/** What a subscription is made with: only where there is none, because others than the existing ones fail the call. */
function initialAttributes({ deadLetterQueue, retries }: SubscriptionSpec): Readonly<Record<string, string>> {
  return {
    ...(typeof deadLetterQueue === 'string' ? { RedrivePolicy: redriveTo(deadLetterQueue) } : {}),
    ...(retries === undefined ? {} : { DeliveryPolicy: JSON.stringify(withRetries(undefined, retries)) }),
  }
}

function redriveTo(queue: string): string {
  return JSON.stringify({ deadLetterTargetArn: queue })
}

/** Subscribes the address, which for a pending subscription sends the confirmation again (SNS Subscribe). */
export async function subscribe(
  aws: Aws,
  topicArn: string,
  address: Secret,
  attributes: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { SNSClient, SubscribeCommand } = await loadSns()
  const url = sentAs(address, aws)
  await aws.client(SNSClient).send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: url.startsWith('http:') ? 'http' : 'https',
      Endpoint: url,
      ReturnSubscriptionArn: true,
      ...(Object.keys(attributes).length === 0 ? {} : { Attributes: attributes }),
    }),
  )
}

/** The endpoint once everything before the subscription has been made. */
export function knownEndpoint({ endpoint }: SubscriptionSpec, outputs: Secret | undefined): Secret {
  if (endpoint !== 'from-pagerduty') return endpoint
  if (outputs === undefined) throw new Error('the subscription came before the integration that it belongs to')
  return outputs
}

async function list(aws: Aws, topicArn: string): Promise<readonly Subscription[]> {
  const { SNSClient, paginateListSubscriptionsByTopic } = await loadSns()
  const client = aws.client(SNSClient)
  const all: Subscription[] = []
  for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn })) {
    all.push(...(page.Subscriptions ?? []))
  }
  return all
}

/** The one subscription with this endpoint; identity is topic, protocol and endpoint. */
async function find(aws: Aws, topicArn: string, endpoint: Secret): Promise<SubscriptionSnapshot | undefined> {
  const listed = (await list(aws, topicArn)).find(({ Endpoint }) => Endpoint === sentAs(endpoint, aws))
  return listed === undefined ? undefined : snapshotOf(aws, topicArn, listed)
}

async function snapshotOf(aws: Aws, topicArn: string, subscription: Subscription): Promise<SubscriptionSnapshot> {
  const arn = parseArn(subscription.SubscriptionArn ?? '') === undefined ? undefined : subscription.SubscriptionArn
  const attributes = arn === undefined ? PENDING : await readAttributes(aws, arn)
  return {
    arn,
    topicArn,
    ...readAddress(subscription, aws),
    confirmed: arn === undefined ? false : attributes.confirmed,
    attributes: attributes.reading,
  }
}

/** The address as AWS gets it. */
function sentAs(address: Secret, { eventsUrl }: Aws): string {
  const text = address.reveal()
  const host = Object.values(HOSTS).find((one) => text.startsWith(`https://${one}/`))
  return eventsUrl === undefined || host === undefined ? text : text.replace(`https://${host}`, eventsUrl.origin)
}

/** Protocol and endpoint as they are where nothing stands in for PagerDuty. */
function readAddress({ Protocol = '', Endpoint = '' }: Subscription, { eventsUrl }: Aws) {
  const replaced = eventsUrl !== undefined && Endpoint.startsWith(`${eventsUrl.origin}/`)
  const text = replaced ? Endpoint.replace(eventsUrl.origin, `https://${HOSTS.us}`) : Endpoint
  const protocol = replaced ? 'https' : Protocol
  return { protocol, endpoint: parseEndpoint(protocol, new Secret(text)) }
}

interface Attributes {
  readonly confirmed: boolean | undefined
  readonly reading: Reading<SubscriptionAttributes>
}

const PENDING: Attributes = {
  confirmed: false,
  reading: { state: 'unreadable', why: 'a pending subscription has no ARN to ask for', denied: false },
}

async function readAttributes(aws: Aws, arn: string): Promise<Attributes> {
  const { GetSubscriptionAttributesCommand, SNSClient } = await loadSns()
  const answer = await reading(async () => {
    const { Attributes } = await aws
      .client(SNSClient)
      .send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }))
    return Attributes ?? {}
  })
  if (answer.state === 'unreadable') return { confirmed: undefined, reading: answer }
  // Gone between the list and the question: as good as pending, and read as nothing.
  const attributes = answer.value ?? {}
  return {
    confirmed: attributes.PendingConfirmation === undefined ? undefined : attributes.PendingConfirmation === 'false',
    reading: {
      state: 'read',
      value: {
        rawDelivery: attributes.RawMessageDelivery === 'true',
        filterPolicy: attributes.FilterPolicy,
        filterPolicyScope: attributes.FilterPolicyScope,
        redrivePolicy: attributes.RedrivePolicy,
        deliveryPolicy: attributes.DeliveryPolicy,
      },
    },
  }
}
