/** A pattern in plain words, and for an event which of its terms hold and which of them decided. */

import { conditionTest, depthOf, findNode } from '../match/json.ts'
import { type JsonObject, readJsonWithNumberText } from '../match/json-value.ts'
import { compile } from '../match/match.ts'
import { compileRegex } from '../match/regex.ts'
import { expressionTest, lineUp } from '../match/space.ts'
import {
  type Condition,
  type Entry,
  type Expression,
  type FieldCondition,
  isJunction,
  type Pattern,
  type Span,
  type TermsPattern,
} from '../pattern.ts'
import { conditionText, fieldConditionText, foundText, termText } from './wording.ts'

export interface Explanation {
  /** From the top down; a line with columns is about that part of the pattern. */
  readonly lines: readonly ExplainedLine[]
  /** Each condition or term of the pattern, from left to right, for marking the pattern itself. */
  readonly terms: readonly ExplainedTerm[]
  /** Whether the event matches; absent when no event was given. */
  readonly match?: boolean
  /** The terms that made the answer what it is; empty without an event, and where the message is no JSON at all. */
  readonly decidedBy: readonly ExplainedTerm[]
}

export interface ExplainedLine {
  /** How deep it is indented. */
  readonly depth: number
  readonly text: string
  readonly holds?: boolean
  readonly column?: number
  readonly end?: number
}

export interface ExplainedTerm extends Span {
  readonly text: string
  readonly holds?: boolean
  /** What the event has there: `absent`, `"Yes"`, `an object`. */
  readonly seen?: string
}

/** `event` is the raw log message. Never throws. */
export function explain(pattern: Pattern, event?: string): Explanation {
  const { heading, reasons } = reasonsOf(pattern, event)
  const terms = leaves(reasons).filter((term) => !isWhole(term, pattern))
  if (event === undefined) return { lines: [{ depth: 0, text: heading }, ...lines(reasons, 1)], terms, decidedBy: [] }
  const match = compile(pattern)(event)
  const first = { depth: 0, text: heading, holds: match }
  return { lines: [first, ...lines(reasons, 1)], terms, match, decidedBy: deciders(reasons) }
}

/** The number of fields is a condition of the whole pattern, and would cover the marks of all others. */
function isWhole(term: ExplainedTerm, pattern: Pattern): boolean {
  return pattern.kind === 'space' && term.column === 1
}

/** What every kind of pattern comes down to. */
type Reasons =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Reasons[] }
  | { readonly kind: 'term'; readonly term: ExplainedTerm }
  /** Read, and of no effect. */
  | { readonly kind: 'ignored'; readonly term: ExplainedTerm }

interface Headed {
  readonly heading: string
  readonly reasons: Reasons
}

function reasonsOf(pattern: Pattern, event: string | undefined): Headed {
  switch (pattern.kind) {
    case 'everything':
      return { heading: 'An empty pattern matches every message.', reasons: { kind: 'all', parts: [] } }
    case 'json':
      return jsonReasons(pattern.where, event)
    case 'terms':
      return termsReasons(pattern, event)
    case 'space':
      return spaceReasons(pattern.entries, event)
    case 'regex': {
      const text = `the message matches the regex ${pattern.source}`
      const found = event === undefined ? {} : { holds: compileRegex(pattern.source)(event) }
      const term = { text, column: pattern.column, end: pattern.column + pattern.source.length + 2, ...found }
      return { heading: 'A message matches when this holds:', reasons: { kind: 'term', term } }
    }
  }
}

function jsonReasons(where: Expression<Condition>, event: string | undefined): Headed {
  const root = event === undefined ? undefined : readJsonWithNumberText(event, depthOf(where))
  const reasons = conditionReasons(where, root)
  if (event === undefined || root !== undefined) return { heading: headingFor(reasons, 'A JSON event'), reasons }
  return { heading: 'The message is not one JSON object, so no JSON pattern matches it, whatever it says:', reasons }
}

function headingFor(reasons: Reasons, subject: string): string {
  const many =
    reasons.kind === 'all' ? 'all of these hold' : reasons.kind === 'any' ? 'one of these holds' : 'this holds'
  return `${subject} matches when ${many}:`
}

function conditionReasons(where: Expression<Condition>, root: JsonObject | undefined): Reasons {
  if (isJunction(where)) {
    const parts = where.operands.map((operand) => conditionReasons(operand, root))
    return { kind: where.kind === 'and' ? 'all' : 'any', parts }
  }
  const term = { text: conditionText(where), column: where.column, end: where.end }
  if (root === undefined) return { kind: 'term', term }
  const single = where.selector.steps.every((step) => step.kind !== 'wildcard')
  const seen = single ? { seen: foundText(findNode(where.selector)(root)) } : {}
  return { kind: 'term', term: { ...term, holds: conditionTest(where)(root, { needsText: false }), ...seen } }
}

function termsReasons({ terms }: TermsPattern, event: string | undefined): Headed {
  const onlyOptional = terms.every((term) => term.role === 'optional')
  const parts = terms.map((one): Reasons => {
    const found = event === undefined ? {} : { holds: event.includes(one.text) !== (one.role === 'exclude') }
    const term = { text: termText(one), column: one.column, end: one.end, ...found }
    if (one.role !== 'optional' || onlyOptional) return { kind: 'term', term }
    return { kind: 'ignored', term: { ...term, text: `${term.text} (ignored: ? counts only when every term has it)` } }
  })
  const reasons: Reasons = { kind: onlyOptional ? 'any' : 'all', parts }
  return { heading: headingFor(reasons, 'A message'), reasons }
}

function spaceReasons(entries: readonly Entry[], event: string | undefined): Headed {
  const texts = event === undefined ? undefined : lineUp(entries, event)
  const fields = entries.filter((entry) => entry.kind === 'field')
  const open = entries.find((entry) => entry.kind === 'ellipsis')
  const last = open === undefined ? ', the last one being the rest of the line' : ''
  const count: ExplainedTerm = {
    text:
      fields.length === 0
        ? 'the line has any number of fields'
        : `the line has at least ${fields.length} fields${last}`,
    column: 1,
    end: (entries.at(-1)?.end ?? 2) + 1,
    ...(event === undefined ? {} : { holds: texts !== undefined || entries.length === 0 }),
  }
  const conditions = entries.flatMap((entry, index): readonly Reasons[] => {
    if (entry.kind === 'ellipsis' || entry.where === undefined) return []
    const after = open !== undefined && index > entries.indexOf(open)
    return [fieldReasons(entry.where, texts?.at(after ? index - entries.length : index))]
  })
  const reasons: Reasons = { kind: 'all', parts: [{ kind: 'term', term: count }, ...conditions] }
  return { heading: headingFor(reasons, 'A line split at spaces'), reasons }
}

function fieldReasons(where: Expression<FieldCondition>, field: string | undefined): Reasons {
  if (isJunction(where)) {
    const parts = where.operands.map((operand) => fieldReasons(operand, field))
    return { kind: where.kind === 'and' ? 'all' : 'any', parts }
  }
  const term = { text: fieldConditionText(where), column: where.column, end: where.end }
  if (field === undefined) return { kind: 'term', term }
  return { kind: 'term', term: { ...term, holds: expressionTest(where)(field), seen: foundText(field) } }
}

function holds(reasons: Reasons): boolean | undefined {
  if (reasons.kind === 'term' || reasons.kind === 'ignored') return reasons.term.holds
  const parts = reasons.parts.filter((part) => part.kind !== 'ignored').map(holds)
  const deciding = reasons.kind === 'any'
  if (parts.includes(deciding)) return deciding
  return parts.includes(undefined) ? undefined : !deciding
}

function truth(reasons: Reasons): { readonly holds?: boolean } {
  const value = reasons.kind === 'ignored' ? undefined : holds(reasons)
  return value === undefined ? {} : { holds: value }
}

function lines(reasons: Reasons, depth: number): readonly ExplainedLine[] {
  if (reasons.kind === 'term' || reasons.kind === 'ignored') {
    const { text, seen, column, end } = reasons.term
    const shown = seen === undefined || reasons.term.holds === true ? text : `${text}; here it is ${seen}`
    return [{ depth, text: shown, column, end, ...truth(reasons) }]
  }
  return reasons.parts.flatMap((part): readonly ExplainedLine[] => {
    if (part.kind === 'term' || part.kind === 'ignored') return lines(part, depth)
    const text = part.kind === 'all' ? 'all of these:' : 'one of these:'
    return [{ depth, text, ...truth(part) }, ...lines(part, depth + 1)]
  })
}

function leaves(reasons: Reasons): readonly ExplainedTerm[] {
  return reasons.kind === 'term' || reasons.kind === 'ignored' ? [reasons.term] : reasons.parts.flatMap(leaves)
}

/** Of an `all` that fails, the parts that fail; of an `any` that holds, those that hold; otherwise every part counted. */
function deciders(reasons: Reasons): readonly ExplainedTerm[] {
  if (reasons.kind === 'ignored') return []
  if (reasons.kind === 'term') return reasons.term.holds === undefined ? [] : [reasons.term]
  const whole = holds(reasons)
  if (whole === undefined) return []
  return reasons.parts.filter((part) => holds(part) === whole).flatMap(deciders)
}
