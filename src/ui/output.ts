/** The two streams: what goes out is cleaned of secrets and of control characters, whoever wrote it. */

import type { Writable } from 'node:stream'
import { clean, cleanButStyles, INVISIBLE, inAscii, jsonInAscii, type Styles } from './clean.ts'

/** A stream as a process has it; a pipe has neither `isTTY` nor `columns`. */
export interface OutputStream extends Writable {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly rows?: number | undefined
}

export interface Output {
  /** The result, once: text or one JSON document, whole or in pieces, with a line feed at its end. Resolves when it has been handed over. */
  result(text: string | Iterable<string>, form?: 'text' | 'json'): Promise<void>
  /** A text for a file, at once or in pieces: without secrets and control characters. A piece is cleaned whole. */
  prepared(text: string | Iterable<string>): Iterable<string>
  /** One line or block on stderr. */
  print(text: string): void
}

export interface OutputSettings {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly scrub: (text: string) => string
  /** What may pass; colours although the stream is a pipe, where somebody asked for them by FORCE_COLOR. */
  readonly stdoutStyles: Styles
  readonly stderrStyles: Styles
  /** False: the stream carries ASCII alone. */
  readonly stdoutUnicode: boolean
  readonly stderrUnicode: boolean
}

/** Columns of a stream that does not say, or says 0, as a terminal without a size does. */
const WIDTH = 80

/** A wider line is hard to follow on any screen. */
const WIDEST = 120

/** What the wish has for stdout is read at the first result: until then nobody opens that stream. */
export function createOutput(options: OutputSettings): Output {
  const prepare = (text: string, styles: Styles) => {
    const scrubbed = options.scrub(text)
    return cleanButStyles(scrubbed, styles)
  }
  const asIs = (text: string) => text
  return {
    async result(text, form = 'text') {
      const spell = options.stdoutUnicode ? asIs : form === 'json' ? jsonInAscii : inAscii
      for (const block of inBlocks(typeof text === 'string' ? [text, '\n'] : andLineFeed(text))) {
        await write(options.stdout, spell(prepare(block, options.stdoutStyles)))
      }
    },
    *prepared(text) {
      for (const piece of typeof text === 'string' ? [text] : text) yield clean(options.scrub(piece))
    },
    print(text) {
      const spell = options.stderrUnicode ? asIs : inAscii
      options.stderr.write(`${spell(prepare(text, options.stderrStyles))}\n`)
    },
  }
}

export function columnsOf({ columns = 0 }: OutputStream): number {
  return columns > 0 ? columns : WIDTH
}

/** The columns that a text is laid out for. */
export function widthOf(stream: OutputStream): number {
  return Math.min(columnsOf(stream), WIDEST)
}

/**
 * One JSON document in pieces. A member that can be iterated is written as a list, item by item, so that a long one is
 * never held as a whole. What JSON leaves unescaped of the control characters is escaped too.
 */
export function* jsonPieces(value: object): Iterable<string> {
  yield '{'
  let separator = '\n'
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    yield `${separator}  ${jsonText(name)}: `
    if (isIterable(member)) yield* listPieces(member)
    else yield indented(jsonText(member), 2)
    separator = ',\n'
  }
  yield '\n}'
}

function* listPieces(items: Iterable<unknown>): Iterable<string> {
  let separator = '[\n'
  for (const item of items) {
    yield `${separator}    ${indented(jsonText(item ?? null), 4)}`
    separator = ',\n'
  }
  yield separator === ',\n' ? '\n  ]' : '[]'
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}

function jsonText(value: unknown): string {
  const escaped = (characters: string) =>
    [...Array(characters.length).keys()]
      .map((at) => `\\u${characters.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join('')
  return JSON.stringify(value, undefined, 2)
    .replaceAll(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escaped)
    .replaceAll(INVISIBLE, escaped)
}

function indented(text: string, by: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(by)}`)
}

/** Characters; a write for every small piece would cost more than the piece. */
const BLOCK = 65_536

/** Pieces put together into blocks that are worth a write. A piece is never torn: a secret in it would no longer be recognised. */
export function* inBlocks(pieces: Iterable<string>): Iterable<string> {
  let block = ''
  for (const piece of pieces) {
    block += piece
    if (block.length < BLOCK) continue
    yield block
    block = ''
  }
  if (block !== '') yield block
}

function* andLineFeed(pieces: Iterable<string>): Iterable<string> {
  yield* pieces
  yield '\n'
}

/** A reader that has gone away (`| head`) is no failure: the write then counts as done. */
function write(stream: OutputStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve())
  })
}
