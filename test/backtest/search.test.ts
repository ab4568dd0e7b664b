import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCutter } from '../../src/backtest/cutter.ts'
import { type ArchivePart, createSearch, searchLong } from '../../src/backtest/search.ts'
import { type Sighted, sightMessages } from '../../src/backtest/sight.ts'
import { soughtOf } from '../../src/backtest/sought.ts'
import { filesOf } from '../../src/cli/platform.ts'
import { catalogue } from '../../src/detections/catalogue.ts'
import { variations } from '../athena/records.ts'

const START = Date.UTC(2026, 0, 5)
const WINDOW = { from: START / 60_000, to: START / 60_000 + 1_440 }
const search = createSearch(
  { sought: soughtOf(catalogue), window: WINDOW },
  filesOf(() => process.stdin),
)
const records = variations(300, START, 3).map((record) => {
  const { eventVersion, userIdentity, eventTime, eventSource, eventName, ...rest } = record
  // In the order in which CloudTrail writes them.
  return JSON.stringify({ eventVersion, userIdentity, eventTime, eventSource, eventName, ...rest })
})

/** Streams a file in chunks of this many bytes. */
async function stream(content: string, chunk: number): Promise<readonly ArchivePart[]> {
  const bytes = Buffer.from(content)
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
  }
  const long = { kind: 'long', path: 'long.json', bytes: chunks(), close: async () => {} } as const
  const parts: ArchivePart[] = []
  for await (const part of searchLong(long, search, new AbortController().signal)) parts.push(part)
  return parts
}

/** Of all pieces together: times, ids, and the records that match, by their times. */
function summary(pieces: readonly Sighted[]) {
  const numbers = (of: (piece: Sighted) => Iterable<number>) => pieces.flatMap((piece) => [...of(piece)])
  const matches = pieces.flatMap(({ sightings }) =>
    sightings.matches.map(({ at, ...match }) => ({ ...match, time: sightings.times[at] })),
  )
  const times = numbers(({ sightings }) => sightings.times)
  const ids = numbers(({ sightings }) => sightings.ids)
  return { times, ids, matches, skipped: pieces.reduce((sum, { skipped }) => sum + skipped, 0) }
}

describe('a file that is too long to hold', { timeout: 60_000 }, () => {
  it('gives what its records give one by one, in chunks of any size, cut off anywhere, and with something else in it', async () => {
    const strange = fc.constantFrom(
      '{"eventVersion":"1.11","eventTime":"2026-01-05T10:00:00Z","eventName":"Stop\\u004cogging"}',
      '{ "eventVersion": "1.11", "eventTime": "2026-01-05T10:00:00Z" }',
      '7',
    )
    const some = fc.subarray(records, { minLength: 1 })
    const length = fc.double({ min: 0.2, max: 1, noNaN: true })
    await fc.assert(
      fc.asyncProperty(
        some,
        fc.option(strange, { freq: 2 }),
        fc.option(length),
        fc.integer({ min: 500, max: 40_000 }),
        async (texts, odd, part, chunk) => {
          const all =
            odd === null ? texts : [...texts.slice(0, texts.length >> 1), odd, ...texts.slice(texts.length >> 1)]
          const whole = `{"Records":[${all.join(',')}]}`
          const content = part === null ? whole : whole.slice(0, Math.floor(whole.length * part))
          const parts = await stream(content, chunk)
          const pieces = parts.flatMap((one) => (one.kind === 'events' ? [one] : []))
          const expected = [sightMessages(search.sighter, createCutter().feed(content))]
          expect(summary(pieces)).toEqual(summary(expected))
          expect(parts.at(-1)).toMatchObject({ kind: 'file', bytes: Buffer.byteLength(content) })
          expect(parts.some(({ kind }) => kind === 'skipped')).toBe(content !== whole)
        },
      ),
      { numRuns: 60 },
    )
  })
})
