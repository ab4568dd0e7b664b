/** Facts joined into chains: every path from a trail to a PagerDuty endpoint, and every broken or dangling piece beside it. */

import type { Detection } from '../detections/detection.ts'
import { isMeantForPagerDuty } from '../domain/endpoint.ts'
import { parseMarker } from '../domain/marker.ts'
import { chainNames, logGroupNameOf, parseArn, type Site, topicArn } from '../domain/names.ts'
import type { Secret } from '../domain/secret.ts'
import {
  type AlarmSnapshot,
  type MetricFilterSnapshot,
  type Reading,
  type SubscriptionSnapshot,
  type TrailSnapshot,
  valueIfRead,
} from '../domain/snapshot.ts'
import type { Gathered } from './account.ts'
import { type Classification, classify } from './classify.ts'
import {
  type ChainIndexes,
  compositesOver,
  grouped,
  indexChains,
  isDangling,
  metricsOf,
  metricText,
} from './indexes.ts'
import { analyzePattern, type PatternAnalysis } from './pattern-analysis.ts'

/** One path of the signal. A piece that is missing ends it; what lies behind is undefined. */
export interface Chain {
  readonly trail: TrailSnapshot | undefined
  readonly logGroup: string | undefined
  readonly filter: MetricFilterSnapshot | undefined
  /** `NAMESPACE/NAME`. */
  readonly metric: string | undefined
  readonly alarm: AlarmSnapshot | undefined
  readonly topicArn: string | undefined
  readonly subscription: SubscriptionSnapshot | undefined
}

/** The pieces that the checks judge, each once, and the chains that they make. */
export interface ChainGraph {
  readonly gathered: Gathered
  readonly site: Site
  readonly chains: readonly Chain[]
  readonly trails: readonly TrailSnapshot[]
  readonly logGroups: readonly string[]
  readonly filters: readonly MetricFilterSnapshot[]
  /** Metric alarms of the chains, and composite alarms over them. */
  readonly alarms: readonly AlarmSnapshot[]
  /** Alarms on the metrics of trails whose messages go to others than PagerDuty. */
  readonly endingElsewhere: readonly AlarmSnapshot[]
  /** Every topic that an action of these alarms names. */
  readonly topics: readonly string[]
  /** Those that lead to PagerDuty or were meant to. */
  readonly subscriptions: readonly SubscriptionSnapshot[]
  /** Over all filters and alarms that were read, not those of the chains alone. */
  readonly joins: ChainIndexes
  /** The alarms of the chains that a filter begins. */
  alarmsOf(filter: MetricFilterSnapshot): readonly AlarmSnapshot[]
  /** Those of `alarms` with an action on the topic. */
  alarmsTelling(topic: string): readonly AlarmSnapshot[]
  /** The filters of its log group that feed the same metric, itself among them: they are one detection. */
  unionOf(filter: MetricFilterSnapshot): readonly MetricFilterSnapshot[]
  /** The endpoints of PagerDuty that the alarm tells. */
  endpointsOf(alarm: AlarmSnapshot): readonly Secret[]
  /** What the filter and those beside it are for, as far as mark, meaning, events or names tell. */
  classificationOf(filter: MetricFilterSnapshot): Classification | undefined
  /** The detection of that classification. */
  classifyFilter(filter: MetricFilterSnapshot): Detection | undefined
  /** What the pattern engine says of the filter; filters with the same pattern share one study. */
  analysis(filter: MetricFilterSnapshot): PatternAnalysis
}

/** Narrows the chains; each is a name or an ARN. */
export interface Scope {
  readonly trail?: string | undefined
  readonly logGroup?: string | undefined
  readonly topic?: string | undefined
  readonly alarm?: string | undefined
}

/** Joins the facts. Never throws on odd values: what does not fit a join is simply not joined. */
export function chainGraph(gathered: Gathered, scope: Scope = {}): ChainGraph {
  const { snapshot } = gathered
  const trails = valueIfRead(snapshot.trails) ?? []
  const all = valueIfRead(snapshot.alarms) ?? []
  const composites = all.filter(({ type }) => type === 'composite')
  const allFilters = valueIfRead(snapshot.metricFilters) ?? []
  const joins = indexChains(allFilters, all)
  const heads = chainHeads(trails, allFilters, all, joins, snapshot.site)
  const branches = heads.map((head) => ({ head, chains: chainsBehind(head, composites, gathered) }))
  const paths = branches.flatMap((branch) => branch.chains)
  const inScopeAlone = (alarm: AlarmSnapshot) =>
    named(scope.alarm, alarm.name, alarm.arn) &&
    (scope.alarm !== undefined || Object.values(scope).every((one) => one === undefined))
  const endingElsewhere = unique(
    branches.map(({ head, chains: found }) => (found.length === 0 ? head.alarm : undefined)),
  )
    .filter(inScopeAlone)
    .filter((alarm) => !alarm.alarmActions.every((topic) => pagesNobodyOnPurpose(alarm, topic, snapshot.site)))
  const chains = paths.filter((chain) => inScope(chain, scope))
  const chainTrails = unique(chains.map(({ trail }) => trail))
  const judged =
    chainTrails.length > 0 ? chainTrails : trails.filter((trail) => named(scope.trail, trail.name, trail.arn))
  const alarms = unique(chains.map(({ alarm }) => alarm))
  const watching = new Map<MetricFilterSnapshot, Set<AlarmSnapshot>>()
  for (const { filter, alarm } of chains) {
    if (filter !== undefined && alarm !== undefined)
      watching.set(filter, (watching.get(filter) ?? new Set()).add(alarm))
  }
  const analyses = new Map<string, PatternAnalysis>()
  const analysis = ({ pattern }: MetricFilterSnapshot) => {
    const known = analyses.get(pattern) ?? analyzePattern(pattern)
    analyses.set(pattern, known)
    return known
  }
  const feeding = grouped(allFilters, feeds)
  const unionOf = (filter: MetricFilterSnapshot) => {
    const together = unique(feeds(filter).flatMap((metric) => feeding.get(metric) ?? []))
    return together.length === 0 ? [filter] : together
  }
  const classifications = new Map<MetricFilterSnapshot, Classification | undefined>()
  const classificationOf = (filter: MetricFilterSnapshot) => {
    if (!classifications.has(filter)) {
      const filters = unionOf(filter)
      const watchers = unique(filters.flatMap((one) => [...(watching.get(one) ?? [])]))
      const found = classify({ filters, alarms: watchers, analyses: filters.map(analysis) })
      for (const one of filters) classifications.set(one, found)
    }
    return classifications.get(filter)
  }
  const judgedAlarms = unique([...alarms, ...alarms.flatMap((alarm) => compositesOver(alarm, composites))])
  const telling = grouped(judgedAlarms, topicsOf)
  const ending = grouped(chains, ({ alarm, subscription }) => (subscription === undefined ? [] : [alarm?.name]))
  return {
    gathered,
    site: snapshot.site,
    chains,
    trails: judged,
    logGroups: unique([
      ...chains.map(({ logGroup }) => logGroup),
      ...judged.map((trail) => localLogGroup(trail, snapshot.site)),
    ]),
    filters: unique(chains.map(({ filter }) => filter)),
    alarms: judgedAlarms,
    endingElsewhere,
    topics: unique([...alarms.flatMap(topicsOf), ...chains.map((chain) => chain.topicArn)]),
    subscriptions: unique(chains.map(({ subscription }) => subscription)),
    joins,
    alarmsOf: (filter) => [...(watching.get(filter) ?? [])],
    alarmsTelling: (topic) => telling.get(topic) ?? [],
    endpointsOf: ({ name }) =>
      unique((ending.get(name) ?? []).map(({ subscription }) => subscription)).map(({ endpoint }) => endpoint.address),
    unionOf,
    classificationOf,
    classifyFilter: (filter) => classificationOf(filter)?.detection,
    analysis,
  }
}

/** The metrics that a filter feeds, each within its log group. */
function feeds({ logGroup, transformations }: MetricFilterSnapshot): readonly string[] {
  return transformations.map((made) => `${logGroup}:${metricText(made)}`)
}

/** `LOG GROUP:FILTER`; neither name can hold a colon. */
export function filterAddress(filter: Pick<MetricFilterSnapshot, 'logGroup' | 'name'>): string {
  return `${filter.logGroup}:${filter.name}`
}

/** The ARN, or the masked endpoint while there is none. */
export function subscriptionAddress(subscription: SubscriptionSnapshot): string {
  return subscription.arn ?? `${subscription.topicArn} → ${subscription.endpoint.address}`
}

/** The topics of all actions of an alarm, ALARM actions first. */
export function topicsOf(alarm: AlarmSnapshot): readonly string[] {
  return unique([...alarm.alarmActions, ...alarm.okActions, ...alarm.insufficientDataActions].filter(isTopic))
}

export function isTopic(arn: string): boolean {
  return parseArn(arn)?.service === 'sns'
}

/** Metrics of compliance twins act on a topic of their own that pages no one, on purpose. */
export function pagesNobodyOnPurpose(alarm: AlarmSnapshot, topic: string, site: Site): boolean {
  return complianceTopicBeside(alarm, site) === topic
}

/** The topic of the compliance twins of the chain that an alarm of ours belongs to. */
export function complianceTopicBeside(alarm: AlarmSnapshot, site: Site): string | undefined {
  const marker = parseMarker(alarm.description)
  return marker && topicArn(site, chainNames(marker.name, site).complianceTopic)
}

/** The log group that a trail delivers to, when it lies in this account and region. */
export function localLogGroup(trail: TrailSnapshot, site: Site): string | undefined {
  const arn = parseArn(trail.logGroupArn ?? '')
  if (arn === undefined || arn.account !== site.account || arn.region !== site.region) return undefined
  return logGroupNameOf(trail.logGroupArn ?? '')
}

export function readingOf<T>(map: ReadonlyMap<string, Reading<T>>, key: string): Reading<T> {
  return map.get(key) ?? { state: 'unreadable', why: 'it was not read', denied: false }
}

/** From the trail to the alarm; the rest is not looked at yet. */
type Head = Omit<Chain, 'topicArn' | 'subscription'>

function chainHeads(
  trails: readonly TrailSnapshot[],
  filters: readonly MetricFilterSnapshot[],
  alarms: readonly AlarmSnapshot[],
  joins: ChainIndexes,
  site: Site,
): readonly Head[] {
  const feeding = grouped(trails, (trail) => [localLogGroup(trail, site)])
  const relevant = filters.filter((filter) => feeding.has(filter.logGroup) || readsCloudTrail(filter.pattern))
  const watched = new Set<AlarmSnapshot>()
  const heads = relevant.flatMap((filter) => {
    const metrics = filter.transformations.map(metricText)
    const watching = joins.alarmsOf(filter)
    for (const alarm of watching) watched.add(alarm)
    const sources = feeding.get(filter.logGroup) ?? [undefined]
    return sources.flatMap((trail) =>
      (watching.length > 0 ? watching : [undefined]).map((alarm) => ({
        trail,
        logGroup: filter.logGroup,
        filter,
        metric: metrics[0],
        alarm,
      })),
    )
  })
  const written = {
    all: new Set(filters.flatMap(({ transformations }) => transformations.map(metricText))),
    byTrails: relevant.flatMap(({ transformations }) => transformations),
  }
  const dangling = alarms.filter((alarm) => !watched.has(alarm) && isDangling(alarm, written))
  return [...heads, ...dangling.map(loose)]
}

function loose(alarm: AlarmSnapshot): Head {
  const metric = metricsOf(alarm)[0]
  const text = metric === undefined ? undefined : metricText(metric)
  return { trail: undefined, logGroup: undefined, filter: undefined, metric: text, alarm }
}

function chainsBehind(head: Head, composites: readonly AlarmSnapshot[], gathered: Gathered): readonly Chain[] {
  const { alarm } = head
  const end = { topicArn: undefined, subscription: undefined }
  if (alarm === undefined) return [{ ...head, ...end }]
  const actions = [alarm, ...compositesOver(alarm, composites)].flatMap(({ alarmActions }) => alarmActions)
  const topics = unique(actions.filter(isTopic))
  // Something else than a topic is told, such as a function: that may be meant so, and is no way to PagerDuty.
  if (topics.length === 0 && actions.length > 0 && parseMarker(alarm.description) === undefined) return []
  if (topics.length === 0) return [{ ...head, ...end }]
  const paths = topics.map((topic) => subscribers(head, alarm, topic, gathered))
  return paths.some((path) => path.pages.length > 0)
    ? paths.flatMap((path) => path.pages)
    : paths.flatMap((path) => path.dead)
}

/** `pages` lead to PagerDuty, were meant to, or cannot be told; `dead` is a topic that tells nobody, or only others. */
function subscribers(
  head: Head,
  alarm: AlarmSnapshot,
  topic: string,
  gathered: Gathered,
): { pages: Chain[]; dead: Chain[] } {
  const here = { ...head, topicArn: topic }
  if (pagesNobodyOnPurpose(alarm, topic, gathered.snapshot.site)) return { pages: [], dead: [] }
  const listed = readingOf(gathered.snapshot.subscriptions, topic)
  if (listed.state === 'unreadable') return { pages: [{ ...here, subscription: undefined }], dead: [] }
  const all = listed.value
  const pages = all.filter(({ endpoint }) => isMeantForPagerDuty(endpoint))
  if (pages.length > 0) return { pages: pages.map((subscription) => ({ ...here, subscription })), dead: [] }
  const othersOnly = all.length > 0 && parseMarker(alarm.description) === undefined
  return { pages: [], dead: othersOnly ? [] : [{ ...here, subscription: undefined }] }
}

/** A pattern over fields that only CloudTrail records carry together. */
function readsCloudTrail(pattern: string): boolean {
  return /\$\.(eventName|eventSource|userIdentity)\b|\$\.errorCode\b.*(AccessDenied|Unauthorized)/.test(pattern)
}

function inScope(chain: Chain, scope: Scope): boolean {
  return (
    named(scope.trail, chain.trail?.name, chain.trail?.arn) &&
    named(scope.logGroup, chain.logGroup, chain.logGroup) &&
    named(scope.topic, chain.topicArn === undefined ? undefined : parseArn(chain.topicArn)?.resource, chain.topicArn) &&
    named(scope.alarm, chain.alarm?.name, chain.alarm?.arn)
  )
}

function named(wanted: string | undefined, name: string | undefined, arn: string | undefined): boolean {
  return wanted === undefined || wanted === name || wanted === arn || logGroupNameOf(wanted) === (name ?? '')
}

function unique<T>(values: readonly (T | undefined)[]): readonly T[] {
  return [...new Set(values.filter((value): value is T => value !== undefined))]
}
