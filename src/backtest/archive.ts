/** Files of CloudTrail, one or millions: reads them in order, a few ahead, and passes over what is damaged. */

import { isAscii } from 'node:buffer'
import { gunzip } from 'node:zlib'
import { AppError } from '../errors.ts'
import type { Files, FoundFile } from '../ports.ts'
import { createCutter } from './cutter.ts'
import { decodedText, messagesOf, messagesOfText } from './file-messages.ts'
import type { SkippedFile } from './result.ts'
import { type Sighted, type Sighter, sightFile, sightMessages } from './sight.ts'
import { MINUTE_MS, type MinuteWindow } from './timeline.ts'

/** What one file gave. */
export type ArchivePart =
  | ({ readonly kind: 'events' } & Sighted)
  /** A file is done; sizes in bytes, compressed and not. */
  | { readonly kind: 'file'; readonly stored: number; readonly bytes: number }
  | ({ readonly kind: 'skipped' } & SkippedFile)
  /** Not looked into: its name says that it holds no events, or none of this window. */
  | { readonly kind: 'passed'; readonly stored: number; readonly why: 'digest' | 'insight' | 'window' }

/** A file is held as a whole up to these sizes; what is larger streams by. */
const HELD_STORED = 4 * 1024 * 1024
const HELD_TEXT = 12 * 1024 * 1024

/** Files that are unzipped while another is searched: gunzip runs on a thread of its own. */
const AHEAD = 3

export interface ArchiveReading {
  readonly files: Files
  readonly sighter: Sighter
  readonly window: MinuteWindow
  readonly signal: AbortSignal
}

/** Reads every file that `found` gives. Never throws for what a file holds. */
export async function* readArchive(
  found: AsyncIterable<FoundFile>,
  reading: ArchiveReading,
): AsyncGenerator<ArchivePart> {
  for await (const loaded of ahead(found, (file) => load(file, reading))) {
    reading.signal.throwIfAborted()
    if (loaded.kind === 'held') yield* searchHeld(loaded, reading)
    else if (loaded.kind === 'long') yield* searchLong(loaded, reading)
    else yield loaded
  }
}

type Loaded =
  | {
      readonly kind: 'held'
      readonly path: string
      readonly stored: number
      readonly bytes: number
      readonly text: string
    }
  | { readonly kind: 'long'; readonly path: string; readonly bytes: AsyncIterable<Uint8Array> }
  | Extract<ArchivePart, { kind: 'skipped' | 'passed' }>

/** Results in order, with a few calls under way. */
async function* ahead<T, R>(items: AsyncIterable<T>, call: (item: T) => Promise<R>): AsyncGenerator<R> {
  const under: Promise<R>[] = []
  for await (const item of items) {
    const result = call(item)
    // It is awaited further below; a failure in between is not lost.
    result.catch(() => undefined)
    under.push(result)
    if (under.length > AHEAD) yield await (under.shift() as Promise<R>)
  }
  for (const result of under) yield await result
}

async function load({ path, bytes: stored, problem }: FoundFile, { files, window }: ArchiveReading): Promise<Loaded> {
  if (problem !== undefined) return { kind: 'skipped', path, reason: problem }
  const why = passedOver(path, window)
  if (why !== undefined) return { kind: 'passed', stored, why }
  const chunks: Uint8Array[] = []
  let size = 0
  const iterator = files.bytes(path)[Symbol.asyncIterator]()
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      chunks.push(next.value)
      size += next.value.length
      if (size > HELD_STORED) return { kind: 'long', path, bytes: chained(chunks, iterator) }
    }
    const whole = Buffer.concat(chunks)
    if (whole[0] !== 0x1f || whole[1] !== 0x8b) {
      if (isUtf16(whole)) return { kind: 'long', path, bytes: chained([whole], iterator) }
      return { kind: 'held', path, stored: size, bytes: size, text: textOf(whole) }
    }
    const text = await unzip(whole)
    if (text === undefined) return { kind: 'long', path, bytes: chained([whole], iterator) }
    return { kind: 'held', path, stored: size, bytes: text.length, text: textOf(text) }
  } catch (error) {
    return { kind: 'skipped', path, reason: reasonOf(error) }
  }
}

/** The records are ASCII as a rule, and such bytes are a text almost as they are. */
function textOf(bytes: Buffer): string {
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')
}

/** Undefined: longer than is held, or damaged, of which the beginning may still be read. */
function unzip(bytes: Buffer): Promise<Buffer | undefined> {
  // The last four bytes are the length of the text modulo 2^32 (RFC 1952); one buffer of that size is the fastest way.
  const length = bytes.length < 8 ? 0 : bytes.readUInt32LE(bytes.length - 4)
  if (length > HELD_TEXT) return Promise.resolve(undefined)
  const options = { chunkSize: Math.max(64 * 1024, length + 1), maxOutputLength: HELD_TEXT }
  return new Promise((resolve) => {
    gunzip(bytes, options, (error, text) => resolve(error === null ? text : undefined))
  })
}

function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

async function* chained(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* head
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

function* searchHeld(
  { path, stored, bytes, text }: Extract<Loaded, { kind: 'held' }>,
  { sighter }: ArchiveReading,
): Generator<ArchivePart> {
  const named = { path, raw: false }
  try {
    if (isDigest(text)) {
      yield { kind: 'passed', stored, why: 'digest' }
      return
    }
    const cut = (whole: string) => messagesOfText(whole, named)
    yield { kind: 'events', ...(sightFile(sighter, text, cut) ?? sightMessages(sighter, cut(text))) }
  } catch (error) {
    yield { kind: 'events', ...sightMessages(sighter, createCutter().feed(text)) }
    yield { kind: 'skipped', path, reason: reasonOf(error) }
  }
  yield { kind: 'file', stored, bytes }
}

/** What was read before the damage counts. */
async function* searchLong(
  { path, bytes }: Extract<Loaded, { kind: 'long' }>,
  { sighter, signal }: ArchiveReading,
): AsyncGenerator<ArchivePart> {
  let stored = 0
  let size = 0
  let damage: unknown
  const held: string[] = []
  let given = false
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      stored += chunk.length
      yield chunk
    }
  }
  async function* texts(): AsyncGenerator<string> {
    try {
      for await (const text of decodedText(measured(), false)) {
        size += Buffer.byteLength(text)
        if (!given) held.push(text)
        yield text
      }
    } catch (error) {
      // What came before is whole.
      damage = error
    }
  }
  try {
    for await (const messages of messagesOf(texts(), { path, raw: false })) {
      signal.throwIfAborted()
      given = true
      held.length = 0
      yield { kind: 'events', ...sightMessages(sighter, messages) }
    }
  } catch (error) {
    if (signal.aborted) throw error
    damage ??= error
    if (!given) yield { kind: 'events', ...sightMessages(sighter, createCutter().feed(held.join(''))) }
  }
  if (damage !== undefined) yield { kind: 'skipped', path, reason: reasonOf(damage) }
  yield { kind: 'file', stored, bytes: size }
}

/** CloudTrail writes digests without any record beside its logs (CloudTrail user guide, digest file structure). */
function isDigest(text: string): boolean {
  return /^\s*\{\s*"awsAccountId"/.test(text) && text.slice(0, 2_000).includes('"digestStartTime"')
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

/** The day in the name of a log file: `ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHMMZ_…` (CloudTrail user guide, log file name format). */
export function deliveredOn(path: string): number | undefined {
  const [, year, month, day] = /_CloudTrail_[a-z0-9-]+_(\d{4})(\d{2})(\d{2})T\d{4}Z_[^/]*$/.exec(path) ?? []
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(day))
}

function reasonOf(error: unknown): string {
  if (error instanceof AppError) return 'it begins like a CloudTrail file, but is not whole JSON'
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE') return 'damaged or cut-off gzip data'
  return { EACCES: 'no permission to read it', ENOENT: 'it does not exist', EISDIR: 'it is a folder' }[code] ?? code
}
