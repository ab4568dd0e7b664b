/** The syntax tree of a CloudWatch Logs filter pattern, how it is written, and when two of them mean the same. */
import { decimal, isNumberText } from './decimal.ts'

/** Where a node stands in the pattern text: 1-based column of its first character, and of the one after its last. */
export interface Span {
  readonly column: number
  readonly end: number
}

export type Pattern = EverythingPattern | JsonPattern | SpacePattern | TermsPattern | RegexPattern

/** Empty, or made of blanks: matches every event. */
interface EverythingPattern {
  readonly kind: 'everything'
}

/** `{ … }`: conditions on the fields of a message that is one JSON object. */
export interface JsonPattern {
  readonly kind: 'json'
  readonly where: Expression<Condition>
}

/** `[ … ]`: conditions on the blank-separated fields of a line. */
export interface SpacePattern {
  readonly kind: 'space'
  readonly entries: readonly Entry[]
}

/** Words and phrases that must, must not or may occur in the raw message. */
export interface TermsPattern {
  readonly kind: 'terms'
  readonly terms: readonly Term[]
}

/** `%…%` as the whole pattern. */
interface RegexPattern {
  readonly kind: 'regex'
  readonly source: string
  readonly column: number
}

/** Conditions joined by `&&` and `||`; an expression never holds another of its own kind unless parentheses did. */
export type Expression<C> = C | Junction<C>

export interface Junction<C> extends Span {
  readonly kind: 'and' | 'or'
  readonly operands: readonly Expression<C>[]
  /** Written with parentheses around it. */
  readonly grouped: boolean
}

export type Condition = ComparisonCondition | IsCondition | NotExists

export interface ComparisonCondition extends Span {
  readonly kind: 'compare'
  readonly selector: Selector
  readonly operator: Operator
  readonly value: Value
}

interface IsCondition extends Span {
  readonly kind: 'is'
  readonly selector: Selector
  readonly constant: 'NULL' | 'TRUE' | 'FALSE'
}

interface NotExists extends Span {
  readonly kind: 'not-exists'
  readonly selector: Selector
}

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>='

export interface Selector extends Span {
  readonly steps: readonly SelectorStep[]
}

export type SelectorStep =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'wildcard' }

export type Value = NumberValue | TextValue | RegexValue

/** A number as it was written: AWS compares strings with the source text. */
export interface NumberValue extends Span {
  readonly kind: 'number'
  readonly text: string
}

/** A word or a quoted text; `*` is a wildcard in both. */
export interface TextValue extends Span {
  readonly kind: 'text'
  readonly text: string
  readonly quoted: boolean
}

export interface RegexValue extends Span {
  readonly kind: 'regex'
  readonly source: string
}

export type Entry =
  | ({ readonly kind: 'ellipsis' } & Span)
  | ({ readonly kind: 'field'; readonly name?: string; readonly where?: Expression<FieldCondition> } & Span)

export interface FieldCondition extends Span {
  readonly kind: 'field-compare'
  readonly name: string
  readonly operator: Operator
  readonly value: Value
}

export interface Term extends Span {
  readonly role: 'include' | 'exclude' | 'optional'
  readonly text: string
  readonly quoted: boolean
}

/**
 * The pattern as this tool writes it: every text quoted, every junction within another in parentheses, single blanks.
 * The result means the same and stays inside what AWS is known to accept.
 */
export function print(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'everything':
      return ''
    case 'regex':
      return `%${pattern.source}%`
    case 'terms':
      return pattern.terms.map(printTerm).join(' ')
    case 'space':
      return `[${pattern.entries.map(printEntry).join(', ')}]`
    case 'json':
      return `{ ${printExpression(pattern.where, printCondition)} }`
  }
}

/**
 * One string for all patterns that mean the same by normalisation: quoting, blanks, parentheses, duplicates,
 * absorbed operands, the order of `&&`, `||` and terms, spelling of selectors and of numbers that are only ordered.
 */
export function canonical(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'terms':
      return canonicalTerms(pattern.terms)
    case 'space':
      return canonicalEntries(pattern.entries)
    case 'json':
      return `{ ${normalForm(pattern.where, canonicalCondition).text} }`
    default:
      return print(pattern)
  }
}

/** Whether two patterns match the same messages, as far as `canonical` can see; `false` may mean "cannot tell". */
export function sameMeaning(a: Pattern, b: Pattern): boolean {
  return canonical(a) === canonical(b)
}

/** The selector as AWS documents it: `$.a.b[0].*`, with `['…']` only where a name needs it. */
export function printSelector(selector: Selector): string {
  return `$${selector.steps.map(printStep).join('')}`.replace(/^\$\[/, '$.[')
}

export function printCondition(condition: Condition): string {
  const selector = printSelector(condition.selector)
  if (condition.kind === 'not-exists') return `${selector} NOT EXISTS`
  if (condition.kind === 'is') return `${selector} IS ${condition.constant}`
  return `${selector} ${condition.operator} ${printValue(condition.value)}`
}

function printValue(value: Value): string {
  if (value.kind === 'number') return value.text
  return value.kind === 'regex' ? `%${value.source}%` : quote(value.text)
}

function printExpression<C extends { readonly kind: string }>(
  expression: Expression<C>,
  printOne: (condition: C) => string,
): string {
  if (!isJunction(expression)) return printOne(expression)
  const joint = expression.kind === 'and' ? ' && ' : ' || '
  return expression.operands.map((operand) => `(${printExpression(operand, printOne)})`).join(joint)
}

export function isJunction<C extends { readonly kind: string }>(expression: Expression<C>): expression is Junction<C> {
  return expression.kind === 'and' || expression.kind === 'or'
}

function printStep(step: SelectorStep): string {
  if (step.kind === 'wildcard') return '[*]'
  if (step.kind === 'index') return `[${step.index}]`
  return /^[A-Za-z0-9_-]+$/.test(step.name) ? `.${step.name}` : `.['${step.name}']`
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

const PREFIX = { include: '', exclude: '-', optional: '?' } as const

function printTerm(term: Term): string {
  const bare = /^[\p{L}\p{N}_.]+$/u.test(term.text)
  return PREFIX[term.role] + (bare ? term.text : quote(term.text))
}

function printEntry(entry: Entry): string {
  if (entry.kind === 'ellipsis') return '...'
  if (entry.where === undefined) return entry.name ?? ''
  return printField(
    entry.where,
    (condition) => `${condition.name} ${condition.operator} ${printValue(condition.value)}`,
  )
}

/** No parentheses where none are needed: AWS is not known to read them between brackets. */
function printField(where: Expression<FieldCondition>, printOne: (condition: FieldCondition) => string): string {
  if (!isJunction(where)) return printOne(where)
  const parts = where.operands.map((operand) => {
    const text = printField(operand, printOne)
    return where.kind === 'and' && isJunction(operand) && operand.kind === 'or' ? `(${text})` : text
  })
  return parts.join(where.kind === 'and' ? ' && ' : ' || ')
}

function canonicalTerms(terms: readonly Term[]): string {
  const firm = terms.filter((term) => term.role !== 'optional')
  // Beside a plain or excluded term every `?term` is ignored; a single one is a plain term.
  const kept = firm.length > 0 ? firm : terms
  const texts = kept.map((term) =>
    printTerm(kept.length === 1 && firm.length === 0 ? { ...term, role: 'include' } : term),
  )
  const unique = [...new Set(texts)].sort()
  return unique.length === 1 ? (unique[0] ?? '').replace(/^\?/, '') : unique.join(' ')
}

function canonicalEntries(entries: readonly Entry[]): string {
  if (entries.every((entry) => entry.kind === 'ellipsis')) return ''
  const printed = entries.map((entry) => {
    if (entry.kind === 'ellipsis' || entry.where === undefined) return printEntry(entry)
    return normalForm(entry.where, (one) => `${one.name} ${one.operator} ${canonicalValue(one.value, one.operator)}`)
      .text
  })
  return `[${printed.join(', ')}]`
}

interface NormalForm {
  readonly kind: 'and' | 'or' | 'one'
  readonly text: string
  /** The operands of a junction, sorted. */
  readonly parts: readonly NormalForm[]
}

/** Flattens, sorts, and drops duplicates and what another operand absorbs: `A || (A && B)` is `A`. */
function normalForm<C extends { readonly kind: string }>(
  expression: Expression<C>,
  printOne: (condition: C) => string,
): NormalForm {
  if (!isJunction(expression)) return { kind: 'one', text: printOne(expression), parts: [] }
  const { kind } = expression
  const operands = expression.operands.map((operand) => normalForm(operand, printOne))
  const flat = operands.flatMap((operand) => (operand.kind === kind ? operand.parts : [operand]))
  const unique = new Map(flat.map((part) => [part.text, part]))
  const parts = [...unique.values()]
    .filter((part) => !part.parts.some(({ text }) => unique.has(text)))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  const joint = kind === 'and' ? ' && ' : ' || '
  return { kind, text: parts.map(({ text }) => `(${text})`).join(joint), parts }
}

function canonicalCondition(condition: Condition): string {
  if (condition.kind !== 'compare') return printCondition(condition)
  const { selector, operator, value } = condition
  return `${printSelector(selector)} ${operator} ${canonicalValue(value, operator)}`
}

function canonicalValue(value: Value, operator: Operator): string {
  if (value.kind === 'text') return quote(value.text.replace(/\*+/g, '*'))
  const ordered = operator !== '=' && operator !== '!='
  if (value.kind === 'regex' || !ordered || !isNumberText(value.text)) return printValue(value)
  const { negative, digits, exponent } = decimal(value.text)
  return digits === '' ? '0' : `${negative ? '-' : ''}${digits}e${exponent - digits.length}`
}
