/** Files of events as a stream of raw log messages: plain or gzip, CloudTrail files, JSON arrays, or one a line. */

import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type AppError, usage } from '../errors.ts'
import { beginsLikeMany, compact, isJson, messagesIn } from '../patterns/records.ts'
import { createCutter } from './cutter.ts'

export interface FileReading {
  /** Named in errors. */
  readonly path: string
  /** Each line, split at LF only, is one message: nothing is trimmed or unwrapped, and blank lines count. */
  readonly raw: boolean
}

/** A longer line is no log message (CloudWatch Logs takes 1 MB), and no text of this size can be read as JSON. */
const LONGEST_LINE = 256 * 1024 * 1024

/** A text is held as a whole up to here (characters); of a longer one the events are cut out while it streams by. */
const LONGEST_HELD = 4 * 1024 * 1024

/**
 * The messages in batches, so that a file of any size is read in bounded memory.
 * Throws a usage error (exit 2) for what begins like a CloudTrail file and is broken, and for a line beyond all measure;
 * passes on what `bytes` and gunzip throw.
 */
export function fileMessages(
  bytes: AsyncIterable<Uint8Array>,
  reading: FileReading,
): AsyncGenerator<readonly string[]> {
  const texts = decodedText(bytes, reading.raw)
  return reading.raw ? linesOf(texts, reading) : messagesOf(texts, reading)
}

/** Text from bytes that may be compressed; the first two say so, whatever the name of the file. UTF-16 is known by its mark. */
export async function* decodedText(bytes: AsyncIterable<Uint8Array>, raw: boolean): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined
  for await (const chunk of await unzipped(bytes)) {
    // A byte order mark is a part of the first raw line.
    decoder ??= new TextDecoder(raw ? 'utf-8' : encodingOf(chunk), { ignoreBOM: true })
    yield decoder.decode(chunk, { stream: true })
  }
  if (decoder !== undefined) yield decoder.decode()
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

async function unzipped(bytes: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = bytes[Symbol.asyncIterator]()
  const head: Uint8Array[] = []
  let size = 0
  while (size < 2) {
    const { value, done } = await iterator.next()
    if (done === true) break
    head.push(value)
    size += value.length
  }
  const [first, second] = Buffer.concat(head)
  const whole = again(head, iterator)
  if (first !== 0x1f || second !== 0x8b) return whole
  // An error of either stream reaches whoever reads the last one.
  return pipeline(Readable.from(whole), createGunzip({ chunkSize: 256 * 1024 }), () => {})
}

async function* again(
  head: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* head
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
}

/** A line feed ends a line; without one at the end of the file the last line still counts. */
async function* linesOf(texts: AsyncIterable<string>, { path }: FileReading): AsyncGenerator<readonly string[]> {
  let open: string[] = []
  let length = 0
  for await (const text of texts) {
    const [first = '', ...rest] = text.split('\n')
    open.push(first)
    length += first.length
    if (length > LONGEST_LINE) throw usage('line-too-long', `${path} has a line of more than 256 MB`)
    const last = rest.pop()
    if (last === undefined) continue
    yield [open.join(''), ...rest]
    open = [last]
    length = last.length
  }
  if (length > 0) yield [open.join('')]
}

/** The messages of a text that is no list of raw lines; what it throws is as for `fileMessages`. */
export async function* messagesOf(
  texts: AsyncIterable<string>,
  reading: FileReading,
): AsyncGenerator<readonly string[]> {
  const iterator = texts[Symbol.asyncIterator]()
  const head: string[] = []
  let length = 0
  while (length <= LONGEST_HELD) {
    const { value, done } = await iterator.next()
    if (done === true) {
      yield messagesOfText(head.join(''), reading)
      return
    }
    head.push(value)
    length += value.length
  }
  const first = withoutMark(head.join(''))
  const rest = { [Symbol.asyncIterator]: () => iterator }
  if (!isDocument(first)) {
    for await (const lines of linesOf(chain([first], rest), reading)) {
      yield lines.flatMap((line) => eventsOfLine(line, reading))
    }
    return
  }
  const cutter = createCutter()
  for await (const text of chain([first], rest)) yield cutter.feed(text).map(compacted)
  if (!cutter.atEnd()) throw broken(reading)
}

/** Long texts begin with a document when they begin like a file of CloudTrail, or when the first line leaves one open. */
function isDocument(text: string): boolean {
  if (isOfCloudTrail(text)) return true
  const line = text.slice(0, text.search(/\n|$/)).trim()
  return /^(\{|\[$|\[[ \t]*[{["])/.test(line) && !isJson(line)
}

async function* chain(head: readonly string[], rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield* head
  yield* rest
}

/** The messages of a text that is there as a whole. */
export function messagesOfText(text: string, reading: FileReading): readonly string[] {
  const whole = withoutMark(text)
  const many = messagesIn(whole)
  if (many !== undefined) return many
  if (isOfCloudTrail(whole)) throw broken(reading)
  return documentsIn(whole) ?? whole.split('\n').flatMap((line) => eventsOfLine(line, reading))
}

/** One or several JSON documents over several lines each; undefined when it is something else. */
function documentsIn(text: string): readonly string[] | undefined {
  const [line = ''] = text.trimStart().split('\n', 1)
  if (!line.startsWith('{') || isJson(line)) return undefined
  const cutter = createCutter()
  const found = cutter.feed(text)
  return cutter.atEnd() && found.every(isJson) ? found.map(compact) : undefined
}

function compacted(event: string): string {
  const text = event.trimEnd()
  if (text.startsWith('"') && isJson(text)) return JSON.parse(text)
  return /[ \t\r\n]/.test(text) && isJson(text) ? compact(text) : text
}

function eventsOfLine(line: string, reading: FileReading): readonly string[] {
  const message = line.endsWith('\r') ? line.slice(0, -1) : line
  if (isBlank(message)) return []
  if (!beginsLikeMany(message)) return [message]
  const many = messagesIn(message)
  if (many !== undefined) return many
  if (isOfCloudTrail(message)) throw broken(reading)
  return [message]
}

/** A log line may well begin with a bracket; nothing but CloudTrail begins with `{"Records":`. */
function isOfCloudTrail(text: string): boolean {
  return beginsLikeMany(text) && text.trimStart().startsWith('{')
}

function broken({ path }: FileReading): AppError {
  return usage(
    'file-broken',
    `${path} begins like a CloudTrail file, but is not whole JSON`,
    'fetch it again, or add --lines to test every line as plain text',
  )
}

function isBlank(line: string): boolean {
  return line.trim() === ''
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}
