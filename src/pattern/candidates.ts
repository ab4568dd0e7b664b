/** Which of many patterns an event can match at all, from its name and its source: so that many cost little more than one. */
import type { Json, JsonObject } from './json-value.ts'
import { exactEquality } from './match-json.ts'
import { type Condition, type Expression, isJunction, printSelector } from './pattern.ts'

/** The positions, in ascending order, of the expressions that are worth trying on this event. */
export type Candidates = (event: JsonObject) => readonly number[]

const KEYS = ['eventName', 'eventSource'] as const

export function indexCandidates(
  expressions: readonly { readonly index: number; readonly where: Expression<Condition> }[],
): Candidates {
  const byKey = KEYS.map((key) => ({ key, positions: new Map<string, number[]>() }))
  const always: number[] = []
  for (const { index, where } of expressions) {
    const found = byKey.find(({ key, positions }) => addTexts(positions, requiredTexts(where, `$.${key}`), index))
    if (found === undefined) always.push(index)
  }
  const all = expressions.map(({ index }) => index)
  return (event) => {
    const lists: (readonly number[])[] = always.length > 0 ? [always] : []
    for (const { key, positions } of byKey) {
      const value: Json | undefined = event[key]
      // A number may equal a text; that never happens in CloudTrail, so it need not be quick.
      if (typeof value === 'number') return all
      const list = typeof value === 'string' ? positions.get(value) : undefined
      if (list !== undefined) lists.push(list)
    }
    return lists.length === 1 ? (lists[0] ?? []) : lists.flat().sort((a, b) => a - b)
  }
}

function addTexts(positions: Map<string, number[]>, texts: ReadonlySet<string> | undefined, index: number): boolean {
  if (texts === undefined) return false
  for (const text of texts) {
    const list = positions.get(text) ?? []
    positions.set(text, list)
    list.push(index)
  }
  return true
}

/** The texts of which the field must hold one for the expression to be true; nothing when it may be true otherwise. */
export function requiredTexts(where: Expression<Condition>, selector: string): ReadonlySet<string> | undefined {
  if (!isJunction(where)) {
    const equality = exactEquality(where)
    return equality !== undefined && printSelector(equality.selector) === selector
      ? new Set([equality.text])
      : undefined
  }
  const sets = where.operands.map((operand) => requiredTexts(operand, selector))
  if (where.kind === 'or') {
    return sets.every((set) => set !== undefined) ? new Set(sets.flatMap((set) => [...(set ?? [])])) : undefined
  }
  const known = sets.filter((set) => set !== undefined)
  return known.length === 0 ? undefined : known.reduce((least, set) => (set.size < least.size ? set : least))
}
