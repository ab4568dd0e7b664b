/** What the person is told of a plan that its table does not show. */

import { isPagerDuty, parseEndpoint } from '../../domain/endpoint.ts'
import { parseArn } from '../../domain/names.ts'
import { type Note, notes } from '../../domain/note.ts'
import { pageTitleNote } from '../../domain/page-title.ts'
import type { Resource } from '../../domain/resources.ts'
import { type Route, routeNotes } from '../../domain/route.ts'
import type { Snapshot } from '../../domain/snapshot.ts'
import type { NotificationNames } from '../../plan/chain-names.ts'
import { adoptionNotes } from '../../plan/desired-events.ts'
import { emailSubscriptionOf } from '../../plan/desired-fallback.ts'
import { unrecordedEndpoints } from '../../plan/orphans.ts'
import type { Plan } from '../../plan/plan.ts'
import { deadDetections } from '../../plan/preflight.ts'
import { unsubscribedControls } from '../../plan/security-hub.ts'
import type { Setup } from '../../plan/setup.ts'
import { firesOnSetup } from '../../plan/setup-triggered-alarms.ts'
import { type KeyReadings, otherAlarmsOn } from '../../plan/topic-fitness.ts'
import { homeRegionNotes, type TrailChoice } from '../../plan/trail-choice.ts'
import { driftNotes } from './drift.ts'
import { keptNotes } from './earlier-runs.ts'

interface PlanFacts {
  readonly setup: Setup
  /** Without what earlier runs made. */
  readonly provided: Setup
  readonly choice: TrailChoice
  readonly wanted: readonly Resource[]
  readonly snapshot: Snapshot
  readonly changes: Plan
  readonly keys: KeyReadings
  readonly notifications: NotificationNames
  readonly narrowed: readonly string[]
  /** Of the session. */
  readonly region: string
}

/** Each one sentence; nothing here stops the run. */
export function planNotes(facts: PlanFacts): readonly Note[] {
  const { setup, provided, choice, wanted, snapshot, changes, keys, notifications, narrowed, region } = facts
  const paging = pagingTopics(setup, wanted, notifications)
  return [
    ...notes('home-region', homeRegionNotes(choice, region)),
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
    ...notesOnRoute(paging),
    ...notes('page-title', titleNotes(changes, paging)),
    ...notes('first-ok', firstOkNotes(changes, paging)),
    ...notes('pagerduty', snapshot.pagerduty?.faults ?? []),
    ...notes('fallback-email', unconfirmedNotes(changes, snapshot)),
    ...keptNotes(provided, setup, snapshot),
  ]
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

type KnownRoute = Pick<Route, 'kind' | 'shape'>

/** A topic that leads to PagerDuty. */
interface PagingTopic {
  readonly topicArn: string
  /** Where it enters; undefined: that cannot be told. */
  readonly route: KnownRoute | undefined
}

function pagingTopics(
  setup: Setup,
  wanted: readonly Resource[],
  { topicArn, ticketTopicArn }: NotificationNames,
): readonly PagingTopic[] {
  const pages = { topicArn, route: routeOfPages(setup, wanted) }
  return ticketTopicArn === undefined ? [pages] : [pages, { topicArn: ticketTopicArn, route: setup.ticketRoute }]
}

/** As it was named, else as the path of the endpoint tells that is kept. */
function routeOfPages({ destination }: Setup, wanted: readonly Resource[]): KnownRoute | undefined {
  if (destination?.how === 'integration') return destination.route
  if (destination?.how === 'orchestration') return { kind: 'global-orchestration', shape: 'x-ere' }
  if (destination !== undefined) return { kind: 'service', shape: 'enqueue' }
  const [kept] = wanted.flatMap((one) =>
    one.kind === 'subscription' && one.spec.purpose === 'pages' ? [one.spec.endpoint] : [],
  )
  if (kept === undefined || kept === 'from-pagerduty') return undefined
  const endpoint = parseEndpoint('https', kept)
  if (endpoint.kind === 'cloudwatch-adapter') return { kind: 'service', shape: 'adapter' }
  return isPagerDuty(endpoint) ? endpoint.route : undefined
}

function notesOnRoute([pages, tickets]: readonly PagingTopic[]): readonly Note[] {
  const notesOf = ({ route, topicArn }: PagingTopic) => (route === undefined ? [] : routeNotes(route, topicArn))
  return [
    ...(pages === undefined ? [] : notesOf(pages)),
    ...(tickets === undefined
      ? []
      : notesOf(tickets).map((note) => ({ ...note, text: `low-urgency detections: ${note.text}` }))),
  ]
}

/** A new alarm goes from INSUFFICIENT_DATA to OK at its first evaluation, and that is a message like any other. */
function firstOkNotes(changes: Plan, paging: readonly PagingTopic[]): readonly string[] {
  const fresh = changes.flatMap(({ action, resource }) =>
    action === 'create' && resource.kind === 'alarm' ? [resource.spec.okActions] : [],
  )
  const alike = new Set(paging.map(firstOkEffect)).size === 1
  // One sentence for all topics whose first OK comes to the same.
  const told = alike ? [paging] : paging.map((one) => [one])
  return told.flatMap((topics) => {
    const [first] = topics
    const count = fresh.filter((actions) => topics.some(({ topicArn }) => actions.includes(topicArn))).length
    if (first === undefined || count === 0) return []
    const of = alike ? '' : ` of topic ${parseArn(first.topicArn)?.resource}`
    const alarms = count === 1 ? `the new alarm${of} sends its` : `each of ${count} new alarms${of} sends its`
    return [`${alarms} first OK to PagerDuty within seconds${firstOkEffect(first)}`]
  })
}

function firstOkEffect({ route }: PagingTopic): string {
  if (route === undefined) return ''
  return route.shape === 'x-ere'
    ? ': an orchestration rule may open an incident for it'
    : ': a service integration ignores it, because no incident is open'
}

/** How the pages of new alarms will read; behind a routing key the subject of the message is the title. */
function titleNotes(changes: Plan, paging: readonly PagingTopic[]): readonly string[] {
  const plain = paging.filter(({ route }) => route !== undefined && route.shape !== 'x-ere')
  for (const { action, resource } of changes) {
    if (action !== 'create' || resource.kind !== 'alarm') continue
    const { statistic, comparisonOperator, threshold, metric, alarmActions } = resource.spec
    if (!plain.some(({ topicArn }) => alarmActions.includes(topicArn))) continue
    return [pageTitleNote({ statistic, comparisonOperator, threshold, metricName: metric.name, dimensions: {} })]
  }
  return []
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
