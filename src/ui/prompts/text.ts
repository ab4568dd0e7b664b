/** Questions that are answered by typing: a text, and a secret. */

import type { Theme } from '../../ports.ts'
import { columns } from '../columns.ts'
import { fold, graphemesOf, type Span, tidy } from './layout.ts'
import {
  asked,
  type Drawing,
  helpLines,
  LEAVE,
  type Prompt,
  problemLines,
  type Room,
  type Step,
  typed,
} from './prompt.ts'

interface Typed {
  readonly text: string
  readonly problem?: string
}

interface TextQuestion {
  readonly message: string
  readonly default?: string
  validate?(text: string): string | true
}

interface SecretQuestion {
  readonly message: string
  validate?(text: string): string | true
  shown?(text: string): string
}

export function inputPrompt({ message, default: preset = '', validate }: TextQuestion): Prompt<Typed, string> {
  return {
    message,
    start: { text: '' },
    takes: 'line',
    press(state, key): Step<Typed, string> {
      if (key.kind !== 'key') return { state: key.text === state.text ? state : { text: key.text } }
      if (key.name === 'escape') return LEAVE
      if (key.name === 'enter') {
        const text = state.text === '' ? preset : state.text
        const verdict = validate?.(text) ?? true
        // The library has emptied its line.
        return verdict === true ? { answer: text } : { state: { text: state.text, problem: verdict }, line: state.text }
      }
      // Tab takes the proposal to change it, and is no character.
      const text = key.name === 'tab' && state.text === '' ? preset : state.text
      return key.name === 'tab' ? { state: { text }, line: text } : { state }
    },
    draw({ text, problem }, room) {
      const { theme } = room
      const proposal = preset === '' ? [] : [quietly(`(${preset})`, theme)]
      const keys = preset !== '' && text === '' ? ['enter accept', 'tab edit'] : []
      return withText([...asked(message, theme), ...proposal], text, room, [
        ...problemLines(problem, room),
        ...helpLines(keys, room),
      ])
    },
    answered: (text) => text,
  }
}

/** Characters that no one types at once: a paste of that many is a secret, and no part of one. */
const WHOLE = 8

/** A secret shows its length alone, and once it is one, what `shown` says of it. */
export function secretPrompt({ message, validate, shown }: SecretQuestion): Prompt<Typed, string> {
  const revealing = (text: string) => {
    const described = shown?.(text)
    return described === undefined || described.includes(text.trim()) ? 'hidden' : described
  }
  return {
    message,
    start: { text: '' },
    takes: 'text',
    press(state, key): Step<Typed, string> {
      if (key.kind === 'key' && key.name === 'escape') return LEAVE
      if (key.kind === 'key' && key.name === 'enter') {
        const verdict = validate?.(state.text) ?? true
        return verdict === true ? { answer: state.text } : { state: { text: state.text, problem: verdict } }
      }
      // What was refused is not seen, so nobody would take it away before another is pasted.
      const again = state.problem !== undefined && key.kind === 'paste' && key.text.length >= WHOLE
      const before = again ? '' : state.text
      const text = typed(before, key)
      return { state: text === state.text ? state : { text } }
    },
    draw({ text, problem }, room) {
      const { theme } = room
      const count = graphemesOf(text).length
      const fits = shown !== undefined && text !== '' && (validate?.(text) ?? true) === true
      const length = count === 1 ? '1 character' : `${count} characters`
      const arrived = fits ? `${length}: ${revealing(text)}` : length
      const behind = count === 0 ? [] : [quietly(arrived, theme)]
      const keys = count === 0 ? [] : ['enter accept', 'ctrl-u clear']
      return {
        lines: ended(fold([...asked(message, theme), ...behind], room.columns, 2)),
        below: [...problemLines(problem, room), ...helpLines(keys, room)],
      }
    },
    answered: (text) => revealing(text),
  }
}

function quietly(text: string, theme: Theme): Span {
  return { text: tidy(text, theme), paint: theme.quiet }
}

/** A blank between the text and the cursor. */
export function ended(lines: readonly string[]): readonly string[] {
  return [...lines.slice(0, -1), `${lines.at(-1) ?? ''} `]
}

/** A question with what is typed behind it, or on a line of its own where that does not fit; the library breaks a longer one. */
export function withText(
  spans: readonly Span[],
  text: string,
  { columns: width, theme }: Room,
  below: readonly string[],
): Drawing {
  const lines = ended(fold(spans, width, 2))
  const fits = columns(lines.at(-1) ?? '') + columns(text) < width
  if (fits) return { lines: [...lines.slice(0, -1), `${lines.at(-1) ?? ''}${theme.command(text)}`], below }
  return { lines: [...lines, `  ${theme.command(text)}`], below }
}

/** What is left of a text that is too wide for a line: its end, where it is typed. */
export function tailOf(text: string, width: number): string {
  const graphemes = graphemesOf(text)
  let from = 0
  while (from < graphemes.length && columns(graphemes.slice(from).join('')) > width) from += 1
  return graphemes.slice(from).join('')
}
