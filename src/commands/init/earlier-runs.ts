/** What earlier runs made and a setup does not name: without its option it is kept, and `--prune` removes it. */

import { isPagerDuty } from '../../domain/endpoint.ts'
import { chainNames, queueArn, type Site, topicArn } from '../../domain/names.ts'
import { type Note, notes } from '../../domain/note.ts'
import { type Snapshot, valueIfRead } from '../../domain/snapshot.ts'
import { emailSubscriptionOf, fallbackTopicArn, recordedAddresses } from '../../plan/desired-fallback.ts'
import { isRedriven, managedQueue } from '../../plan/desired-queue.ts'
import { managedAlarms, managedDashboards, managedFilters } from '../../plan/managed.ts'
import type { Setup } from '../../plan/setup.ts'

/** The setup with what earlier runs made and it does not name: kept, or taken away by `--prune`. */
export function withEarlier(provided: Setup, seen: Snapshot, prune: boolean): Setup {
  const asked = withKnownFallback(withKnownQueue(provided, seen, prune), seen, prune)
  return prune ? asked : withKnownDashboard(withKnownTickets(asked, seen), seen)
}

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

export function ticketTopic(setup: Setup, site: Site): string {
  return topicArn(site, chainNames(setup.name, site).ticketTopic)
}

/** That something of an earlier run is kept. */
export function keptNotes(provided: Setup, setup: Setup, snapshot: Snapshot): readonly Note[] {
  return [
    ...notes('kept-watching', keptWatching(provided, setup, snapshot)),
    ...notes('known-tickets', setup.ticketRoute === provided.ticketRoute ? [] : [KNOWN_TICKETS]),
  ]
}

const KNOWN_TICKETS = 'low-urgency detections still go to the endpoint of an earlier run; --prune stops that'

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
