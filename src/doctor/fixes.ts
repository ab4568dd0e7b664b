/** Commands that repair what `doctor --fix` does not: with `init` where the chain is managed, and else by the AWS CLI. */

import { catalogue } from '../detections/catalogue.ts'
import type { Detection } from '../detections/detection.ts'
import { fireDrill } from '../detections/drill.ts'
import { isPagerDuty } from '../domain/endpoint.ts'
import { parseMarker } from '../domain/marker.ts'
import { chainNames, DEFAULT_NAME, logGroupNameOf, parseArn } from '../domain/names.ts'
import {
  type AlarmSnapshot,
  type MetricFilterSnapshot,
  type MetricTransformation,
  type TrailSnapshot,
  valueIfRead,
} from '../domain/snapshot.ts'
import { awsCommand, commandLine, type NextCommand } from '../next-command.ts'
import type { InitOptions } from '../options/command-options.ts'
import { toolCommand } from '../options/next-command.ts'
import { flagOf } from '../options/table.ts'
import { minutesOfSilence } from '../plan/desired-heartbeat.ts'
import type { AlarmChange } from '../plan/repair.ts'
import { linksOf, type MadeLink, madeTogether, nameOption, placeOptions } from './as-made.ts'
import type { Fix } from './check.ts'
import type { Chain, ChainGraph } from './graph.ts'
import { isHeartbeat, metricsOf, metricText } from './indexes.ts'

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

/** A new alarm on the metric of a filter: where the filter is managed, every alarm that its chain lacks. */
export function missingAlarmFix(filter: MetricFilterSnapshot, graph: ChainGraph): Fix {
  const managed = managedFilter(filter, graph)
  if (managed !== undefined) {
    // Where a run stopped, many are missing at a time.
    const summary = 'makes every alarm that the chain lacks'
    return { summary, command: convergence(graph, managed.name, detectionsOf(managed.name, graph)) }
  }
  const summary = 'make an alarm on this metric, or remove the filter'
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

/** The filters of a log group that has none any more: those that the marks of its alarms name, and no others. */
export function missingFiltersFix(logGroup: string, graph: ChainGraph): Fix {
  const alarms = (valueIfRead(graph.gathered.snapshot.alarms) ?? []).filter((alarm) => waits(alarm, graph))
  const marks = alarms.flatMap(({ description }) => parseMarker(description) ?? [])
  const [first] = marks
  if (first !== undefined && first.deployedBy === undefined) {
    const ids = marks.filter(({ name }) => name === first.name).map(({ detection }) => detection)
    return {
      summary: 'make the filters again that its alarms wait for',
      command: convergence(graph, first.name, [...new Set(ids)]),
    }
  }
  if (alarms.length > 0) {
    const waiting = [...new Set(alarms.flatMap((alarm) => metricsOf(alarm).map(metricText)))]
    const named = waiting.length > NAMED ? `${waiting.slice(0, NAMED).join(', ')} and more` : waiting.join(', ')
    return { summary: `make the filters again that write ${named}: alarms wait for what no filter writes` }
  }
  const trail = graph.trails.find(({ logGroupArn }) => logGroupNameOf(logGroupArn ?? '') === logGroup)
  return {
    summary: 'install detections on this log group',
    command: toolCommand('init', trail === undefined ? { logGroup } : { trail: trail.name }),
  }
}

/** So many metrics are named. */
const NAMED = 5

/** An alarm on a metric of somebody's own that no filter writes. */
function waits(alarm: AlarmSnapshot, graph: ChainGraph): boolean {
  if (alarm.type !== 'metric' || isHeartbeat(alarm) || graph.joins.filtersOf(alarm).length > 0) return false
  return metricsOf(alarm).some(({ namespace }) => !namespace.startsWith('AWS/'))
}

/** A detection that the log group of a filter lacks: `init` adds it to the chain of that filter, and to no other. */
export function missingDetectionFix(detection: Detection, beside: MetricFilterSnapshot, graph: ChainGraph): Fix {
  const managed = managedFilter(beside, graph)
  if (managed === undefined) {
    const summary = `add a filter with an alarm to log group ${beside.logGroup}; its pattern is ${detection.paging.pattern}`
    return { summary, verbatim: true }
  }
  const ids = detectionsOf(managed.name, graph)
  const command = convergence(graph, managed.name, [...new Set([...ids, detection.id])])
  return { summary: `install ${detection.id} as well`, command }
}

/** The heartbeat as `init` makes it, with the period that it has. */
export function heartbeatFix(alarm: AlarmSnapshot, graph: ChainGraph): Fix {
  const summary = 'writes the heartbeat again, and leaves the rest of the chain as it is'
  const { name } = parseMarker(alarm.description) ?? { name: DEFAULT_NAME }
  return watchingFix(name, summary, { heartbeat: minutesOfSilence(alarm) }, graph)
}

/** Options of the parts that watch a chain. */
type WatchingParts = Pick<InitOptions, 'heartbeat' | 'dashboard' | 'deadLetterQueue' | 'fallbackEmail'>

/** Parts that watch the chain of this name, as `init` makes them, and no other detections than it has. */
export function watchingFix(name: string, summary: string, parts: WatchingParts, graph: ChainGraph): Fix {
  const ids = detectionsOf(name, graph)
  const { otherwise } = makingOf(name, graph)
  const tuned = ids.filter((id) => otherwise.has(id))
  const hasOthers = ids.some((id) => id !== fireDrill.id && !otherwise.has(id))
  // A dashboard shows all alarms of its chain.
  if (hasOthers && (tuned.length === 0 || parts.dashboard !== true))
    return { summary, command: convergence(graph, name, ids, parts) }
  const flags = (Object.keys(parts) as (keyof WatchingParts)[]).map(flagOf).join(' ')
  const own =
    tuned.length > 0 ? ` and the options that it was made with, which are not known of ${tuned.join(', ')}` : ''
  return { summary: `run init again for chain ${name}, with ${flags}${own}` }
}

/** Alarm, topic and e-mail subscription of the chain as `init` makes them. */
export function fallbackFix(name: string, address: string | undefined, graph: ChainGraph): Fix {
  const summary = 'writes alarm, topic and subscription again, and leaves the rest of the chain as it is'
  if (address === undefined) return { summary: `run init again for chain ${name}, with ${flagOf('fallbackEmail')}` }
  return watchingFix(name, summary, { fallbackEmail: address }, graph)
}

/** The dead-letter queue as `init` makes it; of a topic that is not managed, what has to be done. */
export function queueFix(topic: string, graph: ChainGraph): Fix {
  const managed = managedTopic(topic, graph)
  if (managed === undefined) return { summary: 'give the subscription a queue that takes messages of the topic' }
  const summary = 'writes queue, policy and subscription again, and leaves the rest of the chain as it is'
  return watchingFix(managed.name, summary, { deadLetterQueue: true }, graph)
}

/**
 * The filter written again with a change. PutMetricFilter replaces the whole filter, so one with members that would not
 * survive gets words alone.
 */
export function filterFix(
  filter: MetricFilterSnapshot,
  change: Partial<Pick<MetricFilterSnapshot, 'pattern' | 'transformations'>>,
  summary: string,
  graph: ChainGraph,
): Fix {
  const { logGroup, name, pattern, transformations, onTransformedLogs, selectionCriteria } = { ...filter, ...change }
  const words: Fix = change.pattern === undefined ? { summary } : { summary, verbatim: true }
  if (selectionCriteria !== undefined || onTransformedLogs || transformations.length === 0) return words
  const command = awsCommand('logs put-metric-filter', {
    'log-group-name': logGroup,
    'filter-name': name,
    'filter-pattern': pattern,
    'metric-transformations': JSON.stringify(transformations.map(transformationInput)),
    region: graph.site.region,
  })
  const inCode = change.pattern !== undefined && managedFilter(filter, graph) === undefined
  return inCode ? { ...words, command, lines: patternInCode(pattern) } : { ...words, command }
}

function transformationInput({ namespace, name, value, defaultValue, dimensions, unit }: MetricTransformation): object {
  return {
    metricNamespace: namespace,
    metricName: name,
    metricValue: value,
    ...(defaultValue === undefined ? {} : { defaultValue }),
    ...(Object.keys(dimensions).length === 0 ? {} : { dimensions }),
    ...(unit === undefined ? {} : { unit }),
  }
}

/** Where a pattern belongs in Terraform, where `${` and `%{` begin a template, and in CloudFormation. */
function patternInCode(pattern: string): readonly string[] {
  const text = JSON.stringify(pattern)
  return [
    `in Terraform: aws_cloudwatch_log_metric_filter, pattern = ${text.replaceAll(/([$%])\{/g, '$1$1{')}`,
    `in CloudFormation: AWS::Logs::MetricFilter, FilterPattern: ${text}`,
  ]
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
  const command = subscribe(topicArn)
  const summary = 'subscribe the integration URL that PagerDuty shows, then remove this subscription'
  if (arn === undefined) return { summary, command }
  const region = parseArn(topicArn)?.region
  const removed = awsCommand('sns unsubscribe', {
    'subscription-arn': arn,
    ...(region === undefined ? {} : { region }),
  })
  return { summary, command, lines: [commandLine(removed)] }
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
  const [first] = managedFilters(graph)
  if (first !== undefined) {
    const ofTrail = { ...graph, trails: graph.trails.filter((one) => one.name === name) }
    const command = convergence(ofTrail, first.name, detectionsOf(first.name, graph))
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

/**
 * The `init` that brings a managed chain back, and makes no other. It would write back what was tuned without being told
 * again, so it names those detections only where there are no others.
 */
function convergence(
  graph: ChainGraph,
  name: string,
  detections: readonly string[],
  more: WatchingParts = {},
): NextCommand {
  const { trails, gathered } = graph
  const trail = trails.length === 1 ? trails[0]?.name : undefined
  const named = detections.filter((id) => id !== fireDrill.id)
  const drill = named.length < detections.length ? true : undefined
  const { first, otherwise } = makingOf(name, graph)
  const plain = named.filter((id) => !otherwise.has(id))
  return toolCommand('init', {
    ...nameOption({ name }),
    trail,
    ...(first && placeOptions(first, gathered.snapshot.logGroups)),
    detections: plain.length > 0 ? plain : named,
    drill,
    ...more,
  })
}

interface Making {
  /** With whose options the chain is made again. */
  readonly first: MadeLink | undefined
  /** The detections that these options would change. */
  readonly otherwise: ReadonlySet<string>
}

/** By the chains of a graph, in which many findings may ask for the same name. */
const MAKINGS = new WeakMap<readonly Chain[], Map<string, Making>>()

function makingOf(name: string, { chains }: ChainGraph): Making {
  const known = MAKINGS.get(chains) ?? new Map<string, Making>()
  MAKINGS.set(chains, known)
  const making = known.get(name) ?? judgeMaking(name, chains)
  known.set(name, making)
  return making
}

function judgeMaking(name: string, chains: readonly Chain[]): Making {
  // What has lost its filter is made again, whatever it was; the drill is never tuned.
  const links = linksOf(chains).filter(
    ({ marker, chain }) => marker?.name === name && marker.detection !== fireDrill.id && chain.filter !== undefined,
  )
  const made = madeTogether(links)
  const alike = new Set(made.map(({ alarm }) => alarm))
  return {
    first: made[0],
    otherwise: new Set(links.flatMap(({ alarm, marker }) => (alike.has(alarm) ? [] : (marker?.detection ?? [])))),
  }
}

function managedFilters(graph: ChainGraph): readonly ManagedFilter[] {
  return graph.filters.flatMap((filter) => managedFilter(filter, graph) ?? [])
}

/** The detections that the chain of this name has filters of. */
function detectionsOf(name: string, graph: ChainGraph): readonly string[] {
  return managedFilters(graph).flatMap((one) => (one.name === name ? [one.detection] : []))
}

interface ManagedFilter {
  /** Of the chain. */
  readonly name: string
  readonly detection: string
}

/** Of a filter that has the exact name and namespace which a chain computes; the mark of its alarm is gone with the alarm. */
function managedFilter(
  { name, transformations }: MetricFilterSnapshot,
  { site }: ChainGraph,
): ManagedFilter | undefined {
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
