/** What the pattern engine says of a pattern: each is read once. */

import type { CloudTrailEvent, Detection } from '../detections/detection.ts'
import { type LintFinding, lint } from '../patterns/lint/lint.ts'
import { compile, type Matcher } from '../patterns/match/match.ts'
import { type Parsed, parsePattern } from '../patterns/parse/parse.ts'

export interface PatternAnalysis {
  readonly parsed: Parsed
  matches(event: CloudTrailEvent): boolean
  lint(): readonly LintFinding[]
}

/** Reads a pattern once; what is asked of it more than once is worked out once. */
export function analyzePattern(text: string): PatternAnalysis {
  const parsed = parsePattern(text)
  const answers = new WeakMap<CloudTrailEvent, boolean>()
  let matcher: Matcher | undefined
  let findings: readonly LintFinding[] | undefined
  const answer = (event: CloudTrailEvent) => {
    if (parsed.validity === 'refused') return false
    matcher ??= compile(parsed.pattern)
    return matcher(JSON.stringify(event))
  }
  return {
    parsed,
    matches(event) {
      const known = answers.get(event) ?? answer(event)
      answers.set(event, known)
      return known
    },
    lint() {
      findings ??= lint(text).findings
      return findings
    },
  }
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
