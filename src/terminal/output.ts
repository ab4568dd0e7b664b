/** The two streams: what goes out is cleaned of secrets and of control characters, whoever wrote it. */

import type { Writable } from 'node:stream'
import { clean, cleanButColours } from './clean.ts'

/** A stream as a process has it; a pipe has neither `isTTY` nor `columns`. */
export interface OutputStream extends Writable {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

export interface Output {
  /** The result, once: text or one JSON document, with a line feed at its end. Resolves when it has been handed over. */
  result(text: string): Promise<void>
  /** One line or block on stderr. */
  say(text: string): void
}

export interface OutputWish {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly scrub: (text: string) => string
  /** Colours may pass although the stream is a pipe: somebody asked for them by FORCE_COLOR. */
  readonly stdoutColoured: boolean
  readonly stderrColoured: boolean
}

/** Columns of a stream that does not say. */
const WIDTH = 80

/** A wider line is hard to follow on any screen. */
const WIDEST = 120

export function createOutput({ stdout, stderr, scrub, stdoutColoured, stderrColoured }: OutputWish): Output {
  const prepare = (text: string, coloured: boolean) => {
    const scrubbed = scrub(text)
    return `${coloured ? cleanButColours(scrubbed) : clean(scrubbed)}\n`
  }
  return {
    result: (text) => write(stdout, prepare(text, stdoutColoured)),
    say(text) {
      stderr.write(prepare(text, stderrColoured))
    },
  }
}

export function widthOf(stream: OutputStream): number {
  return Math.min(stream.columns ?? WIDTH, WIDEST)
}

/** One JSON document; what JSON leaves unescaped of the control characters is escaped too. */
export function jsonText(value: object): string {
  return JSON.stringify(value, undefined, 2).replaceAll(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A reader that has gone away (`| head`) is no failure: the write then counts as done. */
function write(stream: OutputStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve())
  })
}
