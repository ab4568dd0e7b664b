/** Questions that are answered out of a list: one of a few, or one of many found by typing. */

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

export function searchPrompt<T>(question: SelectQuestion<T>): Prompt<Listing, Choice<T>> {
  return listPrompt(question, true)
}

function listPrompt<T>(question: SelectQuestion<T>, searching: boolean): Prompt<Listing, Choice<T>> {
  const { message, choices } = question
  const preset = choices.findIndex(({ value, disabled }) => value === question.default && disabled === undefined)
  const hasDetails = choices.some(({ details }) => details !== undefined)
  const shownFor = ({ filter }: Listing) =>
    searching ? choices.filter((one) => matches(filter, textsOf(one))) : choices

  function press(state: Listing, key: Key): Step<Listing, Choice<T>> {
    const shown = shownFor(state)
    if (key.kind === 'key') {
      if (key.name === 'enter') {
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
    const filter = typed(state.filter, key)
    return filter === state.filter ? { state } : { state: { active: 0, filter, detailed: false } }
  }

  function draw(state: Listing, room: Room): Drawing {
    const { theme } = room
    const shown = shownFor(state)
    const top = searching
      ? searchLines(message, state.filter, room)
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
  const described = choices.filter(({ description, disabled }) => (description ?? disabled) !== undefined)
  const column = Math.max(0, ...described.map(({ name }) => columns(tidy(name, theme))))
  const left = width - 4 - column
  const current = choices[active]
  const details = detailed && current !== undefined ? detailLines(current, room) : []
  const wide = choices.map((choice, index) => rowLines(choice, index === active, { column, left }, room))
  const linesOfAll = wide.reduce((sum, lines) => sum + lines.length, 0)
  const beside =
    left >= NARROWEST && (wide.every(({ length }) => length === 1) || linesOfAll + details.length <= height)
  const rows = beside ? wide : choices.map((choice, index) => rowLines(choice, index === active, undefined, room))
  const meaning = beside || current === undefined ? [] : meaningLines(choices, current, room)
  return scrolled(rows, active, detailed ? details : meaning, height, room)
}

/** Lines of a list from which on one may stay blank. */
const AIRY = 9

/** The rows that fit around the active one, what there is to say of it, and how much is above and below. */
export function scrolled(
  rows: readonly (readonly string[])[],
  active: number,
  below: readonly string[],
  height: number,
  { theme }: Room,
): readonly string[] {
  const all = rows.reduce((sum, lines) => sum + lines.length, 0)
  // A blank line parts it from the last name, where lines are not scarce.
  const parted = below.length > 0 && height > AIRY ? ['', ...below] : below
  const most = Math.max(0, height - 4)
  const said = parted.length <= most ? parted : [...parted.slice(0, Math.max(0, most - 1)), `    ${theme.ellipsis}`]
  const room = Math.max(1, height - said.length)
  if (all <= room) return [...rows.flat(), ...said]
  const { from, to } = windowOf(rows, active, Math.max(1, room - 2))
  const more = (count: number, where: string) => theme.quiet(count === 0 ? '' : `  ${count} more ${where}`)
  return [more(from, 'above'), ...rows.slice(from, to).flat(), more(rows.length - to, 'below'), ...said]
}

/** The question with the end of what is searched for. */
export function searchLines(message: string, filter: string, room: Room): readonly string[] {
  const text = tailOf(filter, room.columns - 4)
  return withText(asked(message, room.theme), text, room, []).lines
}

function rowLines<T>(
  { name, description, disabled }: Choice<T>,
  active: boolean,
  beside: { readonly column: number; readonly left: number } | undefined,
  { theme, columns: width }: Room,
): readonly string[] {
  const pointer = active ? `${pointerOf(theme)} ` : '  '
  const paint = disabled !== undefined ? theme.quiet : active ? theme.command : (text: string) => text
  const said = disabled === undefined ? (description ?? '') : `not possible: ${disabled}`
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

/** As high for every choice, or the list would jump while the cursor moves. */
function meaningLines<T>(choices: readonly Choice<T>[], current: Choice<T>, room: Room): readonly string[] {
  const linesFor = ({ description = '' }: Choice<T>) => aside(description, room)
  const highest = Math.max(0, ...choices.map((choice) => linesFor(choice).length))
  return padded(linesFor(current), highest)
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
