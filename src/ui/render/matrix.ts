/** The matrix of chains: one row for each filter and alarm, one mark for each link, and one for the resolve. */

import { filterAddress } from '../../doctor/graph.ts'
import { CHAIN_LINKS, type ChainLink } from '../../doctor/links.ts'
import { chainLabel } from '../../doctor/report.ts'
import type { HopState, JudgedChain } from '../../doctor/verdict.ts'
import { cleanLine, hanging, pad, shorten } from '../clean.ts'
import { columns } from '../columns.ts'
import type { Mark, Theme } from '../theme.ts'

/** Short, so that of 80 columns the longest name of the catalogue gets the 32 that it needs. */
const HEADINGS: Readonly<Record<ChainLink | 'resolves', string>> = {
  trail: 'trail',
  delivery: 'deliv',
  'log-group': 'logs',
  'metric-filter': 'filt',
  alarm: 'alarm',
  topic: 'topic',
  subscription: 'subs',
  pagerduty: 'PD',
  resolves: 'OK',
}

const COLUMNS = [...CHAIN_LINKS, 'resolves'] as const

type Column = (typeof COLUMNS)[number]

const MARKS: Readonly<Record<HopState, Mark>> = { works: 'good', look: 'warn', broken: 'bad', unchecked: 'skip' }

/** The worst first: a row over several chains shows the mark of the worst. */
const WORST_FIRST: readonly HopState[] = ['broken', 'look', 'unchecked', 'works']

/** Rows are named up to here, those that do not work first. */
const ROWS = 40

/** Every way of one filter and alarm. */
interface Row {
  readonly chains: readonly [JudgedChain, ...JudgedChain[]]
}

export function showMatrix(chains: readonly JudgedChain[], theme: Theme, width: number): string {
  const rows = rowsOf(chains)
  const isWell = ({ chains }: Row) => chains.every(({ works }) => works === true)
  const [well, ill] = [rows.filter(isWell), rows.filter((row) => !isWell(row))]
  const shown = [...ill, ...well].slice(0, ROWS)
  const head = COLUMNS.map((column) => HEADINGS[column]).join(' ')
  const space = width - head.length - 4
  const hidden = rows.length - shown.length
  const broken = Math.max(0, ill.length - shown.length)
  const rest = broken > 0 ? `  and ${hidden} more, ${broken} of them not verified` : `  and ${hidden} more that work`
  const lines = space < NARROWEST ? list(shown, theme, width) : table(shown, head, space, theme)
  return [...lines, ...(hidden > 0 ? [rest] : [])].join('\n')
}

/** A table whose names have less room than this tells its rows apart no more. */
const NARROWEST = 20

function table(shown: readonly Row[], head: string, space: number, theme: Theme): readonly string[] {
  const names = rowNames(shown, space, theme)
  const room = Math.max(...names.map((name) => columns(name)))
  const lines = shown.map((row, index) => {
    const marks = COLUMNS.map((column) => centered(theme.mark(markOf(row, column)), HEADINGS[column].length))
    return `  ${pad(names[index] ?? '', room)}  ${marks.join(' ').trimEnd()}`
  })
  return [`${' '.repeat(room + 4)}${head}`, ...lines]
}

/**
 * Each row with the mark of its worst link, and below it the links that are not well; what is the same everywhere once.
 * ```
 *   ✖ root-account-usage
 *     alarm !  OK ✖
 *   All: PD ◌
 * ```
 */
function list(shown: readonly Row[], theme: Theme, width: number): readonly string[] {
  const inAll = shown.length < 2 ? [] : COLUMNS.filter((column) => isSame(shown, column))
  const names = rowNames(shown, width - 4 - (theme.unicode ? 0 : 1), theme)
  const ofColumns = (row: Row, some: readonly Column[]) =>
    some.flatMap((column) => {
      const mark = markOf(row, column)
      return mark === 'good' ? [] : [`${HEADINGS[column]}\u00a0${theme.mark(mark)}`]
    })
  const broken = (words: readonly string[], start: string) =>
    hanging(start, words.join('  '), width).map((line) => line.replaceAll('\u00a0', ' ').trimEnd())
  const lines = shown.flatMap((row, index) => {
    const ill = ofColumns(
      row,
      COLUMNS.filter((column) => !inAll.includes(column)),
    )
    return [`  ${theme.mark(worstOf(row))} ${names[index] ?? ''}`, ...(ill.length === 0 ? [] : broken(ill, '    '))]
  })
  const [first] = shown
  const everywhere = first === undefined ? [] : ofColumns(first, inAll)
  return [...lines, ...(everywhere.length === 0 ? [] : broken(everywhere, '  All: '))]
}

function isSame(rows: readonly Row[], column: Column): boolean {
  return new Set(rows.map((row) => markOf(row, column))).size === 1
}

/** Of a chain that works and was not looked at in PagerDuty: it works. */
function worstOf(row: Row): Mark {
  const marks = COLUMNS.map((column) => markOf(row, column))
  const isWell = row.chains.every(({ works }) => works === true)
  return (
    (['bad', 'warn', 'skip'] as const).find((mark) => marks.includes(mark) && !(mark === 'skip' && isWell)) ?? 'good'
  )
}

function rowsOf(chains: readonly JudgedChain[]): readonly Row[] {
  const rows = new Map<string, [JudgedChain, ...JudgedChain[]]>()
  for (const chain of chains) {
    const { filter, alarm } = chain
    const key = `${filter === undefined ? '' : filterAddress(filter)}\n${alarm?.name ?? ''}`
    const chains = rows.get(key)
    if (chains === undefined) rows.set(key, [chain])
    else chains.push(chain)
  }
  return [...rows.values()].map((chains) => ({ chains }))
}

function markOf({ chains }: Row, column: Column): Mark {
  if (column === 'resolves') {
    if (chains.some(({ resolves }) => resolves === false)) return 'bad'
    return chains.some(({ resolves }) => resolves === null) ? 'skip' : 'good'
  }
  const state = WORST_FIRST.find((one) => chains.some(({ hops }) => hops[column] === one))
  return MARKS[state ?? 'unchecked']
}

/** The name of the alarm; where several filters feed one alarm, that of the filter. */
function labelsOf(rows: readonly Row[]): readonly string[] {
  const labels = rows.map(({ chains: [first] }) => chainLabel(first))
  const counted = new Map<string, number>()
  for (const label of labels) counted.set(label, (counted.get(label) ?? 0) + 1)
  return rows.map(({ chains: [first] }, index) => {
    const label = labels[index] ?? ''
    return (counted.get(label) ?? 0) > 1 && first.filter !== undefined ? first.filter.name : label
  })
}

/** Names that would not fit lose what they have in common, at whole words; only then are they cut. */
function rowNames(rows: readonly Row[], room: number, theme: Theme): readonly string[] {
  const labels = labelsOf(rows).map(cleanLine)
  const fit = labels.every((label) => columns(label) <= room)
  const shown = fit ? labels : withoutCommon(labels)
  return shown.map((label) => shorten(label, room, theme.ellipsis))
}

function withoutCommon(labels: readonly string[]): readonly string[] {
  const head = commonStart(labels).replace(/[^-_/.: ]*$/, '').length
  const turned = labels.map((label) => [...label.slice(head)].reverse().join(''))
  const tail = commonStart(turned).replace(/[^-_/.: ]*$/, '').length
  return labels.map((label) => label.slice(head, label.length - tail))
}

/** Of one name alone nothing is in common with others. */
function commonStart(texts: readonly string[]): string {
  const [first = '', ...others] = [...new Set(texts)]
  if (others.length === 0) return ''
  let length = 0
  while (length < first.length && others.every((other) => other[length] === first[length])) length += 1
  return first.slice(0, length)
}

function centered(mark: string, width: number): string {
  const left = Math.floor((width - columns(mark)) / 2)
  return pad(' '.repeat(left) + mark, width)
}
