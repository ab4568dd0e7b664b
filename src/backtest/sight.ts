/** From records and messages to sightings: when it happened, which detections match, who did it. */

import { isAscii } from 'node:buffer'
import { isObject, type Json, type JsonObject, readJson } from '../patterns/match/json-value.ts'
import { compileForEvents, compileMany } from '../patterns/match/match.ts'
import type { Pattern } from '../patterns/pattern.ts'
import { isWrapping, unwrapped } from '../patterns/unwrap.ts'
import { createTimeReader, matchOf, textAt } from './record.ts'
import { createSightingsBuilder, type Sightings } from './sightings.ts'
import { createSkim, NEXT_RECORD, type Skim } from './skim.ts'
import type { Sighting } from './tally.ts'

/** What is looked at of a detection; plain data. */
export interface Sought {
  readonly pattern: Pattern
  /** What a match adds to the metric: a number, or the selector of one. */
  readonly metric: string
}

export interface Sighter {
  /** Of a message; undefined for what is no CloudTrail record. `at`: its log timestamp, where there is one. */
  ofMessage(message: string, at?: number): Sighting | undefined
  /** Of a record that is parsed already; `message` gives its text, which a number's spelling may ask for. */
  ofRecord(record: JsonObject, message: (index: number) => string, index: number): Sighting | undefined
  /** Whether no pattern looks at the text of a message, so that records need not be cut out. */
  readonly onRecords: boolean
  /** Passes over records that nothing can match, where all patterns allow for it. */
  readonly skim: Skim | undefined
  /** The time that stands between two positions of a text. */
  timeOf(text: string, from: number, to: number): number | undefined
  /** Collects the records of one file, or one batch of messages. */
  collect(): Collection
}

export interface Collection {
  take(sighting: Sighting | undefined): void
  /** A record of a text that nothing matches. */
  pass(text: string, time: number | undefined, idFrom: number, idTo: number): void
  sighted(): Sighted
}

export function createSighter(sought: readonly Sought[]): Sighter {
  const patterns = sought.map(({ pattern }) => pattern)
  const metrics = sought.map(({ metric }) => metric)
  const onText = compileMany(patterns)
  const onRecord = compileForEvents(patterns)
  const timeOf = createTimeReader()
  const sighting = (record: JsonObject, matches: readonly number[], at: number | undefined): Sighting | undefined => {
    const told = textAt(record, 'eventTime')
    const time = at ?? (told === undefined ? undefined : timeOf(told))
    if (time === undefined) return undefined
    return { time, id: textAt(record, 'eventID'), matches, record }
  }
  return {
    skim: createSkim(patterns),
    timeOf,
    onRecords: patterns.every(({ kind }) => kind === 'json'),
    ofMessage(message, at) {
      const record = readJson(message)
      return record === undefined ? undefined : sighting(record, onText(message), at)
    },
    ofRecord: (record, message, index) => sighting(record, onRecord(record) ?? onText(message(index)), undefined),
    collect() {
      const sightings = createSightingsBuilder()
      let skipped = 0
      return {
        take(sighting) {
          if (sighting === undefined) {
            skipped += 1
            return
          }
          const { time, id = '', matches, record } = sighting
          sightings.add(time, id, 0, id.length)
          if (matches.length > 0) sightings.match(matchOf(record, matches, metrics))
        },
        pass(text, time, idFrom, idTo) {
          if (time === undefined) skipped += 1
          else sightings.add(time, text, idFrom, idTo)
        },
        sighted: () => ({ sightings: sightings.take(), skipped }),
      }
    },
  }
}

export interface Sighted {
  readonly sightings: Sightings
  /** Messages that are no CloudTrail record. */
  readonly skipped: number
}

/** The sightings of messages, unwrapped where they are wrapped. */
export function sightMessages(sighter: Sighter, messages: readonly string[]): Sighted {
  const collection = sighter.collect()
  for (const message of messages) {
    for (const inner of unwrapped(message) ?? [message]) collection.take(sighter.ofMessage(inner))
  }
  return collection.sighted()
}

/**
 * The sightings of a file of CloudTrail, undefined when it is something else. `cut` gives the texts of its records,
 * which is asked for only where a spelling decides.
 */
export function sightFile(
  sighter: Sighter,
  bytes: Buffer,
  cut: (text: string) => readonly string[],
): Sighted | undefined {
  const skimmed = sighter.skim === undefined ? undefined : skimFile(sighter, sighter.skim, bytes)
  return skimmed ?? (sighter.onRecords ? parseFile(sighter, textOf(bytes), cut) : undefined)
}

/** Parses it once as a whole. */
function parseFile(sighter: Sighter, text: string, cut: (text: string) => readonly string[]): Sighted | undefined {
  const records = recordsIn(text)
  if (records === undefined) return undefined
  let texts: readonly string[] | undefined
  const spelled = (index: number) => {
    texts ??= cut(text)
    return texts[index] ?? ''
  }
  const collection = sighter.collect()
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index]
    if (!isObject(record) || isWrapping(record)) return undefined
    collection.take(sighter.ofRecord(record, spelled, index))
  }
  return collection.sighted()
}

/** What CloudTrail writes before and behind the records of a file. */
export const FIRST = '{"Records":['
export const END = ']}'

/** A text of this size is searched in the cache of the processor, and is freed with the young objects. */
const PIECE = 32 * 1024

function skimFile(sighter: Sighter, skim: Skim, bytes: Buffer): Sighted | undefined {
  const last = bytes.length - END.length
  if (
    last < FIRST.length ||
    bytes.toString('latin1', 0, FIRST.length) !== FIRST ||
    bytes.toString('latin1', last) !== END
  ) {
    return undefined
  }
  const { take, sighted } = skimming(sighter, skim)
  for (let from = FIRST.length; from < last; ) {
    const to = endOfPiece(bytes, from, last)
    if (!take(textOf(bytes.subarray(from, to)))) return undefined
    from = to + 1
  }
  return sighted()
}

/** The sightings of records as CloudTrail writes them, with commas between; undefined when they are something else. */
export function sightRecords(sighter: Sighter, records: string): Sighted | undefined {
  if (sighter.skim === undefined) return undefined
  const { take, sighted } = skimming(sighter, sighter.skim)
  return take(records) ? sighted() : undefined
}

/** `take` gets a text of whole records; false: it is something else, and what was taken is void. */
function skimming(sighter: Sighter, skim: Skim): { take(text: string): boolean; sighted(): Sighted } {
  const collection = sighter.collect()
  let text = ''
  const passed = (timeFrom: number, timeTo: number, idFrom: number, idTo: number) =>
    collection.pass(text, sighter.timeOf(text, timeFrom, timeTo), idFrom, idTo)
  const parsed = (message: string) => {
    const record = readJson(message)
    if (record === undefined || isWrapping(record)) return false
    collection.take(sighter.ofRecord(record, () => message, 0))
    return true
  }
  return {
    take(records) {
      text = records
      return skim(text, passed, parsed)
    },
    sighted: collection.sighted,
  }
}

/** Pieces end where a record does. */
function endOfPiece(bytes: Buffer, from: number, last: number): number {
  if (from + PIECE >= last) return last
  const before = bytes.lastIndexOf(NEXT_RECORD, from + PIECE, 'latin1')
  if (before > from) return before
  const after = bytes.indexOf(NEXT_RECORD, from + PIECE, 'latin1')
  return after < 0 ? last : after
}

/** The records are ASCII as a rule, and such bytes are a text almost as they are. */
export function textOf(bytes: Buffer): string {
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')
}

function recordsIn(text: string): readonly Json[] | undefined {
  if (!text.startsWith(FIRST)) return undefined
  try {
    const { Records } = JSON.parse(text) as { readonly Records?: Json }
    return Array.isArray(Records) ? Records : undefined
  } catch {
    return undefined
  }
}
