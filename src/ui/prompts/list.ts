/** Questions that are answered out of a list: one of a few, or one of many found by typing. */

import { looksSecret } from '../../domain/secret-forms.ts'
import type { Choice, Theme } from '../../ports.ts'
import { pad } from '../clean.ts'
import { columns } from '../columns.ts'
import { fold, foldText, tidy, windowOf } from './layout.ts'
import {
  arrowKeys,
  asked,
  type Drawing,
  helpLines,
  type Key,
  LEAVE,
  type Prompt,
  problemLines,
  type Room,
  type Step,
  typed,
} from './prompt.ts'
import { ended, tailOf, withText } from './text.ts'

interface SelectQuestion<T> {
  readonly message: string
  readonly choices: readonly Choice<T>[]
  readonly default?: T
}

interface SearchQuestion<T> extends SelectQuestion<T> {
  pasted?(text: string): T
}

interface Listing {
  /** Of the choices that are shown. */
  readonly active: number
  readonly filter: string
  readonly detailed: boolean
  readonly problem?: string
}

export function selectPrompt<T>(question: SelectQuestion<T>): Prompt<Listing, Choice<T>> {
  return listPrompt(question, false)
}

export function searchPrompt<T>(question: SearchQuestion<T>): Prompt<Listing, Choice<T>> {
  return listPrompt(question, true)
}

const PASTED = 'a key or token was pasted'

function listPrompt<T>(question: SearchQuestion<T>, searching: boolean): Prompt<Listing, Choice<T>> {
  const { message, choices } = question
  // No default is not the choice whose value is undefined.
  const preset = choices.findIndex(
    ({ value, disabled }) => 'default' in question && value === question.default && disabled === undefined,
  )
  const hasDetails = choices.some(({ details }) => details !== undefined)
  const shownFor = ({ filter }: Listing) =>
    searching ? choices.filter((one) => one.always === true || matches(filter, textsOf(one))) : choices

  /** A secret that was pasted in the wrong place, and not the name of one of them. */
  const isHidden = (filter: string) =>
    searching && looksSecret(filter) && !choices.some((one) => one.always !== true && matches(filter, textsOf(one)))

  function press(state: Listing, key: Key): Step<Listing, Choice<T>> {
    const shown = shownFor(state)
    if (key.kind === 'key') {
      if (key.name === 'enter') {
        if (isHidden(state.filter) && question.pasted !== undefined) {
          return { answer: { value: question.pasted(state.filter.trim()), name: PASTED } }
        }
        const choice = shown[state.active]
        if (choice?.disabled === undefined && choice !== undefined) return { answer: choice }
        return { state: { ...state, problem: choice?.disabled ?? 'nothing matches; change what you typed' } }
      }
      if (key.name === 'escape') {
        if (state.detailed) return { state: { ...state, detailed: false } }
        if (state.filter === '') return LEAVE
        return { state: { active: 0, filter: '', detailed: false } }
      }
      const possible = shown.map(({ disabled }) => disabled === undefined)
      const active = moved(state.active, key.name, possible)
      if (active !== undefined) return { state: { active, filter: state.filter, detailed: state.detailed } }
    }
    if (key.kind === 'character' && key.text === '?' && hasDetails) {
      return { state: { ...state, detailed: !state.detailed } }
    }
    if (!searching) return { state }
    // What is not seen is taken away as a whole: a character less, and it would be drawn.
    const filter = typed(isHidden(state.filter) ? '' : state.filter, key)
    return filter === state.filter ? { state } : { state: { active: 0, filter, detailed: false } }
  }

  function draw(state: Listing, room: Room): Drawing {
    const { theme } = room
    const shown = shownFor(state)
    const top = searching
      ? searchLines(message, isHidden(state.filter) ? `(${PASTED})` : state.filter, room)
      : ended(fold(asked(message, theme), room.columns, 2))
    const keys = [`${arrowKeys(theme)} move`, 'enter select']
    if (searching) keys.unshift('type to search')
    if (hasDetails) keys.push(state.detailed ? '? hide details' : '? details')
    const foot = [...problemLines(state.problem, room), ...helpLines(keys, room)]
    const below = listLines(shown, state, { ...room, rows: room.rows - top.length - foot.length })
    const none = shown.length === 0 ? aside('nothing matches', room) : []
    return { lines: top, below: [...below, ...none, ...foot] }
  }

  return {
    message,
    takes: 'filter',
    start: {
      active: Math.max(0, preset >= 0 ? preset : choices.findIndex(({ disabled }) => disabled === undefined)),
      filter: '',
      detailed: false,
    },
    press,
    draw,
    answered: ({ name }) => shortName(name),
  }
}

/** The name without the columns that a caller may have set beside it. */
export function shortName(name: string): string {
  return name.trim().split(/ {2,}/)[0] ?? name
}

/** Whether every word of the filter is in one of the texts. */
export function matches(filter: string, texts: readonly string[]): boolean {
  const text = texts.join('\n').toLowerCase()
  return filter
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

function textsOf({ name, description = '', details = '' }: Choice<unknown>): readonly string[] {
  return [name, description, details]
}

/** Rows that a page key moves by. */
const PAGE = 10

/** Where a key moves to among rows of which some cannot be stood on; undefined for a key that does not move. */
export function moved(from: number, key: string, possible: readonly boolean[]): number | undefined {
  const last = possible.length - 1
  const target = { up: from - 1, down: from + 1, pageup: from - PAGE, pagedown: from + PAGE, home: 0, end: last }[
    key as 'up'
  ]
  if (target === undefined) return undefined
  const to = Math.min(Math.max(target, 0), Math.max(last, 0))
  const forward = to > from
  // On past what cannot be picked, else back to the last that can.
  const ahead = forward ? range(to, last) : range(to, 0)
  const behind = forward ? range(to, from) : range(to, from)
  return [...ahead, ...behind].find((index) => possible[index]) ?? from
}

function range(from: number, to: number): readonly number[] {
  const step = to < from ? -1 : 1
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + index * step)
}

/** Columns below which a description does not stand beside the names. */
const NARROWEST = 30

/**
 * The list with what each choice means: beside the names where that fits, on more lines where there is room for them, else
 * below the list, for the active one.
 */
function listLines<T>(choices: readonly Choice<T>[], { active, detailed }: Listing, room: Room): readonly string[] {
  const { theme, columns: width, rows: height } = room
  const widths = choices.map((choice) => widthsOf(choice, theme))
  const column = Math.max(0, ...widths.map(({ name, said }) => (said === 0 ? 0 : name)))
  const left = width - 4 - column
  const current = choices[active]
  const details = detailed && current !== undefined ? detailLines(current, room) : []
  const narrow = widths.every(({ name, said }) => said <= left && name <= width - 2)
  const rowsBeside = rowsOf(choices.length, (index) => lineUp(index, { column, left }))
  const fits = () => linesOf(rowsBeside, height - details.length) !== undefined
  const beside = left >= NARROWEST && (narrow || fits())
  const rows = beside ? rowsBeside : rowsOf(choices.length, (index) => lineUp(index, undefined))
  const meaning = beside || current === undefined ? [] : meaningLines(choices, widths, current, room)
  return scrolled(rows, active, detailed ? details : meaning, height, room)

  function lineUp(index: number, place: Place | undefined): readonly string[] {
    const choice = choices[index]
    return choice === undefined ? [] : rowLines(choice, index === active, place, room)
  }
}

interface Widths {
  readonly name: number
  readonly said: number
}

/** Of a list with thousands of names most are never drawn, but all have to be measured: once. */
const measured = new WeakMap<Choice<unknown>, Widths>()

function widthsOf(choice: Choice<unknown>, theme: Theme): Widths {
  const known = measured.get(choice)
  if (known !== undefined) return known
  const found = { name: columns(tidy(choice.name, theme)), said: columns(tidy(saidOf(choice), theme)) }
  measured.set(choice, found)
  return found
}

/** Rows that are made when they are looked at. */
export interface Rows {
  readonly count: number
  at(index: number): readonly string[]
}

export function rowsOf(count: number, make: (index: number) => readonly string[]): Rows {
  const made = new Map<number, readonly string[]>()
  return {
    count,
    at(index) {
      const row = made.get(index) ?? make(index)
      made.set(index, row)
      return row
    },
  }
}

/** The lines of all rows; undefined when they are more than `most`. */
function linesOf({ count, at }: Rows, most: number): readonly string[] | undefined {
  if (count > most) return undefined
  const lines = Array.from({ length: count }, (_, index) => at(index)).flat()
  return lines.length <= most ? lines : undefined
}

/** Lines of a list from which on one may stay blank. */
const AIRY = 9

/** The rows that fit around the active one, what there is to say of it, and how much is above and below. */
export function scrolled(
  rows: Rows,
  active: number,
  below: readonly string[],
  height: number,
  { theme }: Room,
): readonly string[] {
  // A blank line parts it from the last name, where lines are not scarce.
  const parted = below.length > 0 && height > AIRY ? ['', ...below] : below
  const most = Math.max(0, height - 4)
  const said = parted.length <= most ? parted : [...parted.slice(0, Math.max(0, most - 1)), `    ${theme.ellipsis}`]
  const room = Math.max(1, height - said.length)
  const all = linesOf(rows, room)
  if (all !== undefined) return [...all, ...said]
  const { from, to } = windowOf(rows, active, Math.max(1, room - 2))
  const more = (count: number, where: string) => theme.quiet(count === 0 ? '' : `  ${count} more ${where}`)
  const shown = Array.from({ length: to - from }, (_, index) => rows.at(from + index)).flat()
  return [more(from, 'above'), ...shown, more(rows.count - to, 'below'), ...said]
}

/** The question with the end of what is searched for. */
export function searchLines(message: string, filter: string, room: Room): readonly string[] {
  const text = tailOf(filter, room.columns - 4)
  return withText(asked(message, room.theme), text, room, []).lines
}

/** Where a description stands beside the names. */
interface Place {
  readonly column: number
  readonly left: number
}

function saidOf({ description = '', disabled }: Choice<unknown>): string {
  return disabled === undefined ? description : `not possible: ${disabled}`
}

function rowLines<T>(
  choice: Choice<T>,
  active: boolean,
  beside: Place | undefined,
  { theme, columns: width }: Room,
): readonly string[] {
  const { name, disabled } = choice
  const pointer = active ? `${pointerOf(theme)} ` : '  '
  const paint = disabled !== undefined ? theme.quiet : active ? theme.command : (text: string) => text
  const said = saidOf(choice)
  if (beside === undefined || said === '') {
    const reason = disabled === undefined ? '' : ` - ${said}`
    return foldKeepingBlanks(`${tidy(name, theme)}${reason}`, width - 2).map(
      (line, index) => (index === 0 ? pointer : '    ') + paint(line),
    )
  }
  const { column, left } = beside
  const texts = foldText(tidy(said, theme), Math.max(1, left))
  return texts.map((text, index) => {
    const start = index === 0 ? pointer + paint(pad(tidy(name, theme), column)) : ' '.repeat(column + 2)
    return `${start}  ${active && disabled === undefined ? text : theme.quiet(text)}`
  })
}

/** A name as it is where it fits, blanks that make columns included. */
export function foldKeepingBlanks(text: string, width: number): readonly string[] {
  return columns(text) <= width ? [text] : foldText(text, width - 2)
}

export function pointerOf({ unicode }: Theme): string {
  return unicode ? '❯' : '>'
}

/** As high as for the longest of them, or the list would jump while the cursor moves. */
function meaningLines<T>(
  choices: readonly Choice<T>[],
  widths: readonly Widths[],
  current: Choice<T>,
  room: Room,
): readonly string[] {
  const widest = Math.max(...widths.map(({ said }) => said))
  const longest = choices[widths.findIndex(({ said }) => said === widest)]
  const linesFor = ({ description = '' }: Choice<T>) => aside(description, room)
  return padded(linesFor(current), longest === undefined ? 0 : linesFor(longest).length)
}

export function padded(lines: readonly string[], height: number): readonly string[] {
  return [...lines, ...Array.from({ length: Math.max(0, height - lines.length) }, () => '')]
}

/** A text below a list. */
export function aside(text: string, { columns: width, theme }: Room): readonly string[] {
  if (text === '') return []
  return foldText(tidy(text, theme), width - 4).map((line) => `    ${theme.quiet(line)}`)
}

/** What `?` shows: its lines as they are, broken where they are too long. */
export function detailLines(
  { description, details }: Pick<Choice<unknown>, 'description' | 'details'>,
  room: Room,
): readonly string[] {
  const texts = [
    ...(description === undefined || description === '' ? [] : [description]),
    ...(details ?? 'no details').split('\n'),
  ]
  return texts.flatMap((text) =>
    foldKeepingBlanks(tidy(text, room.theme), room.columns - 4).map((line) => `    ${line}`),
  )
}
