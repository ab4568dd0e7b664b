/** The stream that a prompt is drawn on: styled as the terminal can show it, in order with all else on stderr, and mended when the window changes. */

import { once } from 'node:events'
import { Writable } from 'node:stream'
import { inAscii } from '../clean.ts'
import { columns } from '../columns.ts'
import { columnsOf, type OutputStream } from '../output.ts'
import type { Theme } from '../theme.ts'

export interface DrawingStream {
  readonly output: NodeJS.WritableStream
  /** Takes away what the terminal has made of the frame in its new width, so that it can be drawn again. */
  mend(): void
  /** Resolves when the prompt has ended the stream and the terminal has been given all of it. */
  drained(): Promise<void>
}

const CSI = '\u001b['
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const COLOUR = /\u001b\[[0-9;]*m/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const SEQUENCE = /\u001b\[[0-9;?]*[A-Za-z]/g

/** The end of what takes a frame away. */
const ERASED = `${CSI}2K${CSI}G`

/** What stands on the terminal: the lines of a frame, and where the cursor is in it. */
interface Frame {
  readonly lines: readonly string[]
  readonly row: number
  readonly column: number
}

export function drawingOn(stderr: OutputStream, theme: Theme): DrawingStream {
  let frame: Frame = { lines: [''], row: 0, column: 0 }
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      const text = theme.unicode ? String(chunk) : inAscii(String(chunk))
      frame = frameAfter(frame, text)
      // The library colours its frames whatever NO_COLOR says.
      stderr.write(theme.coloured ? text : text.replaceAll(COLOUR, ''))
      // At once: what waits here would be overtaken by whoever writes to stderr next.
      done()
    },
  })
  const finished = once(stream, 'finish')
  // One column less than there is: a terminal that has written its last one stands between two lines.
  const shape = {
    isTTY: { get: () => stderr.isTTY },
    columns: { get: () => columnsOf(stderr) - 1 },
  }

  return {
    output: Object.defineProperties(stream, shape),
    mend() {
      const { lines, row, column } = frame
      const width = columnsOf(stderr)
      // A terminal that got narrower has broken our lines anew, as nearly all do: each then takes as many rows as its width
      // needs. One that cuts lines off in place of that loses as many rows above.
      const above = lines.slice(0, row).reduce((sum, line) => sum + Math.max(1, Math.ceil(columns(line) / width)), 0)
      const up = above + Math.floor(column / width)
      // Then room for as many rows as the library will go back over, with the cursor where it left it.
      const back = lines.length - 1 - row
      stderr.write(
        `${up > 0 ? `${CSI}${up}A` : ''}\r${CSI}J${'\n'.repeat(lines.length - 1)}${back > 0 ? `${CSI}${back}A` : ''}`,
      )
    },
    drained: async () => {
      await finished
      await new Promise<void>((resolve) => stderr.write('', () => resolve()))
    },
  }
}

/** The frame after a write of the library: a frame whole, with the cursor moved into it, or a move of the cursor alone. */
function frameAfter(before: Frame, text: string): Frame {
  const moves = [...text.matchAll(SEQUENCE)].map(([sequence]) => sequence)
  const column = countOf(moves, 'G')
  const bare = text.replaceAll(SEQUENCE, '')
  if (bare === '') return column === undefined ? before : { ...before, column: column - 1 }
  const lines = bare.split('\n')
  // It goes to the end of the old frame and takes that away; behind the new one, up to where the person types.
  const drawn = text.slice(text.lastIndexOf(ERASED) + 1)
  const up = countOf(
    [...drawn.matchAll(SEQUENCE)].map(([sequence]) => sequence),
    'A',
  )
  return { lines, row: lines.length - 1 - (up ?? 0), column: (column ?? 1) - 1 }
}

/** The number of the last sequence that ends in this letter. */
function countOf(sequences: readonly string[], letter: string): number | undefined {
  const found = sequences.findLast((sequence) => sequence.endsWith(letter))
  return found === undefined ? undefined : Number(/\d+/.exec(found)?.[0] ?? 1)
}
