/** Patterns that nearly every event satisfies (field case C24). */
import { fieldKind, isAlwaysPresent } from '../cloudtrail-fields.ts'
import { textTest } from '../match/value.ts'
import {
  type Condition,
  type Expression,
  isJunction,
  type JsonPattern,
  type Junction,
  printSelector,
} from '../pattern.ts'
import { conditions, deliverer, flatOperands, isExclusion, join, sameField, visits } from '../tree.ts'
import { type Draft, replacing } from './draft.ts'
import { areOpposed } from './overlap.ts'

export function lintTautologies(pattern: JsonPattern): readonly Draft[] {
  if (!isJunction(pattern.where)) return matchesAll(pattern.where)
  return visits(pattern.where).flatMap(({ node, parents }) => {
    // An || right below another is looked at together with that.
    if (!isJunction(node) || node.kind !== 'or' || parents.at(-1)?.kind === 'or') return []
    return tautology(pattern, node, parents)
  })
}

/** `$.eventName = *` asks for a field that every event has. */
function matchesAll(where: Condition): readonly Draft[] {
  if (isExclusion(where) || where.kind === 'not-exists' || !isQuietlyTrue(where)) return []
  const message = `every event has ${printSelector(where.selector)}, so every event matches`
  return [{ rule: 'tautology', status: 'fail', column: where.column, message }]
}

/**
 * Two values excluded from one field make an `||` true anywhere; an exclusion beside something else does when nothing
 * outside of the `||` asks for more.
 */
function tautology(
  pattern: JsonPattern,
  node: Junction<Condition>,
  parents: readonly Junction<Condition>[],
): readonly Draft[] {
  const operands = flatOperands(node)
  const opposed = operands.find((operand) => operands.some((other) => areOpposed(operand, other)))
  const free = parents.every((parent) => flatOperands(parent).every((one) => contains(one, node) || isQuietlyTrue(one)))
  const always = opposed ?? (free && !isOneGuard(operands) ? operands.find(isQuietlyTrue) : undefined)
  if (always === undefined) return []
  const why =
    opposed === undefined
      ? 'nearly every event satisfies this condition'
      : 'one of them is true whatever the field holds'
  const message = `${why}, so the || around it excludes nothing; join exclusions by &&`
  const draft: Draft = { rule: 'tautology', status: 'fail', column: always.column, message }
  const meant = asConjunction(operands, opposed)
  return [meant === undefined ? draft : replacing(draft, pattern, node, meant)]
}

/** The positive operands as alternatives, and every exclusion joined to them by `&&`. */
function asConjunction(operands: readonly Expression<Condition>[], opposed: Expression<Condition> | undefined) {
  const field = opposed !== undefined && !isJunction(opposed) ? opposed.selector : undefined
  const excluded = operands.filter((one) => isExclusion(one) && (field === undefined || sameField(one.selector, field)))
  const others = operands.filter((one) => !excluded.includes(one))
  if (excluded.length === 0 || (others.length === 0 && excluded.length < 2)) return undefined
  if (others.length > 0 && others.every((one) => one.kind === 'not-exists')) {
    return join('or', [...others, join('and', excluded)])
  }
  const positive = others.filter((one) => !isQuietlyTrue(one))
  return join('and', [...(positive.length > 0 ? [join('or', positive)] : []), ...excluded])
}

/** `($.x NOT EXISTS) || ($.x != "a")`: one field, absent or not excluded, which is how an exclusion is written. */
function isOneGuard(operands: readonly Expression<Condition>[]): boolean {
  const fields = operands.flatMap(conditions).map((condition) => printSelector(deliverer(condition.selector)))
  return operands.some((operand) => operand.kind === 'not-exists') && new Set(fields).size === 1
}

/** Whether it holds on an ordinary event of which no value is named in the pattern, all optional fields being absent. */
export function isQuietlyTrue(node: Expression<Condition>): boolean {
  if (isJunction(node)) {
    return node.kind === 'and' ? node.operands.every(isQuietlyTrue) : node.operands.some(isQuietlyTrue)
  }
  const above = deliverer(node.selector)
  const present = above.steps.length === 0 || isAlwaysPresent(above)
  if (node.kind === 'not-exists') return !present
  if (node.kind === 'is' || !present || fieldKind(node.selector) === 'object') return false
  if (node.value.kind === 'number') return isExclusion(node)
  const takesAll = ORDINARY.every(textTest(node.value))
  return isExclusion(node) ? !takesAll : takesAll && fieldKind(node.selector) === 'string'
}

const ORDINARY = ['', 'Zz-1', '198.51.100.7']

function contains(where: Expression<Condition>, node: Expression<Condition>): boolean {
  return where === node || (isJunction(where) && where.operands.some((operand) => contains(operand, node)))
}
