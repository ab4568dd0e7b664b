/** Files of events as a stream of raw log messages: plain or gzip, CloudTrail files, JSON arrays, or one a line. */

import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type AppError, usage } from '../errors.ts'
import { beginsLikeMany, compact, isJson, messagesIn } from '../patterns/records.ts'

export interface FileReading {
  /** Named in errors. */
  readonly path: string
  /** Each line, split at LF only, is one message: nothing is trimmed or unwrapped, and blank lines count. */
  readonly raw: boolean
}

/** A longer line is no log message (CloudWatch Logs takes 1 MB), and no text of this size can be read as JSON. */
const LONGEST_LINE = 256 * 1024 * 1024

/** A document over several lines is held as a whole up to here; what is longer is read line by line. */
const LONGEST_DOCUMENT = 64 * 1024 * 1024

/**
 * The messages in batches, so that a file of any size is read in bounded memory.
 * Throws a usage error (exit 2) for what begins like a CloudTrail file and is broken, and for a line beyond all measure;
 * passes on what `bytes` and gunzip throw.
 */
export function fileMessages(
  bytes: AsyncIterable<Uint8Array>,
  reading: FileReading,
): AsyncGenerator<readonly string[]> {
  const lines = linesOf(decoded(bytes), reading)
  return reading.raw ? lines : eventsIn(lines, reading)
}

/** Text from bytes that may be compressed; the first two say so, whatever the name of the file. */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // A byte order mark is a part of the first raw line.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  for await (const chunk of await unzipped(bytes)) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
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
  return pipeline(Readable.from(whole), createGunzip(), () => {})
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

async function* eventsIn(
  batches: AsyncGenerator<readonly string[]>,
  reading: FileReading,
): AsyncGenerator<readonly string[]> {
  let held: string[] | undefined = []
  let size = 0
  for await (const batch of batches) {
    if (held === undefined) {
      yield batch.flatMap((line) => eventsOfLine(line, reading))
      continue
    }
    for (const line of batch) {
      if (held.length === 0 && isBlank(withoutMark(line))) continue
      held.push(line)
      size += line.length + 1
    }
    if (mayBeDocument(held) && size <= LONGEST_DOCUMENT) continue
    yield held.flatMap((line, index) => eventsOfLine(index === 0 ? withoutMark(line) : line, reading))
    held = undefined
  }
  if (held !== undefined) yield eventsOfWhole(held, reading)
}

/** The first line opens an object or a list which it does not close. */
function mayBeDocument([line]: readonly string[]): boolean {
  if (line === undefined) return true
  const first = withoutMark(line).trimStart()
  return (first.startsWith('{') || first.startsWith('[')) && !isJson(first)
}

function eventsOfWhole(lines: readonly string[], reading: FileReading): readonly string[] {
  const whole = withoutMark(lines.join('\n'))
  const many = messagesIn(whole)
  if (many !== undefined) return many
  if (isOfCloudTrail(whole)) throw broken(reading)
  if (lines.length > 1 && whole.trimStart().startsWith('{') && isJson(whole)) return [compact(whole)]
  return whole.split('\n').flatMap((line) => eventsOfLine(line, reading))
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
    'fetch it again, or add --lines to take every line as it stands',
  )
}

function isBlank(line: string): boolean {
  return line.trim() === ''
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}
