/** What of a text a stream may be sent, and texts fitted into columns. */

import cliTruncate from 'cli-truncate'
import { clean } from '../visible-text.ts'
import { columns, isNarrow } from './columns.ts'

export { clean, cleanLine, INVISIBLE } from '../visible-text.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours and weights alone.
const COLOUR = /\u001b\[[0-9;]*m/g
/** Links to the pages that we link to: in the name of a resource no other address becomes one. */
const LINK =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
  /\u001b\]8;;(?:https:\/\/[a-z0-9.-]+\.(?:console\.aws\.amazon\.com|console\.amazonaws\.cn|console\.amazonaws-us-gov\.com|pagerduty\.com)\/[!-~]*)?\u001b\\/g

/** What of its styles a terminal may be sent. */
export interface Styles {
  readonly coloured: boolean
  readonly links: boolean
}

/** As `clean`, but colours and our own links stay where they may. */
export function cleanButStyles(text: string, { coloured, links }: Styles): string {
  if (links) return keeping(LINK, text, (part) => cleanButStyles(part, { coloured, links: false }))
  return coloured ? keeping(COLOUR, text, clean) : clean(text)
}

function keeping(kept: RegExp, text: string, cleaned: (text: string) => string): string {
  const found = text.match(kept) ?? []
  return text
    .split(kept)
    .map((part, index) => cleaned(part) + (found[index] ?? ''))
    .join('')
}

/** The marks that we write ourselves, for a stream without Unicode. What stands in a resource's own name or pattern otherwise stays. */
const IN_ASCII: Readonly<Record<string, string>> = {
  '…': '...',
  '→': '->',
  '←': '<-',
  '·': '-',
  '–': '-',
  '—': '--',
  '\u2019': "'",
  '─': '-',
  '═': '=',
  '✔': 'ok',
  '✖': 'XX',
  '◌': '--',
  '❯': '>',
  '›': '>',
}

/** The text with our own marks in ASCII. */
export function inAscii(text: string): string {
  return text.replaceAll(/[…→←·–—\u2019─═✔✖◌❯›]/g, (mark) => IN_ASCII[mark] ?? mark)
}

/** A JSON text with every character outside of ASCII as an escape: the same document. */
export function jsonInAscii(text: string): string {
  return text.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Cuts the middle out of a text that is wider than `width`, so that both ends can be recognised. */
export function shorten(text: string, width: number, gap: string): string {
  if (columns(text) <= width) return text
  return cutTo(Math.max(width, columns(gap) + 2), (room) =>
    cliTruncate(text, room, { position: 'middle', truncationCharacter: gap }),
  )
}

/** Cuts the end off a text that is wider than `width`: for sentences, which begin with what matters. */
export function clip(text: string, width: number, gap: string): string {
  if (columns(text) <= width) return text
  // The tables of wide characters take longer to load than `detections list` has.
  if (isNarrow(text)) return text.slice(0, Math.max(0, width - gap.length)).trimEnd() + gap
  const cut = cutTo(Math.max(width, columns(gap)), (room) => cliTruncate(text, room, { truncationCharacter: gap }))
  return cut.slice(0, -gap.length).trimEnd() + gap
}

/** The widest cut that fits: the library keeps a wide character of which only the first column does. */
function cutTo(width: number, cut: (room: number) => string): string {
  let room = width
  while (room > 0 && columns(cut(room)) > width) room -= 1
  return cut(room)
}

/** Fills up with blanks to `width` columns; a wider text stays. Colours take no column. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)))
}

/** Less room than this is too narrow to read a sentence in; columns. */
const NARROWEST = 24

/**
 * A text behind what stands before it: further lines begin where the first did. Where too little room is left there,
 * the text stands below, indented by four. A word that only fits without its indent has none, so that it stays whole.
 */
export function hanging(start: string, text: string, width: number): readonly string[] {
  const indent = columns(start)
  if (indent + columns(text) <= width) return [start + text]
  const room = width - indent
  if (indent > 4 && (room < NARROWEST || text.split(' ').some((word) => columns(word) > room)))
    return [start.trimEnd(), ...wrap(text, width - 4).map((line) => indented(line, 4, width))].slice(
      start.trim() === '' ? 1 : 0,
    )
  const [first = '', ...rest] = wrap(text, room)
  return [...startLines(start, first, width), ...rest.map((line) => indented(line, indent, width))]
}

function startLines(start: string, first: string, width: number): readonly string[] {
  if (columns(first) > width || columns(start) + columns(first) <= width) return [start + first]
  return start.trim() === '' ? [first] : [start.trimEnd(), first]
}

function indented(line: string, indent: number, width: number): string {
  const fits = columns(line) + indent <= width || columns(line) > width
  return fits ? ' '.repeat(indent) + line : line
}

/** Breaks a text at blanks into lines of at most `width` columns; a longer word stands alone. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && columns(last) + 1 + columns(word) <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
