/** One line of text under a cursor, as a person edits it. */

import type { Key } from './keyboard.ts'
import { graphemesOf } from './layout.ts'

export interface Line {
  readonly text: string
  /** Where the cursor stands, in units of the text. */
  readonly at: number
}

export const EMPTY_LINE: Line = { text: '', at: 0 }

export function lineOf(text: string): Line {
  return { text, at: text.length }
}

/** The line after a key; the same line where the key means nothing to it. */
export function edited(line: Line, key: Key): Line {
  if (key.kind === 'character') return inserted(line, key.text)
  if (key.kind === 'paste') return inserted(line, oneLine(key.text))
  const before = line.text.slice(0, line.at)
  const after = line.text.slice(line.at)
  switch (key.name) {
    case 'left':
      return { ...line, at: line.at - (graphemesOf(before).at(-1)?.length ?? 0) }
    case 'right':
      return { ...line, at: line.at + (graphemesOf(after)[0]?.length ?? 0) }
    case 'home':
      return { ...line, at: 0 }
    case 'end':
      return lineOf(line.text)
    case 'backspace':
      return cutBefore(line, graphemesOf(before).at(-1)?.length ?? 0)
    case 'delete':
    case 'end-of-input':
      return { ...line, text: before + after.slice(graphemesOf(after)[0]?.length ?? 0) }
    case 'delete-line':
      return { text: after, at: 0 }
    case 'delete-after':
      return { ...line, text: before }
    case 'delete-word':
      return cutBefore(line, /\S*\s*$/.exec(before)?.[0].length ?? 0)
    default:
      return line
  }
}

/** A pasted text on one line: what its lines are parted by becomes a blank, what is around it goes. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line has no control characters.
  return text.trim().replaceAll(/[\u0000-\u001f\u007f]+/g, ' ')
}

function inserted({ text, at }: Line, more: string): Line {
  return { text: text.slice(0, at) + more + text.slice(at), at: at + more.length }
}

function cutBefore({ text, at }: Line, count: number): Line {
  return { text: text.slice(0, at - count) + text.slice(at), at: at - count }
}
