/** Checks of the subscription: does what the topic says arrive at PagerDuty, once, and in a form that it reads? */

import { counted } from '../../../counted.ts'
import { queueIn } from '../../../domain/delivery-retries.ts'
import { isMeantForPagerDuty, isPagerDuty } from '../../../domain/endpoint.ts'
import { parseArn } from '../../../domain/names.ts'
import type { SubscriptionAttributes, SubscriptionSnapshot } from '../../../domain/snapshot.ts'
import { decide } from '../../../iam/evaluator.ts'
import { awsCommand, type NextCommand } from '../../../next-command.ts'
import {
  type Check,
  type CheckName,
  FIX_COMMAND,
  type Finding,
  type FindingBuilder,
  findingFor,
  perResource,
} from '../../check.ts'
import { drillFix } from '../../drill-step.ts'
import { missingSubscriptionFix, queueFix, wrongSubscriptionFix } from '../../fixes.ts'
import { type Chain, type ChainGraph, complianceTopicBeside, readingOf, subscriptionAddress } from '../../graph.ts'

const each = perResource(
  ({ subscriptions }) => subscriptions,
  subscriptionAddress,
  // The ARN of a subscription ends with an id that says nothing, and a pending one has none.
  ({ endpoint }) => String(endpoint.address),
)

export const subscriptionExists: Check = {
  name: 'subscription.exists',
  essential: true,
  finds: 'a topic that PagerDuty is not subscribed to',
  needs: ['topic.exists'],
  run: (graph) =>
    judgedTopics(graph).map((topic) => {
      const report = findingFor('subscription.exists', topic)
      const title = 'PagerDuty is subscribed to the topic'
      const listed = readingOf(graph.gathered.snapshot.subscriptions, topic)
      if (listed.state === 'unreadable') return report.skip(title, listed.why)
      const matching = listed.value.filter(({ endpoint }) => isMeantForPagerDuty(endpoint))
      const others = listed.value.length - matching.length
      if (matching.length > 0)
        return report.pass(title, `${counted(matching.length, 'subscription')} to PagerDuty, ${others} to others`)
      if (!graph.chains.some((chain) => chain.topicArn === topic)) {
        return report.pass(
          'the topic tells others than PagerDuty',
          counted(others, 'subscription'),
          'this topic pages no one',
        )
      }
      return report.fail({
        title: 'no subscription of the topic leads to PagerDuty',
        evidence:
          others === 0 ? 'the topic has no subscription' : `${counted(others, 'subscription')}, none to PagerDuty`,
        impact:
          'Every alarm on this topic ends here: no one is paged. A subscription that nobody confirmed vanishes after 48 hours.',
        fix: missingSubscriptionFix(topic, graph),
      })
    }),
}

export const subscriptionProtocol: Check = {
  name: 'subscription.protocol',
  finds: 'an endpoint of PagerDuty over http',
  run: each('subscription.protocol', (subscription, report) => {
    const { protocol } = subscription
    if (protocol === 'https') return report.pass('SNS calls PagerDuty over https', protocol)
    return report.fail({
      title: 'SNS does not call PagerDuty over https',
      evidence: `protocol ${protocol}`,
      impact: 'PagerDuty takes messages over https alone: no page arrives.',
      fix: wrongSubscriptionFix(subscription),
    })
  }),
}

export const subscriptionEndpoint: Check = {
  name: 'subscription.endpoint',
  finds: 'a URL that is no integration URL, or a key whose form belongs to another one',
  run: each('subscription.endpoint', (subscription, report, graph) => {
    const { endpoint } = subscription
    const seen = endpoint.address.toString()
    if (endpoint.kind === 'pagerduty') {
      const region = endpoint.route.serviceRegion.toUpperCase()
      const [warning] = endpoint.warnings
      if (warning === undefined) {
        return endpoint.route.shape === 'x-ere'
          ? report.pass(
              'the endpoint is an integration URL',
              `${seen} (${region})`,
              'that OK resolves the incident is not promised on this route',
              { resolves: null },
            )
          : report.pass('the endpoint is an integration URL', `${seen} (${region})`)
      }
      return report.warn({
        title: 'the key and the shape of the integration URL do not look like a pair',
        evidence: `${seen}: ${warning}`,
        impact: 'A key behind the wrong path confirms and then drops every page.',
        works: null,
        fix: drillFix(
          'compare with the URL that PagerDuty shows, and try a fire drill',
          graph,
          chainsTo(subscription, graph),
        ),
      })
    }
    if (endpoint.kind === 'cloudwatch-adapter') {
      return report.warn({
        title: 'the endpoint is the older form of a CloudWatch integration URL',
        evidence: seen,
        impact: 'PagerDuty took alarms at such URLs for years; whether it still does, only a drill shows.',
        works: null,
        fix: drillFix(
          'try a fire drill; then move to the integration URL of today',
          graph,
          chainsTo(subscription, graph),
        ),
      })
    }
    return report.fail({
      title: 'the endpoint is not an integration URL',
      evidence: `${seen}: ${'why' in endpoint ? endpoint.why : 'not a host of PagerDuty'}`,
      impact: 'PagerDuty does not take SNS messages there: no one is paged.',
      fix: wrongSubscriptionFix(subscription),
    })
  }),
}

export const subscriptionConfirmed: Check = {
  name: 'subscription.confirmed',
  essential: true,
  finds: 'a subscription that PagerDuty has not confirmed',
  run: each('subscription.confirmed', (subscription, report, graph) => {
    const title = 'PagerDuty has confirmed the subscription'
    if (subscription.arn !== undefined && subscription.confirmed === undefined) {
      return report.skip(
        title,
        whyUnread(subscription) ?? 'whether it is confirmed was not read; an ARN alone does not say so',
      )
    }
    if (subscription.arn !== undefined && subscription.confirmed)
      return report.pass(title, 'PendingConfirmation is false')
    const { topicArn, endpoint } = subscription
    return report.fail({
      title: 'PagerDuty has not confirmed the subscription',
      evidence: subscription.arn === undefined ? 'listed as PendingConfirmation' : 'PendingConfirmation is true',
      impact: `Until it does, ${pendingEffect(subscription, graph)}. After 48 hours the subscription vanishes.`,
      fix: {
        summary:
          'sends the confirmation again; if it stays pending the key is wrong or deleted, the URL is of another integration type, or the host is of the other region (US, EU)',
        command: FIX_COMMAND,
        repairs: [{ kind: 'subscribe-again', topicArn, endpoint: endpoint.address }],
      },
    })
  }),
}

export const subscriptionRawDelivery: Check = {
  name: 'subscription.raw-delivery',
  essential: true,
  finds: 'raw delivery, which PagerDuty cannot read',
  needs: ['subscription.confirmed'],
  run: eachRead('subscription.raw-delivery', 'SNS sends the whole envelope', (subscription, attributes, report) => {
    if (!attributes.rawDelivery) return report.pass('SNS sends the whole envelope', 'RawMessageDelivery is false')
    const { arn, endpoint } = subscription
    const repair = { kind: 'raw-delivery', subscriptionArn: arn ?? '', endpoint: endpoint.address } as const
    return report.fail({
      title: 'raw message delivery is on',
      evidence: 'RawMessageDelivery is true',
      impact:
        'PagerDuty looks for the alarm inside the SNS envelope, which is gone: every page is dropped without a trace.',
      fix: {
        summary: 'turns raw delivery off',
        command: FIX_COMMAND,
        ...(arn === undefined ? {} : { repairs: [repair] }),
      },
    })
  }),
}

export const subscriptionFilterPolicy: Check = {
  name: 'subscription.filter-policy',
  essential: true,
  finds: 'a filter policy that holds messages back',
  needs: ['subscription.confirmed'],
  run: eachRead(
    'subscription.filter-policy',
    'no filter policy holds messages back',
    (subscription, attributes, report) => {
      const policy = attributes.filterPolicy?.trim() ?? ''
      if (policy === '' || policy === '{}') return report.pass('no filter policy holds messages back', 'none')
      const repair = withAttribute(subscription, 'FilterPolicy', '{}')
      if (attributes.filterPolicyScope === 'MessageBody') {
        return report.warn({
          title: 'a filter policy looks into the messages',
          evidence: `FilterPolicy ${policy}, scope MessageBody`,
          works: null,
          impact: 'An ALARM that it holds back pages no one, an OK that it holds back leaves the incident open.',
          fix: { summary: 'make sure that it lets ALARM and OK through, or remove it', ...repair },
        })
      }
      return report.fail({
        title: 'a filter policy on message attributes holds everything back',
        evidence: `FilterPolicy ${policy}, scope ${attributes.filterPolicyScope ?? 'MessageAttributes'}`,
        impact: 'The messages of an alarm carry no attributes, so none passes: no one is paged.',
        fix: { summary: 'remove the filter policy', ...repair },
      })
    },
  ),
}

export const subscriptionThrottle: Check = {
  name: 'subscription.throttle',
  finds: 'a delivery policy that allows less than one message a second',
  needs: ['subscription.confirmed'],
  run: eachRead('subscription.throttle', 'SNS sends at once', (subscription, attributes, report) => {
    const rate = throttleOf(attributes.deliveryPolicy)
    if (rate === undefined || rate >= 1)
      return report.pass('SNS sends at once', rate === undefined ? 'no throttle' : `${rate} a second`)
    return report.warn({
      title: 'the delivery policy holds messages back',
      evidence: `maxReceivesPerSecond ${rate}`,
      impact: 'A page waits behind the messages before it.',
      fix: {
        summary: 'take the throttle out of the delivery policy',
        ...withAttribute(subscription, 'DeliveryPolicy', withoutThrottle(attributes.deliveryPolicy ?? '{}')),
      },
    })
  }),
}

export const subscriptionDuplicate: Check = {
  name: 'subscription.duplicate',
  finds: 'two ways from one topic to PagerDuty: two incidents for each alarm',
  run: (graph) =>
    judgedTopics(graph).flatMap((topic) => {
      const listed = graph.gathered.snapshot.subscriptions.get(topic)
      if (listed?.state !== 'read') return []
      const matching = listed.value.filter(({ endpoint }) => isPagerDuty(endpoint))
      if (matching.length === 0) return []
      const report = findingFor('subscription.duplicate', topic)
      if (matching.length === 1)
        return [report.pass('the topic tells PagerDuty once', String(matching[0]?.endpoint.address))]
      return [
        report.warn({
          title: 'the topic tells PagerDuty more than once',
          evidence: matching.map(({ endpoint }) => endpoint.address.toString()).join(', '),
          impact: 'Each alarm pages once for each subscription; after a rotation of the key the old one still pages.',
          // Which one is the old one only a person knows.
          fix: {
            summary: `remove the one that is no longer wanted, after the other is confirmed: ${matching.map(({ arn }) => arn).join(' or ')}`,
          },
        }),
      ]
    }),
}

/** About 120 events a minute are taken for one key, then they are refused (PagerDuty developer docs, rate limits). */
const ALARMS_FOR_ONE_KEY = 100

export const subscriptionDeadLetterQueue: Check = {
  name: 'subscription.dead-letter-queue',
  finds:
    'messages that PagerDuty did not take, a dead-letter queue that takes none, or more than a hundred alarms on one key without a queue',
  needs: ['subscription.confirmed'],
  run: eachRead(
    'subscription.dead-letter-queue',
    'what PagerDuty does not take is kept',
    (subscription, attributes, report, graph) => {
      const alarms = new Set(
        graph.chains.filter((chain) => chain.subscription === subscription).map((chain) => chain.alarm),
      ).size
      const queue = queueIn(attributes.redrivePolicy)
      if (queue !== undefined) return queueFinding(queue, subscription, report, graph)
      if (alarms > ALARMS_FOR_ONE_KEY) {
        return report.warn({
          title: 'very many alarms share one integration key, and nothing keeps what is refused',
          evidence: `${alarms} alarms, no RedrivePolicy`,
          impact: 'PagerDuty takes about 120 events a minute for one key; in a storm the rest is lost.',
          fix: {
            summary: 'give the subscription a dead-letter queue (its RedrivePolicy), or each topic a key of its own',
          },
        })
      }
      const note = 'after the retries of SNS a message is lost; a queue would keep it'
      return report.pass('there is no dead-letter queue', 'no RedrivePolicy', note)
    },
  ),
}

/** Whether the queue is there, takes what SNS sends, and holds nothing. */
function queueFinding(
  arn: string,
  { topicArn }: SubscriptionSnapshot,
  report: FindingBuilder,
  graph: ChainGraph,
): Finding {
  const { gathered, site } = graph
  const title = 'what PagerDuty does not take is kept'
  const reading = readingOf(gathered.snapshot.queues, arn)
  if (reading.state === 'unreadable') return report.skip(title, reading.why)
  const queue = reading.value
  if (queue === undefined) {
    return report.warn({
      title: 'the dead-letter queue of the subscription is not there',
      evidence: arn,
      impact: 'What PagerDuty does not take is lost after the retries of SNS.',
      fix: queueFix(topicArn, graph),
    })
  }
  const context = { 'aws:SourceArn': topicArn, 'aws:SourceAccount': site.account }
  const sending = { principal: { service: 'sns.amazonaws.com' }, action: 'sqs:SendMessage', resource: arn, context }
  const maySend = decide(queue.policy, sending)
  if (maySend === 'no') {
    return report.warn({
      title: 'the dead-letter queue does not take what SNS sends',
      evidence: `the policy of ${arn} does not let sns.amazonaws.com send messages of ${topicArn}`,
      impact: 'What PagerDuty does not take is lost after the retries of SNS.',
      fix: queueFix(topicArn, graph),
    })
  }
  if (queue.messages > 0) {
    return report.warn({
      title: 'the dead-letter queue holds what PagerDuty did not take',
      evidence: `about ${counted(queue.messages, 'message')} in ${arn}`,
      impact: 'Each is an ALARM or an OK that PagerDuty never saw: no one was paged, or the incident stayed open.',
      fix: {
        summary: 'look at them, then purge the queue; a message stays for 14 days at most',
        look: awsCommand('sqs receive-message', { 'queue-url': queue.url, 'max-number-of-messages': '10' }),
      },
    })
  }
  const evidence = `no message in ${arn}, kept for ${queue.retentionS / 86_400} days`
  const note = 'whether its policy lets SNS send there is unknown'
  return maySend === 'yes' ? report.pass(title, evidence) : report.pass(title, evidence, note)
}

/** Another topic may well page, and another subscription of the same one. */
function pendingEffect(pending: SubscriptionSnapshot, graph: ChainGraph): string {
  const { topicArn } = pending
  const alarms = `the alarms of topic ${parseArn(topicArn)?.resource ?? topicArn}`
  const isServed = graph.subscriptions.some(
    (other) => other.topicArn === topicArn && other.confirmed === true && isPagerDuty(other.endpoint),
  )
  return isServed ? `${alarms} page through another subscription alone` : `no one is paged by ${alarms}`
}

/** Topics on the way to PagerDuty; those of compliance twins are meant to page no one. */
function judgedTopics(graph: ChainGraph): readonly string[] {
  const silent = new Set(graph.alarms.map((alarm) => complianceTopicBeside(alarm, graph.site)))
  return graph.topics.filter((topic) => !silent.has(topic))
}

function eachRead(
  name: CheckName,
  title: string,
  judge: (
    subscription: SubscriptionSnapshot,
    attributes: SubscriptionAttributes,
    report: FindingBuilder,
    graph: ChainGraph,
  ) => Finding,
): Check['run'] {
  return each(name, (subscription, report, graph) => {
    const { attributes } = subscription
    if (attributes.state === 'unreadable') return report.skip(title, attributes.why)
    return judge(subscription, attributes.value, report, graph)
  })
}

/** `throttlePolicy.maxReceivesPerSecond` of a delivery policy; undefined where there is none. */
function throttleOf(policy: string | undefined): number | undefined {
  return Number(/"maxReceivesPerSecond"\s*:\s*([\d.]+)/.exec(policy ?? '')?.[1] ?? Number.NaN) || undefined
}

function whyUnread({ attributes }: SubscriptionSnapshot): string | undefined {
  return attributes.state === 'unreadable' ? attributes.why : undefined
}

/** The policy as it is without its throttle, wherever that stands; nothing where it cannot be read. */
function withoutThrottle(policy: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(policy, (name, value) => (name === 'throttlePolicy' ? undefined : value)))
  } catch {
    return undefined
  }
}

function withAttribute(
  { arn }: SubscriptionSnapshot,
  name: string,
  value: string | undefined,
): { readonly command?: NextCommand } {
  if (arn === undefined || value === undefined) return {}
  const command = awsCommand('sns set-subscription-attributes', {
    'subscription-arn': arn,
    'attribute-name': name,
    'attribute-value': value,
  })
  return { command }
}

/** Those whose signal ends there. */
function chainsTo(endpoint: SubscriptionSnapshot, { chains }: ChainGraph): readonly Chain[] {
  return chains.filter(({ subscription }) => subscription === endpoint)
}
