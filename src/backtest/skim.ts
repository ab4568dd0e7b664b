/**
 * Passes over records that no detection can match without parsing them: a text holds whatever a pattern asks for, or
 * the record is left unread but for its time and its id.
 */

import { type Condition, type Expression, isJunction, type Pattern } from '../patterns/pattern.ts'

/** What a record must hold to match: one of these event names, or one of these texts anywhere. */
interface Demand {
  readonly names: ReadonlySet<string>
  readonly texts: ReadonlySet<string>
}

/**
 * Goes through a file as CloudTrail writes it, in the order of its records: `passed` gets time and id of a record that
 * cannot match, `parsed` the text of any other. False: the text is not of this form, and what was given is void.
 */
export type Skim = (
  text: string,
  passed: (time: string, id: string) => void,
  parsed: (record: string) => boolean,
) => boolean

/** Undefined where some pattern may match records of which nothing is known beforehand. */
export function createSkim(patterns: readonly Pattern[]): Skim | undefined {
  const demands = patterns.map((pattern) => (pattern.kind === 'json' ? demandOf(pattern.where) : undefined))
  if (demands.includes(undefined)) return undefined
  const names = new Set(demands.flatMap((demand) => [...(demand?.names ?? [])]))
  // A letter may be spelled as an escape, and then nothing that is searched for can be relied on.
  const texts = ['\\u00', ...new Set(demands.flatMap((demand) => [...(demand?.texts ?? [])]))]
  const finders = texts.map(finderOf)
  return (text, passed, parsed) => {
    if (!text.startsWith(FIRST) || !text.endsWith(END)) return false
    const last = text.length - END.length
    // Each text is searched once from end to end: where it comes next after the records before.
    const ahead = finders.map(() => -1)
    for (let start = FIRST.indexOf('{', 1); start < last; ) {
      const end = Math.min(last, findNext(text, start))
      if (text.charCodeAt(end - 1) !== CLOSE) return false
      const place = placeOf(text, start, end)
      let may = place === undefined || names.has(place.name)
      for (let at = 0; at < finders.length; at += 1) {
        let next = ahead[at] ?? -1
        if (next < start) {
          next = finders[at]?.(text, start) ?? next
          ahead[at] = next
        }
        if (next < end) may = true
      }
      if (place === undefined || may) {
        if (!parsed(text.slice(start, end))) return false
      } else passed(place.time, place.id)
      start = end + 1
    }
    return true
  }
}

const FIRST = '{"Records":[{"eventVersion":"'
/** Within a string its quotes would be escaped, so this stands between two records, or two objects made like records. */
const NEXT = ',{"eventVersion":"'
const END = ']}'
const CLOSE = 0x7d

type Finder = (text: string, from: number) => number

/** From the rarest to the commonest in records of CloudTrail, roughly; what is missing is common. */
const RARE = 'QZXJqzjxVYKBHWGUFLPRMNODCTwkI'

/**
 * Where the text comes next, or infinity. The engine goes from one occurrence of the first character to the next for
 * texts below seven characters, and prepares a table for each call beyond: so a short piece that begins with a rare
 * character is searched, and the rest compared.
 */
function finderOf(whole: string): Finder {
  const rank = (at: number) => {
    const rarity = RARE.indexOf(whole[at] ?? '')
    return rarity < 0 ? RARE.length : rarity
  }
  let offset = 0
  for (let at = 1; at + 3 <= whole.length; at += 1) if (rank(at) < rank(offset)) offset = at
  const piece = whole.slice(offset, offset + 6)
  return (text, from) => {
    for (let at = text.indexOf(piece, from + offset); at >= 0; at = text.indexOf(piece, at + 1)) {
      if (text.startsWith(whole, at - offset)) return at - offset
    }
    return Number.POSITIVE_INFINITY
  }
}

const TIME = '"eventTime":"'
const SOURCE = ',"eventSource":"'
const NAME = ',"eventName":"'
const ID = '"eventID":"'
const findNext = finderOf(NEXT)
const findTime = finderOf(TIME)
const findId = finderOf(ID)

/** The three fields stand side by side in every record, the id behind them. Undefined: parse it. */
function placeOf(text: string, start: number, end: number): { time: string; name: string; id: string } | undefined {
  const time = findTime(text, start) + TIME.length
  if (time > end) return undefined
  const timeEnd = text.indexOf('"', time)
  if (!text.startsWith(SOURCE, timeEnd + 1)) return undefined
  const source = text.indexOf('"', timeEnd + 1 + SOURCE.length)
  if (!text.startsWith(NAME, source + 1)) return undefined
  const name = source + 1 + NAME.length
  const nameEnd = text.indexOf('"', name)
  const id = findId(text, nameEnd) + ID.length
  if (id > end) return undefined
  const idEnd = text.indexOf('"', id)
  return { time: text.slice(time, timeEnd), name: text.slice(name, nameEnd), id: text.slice(id, idEnd) }
}

const NOTHING: ReadonlySet<string> = new Set()

function demandOf(where: Expression<Condition>): Demand | undefined {
  if (!isJunction(where)) return demandOfOne(where)
  const demands = where.operands.map(demandOf)
  if (where.kind === 'and') {
    const known = demands.filter((demand) => demand !== undefined)
    return known.toSorted((a, b) => a.texts.size - b.texts.size || a.names.size - b.names.size)[0]
  }
  if (demands.includes(undefined)) return undefined
  const all = (of: (demand: Demand) => ReadonlySet<string>) =>
    new Set(demands.flatMap((demand) => (demand === undefined ? [] : [...of(demand)])))
  return { names: all(({ names }) => names), texts: all(({ texts }) => texts) }
}

function demandOfOne(condition: Condition): Demand | undefined {
  if (condition.kind !== 'compare' || condition.operator !== '=' || condition.value.kind !== 'text') return undefined
  const { selector, value } = condition
  const [first, second] = selector.steps
  const isName = first?.kind === 'key' && first.name === 'eventName' && second === undefined
  const piece = value.text.split('*').toSorted((a, b) => b.length - a.length)[0] ?? ''
  // Such a text is no number's, and JSON spells it in one way but for the escapes that are looked for.
  if (!/^[A-Za-z0-9:._-]{4,}$/.test(piece) || !/[A-DF-Za-df-z]/.test(piece) || /Infinity/.test(piece)) return undefined
  if (piece !== value.text) return { names: NOTHING, texts: new Set([piece]) }
  return isName ? { names: new Set([piece]), texts: NOTHING } : { names: NOTHING, texts: new Set([`${piece}"`]) }
}
