/** Patterns whose `&&` and `||` do not say what was meant: never true, or read in another order. */

import {
  type Condition,
  type Expression,
  isJunction,
  type JsonPattern,
  type Junction,
  printSelector,
} from '../pattern.ts'
import { conditions, flatOperands, isExclusion, join, visits } from '../tree.ts'
import { type Draft, replacing, withFix } from './draft.ts'
import { excludeEachOther } from './overlap.ts'
import { isQuietlyTrue } from './tautology.ts'

export function lintLogic(pattern: JsonPattern): readonly Draft[] {
  return visits(pattern.where).flatMap(({ node, parents }) => {
    if (!isJunction(node)) return []
    if (node.kind === 'or') return mixed(pattern, node)
    // An && right below another is looked at together with that.
    return parents.at(-1)?.kind === 'and' ? [] : contradiction(pattern, node, parents)
  })
}

/** An `&&` that no event can satisfy. */
function contradiction(
  pattern: JsonPattern,
  node: Junction<Condition>,
  parents: readonly Junction<Condition>[],
): readonly Draft[] {
  const single = flatOperands(node).filter((operand) => !isJunction(operand))
  const pair = single.flatMap((second, index) => {
    const first = single.slice(0, index).find((earlier) => excludeEachOther(earlier, second))
    return first === undefined ? [] : [{ first, second }]
  })[0]
  if (pair === undefined) return []
  const { first, second } = pair
  const field = printSelector(second.selector)
  const message = `no event can satisfy this and the condition on ${field} at column ${first.column}`
  const status = parents.some(({ kind }) => kind === 'or') ? 'warn' : 'fail'
  const draft: Draft = { rule: 'never-matches', status, column: second.column, message }
  if (!eitherWasMeant(first, second)) return [draft]
  const rest = flatOperands(node).filter((operand) => operand !== first && operand !== second)
  return [replacing(draft, pattern, node, join('and', [join('or', [first, second]), ...rest]))]
}

/** Two values of one field, or its absence and an exclusion: `||` makes sense of both. */
function eitherWasMeant(first: Condition, second: Condition): boolean {
  const kinds = [first, second].map((one) => (isExclusion(one) ? 'exclusion' : one.kind)).toSorted()
  return ['compare,compare', 'exclusion,not-exists'].includes(kinds.join())
}

/** `A || B && C` without parentheses: AWS reads `A || (B && C)`. */
function mixed(pattern: JsonPattern, node: Junction<Condition>): readonly Draft[] {
  const bare = node.operands.find((operand) => isJunction(operand) && operand.kind === 'and' && !operand.grouped)
  if (bare === undefined || !isJunction(bare)) return []
  const message = 'AWS reads && before ||, so && joins only its two neighbours here; say with parentheses what is meant'
  const draft: Draft = { rule: 'precedence', status: 'warn', column: bare.column, message }
  const meant = exclusionsFromAll(node, bare) ?? alternativesOfOneField(node, bare)
  return [meant === undefined ? withFix(draft, pattern.where) : replacing(draft, pattern, node, meant)]
}

/** Exclusions at the end were meant for all alternatives: later CIS texts print that form without its parentheses. */
function exclusionsFromAll(node: Junction<Condition>, bare: Junction<Condition>): Expression<Condition> | undefined {
  if (bare !== node.operands.at(-1)) return undefined
  const alternatives = [...node.operands.slice(0, -1), ...bare.operands.slice(0, 1)]
  const tail = bare.operands.slice(1)
  if (!tail.every((one) => conditions(one).some(isExclusion)) || alternatives.some(isQuietlyTrue)) return undefined
  return join('and', [join('or', alternatives), ...tail])
}

/** `$.eventSource = S && $.eventName = A || $.eventName = B`: the names were meant as alternatives within the source. */
function alternativesOfOneField(
  node: Junction<Condition>,
  bare: Junction<Condition>,
): Expression<Condition> | undefined {
  const last = bare.operands.at(-1)
  if (bare !== node.operands[0] || last === undefined) return undefined
  const alternatives = [last, ...node.operands.slice(1)]
  const fields = alternatives.map((one) =>
    one.kind === 'compare' && one.operator === '=' ? printSelector(one.selector) : '',
  )
  if (fields[0] === '' || new Set(fields).size > 1) return undefined
  return join('and', [...bare.operands.slice(0, -1), join('or', alternatives)])
}
