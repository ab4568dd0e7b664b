/** Picks several of many: found by typing, one by one or by the groups that they belong to. */

import type { Choice, ChoiceGroup, Theme } from '../../ports.ts'
import { columns } from '../columns.ts'
import { foldText, tidy } from './layout.ts'
import {
  aside,
  detailLines,
  foldKeepingBlanks,
  matches,
  moved,
  padded,
  pointerOf,
  scrolled,
  searchLines,
  shortName,
} from './list.ts'
import {
  arrowKeys,
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

export interface PickerQuestion<T> {
  readonly message: string
  readonly choices: readonly Choice<T>[]
  readonly groups?: readonly ChoiceGroup<T>[]
}

interface Picking {
  readonly picked: ReadonlySet<number>
  /** Of the rows that are shown. */
  readonly active: number
  readonly filter: string
  readonly detailed: boolean
  readonly problem?: string
}

/** A row stands for one choice or for all of a group. */
interface Row {
  readonly name: string
  readonly description?: string
  readonly details?: string
  readonly members: readonly number[]
  readonly isGroup: boolean
  readonly texts: readonly string[]
}

/** What the picker counts in: how many are picked, and how that differs from what was proposed. */
export interface Picked {
  readonly count: number
  readonly leftOut: readonly string[]
  readonly added: readonly string[]
}

export const NOTHING_PICKED = 'nothing is chosen: at least one is needed'

export function checkboxPrompt<T>({
  message,
  choices,
  groups = [],
}: PickerQuestion<T>): Prompt<Picking, readonly Choice<T>[]> {
  const rows = rowsOf(choices, groups)
  const proposed = proposedOf(choices)
  const shownFor = ({ filter }: Pick<Picking, 'filter'>) => rows.filter(({ texts }) => matches(filter, texts))

  function toggle(state: Picking): Picking {
    const row = shownFor(state)[state.active]
    if (row === undefined) return state
    const all = row.members.every((index) => state.picked.has(index))
    const picked = new Set(state.picked)
    for (const index of row.members) {
      if (all) picked.delete(index)
      else if (choices[index]?.disabled === undefined) picked.add(index)
    }
    const { active, filter, detailed } = state
    return { picked, active, filter, detailed }
  }

  function filtered(state: Picking, filter: string): Picking {
    const shown = shownFor({ filter })
    // The first choice that was found is likelier meant than a group that has it.
    const first = shown.findIndex(({ isGroup, name }) => !isGroup || matches(filter, [name]))
    return {
      picked: state.picked,
      active: filter === '' ? firstChoice(rows) : Math.max(0, first),
      filter,
      detailed: false,
    }
  }

  function press(state: Picking, key: Key): Step<Picking, readonly Choice<T>[]> {
    if (key.kind === 'character' && key.text === ' ') return { state: toggle(state) }
    if (key.kind === 'character' && key.text === '?') return { state: { ...state, detailed: !state.detailed } }
    if (key.kind === 'key') {
      if (key.name === 'enter') {
        const answer = choices.filter((_, index) => state.picked.has(index))
        return answer.length > 0 ? { answer } : { state: { ...state, problem: `${NOTHING_PICKED}; space picks` } }
      }
      if (key.name === 'escape') {
        if (state.detailed) return { state: { ...state, detailed: false } }
        if (state.filter === '') return LEAVE
        return { state: filtered(state, '') }
      }
      const { picked, filter, detailed } = state
      const active = moved(
        state.active,
        key.name,
        shownFor(state).map(() => true),
      )
      if (active !== undefined) return { state: { picked, active, filter, detailed } }
    }
    const filter = typed(state.filter, key)
    return { state: filter === state.filter ? state : filtered(state, filter) }
  }

  function draw(state: Picking, room: Room): Drawing {
    const { theme } = room
    const shown = shownFor(state)
    const top = searchLines(message, state.filter, room)
    const tally = tallyLines(pickedOf(choices, proposed, state.picked), room)
    const keys = [
      'space pick',
      `${arrowKeys(theme)} move`,
      'type to search',
      `? ${state.detailed ? 'hide ' : ''}details`,
      'enter submit',
    ]
    const foot = [...problemLines(state.problem, room), ...helpLines(keys, room)]
    const height = room.rows - top.length - tally.length - foot.length
    const current = shown[state.active]
    // Where the columns beside the names do not fit, they are told below.
    const saying = (row: Row) => (short ? withColumnsBelow(row, theme) : row)
    const short = rows.some(({ name }) => columns(tidy(name, theme)) > room.columns - indentOf(theme))
    const list = scrolled(
      shown.map((row, index) => rowLines(row, index === state.active, state.picked, short, room)),
      state.active,
      current === undefined
        ? aside('nothing matches', room)
        : state.detailed
          ? detailLines(saying(current), room)
          : meaning(rows.map(saying), saying(current), room),
      height,
      room,
    )
    const below = [...tally, ...list, ...foot].slice(0, Math.max(0, room.rows - top.length))
    return { lines: top, below }
  }

  return {
    message,
    takes: 'filter',
    start: { picked: proposed, active: firstChoice(rows), filter: '', detailed: false },
    press,
    draw,
    answered: (picked) => fewOrCount(picked.map(({ name }) => shortName(name))),
  }
}

/** Up to three names, else how many: the answered line stays one line. */
export function fewOrCount(names: readonly string[]): string {
  return names.length > 3 ? `${names.length} chosen` : names.join(', ')
}

export function proposedOf(choices: readonly Choice<unknown>[]): ReadonlySet<number> {
  return new Set(choices.flatMap(({ checked }, index) => (checked ? [index] : [])))
}

export function pickedOf(
  choices: readonly Choice<unknown>[],
  proposed: ReadonlySet<number>,
  picked: ReadonlySet<number>,
): Picked {
  const named = (which: (index: number) => boolean) =>
    choices.flatMap(({ name }, index) => (which(index) ? [shortName(name)] : []))
  return {
    count: picked.size,
    leftOut: named((index) => proposed.has(index) && !picked.has(index)),
    added: named((index) => picked.has(index) && !proposed.has(index)),
  }
}

function rowsOf<T>(choices: readonly Choice<T>[], groups: readonly ChoiceGroup<T>[]): readonly Row[] {
  const inGroups = groups.map(({ name, values }) => ({
    name,
    members: choices.flatMap(({ value }, index) => (values.includes(value) ? [index] : [])),
  }))
  const ofGroups = inGroups
    .filter(({ members }) => members.length > 0)
    .map(({ name, members }): Row => {
      const names = members.map((index) => shortName(choices[index]?.name ?? ''))
      return { name, details: names.join(', '), members, isGroup: true, texts: [name] }
    })
  const single = choices.map(({ name, description, details, disabled }, index): Row => {
    const said = disabled === undefined ? description : `not possible: ${disabled}`
    const of = inGroups.filter(({ members }) => members.includes(index)).map((group) => group.name)
    return {
      name,
      ...(said === undefined ? {} : { description: said }),
      ...(details === undefined ? {} : { details }),
      members: [index],
      isGroup: false,
      texts: [name, description ?? '', details ?? '', ...of],
    }
  })
  return [...ofGroups, ...single]
}

function firstChoice(rows: readonly Row[]): number {
  return Math.max(
    0,
    rows.findIndex(({ isGroup }) => !isGroup),
  )
}

function rowLines(
  row: Row,
  active: boolean,
  picked: ReadonlySet<number>,
  short: boolean,
  room: Room,
): readonly string[] {
  const { theme, columns: width } = room
  const count = row.members.filter((index) => picked.has(index)).length
  const mark = count === 0 ? 'none' : count === row.members.length ? 'all' : 'some'
  const start = `${active ? pointerOf(theme) : ' '} ${markOf(mark, theme)} `
  const indent = indentOf(theme)
  const text = row.isGroup ? `${row.name}  ${count} of ${row.members.length}` : short ? shortName(row.name) : row.name
  const paint = active ? theme.command : row.isGroup ? theme.heading : (line: string) => line
  return foldKeepingBlanks(tidy(text, theme), width - indent).map(
    (line, index) => (index === 0 ? start : ' '.repeat(indent + 2)) + paint(line),
  )
}

/** Columns of pointer and mark. */
function indentOf({ unicode }: Theme): number {
  return unicode ? 4 : 6
}

function withColumnsBelow(row: Row, { dot }: Theme): Row {
  const rest = row.isGroup ? '' : row.name.trim().slice(shortName(row.name).length).trim()
  const said = [rest.replaceAll(/ {2,}/g, dot), row.description ?? ''].filter((text) => text !== '')
  return said.length === 0 ? row : { ...row, description: said.join(dot) }
}

function markOf(mark: 'all' | 'some' | 'none', { unicode, good }: Theme): string {
  const marks = unicode ? { all: '◉', some: '◐', none: '○' } : { all: '[x]', some: '[-]', none: '[ ]' }
  return mark === 'none' ? marks.none : good(marks[mark])
}

/** What the active row means, as high as that of any row. */
function meaning(rows: readonly Row[], current: Row, room: Room): readonly string[] {
  const highest = Math.max(...rows.map(({ description = '' }) => aside(description, room).length))
  return padded(aside(current.description ?? '', room), Math.min(3, highest))
}

function tallyLines({ count, leftOut, added }: Picked, { theme, columns: width }: Room): readonly string[] {
  const texts = [`${count} chosen`, ...listed('left out', leftOut), ...listed('added', added)]
  return foldText(texts.join(theme.dot), width - 2).map((line) => `  ${theme.quiet(line)}`)
}

/** Names that are told one by one. */
const NAMED = 3

export function listed(title: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return []
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  return [`${title}: ${names.slice(0, NAMED).join(', ')}${more}`]
}
