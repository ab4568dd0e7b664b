/** Questions that are answered by typing: a text, a secret, yes or no. */

import type { Theme } from '../../ports.ts'
import { columns } from '../columns.ts'
import type { Drawing } from './frame.ts'
import type { Key } from './keyboard.ts'
import { fold, graphemesOf, type Span, tidy } from './layout.ts'
import { EMPTY_LINE, edited, type Line, lineOf, oneLine } from './line-editor.ts'
import { asked, helpLines, type Prompt, problemLines, type Room, type Step } from './prompt.ts'

type Validate = ((text: string) => string | true) | undefined

interface Typed {
  readonly line: Line
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

const isEnter = (key: Key) => key.kind === 'key' && key.name === 'enter'
const LEAVE = { leave: true } as const

/** Whether the key can only mean that the person has no answer here. */
function isLeaving(key: Key, { text }: Line): boolean {
  return key.kind === 'key' && (key.name === 'escape' || (key.name === 'end-of-input' && text === ''))
}

/**
 * What a paste does: its lines become one. Between the marks of a terminal it is never an answer by itself, because the
 * person has not pressed Enter. A terminal without such marks sends the same as somebody who types fast, or as a
 * script; there a line end that closes a single line counts as Enter, one within it does not.
 */
function submits(key: Key): boolean {
  return isEnter(key) || (key.kind === 'paste' && key.ended && !key.text.includes('\n'))
}

function afterTyping(state: Typed, key: Key, preset: string, validate: Validate): Step<Typed, string> {
  if (isLeaving(key, state.line)) return LEAVE
  const line = isEnter(key) ? state.line : edited(state.line, key)
  if (!submits(key)) return line === state.line ? { state } : { state: { line } }
  const text = line.text === '' ? preset : line.text
  const verdict = validate?.(text) ?? true
  return verdict === true ? { answer: text } : { state: { line, problem: verdict } }
}

export function inputPrompt({ message, default: preset, validate }: TextQuestion): Prompt<Typed, string> {
  return {
    message,
    start: { line: EMPTY_LINE },
    press: (state, key) => {
      // Tab takes the proposal to change it.
      if (key.kind === 'key' && key.name === 'tab') {
        return { state: state.line.text === '' && preset !== undefined ? { line: lineOf(preset) } : state }
      }
      return afterTyping(state, key, preset ?? '', validate)
    },
    draw({ line, problem }, room) {
      const { theme } = room
      const proposal = preset === undefined || preset === '' ? [] : [quietly(`(${preset})`, theme)]
      const keys = proposal.length > 0 && line.text === '' ? ['enter accept', 'tab edit'] : []
      return typing([...asked(message, theme), ...proposal], line, room, problem, keys)
    },
    answered: (text) => text,
  }
}

/** A secret shows its length alone, and once it is one, what `shown` says of it. */
export function secretPrompt({ message, validate, shown }: SecretQuestion): Prompt<Typed, string> {
  const revealing = (text: string) => {
    const described = shown?.(text)
    return described === undefined || described.includes(text.trim()) ? 'hidden' : described
  }
  return {
    message,
    start: { line: EMPTY_LINE },
    press(state, key) {
      // Nobody sees where in it the cursor would stand.
      if (key.kind === 'key' && ['left', 'right', 'home', 'end'].includes(key.name)) return { state }
      // What was refused is not seen, so nobody would take it away before another is pasted.
      const again = state.problem !== undefined && key.kind === 'paste'
      return afterTyping(again ? { line: EMPTY_LINE } : state, key, '', validate)
    },
    draw({ line: { text }, problem }, room) {
      const { theme } = room
      const count = graphemesOf(text).length
      const fits = shown !== undefined && text !== '' && (validate?.(text) ?? true) === true
      const length = count === 0 ? [] : [quietly(count === 1 ? '1 character' : `${count} characters`, theme)]
      const described = fits ? [quietly(`${theme.dot.trim()} ${tidy(revealing(text), theme)}`, theme)] : []
      const keys = count === 0 ? [] : ['enter accept', 'ctrl-u clear']
      return typing([...asked(message, theme), ...length, ...described], EMPTY_LINE, room, problem, keys)
    },
    answered: (text) => revealing(text),
  }
}

interface Deciding {
  readonly answer: boolean | undefined
  readonly problem?: string
}

export function confirmPrompt(question: {
  readonly message: string
  readonly default: boolean
}): Prompt<Deciding, boolean> {
  const { message, default: preset } = question
  return {
    message,
    start: { answer: undefined },
    press(state, key) {
      if (isEnter(key)) return { answer: state.answer ?? preset }
      if (isLeaving(key, EMPTY_LINE)) return LEAVE
      if (key.kind === 'key') {
        if (['left', 'right', 'tab'].includes(key.name)) return { state: { answer: !(state.answer ?? preset) } }
        return { state: key.name === 'backspace' || key.name === 'delete-line' ? { answer: undefined } : state }
      }
      // A paste that is no answer is none of this question's, its line end included.
      const said = yesOrNo(oneLine(key.text))
      if (said === undefined) return { state: { ...state, problem: 'y or n' } }
      return key.kind === 'paste' && key.ended ? { answer: said } : { state: { answer: said } }
    },
    draw({ answer, problem }, room) {
      const spans = [...asked(message, room.theme), quietly(preset ? '(Y/n)' : '(y/N)', room.theme)]
      const typed = answer === undefined ? EMPTY_LINE : lineOf(answer ? 'yes' : 'no')
      return typing(spans, typed, room, problem, answer === undefined ? [] : ['enter accept'])
    },
    answered: (answer) => (answer ? 'Yes' : 'No'),
  }
}

/** Undefined: neither. */
export function yesOrNo(text: string): boolean | undefined {
  if (/^(y|yes)$/i.test(text)) return true
  return /^(n|no)$/i.test(text) ? false : undefined
}

function quietly(text: string, theme: Theme): Span {
  return { text: tidy(text, theme), paint: theme.quiet }
}

/** The question with what is typed behind it, the cursor in that, and below it what there is to say. */
function typing(
  spans: readonly Span[],
  { text, at }: Line,
  room: Room,
  problem: string | undefined,
  keys: readonly string[],
): Drawing {
  const below = [...problemLines(problem, room), ...helpLines(keys, room)]
  const { lines, cursor } = typedLines(spans, text, at, room)
  // Of a text that fills the terminal, the end is what matters.
  const most = Math.max(1, room.rows - below.length)
  const cut = Math.min(Math.max(0, lines.length - most), cursor.row)
  return {
    lines: [...lines.slice(cut, cut + most), ...below],
    cursor: { row: cursor.row - cut, column: cursor.column },
  }
}

/** A question and the text typed behind it, broken where the line is full, with the cursor before the unit `at` of the text. */
export function typedLines(spans: readonly Span[], text: string, at: number, { columns: width, theme }: Room): Drawing {
  const lines = [...fold(spans, width, 2)]
  let used = columns(lines.at(-1) ?? '') + 1
  let line = `${lines.pop() ?? ''} `
  let piece = ''
  let cursor = { row: lines.length, column: used }
  let read = 0
  const next = () => {
    lines.push(line + theme.command(piece))
    line = '  '
    used = 2
    piece = ''
  }
  if (used >= width) next()
  for (const grapheme of graphemesOf(text)) {
    const wide = columns(grapheme)
    // The cursor behind the last one needs a column too.
    if (used + wide >= width) next()
    if (read === at) cursor = { row: lines.length, column: used }
    piece += grapheme
    used += wide
    read += grapheme.length
  }
  if (read === at) cursor = { row: lines.length, column: used }
  return { lines: [...lines, line + (piece === '' ? '' : theme.command(piece))], cursor }
}
