/** What a person does at a terminal, out of the bytes that come: keys, characters and pastes. */

import { EventEmitter } from 'node:events'
import { emitKeypressEvents, type Interface, type Key as NodeKey } from 'node:readline'

export type KeyName =
  | 'enter'
  | 'escape'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'pageup'
  | 'pagedown'
  | 'backspace'
  | 'delete'
  | 'tab'
  | 'interrupt'
  | 'end-of-input'
  | 'suspend'
  | 'delete-line'
  | 'delete-after'
  | 'delete-word'

/**
 * One thing that a person did. A paste is a text that came at once: between the marks of a terminal that marks pastes
 * (`marked`), or as several characters in one piece. The line end that such a piece closes with is `ended`.
 */
export type Key =
  | { readonly kind: 'key'; readonly name: KeyName }
  | { readonly kind: 'character'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string; readonly marked: boolean; readonly ended: boolean }

export interface Keyboard {
  /** Takes one piece of input; what it holds is handed on before this returns, but for an Esc that may begin a sequence. */
  feed(piece: Buffer | string): void
  /** A paste that has begun is none of this question's. */
  drop(): void
}

/** Milliseconds after which an ESC is a key by itself; over a slow line the rest of an arrow key comes within them. */
const ESCAPE_MS = 50

const NAMES: Readonly<Record<string, KeyName>> = {
  return: 'enter',
  enter: 'enter',
  escape: 'escape',
  up: 'up',
  down: 'down',
  left: 'left',
  right: 'right',
  home: 'home',
  end: 'end',
  pageup: 'pageup',
  pagedown: 'pagedown',
  backspace: 'backspace',
  delete: 'delete',
  tab: 'tab',
}

/** As in a shell. */
const WITH_CTRL: Readonly<Record<string, KeyName>> = {
  c: 'interrupt',
  d: 'end-of-input',
  z: 'suspend',
  p: 'up',
  n: 'down',
  b: 'left',
  f: 'right',
  a: 'home',
  e: 'end',
  h: 'backspace',
  u: 'delete-line',
  k: 'delete-after',
  w: 'delete-word',
}

/** Calls `onKeys` with what each piece of input held, in order. */
export function openKeyboard(onKeys: (keys: readonly Key[]) => void): Keyboard {
  // Node decodes what comes on any emitter; one of our own shows where a piece ends, and ends with the question.
  const decoder = new EventEmitter()
  // It reads the time-out alone of what else would be a readline interface.
  const settings = { escapeCodeTimeout: ESCAPE_MS } as unknown as Interface
  emitKeypressEvents(decoder as unknown as NodeJS.ReadableStream, settings)
  let keys: Key[] = []
  let feeding = false
  let pasted: string | undefined
  let dropped = false

  decoder.on('keypress', (text: string | undefined, key: NodeKey) => {
    if (key.name === 'paste-start') {
      pasted = ''
      dropped = false
    } else if (key.name === 'paste-end') {
      if (pasted !== undefined && !dropped) keys.push({ kind: 'paste', text: pasted, marked: true, ended: false })
      pasted = undefined
    } else if (pasted !== undefined) {
      pasted += text ?? ''
    } else {
      const read = readKey(text, key)
      if (read !== undefined) keys.push(read)
    }
    // An Esc by itself comes when nothing has followed it.
    if (!feeding) handOn()
  })

  function handOn(): void {
    const read = bursts(keys)
    keys = []
    if (read.length > 0) onKeys(read)
  }

  return {
    feed(piece) {
      feeding = true
      decoder.emit('data', typeof piece === 'string' ? Buffer.from(piece) : piece)
      feeding = false
      handOn()
    },
    drop() {
      dropped = pasted !== undefined
    },
  }
}

function readKey(text: string | undefined, { name = '', ctrl, meta }: NodeKey): Key | undefined {
  const known = ctrl ? WITH_CTRL[name] : NAMES[name]
  if (known !== undefined && (!meta || known === 'escape')) return { kind: 'key', name: known }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a character is what is none of these.
  return ctrl || meta || text === undefined || /^[\u0000-\u001f\u007f]/.test(text)
    ? undefined
    : { kind: 'character', text }
}

/** Several characters in one piece were not typed. Blanks alone were: a key that is held down. */
function bursts(keys: readonly Key[]): readonly Key[] {
  const found: Key[] = []
  for (let at = 0; at < keys.length; at += 1) {
    let text = ''
    let after = at
    for (let key = keys[after]; key !== undefined; after += 1, key = keys[after]) {
      if (key.kind === 'character') text += key.text
      else if (text !== '' && key.kind === 'key' && key.name === 'enter') text += '\n'
      else break
    }
    const characters = [...text.trim()].length
    const key = keys[at]
    if (characters > 1) {
      const ended = text.endsWith('\n')
      found.push({ kind: 'paste', text: text.replace(/\n+$/, ''), marked: false, ended })
      at = after - 1
    } else if (key !== undefined) found.push(key)
  }
  return found
}
