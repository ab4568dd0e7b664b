/** The most expensive mistake: `!=` is false on an absent field, so an exclusion drops events nobody meant (field case C23). */
import { fieldPath, isAlwaysPresent, isImpliedBy } from '../cloudtrail-fields.ts'
import { exactEquality } from '../match/json.ts'
import {
  type ComparisonCondition,
  type Condition,
  type Expression,
  isJunction,
  type JsonPattern,
  type Junction,
  printSelector,
  type Selector,
} from '../pattern.ts'
import {
  deliverer,
  excludesEverything,
  flatOperands,
  isExclusion,
  join,
  notExists,
  sameField,
  visits,
} from '../tree.ts'
import { type Draft, withFix } from './draft.ts'
import { isQuietlyTrue } from './tautology.ts'

export function lintAbsentFields({ where }: JsonPattern): readonly Draft[] {
  const unguarded = new Set(
    visits(where).flatMap(({ node, parents }) =>
      isExclusion(node) && !excludesEverything(node) && losesEvents(node, parents) ? [node] : [],
    ),
  )
  if (unguarded.size === 0) return []
  const guarded = guard(where, unguarded)
  return [...unguarded].map((node) => {
    const field = printSelector(deliverer(node.selector))
    const message = `events without ${field} are never counted: != is false on an absent field`
    return withFix({ rule: 'absent-field', status: 'warn', column: node.column, message }, guarded)
  })
}

function losesEvents(node: ComparisonCondition, parents: readonly Junction<Condition>[]): boolean {
  const selector = deliverer(node.selector)
  // The root is always there, and so are some fields of CloudTrail.
  if (selector.steps.length === 0 || isAlwaysPresent(selector)) return false
  return !parents.some((parent, depth) => {
    const others = flatOperands(parent).filter((operand) => operand !== node && operand !== parents[depth + 1])
    return parent.kind === 'or'
      ? others.some((other) => isAbsence(other, selector) || holdsWithout(other, selector))
      : others.some((other) => demands(other, selector) || isAbsence(other, selector))
  })
}

/** Whether nearly every event without the field matches by this sibling: what is lost then is what the author asked for. */
function holdsWithout(node: Expression<Condition>, selector: Selector): boolean {
  if (isJunction(node)) return isQuietlyTrue(node)
  // A guard of another field is a slip, not a way in.
  return node.kind !== 'not-exists' && !sameField(node.selector, selector) && isQuietlyTrue(node)
}

/** Beside it the exclusion is a contradiction, which another rule reports. */
function isAbsence(node: Expression<Condition>, selector: Selector): boolean {
  return node.kind === 'not-exists' && sameField(node.selector, selector)
}

/** Whether the expression is true only where the field is there: then its author has seen to that. */
function demands(node: Expression<Condition>, selector: Selector): boolean {
  if (isJunction(node)) {
    return node.kind === 'and'
      ? node.operands.some((operand) => demands(operand, selector))
      : node.operands.every((operand) => demands(operand, selector))
  }
  if (node.kind === 'not-exists' || isExclusion(node)) return false
  const named = exactEquality(node)
  if (named !== undefined && isImpliedBy(fieldPath(named.selector) ?? '', named.text, selector)) return true
  const asked = fieldPath(node.selector) ?? printSelector(node.selector)
  const wanted = fieldPath(selector) ?? printSelector(selector)
  return asked === wanted || asked.startsWith(`${wanted}.`) || asked.startsWith(`${wanted}[`)
}

/** Each unguarded exclusion with `NOT EXISTS ||` before it; those of one field that stand side by side share one. */
function guard(where: Expression<Condition>, unguarded: ReadonlySet<Expression<Condition>>): Expression<Condition> {
  if (!isJunction(where)) return unguarded.has(where) ? guardTogether([where]) : where
  const operands = flatOperands(where)
  const seen = new Set<string>()
  const guarded = operands.flatMap((operand) => {
    if (isJunction(operand) || !unguarded.has(operand)) return [guard(operand, unguarded)]
    const field = printSelector(deliverer(operand.selector))
    // A second exclusion of the field stands within the first guard, or needs none of its own.
    if (seen.has(field)) return where.kind === 'and' ? [] : [operand]
    seen.add(field)
    const together =
      where.kind === 'and' ? operands.filter((one) => unguarded.has(one) && isAbout(one, field)) : [operand]
    return [guardTogether(together)]
  })
  return join(where.kind, guarded)
}

function isAbout(node: Expression<Condition>, field: string): boolean {
  return !isJunction(node) && printSelector(deliverer(node.selector)) === field
}

function guardTogether(exclusions: readonly Expression<Condition>[]): Expression<Condition> {
  const [first] = exclusions
  if (first === undefined || isJunction(first)) throw new RangeError('nothing to guard')
  return join('or', [notExists(deliverer(first.selector)), join('and', exclusions)])
}
