/** Puts a question to a person over @inquirer/core, and leaves the answered line behind. */

import { createPrompt, type KeypressEvent, useEffect, useKeypress, useState } from '@inquirer/core'
import { Cancelled, WentBack } from '../../errors.ts'
import { widthOf } from '../output.ts'
import type { PrompterOptions } from '../prompter-options.ts'
import { drawingOn } from './drawing-stream.ts'
import { filterInput, type PasteEvent, type Pastes } from './input-filter.ts'
import { foldText, tidy } from './layout.ts'
import { answeredLines, inWindow, type Key, type Prompt, type Room } from './prompt.ts'

/** Rows of a terminal that does not say. */
const ROWS = 24

/** DECSET 2004: the terminal says where a paste begins and ends. */
const MARK_PASTES = '\u001b[?2004h'
const MARK_NO_PASTES = '\u001b[?2004l'

/** What one of the library's prompts is given to work with. */
export interface PromptContext {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  readonly signal: AbortSignal
  clearPromptOnDone: boolean
}

export interface Asking {
  readonly message: string
  readonly back: boolean
  readonly pastes: Pastes
}

/**
 * Runs a prompt of the library. Resolves with its answer when all that was drawn has been handed to the terminal, so that
 * whoever writes next writes below it. Rejects with `Cancelled` on Ctrl-C, Ctrl-D, the end of the input and the signal,
 * with `WentBack` when `leave` is called. What was typed before the question stood there is dropped.
 */
export async function run<T>(
  options: PrompterOptions,
  { message, back, pastes }: Asking,
  prompt: (context: PromptContext, leave: () => void, resized: (listener: () => void) => () => void) => Promise<T>,
): Promise<T> {
  const { stdin, stderr, signal, theme } = options
  if (signal.aborted) throw new Cancelled()
  options.rest()
  const controller = new AbortController()
  const end = () => controller.abort()
  const filtered = filterInput(stdin, { pastes, onEnd: end, onInterrupt: end })
  const drawing = drawingOn(stderr, theme)
  const context: PromptContext = {
    input: filtered.input,
    output: drawing.output,
    signal: AbortSignal.any([signal, controller.signal]),
    clearPromptOnDone: false,
  }
  let wentBack = false
  const leave = () => {
    if (!back) return
    wentBack = true
    end()
  }
  context.signal.addEventListener('abort', () => {
    context.clearPromptOnDone = true
  })
  const resized = (listener: () => void) => {
    const redraw = () => {
      drawing.mend()
      listener()
    }
    stderr.on('resize', redraw)
    return () => stderr.removeListener('resize', redraw)
  }
  try {
    await filtered.settle()
    if (context.signal.aborted) throw new Cancelled()
    stderr.write(MARK_PASTES)
    try {
      const answer = await prompt(context, leave, resized)
      if (filtered.interrupted()) throw new Cancelled()
      return answer
    } finally {
      await drawing.drained()
      stderr.write(MARK_NO_PASTES)
    }
  } catch (error) {
    if (!(error instanceof Error) || !CANCELLING.has(error.name)) throw error
    if (wentBack) throw new WentBack()
    const lines = foldText(`? ${tidy(message, theme)}`, widthOf(stderr) - 2, 2)
    if (context.clearPromptOnDone) stderr.write(lines.map((line) => `${line}\n`).join(''))
    throw new Cancelled()
  } finally {
    filtered.close()
  }
}

/** The names of what the library rejects with. */
const CANCELLING: ReadonlySet<string> = new Set(['ExitPromptError', 'AbortPromptError', 'CancelPromptError'])

/** Asks a question of our own: the library reads keys and draws, the question says what they mean and how it looks. */
export function ask<S, T>(options: PrompterOptions, back: boolean, prompt: Prompt<S, T>): Promise<T> {
  const { stderr, theme } = options
  const room = (): Room => ({
    columns: widthOf(stderr) - 2,
    rows: (stderr.rows !== undefined && stderr.rows > 0 ? stderr.rows : ROWS) - 1,
    theme,
    back,
  })
  const asking = { message: prompt.message, back, pastes: prompt.takes }
  return run(options, asking, (context, leave, resized) => {
    const show = createPrompt<T, object>((_, done) => {
      const [{ state }, setState] = useState<{ readonly state: S }>({ state: prompt.start })
      const [answer, setAnswer] = useState<{ readonly given: T } | undefined>(undefined)
      const [, setTurns] = useState(0)
      useEffect(() => resized(() => setTurns((turns) => turns + 1)), [])
      useKeypress((event: KeypressEvent | PasteEvent, rl) => {
        const key = keyOf(event, rl, prompt.takes === 'line')
        if (key === undefined) return
        const step = prompt.press(state, key)
        if ('answer' in step) {
          setAnswer({ given: step.answer })
          done(step.answer)
        } else if ('state' in step) {
          if (step.line !== undefined) {
            rl.clearLine(0)
            rl.write(step.line)
          }
          setState({ state: step.state })
        } else if (back) {
          prompt.left?.(state)
          leave()
        }
      })
      if (answer !== undefined) return answeredLines(prompt.message, prompt.answered(answer.given), room()).join('\n')
      const { lines, below } = inWindow(prompt.draw(state, room()), room())
      return [lines.join('\n'), below.join('\n')]
    })
    return show({}, context)
  })
}

/** As in a shell. */
const WITH_CTRL: Readonly<Record<string, string>> = {
  p: 'up',
  n: 'down',
  a: 'home',
  e: 'end',
  h: 'backspace',
  u: 'delete-line',
  w: 'delete-word',
}

interface Line {
  readonly line: string
  clearLine(direction: 0): void
}

/** What the library has read; what it has put into its line is taken out again unless the line is edited. */
function keyOf(event: KeypressEvent | PasteEvent, rl: Line, edited: boolean): Key | undefined {
  if ('text' in event) return { kind: 'paste', text: event.text }
  const text = rl.line
  if (!edited && text !== '') rl.clearLine(0)
  const name = event.ctrl ? WITH_CTRL[event.name] : event.name === 'return' ? 'enter' : event.name
  if (name !== undefined && NAMED.has(name) && !(edited && EDITING.has(name))) return { kind: 'key', name }
  if (edited) return { kind: 'line', text }
  return text === '' ? undefined : { kind: 'character', text }
}

const EDITING: ReadonlySet<string> = new Set(['home', 'end', 'backspace', 'delete-line', 'delete-word', 'up', 'down'])

const NAMED: ReadonlySet<string> = new Set([...EDITING, 'enter', 'escape', 'pageup', 'pagedown', 'tab'])

/** Asks a question of the library's own, which Esc leaves as well. */
export function askLibrary<T>(
  options: PrompterOptions,
  asking: Asking,
  prompt: (context: PromptContext) => Promise<T>,
): Promise<T> {
  return run(options, asking, (context, leave, resized) => {
    context.input.on('keypress', (_: unknown, { name }: { readonly name?: string }) => {
      if (name === 'escape') leave()
    })
    // It draws again when its text changes, so that is changed and changed back.
    const forget = resized(() => context.input.emit('data', Buffer.from(' \u007f')))
    return prompt(context).finally(forget)
  })
}
