/** Conditions in plain words, and what an event holds instead. */
import { isNumberText, type Json, numberText } from '../match/json-value.ts'
import {
  type Condition,
  type FieldCondition,
  type Operator,
  printSelector,
  type Selector,
  type Term,
  type Value,
} from '../pattern.ts'
import { deliverer } from '../tree.ts'

/** `additionalEventData.MFAUsed is present and is not "Yes"`. */
export function conditionText(condition: Condition): string {
  const at = condition.selector.steps.findIndex((step) => step.kind === 'wildcard')
  const holder = fieldInWords(deliverer(condition.selector))
  if (at < 0) return `${holder} ${predicate(condition)}`
  const rest = condition.selector.steps.slice(at + 1)
  const inner = rest.length === 0 ? '' : ` has ${fieldInWords({ ...condition.selector, steps: rest })} that`
  if (condition.kind === 'compare' && condition.operator === '!=') {
    return `${holder} is present, and no element of it${inner} ${equality('=', condition.value)}`
  }
  if (condition.kind === 'not-exists') {
    return inner === '' ? `${holder} has no elements` : `no element of ${holder}${inner.replace(/ that$/, '')}`
  }
  return `some element of ${holder}${inner} ${predicate(condition)}`
}

/** `status_code is at least 400`, for a field of a line. */
export function fieldConditionText(condition: FieldCondition): string {
  return `${condition.name} ${comparison(condition.operator, condition.value)}`
}

export function termText(term: Term): string {
  const text = JSON.stringify(term.text)
  return term.role === 'exclude' ? `the message does not contain ${text}` : `the message contains ${text}`
}

/** What stands in the event: `absent`, `"Yes"`, `null`, `an object`. */
export function foundText(node: Json | undefined): string {
  if (node === undefined) return 'absent'
  if (typeof node === 'string') return JSON.stringify(shortened(node))
  if (typeof node !== 'object' || node === null) return String(node)
  if (isNumberText(node)) return numberText(node)
  return Array.isArray(node) ? `a list of ${node.length}` : 'an object'
}

const LONGEST = 80

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`
}

function fieldInWords(selector: Selector): string {
  return printSelector(selector).replace(/^\$\.?/, '') || 'the event'
}

function predicate(condition: Condition): string {
  if (condition.kind === 'not-exists') return 'is absent'
  if (condition.kind === 'is') {
    return condition.constant === 'NULL' ? 'is null' : `is the boolean ${condition.constant.toLowerCase()}`
  }
  const { operator, value } = condition
  // The surprise of the language: an absent field satisfies no exclusion.
  return operator === '!=' ? `is present and ${comparison(operator, value)}` : comparison(operator, value)
}

const ORDER: Readonly<Record<Exclude<Operator, '=' | '!='>, string>> = {
  '<': 'is below',
  '<=': 'is at most',
  '>': 'is above',
  '>=': 'is at least',
}

function comparison(operator: Operator, value: Value): string {
  if (operator === '=' || operator === '!=') return equality(operator, value)
  return `${ORDER[operator]} ${value.kind === 'number' ? value.text : ''}`
}

function equality(operator: '=' | '!=', value: Value): string {
  const not = operator === '!='
  if (value.kind === 'number') return `${not ? 'is not' : 'is'} ${value.text}`
  if (value.kind === 'regex') return `${not ? 'does not match' : 'matches'} the regex ${value.source}`
  return globInWords(value.text, not)
}

function globInWords(glob: string, not: boolean): string {
  const [, before = '', core = '', after = ''] = /^(\**)(.*?)(\**)$/s.exec(glob) ?? []
  const text = JSON.stringify(core)
  if (core === '' && glob !== '') return not ? 'is no text and no number' : 'is any text or number'
  if (core.includes('*')) return `${not ? 'does not fit' : 'fits'} ${JSON.stringify(glob)}, where * stands for anything`
  const verb = [before === '' ? 'starts with' : 'ends with', before === '' ? 'start with' : 'end with'] as const
  if (before === '' && after === '') return `${not ? 'is not' : 'is'} ${text}`
  if (before !== '' && after !== '') return not ? `does not contain ${text}` : `contains ${text}`
  return not ? `does not ${verb[1]} ${text}` : `${verb[0]} ${text}`
}
