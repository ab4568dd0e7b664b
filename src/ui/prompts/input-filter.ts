/** Stands between standard input and a prompt: what was typed too early ends here, an Esc is told apart, and a paste comes as one. */

import { Stream } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { InputStream } from '../prompter-options.ts'
import { untilQuiet } from './quiet.ts'

/**
 * What a prompt does with a paste: it is typed into the `line` that the library edits, given to a `text` that the prompt
 * keeps, or to a `filter`, for which no line end in it counts; or it is dropped unless it is an answer of this form.
 */
export type Pastes = 'line' | 'text' | 'filter' | RegExp

/** A paste, as the key that a prompt which is told of it sees. */
export interface PasteEvent {
  readonly name: 'paste'
  readonly text: string
}

export interface FilteredInput {
  /** What the prompt reads: bytes as they come, but for pastes, Esc and what comes too early. */
  readonly input: NodeJS.ReadableStream
  /** Drops what is there and what comes, until there is a pause; then lets everything pass. */
  settle(): Promise<void>
  /** Whether Ctrl-C was among what the prompt got; it may come in one piece with the key that answered. */
  interrupted(): boolean
  close(): void
}

interface Listeners {
  readonly pastes: Pastes
  /** The input has ended: a closed terminal, or Ctrl-D. */
  onEnd(): void
  /** Ctrl-C while what comes is dropped. */
  onInterrupt(): void
}

/** Milliseconds after which an ESC is a key by itself; over a slow line the rest of an arrow key comes within them. */
const ESCAPE_MS = 50

const ESC = '\u001b'
const CTRL_C = '\u0003'
const PASTE_START = `${ESC}[200~`
const PASTE_END = `${ESC}[201~`

/** A control sequence, or text with the line ends in and after it. What is neither is a key by itself. */
const PART =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys are control characters.
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|O.|[^[O])|[^\u0000-\u001f\u007f][^\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f]*/gu

export function filterInput(stdin: InputStream, { pastes, onEnd, onInterrupt }: Listeners): FilteredInput {
  // A stream of the old kind hands on at once what it is given, so keys and pastes keep their order.
  const input = new Stream() as unknown as NodeJS.ReadableStream
  const decoder = new StringDecoder()
  let open = false
  let closed = false
  /** What may be the beginning of a sequence. */
  let held = ''
  let waiting: NodeJS.Timeout | undefined
  let pasted: string | undefined
  let interrupted = false
  let heard = () => {}

  const press = (key: { readonly name: string; readonly text?: string }) =>
    input.emit('keypress', undefined, { ctrl: false, meta: false, shift: false, sequence: '', ...key })
  const pass = (text: string) => {
    if (open && !closed && text !== '') input.emit('data', Buffer.from(text))
  }

  /**
   * The lines of a paste become one. Between the marks of a terminal it is never an answer by itself, because nobody has
   * pressed Enter. A terminal without such marks sends the same as somebody who types fast, or as a script; there the
   * line end behind a single line of text counts as Enter, and no other.
   */
  function paste(text: string, marked: boolean): void {
    if (!open || closed) return
    const bare = text.trim()
    const ended = !marked && /[\r\n]$/.test(text) && !/[\r\n]/.test(bare)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a line has no control characters.
    const line = bare.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ')
    if (pastes === 'text' || pastes === 'filter') press({ name: 'paste', text: line })
    else if (pastes === 'line' || pastes.test(line)) pass(line)
    else return
    if (ended && pastes !== 'filter') pass('\r')
  }

  function hear(piece: Buffer | string): void {
    clearTimeout(waiting)
    heard()
    // Ctrl-Z stays out: behind `fg`, the library would draw over what the shell has written meanwhile.
    let text = held + (typeof piece === 'string' ? piece : decoder.write(piece)).replaceAll('\u001a', '')
    held = ''
    while (text !== '') text = pasted === undefined ? readKeys(text) : readPaste(text, pasted)
    if (held === '') return
    waiting = setTimeout(() => {
      const alone = held === ESC
      held = ''
      if (alone && open && !closed) press({ name: 'escape' })
    }, ESCAPE_MS)
  }

  /** Takes what belongs to the paste, returns what comes behind it. */
  function readPaste(text: string, before: string): string {
    const all = before + text
    const end = all.indexOf(PASTE_END)
    pasted = end < 0 ? all : undefined
    if (end < 0) return ''
    paste(all.slice(0, end), true)
    return all.slice(end + PASTE_END.length)
  }

  /** Takes what comes before a paste, returns the paste and what comes behind it. */
  function readKeys(text: string): string {
    const start = text.indexOf(PASTE_START)
    const keys = start < 0 ? text : text.slice(0, start)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
    const torn = start < 0 ? (/\u001b(?:\[[0-?]*[ -/]*|O)?$/.exec(keys)?.[0] ?? '') : ''
    held = torn
    const whole = keys.slice(0, keys.length - torn.length)
    interrupted ||= whole.includes(CTRL_C)
    // Nothing but Ctrl-C is for a question that does not stand there yet.
    if (!open && interrupted) onInterrupt()
    let at = 0
    for (const part of whole.matchAll(PART)) {
      pass(whole.slice(at, part.index))
      at = part.index + part[0].length
      // Several characters in one piece were not typed. Blanks alone were: a key that is held down.
      if (!part[0].startsWith(ESC) && [...part[0].trim()].length > 1) paste(part[0], false)
      else pass(part[0])
    }
    pass(whole.slice(at))
    if (start < 0) return ''
    pasted = ''
    return text.slice(start + PASTE_START.length)
  }

  let ending: NodeJS.Immediate | undefined
  const raw = (on: boolean) => {
    if ('setRawMode' in stdin && typeof stdin.setRawMode === 'function') stdin.setRawMode(on)
  }
  Object.assign(input, {
    setRawMode: raw,
    // On Ctrl-D readline closes and pauses its input, and the prompt would wait without end: a pause that no answer
    // follows at once, and that is not taken back, is such an end.
    pause() {
      ending = setImmediate(() => {
        if (!closed) onEnd()
      })
      return input
    },
    resume() {
      clearImmediate(ending)
      return input
    },
  })
  stdin.on('data', hear)
  stdin.once('end', onEnd)
  stdin.once('close', onEnd)
  raw(true)
  stdin.resume()

  return {
    input,
    async settle() {
      await untilQuiet((listener) => {
        heard = listener
      })
      heard = () => {}
      open = true
      held = ''
      // The rest of a paste that has begun is dropped with its beginning.
      pasted = undefined
    },
    interrupted: () => interrupted,
    close() {
      closed = true
      clearTimeout(waiting)
      stdin.removeListener('data', hear)
      stdin.removeListener('end', onEnd)
      stdin.removeListener('close', onEnd)
      raw(false)
      stdin.pause()
    },
  }
}
