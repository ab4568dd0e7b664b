/**
 * Every call of init, doctor --fix, destroy and test, with every kind of fault. By default a part of the cells, the same
 * in every run, in which each kind meets each operation; `FAULTS=all` runs the whole.
 */

import { describe, expect, it } from 'vitest'
import { KINDS } from './kinds.ts'
import { type Stage, SUBJECTS, stageFor } from './matrix.ts'

const whole = process.env.FAULTS === 'all'
/** Of each kind's calls, one in so many is tried. */
const STRIDE = 4
/** Runs wait for the SDK's retries most of the time. */
const AT_ONCE = 12

describe.each(SUBJECTS)('$command', (subject) => {
  it('tells the truth under every fault, and the next run finishes', async () => {
    const stage = await stageFor(subject)
    const cells = KINDS.flatMap((kind, row) =>
      Array.from({ length: stage.calls }, (_, at) => ({ kind, nth: at + 1 })).filter(
        ({ nth }) => whole || nth % STRIDE === row % STRIDE,
      ),
    )
    const broken = await inParallel(cells, stage)
    await stage.close()
    process.stderr.write(`${subject.command}: ${cells.length} faults tried, ${cells.length - broken.length} held\n`)
    expect(broken).toEqual([])
  }, 3_600_000)
})

async function inParallel(cells: readonly { kind: (typeof KINDS)[number]; nth: number }[], stage: Stage) {
  const broken: string[] = []
  const waiting = [...cells]
  const worker = async () => {
    for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
      const { kind, nth } = cell
      const why = await stage.tried(kind, nth)
      if (why !== undefined) broken.push(`${kind.name} at call ${nth}: ${why}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return broken.sort()
}
