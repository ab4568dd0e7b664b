import { PassThrough, Writable } from 'node:stream'
import type { OutputStream } from '../../src/ui/output.ts'
import type { InputStream } from '../../src/ui/prompter-options.ts'

/** A stream that keeps what was written to it. */
export function paper(shape: { isTTY?: boolean; columns?: number } = {}): OutputStream & { text(): string } {
  const chunks: string[] = []
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  const cursor = { cursorTo: () => true, moveCursor: () => true, clearLine: () => true }
  return Object.assign(stream, shape, cursor, { text: () => chunks.join('') })
}

/** A keyboard: a terminal's input that a test types on. */
export function keyboard(): InputStream & { type(keys: string): void; hangUp(): void } {
  const stream = new PassThrough()
  return Object.assign(stream, {
    isTTY: true,
    setRawMode: () => stream,
    type: (keys: string) => stream.write(keys),
    hangUp: () => stream.end(),
  })
}

/** What a terminal would show of a text: without colours and cursor movement. */
export function seen(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it takes out.
  return text.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
}
