/** Picks several of many: found by typing, one by one or by the groups that they belong to. */

import type { AskedForMany, Choice, ChoiceGroup, Theme } from '../../ports.ts'
import { pad } from '../clean.ts'
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
  rowsOf,
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
import { fewOrCount, listed, NOTHING_PICKED, type Picked, pickedOf, proposedOf } from './tally.ts'

export interface PickerQuestion<T> extends AskedForMany<T> {
  readonly message: string
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

export function checkboxPrompt<T>({
  message,
  choices,
  groups = [],
  left,
}: PickerQuestion<T>): Prompt<Picking, readonly Choice<T>[]> {
  const rows = pickerRows(choices, groups)
  const proposed = proposedOf(choices)
  const pickedIn = (state: Picking) => choices.filter((_, index) => state.picked.has(index))
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
        const answer = pickedIn(state)
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
    const layout = layoutOf(rows, room)
    const said = (row: Row) => (row.isGroup ? groupText(row, state.picked) : choiceText(row, layout, theme))
    const list = scrolled(
      rowsOf(shown.length, (index) => {
        const row = shown[index]
        return row === undefined ? [] : rowLines(row, index === state.active, state.picked, layout, room)
      }),
      state.active,
      current === undefined
        ? aside('nothing matches', room)
        : state.detailed
          ? detailLines({ ...current, description: said(current) }, room)
          : padded(
              aside(said(current), room),
              Math.min(3, Math.max(...rows.map((row) => aside(said(row), room).length))),
            ),
      height,
      room,
    )
    return { lines: top, below: [...tally, ...list, ...foot] }
  }

  return {
    message,
    takes: 'filter',
    start: { picked: proposed, active: firstChoice(rows), filter: '', detailed: false },
    press,
    draw,
    left: (state) => left?.(pickedIn(state).map(({ value }) => value)),
    answered: (picked) => fewOrCount(picked.map(({ name }) => shortName(name))),
  }
}

function pickerRows<T>(choices: readonly Choice<T>[], groups: readonly ChoiceGroup<T>[]): readonly Row[] {
  const inGroups = groups.map(({ name, values }) => ({
    name,
    members: choices.flatMap(({ value }, index) => (values.includes(value) ? [index] : [])),
  }))
  const ofGroups = alike(inGroups.filter(({ members }) => members.length > 0)).map(({ names, members }): Row => {
    const [first = '', ...others] = names
    const last = others.at(-1)
    const name = last === undefined ? first : `${first}${others.length === 1 ? ', ' : ' to '}${last}`
    const details = members.map((index) => shortName(choices[index]?.name ?? '')).join(', ')
    return { name, details, members, isGroup: true, texts: names }
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

/** Groups that have the same members are one row, under all of their names. */
function alike(
  groups: readonly { readonly name: string; readonly members: readonly number[] }[],
): readonly { readonly names: readonly string[]; readonly members: readonly number[] }[] {
  const byMembers = new Map<string, { readonly names: string[]; readonly members: readonly number[] }>()
  for (const { name, members } of groups) {
    const known = byMembers.get(members.join())
    if (known === undefined) byMembers.set(members.join(), { names: [name], members })
    else known.names.push(name)
  }
  return [...byMembers.values()]
}

function firstChoice(rows: readonly Row[]): number {
  return Math.max(
    0,
    rows.findIndex(({ isGroup }) => !isGroup),
  )
}

/** What stands in a row: the name alone, with the columns that the caller has set beside it, or with what it means too. */
interface Layout {
  readonly shows: 'short' | 'name' | 'meaning'
  /** Columns of the widest name. */
  readonly column: number
}

function layoutOf(rows: readonly Row[], { theme, columns: width }: Room): Layout {
  const single = rows.filter(({ isGroup }) => !isGroup)
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => columns(tidy(text, theme))))
  const column = widest(single.map(({ name }) => name))
  const room = width - indentOf(theme)
  if (column + 2 + widest(single.map(({ description = '' }) => description)) <= room)
    return { shows: 'meaning', column }
  return { shows: column <= room ? 'name' : 'short', column }
}

function rowLines(
  row: Row,
  active: boolean,
  picked: ReadonlySet<number>,
  { shows, column }: Layout,
  { theme, columns: width }: Room,
): readonly string[] {
  const count = row.members.filter((index) => picked.has(index)).length
  const mark = count === 0 ? 'none' : count === row.members.length ? 'all' : 'some'
  const start = `${active ? pointerOf(theme) : ' '} ${markOf(mark, theme)} `
  const paint = active ? theme.command : row.isGroup ? theme.heading : (line: string) => line
  if (shows === 'meaning' && !row.isGroup && row.description !== undefined) {
    return [`${start}${paint(pad(tidy(row.name, theme), column))}  ${theme.quiet(tidy(row.description, theme))}`]
  }
  const name = shows === 'short' ? shortName(row.name) : row.name
  const text = row.isGroup ? `${row.name}  ${count} of ${row.members.length}` : name
  const indent = indentOf(theme)
  return foldKeepingBlanks(tidy(text, theme), width - indent).map(
    (line, index) => (index === 0 ? start : ' '.repeat(indent + 2)) + paint(line),
  )
}

function groupText({ members }: Row, picked: ReadonlySet<number>): string {
  return `space ${members.every((index) => picked.has(index)) ? 'leaves out' : 'picks'} all ${members.length}`
}

/** What there is to say of a choice that does not stand in its row. */
function choiceText({ name, description = '' }: Row, { shows }: Layout, { dot }: Theme): string {
  if (shows === 'meaning') return ''
  const rest = shows === 'short' ? name.trim().slice(shortName(name).length).trim().replaceAll(/ {2,}/g, dot) : ''
  return [rest, description].filter((text) => text !== '').join(dot)
}

/** Columns of pointer and mark. */
function indentOf({ unicode }: Theme): number {
  return unicode ? 4 : 6
}

function markOf(mark: 'all' | 'some' | 'none', { unicode, good }: Theme): string {
  const marks = unicode ? { all: '◉', some: '◐', none: '○' } : { all: '[x]', some: '[-]', none: '[ ]' }
  return mark === 'none' ? marks.none : good(marks[mark])
}

function tallyLines({ count, leftOut, added }: Picked, { theme, columns: width }: Room): readonly string[] {
  const texts = [`${count} chosen`, ...listed('left out', leftOut), ...listed('added', added)]
  return foldText(texts.join(theme.dot), width - 2).map((line) => `  ${theme.quiet(line)}`)
}
