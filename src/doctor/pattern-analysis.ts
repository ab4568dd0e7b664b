/** What the pattern engine says of a pattern: each is read once. */

import type { CloudTrailEvent } from '../detections/detection.ts'
import { sampleMessages } from '../detections/samples.ts'
import { type LintFinding, lint } from '../patterns/lint/lint.ts'
import { compile, compileForEvents, type Matcher } from '../patterns/match/match.ts'
import { type Parsed, parsePattern } from '../patterns/parse/parse.ts'
import { canonical } from '../patterns/pattern.ts'

export interface PatternAnalysis {
  readonly parsed: Parsed
  matches(event: CloudTrailEvent): boolean
  lint(): readonly LintFinding[]
  /** The same text for all patterns of one meaning; nothing where the pattern cannot be read. */
  meaning(): string | undefined
}

/** Reads a pattern once; what is asked of it more than once is worked out once. */
export function analyzePattern(text: string): PatternAnalysis {
  const parsed = parsePattern(text)
  const answers = new WeakMap<CloudTrailEvent, boolean>()
  let meaning: string | undefined
  let matcher: Matcher | undefined
  let findings: readonly LintFinding[] | undefined
  const onEvents = parsed.validity === 'refused' ? undefined : compileForEvents([parsed.pattern])
  const answer = (event: CloudTrailEvent) => {
    if (parsed.validity === 'refused') return false
    const found = onEvents?.(event)
    if (found !== undefined) return found.length > 0
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
    meaning() {
      meaning ??= parsed.validity === 'refused' ? undefined : canonical(parsed.pattern)
      return meaning
    },
    lint() {
      findings ??= lint(text, sampleMessages()).findings
      return findings
    },
  }
}
