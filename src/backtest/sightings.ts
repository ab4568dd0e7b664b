/** The records of a file as numbers side by side: nearly all of them match nothing and are a time and an id. */

import { writeFingerprint } from './duplicates.ts'
import type { Match } from './record.ts'

export interface Sightings {
  /** Milliseconds since the epoch, one number a record. */
  readonly times: Float64Array
  /** Fingerprints, two numbers a record; 0 and 0: it has no id. */
  readonly ids: Uint32Array
  /** In the order of the records. */
  readonly matches: readonly PlacedMatch[]
}

export interface PlacedMatch extends Match {
  /** Position of its record. */
  readonly at: number
}

export interface SightingsBuilder {
  /** A record; its id is what stands in `text` between the two positions, none where they are one. */
  add(time: number, text: string, idFrom: number, idTo: number): void
  /** Of the record that was added last. */
  match(match: Match): void
  /** What was added since the last time. */
  take(): Sightings
}

export function createSightingsBuilder(): SightingsBuilder {
  let count = 0
  let times = new Float64Array(4_096)
  let ids = new Uint32Array(2 * times.length)
  let matches: PlacedMatch[] = []
  return {
    add(time, text, idFrom, idTo) {
      if (count === times.length) {
        times = grown(times, new Float64Array(2 * count))
        ids = grown(ids, new Uint32Array(4 * count))
      }
      times[count] = time
      writeFingerprint(text, idFrom, idTo, ids, 2 * count)
      count += 1
    },
    match(match) {
      matches.push({ ...match, at: count - 1 })
    },
    take() {
      const taken = { times: times.slice(0, count), ids: ids.slice(0, 2 * count), matches }
      count = 0
      matches = []
      return taken
    },
  }
}

function grown<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from)
  return to
}
