/** From a setup and a session to a plan: which trail, which endpoint, what is there, what has to change. */

import { pollUntil, readBackPolicy } from '../../aws/pacing.ts'
import { readKey } from '../../aws/readers/key.ts'
import type { PagerDutyContext } from '../../aws/resources/handler.ts'
import { readEach, readSnapshot } from '../../aws/resources/snapshot.ts'
import { withRecords } from '../../aws/resources/subscription.ts'
import { readTrails } from '../../aws/resources/trail.ts'
import type { Aws } from '../../aws/session.ts'
import { siteOf } from '../../aws/site.ts'
import type { CommandContext } from '../../context.ts'
import { MANAGEMENT_ONLY, managementOnly } from '../../detections/data-events.ts'
import { isIntegrationUrl, isPagerDuty } from '../../domain/endpoint.ts'
import { chainNames, parseArn, queueArn, type Site, topicArn } from '../../domain/names.ts'
import { type Note, notes } from '../../domain/note.ts'
import { pageTitleNote } from '../../domain/page-title.ts'
import { type Address, addressOf, type Resource } from '../../domain/resources.ts'
import { routeNotes } from '../../domain/route.ts'
import { type Snapshot, type TrailSnapshot, valueIfRead } from '../../domain/snapshot.ts'
import { AppError, EXIT, usage } from '../../errors.ts'
import { readPagerDuty } from '../../pagerduty/integration.ts'
import { eventNames, type NotificationNames, notificationNames, scopedTo } from '../../plan/chain-names.ts'
import { recordsDataEvents } from '../../plan/coverage.ts'
import { currentState } from '../../plan/current-state.ts'
import { deployerOf, leftToDeployer } from '../../plan/deployer.ts'
import { desired } from '../../plan/desired.ts'
import { adoptionNotes } from '../../plan/desired-events.ts'
import { emailSubscriptionOf, fallbackTopicArn, recordedAddresses } from '../../plan/desired-fallback.ts'
import type { Endpoints } from '../../plan/desired-notifications.ts'
import { isRedriven, managedQueue } from '../../plan/desired-queue.ts'
import { chainTopics } from '../../plan/destroy-topic.ts'
import { managedAlarms, managedDashboards, managedFilters } from '../../plan/managed.ts'
import { orphans, topicsToAsk, unrecordedEndpoints } from '../../plan/orphans.ts'
import { block, type Change, isOpen, type Obstacle, type Plan, plan } from '../../plan/plan.ts'
import { deadDetections, preflight } from '../../plan/preflight.ts'
import { unsubscribedControls } from '../../plan/security-hub.ts'
import { pagerDutyDestination, type Setup } from '../../plan/setup.ts'
import { firesOnSetup } from '../../plan/setup-triggered-alarms.ts'
import { type KeyReadings, keysOf, otherAlarmsOn, unknownTopics } from '../../plan/topic-fitness.ts'
import { chooseTrail, homeRegionNotes, regionOf, type TrailChoice } from '../../plan/trail-choice.ts'
import { driftNotes } from './drift.ts'
import { judgeOrganization } from './organization.ts'

export interface Decided {
  readonly setup: Setup
  /** In the home region of the trail. */
  readonly aws: Aws
  readonly choice: TrailChoice
  readonly snapshot: Snapshot
  readonly plan: Plan
  /** What earlier runs made and this wish does not name; in the plan as deletions when pruning was asked for. */
  readonly left: readonly Resource[]
  /** What nobody but a person may approve, because it cannot be judged; in the plan as blocked where no one is asked. */
  readonly unknowns: ReadonlyMap<Address, Obstacle>
  /** Each one sentence for the person; nothing here stops the run. */
  readonly notes: readonly Note[]
}

/** What is there after the writes, and what the wish would still change. */
export interface ReadBack {
  readonly snapshot: Snapshot
  readonly plan: Plan
}

export interface DecideOptions {
  readonly prune: boolean
  /** False: no one is there to approve what cannot be judged. */
  readonly asks: boolean
  /** A template has its URL as a parameter, so none has to be known. */
  readonly anyEndpoint?: boolean
  /** Undefined where nothing asks PagerDuty. */
  readonly pagerduty?: PagerDutyContext | undefined
}

/** The trail of someone else's that the plan changes and the options do not name: to name it is consent. */
export function unnamedTrail({ plan, choice, setup }: Pick<Decided, 'plan' | 'choice' | 'setup'>): string | undefined {
  if (choice.how !== 'reuse' || setup.trail.how === 'existing') return undefined
  const changes = plan.some(
    ({ action, resource }) =>
      (action === 'create' || action === 'update') && (resource.kind === 'trail' || resource.kind === 'delivery'),
  )
  return changes ? choice.trail.name : undefined
}

/** All trails, or an error with exit 3: without them nothing can be decided. */
export async function listTrails(aws: Aws): Promise<readonly TrailSnapshot[]> {
  const trails = await readTrails(aws)
  if (trails.state === 'read') return trails.value
  throw new AppError('trails-unreadable', trails.why, {
    exit: EXIT.access,
    hint: 'allow cloudtrail:DescribeTrails for the identity that runs this command',
  })
}

/** Throws a usage error (exit 2) when no trail fits or no PagerDuty endpoint is known. */
export async function decide(
  requested: Setup,
  session: Aws,
  trails: readonly TrailSnapshot[],
  options: DecideOptions,
): Promise<Decided> {
  const chosen = chooseTrail(requested.trail, trails, siteOf(session), requested.name)
  const aws = session.inRegion(regionOf(chosen))
  const choice = await judgeOrganization(chosen, aws, trails)
  refuseTopicElsewhere(requested, aws)
  const scoped = scopedTo(siteOf(aws), requested, choice)
  const { setup: provided, notes: narrowed } = narrowedToTrail(scoped, choice, trails)
  // What only a deletion needs is not asked for otherwise.
  const others = options.prune ? chainTopics({ site: siteOf(aws) }, provided.name) : []
  const seen = await lookup(provided, aws, choice, trails, options.pagerduty, others)
  const keys = await readKeys(provided, aws, seen)
  const deployedBy = deployerOf(seen, provided.name)
  const asked = withKnownFallback(withKnownQueue(provided, seen, options.prune), seen, options.prune)
  const known = options.prune ? asked : withKnownDashboard(withKnownTickets(asked, seen), seen)
  const setup = { ...known, deployedBy }
  const notifications = notificationNames(setup, siteOf(aws))
  const endpoints = endpointsOf(setup, seen, notifications, options.anyEndpoint)
  const wanted = desired(setup, seen, choice, endpoints)
  const snapshot = await withRecords(aws, seen, topicsToAsk(wanted, seen, others))
  const judged = plan(wanted, currentState(snapshot, wanted, setup.name), preflight(wanted, snapshot, keys))
  const unknowns = unknownTopics(judged, snapshot)
  const changes = options.asks ? judged : block(judged, unknowns)
  const left = orphans(wanted, snapshot, setup.name)
  const deletions = options.prune
    ? [...left].reverse().map((resource) => ({ action: 'delete' as const, resource, why: 'no longer configured' }))
    : []
  return {
    setup,
    aws,
    choice,
    snapshot,
    plan: leftToDeployer([...changes, ...deletions], deployedBy),
    left: options.prune ? [] : left,
    unknowns,
    notes: [
      ...notes('home-region', homeRegionNotes(choice, session.region)),
      ...notes('trail', [...choice.notes, ...adoptionNotes(wanted, snapshot, setup)]),
      ...notes('key', keyNotes(keys)),
      ...notes('other-endpoint', unrecordedEndpoints(wanted, snapshot)),
      ...notes('shared-topic', sharedTopicNotes(changes, snapshot)),
      ...notes('drift', driftNotes(changes, snapshot)),
      ...notes('setup-triggered', noteOnItself(changes, setup)),
      ...notes('dead-detection', deadDetections(setup.detections, choice)),
      ...notes('data-events', narrowed),
      ...notes('root-unwatched', rootUnwatched(setup)),
      ...unsubscribedControls(setup, snapshot, notifications),
      ...notesOnRoute(setup, notifications),
      ...notes('page-title', titleNotes(changes, setup, notifications)),
      ...notes('first-ok', firstOkNotes(changes, setup, notifications)),
      ...notes('pagerduty', snapshot.pagerduty?.faults ?? []),
      ...notes('fallback-email', unconfirmedNotes(changes, snapshot)),
      ...notes('kept-watching', keptWatching(provided, setup, snapshot)),
      ...notes('known-tickets', setup.ticketRoute === provided.ticketRoute ? [] : [KNOWN_TICKETS]),
    ],
  }
}

/**
 * Observes again and plans again until nothing but a pending subscription is left, for up to 30 s.
 * What the plan still wants then was not done, whatever the calls answered.
 */
export async function readBack(
  decided: Decided,
  context: Pick<CommandContext, 'clock' | 'signal'>,
  pagerduty: PagerDutyContext | undefined,
): Promise<ReadBack> {
  const hasOpenChanges = ({ plan }: ReadBack) => plan.some(isOpen)
  const policy = { ...readBackPolicy, signal: context.signal }
  return pollUntil(
    context.clock,
    policy,
    () => lookAgain(decided, pagerduty),
    (seen) => !hasOpenChanges(seen),
  )
}

/**
 * What a stopped run left behind unseen: changes that were to create something, were not seen to, and whose resource
 * stands now, because the answer of the call was lost. Rejects where the account cannot be read.
 */
export async function createdUnseen(
  decided: Decided,
  created: readonly Change[],
  pagerduty: PagerDutyContext | undefined,
): Promise<readonly Change[]> {
  const missing = decided.plan.filter((change) => change.action === 'create' && !created.includes(change))
  if (missing.length === 0) return []
  const now = await lookAgain(decided, pagerduty)
  const open = new Set(now.plan.flatMap(({ action, resource }) => (action === 'create' ? addressOf(resource) : [])))
  return missing.filter(({ resource }) => !open.has(addressOf(resource)))
}

async function lookAgain(decided: Decided, pagerduty: PagerDutyContext | undefined): Promise<ReadBack> {
  const { aws, setup } = decided
  const [trails, seen] = await Promise.all([listTrails(aws), lookup(setup, aws, decided.choice, [], pagerduty)])
  const snapshot: Snapshot = { ...seen, trails: { state: 'read', value: trails } }
  const endpoints = endpointsOf(setup, snapshot, notificationNames(setup, siteOf(aws)))
  const wanted = desired(setup, snapshot, decided.choice, endpoints)
  return { snapshot, plan: plan(wanted, currentState(snapshot, wanted, setup.name)) }
}

function readKeys(setup: Setup, aws: Aws, snapshot: Snapshot): Promise<KeyReadings> {
  return readEach(keysOf(setup.topic.kmsKey, snapshot), (id) => readKey(aws, id))
}

/** Alarms that act on a topic already begin to page with its new subscription. */
function sharedTopicNotes(changes: Plan, snapshot: Snapshot): readonly string[] {
  return changes.flatMap(({ action, resource }) => {
    if (action !== 'create' || resource.kind !== 'subscription') return []
    const others = otherAlarmsOn(resource.spec.topicArn, changes, snapshot).length
    if (others === 0) return []
    const alarms = others === 1 ? '1 other alarm acts' : `${others} other alarms act`
    return [
      `${alarms} on topic ${parseArn(resource.spec.topicArn)?.resource} already and will also page once it is subscribed`,
    ]
  })
}

/** A key that could not be judged is used, and said to be unproven. */
function keyNotes(keys: KeyReadings): readonly string[] {
  return [...keys].flatMap(([id, key]) =>
    key.state === 'unreadable' ? [`whether CloudWatch may use key ${id} cannot be verified: ${key.why}`] : [],
  )
}

async function lookup(
  setup: Setup,
  aws: Aws,
  choice: TrailChoice,
  trails: readonly TrailSnapshot[],
  pagerduty: PagerDutyContext | undefined,
  otherTopics: readonly string[] = [],
): Promise<Snapshot> {
  const site = siteOf(aws)
  const snapshot = await readSnapshot(aws, {
    prefix: setup.name,
    trails: { state: 'read', value: trails },
    events: eventNames(setup, site, choice),
    // Looked at even where no ticket goes there now: an earlier run may have made it.
    notifications: { ...notificationNames(setup, site), ticketTopicArn: ticketTopic(setup, site) },
    otherTopics,
    alarmNames: setup.detections.flatMap(({ custom }) => custom?.alarmName ?? []),
    namedTopic: setup.topic.nameOrArn === undefined ? undefined : notificationNames(setup, site).topicArn,
    fallbackTopic: fallbackTopicArn(site, setup.name),
    ownRole: chainNames(setup.name, site).role,
    queue: {
      arn: queueArn(site, chainNames(setup.name, site).queue),
      asked: setup.deadLetterQueue !== undefined || otherTopics.length > 0,
    },
    dashboard: chainNames(setup.name, site).dashboard,
    organization: choice.how === 'reuse' ? choice.trail.organization : choice.organization,
  })
  const asked = pagerDutyDestination(setup)
  if (asked === undefined || pagerduty === undefined) return snapshot
  const { topicArn: pagingTopic } = notificationNames(setup, site)
  const present = valueIfRead(snapshot.subscriptions.get(pagingTopic)) ?? []
  const words = {
    name: chainNames(setup.name, site).integration,
    topicArn: pagingTopic,
    subscribed: present.map(({ endpoint }) => endpoint.address),
  }
  return { ...snapshot, pagerduty: await readPagerDuty(pagerduty, asked, words) }
}

/** Where the trail records data events, patterns that would count them are narrowed to management events. */
function narrowedToTrail(
  setup: Setup,
  choice: TrailChoice,
  trails: readonly TrailSnapshot[],
): { readonly setup: Setup; readonly notes: readonly string[] } {
  const trail = choice.how === 'reuse' ? choice.trail : trails.find(({ name }) => name === choice.name)
  const selectors = valueIfRead(trail?.selectors)
  if (trail === undefined || selectors === undefined || !recordsDataEvents(selectors)) return { setup, notes: [] }
  const narrowed = setup.detections.map((detection) => ({ detection, narrow: managementOnly(detection) }))
  const changed = narrowed.filter(({ detection, narrow }) => narrow !== undefined && narrow !== detection)
  const tooLong = narrowed.filter(({ narrow }) => narrow === undefined)
  const says = (found: typeof narrowed, text: string) =>
    found.length === 0
      ? []
      : [`${trail.name} records data events: ${found.map(({ detection }) => detection.id).join(', ')} ${text}`]
  return {
    setup: { ...setup, detections: narrowed.map(({ detection, narrow }) => narrow ?? detection) },
    notes: [
      ...says(changed, 'counts management events only'),
      ...says(tooLong, `counts them too, because adding ${MANAGEMENT_ONLY} would make the pattern too long`),
    ],
  }
}

/** Without a key, the PagerDuty endpoint that the topic is already subscribed to. */
function endpointsOf(
  setup: Setup,
  snapshot: Snapshot,
  notifications: NotificationNames,
  anyEndpoint = false,
): Endpoints {
  const tickets = setup.ticketRoute === undefined ? {} : { tickets: setup.ticketRoute.endpoint }
  const { destination } = setup
  if (destination?.how === 'integration') return { pages: destination.route.endpoint, ...tickets }
  const { pagerduty } = snapshot
  if (pagerduty !== undefined) return { pages: pagerduty.integration?.endpoint ?? 'from-pagerduty', ...tickets }
  const present = valueIfRead(snapshot.subscriptions.get(notifications.topicArn)) ?? []
  const known = present.filter(({ endpoint }) => isIntegrationUrl(endpoint))
  const best = known.find(({ confirmed }) => confirmed === true) ?? known[0]
  if (best === undefined) {
    if (anyEndpoint) return { pages: 'from-pagerduty', ...tickets }
    throw noEndpoint()
  }
  return { pages: best.endpoint.address, ...tickets }
}

const KNOWN_TICKETS = 'low-urgency detections still go to the endpoint of an earlier run; --prune stops that'

/** Without a URL, the endpoint that our ticket topic is already subscribed to: a run without the secret pages no one anew. */
function withKnownTickets(setup: Setup, snapshot: Snapshot): Setup {
  if (setup.ticketRoute !== undefined) return setup
  const present = valueIfRead(snapshot.subscriptions.get(ticketTopic(setup, snapshot.site))) ?? []
  const [route] = present.flatMap(({ endpoint }) => (isPagerDuty(endpoint) ? [endpoint.route] : []))
  return { ...setup, ticketRoute: route }
}

/**
 * Without the option, the queue of an earlier run is kept, and made again where somebody deleted it; `--prune` takes it
 * away, unless it holds what PagerDuty did not take.
 */
function withKnownQueue(setup: Setup, snapshot: Snapshot, prune: boolean): Setup {
  if (setup.deadLetterQueue !== undefined) return setup
  const { site } = snapshot
  const arn = queueArn(site, chainNames(setup.name, site).queue)
  const reading = snapshot.queues.get(arn)
  const found = managedQueue(snapshot, setup.name)
  const isManaged = found !== undefined || (reading?.state === 'read' && reading.value === undefined)
  const redriven = [...snapshot.subscriptions.keys()].some((topic) => isRedriven(snapshot, topic, arn))
  if (!isManaged || (found === undefined && !redriven)) return setup
  return { ...setup, deadLetterQueue: prune && (found?.messages ?? 0) === 0 ? 'remove' : 'wanted' }
}

/** Without the option, the dashboard of an earlier run is kept, and with it everything else that is kept on it. */
function withKnownDashboard(setup: Setup, snapshot: Snapshot): Setup {
  if (setup.dashboard === undefined && managedDashboards(snapshot, setup.name).length === 0) return setup
  const alarms = managedAlarms(snapshot, setup.name).map(({ name }) => name)
  const metrics = managedFilters(snapshot, setup.name).flatMap(({ transformations }) => transformations)
  return { ...setup, dashboard: { alarms: alarms.sort(), metrics } }
}

/**
 * Addresses of earlier runs stay on record while they are subscribed. Without the option they are kept, and one that
 * somebody unsubscribed is not subscribed again; `--prune` takes them away.
 */
function withKnownFallback(setup: Setup, snapshot: Snapshot, prune: boolean): Setup {
  const { fallback: requested } = setup
  const keepsHeartbeat = !prune
  if (prune) return requested === undefined ? setup : { ...setup, fallback: { ...requested, keepsHeartbeat } }
  const recorded = recordedAddresses(snapshot, setup.name)
  if (requested === undefined && recorded.length === 0) return setup
  const topic = fallbackTopicArn(snapshot.site, setup.name)
  const subscribed = recorded.filter((address) => emailSubscriptionOf(snapshot, topic, address) !== undefined)
  if (requested === undefined) return { ...setup, fallback: { addresses: subscribed, recorded, keepsHeartbeat } }
  const { addresses } = requested
  return { ...setup, fallback: { addresses, recorded: [...new Set([...addresses, ...subscribed])], keepsHeartbeat } }
}

/** Only the reader of a mailbox can confirm, so this is said for as long as it is so. */
function unconfirmedNotes(changes: Plan, snapshot: Snapshot): readonly string[] {
  return changes.flatMap(({ action, resource }) => {
    if (resource.kind !== 'email-subscription' || action === 'delete' || action === 'blocked') return []
    const { topicArn: topic, address } = resource.spec
    if (emailSubscriptionOf(snapshot, topic, address)?.confirmed === true) return []
    return action === 'create'
      ? [
          `AWS sends ${address} an e-mail with a link: until somebody opens it, no one is told there; it ends after two days`,
        ]
      : [`${address} has not confirmed yet: until somebody opens the link in the e-mail from AWS, no one is told there`]
  })
}

function keptWatching(provided: Setup, setup: Setup, snapshot: Snapshot): readonly string[] {
  const messages = managedQueue(snapshot, setup.name)?.messages ?? 0
  const queue =
    messages === 0
      ? 'the dead-letter queue'
      : `the dead-letter queue, which holds ${messages} of what PagerDuty did not take,`
  const kept = [
    ...(setup.fallback !== undefined && provided.fallback === undefined ? ['the fallback e-mail'] : []),
    ...(setup.deadLetterQueue === 'wanted' && provided.deadLetterQueue === undefined ? [queue] : []),
    ...(setup.dashboard !== undefined && provided.dashboard === undefined ? ['the dashboard'] : []),
  ]
  return kept.map(
    (part) =>
      `${part} of an earlier run is kept; --prune removes ${messages > 0 && part === queue ? 'it once it is empty' : 'it'}`,
  )
}

function ticketTopic(setup: Setup, site: Site): string {
  return topicArn(site, chainNames(setup.name, site).ticketTopic)
}

/** A topic that leads to PagerDuty; its pages are taken by rules where it is orchestrated. */
interface PagingTopic {
  readonly topicArn: string
  readonly orchestrated: boolean
}

function pagingTopics({ destination, ticketRoute }: Setup, notifications: NotificationNames): readonly PagingTopic[] {
  const { topicArn, ticketTopicArn } = notifications
  const isOrchestration =
    destination?.how === 'orchestration' || (destination?.how === 'integration' && destination.route.shape === 'x-ere')
  const pages = { topicArn, orchestrated: isOrchestration }
  if (ticketTopicArn === undefined) return [pages]
  return [pages, { topicArn: ticketTopicArn, orchestrated: ticketRoute?.shape === 'x-ere' }]
}

function notesOnRoute({ destination, ticketRoute }: Setup, notifications: NotificationNames): readonly Note[] {
  const { topicArn, ticketTopicArn } = notifications
  const orchestration = { kind: 'global-orchestration', shape: 'x-ere' } as const
  const route = destination?.how === 'integration' ? destination.route : undefined
  const pages = destination?.how === 'orchestration' ? orchestration : route
  const tickets =
    ticketRoute === undefined || ticketTopicArn === undefined ? [] : routeNotes(ticketRoute, ticketTopicArn)
  return [
    ...(pages === undefined ? [] : routeNotes(pages, topicArn)),
    ...tickets.map((note) => ({ ...note, text: `low-urgency detections: ${note.text}` })),
  ]
}

/** A new alarm goes from INSUFFICIENT_DATA to OK at its first evaluation, and that is a message like any other. */
function firstOkNotes(changes: Plan, setup: Setup, notifications: NotificationNames): readonly string[] {
  const fresh = changes.flatMap(({ action, resource }) =>
    action === 'create' && resource.kind === 'alarm' ? [resource.spec.okActions] : [],
  )
  const paging = pagingTopics(setup, notifications)
  const alike = new Set(paging.map(({ orchestrated }) => orchestrated)).size === 1
  // One sentence for all topics whose first OK comes to the same.
  const told = alike ? [paging] : paging.map((one) => [one])
  return told.flatMap((topics) => {
    const [first] = topics
    const count = fresh.filter((actions) => topics.some(({ topicArn }) => actions.includes(topicArn))).length
    if (first === undefined || count === 0) return []
    const of = alike ? '' : ` of topic ${parseArn(first.topicArn)?.resource}`
    const alarms = count === 1 ? `the new alarm${of} sends its` : `each of ${count} new alarms${of} sends its`
    const effect = first.orchestrated
      ? 'an orchestration rule may open an incident for it'
      : 'a service integration ignores it, because no incident is open'
    return [`${alarms} first OK to PagerDuty within seconds: ${effect}`]
  })
}

/** How the pages of new alarms will read; behind a routing key the subject of the message is the title. */
function titleNotes(changes: Plan, setup: Setup, notifications: NotificationNames): readonly string[] {
  const plain = pagingTopics(setup, notifications).filter(({ orchestrated }) => !orchestrated)
  for (const { action, resource } of changes) {
    if (action !== 'create' || resource.kind !== 'alarm') continue
    const { statistic, comparisonOperator, threshold, metric, alarmActions } = resource.spec
    if (!plain.some(({ topicArn }) => alarmActions.includes(topicArn))) continue
    return [pageTitleNote({ statistic, comparisonOperator, threshold, metricName: metric.name, dimensions: {} })]
  }
  return []
}

/** An alarm acts on topics of its own region alone, and only on one of this account without a policy of somebody else (field case C21). */
function refuseTopicElsewhere(setup: Setup, { region, identity }: Aws): void {
  const arn = parseArn(setup.topic.nameOrArn ?? '')
  if (arn === undefined || (arn.region === region && arn.account === identity.account)) return
  throw usage(
    'topic-elsewhere',
    `the topic is in ${arn.region} of account ${arn.account}, and the chain is in ${region} of account ${identity.account}`,
    'an alarm can only publish to a topic in its own region and account; omit --topic to create one there',
  )
}

function noteOnItself(changes: Plan, { detections }: Setup): readonly string[] {
  const ids = firesOnSetup(changes, detections)
  if (ids.length === 0) return []
  return [
    `expect one page from ${ids.join(' and ')} in about 5 minutes: CloudTrail also logs the calls made by this setup`,
  ]
}

/** A sign-in detection is no root detection: the published text leaves root out altogether (field case C33). */
function rootUnwatched({ detections, variant }: Setup): readonly string[] {
  const chosen = new Set(detections.map(({ id }) => id))
  if (!chosen.has('console-signin-without-mfa') || chosen.has('root-account-usage')) return []
  const seen = variant === 'compliance' ? 'IAM users' : 'root sign-ins without MFA'
  return [`console-signin-without-mfa only covers ${seen}. Add root-account-usage to be paged for all root activity`]
}

function noEndpoint(): AppError {
  return usage(
    'no-integration-key',
    'no PagerDuty integration key was given, and the topic has no PagerDuty subscription yet',
    'set CLOUDTRAIL_PD_INTEGRATION_KEY, or pass --integration-key-file PATH or --integration-url URL',
  )
}
