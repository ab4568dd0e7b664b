/** What the pattern engine says of a filter: each pattern is read once. */

import type { MetricFilterFact } from '../chain/inventory.ts'
import type { CloudTrailEvent, Detection } from '../detections/detection.ts'
import { compile, type Matcher } from '../pattern/match.ts'
import { type Parsed, parsePattern } from '../pattern/parse.ts'
import type { Pattern } from '../pattern/pattern.ts'

export interface Study {
  readonly parsed: Parsed
  /** Undefined when the pattern is refused. */
  readonly pattern: Pattern | undefined
  matches(event: CloudTrailEvent): boolean
}

/** Remembers by the fact itself, so that the answer is as if it were computed each time. */
const studied = new WeakMap<MetricFilterFact, Study>()

export function study(filter: MetricFilterFact): Study {
  const known = studied.get(filter)
  if (known !== undefined) return known
  const parsed = parsePattern(filter.pattern)
  const pattern = parsed.validity === 'refused' ? undefined : parsed.pattern
  let matcher: Matcher | undefined
  const fresh: Study = {
    parsed,
    pattern,
    matches(event) {
      if (pattern === undefined) return false
      matcher ??= compile(pattern)
      return matcher(JSON.stringify(event))
    },
  }
  studied.set(filter, fresh)
  return fresh
}

/** The events that a detection is about: its example, and the same call under every other name or error that its pattern lists. */
export function ownEvents(detection: Detection): readonly CloudTrailEvent[] {
  const known = own.get(detection)
  if (known !== undefined) return known
  const events = deriveEvents(detection)
  own.set(detection, events)
  return events
}

const own = new WeakMap<Detection, readonly CloudTrailEvent[]>()

function deriveEvents(detection: Detection): readonly CloudTrailEvent[] {
  const parsed = parsePattern(detection.paging.pattern)
  if (parsed.validity === 'refused') return [detection.matchingEvent]
  const matches = compile(parsed.pattern)
  const variants = namesIn(detection).map((eventName) => ({
    ...detection.matchingEvent,
    eventName,
  }))
  const errors = ERROR_CODES[detection.id] ?? []
  const events = [
    detection.matchingEvent,
    ...variants,
    ...errors.map((errorCode) => ({ ...detection.matchingEvent, errorCode })),
  ]
  return events.filter((event) => matches(JSON.stringify(event)))
}

/** Services spell a refusal in two ways; a filter that knows one of them loses the other (field case C26). */
const ERROR_CODES: Readonly<Record<string, readonly string[]>> = {
  'unauthorized-api-calls': ['AccessDenied', 'Client.UnauthorizedOperation'],
}

function namesIn({ paging }: Detection): readonly string[] {
  return [...paging.pattern.matchAll(/\$\.eventName = "([^"*]+)"/g)].map(([, name]) => name ?? '')
}
