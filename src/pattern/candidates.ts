/** Which of many patterns an event can match at all, from its name and its source: so that many cost little more than one. */
import type { JsonObject } from './json-value.ts'
import { exactEquality } from './match-json.ts'
import { type Condition, type Expression, isJunction, printSelector } from './pattern.ts'

export interface Indexed {
  readonly where: Expression<Condition>
}

/** Groups of those that are worth trying on this event; no one is in two groups. */
export type Candidates<T extends Indexed> = (event: JsonObject) => readonly (readonly T[])[]

export function indexCandidates<T extends Indexed>(all: readonly T[]): Candidates<T> {
  const byName = new Map<string, readonly T[]>()
  const bySource = new Map<string, readonly T[]>()
  const always = all.filter((one) => {
    const names = requiredTexts(one.where, '$.eventName')
    const sources = names === undefined ? requiredTexts(one.where, '$.eventSource') : undefined
    for (const name of names ?? []) byName.set(name, [...(byName.get(name) ?? []), one])
    for (const source of sources ?? []) bySource.set(source, [...(bySource.get(source) ?? []), one])
    return names === undefined && sources === undefined
  })
  const everything = [all]
  return (event) => {
    const { eventName: name, eventSource: source } = event
    // A number may equal a text; that never happens in CloudTrail, so it need not be quick.
    if (typeof name === 'number' || typeof source === 'number') return everything
    const named = typeof name === 'string' ? byName.get(name) : undefined
    const sourced = typeof source === 'string' ? bySource.get(source) : undefined
    return [always, named ?? NONE, sourced ?? NONE]
  }
}

const NONE: readonly never[] = []

/** The texts of which the field must hold one for the expression to be true; nothing when it may be true otherwise. */
function requiredTexts(where: Expression<Condition>, selector: string): ReadonlySet<string> | undefined {
  if (!isJunction(where)) {
    const equality = exactEquality(where)
    const asked = equality !== undefined && printSelector(equality.selector) === selector
    return asked ? new Set([equality.text]) : undefined
  }
  const sets = where.operands.map((operand) => requiredTexts(operand, selector))
  const known = sets.filter((set) => set !== undefined)
  if (where.kind === 'or') return known.length === sets.length ? new Set(known.flatMap((set) => [...set])) : undefined
  return known.length === 0 ? undefined : known.reduce((least, set) => (set.size < least.size ? set : least))
}
