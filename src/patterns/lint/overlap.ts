/** When two conditions on one field can, cannot or must hold together. */
import { compareDecimals, decimal } from '../decimal.ts'
import { textTest } from '../match/value.ts'
import { type ComparisonCondition, type Condition, canonical, type Expression, isJunction } from '../pattern.ts'
import { isExclusion, sameField } from '../tree.ts'

/** `!= "a" || != "b"`, and `!= "a" || = "a"`: one of the two is true whatever the field holds. */
export function areOpposed(a: Expression<Condition>, b: Expression<Condition>): boolean {
  if (a === b || a.kind !== 'compare' || b.kind !== 'compare' || !isExclusion(a)) return false
  if (!isSingle(a) || !sameField(a.selector, b.selector)) return false
  return isExclusion(b) ? areApart(a, b) : b.operator === '=' && areNegated(b, a)
}

/** Whether no event satisfies both. */
export function excludeEachOther(a: Expression<Condition>, b: Expression<Condition>): boolean {
  if (isJunction(a) || isJunction(b) || !isSingle(a) || !isSingle(b) || !sameField(a.selector, b.selector)) return false
  if (a.kind === 'not-exists' || b.kind === 'not-exists') return a.kind !== b.kind
  if (a.kind === 'is' || b.kind === 'is') return a.kind !== 'is' || b.kind !== 'is' || a.constant !== b.constant
  if (a.operator === '=' && b.operator === '=') return areApart(a, b)
  return areNegated(a, b) || areNegated(b, a) || isEmptyRange(a, b) || isEmptyRange(b, a)
}

function isSingle(condition: Condition): boolean {
  return condition.selector.steps.every((step) => step.kind !== 'wildcard')
}

function areNegated(equality: ComparisonCondition, exclusion: ComparisonCondition): boolean {
  if (equality.operator !== '=' || !isExclusion(exclusion)) return false
  return asText(equality) === asText({ ...exclusion, operator: '=' })
}

function asText(where: Condition): string {
  return canonical({ kind: 'json', where })
}

/** Whether no value equals both: two texts that differ, or one that the stars of the other do not take. */
function areApart(a: ComparisonCondition, b: ComparisonCondition): boolean {
  if (a.value.kind !== 'text' || b.value.kind !== 'text') return false
  if (!a.value.text.includes('*')) return !textTest(b.value)(a.value.text)
  return !b.value.text.includes('*') && !textTest(a.value)(b.value.text)
}

function isEmptyRange(low: ComparisonCondition, high: ComparisonCondition): boolean {
  if (!low.operator.startsWith('>') || !high.operator.startsWith('<')) return false
  if (low.value.kind !== 'number' || high.value.kind !== 'number') return false
  const order = compareDecimals(decimal(low.value.text), decimal(high.value.text))
  return order > 0 || (order === 0 && (low.operator === '>' || high.operator === '<'))
}
