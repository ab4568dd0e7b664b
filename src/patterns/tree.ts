/** Walking and rewriting the conditions of a JSON pattern. */
import {
  type ComparisonCondition,
  type Condition,
  type Expression,
  isJunction,
  type Junction,
  printSelector,
  type Selector,
} from './pattern.ts'

export interface Visit {
  readonly node: Expression<Condition>
  /** From the root down to the parent. */
  readonly parents: readonly Junction<Condition>[]
}

/** Every node with the junctions above it, from left to right. */
export function visits(node: Expression<Condition>, parents: readonly Junction<Condition>[] = []): readonly Visit[] {
  const here: Visit = { node, parents }
  if (!isJunction(node)) return [here]
  return [here, ...node.operands.flatMap((operand) => visits(operand, [...parents, node]))]
}

export function conditions(where: Expression<Condition>): readonly Condition[] {
  return isJunction(where) ? where.operands.flatMap(conditions) : [where]
}

export function mapConditions(
  where: Expression<Condition>,
  change: (condition: Condition) => Condition,
): Expression<Condition> {
  if (!isJunction(where)) return change(where)
  return { ...where, operands: where.operands.map((operand) => mapConditions(operand, change)) }
}

/** The tree with one node replaced, or removed; nothing when nothing is left. */
export function replace(
  where: Expression<Condition>,
  target: Expression<Condition>,
  by: Expression<Condition> | undefined,
): Expression<Condition> | undefined {
  if (where === target) return by
  if (!isJunction(where)) return where
  const operands = where.operands
    .map((operand) => replace(operand, target, by))
    .filter((operand) => operand !== undefined)
  return operands.length === 0 ? undefined : join(where.kind, operands)
}

/** The operands joined; those of the same kind are taken in, and a single one stands alone. */
export function join(
  kind: Junction<Condition>['kind'],
  operands: readonly Expression<Condition>[],
): Expression<Condition> {
  const flat = operands.flatMap((operand) =>
    isJunction(operand) && operand.kind === kind ? operand.operands : [operand],
  )
  const [first] = flat
  const last = flat.at(-1)
  if (first === undefined || last === undefined) throw new RangeError('nothing to join')
  return flat.length === 1 ? first : { kind, operands: flat, grouped: true, column: first.column, end: last.end }
}

export function notExists(selector: Selector): Condition {
  return { kind: 'not-exists', selector, column: selector.column, end: selector.end }
}

export function sameField(a: Selector, b: Selector): boolean {
  return printSelector(a) === printSelector(b)
}

/** What must be there for the condition to be about anything: the selector, up to a wildcard. */
export function deliverer(selector: Selector): Selector {
  const at = selector.steps.findIndex((step) => step.kind === 'wildcard')
  return at < 0 ? selector : { ...selector, steps: selector.steps.slice(0, at) }
}

type Exclusion = ComparisonCondition & { readonly operator: '!=' }

export function isExclusion(node: Expression<Condition>): node is Exclusion {
  return node.kind === 'compare' && node.operator === '!='
}

/** `!= "*"`, which leaves nothing to match. */
export function excludesEverything(node: Expression<Condition>): boolean {
  return isExclusion(node) && node.value.kind === 'text' && /^\*+$/.test(node.value.text)
}

/** The operands of a junction and of those of the same kind right below it. */
export function flatOperands(node: Junction<Condition>): readonly Expression<Condition>[] {
  return node.operands.flatMap((operand) =>
    isJunction(operand) && operand.kind === node.kind ? flatOperands(operand) : [operand],
  )
}
