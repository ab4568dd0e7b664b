/** Patterns compiled to functions that say whether a log message matches. */
import { type Candidates, indexCandidates } from './candidates.ts'
import { type JsonObject, readJson, readJsonWithNumberText } from './json-value.ts'
import { depthOf, expressionTest, type JsonTest } from './match-json.ts'
import { spaceTest } from './match-space.ts'
import type { Run } from './match-value.ts'
import type { JsonPattern, Pattern, TermsPattern } from './pattern.ts'
import { compileRegex } from './regex.ts'

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
    return [...found, ...more].sort((a, b) => a - b)
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
    const { found, unsure } = matchEvent(compiled, event)
    return unsure.length > 0 ? undefined : found
  }
}

interface CompiledJson {
  readonly tests: ReadonlyMap<number, JsonTest>
  readonly candidates: Candidates
  /** How many levels of a message they look at; 0 when there are none. */
  readonly depth: number
}

function compileJson(patterns: readonly Pattern[]): CompiledJson {
  const expressions = patterns.flatMap((pattern, index) => (isJson(pattern) ? [{ index, where: pattern.where }] : []))
  return {
    tests: new Map(expressions.map(({ index, where }) => [index, expressionTest(where)])),
    candidates: indexCandidates(expressions),
    depth: Math.max(0, ...expressions.map(({ where }) => depthOf(where))),
  }
}

function isJson(pattern: Pattern): pattern is JsonPattern {
  return pattern.kind === 'json'
}

function matchMessage(compiled: CompiledJson, message: string): readonly number[] {
  const event = readJson(message)
  if (event === undefined) return []
  const { found, unsure } = matchEvent(compiled, event)
  if (unsure.length === 0) return found
  const spelled = readJsonWithNumberText(message, compiled.depth)
  if (spelled === undefined) return found
  const sure = unsure.filter((index) => compiled.tests.get(index)?.(spelled, { needsText: false }) === true)
  return [...found, ...sure].sort((a, b) => a - b)
}

function matchEvent(compiled: CompiledJson, event: JsonObject) {
  const run: Run = { needsText: false }
  const found: number[] = []
  const unsure: number[] = []
  for (const index of compiled.candidates(event)) {
    const matches = compiled.tests.get(index)?.(event, run) === true
    if (run.needsText) {
      unsure.push(index)
      run.needsText = false
    } else if (matches) found.push(index)
  }
  return { found, unsure }
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
