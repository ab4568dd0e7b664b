/** One file of CloudTrail: reads it, searches it, and passes over what is damaged. */

import { promisify } from 'node:util'
import { constants, gunzip, gunzipSync, type ZlibOptions } from 'node:zlib'
import { AppError } from '../errors.ts'
import { readJson } from '../patterns/match/json-value.ts'
import type { Files, FoundFile } from '../ports.ts'
import { createCutter } from './cutter.ts'
import { decodedText, messagesOf, messagesOfText } from './file-messages.ts'
import type { SkippedFile } from './result.ts'
import {
  createSighter,
  END,
  FIRST,
  type Sighted,
  type Sighter,
  type Sought,
  sightFile,
  sightMessages,
  sightRecords,
  textOf,
} from './sight.ts'
import { NEXT_RECORD } from './skim.ts'
import { MINUTE_MS, type MinuteWindow } from './timeline.ts'

/** What one file gave. */
export type ArchivePart =
  | ({ readonly kind: 'events' } & Sighted)
  /** A file is done; sizes in bytes, compressed and not. */
  | { readonly kind: 'file'; readonly stored: number; readonly bytes: number }
  | ({ readonly kind: 'skipped' } & SkippedFile)
  /** Not looked into: its name says that it holds no events, or none of this window but of another day. */
  | { readonly kind: 'passed'; readonly stored: number; readonly why: 'digest' | 'insight' }
  | { readonly kind: 'passed'; readonly stored: number; readonly why: 'window'; readonly day: number }

/** A file is held as a whole up to these sizes; what is larger streams by. */
const HELD_STORED = 4 * 1024 * 1024
const HELD_TEXT = 12 * 1024 * 1024

/** What a search needs. */
export interface Search {
  readonly files: Pick<Files, 'bytes'>
  readonly sighter: Sighter
  readonly window: MinuteWindow
}

/** The same as plain data, from which another thread makes its own. */
export interface SearchSetup {
  readonly sought: readonly Sought[]
  readonly window: MinuteWindow
}

export function createSearch({ sought, window }: SearchSetup, files: Search['files']): Search {
  return { files, sighter: createSighter(sought), window }
}

/** What a file gave; `long`: it does not fit into memory, and has to be streamed. */
export type Searched = readonly ArchivePart[] | 'long'

/** The file as a whole. */
export async function searchFile(file: FoundFile, search: Search): Promise<Searched> {
  const loaded = await load(file, search)
  if (loaded.kind === 'long') {
    await loaded.close()
    return 'long'
  }
  return loaded.kind === 'held' ? searchHeld(loaded, search) : [loaded]
}

/** What has no size, such as a pipe, can be read only once; what is large streams by where it is counted. */
export function suitsThread({ path, bytes }: FoundFile): boolean {
  return path !== '-' && bytes > 0 && bytes <= HELD_STORED
}

/** Of a file that is not looked into: what its name or its problem says; undefined: load it. */
export function passedBefore({ path, bytes, problem }: FoundFile, { window }: Search): ArchivePart | undefined {
  if (problem !== undefined) return { kind: 'skipped', path, reason: problem }
  const why = passedOver(path, window)
  if (why === undefined) return undefined
  if (why !== 'window') return { kind: 'passed', stored: bytes, why }
  return { kind: 'passed', stored: bytes, why, day: deliveredOn(path) ?? 0 }
}

export type Loaded =
  | {
      readonly kind: 'held'
      readonly path: string
      readonly stored: number
      readonly content: Buffer
      /** It was unzipped, so nobody else knows the content. */
      readonly own: boolean
      /** The content is what could be unzipped before this. */
      readonly damage?: string
    }
  /** `close` is for whoever does not read it to its end. */
  | { readonly kind: 'long'; readonly path: string; readonly bytes: AsyncIterable<Uint8Array>; close(): Promise<void> }
  | Extract<ArchivePart, { kind: 'skipped' }>

/** Reads and unzips a file up to a size; never rejects. */
export async function load({ path }: FoundFile, { files }: Search): Promise<Loaded> {
  const chunks: Uint8Array[] = []
  let size = 0
  const iterator = files.bytes(path)[Symbol.asyncIterator]()
  const long = (head: readonly Uint8Array[]): Loaded => {
    const close = async () => {
      await iterator.return?.()
    }
    return { kind: 'long', path, bytes: chained(head, iterator), close }
  }
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      chunks.push(next.value)
      size += next.value.length
      if (size > HELD_STORED) return long(chunks)
    }
    const whole = joined(chunks)
    if (!isGzip(whole)) {
      if (isUtf16(whole)) return long([whole])
      return { kind: 'held', path, stored: size, content: whole, own: false }
    }
    const unzipped = await unzip(whole)
    return unzipped === undefined ? long([whole]) : { kind: 'held', path, stored: size, own: true, ...unzipped }
  } catch (error) {
    return { kind: 'skipped', path, reason: reasonOf(error) }
  }
}

function joined(chunks: readonly Uint8Array[]): Buffer {
  const [first] = chunks
  return first !== undefined && chunks.length === 1
    ? Buffer.from(first.buffer, first.byteOffset, first.byteLength)
    : Buffer.concat(chunks)
}

/** What is smaller is unzipped sooner than another thread is told to. */
const SMALL = 32 * 1024

/** No byte of deflate stands for more bytes (zlib's own documentation, maximum expansion factor). */
const DENSEST = 1_032

type Unzipped = Pick<Extract<Loaded, { kind: 'held' }>, 'content' | 'damage'>

/** Undefined: longer than is held. */
async function unzip(bytes: Buffer): Promise<Unzipped | undefined> {
  // The last four bytes are the length of the text modulo 2^32 (RFC 1952); one buffer of that size is the fastest way.
  const told = bytes.length < 8 ? 0 : bytes.readUInt32LE(bytes.length - 4)
  // Where something else stands there it is no length.
  const length = told > bytes.length * DENSEST ? 0 : told
  if (length > HELD_TEXT) return undefined
  const options = { chunkSize: Math.max(64 * 1024, length + 1), maxOutputLength: HELD_TEXT }
  try {
    return { content: bytes.length <= SMALL ? gunzipSync(bytes, options) : await gunzipped(bytes, options) }
  } catch (error) {
    return unzipBefore(bytes, reasonOf(error))
  }
}

/** All that is whole before the damage, by halves: Node hands out nothing of the piece in which it meets an error. */
function unzipBefore(bytes: Buffer, damage: string): Unzipped | undefined {
  const options = { maxOutputLength: HELD_TEXT, finishFlush: constants.Z_SYNC_FLUSH }
  let content: Buffer = Buffer.alloc(0)
  // All of it where it is cut off, and otherwise up to the byte that is wrong.
  for (let good = 0, bad = bytes.length + 1, to = bytes.length; bad - good > 1; to = (good + bad) >> 1) {
    try {
      content = gunzipSync(bytes.subarray(0, to), options)
      good = to
    } catch (error) {
      if (isTooLarge(error)) return undefined
      bad = to
    }
  }
  return { content, damage }
}

const gunzipped: (bytes: Buffer, options: ZlibOptions) => Promise<Buffer> = promisify(gunzip)

function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b
}

function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

async function* chained<T>(head: readonly T[], rest: AsyncIterator<T>): AsyncGenerator<T> {
  yield* head
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

/** What was unzipped is gone afterwards. */
export function searchHeld(held: Extract<Loaded, { kind: 'held' }>, { sighter }: Search): readonly ArchivePart[] {
  const { stored, content, own } = held
  const bytes = content.length
  const parts = heldParts(held, sighter)
  if (own) release(content)
  return parts.some(({ kind }) => kind === 'passed') ? parts : [...parts, { kind: 'file', stored, bytes }]
}

function heldParts(
  { path, stored, content, own, damage }: Extract<Loaded, { kind: 'held' }>,
  sighter: Sighter,
): readonly ArchivePart[] {
  if (isDigest(content.toString('latin1', 0, 2_000))) return [{ kind: 'passed', stored, why: 'digest' }]
  const cut = (whole: string) => messagesOfText(whole, { path, raw: false })
  const named = (reason: string | undefined): readonly ArchivePart[] =>
    reason === undefined ? [] : [{ kind: 'skipped', path, reason }]
  try {
    const whole = sightFile(sighter, content, cut)
    if (whole !== undefined) return [{ kind: 'events', ...whole }, ...named(damage)]
    const messages = cut(textOf(content))
    const sighted = sightMessages(sighter, messages)
    const instead = sighted.sightings.times.length > 0 ? undefined : nothingIn(path, own, messages)
    return [...(instead === undefined ? [{ kind: 'events', ...sighted } as const] : []), ...named(damage ?? instead)]
  } catch (error) {
    const sighted = sightMessages(sighter, createCutter().feed(textOf(content)))
    return [{ kind: 'events', ...sighted }, ...named(damage ?? reasonOf(error))]
  }
}

/** What is wrong with a file without any record, where it is not what its name says. */
function nothingIn(path: string, unzipped: boolean, messages: readonly string[]): string | undefined {
  if (!unzipped && /\.gz$/i.test(path)) return 'not gzip, although its name says so'
  if (!/\.json(\.gz)?$/i.test(path) || messages.length === 0) return undefined
  return messages.some((message) => readJson(message) !== undefined) ? undefined : 'nothing in it is a JSON object'
}

let nobody: InstanceType<typeof MessageChannel>['port1'] | undefined

/** What is sent to nobody is freed at once: the collector would wait until there are 60 MB of it. */
function release({ buffer }: Buffer): void {
  // A small buffer shares its memory with others.
  if (buffer.byteLength <= Buffer.poolSize || !(buffer instanceof ArrayBuffer)) return
  if (nobody === undefined) {
    const { port1, port2 } = new MessageChannel()
    port2.close()
    nobody = port1
  }
  nobody.postMessage(undefined, [buffer])
}

/** What was read before the damage counts. */
export async function* searchLong(
  { path, bytes }: Extract<Loaded, { kind: 'long' }>,
  { sighter }: Search,
  signal: AbortSignal,
): AsyncGenerator<ArchivePart> {
  let stored = 0
  let size = 0
  let damage: unknown
  let zipped = false
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      if (stored === 0) zipped = isGzip(chunk)
      stored += chunk.length
      yield chunk
    }
  }
  async function* texts(): AsyncGenerator<string> {
    try {
      for await (const text of decodedText(measured(), false)) {
        size += Buffer.byteLength(text)
        yield text
      }
    } catch (error) {
      // What came before is whole.
      damage = error
    }
  }
  const all = texts()
  const left = yield* skimLong(all, sighter, signal)
  const held: string[] = []
  let given = false
  // Until there is a record, the lines may be those of a file that is named instead.
  let instead: string | undefined
  let pending = left[0]?.startsWith(FIRST) === false
  let lines = 0
  async function* rest(): AsyncGenerator<string> {
    for await (const text of chained(left, all)) {
      if (!given) held.push(text)
      yield text
    }
  }
  try {
    if (left.length > 0) {
      for await (const messages of messagesOf(rest(), { path, raw: false })) {
        signal.throwIfAborted()
        given = true
        held.length = 0
        if (messages.length === 0) continue
        const { sightings, skipped } = sightMessages(sighter, messages)
        lines += skipped
        if (pending) {
          instead = nothingIn(path, zipped, messages)
          pending = instead !== undefined && sightings.times.length === 0
        }
        if (pending) continue
        yield { kind: 'events', sightings, skipped: lines }
        lines = 0
      }
    }
  } catch (error) {
    signal.throwIfAborted()
    damage ??= error
    if (!given) yield { kind: 'events', ...sightMessages(sighter, createCutter().feed(held.join(''))) }
  }
  if (damage !== undefined || lines > 0) {
    yield { kind: 'skipped', path, reason: damage === undefined ? (instead ?? '') : reasonOf(damage) }
  }
  yield { kind: 'file', stored, bytes: size }
}

/** A longer record is none of CloudTrail's, whose events have 256 KB (CloudTrail quotas). */
const LONGEST_RECORD = 2 * 1024 * 1024

/** Records as CloudTrail writes them, without parsing most; returns what is left where the text is something else. */
async function* skimLong(
  texts: AsyncIterator<string>,
  sighter: Sighter,
  signal: AbortSignal,
): AsyncGenerator<ArchivePart, readonly string[]> {
  let text = ''
  let begun = false
  for (let next = await texts.next(); next.done !== true; next = await texts.next()) {
    signal.throwIfAborted()
    text += next.value
    if (!begun) {
      if (text.length < FIRST.length) continue
      if (!text.startsWith(FIRST)) return [text]
      text = text.slice(FIRST.length)
      begun = true
    }
    const end = text.lastIndexOf(NEXT_RECORD)
    if (end < 0 && text.length < LONGEST_RECORD) continue
    const sighted = end < 0 ? undefined : sightRecords(sighter, text.slice(0, end))
    if (sighted === undefined) return [FIRST + text]
    yield { kind: 'events', ...sighted }
    text = text.slice(end + 1)
  }
  if (!begun) return [text]
  const sighted = text.endsWith(END) ? sightRecords(sighter, text.slice(0, -END.length)) : undefined
  if (sighted === undefined) return [FIRST + text]
  yield { kind: 'events', ...sighted }
  return []
}

/** CloudTrail writes digests without any record beside its logs (CloudTrail user guide, digest file structure). */
function isDigest(beginning: string): boolean {
  return /^\s*\{\s*"awsAccountId"/.test(beginning) && beginning.includes('"digestStartTime"')
}

const DAY_MS = 86_400_000

/** CloudTrail delivers minutes after the event, seldom hours; a day on either side is left for that. */
export function passedOver(path: string, { from, to }: MinuteWindow): 'digest' | 'insight' | 'window' | undefined {
  if (/(^|[/_])CloudTrail-Digest([/_])/.test(path)) return 'digest'
  if (/(^|[/_])CloudTrail-Insight([/_])/.test(path)) return 'insight'
  const day = deliveredOn(path)
  if (day === undefined) return undefined
  return day + 2 * DAY_MS < from * MINUTE_MS || day - DAY_MS > to * MINUTE_MS ? 'window' : undefined
}

/** The day in the name of a log file, milliseconds since the epoch: `ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHMMZ_…` (CloudTrail user guide, log file name format). */
export function deliveredOn(path: string): number | undefined {
  const [, year, month, day] = /_CloudTrail_[a-z0-9-]+_(\d{4})(\d{2})(\d{2})T\d{4}Z_[^/]*$/.exec(path) ?? []
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(day))
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}

function reasonOf(error: unknown): string {
  if (error instanceof AppError) {
    if (error.code === 'line-too-long') return 'a line of more than 256 MB'
    return 'it begins like a CloudTrail file, but is not whole JSON'
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('Z_') || isTooLarge(error)) return 'damaged or cut-off gzip data'
  return { EACCES: 'no permission to read it', ENOENT: 'it does not exist', EISDIR: 'it is a folder' }[code] ?? code
}
