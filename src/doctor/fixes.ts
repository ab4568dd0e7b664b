/** Commands that repair what `doctor --fix` does not: with `init` where the chain is managed, and else by the AWS CLI. */

import { catalogue } from '../detections/catalogue.ts'
import { fireDrill } from '../detections/drill.ts'
import { isPagerDuty } from '../domain/endpoint.ts'
import { parseMarker } from '../domain/marker.ts'
import { chainNames, DEFAULT_NAME, parseArn } from '../domain/names.ts'
import { type AlarmSnapshot, type MetricFilterSnapshot, type TrailSnapshot, valueIfRead } from '../domain/snapshot.ts'
import { awsCommand, commandLine, type NextCommand } from '../next-command.ts'
import { toolCommand } from '../options/next-command.ts'
import type { AlarmChange } from '../plan/repair.ts'
import type { Fix } from './check.ts'
import type { ChainGraph } from './graph.ts'

/** What stands for the integration URL, which is a secret and is not known here. */
export const INTEGRATION_URL = 'INTEGRATION-URL'

/** The only topic of this region that PagerDuty is subscribed to; undefined where there is none, or a choice. */
export function pagingTopic({ gathered: { snapshot, diagnostics }, site }: ChainGraph): string | undefined {
  const told = [...snapshot.subscriptions].flatMap(([topic, listed]) => {
    const pages = listed.state === 'read' && listed.value.some(({ endpoint }) => isPagerDuty(endpoint))
    return pages ? [topic] : []
  })
  const known = told.length > 0 || diagnostics.pagingTopics === undefined ? told : valueIfRead(diagnostics.pagingTopics)
  const topics = (known ?? []).filter((topic) => parseArn(topic)?.region === site.region)
  return topics.length === 1 ? topics[0] : undefined
}

/** Both actions of an alarm with the topic in place of those of `away`. */
export function withTopic(alarm: AlarmSnapshot, topic: string, away: readonly string[] = []): AlarmChange {
  const changed = (actions: readonly string[]) => [
    ...new Set([...actions.filter((action) => !away.includes(action)), topic]),
  ]
  return { AlarmActions: changed(alarm.alarmActions), OKActions: changed(alarm.okActions) }
}

/** A new alarm on the metric of a filter: that of its detection where the filter is managed. */
export function missingAlarmFix(filter: MetricFilterSnapshot, graph: ChainGraph): Fix {
  const managed = managedFilter(filter, graph)
  const summary = 'make an alarm on this metric, or remove the filter'
  if (managed !== undefined) return { summary, command: convergence(graph, managed.name, [managed.detection]) }
  const [metric] = filter.transformations
  if (metric === undefined) return { summary: 'let the filter write a metric, or remove it' }
  const topic = pagingTopic(graph)
  if (topic === undefined) return { summary: `${summary}; it has to tell the topic that PagerDuty is subscribed to` }
  const command = awsCommand('cloudwatch put-metric-alarm', {
    'alarm-name': `${metric.name}-${graph.site.account}-${graph.site.region}`,
    namespace: metric.namespace,
    'metric-name': metric.name,
    statistic: 'Sum',
    period: '300',
    'evaluation-periods': '1',
    threshold: '1',
    'comparison-operator': 'GreaterThanOrEqualToThreshold',
    'treat-missing-data': 'notBreaching',
    'alarm-actions': topic,
    'ok-actions': topic,
    region: graph.site.region,
  })
  return { summary, command }
}

/** The topic itself, under the name by which its alarms know it. */
export function missingTopicFix(topic: string, graph: ChainGraph): Fix {
  const managed = managedTopic(topic, graph)
  if (managed !== undefined) {
    const command = { ...convergence(graph, managed.name, managed.detections), secrets: [KEY_VARIABLE] }
    return { summary: 'make the topic again, with its subscription', command }
  }
  const { resource = topic, region = graph.site.region, account } = parseArn(topic) ?? {}
  if (account !== graph.site.account) return { summary: `have account ${account} make topic ${topic} again` }
  const command = awsCommand('sns create-topic', { name: resource, region })
  return { summary: 'make the topic again, then subscribe the integration URL to it', command }
}

/** The subscription that pages; `topic` exists. */
export function missingSubscriptionFix(topic: string, graph: ChainGraph): Fix {
  const managed = managedTopic(topic, graph)
  const summary = 'subscribe the integration URL that PagerDuty shows'
  if (managed === undefined) return { summary, command: subscribe(topic) }
  return {
    summary,
    command: { ...convergence(graph, managed.name, managed.detections), secrets: [KEY_VARIABLE] },
  }
}

/** A subscription that leads nowhere: the right one comes first, then this one goes. */
export function wrongSubscriptionFix({
  arn,
  topicArn,
}: {
  readonly arn: string | undefined
  readonly topicArn: string
}): Fix {
  const lines = [commandLine(subscribe(topicArn))]
  const summary = 'subscribe the integration URL that PagerDuty shows, then remove this subscription'
  if (arn === undefined) return { summary, lines }
  const region = parseArn(topicArn)?.region
  return {
    summary,
    lines,
    command: awsCommand('sns unsubscribe', { 'subscription-arn': arn, ...(region === undefined ? {} : { region }) }),
  }
}

/** Takes the key off a topic: the alarms come through at once, and a customer key can follow. */
export function noKeyFix(topic: string): Fix {
  const region = parseArn(topic)?.region
  const command = awsCommand('sns set-topic-attributes', {
    'topic-arn': topic,
    'attribute-name': 'KmsMasterKeyId',
    'attribute-value': '',
    ...(region === undefined ? {} : { region }),
  })
  return { summary: 'use a customer key that admits CloudWatch, or no key; the command takes the key off', command }
}

/** The delivery of a trail, and no second chain: `init` names the detections that the account has already. */
export function deliveryFix({ name }: TrailSnapshot, graph: ChainGraph): Fix {
  const managed = graph.filters.flatMap((filter) => managedFilter(filter, graph) ?? [])
  const [first] = managed
  if (first !== undefined) {
    const detections = managed.filter((one) => one.name === first.name).map(({ detection }) => detection)
    const command = convergence(
      { ...graph, trails: graph.trails.filter((one) => one.name === name) },
      first.name,
      detections,
    )
    return { summary: 'set the delivery up again', command }
  }
  const groups = [...new Set(graph.filters.map(({ logGroup }) => logGroup))]
  if (groups.length === 0) {
    return { summary: 'attach a log group with its role', command: toolCommand('init', { trail: name }) }
  }
  return {
    summary: `let trail ${name} deliver to log group ${groups.join(' or ')} again, with a role that may write there: aws cloudtrail update-trail`,
  }
}

const KEY_VARIABLE = 'CLOUDTRAIL_PD_INTEGRATION_KEY'

function subscribe(topic: string): NextCommand {
  const region = parseArn(topic)?.region
  return awsCommand('sns subscribe', {
    'topic-arn': topic,
    protocol: 'https',
    'notification-endpoint': INTEGRATION_URL,
    ...(region === undefined ? {} : { region }),
  })
}

/** The `init` that brings a managed chain back, and makes no other. */
function convergence({ trails }: ChainGraph, name: string, detections: readonly string[]): NextCommand {
  const trail = trails.length === 1 ? trails[0]?.name : undefined
  const ids = detections.filter((id) => id !== fireDrill.id)
  const drill = ids.length < detections.length ? true : undefined
  return toolCommand('init', { ...(name === DEFAULT_NAME ? {} : { name }), trail, detections: ids, drill })
}

/** Of a filter that has the exact name and namespace which a chain computes; the mark of its alarm is gone with the alarm. */
function managedFilter(
  { name, transformations }: MetricFilterSnapshot,
  { site }: ChainGraph,
): { readonly name: string; readonly detection: string } | undefined {
  const [metric] = transformations
  const namespace = /^CloudTrailPagerDuty(?:\/(.+))?$/.exec(metric?.namespace ?? '')
  if (namespace === null) return undefined
  const prefix = namespace[1] ?? DEFAULT_NAME
  const detection = name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : ''
  const known =
    [...catalogue, fireDrill].some(({ id }) => id === detection) &&
    chainNames(prefix, site).metricFilter(detection) === name
  return known ? { name: prefix, detection } : undefined
}

/** Of a topic that has the name which the chain of its alarms computes, where no one else's alarm tells it. */
function managedTopic(
  topic: string,
  graph: ChainGraph,
): { readonly name: string; readonly detections: readonly string[] } | undefined {
  const marks = graph.alarmsTelling(topic).map(({ description }) => parseMarker(description))
  const [first] = marks
  if (first === undefined || marks.some((mark) => mark?.name !== first.name || mark.deployedBy !== undefined)) {
    return undefined
  }
  if (parseArn(topic)?.resource !== chainNames(first.name, graph.site).topic) return undefined
  return { name: first.name, detections: [...new Set(marks.flatMap((mark) => mark?.detection ?? []))] }
}
