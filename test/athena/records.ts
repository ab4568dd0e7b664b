/** Records of CloudTrail for the comparison: the catalogue's examples and seeded variations of them. */

import { catalogue } from '../../src/detections/catalogue.ts'
import type { CloudTrailEvent, EventJson } from '../../src/detections/detection.ts'

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Columns of JSON text; everything else of a record is text, absent, or an object of texts. */
const FREE = ['requestParameters', 'responseElements', 'additionalEventData', 'serviceEventDetails']

const TEXTS = [
  '',
  'x',
  'é',
  '日本語',
  '\u{1F600}',
  "it's",
  '"quoted"',
  'a\\b',
  '*',
  '%',
  'AccessDenied',
  'true',
  'null',
  '0',
  '1',
  'Root',
]
const OTHERS: readonly EventJson[] = [
  null,
  true,
  false,
  0,
  1,
  1.5,
  -2,
  12_345_678,
  '1',
  '',
  'all',
  [],
  {},
  [null],
  ['all'],
  { a: 1 },
  [{ group: 'all' }],
  { '0': 'x' },
]

/** `count` records with different ids, within ten days from `start` (milliseconds). */
export function variations(count: number, start: number, seed: number): readonly CloudTrailEvent[] {
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const samples = catalogue.flatMap(({ ownEvents: [matchingEvent], neighborEvents: [otherEvent] }) => [
    matchingEvent,
    matchingEvent,
    otherEvent,
  ])
  const texts = [
    ...TEXTS,
    ...catalogue.flatMap(({ paging }) =>
      [...paging.pattern.matchAll(/"([^"]+)"/g)].map(([, text = '']) => text.replaceAll('*', pick(['', 'é']))),
    ),
  ]
  const changed = (value: EventJson, free: boolean): EventJson | undefined => {
    const chance = random()
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && chance > 0.02) {
      const entries = Object.entries(value).flatMap(([key, inner]) => {
        const next = random() < 0.8 ? inner : changed(inner, free || FREE.includes(key))
        return next === undefined ? [] : [[key, next] as const]
      })
      return Object.fromEntries(entries)
    }
    if (Array.isArray(value) && chance > 0.1) {
      const items = value.flatMap((item) => changed(item, free) ?? [])
      return random() < 0.3 ? [...items, ...items, pick(OTHERS)] : items
    }
    if (chance < 0.3) return undefined
    if (free && chance < 0.6) return pick(OTHERS)
    return free || typeof value === 'string' ? pick(texts) : value
  }
  return Array.from({ length: count }, (_, index) => {
    const sample = pick(samples)
    const record = index % 7 === 0 ? sample : (changed(sample, false) as CloudTrailEvent | undefined)
    const time = new Date(start + Math.floor(random() * 10 * 86_400) * 1000).toISOString().replace('.000Z', 'Z')
    return { ...(typeof record === 'object' ? record : sample), eventTime: time, eventID: `id-${seed}-${index}` }
  })
}
