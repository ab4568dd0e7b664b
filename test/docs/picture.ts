/** A picture of a terminal: an SVG in which every letter is text, in the colours of a light or a dark page. */

import stringWidth from 'string-width'
import type { Piece } from '../ui/pty-screen.ts'

export interface Picture {
  readonly title: string
  /** For who cannot see it. */
  readonly description: string
  readonly lines: readonly (readonly Piece[])[]
}

const COLUMNS = 80
/** Of a letter, in the units of the picture. */
const WIDTH = 8.4
const HEIGHT = 18
const MARGIN = 16

export function svgOf({ title, description, lines }: Picture): string {
  const width = COLUMNS * WIDTH + 2 * MARGIN
  const height = lines.length * HEIGHT + 2 * MARGIN
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    ...lines.flatMap((line, index) => lineOf(line, MARGIN + (index + 1) * HEIGHT - 5)),
    '</svg>',
    '',
  ].join('\n')
}

/** The words of a picture, line by line. */
export function wordsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, line = '']) => plain(line))
}

/** Each piece has its column and its width, so that the columns stand in any font. */
function lineOf(line: readonly Piece[], y: number): readonly string[] {
  const spans = line.flatMap(wordsApart).map(({ text, column, style }) => {
    const names = [...style].flatMap((code) => CLASSES[code] ?? [])
    const looks = names.length === 0 ? '' : ` class="${names.join(' ')}"`
    const x = round(MARGIN + column * WIDTH)
    return `<tspan x="${x}" textLength="${round(stringWidth(text) * WIDTH)}"${looks}>${escaped(text)}</tspan>`
  })
  return spans.length === 0 ? [] : [`<text y="${y}">${spans.join(' ')}</text>`]
}

/** An SVG does not keep two blanks in a row. */
function wordsApart({ text, column, style }: Piece): readonly Piece[] {
  return [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: words, index }) => ({
    text: words,
    column: column + stringWidth(text.slice(0, index)),
    style,
  }))
}

const CLASSES: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  34: 'blue',
  35: 'blue',
  36: 'cyan',
  90: 'dim',
}

/** At least 4.5 to 1 against the ground in both (WCAG 1.4.3). */
const STYLE = [
  'text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#1f2328}',
  '.ground{fill:#fff;stroke:#d0d7de}.bold{font-weight:bold}.dim{fill:#59636e}.red{fill:#b42318}.green{fill:#116329}',
  '.yellow{fill:#7d4e00}.blue{fill:#0550ae}.cyan{fill:#0a5c70}',
  '@media (prefers-color-scheme:dark){text{fill:#e6edf3}.ground{fill:#0d1117;stroke:#30363d}.dim{fill:#9198a1}',
  '.red{fill:#ff7b72}.green{fill:#56d364}.yellow{fill:#e3b341}.blue{fill:#79c0ff}.cyan{fill:#76e3ea}}',
].join('')

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function plain(markup: string): string {
  return markup
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}

function round(units: number): number {
  return Math.round(units * 10) / 10
}
