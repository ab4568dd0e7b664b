/** What is wrong with a pattern that AWS may well accept: findings with a column, a reason and a pattern that is clean. */

import { compile } from '../match/match.ts'
import { MAX_PATTERN_LENGTH, type Parsed, parseAnyLength, parsePattern } from '../parse/parse.ts'
import { type Condition, type JsonPattern, type Pattern, print } from '../pattern.ts'
import { mapConditions } from '../tree.ts'
import { lintAbsentFields } from './absent-field.ts'
import type { Draft, LintRule } from './draft.ts'
import { lintFields } from './fields.ts'
import { lintLogic } from './logic.ts'
import { lintTautologies } from './tautology.ts'
import { lintRegexes, lintSpace, lintTerms } from './text.ts'
import { lintUnknownFields } from './unknown-field.ts'
import { lintValues } from './values.ts'
import { lintWrapping } from './wrapping.ts'

export interface LintReport {
  /** Whether AWS takes the pattern, as far as is known; a valid pattern may still have a finding that fails. */
  readonly valid: boolean
  readonly findings: readonly LintFinding[]
}

export interface LintFinding {
  readonly rule: LintRule
  readonly status: 'warn' | 'fail'
  readonly column: number
  /** One sentence: what is so, and what it costs. */
  readonly message: string
  /** A whole pattern without this finding, and without any other. */
  readonly suggestion?: string
}

/**
 * Judges a pattern for CloudTrail events. Never throws; findings come in the order of their columns. With `samples`, log
 * messages of all kinds, a pattern that matches most of them is said to, and a suggestion is run on them before it is made.
 */
export function lint(text: string, samples: readonly string[] = []): LintReport {
  const before = countIn(text, samples)
  const found = drafts(text)
  const wide = found.some(({ rule }) => rule === 'tautology') ? undefined : tooWide(before, samples)
  const findings = [...found, ...(wide === undefined ? [] : [wide])].map(({ fix, ...finding }): LintFinding => {
    const suggestion = fix === undefined ? undefined : settle(fix, MAX_FIXES)
    if (suggestion === undefined) return finding
    const objection = objectionTo(suggestion, before, samples)
    if (objection === undefined) return { ...finding, suggestion }
    return { ...finding, message: `${finding.message}; no pattern is offered, since ${objection}` }
  })
  return { valid: parsePattern(text).validity !== 'refused', findings }
}

function countIn(text: string, samples: readonly string[]): number {
  const parsed = parsePattern(text)
  if (samples.length === 0 || parsed.validity === 'refused') return 0
  return samples.filter(compile(parsed.pattern)).length
}

function tooWide(count: number, samples: readonly string[]): Draft | undefined {
  if (count * 2 <= samples.length) return undefined
  const message = `${shareOf(count, samples)} match: exclusions alone leave nearly everything; add a condition with =`
  return { rule: 'tautology', status: 'warn', column: 1, message }
}

/** Why a suggestion is not worth showing; nothing when it is. */
function objectionTo(suggestion: string, before: number, samples: readonly string[]): string | undefined {
  const after = countIn(suggestion, samples)
  const grows = after * 3 > samples.length && after > before * 2
  if (after * 2 > samples.length || grows) return `the form without this fault matches ${shareOf(after, samples)}`
  // What a flood matched says nothing of what was meant.
  return before > 0 && before * 2 <= samples.length && after === 0
    ? 'the form without this fault matches none of the sample events any more'
    : undefined
}

function shareOf(count: number, samples: readonly string[]): string {
  return `${count} of ${samples.length} sample events`
}

/** A fix may bring another fault to light; a pattern that is not clean after so many has no suggestion. */
const MAX_FIXES = 10

function settle(text: string, left: number): string | undefined {
  const found = drafts(text)
  if (found.length === 0) return text
  const fix = found.find((draft) => draft.fix !== undefined)?.fix
  return fix === undefined || left === 0 || fix === text ? undefined : settle(fix, left - 1)
}

function drafts(text: string): readonly Draft[] {
  const parsed = parsePattern(text)
  const wrapped = lintWrapping(text, parsed)
  if (wrapped !== undefined) return [wrapped]
  if (parsed.validity === 'refused') return [refusalDraft(text, parsed)]
  const { pattern } = parsed
  const found = [...doubtDrafts(parsed), ...patternDrafts(pattern)]
  return found.toSorted((a, b) => a.column - b.column)
}

function patternDrafts(pattern: Pattern): readonly Draft[] {
  switch (pattern.kind) {
    case 'everything':
      return [{ rule: 'tautology', status: 'fail', column: 1, message: 'an empty pattern matches every event' }]
    case 'json':
      return [...lintJson(pattern), ...lintRegexes(pattern)]
    case 'space':
      return [...lintSpace(pattern), ...lintRegexes(pattern)]
    case 'terms':
      return lintTerms(pattern)
    case 'regex':
      return lintRegexes(pattern)
  }
}

function refusalDraft(text: string, refused: Extract<Parsed, { validity: 'refused' }>): Draft {
  const { rule, column, message, suggestion } = refused
  const fix = rule === 'too-long' ? shortened(text) : rule === 'regex-quota' ? withoutPlainRegexes(text) : suggestion
  return { rule, status: 'fail', column, message, ...(fix === undefined ? {} : { fix }) }
}

/** Blanks and needless parentheses may be all that is too much; text far beyond the limit is not worth reading. */
function shortened(text: string): string | undefined {
  const parsed = text.length > 4 * MAX_PATTERN_LENGTH ? undefined : parseAnyLength(text)
  if (parsed === undefined || parsed.validity === 'refused') return undefined
  const short = print(parsed.pattern)
  return short.length <= MAX_PATTERN_LENGTH ? short : undefined
}

/** A regex without operators searches for a text, which stars do as well. */
function withoutPlainRegexes(text: string): string {
  return text.replace(/%([A-Za-z0-9:_#=@/;, -]+)%/g, '"*$1*"')
}

function doubtDrafts(parsed: Exclude<Parsed, { validity: 'refused' }>): readonly Draft[] {
  if (parsed.validity === 'accepted') return []
  const { column, message, pattern } = parsed
  const fix = print(withoutSingleQuotes(pattern))
  const draft: Draft = { rule: 'syntax', status: 'warn', column, message }
  return [parsePattern(fix).validity === 'accepted' ? { ...draft, fix } : draft]
}

/** Single quotes are a part of the text for AWS, and none for whoever wrote them (field case C27). */
function withoutSingleQuotes(pattern: Pattern): Pattern {
  if (pattern.kind !== 'json') return pattern
  return { ...pattern, where: mapConditions(pattern.where, unquoted) }
}

function unquoted(condition: Condition): Condition {
  if (condition.kind !== 'compare' || condition.value.kind !== 'text' || condition.value.quoted) return condition
  return { ...condition, value: { ...condition.value, text: condition.value.text.replace(/^['‘’](.*)['‘’]$/, '$1') } }
}

function lintJson(pattern: JsonPattern): readonly Draft[] {
  return [
    ...lintFields(pattern),
    ...lintUnknownFields(pattern),
    ...lintAbsentFields(pattern),
    ...lintTautologies(pattern),
    ...lintLogic(pattern),
    ...lintValues(pattern),
  ]
}
