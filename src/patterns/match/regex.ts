/**
 * Regular expressions that cannot blow up: an alternative advances over the text once, with all its repetitions alive
 * together. Without groups it is a row of repeated character classes, so this needs no general automaton.
 */
import { type Meter, startCursor } from '../parse/cursor.ts'
import { type CharacterSet, type Item, parseRegex } from '../parse/regex-syntax.ts'

/** Whether the expression matches somewhere in the text, in time linear in the text. */
export type RegexTest = (text: string, meter?: Meter) => boolean

/** Takes what stands between the percent signs; throws the refusal of a faulty one, so parse the pattern first. */
export function compileRegex(source: string): RegexTest {
  const rows = parseRegex(source, 1, startCursor(source, 0, source.length, { steps: 0 }))
  return (text, meter = { steps: 0 }) => rows.some((row) => searchRow(row, text, meter))
}

/** Where the repetitions that are alive in one item began, oldest first; those before `first` have outlived their maximum. */
interface Runs {
  starts: number[]
  first: number
}

function searchRow(row: readonly Item[], text: string, meter: Meter): boolean {
  const runs = row.map((): Runs => ({ starts: [], first: 0 }))
  const anchored = row[0]?.kind === 'start'
  // `at` counts code units, `position` characters: a character outside of the first plane is one for `.`.
  for (let at = 0, position = 0; ; position += 1) {
    meter.steps += row.length + 1
    const edge = { first: at === 0, last: at === text.length }
    if (open(row, runs, position, edge)) return true
    if (edge.last || (anchored && runs.every(isDead))) return false
    const code = text.codePointAt(at) ?? 0
    consume(row, runs, code, position)
    at += code > 0xffff ? 2 : 1
  }
}

/** Opens every item that can begin here, and says whether the end of the row can be reached. */
function open(row: readonly Item[], runs: readonly Runs[], position: number, edge: { first: boolean; last: boolean }) {
  let reached = true
  for (let index = 0; index < row.length; index += 1) {
    const item = row[index]
    const run = runs[index]
    if (item === undefined || run === undefined) continue
    if (item.kind === 'start') reached &&= edge.first
    else if (item.kind === 'end') reached &&= edge.last
    else {
      // Without a maximum the oldest run stands for all later ones.
      if (reached && (item.max !== Number.POSITIVE_INFINITY || isDead(run))) run.starts.push(position)
      const oldest = run.starts[run.first]
      reached = (reached && item.min === 0) || (oldest !== undefined && position - oldest >= item.min)
    }
  }
  return reached
}

function consume(row: readonly Item[], runs: readonly Runs[], code: number, position: number): void {
  for (let index = 0; index < row.length; index += 1) {
    const item = row[index]
    const run = runs[index]
    if (run === undefined || item?.kind !== 'atom' || isDead(run)) continue
    if (!has(item.set, code)) run.starts = []
    while (!isDead(run) && position + 1 - (run.starts[run.first] ?? 0) > item.max) run.first += 1
    if (isDead(run)) {
      run.starts = []
      run.first = 0
    }
  }
}

function isDead(run: Runs): boolean {
  return run.first >= run.starts.length
}

function has(set: CharacterSet, code: number): boolean {
  return code < 256 ? set.table[code] === 1 : set.beyond
}
