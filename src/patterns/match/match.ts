/** Patterns compiled to functions that say whether a log message matches. */

import type { JsonPattern, Pattern, TermsPattern } from '../pattern.ts'
import { type Candidates, type Indexed, indexCandidates } from './candidates.ts'
import { depthOf, expressionTest, type JsonTest } from './json.ts'
import { type JsonObject, readJson, readJsonWithNumberText } from './json-value.ts'
import { compileRegex } from './regex.ts'
import { spaceTest } from './space.ts'
import type { MatchRun } from './value.ts'

/** Takes the raw log message, never a re-serialised object: AWS sees the text. */
export type Matcher = (message: string) => boolean

/** Never throws, and takes time linear in the message. */
export function compile(pattern: Pattern): Matcher {
  if (pattern.kind !== 'json') return compileText(pattern)
  const match = compileMany([pattern])
  return (message) => match(message).length > 0
}

/** The positions of the patterns that match, in ascending order; a message is parsed once, whatever their number. */
export function compileMany(patterns: readonly Pattern[]): (message: string) => readonly number[] {
  const onText = patterns.flatMap((pattern, index) =>
    pattern.kind === 'json' ? [] : [{ index, match: compileText(pattern) }],
  )
  const onJson = compileJson(patterns)
  return (message) => {
    const found = onJson.depth > 0 ? matchMessage(onJson, message) : []
    if (onText.length === 0) return found
    const more = onText.filter(({ match }) => match(message)).map(({ index }) => index)
    return [...found, ...more].sort(ascending)
  }
}

/**
 * As `compileMany`, on an event that is parsed already. Nothing when only the message can tell: some pattern is not a
 * JSON pattern, or compares a number whose spelling decides (`1` and `1.0` are one value, but two texts).
 */
export function compileForEvents(patterns: readonly Pattern[]): (event: JsonObject) => readonly number[] | undefined {
  if (patterns.some((pattern) => pattern.kind !== 'json')) return () => undefined
  const compiled = compileJson(patterns)
  return (event) => {
    const outcome = matchEvent(compiled, event)
    if (outcome === undefined) return NONE
    return outcome.unsure.length > 0 ? undefined : outcome.found
  }
}

interface CompiledJson {
  readonly candidates: Candidates<IndexedTest>
  /** How many levels of a message they look at; 0 when there are none. */
  readonly depth: number
}

interface IndexedTest extends Indexed {
  readonly index: number
  readonly test: JsonTest
}

function compileJson(patterns: readonly Pattern[]): CompiledJson {
  const tests = patterns.flatMap((pattern, index): readonly IndexedTest[] => {
    if (pattern.kind !== 'json') return []
    return [{ index, where: pattern.where, test: expressionTest(pattern.where) }]
  })
  return { candidates: indexCandidates(tests), depth: Math.max(0, ...tests.map(({ where }) => depthOf(where))) }
}

function matchMessage(compiled: CompiledJson, message: string): readonly number[] {
  const event = readJson(message)
  if (event === undefined) return NONE
  const outcome = matchEvent(compiled, event)
  if (outcome === undefined) return NONE
  const spelled = outcome.unsure.length > 0 ? readJsonWithNumberText(message, compiled.depth) : undefined
  if (spelled === undefined) return outcome.found
  const sure = outcome.unsure.filter(({ test }) => test(spelled, { needsText: false }))
  return [...outcome.found, ...sure.map(({ index }) => index)].sort(ascending)
}

interface Outcome {
  readonly found: readonly number[]
  /** Those that met a number whose spelling decides. */
  readonly unsure: readonly IndexedTest[]
}

/** Nothing where nothing matches, which is the answer for almost every event. */
function matchEvent(compiled: CompiledJson, event: JsonObject): Outcome | undefined {
  const run: MatchRun = { needsText: false }
  let outcome: { found: number[]; unsure: IndexedTest[] } | undefined
  for (const group of compiled.candidates(event)) {
    for (const one of group) {
      const matches = one.test(event, run)
      if (!matches && !run.needsText) continue
      outcome ??= { found: [], unsure: [] }
      if (run.needsText) outcome.unsure.push(one)
      else outcome.found.push(one.index)
      run.needsText = false
    }
  }
  outcome?.found.sort(ascending)
  return outcome
}

const NONE: readonly number[] = []

function ascending(a: number, b: number): number {
  return a - b
}

function compileText(pattern: Exclude<Pattern, JsonPattern>): Matcher {
  switch (pattern.kind) {
    case 'everything':
      return () => true
    case 'regex': {
      const search = compileRegex(pattern.source)
      return (message) => search(message)
    }
    case 'space':
      return spaceTest(pattern)
    case 'terms':
      return compileTerms(pattern)
  }
}

function compileTerms({ terms }: TermsPattern): Matcher {
  const texts = (role: TermsPattern['terms'][number]['role']) =>
    terms.filter((term) => term.role === role).map(({ text }) => text)
  const [included, excluded, optional] = [texts('include'), texts('exclude'), texts('optional')]
  // Beside a plain or excluded term every optional one is ignored.
  if (included.length + excluded.length === 0) return (message) => optional.some((text) => message.includes(text))
  return (message) =>
    included.every((text) => message.includes(text)) && !excluded.some((text) => message.includes(text))
}
