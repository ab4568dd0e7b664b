/** The lines that a question has on the terminal: drawn, drawn over, and taken away. */

import { columns } from '../columns.ts'

export interface Drawing {
  /** None is as wide as the terminal. */
  readonly lines: readonly string[]
  readonly cursor: { readonly row: number; readonly column: number }
}

export interface Frame {
  /** What makes the terminal show the drawing in place of the one before; `width` is that of the terminal now, in columns. */
  draw(drawing: Drawing, width: number): string
  /** What leaves these lines in place of the drawing, and the cursor below them. */
  leave(lines: readonly string[], width: number): string
}

const ESC = '\u001b['

export function openFrame(): Frame {
  let drawn: Drawing = { lines: [''], cursor: { row: 0, column: 0 } }

  /**
   * Back to the first column of the frame. A terminal that got narrower has broken our lines anew, as nearly all do: each
   * then takes as many rows as its width needs. One that cuts lines off in place of that loses as many rows above.
   */
  function toStart(width: number): string {
    const { lines, cursor } = drawn
    const above = lines
      .slice(0, cursor.row)
      .reduce((rows, line) => rows + Math.max(1, Math.ceil(columns(line) / width)), 0)
    const rows = above + Math.floor(cursor.column / width)
    return `${rows > 0 ? `${ESC}${rows}A` : ''}\r`
  }

  return {
    draw(drawing, width) {
      const start = toStart(width)
      drawn = drawing
      const { lines, cursor } = drawing
      const up = lines.length - 1 - cursor.row
      const back = `${up > 0 ? `${ESC}${up}A` : ''}\r${cursor.column > 0 ? `${ESC}${cursor.column}C` : ''}`
      // Line by line, because a frame that is cleared first flickers.
      return `${start}${lines.join(`${ESC}K\r\n`)}${ESC}J${back}`
    },
    leave(lines, width) {
      const start = toStart(width)
      drawn = { lines: [''], cursor: { row: 0, column: 0 } }
      return `${start}${ESC}J${lines.map((line) => `${line}\r\n`).join('')}`
    },
  }
}
