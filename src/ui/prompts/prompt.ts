/** What every question on a terminal is made of, and the lines that all of them share. */

import type { Theme } from '../../ports.ts'
import type { Drawing } from './frame.ts'
import type { Key } from './keyboard.ts'
import { fold, foldText, type Span, tidy } from './layout.ts'

/** What a question does with a key: it goes on, has an answer, or has no use for an Esc. */
export type Step<S, T> = { readonly state: S } | { readonly answer: T } | { readonly leave: true }

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

/** A question as a value: what a key makes of its state, and how a state looks. */
export interface Prompt<S, T> {
  readonly message: string
  readonly start: S
  press(state: S, key: Key): Step<S, T>
  draw(state: S, room: Room): Drawing
  /** The answer in the line that stays. */
  answered(answer: T): string
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
  return fold(
    [
      { text: '!', paint: theme.warn },
      { text: tidy(problem, theme), paint: theme.warn },
    ],
    columns,
    2,
  )
}

/** The keys that a question knows; Esc comes last, where it does something. */
export function helpLines(keys: readonly string[], { columns, theme, back }: Room): readonly string[] {
  const all = [...keys, ...(back ? ['esc back'] : [])]
  if (all.length === 0) return []
  // A key and what it does are one word: a blank that does not break, until the lines are made.
  const joined = all.map((text) => text.replaceAll(' ', GLUE)).join(theme.dot)
  const dot = theme.dot.trimEnd()
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
