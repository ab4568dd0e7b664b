/** Puts a question to a person at a terminal: reads keys, draws, and leaves the answered line behind. */

import { Cancelled, WentBack } from '../../errors.ts'
import { columnsOf, widthOf } from '../output.ts'
import type { PrompterOptions } from '../prompter-options.ts'
import { openFrame } from './frame.ts'
import { type Key, openKeyboard } from './keyboard.ts'
import { foldText, tidy } from './layout.ts'
import { answeredLines, type Prompt, type Room } from './prompt.ts'

/** Milliseconds without a key after which what comes is an answer to this question, and the longest wait for such a pause. */
const QUIET_MS = 40
const LONGEST_QUIET_MS = 400

/** Rows of a terminal that does not say. */
const ROWS = 24

/** DECSET 2004: the terminal says where a paste begins and ends. */
const MARK_PASTES = '\u001b[?2004h'
const MARK_NO_PASTES = '\u001b[?2004l'

/**
 * Resolves with the answer when all that was drawn has been handed to the terminal, so that whoever writes next writes
 * below it. Rejects with `Cancelled` on Ctrl-C, Ctrl-D, the end of the input and the signal, with `WentBack` on Esc where
 * `back` is given. What was typed before the question stood there is dropped.
 */
export async function ask<S, T>(options: PrompterOptions, back: boolean, prompt: Prompt<S, T>): Promise<T> {
  const { stdin, stderr, signal, theme } = options
  if (signal.aborted) throw new Cancelled()
  options.rest()
  const frame = openFrame()
  const room = (): Room => ({
    // The last column stays free: a terminal that has written it stands between two lines.
    columns: widthOf(stderr) - 1,
    rows: (stderr.rows !== undefined && stderr.rows > 0 ? stderr.rows : ROWS) - 1,
    theme,
    back,
  })
  const write = (text: string) => new Promise<void>((done) => stderr.write(text, () => done()))

  return new Promise<T>((resolve, reject) => {
    let state = prompt.start
    let open = false
    let settled = false
    let timer: NodeJS.Timeout | undefined
    const began = performance.now()

    const keyboard = openKeyboard((keys) => {
      for (const key of keys) {
        if (settled) return
        press(key)
      }
      if (open && !settled) draw()
    })

    function press(key: Key): void {
      const name = key.kind === 'key' ? key.name : undefined
      if (name === 'interrupt') cancel()
      else if (open && name === 'suspend') suspend()
      else if (open) take(key)
    }

    function take(key: Key): void {
      const step = prompt.press(state, key)
      if ('state' in step) {
        state = step.state
      } else if ('answer' in step) {
        leave(answeredLines(prompt.message, prompt.answered(step.answer), room()), () => resolve(step.answer))
      } else if (key.kind === 'key' && key.name === 'end-of-input') {
        cancel()
      } else if (back) {
        leave([], () => reject(new WentBack()))
      }
    }

    function draw(): void {
      void write(frame.draw(prompt.draw(state, room()), columnsOf(stderr)))
    }

    function begin(): void {
      open = true
      keyboard.drop()
      void write(MARK_PASTES)
      draw()
    }

    function hear(piece: Buffer | string): void {
      if (!open) {
        const longest = LONGEST_QUIET_MS - (performance.now() - began)
        clearTimeout(timer)
        timer = setTimeout(begin, Math.max(0, Math.min(QUIET_MS, longest)))
      }
      keyboard.feed(piece)
    }

    function cancel(): void {
      const { columns } = room()
      const question = `? ${tidy(prompt.message, theme)}`
      leave(open ? foldText(question, columns, 2) : [], () => reject(new Cancelled()))
    }

    function leave(lines: readonly string[], settle: () => void): void {
      if (settled) return
      settled = true
      clearTimeout(timer)
      stdin.removeListener('data', hear)
      stdin.removeListener('end', cancel)
      stdin.removeListener('close', cancel)
      stderr.removeListener('resize', redraw)
      signal.removeEventListener('abort', cancel)
      raw(options, false)
      stdin.pause()
      if (open) void write(frame.leave(lines, columnsOf(stderr)) + MARK_NO_PASTES).then(settle)
      else settle()
    }

    function redraw(): void {
      if (open) draw()
    }

    /** Ctrl-Z gives the terminal back to the shell until `fg`. */
    function suspend(): void {
      if (process.platform === 'win32') return
      raw(options, false)
      void write(frame.leave([], columnsOf(stderr)) + MARK_NO_PASTES).then(() => {
        process.once('SIGCONT', () => {
          if (settled) return
          raw(options, true)
          void write(MARK_PASTES)
          draw()
        })
        process.kill(process.pid, 'SIGTSTP')
      })
    }

    signal.addEventListener('abort', cancel, { once: true })
    stdin.once('end', cancel)
    stdin.once('close', cancel)
    stderr.on('resize', redraw)
    raw(options, true)
    stdin.on('data', hear)
    stdin.resume()
    timer = setTimeout(begin, QUIET_MS)
  })
}

function raw({ stdin }: PrompterOptions, on: boolean): void {
  if ('setRawMode' in stdin && typeof stdin.setRawMode === 'function') stdin.setRawMode(on)
}
