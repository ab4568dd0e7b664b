/**
 * Passes over records that no detection can match without parsing them: a text holds whatever a pattern asks for, or
 * the record is left unread but for its time, its source, its name and its id.
 */

import { type Condition, type Expression, isJunction, type Pattern } from '../patterns/pattern.ts'

/** Gets where time and id of a record stand in the text that is searched. */
type Passed = (timeFrom: number, timeTo: number, idFrom: number, idTo: number) => void

/**
 * Goes through records as CloudTrail writes them, one behind another with commas between: `passed` hears of a record
 * that cannot match, `parsed` gets the text of any other. False: the text is not of this form, and what was given is void.
 */
export type Skim = (text: string, passed: Passed, parsed: (record: string) => boolean) => boolean

/** A letter may be spelled as an escape, and then nothing that is searched for can be relied on. */
const ESCAPE = '\\u00'

/** Undefined where some pattern may match records of which nothing is known beforehand. */
export function createSkim(patterns: readonly Pattern[]): Skim | undefined {
  const asks = patterns.map((pattern) => (pattern.kind === 'json' ? askOf(pattern.where) : UNKNOWN))
  const ofNothing = { source: '', name: '' }
  if (asks.some((ask) => ask(ofNothing) === undefined)) return undefined
  const texts = [ESCAPE]
  const finders = [finderOf(ESCAPE)]
  const finderFor = (piece: string) => {
    const known = texts.indexOf(piece)
    if (known >= 0) return known
    texts.push(piece)
    return finders.push(finderOf(piece)) - 1
  }
  /** Which finders have to find nothing in a record of this source and name; undefined: parse it whatever it holds. */
  const decide = (known: Known): readonly number[] | undefined => {
    if (known.source.includes('\\') || known.name.includes('\\')) return undefined
    const all = union(asks, known)
    return all === undefined ? undefined : [0, ...[...all].map(finderFor)]
  }
  // Sources and names are few, so each pair is judged once; by the text from the source to the end of the name.
  const decided = new Map<string, readonly number[] | 'parse'>()
  const decisionFor = (pair: string, source: string, name: string) => {
    const decision = decide({ source, name }) ?? 'parse'
    if (decided.size >= PAIRS) decided.clear()
    // A piece of a text keeps the whole of it in memory, a copy does not.
    decided.set(Buffer.from(pair).toString(), decision)
    return decision
  }
  return (text, passed, parsed) => {
    if (!text.startsWith(BEGINNING)) return false
    const last = text.length
    // Each text is searched once from end to end: where it comes next after the records before.
    const ahead: number[] = []
    const mayHold = (at: number, start: number, end: number) => {
      let next = ahead[at] ?? -1
      if (next < start) {
        next = finders[at]?.(text, start) ?? next
        ahead[at] = next
      }
      return next < end
    }
    let timeAt = -1
    for (let start = 0; start < last; ) {
      const end = Math.min(last, findNext(text, start))
      if (text.charCodeAt(end - 1) !== CLOSE) return false
      if (timeAt < start) timeAt = findTime(text, start)
      // The three fields stand side by side in every record, the id behind them; a record where they do not is parsed.
      const time = timeAt + TIME.length + VALUE.length
      const timeEnd = text.indexOf('"', time)
      const source = timeEnd + 1 + SOURCE.length
      const sourceEnd = text.indexOf('"', source)
      const name = sourceEnd + 1 + NAME.length
      const nameEnd = text.indexOf('"', name)
      const beside =
        text.startsWith(VALUE, time - VALUE.length) &&
        text.startsWith(SOURCE, timeEnd + 1) &&
        text.startsWith(NAME, sourceEnd + 1)
      const id = time < end && beside && nameEnd > name ? findId(text, nameEnd) + ID.length : end
      if (id < end) timeAt = findTime(text, nameEnd)
      // With a second time it may be two records, of which the other begins in its own way.
      let may = id >= end || timeAt < end
      if (!may) {
        const pair = text.slice(source, nameEnd)
        const decision =
          decided.get(pair) ?? decisionFor(pair, text.slice(source, sourceEnd), text.slice(name, nameEnd))
        if (decision === 'parse') may = true
        else for (const at of decision) may = mayHold(at, start, end) || may
      }
      if (may) {
        if (!parsed(text.slice(start, end))) return false
      } else passed(time, timeEnd, id, text.indexOf('"', id))
      start = end + 1
    }
    return true
  }
}

/** More pairs of a source and a name than AWS has; a file of anything else must not fill the memory. */
const PAIRS = 20_000

const BEGINNING = '{"eventVersion":"'
/** Within a string its quotes would be escaped, so this stands between two records, or two objects made like records. */
export const NEXT_RECORD = `,${BEGINNING}`
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

const TIME = '"eventTime"'
const VALUE = ':"'
const SOURCE = ',"eventSource":"'
const NAME = ',"eventName":"'
const ID = '"eventID":"'
const findNext = finderOf(NEXT_RECORD)
const findTime = finderOf(TIME)
const findId = finderOf(ID)

/** What is read of every record. */
interface Known {
  readonly source: string
  readonly name: string
}

/** One of these texts must be in a record that matches, so none matches where there are no texts. */
type Demand = ReadonlySet<string>

const FIELDS: Readonly<Record<string, keyof Known | undefined>> = { eventSource: 'source', eventName: 'name' }
const NEVER: Demand = new Set()

/** What a record of this source and name must hold; undefined: it may match whatever it holds. */
type Ask = (known: Known) => Demand | undefined

/** Most of it is the same for all records, and is settled once. */
function askOf(where: Expression<Condition>): Ask {
  if (!isJunction(where)) return askOfOne(where)
  const asks = where.operands.map(askOf)
  return where.kind === 'and' ? (known) => smallest(asks, known) : (known) => union(asks, known)
}

function smallest(asks: readonly Ask[], known: Known): Demand | undefined {
  let least: Demand | undefined
  for (const ask of asks) {
    const demand = ask(known)
    if (demand === undefined) continue
    if (demand.size === 0) return demand
    if (least === undefined || demand.size < least.size) least = demand
  }
  return least
}

function union(asks: readonly Ask[], known: Known): Demand | undefined {
  let all: Demand = NEVER
  for (const ask of asks) {
    const demand = ask(known)
    if (demand === undefined) return undefined
    if (all.size === 0) all = demand
    else if (demand.size > 0) all = new Set([...all, ...demand])
  }
  return all
}

function askOfOne(condition: Condition): Ask {
  if (condition.kind !== 'compare' || condition.operator !== '=' || condition.value.kind !== 'text') return UNKNOWN
  const { selector, value } = condition
  const piece = value.text.split('*').toSorted((a, b) => b.length - a.length)[0] ?? ''
  // Such a text is no number's, and JSON spells it in one way but for the escapes that are looked for.
  if (!/^[A-Za-z0-9:._-]{4,}$/.test(piece) || !/[A-DF-Za-df-z]/.test(piece) || /Infinity/.test(piece)) return UNKNOWN
  const [first, second] = selector.steps
  const field = first?.kind === 'key' && second === undefined ? FIELDS[first.name] : undefined
  const isWhole = piece === value.text
  if (field === undefined) {
    const demand = new Set([isWhole ? `${piece}"` : piece])
    return () => demand
  }
  return (known) => ((isWhole ? known[field] === piece : known[field].includes(piece)) ? undefined : NEVER)
}

const UNKNOWN: Ask = () => undefined
