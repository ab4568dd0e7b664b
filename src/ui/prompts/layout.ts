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

/** Whole rows around the active one, in at most `height` lines; a row that is higher alone is cut. */
export function windowOf(
  rows: readonly (readonly string[])[],
  active: number,
  height: number,
): { readonly from: number; readonly to: number } {
  let [from, to] = [active, active + 1]
  let used = rows[active]?.length ?? 0
  const fits = (index: number) => rows[index] !== undefined && used + (rows[index]?.length ?? 0) <= height
  for (let grown = true; grown; ) {
    grown = false
    // As many above as below, as long as there are rows on either end.
    if (fits(from - 1)) {
      from -= 1
      used += rows[from]?.length ?? 0
      grown = true
    }
    if (fits(to)) {
      used += rows[to]?.length ?? 0
      to += 1
      grown = true
    }
  }
  return { from, to }
}

function asIs(text: string): string {
  return text
}
