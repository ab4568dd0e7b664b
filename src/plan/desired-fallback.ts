/** The second way out: an alarm on failed deliveries, and an e-mail topic of its own that never leads over the chain. */

import { DELIVERY_FAILURES, formatMarker, HEARTBEAT, parseMarker } from '../domain/marker.ts'
import { chainNames, parseArn, type Site, topicArn } from '../domain/names.ts'
import type { AlarmSpec, Resource, Tags } from '../domain/resources.ts'
import { Secret } from '../domain/secret.ts'
import { type Snapshot, type SubscriptionSnapshot, valueIfRead } from '../domain/snapshot.ts'
import type { NotificationNames } from './chain-names.ts'
import { alarmSpec } from './current-state.ts'
import { managedAlarms } from './managed.ts'
import type { FallbackSetup, Setup } from './setup.ts'

/** Seconds. */
const PERIOD_S = 300

export function emailSubscriptions(
  { fallback }: Setup,
  { fallbackTopicArn }: NotificationNames,
): readonly Resource<'email-subscription'>[] {
  if (fallback === undefined || fallbackTopicArn === undefined) return []
  return fallback.addresses.map((address) => emailSubscription(fallbackTopicArn, address))
}

export function emailSubscription(topic: string, address: string, confirmed = true): Resource<'email-subscription'> {
  const spec = { topicArn: topic, address, confirmed }
  return { kind: 'email-subscription', name: address, ownership: 'managed', spec }
}

/** Nothing, or the alarm that tells by e-mail that SNS could not deliver to PagerDuty. */
export function failuresAlarm(
  setup: Setup,
  site: Site,
  { topicArn: paging, fallbackTopicArn }: NotificationNames,
  tags: Tags,
): readonly Resource<'alarm'>[] {
  const { fallback } = setup
  if (fallback === undefined || fallbackTopicArn === undefined) return []
  const spec: AlarmSpec = {
    description: describe(setup, fallback),
    // Every attempt that fails counts, also one that is tried again (SNS developer guide, CloudWatch metrics).
    metric: {
      namespace: 'AWS/SNS',
      name: 'NumberOfNotificationsFailed',
      dimensions: { TopicName: parseArn(paging)?.resource ?? paging.slice(paging.lastIndexOf(':') + 1) },
    },
    statistic: 'Sum',
    period: PERIOD_S,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    threshold: 1,
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    // A topic without failures publishes nothing.
    treatMissingData: 'notBreaching',
    alarmActions: [fallbackTopicArn],
    okActions: [fallbackTopicArn],
    insufficientDataActions: [],
    actionsEnabled: true,
    tags,
  }
  const name = chainNames(setup.name, site).alarm(DELIVERY_FAILURES, 'paging')
  return [{ kind: 'alarm', name, ownership: 'managed', spec }]
}

/** The heartbeat of an earlier run that this one does not name: as it is, and also over the e-mail topic. */
export function keptHeartbeat(
  setup: Setup,
  snapshot: Snapshot,
  { fallbackTopicArn }: NotificationNames,
): readonly Resource<'alarm'>[] {
  if (setup.heartbeat !== undefined || setup.fallback?.keepsHeartbeat !== true || fallbackTopicArn === undefined)
    return []
  const found = managedAlarms(snapshot, setup.name).find(
    ({ description }) => parseMarker(description)?.detection === HEARTBEAT,
  )
  if (found === undefined) return []
  const spec = alarmSpec(found)
  const also = (actions: readonly string[]) => [...new Set([...actions, fallbackTopicArn])]
  const okActions = spec.okActions.length === 0 ? [] : also(spec.okActions)
  return [
    {
      kind: 'alarm',
      name: found.name,
      ownership: 'managed',
      spec: { ...spec, alarmActions: also(spec.alarmActions), okActions },
    },
  ]
}

const ADDRESSES = 'By e-mail to: '

/** The addresses that init subscribed, as the alarm on failed deliveries remembers them; SNS itself records no owner. */
export function recordedAddresses(snapshot: Pick<Snapshot, 'alarms' | 'site'>, prefix: string): readonly string[] {
  return managedAlarms(snapshot as Snapshot, prefix).flatMap(({ description }) =>
    parseMarker(description)?.detection === DELIVERY_FAILURES ? addressesIn(description) : [],
  )
}

export function addressesIn(description: string): readonly string[] {
  const line = description.split('\n').find((text) => text.startsWith(ADDRESSES))
  return line === undefined ? [] : line.slice(ADDRESSES.length).split(', ')
}

/** The e-mail topic of the chain. */
export function fallbackTopicArn(site: Site, prefix: string): string {
  return topicArn(site, chainNames(prefix, site).fallbackTopic)
}

/** The subscription of this address to the e-mail topic. */
export function emailSubscriptionOf(
  snapshot: Pick<Snapshot, 'subscriptions'>,
  topic: string,
  address: string,
): SubscriptionSnapshot | undefined {
  return (valueIfRead(snapshot.subscriptions.get(topic)) ?? []).find((one) => isEmailTo(one, address))
}

export function isEmailTo({ protocol, endpoint }: SubscriptionSnapshot, address: string): boolean {
  return protocol.startsWith('email') && endpoint.address.equals(new Secret(address))
}

function describe(setup: Setup, { recorded }: FallbackSetup): string {
  const marker = formatMarker({
    name: setup.name,
    detection: DELIVERY_FAILURES,
    hold: undefined,
    autoResolve: true,
    deployedBy: setup.deployedBy,
  })
  return [
    'SNS could not deliver to PagerDuty: alarms of this chain page late, or no one.',
    'First: see whether PagerDuty has an outage, and run npx cloudtrail-pd doctor.',
    `${ADDRESSES}${recorded.join(', ')}`,
    marker,
  ].join('\n')
}
