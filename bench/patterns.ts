/** Events a second through one pattern and through many, beside `JSON.parse` of the same lines as the limit. */
import { catalogue } from '../src/detections/catalogue.ts'
import { compile, compileMany } from '../src/pattern/match.ts'
import { parsePattern } from '../src/pattern/parse.ts'
import type { Pattern } from '../src/pattern/pattern.ts'
import { cloudTrailMessages } from './events.ts'

const EVENTS = 20_000
const ROUNDS = 15

const patterns = catalogue.map(({ paging }) => parse(paging.pattern))
const messages = cloudTrailMessages(EVENTS)
const bytes = messages.reduce((sum, message) => sum + message.length, 0)
const [one] = patterns
if (one === undefined) throw new Error('no patterns')

const double = [...patterns, ...patterns]
const runs: readonly { readonly name: string; readonly work: (message: string) => unknown }[] = [
  { name: 'JSON.parse alone', work: (message) => JSON.parse(message) },
  { name: '1 pattern', work: compile(one) },
  { name: `${patterns.length} patterns`, work: compileMany(patterns) },
  { name: `${double.length} patterns`, work: compileMany(double) },
]

console.log(`${EVENTS} events, ${Math.round(bytes / EVENTS)} bytes each, best of ${ROUNDS} rounds`)
const best = measure()
for (const [index, { name }] of runs.entries()) {
  const seconds = best[index] ?? 0
  const rate = Math.round(EVENTS / seconds).toLocaleString('en-US')
  console.log(`${name.padEnd(18)} ${rate.padStart(9)} events/s   ${(seconds / (best[0] ?? 1)).toFixed(2)} × JSON.parse`)
}

/** The best round of each, in seconds; they take turns, so that a busy machine disturbs all of them alike. */
function measure(): readonly number[] {
  const least = runs.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, { work }] of runs.entries()) {
      const start = performance.now()
      for (const message of messages) work(message)
      least[index] = Math.min(least[index] ?? 0, (performance.now() - start) / 1000)
    }
  }
  return least
}

function parse(text: string): Pattern {
  const parsed = parsePattern(text)
  if (parsed.validity === 'refused') throw new Error(`${parsed.message}: ${text}`)
  return parsed.pattern
}
