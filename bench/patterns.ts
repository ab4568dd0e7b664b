/** Events a second through one pattern and through many, beside `JSON.parse` of the same lines as the limit. */
import { catalogue } from '../src/detections/catalogue.ts'
import { compile, compileMany } from '../src/patterns/match/match.ts'
import { parsePattern } from '../src/patterns/parse/parse.ts'
import type { Pattern } from '../src/patterns/pattern.ts'
import { cloudTrailMessages } from './events.ts'
import { median, printed, type Section, times } from './report.ts'

const EVENTS = 20_000
/** Events a turn: short enough that a busy machine disturbs neighbouring turns alike. */
const SLICE = 1_000
const ROUNDS = 20

interface Run {
  readonly name: string
  readonly work: (message: string) => unknown
}

const patterns = catalogue.map(({ id, paging }) => ({ id, pattern: parse(paging.pattern) }))
const all = patterns.map(({ pattern }) => pattern)
// This one asks for no event name, so that every event must be looked at.
const one = patterns.filter(({ id }) => id === 'root-account-usage').map(({ pattern }) => compile(pattern))

const runs: readonly Run[] = [
  { name: 'JSON.parse alone', work: (message) => JSON.parse(message) },
  ...one.map((work) => ({ name: '1 pattern', work })),
  { name: `${all.length} patterns`, work: compileMany(all) },
  { name: `${all.length * 4} patterns`, work: compileMany([...all, ...all, ...all, ...all]) },
]

const messages = cloudTrailMessages(EVENTS)

export async function patternThroughput(): Promise<Section> {
  const bytes = messages.reduce((sum, message) => sum + message.length, 0)
  const turns = measure()
  return {
    title: 'Patterns',
    about: `${EVENTS.toLocaleString('en-US')} events of ${Math.round(bytes / EVENTS)} bytes each, median of ${(ROUNDS * EVENTS) / SLICE} turns. \`npm run bench:patterns\``,
    columns: ['', 'events a second', 'time beside JSON.parse'],
    rows: runs.map(({ name }, index) => [
      name,
      Math.round(SLICE / median(turns.map((turn) => turn[index] ?? 0))).toLocaleString('en-US'),
      times(median(turns.map((turn) => (turn[index] ?? 0) / (turn[0] ?? 1)))),
    ]),
  }
}

/** Seconds by turn and run; the first round, in which everything is still being compiled, does not count. */
function measure(): readonly (readonly number[])[] {
  const taken: (readonly number[])[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (let start = 0; start < EVENTS; start += SLICE) {
      const slice = messages.slice(start, start + SLICE)
      const turn = runs.map(({ work }) => secondsFor(slice, work))
      if (round > 0) taken.push(turn)
    }
  }
  return taken
}

function secondsFor(slice: readonly string[], work: Run['work']): number {
  const start = performance.now()
  for (const message of slice) work(message)
  return (performance.now() - start) / 1000
}

function parse(text: string): Pattern {
  const parsed = parsePattern(text)
  if (parsed.validity === 'refused') throw new Error(`${parsed.message}: ${text}`)
  return parsed.pattern
}

if (process.argv[1] === import.meta.filename) await printed(patternThroughput)
