/** What to ask AWS about the patterns that a plan writes, and what its answers say about the engine. */

import { catalogue } from '../detections/catalogue.ts'
import type { CloudTrailEvent, Detection } from '../detections/detection.ts'
import { type ChainNames, chainNames, type Site } from '../domain/names.ts'
import { compile } from '../patterns/match/match.ts'
import { parsePattern } from '../patterns/parse/parse.ts'
import type { Change, Plan } from './plan.ts'

/** One question: which of these messages does the pattern match? */
export interface PatternProbe {
  /** The metric filter that is going to have the pattern. */
  readonly filter: string
  readonly detection: string
  readonly pattern: string
  /** At most 50, as TestMetricFilter takes them, and no two alike. */
  readonly messages: readonly string[]
}

/** What AWS said of each message; undefined where it could not be asked. */
export type ProbeAnswer = readonly boolean[] | undefined

const MESSAGES_A_CALL = 50

/** A probe for each pattern that is new or changed; patterns that stay are not asked about again. */
export function probesOf(
  changes: Plan,
  detections: readonly Detection[],
  prefix: string,
  site: Site,
): readonly PatternProbe[] {
  const names = chainNames(prefix, site)
  return changes.flatMap((change) => {
    const { resource } = change
    if (resource.kind !== 'metric-filter' || !writesPattern(change)) return []
    const detection = detections.find((one) => isFilterOf(one, resource.name, names))
    if (detection === undefined) return []
    const { pattern } = resource.spec
    return [{ filter: resource.name, detection: detection.id, pattern, messages: messagesFor(detection) }]
  })
}

/** Each disagreement as one sentence. What AWS was not asked, or did not answer, is no disagreement. */
export function disagreements(probes: readonly PatternProbe[], answers: readonly ProbeAnswer[]): readonly string[] {
  return probes.flatMap(({ filter, detection, pattern, messages }, index) => {
    const answer = answers[index]
    const parsed = parsePattern(pattern)
    if (answer === undefined || parsed.validity === 'refused') return []
    const matches = compile(parsed.pattern)
    const odd = messages.findIndex((message, at) => matches(message) !== answer[at])
    if (odd < 0) return []
    const verb = answer[odd] === true ? 'matches' : 'does not match'
    return [
      `AWS and cloudtrail-pd disagree on the pattern of ${filter} (${detection}): for AWS it ${verb} event ${eventIdOf(messages[odd])}. This is a bug in cloudtrail-pd; please report it`,
    ]
  })
}

function writesPattern(change: Change): boolean {
  return (
    change.action === 'create' || (change.action === 'update' && change.fields.some(({ field }) => field === 'pattern'))
  )
}

function isFilterOf({ id, custom }: Detection, filter: string, names: ChainNames): boolean {
  const computed = names.metricFilter(id)
  return filter === custom?.filterName || filter === computed || filter.startsWith(`${computed}-compliance-`)
}

/** Its own two events; a detection of one's own has none, so it is asked about everybody else's. */
function messagesFor({ custom, ownEvents, neighborEvents }: Detection): readonly string[] {
  const events: readonly CloudTrailEvent[] =
    custom === undefined ? [ownEvents[0], neighborEvents[0]] : catalogue.map((one) => one.ownEvents[0])
  return [...new Set(events.map((event) => JSON.stringify(event)))].slice(0, MESSAGES_A_CALL)
}

function eventIdOf(message = ''): string {
  return /"eventID":"([^"]+)"/.exec(message)?.[1] ?? 'without id'
}
