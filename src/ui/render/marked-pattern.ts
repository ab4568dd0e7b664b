/** A pattern of any length on lines of any width, with marks under its columns. */

import { clean } from '../clean.ts'
import { columns } from '../columns.ts'

/** A part of the pattern: 1-based column of its first UTF-16 unit, and of the one after its last. */
export interface MarkedSpan {
  readonly column: number
  readonly end: number
  /** Absent: only kept on one line where that is possible. */
  readonly mark?: SpanMark
}

interface SpanMark {
  /** Drawn under the first columns, as far as the span is wide. */
  readonly sign: string
  /** One column wide, drawn under the others. */
  readonly line: string
  /** Colours what is drawn, and the part of the pattern above it. */
  paint(text: string): string
}

interface Cell {
  readonly text: string
  readonly width: number
  readonly span: MarkedSpan | undefined
  /** How many columns of its span stand before it. */
  readonly at: number
}

/** Lines in pairs: the pattern, and the marks under it where there are any. Spans must not overlap. */
export function markPattern(pattern: string, spans: readonly MarkedSpan[], width: number): readonly string[] {
  const room = Math.max(20, width - 2)
  const rows = brokenAtBlanks(cellsOf(pattern, spans), room)
  return rows.flatMap((row) => {
    const above = painted(row, ({ text }) => text)
    const below = painted(row, drawn)
    return below === '' ? [`  ${above}`] : [`  ${above}`, `  ${below}`]
  })
}

/** One row with its colours, each span painted once. */
function painted(row: readonly Cell[], show: (cell: Cell) => string): string {
  const runs: { text: string; span: MarkedSpan | undefined }[] = []
  for (const cell of row) {
    const last = runs.at(-1)
    if (last !== undefined && last.span === cell.span) last.text += show(cell)
    else runs.push({ text: show(cell), span: cell.span })
  }
  while (runs.at(-1)?.text.trim() === '') runs.pop()
  return runs
    .map(({ text, span }) => span?.mark?.paint(text) ?? text)
    .join('')
    .trimEnd()
}

function cellsOf(pattern: string, spans: readonly MarkedSpan[]): readonly Cell[] {
  const cells: Cell[] = []
  let column = 1
  let at = 0
  let last: MarkedSpan | undefined
  for (const letter of pattern) {
    const here = column
    const span = spans.find((one) => one.column <= here && here < one.end)
    at = span === last ? at : 0
    last = span
    // A control character keeps its column, and is shown as nothing else.
    const text = clean(letter) === letter && letter !== '\n' ? letter : ' '
    const wide = columns(text)
    cells.push({ text, width: wide, span, at })
    at += wide
    column += letter.length
  }
  // Behind the end stands what is missing there.
  const behind = spans.find((span) => span.column > pattern.length)
  return behind === undefined ? cells : [...cells, { text: ' ', width: 1, span: behind, at: 0 }]
}

/** A row ends behind the last blank that fits, if possible one between two spans, or where it is full. */
function brokenAtBlanks(cells: readonly Cell[], room: number): readonly (readonly Cell[])[] {
  const rows: Cell[][] = []
  let row: Cell[] = []
  let used = 0
  for (const cell of cells) {
    if (used + cell.width > room) {
      const cut = cutOf(row)
      rows.push(row.slice(0, cut))
      row = row.slice(cut)
      used = row.reduce((sum, one) => sum + one.width, 0)
    }
    row.push(cell)
    used += cell.width
  }
  return [...rows, row]
}

function cutOf(row: readonly Cell[]): number {
  const between = row.findLastIndex(({ text, span }) => text === ' ' && span === undefined)
  if (between > row.length / 3) return between + 1
  const blank = row.findLastIndex(({ text }) => text === ' ')
  return blank > row.length / 3 ? blank + 1 : row.length
}

function drawn({ width, span, at }: Cell): string {
  if (span?.mark === undefined || width === 0) return ' '.repeat(width)
  const sign = span.mark.sign.slice(at, at + width)
  return sign + span.mark.line.repeat(width - sign.length)
}
