/** Whether a new heartbeat would page though nothing is broken: judged by the traffic of the last two weeks. */

import { readTimes } from '../../aws/readers/metric-data.ts'
import type { Aws } from '../../aws/session.ts'
import { HEARTBEAT, parseMarker } from '../../domain/marker.ts'
import { type Note, notes } from '../../domain/note.ts'
import type { Kind } from '../../domain/resources.ts'
import type { Reading } from '../../domain/snapshot.ts'
import { incomingEvents } from '../../plan/desired-heartbeat.ts'
import { heartbeatFor, longestSilence } from '../../plan/silence.ts'
import type { Decided } from './decide.ts'

const DAYS = 14

/** When events arrived in a log group in the last two weeks, as its metric tells; periods of five minutes. */
export function readTraffic(aws: Aws, logGroup: string, now: Date): Promise<Reading<readonly Date[]>> {
  const since = new Date(now.getTime() - DAYS * 86_400_000)
  return readTimes(aws, incomingEvents(logGroup), { since, until: now, period: 300 })
}

/** Asks AWS only where the plan creates or changes the heartbeat of a log group that is there. */
export async function heartbeatNotes({ plan, aws, setup }: Decided, now: Date): Promise<readonly Note[]> {
  const { heartbeat } = setup
  const logGroup = plan.flatMap(({ action, resource }) =>
    (action === 'create' || action === 'update') &&
    resource.kind === 'alarm' &&
    parseMarker(resource.spec.description)?.detection === HEARTBEAT
      ? [resource.spec.metric.dimensions?.LogGroupName]
      : [],
  )[0]
  if (logGroup === undefined || heartbeat === undefined) return []
  const fresh = (kind: Kind) => plan.some(({ action, resource }) => action === 'create' && resource.kind === kind)
  if (fresh('log-group') || fresh('delivery')) return notes('heartbeat', [AT_ONCE])
  const times = await readTraffic(aws, logGroup, now)
  if (times.state === 'unreadable') {
    return notes('heartbeat', [`whether the account is quiet for ${heartbeat} minutes is unknown: ${times.why}`])
  }
  if (times.value.length === 0) return notes('heartbeat', [AT_ONCE])
  const silence = longestSilence(times.value, now)
  if (silence < heartbeat) return []
  const better = heartbeatFor(silence)
  const advice = better === undefined ? 'leave it out' : `--heartbeat ${better} does not`
  return notes('heartbeat', [
    `the heartbeat of ${heartbeat} minutes pages though nothing is broken: in the last ${DAYS} days the log group was silent for ${silence} minutes; ${advice}`,
  ])
}

const AT_ONCE =
  'the heartbeat pages at once, and resolves when the first events arrive: the log group receives none yet; to avoid that page, add --heartbeat in a second run'
