/** What every question on a terminal is made of, and the lines that all of them share. */

import type { Theme } from '../../ports.ts'
import { fold, foldText, type Span, tidy } from './layout.ts'

/** What a person did. A prompt that is edited gets its whole line, every other one the characters one by one, and pastes. */
export type Key =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'character' | 'paste' | 'line'; readonly text: string }

/** What a question does with a key: it goes on, has an answer, or has no use for an Esc. */
export type Step<S, T> =
  | { readonly state: S; readonly line?: string }
  | { readonly answer: T }
  | { readonly leave: true }

export const LEAVE = { leave: true } as const

/** What there is to draw on. */
export interface Room {
  /** Columns of the widest line, less than the terminal has. */
  readonly columns: number
  /** Lines that a frame may have. */
  readonly rows: number
  readonly theme: Theme
  /** Whether Esc goes back to the question before. */
  readonly back: boolean
}

export interface Drawing {
  /** The last of them is where the cursor stands, behind what is typed. */
  readonly lines: readonly string[]
  readonly below: readonly string[]
}

/** As much of a drawing as a window shows: of the question its end, where the cursor is. */
export function inWindow({ lines, below }: Drawing, { rows }: Room): Drawing {
  const shown = lines.slice(-rows)
  return { lines: shown, below: below.slice(0, rows - shown.length) }
}

/** A question as a value: what a key makes of its state, and how a state looks. */
export interface Prompt<S, T> {
  readonly message: string
  readonly start: S
  /** What is typed: the line of the library, with a cursor in it, or a text or filter that the prompt keeps. */
  readonly takes: 'line' | 'text' | 'filter'
  press(state: S, key: Key): Step<S, T>
  draw(state: S, room: Room): Drawing
  /** Told how it stood when Esc leaves it. */
  left?(state: S): void
  /** The answer in the line that stays. */
  answered(answer: T): string
}

/** The text after a key, for a line that grows and shrinks at its end alone; the same text where the key means nothing to it. */
export function typed(text: string, key: Key): string {
  if (key.kind !== 'key') return text + key.text
  if (key.name === 'backspace') return text.replace(/\P{M}\p{M}*$/u, '')
  if (key.name === 'delete-word') return text.replace(/\S*\s*$/, '')
  return key.name === 'delete-line' ? '' : text
}

/** `?` and the message, to go on after. */
export function asked(message: string, theme: Theme): readonly Span[] {
  return [
    { text: '?', paint: theme.command },
    { text: tidy(message, theme), paint: theme.heading },
  ]
}

/** The line that stays when a question is answered. */
export function answeredLines(message: string, answer: string, { columns, theme }: Room): readonly string[] {
  const mark = { text: theme.unicode ? '✔' : 'ok', paint: theme.good }
  const spans = [mark, ...asked(message, theme).slice(1), { text: tidy(answer, theme), paint: theme.command }]
  return fold(spans, columns, 2)
}

/** Why an answer was not taken. */
export function problemLines(problem: string | undefined, { columns, theme }: Room): readonly string[] {
  if (problem === undefined) return []
  const spans = [
    { text: '!', paint: theme.warn },
    { text: tidy(problem, theme), paint: theme.warn },
  ]
  return fold(spans, columns, 2)
}

/** The keys that a question knows; Esc comes last, where it does something. */
export function helpLines(keys: readonly string[], { columns, theme, back }: Room): readonly string[] {
  const all = [...keys, ...(back ? ['esc back'] : [])]
  if (all.length === 0) return []
  // A key and what it does are one word, with the dot behind them: their blanks do not break until the lines are made.
  const dot = GLUE + theme.dot.trim()
  const joined = all.map((text) => text.replaceAll(' ', GLUE)).join(`${dot} `)
  return foldText(joined, columns).map((line) => {
    const bare = line.endsWith(dot) ? line.slice(0, -dot.length) : line
    return theme.quiet(bare.replaceAll(GLUE, ' '))
  })
}

const GLUE = '\u00a0'

/** `↑↓`, where the terminal has arrows. */
export function arrowKeys({ unicode }: Theme): string {
  return unicode ? '↑↓' : 'up/down'
}
