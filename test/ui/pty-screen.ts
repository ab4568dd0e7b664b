/** A terminal's screen, as far as the tool draws on one: text, line feeds, and the cursor movements of prompts and spinners. */

import stringWidth from 'string-width'

export interface Screen {
  /** Takes what a program wrote. */
  write(text: string): void
  /** What is on the screen and above it, line by line, without blanks at the ends. */
  lines(): readonly string[]
  /** The same lines in pieces of one style, which are the colours and weights that are on: `1`, `2`, `31` to `36`, … */
  styled(): readonly (readonly Piece[])[]
  /** Every line that ran over the last column, as it was when it did. */
  readonly wrapped: readonly string[]
  cursorVisible(): boolean
  /** Gives it another width; lines are broken anew, as nearly every terminal does. */
  resize(columns: number): void
}

export interface Piece {
  readonly text: string
  readonly column: number
  readonly style: ReadonlySet<number>
}

/** Text, or one of: line end, carriage return, control sequence. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is about control characters.
const PART = /\u001b\[([?\d;]*)([A-Za-z])|\n|\r|\u0007|[^\u001b\n\r\u0007]+/gu

export function openScreen(width: number): Screen {
  let columns = width
  let rows: string[][] = [[]]
  /** Rows that go on in the next one. */
  const continued = new WeakSet<string[]>()
  const wrapped: string[] = []
  /** By row; a terminal of another width has none. */
  const styles = new WeakMap<string[], ReadonlySet<number>[]>()
  let style: ReadonlySet<number> = new Set()
  let row = 0
  let column = 0
  let visible = true
  let rest = ''

  function put(text: string): void {
    for (const { segment } of new Intl.Segmenter().segment(text)) {
      const width = stringWidth(segment)
      if (column + width > columns) {
        wrapped.push(lineAt(row).join('') + segment)
        continued.add(lineAt(row))
        row += 1
        column = 0
      }
      const line = lineAt(row)
      for (let at = line.length; at < column; at += 1) line[at] = ' '
      line[column] = segment
      styles.set(line, Object.assign(styles.get(line) ?? [], { [column]: style }))
      for (let more = 1; more < width; more += 1) line[column + more] = ''
      column += width
    }
  }

  function lineAt(index: number): string[] {
    while (rows.length <= index) rows.push([])
    return rows[index] ?? []
  }

  function resize(to: number): void {
    const broken: string[][] = []
    let at = { row: 0, column: 0 }
    let line: string[] = []
    let cursor: number | undefined
    rows.forEach((cells, index) => {
      if (index === row) cursor = line.length + column
      line = [...line, ...cells]
      if (continued.has(cells)) return
      const first = broken.length
      for (let from = 0; from === 0 || from < line.length; from += to) {
        const piece = line.slice(from, from + to)
        if (from + to < line.length) continued.add(piece)
        broken.push(piece)
      }
      if (cursor !== undefined) at = { row: first + Math.floor(cursor / to), column: cursor % to }
      cursor = undefined
      line = []
    })
    rows = broken
    row = at.row
    column = at.column
    columns = to
  }

  function control(parameters: string, letter: string): void {
    const count = Number(parameters === '' ? 1 : parameters)
    if (letter === 'A') row = Math.max(0, row - count)
    if (letter === 'B') row += count
    if (letter === 'C') column = Math.min(columns - 1, column + count)
    if (letter === 'D') column = Math.max(0, column - count)
    if (letter === 'G') column = count - 1
    if (letter === 'J') rows.splice(row + 1)
    if (letter === 'J' || letter === 'K') lineAt(row).splice(parameters === '2' ? 0 : column)
    if (parameters === '?25') visible = letter === 'h'
    if (letter === 'm') style = parameters.split(';').map(Number).reduce(restyled, style)
  }

  return {
    write(chunk) {
      // A sequence may come in two pieces.
      const text = rest + chunk
      // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
      rest = /\u001b(\[[?\d;]*)?$/.exec(text)?.[0] ?? ''
      for (const [part, parameters, letter] of text.slice(0, text.length - rest.length).matchAll(PART)) {
        if (letter !== undefined) control(parameters ?? '', letter)
        else if (part === '\n') row += 1
        else if (part === '\r') column = 0
        else if (part !== '\u0007') put(part)
      }
    },
    lines: () => rows.map((line) => line.join('').trimEnd()),
    styled: () => rows.map((line) => piecesOf(line, styles.get(line) ?? [])),
    wrapped,
    cursorVisible: () => visible,
    resize,
  }
}

/** SGR: one more number of a control sequence (ECMA-48, 8.3.117), as far as the tool uses them. */
function restyled(style: ReadonlySet<number>, code: number): ReadonlySet<number> {
  if (code === 0) return new Set()
  if (code === 22) return new Set([...style].filter((one) => one > 2))
  if (code === 39) return new Set([...style].filter((one) => one < 30))
  if (code > 22 && code < 30) return new Set([...style].filter((one) => one !== code - 20))
  return new Set([...[...style].filter((one) => code < 30 || one < 30), code])
}

function piecesOf(line: readonly string[], styles: readonly ReadonlySet<number>[]): readonly Piece[] {
  const pieces: { text: string; column: number; style: ReadonlySet<number> }[] = []
  for (const [column, text] of line.entries()) {
    const last = pieces.at(-1)
    const style = text === ' ' ? (last?.style ?? NONE) : (styles[column] ?? NONE)
    if (last === undefined || [...last.style].join() !== [...style].join()) pieces.push({ text, column, style })
    else last.text += text
  }
  return pieces
}

const NONE: ReadonlySet<number> = new Set()
