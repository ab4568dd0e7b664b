/** What the filters that feed one metric are for, told by what they mean and what they match; by their names last. */

import { catalogue } from '../detections/catalogue.ts'
import type { CloudTrailEvent, Detection } from '../detections/detection.ts'
import { type Call, samplesOf, soundPatterns } from '../detections/samples.ts'
import { parseMarker } from '../domain/marker.ts'
import type { AlarmSnapshot, MetricFilterSnapshot } from '../domain/snapshot.ts'
import { matchesWildcard } from '../iam/conditions.ts'
import { parsePattern } from '../patterns/parse/parse.ts'
import { type Condition, canonical, type Pattern, printSelector } from '../patterns/pattern.ts'
import { conditions } from '../patterns/tree.ts'
import { detectionsNamed } from './names.ts'
import { narrow } from './narrowing.ts'
import type { PatternAnalysis } from './pattern-analysis.ts'
import { callSpace } from './resemblance.ts'

export interface Classification {
  readonly detection: Detection
  /** What told: the mark of this tool, a published or tuned text, what is matched, or nothing but the name. */
  readonly by: 'mark' | 'meaning' | 'events' | 'name'
  /** A name or the mark claims the detection. */
  readonly claimed: boolean
  readonly counted: readonly Call[]
  /** Calls that the nearest sound pattern of the detection counts and the filters do not. */
  readonly missed: readonly Call[]
  /** The label of that pattern; `tuned` for this tool's own. */
  readonly nearest: string
  /** What the filters ask for beyond the detection, such as `recipientAccountId 111122223333`. */
  readonly only: readonly string[]
}

/** The filters of one log group that feed one metric, as one. */
export interface Union {
  readonly filters: readonly MetricFilterSnapshot[]
  readonly alarms: readonly AlarmSnapshot[]
  readonly analyses: readonly PatternAnalysis[]
}

/** Nothing when neither mark, meaning, events nor names tell. */
export function classify({ filters, alarms, analyses }: Union): Classification | undefined {
  const trial = tryOut(analyses)
  const names = [
    ...filters.map(({ name }) => name),
    ...filters.flatMap(({ transformations }) => transformations.map(({ name }) => name)),
    ...alarms.map(({ name }) => name),
  ]
  const named = detectionsNamed(names)
  const judged = (detection: Detection, by: Classification['by']): Classification => ({
    detection,
    by,
    claimed: by === 'mark' || named.includes(detection),
    ...coverageOf(detection, trial),
  })
  const mark = alarms.map(({ description }) => parseMarker(description)?.detection).find((id) => id !== undefined)
  if (mark !== undefined) {
    const marked = catalogue.find(({ id }) => id === mark)
    return marked && judged(marked, 'mark')
  }
  const meant = analyses.length === 1 ? meanings().get(analyses[0]?.meaning() ?? '') : undefined
  if (meant !== undefined) return judged(meant, 'meaning')
  const told = byEvents(trial, named)
  if (told !== undefined) return judged(told, 'events')
  const blind = named.find((detection) => analyses.some((analysis) => isAbout(analysis, detection)))
  return blind && judged(blind, 'name')
}

/** Whether a text means the same as one that a benchmark or scanner publishes, and nothing is wrong with it. */
export function isPublished(pattern: string): boolean {
  return published().has(meaningOf(pattern) ?? '')
}

/** The detections by what their tuned and published texts mean: blanks, quotes, order and parentheses apart. */
let meant: ReadonlyMap<string, Detection> | undefined
let sound: ReadonlySet<string> | undefined

function meanings(): ReadonlyMap<string, Detection> {
  meant ??= new Map(
    catalogue.flatMap((detection) => {
      const { paging, compliance } = detection
      const texts = [paging.pattern, ...(compliance?.patterns ?? []).map(({ pattern }) => pattern)]
      return texts.flatMap((text) => {
        const meaning = meaningOf(text)
        return meaning === undefined ? [] : [[meaning, detection] as const]
      })
    }),
  )
  return meant
}

function published(): ReadonlySet<string> {
  sound ??= new Set(
    catalogue.flatMap((detection) =>
      soundPatterns(detection)
        .filter(({ label }) => label !== 'tuned')
        .flatMap(({ text }) => meaningOf(text) ?? []),
    ),
  )
  return sound
}

function meaningOf(pattern: string): string | undefined {
  const parsed = parsePattern(pattern)
  return parsed.validity === 'refused' ? undefined : canonical(parsed.pattern)
}

/** What the filters match, as it is and with their own values put in; each answer is worked out once. */
interface Trial {
  readonly analyses: readonly PatternAnalysis[]
  matches(event: CloudTrailEvent): boolean
  /** What had to be put into one of the call's records for a filter to count it; nothing when none does. */
  narrowed(call: Call, detection: Detection): readonly string[] | undefined
}

function tryOut(analyses: readonly PatternAnalysis[]): Trial {
  const narrowings = new Map<Call, readonly string[] | undefined>()
  const matches = (event: CloudTrailEvent) => analyses.some((analysis) => analysis.matches(event))
  return {
    analyses,
    matches,
    narrowed(call, detection) {
      if (call.events.some(matches)) return []
      if (!narrowings.has(call)) narrowings.set(call, narrowCall(call, analyses, detection))
      return narrowings.get(call)
    },
  }
}

function narrowCall(
  call: Call,
  analyses: readonly PatternAnalysis[],
  detection: Detection,
): readonly string[] | undefined {
  const fixed = fixedFields(detection)
  for (const analysis of analyses) {
    if (analysis.parsed.validity === 'refused' || analysis.parsed.pattern.kind !== 'json') continue
    if (!isAbout(analysis, detection)) continue
    const { pattern } = analysis.parsed
    for (const event of call.events) {
      const narrowed = narrow(pattern, event, fixed)
      if (narrowed !== undefined && analysis.matches(narrowed.event)) return narrowed.only
    }
  }
  return undefined
}

const fixedOf = new WeakMap<Detection, ReadonlySet<string>>()

/** The fields whose values make the detection what it is. */
function fixedFields(detection: Detection): ReadonlySet<string> {
  const known = fixedOf.get(detection)
  if (known !== undefined) return known
  const asked = soundPatterns(detection).flatMap(({ text }) =>
    conditionsOf(text).flatMap((one) => (one.kind === 'compare' && one.operator === '=' ? [fieldOf(one)] : [])),
  )
  // The exclusion of a detection lets some invokers in: that asks for nothing.
  const fixed = new Set(asked.filter((field) => field !== 'userIdentity.invokedBy'))
  fixedOf.set(detection, fixed)
  return fixed
}

/** Of a text of the catalogue; read once. */
function conditionsOf(text: string): readonly Condition[] {
  const known = catalogued.get(text)
  if (known !== undefined) return known
  const parsed = parsePattern(text)
  const found = parsed.validity === 'refused' ? [] : ofPattern(parsed.pattern)
  catalogued.set(text, found)
  return found
}

const catalogued = new Map<string, readonly Condition[]>()

function ofPattern(pattern: Pattern): readonly Condition[] {
  return pattern.kind === 'json' ? conditions(pattern.where) : []
}

function fieldOf({ selector }: Condition): string {
  return printSelector(selector).replace(/^\$\./, '')
}

type Coverage = Pick<Classification, 'counted' | 'missed' | 'nearest' | 'only'>

const coverages = new WeakMap<PatternAnalysis, Map<Detection, Coverage>>()

/** What one pattern covers is worked out once, however many filters share it. */
function coverageOf(detection: Detection, trial: Trial): Coverage {
  const [first, ...others] = trial.analyses
  if (first === undefined || others.length > 0) return coverage(detection, trial)
  const known = coverages.get(first) ?? new Map<Detection, Coverage>()
  coverages.set(first, known)
  const found = known.get(detection) ?? coverage(detection, trial)
  known.set(detection, found)
  return found
}

function coverage(detection: Detection, trial: Trial): Coverage {
  const { calls, references } = samplesOf(detection)
  const judged = calls.map((call) => ({ call, only: trial.narrowed(call, detection) }))
  const counted = new Set(judged.filter(({ only }) => only !== undefined).map(({ call }) => call))
  const ranked = references
    .map((reference) => ({ reference, missed: [...reference.calls].filter((call) => !counted.has(call)) }))
    .toSorted((a, b) => a.missed.length - b.missed.length)
  const best = ranked[0]
  return {
    counted: [...counted],
    missed: best?.missed ?? [],
    nearest: best?.reference.label ?? 'tuned',
    only: [...new Set(judged.flatMap(({ only }) => only ?? []))],
  }
}

/** So much of what a filter and a detection match together must be the same before the filter is taken for it. */
const ALIKE = 0.25
/** What the events tell is not given up for a name unless the two are closer than this. */
const CLOSE = 0.3

/** The detection whose calls the filters match; of several that are close, the one that a name tells. */
function byEvents(trial: Trial, named: readonly Detection[]): Detection | undefined {
  const space = callSpace()
  const matched = new Set(space.calls.filter(({ events }) => events.some(trial.matches)))
  const ranked = catalogue
    .map((detection) => ({ detection, alike: resemblance(detection, matched, trial, named.includes(detection)) }))
    .filter(({ alike }) => alike > 0)
    .toSorted((a, b) => b.alike - a.alike)
  const best = ranked.find(({ detection }) => isPlausible(detection, trial, named))
  const claimed = ranked.find(({ detection }) => named.includes(detection))
  if (claimed !== undefined && claimed.alike > (best?.alike ?? 0) - CLOSE) return claimed.detection
  return best !== undefined && best.alike >= ALIKE ? best.detection : undefined
}

/** The share of calls that both count among those that either counts. */
function resemblance(detection: Detection, matched: ReadonlySet<Call>, trial: Trial, isNamed: boolean): number {
  const { calls } = samplesOf(detection)
  const both = calls.filter((call) => trial.narrowed(call, detection) !== undefined)
  if (both.length === 0) return 0
  const aims = callSpace().countedBy(detection)
  const beside = [...matched].filter((call) => !aims.has(call)).length
  const shared = [...aims].filter((call) => matched.has(call) || trial.narrowed(call, detection) !== undefined).length
  const alike = shared / (aims.size + beside)
  return isNamed ? Math.max(alike, Number.MIN_VALUE) : alike
}

/** Without a name, a filter that also counts harmless neighbors is for this only if it looks at the telling fields. */
function isPlausible(detection: Detection, trial: Trial, named: readonly Detection[]): boolean {
  if (named.includes(detection) || !detection.neighborEvents.some(trial.matches)) return true
  const asked = new Set(
    trial.analyses.flatMap(({ parsed }) =>
      parsed.validity === 'refused' ? [] : ofPattern(parsed.pattern).map(fieldOf),
    ),
  )
  return tellingFields(detection).every((field) => asked.has(field))
}

/** The fields that every pattern of the detection looks at, those with a flaw too. */
function tellingFields({ paging, compliance }: Detection): readonly string[] {
  const published = (compliance?.patterns ?? []).filter(({ valid }) => valid).map(({ pattern }) => pattern)
  const [first = [], ...others] = [paging.pattern, ...published].map((text) => conditionsOf(text).map(fieldOf))
  return first.filter((field) => others.every((fields) => fields.includes(field)))
}

/** Whether a pattern that matches none of the detection's calls still asks for something that the detection asks for. */
function isAbout({ parsed }: PatternAnalysis, detection: Detection): boolean {
  if (parsed.validity === 'refused') return false
  const asked = demandsIn(parsed.pattern)
  const known = demandsOf(detection)
  const answers = [...asked].flatMap(([field, values]) => {
    const own = known.get(field)
    if (own === undefined) return []
    const agrees = own.some((one) => values.some((value) => matchesWildcard(value, one) || matchesWildcard(one, value)))
    return [{ field, agrees }]
  })
  const contradicted = answers.some(
    ({ field, agrees }) => !agrees && (field === 'eventname' || field === 'eventsource'),
  )
  return !contradicted && answers.some(({ agrees }) => agrees)
}

/** The texts that fields must equal. */
type Demands = ReadonlyMap<string, readonly string[]>

const demandsInPattern = new WeakMap<Pattern, Demands>()
const demandsOfDetection = new WeakMap<Detection, Demands>()

function demandsIn(pattern: Pattern): Demands {
  const known = demandsInPattern.get(pattern) ?? demands(ofPattern(pattern))
  demandsInPattern.set(pattern, known)
  return known
}

function demandsOf(detection: Detection): Demands {
  const known =
    demandsOfDetection.get(detection) ?? demands(soundPatterns(detection).flatMap(({ text }) => conditionsOf(text)))
  demandsOfDetection.set(detection, known)
  return known
}

/** In small letters, since a value in the wrong case is a common reason to be blind. */
function demands(all: readonly Condition[]): Demands {
  const found = new Map<string, Set<string>>()
  for (const one of all) {
    if (one.kind !== 'compare' || one.operator !== '=' || one.value.kind !== 'text') continue
    const field = fieldOf(one).toLowerCase()
    found.set(field, (found.get(field) ?? new Set()).add(one.value.text.toLowerCase()))
  }
  return new Map([...found].map(([field, values]) => [field, [...values]]))
}

/** Each name once. */
export function callNames(calls: readonly Call[]): readonly string[] {
  return [...new Set(calls.map(({ name }) => name))]
}
