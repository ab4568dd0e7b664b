/** Fits the text of a question into the columns and rows of a terminal, which never breaks a line itself. */

import type { Theme } from '../../ports.ts'
import { cleanLine, inAscii } from '../clean.ts'
import { columns } from '../columns.ts'

/** A text in one style. */
export interface Span {
  readonly text: string
  paint?(text: string): string
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** What a person sees as one character each. */
export function graphemesOf(text: string): readonly string[] {
  return [...graphemes.segment(text)].map(({ segment }) => segment)
}

/** A text from elsewhere as a question shows it: on one line, without control characters, with our marks as the theme has them. */
export function tidy(text: string, theme: Theme): string {
  return theme.unicode ? cleanLine(text) : inAscii(cleanLine(text))
}

/**
 * Lines of at most `width` columns, broken at blanks; a word that is wider is broken where it has to be. Lines after the
 * first begin with `hang` blanks.
 */
export function fold(spans: readonly Span[], width: number, hang = 0): readonly string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  let empty = true
  const next = () => {
    lines.push(line)
    line = ' '.repeat(hang)
    used = hang
    empty = true
  }
  for (const { text, paint = asIs } of spans) {
    for (const word of text.split(' ')) {
      if (word === '') continue
      const wide = columns(word)
      const gap = empty ? 0 : 1
      if (used + gap + wide <= width) {
        line += ' '.repeat(gap) + paint(word)
        used += gap + wide
        empty = false
        continue
      }
      if (!empty) next()
      for (const piece of pieces(word, width - hang, width - used)) {
        if (!empty) next()
        line += paint(piece)
        used += columns(piece)
        empty = false
      }
    }
  }
  return [...lines, line]
}

/** As `fold`, for a text in one style. */
export function foldText(text: string, width: number, hang = 0, paint?: (text: string) => string): readonly string[] {
  return fold([paint === undefined ? { text } : { text, paint }], width, hang)
}

/** A text in pieces of at most `width` columns, the first of at most `first`; a character that is wider stands alone. */
export function pieces(text: string, width: number, first: number): readonly string[] {
  if (columns(text) <= first) return [text]
  const found: string[] = []
  let piece = ''
  for (const grapheme of graphemesOf(text)) {
    const room = found.length === 0 ? first : width
    if (piece !== '' && columns(piece + grapheme) > room) {
      found.push(piece)
      piece = ''
    }
    piece += grapheme
  }
  return [...found, piece]
}

/** Whole rows around the active one, in at most `height` lines unless it is higher alone. */
export function windowOf(
  rows: { readonly count: number; at(index: number): readonly string[] },
  active: number,
  height: number,
): { readonly from: number; readonly to: number } {
  let [from, to] = [active, active + 1]
  let used = rows.at(active).length
  const taken = (index: number) => {
    const fits = index >= 0 && index < rows.count && used + rows.at(index).length <= height
    if (fits) used += rows.at(index).length
    return fits
  }
  for (let grown = true; grown; ) {
    // As many above as below, as long as there are rows on either end.
    const above = taken(from - 1)
    if (above) from -= 1
    const below = taken(to)
    if (below) to += 1
    grown = above || below
  }
  return { from, to }
}

function asIs(text: string): string {
  return text
}
