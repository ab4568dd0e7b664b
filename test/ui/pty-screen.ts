/** A terminal's screen, as far as the tool draws on one: text, line feeds, and the cursor movements of prompts and spinners. */

import stringWidth from 'string-width'

export interface Screen {
  /** Takes what a program wrote. */
  write(text: string): void
  /** What is on the screen and above it, line by line, without blanks at the ends. */
  lines(): readonly string[]
  /** Every line that ran over the last column, as it was when it did. */
  readonly wrapped: readonly string[]
  cursorVisible(): boolean
  /** Gives it another width; lines are broken anew, as nearly every terminal does. */
  resize(columns: number): void
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
    wrapped,
    cursorVisible: () => visible,
    resize,
  }
}
