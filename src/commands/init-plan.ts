/** From a setup and a session to a plan: which trail, which endpoint, what is there, what has to change. */

import type { Aws } from '../aws/session.ts'
import { chainTopics } from '../chain/chain-topics.ts'
import { desired, type Endpoints, eventSide, type NotificationSide, notificationSide } from '../chain/desired.ts'
import { type Inventory, type TrailFact, valueIfRead } from '../chain/inventory.ts'
import { leftovers } from '../chain/leftovers.ts'
import type { Resource } from '../chain/link.ts'
import { chainNames, parseArn } from '../chain/names.ts'
import { observedIn } from '../chain/observed.ts'
import { deadDetections, type KeyReadings, obstacles } from '../chain/obstacles.ts'
import { type Plan, plan } from '../chain/plan.ts'
import { isPagerDutyEndpoint, type Route, routeNotes } from '../chain/route.ts'
import { unsubscribedControls } from '../chain/security-hub.ts'
import { pagesItself } from '../chain/self-page.ts'
import type { Setup } from '../chain/setup.ts'
import { chooseTrail, regionOf, type TrailChoice } from '../chain/trail-choice.ts'
import type { Deps } from '../deps.ts'
import { scopeTo } from '../detections/scope.ts'
import { AppError, EXIT, usage } from '../errors.ts'
import { readKey } from '../links/key.ts'
import { observe, siteOf } from '../links/observe.ts'
import { readTrails } from '../links/trail.ts'

export interface Decided {
  readonly setup: Setup
  /** In the home region of the trail. */
  readonly aws: Aws
  readonly choice: TrailChoice
  readonly inventory: Inventory
  readonly plan: Plan
  /** What earlier runs made and this wish does not name; in the plan as deletions when pruning was asked for. */
  readonly left: readonly Resource[]
  /** Each one sentence for the person; nothing here stops the run. */
  readonly notes: readonly string[]
}

export interface DecideOptions {
  readonly prune: boolean
  readonly eventsUrl: URL | undefined
}

/** All trails, or an error with exit 3: without them nothing can be decided. */
export async function listTrails(aws: Aws): Promise<readonly TrailFact[]> {
  const trails = await readTrails(aws)
  if (trails.state === 'read') return trails.value
  throw new AppError('trails-unreadable', trails.why, {
    exit: EXIT.access,
    hint: 'allow cloudtrail:DescribeTrails for the identity that runs this',
  })
}

/** Throws a usage error (exit 2) when no trail fits or no PagerDuty endpoint is known. */
export async function decide(
  wish: Setup,
  session: Aws,
  trails: readonly TrailFact[],
  options: DecideOptions,
): Promise<Decided> {
  const choice = chooseTrail(wish.trail, trails, siteOf(session), wish.name)
  const aws = session.inRegion(regionOf(choice))
  refuseForeignTopic(wish, aws)
  const setup = scoped(wish, aws, choice)
  // What only a deletion needs is not asked for otherwise.
  const others = options.prune ? chainTopics({ site: siteOf(aws) }, setup.name) : []
  const [inventory, keys] = await Promise.all([look(setup, aws, choice, trails, others), readKeys(setup, aws)])
  const notifications = notificationSide(setup, siteOf(aws))
  const endpoints = endpointsOf(setup, inventory, notifications, options.eventsUrl)
  const wanted = desired(setup, inventory, choice, endpoints)
  const changes = plan(wanted, observedIn(inventory, wanted, setup.name), obstacles(wanted, inventory, keys))
  const left = leftovers(wanted, inventory, setup.name, options.eventsUrl)
  const deletions = options.prune
    ? [...left].reverse().map((resource) => ({ action: 'delete' as const, resource, why: 'not in the setup any more' }))
    : []
  return {
    setup,
    aws,
    choice,
    inventory,
    plan: [...changes, ...deletions],
    left: options.prune ? [] : left,
    notes: [
      ...choice.notes,
      ...keyNotes(keys),
      ...noteOnItself(changes, setup),
      ...deadDetections(setup.detections, choice),
      ...rootUnwatched(setup),
      ...unsubscribedControls(setup, inventory, notifications),
      ...notesOnRoute(setup, notifications),
    ],
  }
}

/** AWS's configuration reads lag behind its writes (CloudTrail user guide, eventual consistency); milliseconds. */
const READ_BACK_WITHIN_MS = 30_000
const READ_BACK_WAIT_MS = 2_000

/**
 * Observes again and plans again until nothing but a pending subscription is left, for up to 30 s.
 * What the plan still wants then was not done, whatever the calls answered.
 */
export async function readBack(decided: Decided, deps: Pick<Deps, 'clock' | 'signal' | 'eventsUrl'>): Promise<Plan> {
  const until = deps.clock.now().getTime() + READ_BACK_WITHIN_MS
  for (;;) {
    const seen = await planAgain(decided, deps.eventsUrl)
    const open = seen.some(({ action, resource }) => action !== 'none' && resource.kind !== 'subscription')
    if (!open || deps.clock.now().getTime() >= until) return seen
    await deps.clock.sleep(READ_BACK_WAIT_MS, deps.signal)
  }
}

async function planAgain(decided: Decided, eventsUrl: URL | undefined): Promise<Plan> {
  const { aws, setup } = decided
  const trails = await listTrails(aws)
  const inventory = await look(setup, aws, decided.choice, trails)
  const endpoints = endpointsOf(setup, inventory, notificationSide(setup, siteOf(aws)), eventsUrl)
  const wanted = desired(setup, inventory, decided.choice, endpoints)
  return plan(wanted, observedIn(inventory, wanted, setup.name))
}

async function readKeys(setup: Setup, aws: Aws): Promise<KeyReadings> {
  const id = setup.topic.kmsKey
  return id === undefined ? new Map() : new Map([[id, await readKey(aws, id)]])
}

/** A key that could not be judged is used, and said to be unproven. */
function keyNotes(keys: KeyReadings): readonly string[] {
  return [...keys].flatMap(([id, key]) =>
    key.state === 'unreadable' ? [`whether CloudWatch may use key ${id} cannot be verified: ${key.why}`] : [],
  )
}

async function look(
  setup: Setup,
  aws: Aws,
  choice: TrailChoice,
  trails: readonly TrailFact[],
  otherTopics: readonly string[] = [],
): Promise<Inventory> {
  const site = siteOf(aws)
  return observe(aws, {
    prefix: setup.name,
    trails: { state: 'read', value: trails },
    events: eventSide(setup, site, choice),
    notifications: notificationSide(setup, site),
    otherTopics,
    alarmNames: setup.detections.flatMap(({ custom }) => custom?.alarmName ?? []),
    organization: choice.how === 'reuse' && choice.trail.organization,
  })
}

/** Detections that watch the chain itself are narrowed to its own names. */
function scoped(setup: Setup, aws: Aws, choice: TrailChoice): Setup {
  const site = siteOf(aws)
  const names = {
    alarmPrefix: `${chainNames(setup.name, site).prefix}-`,
    logGroup: eventSide(setup, site, choice).logGroup,
    topicArn: notificationSide(setup, site).topicArn,
  }
  return { ...setup, detections: setup.detections.map((detection) => scopeTo(names, detection)) }
}

/** Without a key, the PagerDuty endpoint that the topic is already subscribed to. */
function endpointsOf(
  setup: Setup,
  inventory: Inventory,
  notifications: NotificationSide,
  eventsUrl: URL | undefined,
): Endpoints {
  const tickets = setup.ticketRoute === undefined ? {} : { tickets: of(setup.ticketRoute) }
  if (setup.route !== undefined) return { pages: of(setup.route), ...tickets }
  const present = valueIfRead(inventory.subscriptions.get(notifications.topicArn)) ?? []
  const known = present.filter(({ endpoint }) => isPagerDutyEndpoint(endpoint, eventsUrl))
  const best = known.find(({ confirmed }) => confirmed === true) ?? known[0]
  if (best === undefined) throw noEndpoint()
  return { pages: { endpoint: best.endpoint, protocol: best.protocol === 'http' ? 'http' : 'https' }, ...tickets }
}

function of(route: Route): { endpoint: Route['endpoint']; protocol: Route['protocol'] } {
  return { endpoint: route.endpoint, protocol: route.protocol }
}

function notesOnRoute(setup: Setup, notifications: NotificationSide): readonly string[] {
  return setup.route === undefined ? [] : routeNotes(setup.route, notifications.topicArn)
}

/** An alarm acts on topics of its own region alone, and only on one of this account without a policy of somebody else (field case C21). */
function refuseForeignTopic(setup: Setup, { region, identity }: Aws): void {
  const arn = parseArn(setup.topic.nameOrArn ?? '')
  if (arn === undefined || (arn.region === region && arn.account === identity.account)) return
  throw usage(
    'topic-elsewhere',
    `the topic is in ${arn.region} of account ${arn.account}, and the chain is in ${region} of account ${identity.account}`,
    'an alarm acts on topics of its own region; leave --topic out to have one made there',
  )
}

function noteOnItself(changes: Plan, { detections }: Setup): readonly string[] {
  const ids = pagesItself(changes, detections)
  if (ids.length === 0) return []
  return [`CloudTrail records this set-up too: in about 5 minutes ${ids.join(' and ')} will page once because of it`]
}

/** The tuned sign-in detection leaves root to the root detection (field case C33). */
function rootUnwatched({ detections }: Setup): readonly string[] {
  const chosen = new Set(detections.map(({ id }) => id))
  return chosen.has('console-signin-without-mfa') && !chosen.has('root-account-usage')
    ? ['console-signin-without-mfa sees IAM users only: add root-account-usage, or nobody hears of root']
    : []
}

function noEndpoint(): AppError {
  return usage(
    'no-integration-key',
    'no PagerDuty integration key was given, and the topic is subscribed to none yet',
    'set CLOUDTRAIL_PD_INTEGRATION_KEY, or pass --integration-key-file PATH or --integration-url URL',
  )
}
