/** Values that cannot match as they are written: numbers in quotes, stars that do nothing, booleans as text, misspellings. */
import { fieldKind, isAlwaysPresent, rightSpelling } from '../cloudtrail-fields.ts'
import { isNumberText } from '../decimal.ts'
import {
  type ComparisonCondition,
  type Condition,
  isJunction,
  type JsonPattern,
  printSelector,
  type TextValue,
  type Value,
} from '../pattern.ts'
import { conditions, excludesEverything, notExists, visits } from '../tree.ts'
import { type Draft, replacing } from './draft.ts'

export function lintValues(pattern: JsonPattern): readonly Draft[] {
  return visits(pattern.where).flatMap(({ node, parents }) => {
    if (isJunction(node)) return []
    const place: ScanTarget = { pattern, never: parents.some(({ kind }) => kind === 'or') ? 'warn' : 'fail' }
    const found = node.kind === 'compare' ? lintComparison(node, place) : lintState(node, place)
    return found === undefined ? [] : [found]
  })
}

interface ScanTarget {
  readonly pattern: JsonPattern
  /** How bad it is that the condition is never true: elsewhere in an `||` something else may match. */
  readonly never: 'warn' | 'fail'
}

function lintComparison(node: ComparisonCondition, place: ScanTarget): Draft | undefined {
  const { value } = node
  const structural = lintKind(node, place)
  if (structural !== undefined || value.kind !== 'text') return structural
  return (
    lintBoolean(node, value, place) ??
    lintSpelling(node, value, place) ??
    lintNumber(node, value, place) ??
    lintStars(node, value, place) ??
    lintLoose(node, value, place)
  )
}

/** Objects, arrays and booleans compare with nothing, and a string has no order. */
function lintKind(node: ComparisonCondition, place: ScanTarget): Draft | undefined {
  const kind = fieldKind(node.selector)
  const field = printSelector(node.selector)
  const draft = (message: string): Draft => ({
    rule: 'never-matches',
    status: place.never,
    column: node.column,
    message,
  })
  if (kind === 'object') {
    return draft(`${field} is an object, and no comparison with an object is true; name a field of it`)
  }
  const list = listStep(node)
  if (list !== undefined) {
    const fixed: ComparisonCondition = {
      ...node,
      selector: { ...node.selector, steps: node.selector.steps.toSpliced(list, 0, { kind: 'wildcard' }) },
    }
    const message = `${printSelector(node.selector)} leads into a list, which is never entered by itself; write [*] for each element`
    return replacing(draft(message), place.pattern, node, fixed)
  }
  if (node.operator !== '=' && node.operator !== '!=') {
    if (kind === undefined || kind === 'array') return undefined
    return draft(`${field} is no number, and ${node.operator} is never true on it`)
  }
  if (!excludesEverything(node)) return undefined
  const message = '!= "*" is never true, as every string and number equals a star; write NOT EXISTS'
  return replacing(draft(message), place.pattern, node, notExists(node.selector))
}

/** The step after which a known list goes on without an index. */
function listStep({ selector }: ComparisonCondition): number | undefined {
  const [first, second] = selector.steps
  const isList = first !== undefined && fieldKind({ ...selector, steps: [first] }) === 'array'
  return isList && (second === undefined || second.kind === 'key') ? 1 : undefined
}

function lintState(node: Exclude<Condition, ComparisonCondition>, place: ScanTarget): Draft | undefined {
  const field = printSelector(node.selector)
  if (node.kind === 'not-exists') {
    // Beside another condition in an || it does no harm: a guard that is not needed.
    if (!isAlwaysPresent(node.selector) || place.never === 'warn') return undefined
    return {
      rule: 'never-matches',
      status: 'fail',
      column: node.column,
      message: `every event has ${field}, so NOT EXISTS is never true`,
    }
  }
  if (node.constant === 'NULL' || fieldKind(node.selector) !== 'string') return undefined
  const text = node.constant.toLowerCase()
  const message = `${field} is the string "${text}", and IS ${node.constant} is true for a boolean only`
  const fixed: ComparisonCondition = {
    ...node,
    kind: 'compare',
    operator: '=',
    value: { ...span(node), kind: 'text', text, quoted: true },
  }
  return replacing(
    { rule: 'boolean-case', status: place.never, column: node.column, message },
    place.pattern,
    node,
    fixed,
  )
}

function lintBoolean(node: ComparisonCondition, value: TextValue, place: ScanTarget): Draft | undefined {
  if (!/^(?:true|false)$/i.test(value.text)) return undefined
  const kind = fieldKind(node.selector)
  // In quotes and in lower case it may well be meant: some fields hold the text.
  const meant = kind === undefined && value.quoted && value.text === value.text.toLowerCase()
  if (kind === 'string' || meant) return undefined
  const wanted = (value.text.toLowerCase() === 'true') === (node.operator === '=')
  const constant = wanted ? 'TRUE' : 'FALSE'
  const message = `${printSelector(node.selector)} ${node.operator} ${value.text} compares with a text, never with a boolean; write IS ${constant}`
  const draft: Draft = {
    rule: 'boolean-case',
    status: kind === 'boolean' ? place.never : 'warn',
    column: value.column,
    message,
  }
  return replacing(draft, place.pattern, node, { kind: 'is', selector: node.selector, constant, ...span(node) })
}

/** Field case C26: a literal that CloudTrail never writes. */
function lintSpelling(node: ComparisonCondition, value: TextValue, place: ScanTarget): Draft | undefined {
  const right = rightSpelling(node.selector, value.text)
  if (right === undefined) return undefined
  const field = printSelector(node.selector)
  const message = `CloudTrail never writes "${value.text}" in ${field}; it writes "${right}"`
  const status = node.operator === '=' ? place.never : 'warn'
  return withValue(
    { rule: 'never-matches', status, column: value.column, message },
    node,
    { ...value, text: right },
    place,
  )
}

function lintNumber(node: ComparisonCondition, value: TextValue, place: ScanTarget): Draft | undefined {
  if (!value.quoted || !isNumberText(value.text) || isIdentifier(value.text)) return undefined
  if (fieldKind(node.selector) === 'string') return undefined
  const message = `"${value.text}" in quotes is compared as text, so a number must be spelled like that; without quotes numbers compare by value`
  const draft: Draft = { rule: 'quoted-number', status: 'warn', column: value.column, message }
  return withValue(draft, node, { ...span(value), kind: 'number', text: value.text }, place)
}

/** Account numbers and the like: digits that count nothing. */
function isIdentifier(text: string): boolean {
  return /^\d{12}$|^[+-]?0\d/.test(text)
}

/** A star is a wildcard at the ends; what it does inside is not documented any more. */
function lintStars(node: ComparisonCondition, value: TextValue, place: ScanTarget): Draft | undefined {
  const core = value.text.replace(/^\*+|\*+$/g, '')
  const draft: Draft = { rule: 'dead-wildcard', status: 'warn', column: value.column, message: '' }
  if (core.includes('*')) {
    const message = 'a star inside of a text is not known to be a wildcard; only one at the start or the end is'
    const source = starsAsRegex(value.text)
    const room =
      conditions(place.pattern.where).filter((one) => one.kind === 'compare' && one.value.kind === 'regex').length < 2
    if (source === undefined || !room) return { ...draft, message }
    return withValue({ ...draft, message }, node, { ...span(value), kind: 'regex', source }, place)
  }
  if (!value.text.includes('**')) return undefined
  const message = 'a second star beside the first one does nothing'
  return withValue({ ...draft, message }, node, { ...value, text: value.text.replace(/\*+/g, '*') }, place)
}

/** Stars that take in more than was meant: the calls of every service, or a few letters anywhere in a name. */
function lintLoose(node: ComparisonCondition, { text, column }: TextValue, place: ScanTarget): Draft | undefined {
  if (node.operator !== '=') return undefined
  const field = printSelector(node.selector)
  const draft = (message: string): Draft => ({ rule: 'loose-value', status: 'warn', column, message })
  if (field === '$.eventName' && VERB.test(text) && !namesSource(place.pattern)) {
    return draft(
      `${text} counts calls of every service, such as ${everyService(text)}; name the service with $.eventSource`,
    )
  }
  const [, core = ''] = /^\*([^*/:.][^*]{0,2})\*$/.exec(text) ?? []
  if (core === '' || !NAMES.test(field)) return undefined
  return draft(
    `${text} matches ${core} anywhere in ${field}, also inside of a longer name; write more of the text around it`,
  )
}

/** One English verb and a star. */
const VERB = /^(?:Create|Delete|Put|Update|Modify|Attach|Detach|Add|Remove|Set|Start|Stop)\*$/

/** Fields that hold names that people choose. */
const NAMES = /[aA]rn$|[nN]ame$|principalId$|[iI]d$/

function namesSource(pattern: JsonPattern): boolean {
  return conditions(pattern.where).some((one) => printSelector(one.selector) === '$.eventSource')
}

function everyService(text: string): string {
  const verb = text.slice(0, -1)
  return verb === 'Create' ? 'CreateLogStream and CreateTags' : `those of DynamoDB or Lambda that begin with ${verb}`
}

function withValue(draft: Draft, node: ComparisonCondition, value: Value, place: ScanTarget): Draft {
  return replacing(draft, place.pattern, node, { ...node, value })
}

function span({ column, end }: { readonly column: number; readonly end: number }) {
  return { column, end }
}

const LITERAL = /[A-Za-z0-9:_#=@/;, -]/
const ESCAPED = /[.^$?[\]{}|\\+]/

/** A text with stars as a regex that AWS takes; nothing when it holds a character that no AWS regex can name. */
export function starsAsRegex(text: string): string | undefined {
  const parts = [...text.replace(/\*+/g, '*')].map(regexCharacter)
  if (parts.includes(undefined)) return undefined
  return `^${parts.join('')}$`.replace(/^\^\.\*/, '').replace(/\.\*\$$/, '')
}

function regexCharacter(character: string): string | undefined {
  if (character === '*') return '.*'
  if (LITERAL.test(character)) return character
  if (ESCAPED.test(character)) return `\\${character}`
  const code = character.codePointAt(0) ?? 256
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : undefined
}
