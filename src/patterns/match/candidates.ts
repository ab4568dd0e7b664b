/** Which of many patterns an event can match at all, so that many cost little more than one. */

import { type Condition, type Expression, isJunction, printSelector, type Selector } from '../pattern.ts'
import { exactEquality, findNode } from './json.ts'
import type { Json, JsonObject } from './json-value.ts'

export interface Indexed {
  readonly where: Expression<Condition>
}

/** Groups of those that are worth trying on this event; no one is in two groups. */
export type Candidates<T extends Indexed> = (event: JsonObject) => readonly (readonly T[])[]

/** What an event must hold for an expression to be true: one of these texts in a field, or anything in it. */
interface Demand {
  readonly field: string
  readonly selector: Selector
  readonly texts?: ReadonlySet<string>
}

/** All patterns that demand something of one field: one look-up serves them all. */
interface Field<T> {
  readonly selector: Selector
  readonly all: T[]
  readonly byText: Map<string, T[]>
  /** For those that take any text. */
  readonly anyText: T[]
}

export function indexCandidates<T extends Indexed>(expressions: readonly T[]): Candidates<T> {
  const fields = new Map<string, Field<T>>()
  const always = expressions.filter((one) => {
    const demand = bestDemand(demands(one.where))
    if (demand !== undefined) file(fields, demand, one)
    return demand === undefined
  })
  const lookUps = [...fields.values()].map(lookUp)
  return (event) => {
    const groups: (readonly T[])[] = [always]
    for (const find of lookUps) find(event, groups)
    return groups
  }
}

function file<T>(fields: Map<string, Field<T>>, { field, selector, texts }: Demand, one: T): void {
  const entry = fields.get(field) ?? { selector, all: [], byText: new Map<string, T[]>(), anyText: [] }
  fields.set(field, entry)
  entry.all.push(one)
  if (texts === undefined) entry.anyText.push(one)
  for (const text of texts ?? []) {
    const list = entry.byText.get(text) ?? []
    entry.byText.set(text, list)
    list.push(one)
  }
}

function lookUp<T>({
  selector,
  all,
  byText,
  anyText,
}: Field<T>): (event: JsonObject, groups: (readonly T[])[]) => void {
  const find = findNode(selector)
  return (event, groups) => {
    const node: Json | undefined = find(event)
    if (typeof node === 'string') {
      if (anyText.length > 0) groups.push(anyText)
      const named = byText.get(node)
      if (named !== undefined) groups.push(named)
      // The text of a number may be asked for; CloudTrail has few, so it need not be quick.
    } else if (typeof node === 'number') groups.push(all)
  }
}

/** Few events have a given name; a source has many; any other field with its texts named comes next. */
function bestDemand(all: readonly Demand[]): Demand | undefined {
  return all.toSorted((a, b) => rank(a) - rank(b) || (a.texts?.size ?? 0) - (b.texts?.size ?? 0))[0]
}

function rank({ field, texts }: Demand): number {
  if (texts === undefined) return 3
  return field === '$.eventName' ? 0 : field === '$.eventSource' ? 2 : 1
}

/** Everything that must hold; an `||` demands of a field only what all of its operands demand of it. */
function demands(where: Expression<Condition>): readonly Demand[] {
  if (!isJunction(where)) return demandOf(where)
  const parts = where.operands.map(demands)
  if (where.kind === 'and') return parts.flat()
  return (parts[0] ?? []).flatMap(({ field, selector }): readonly Demand[] => {
    const same = parts.map((part) => bestDemand(part.filter((one) => one.field === field)))
    if (same.includes(undefined)) return []
    const sets = same.flatMap((one) => (one?.texts === undefined ? [] : [one.texts]))
    if (sets.length < same.length) return [{ field, selector }]
    return [{ field, selector, texts: new Set(sets.flatMap((set) => [...set])) }]
  })
}

/** No comparison is true on an absent field, whatever its operator. */
function demandOf(condition: Condition): readonly Demand[] {
  const { selector } = condition
  if (condition.kind !== 'compare' || selector.steps.some((step) => step.kind === 'wildcard')) return []
  const field = printSelector(selector)
  const equality = exactEquality(condition)
  return [equality === undefined ? { field, selector } : { field, selector, texts: new Set([equality.text]) }]
}
