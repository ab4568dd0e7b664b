/** Records to try patterns on: what each detection is about, call by call, and everyday records beside them. */

import { compileForEvents } from '../patterns/match/match.ts'
import { parsePattern } from '../patterns/parse/parse.ts'
import type { Pattern } from '../patterns/pattern.ts'
import { catalogue } from './catalogue.ts'
import type { CloudTrailEvent, Detection, PublishedPattern } from './detection.ts'
import { assumedRole, iamUser } from './event.ts'

/** One call that a detection is about, as different callers make it. */
export interface Call {
  /** Such as `StopLogging`, or `CreateUser AccessDenied`. */
  readonly name: string
  /** The first is the example of the catalogue; the others are the same call by another kind of principal. */
  readonly events: readonly CloudTrailEvent[]
}

/** The text of a pattern that counts a detection's events, and which of its calls it counts. */
export interface Reference {
  /** `tuned`, or the label of a published pattern. */
  readonly label: string
  readonly calls: ReadonlySet<Call>
}

export interface Samples {
  /** Every call that the tuned pattern or a published one without a flaw counts. */
  readonly calls: readonly Call[]
  /** The tuned pattern first, then every published text: what one of them leaves out by design is no gap. */
  readonly references: readonly Reference[]
}

const known = new WeakMap<Detection, Samples>()

/** The calls of a detection; worked out once. A detection of one's own has none. */
export function samplesOf(detection: Detection): Samples {
  const found = known.get(detection) ?? deriveSamples(detection)
  known.set(detection, found)
  return found
}

/** Every example of the catalogue as a log message, for judging what a pattern counts. */
export function sampleMessages(): readonly string[] {
  messages ??= [
    ...new Set(
      catalogue.flatMap(({ ownEvents, neighborEvents }) =>
        [...ownEvents, ...neighborEvents].map((event) => JSON.stringify(event)),
      ),
    ),
  ]
  return messages
}

let messages: readonly string[] | undefined

/** The patterns of a detection that count what they should, the tuned one first; without the texts that have a flaw. */
export function soundPatterns({ paging, compliance }: Detection): readonly { label: string; text: string }[] {
  const published = (compliance?.patterns ?? []).filter(({ valid, flaw }) => valid && flaw === undefined)
  return [{ label: 'tuned', text: paging.pattern }, ...published.map(asText)]
}

function deriveSamples(detection: Detection): Samples {
  if (detection.custom !== undefined) return { calls: [], references: [] }
  const matching = matcherOf(soundPatterns(detection).flatMap(({ text }) => patternsIn(text)))
  const examples = [...detection.ownEvents, ...underOtherNames(detection, matching)]
  const calls = examples.map((event): Call => {
    const others = byOthers(event).filter((other) => matching(other).length > 0)
    return { name: nameOf(event), events: [event, ...others] }
  })
  const published = (detection.compliance?.patterns ?? []).filter(({ valid }) => valid)
  const references = [{ label: 'tuned', text: detection.paging.pattern }, ...published.map(asText)].map(
    ({ label, text }): Reference => {
      const counts = matcherOf(patternsIn(text))
      return { label, calls: new Set(calls.filter(({ events: [event] }) => event && counts(event).length > 0)) }
    },
  )
  return { calls, references }
}

function asText({ label, pattern }: PublishedPattern): { label: string; text: string } {
  return { label, text: pattern }
}

function patternsIn(text: string): readonly Pattern[] {
  const parsed = parsePattern(text)
  return parsed.validity === 'refused' ? [] : [parsed.pattern]
}

function matcherOf(patterns: readonly Pattern[]): (event: CloudTrailEvent) => readonly number[] {
  const match = compileForEvents(patterns)
  return (event) => match(event) ?? []
}

/** The same call under each other name that a pattern lists: a pattern that knows half of them must be told apart. */
function underOtherNames(
  detection: Detection,
  matching: (event: CloudTrailEvent) => readonly number[],
): readonly CloudTrailEvent[] {
  const texts = soundPatterns(detection).map(({ text }) => text)
  const listed = texts.flatMap((text) => [...text.matchAll(/\$\.eventName\s*=\s*"?([A-Za-z0-9_]+)"?/g)])
  const shown = new Set(detection.ownEvents.map(({ eventName }) => eventName))
  const names = new Set(listed.map(([, name]) => name ?? '').filter((name) => !shown.has(name)))
  return [...names].flatMap((eventName): readonly CloudTrailEvent[] => {
    const variants = detection.ownEvents.map((event) => ({ ...event, eventName }))
    const counted = variants.find((event) => matching(event).length > 0)
    return counted === undefined ? [] : [counted]
  })
}

/** An API call of a person as a role makes it, and the other way around; who signs in to the console stays who it is. */
function byOthers(event: CloudTrailEvent): readonly CloudTrailEvent[] {
  const { userIdentity, eventType } = event
  if (eventType !== 'AwsApiCall' || typeof userIdentity !== 'object' || userIdentity === null) return []
  const type = 'type' in userIdentity ? userIdentity.type : undefined
  if (type === 'IAMUser') return [{ ...event, userIdentity: assumedRole() }]
  return type === 'AssumedRole' ? [{ ...event, userIdentity: iamUser() }] : []
}

function nameOf({ eventName, errorCode, userIdentity, responseElements }: CloudTrailEvent): string {
  const outcome = field(responseElements, 'ConsoleLogin')
  const root = eventName === 'ConsoleLogin' && field(userIdentity, 'type') === 'Root' ? 'of root' : undefined
  return [eventName, root, outcome, errorCode].filter((part) => typeof part === 'string').join(' ')
}

function field(value: CloudTrailEvent[string] | undefined, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
