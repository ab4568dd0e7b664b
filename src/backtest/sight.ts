/** From records and messages to sightings: when it happened, which detections match, who did it. */

import type { Detection } from '../detections/detection.ts'
import { isObject, type Json, type JsonObject, readJson } from '../patterns/match/json-value.ts'
import { compileForEvents, compileMany } from '../patterns/match/match.ts'
import { parsePattern } from '../patterns/parse/parse.ts'
import type { Pattern } from '../patterns/pattern.ts'
import { insideOf, unwrapped } from '../patterns/unwrap.ts'
import { createTimeReader, textAt } from './record.ts'
import { createSkim, type Skim } from './skim.ts'
import type { Sighting } from './tally.ts'

export interface Sighter {
  /** Of a message; undefined for what is no CloudTrail record. `at`: its log timestamp, where there is one. */
  ofMessage(message: string, at?: number): Sighting | undefined
  /** Of a record that is parsed already; `message` gives its text, which a number's spelling may ask for. */
  ofRecord(record: JsonObject, message: (index: number) => string, index: number): Sighting | undefined
  /** Whether no pattern looks at the text of a message, so that records need not be cut out. */
  readonly onRecords: boolean
  /** Passes over records that nothing can match, where all patterns allow for it. */
  readonly skim: Skim | undefined
  /** A record that nothing matches. */
  passed(time: string, id: string): Sighting | undefined
}

/** Takes detections whose patterns AWS accepts. */
export function createSighter(detections: readonly Detection[]): Sighter {
  const patterns = detections.map(({ paging }) => patternOf(paging.pattern))
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
    passed(told, id) {
      const time = timeOf(told)
      return time === undefined ? undefined : { time, id: id === '' ? undefined : id, matches: NONE, record: EMPTY }
    },
    onRecords: patterns.every(({ kind }) => kind === 'json'),
    ofMessage(message, at) {
      const record = readJson(message)
      return record === undefined ? undefined : sighting(record, onText(message), at)
    },
    ofRecord: (record, message, index) => sighting(record, onRecord(record) ?? onText(message(index)), undefined),
  }
}

const NONE: readonly number[] = []
const EMPTY: JsonObject = {}

export interface Sighted {
  readonly sightings: readonly Sighting[]
  /** Messages that are no CloudTrail record. */
  readonly skipped: number
}

/** The sightings of messages, unwrapped where they are wrapped. */
export function sightMessages(sighter: Sighter, messages: readonly string[]): Sighted {
  const sightings: Sighting[] = []
  let skipped = 0
  for (const message of messages) {
    for (const inner of unwrapped(message) ?? [message]) {
      const sighting = sighter.ofMessage(inner)
      if (sighting === undefined) skipped += 1
      else sightings.push(sighting)
    }
  }
  return { sightings, skipped }
}

/**
 * The sightings of a text that is a file of CloudTrail, parsed once as a whole; undefined when it is something else.
 * `cut` gives the texts of its records, which is asked for only where a spelling decides.
 */
export function sightFile(
  sighter: Sighter,
  text: string,
  cut: (text: string) => readonly string[],
): Sighted | undefined {
  const skimmed = sighter.skim === undefined ? undefined : skimFile(sighter, sighter.skim, text)
  if (skimmed !== undefined) return skimmed
  const records = sighter.onRecords ? recordsIn(text) : undefined
  if (records === undefined) return undefined
  let texts: readonly string[] | undefined
  const textOf = (index: number) => {
    texts ??= cut(text)
    return texts[index] ?? ''
  }
  const sightings: Sighting[] = []
  let skipped = 0
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index]
    if (!isObject(record) || insideOf(record) !== undefined) return undefined
    const sighting = sighter.ofRecord(record, textOf, index)
    if (sighting === undefined) skipped += 1
    else sightings.push(sighting)
  }
  return { sightings, skipped }
}

function skimFile(sighter: Sighter, skim: Skim, text: string): Sighted | undefined {
  const sightings: Sighting[] = []
  let skipped = 0
  const take = (sighting: Sighting | undefined) => {
    if (sighting === undefined) skipped += 1
    else sightings.push(sighting)
  }
  const passed = (time: string, id: string) => take(sighter.passed(time, id))
  const parsed = (message: string) => {
    const record = readJson(message)
    if (record === undefined || insideOf(record) !== undefined) return false
    take(sighter.ofRecord(record, () => message, 0))
    return true
  }
  return skim(text, passed, parsed) ? { sightings, skipped } : undefined
}

function recordsIn(text: string): readonly Json[] | undefined {
  if (!text.startsWith('{"Records":[')) return undefined
  try {
    const { Records } = JSON.parse(text) as { readonly Records?: Json }
    return Array.isArray(Records) ? Records : undefined
  } catch {
    return undefined
  }
}

function patternOf(text: string): Pattern {
  const parsed = parsePattern(text)
  if (parsed.validity === 'refused') throw new Error(`pattern was not judged before: ${text}`)
  return parsed.pattern
}
