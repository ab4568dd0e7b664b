import { describe, expect, it } from 'vitest'
import { createBacktestProgress } from '../../../src/commands/backtest/progress.ts'

function watched() {
  let now = 0
  const said: string[] = []
  const progress = { working: (_label: string, text: string) => said.push(text) } as never
  const clock = { now: () => new Date(now), sleep: async () => {} }
  const { moved } = createBacktestProgress({ clock, progress })
  return {
    said,
    at(milliseconds: number, ...what: Parameters<typeof moved>) {
      now = milliseconds
      moved(...what)
    },
  }
}

describe('the progress of a backtest', () => {
  it('has rate and time left, each as soon as it is known', () => {
    const { said, at } = watched()
    at(300, undefined, '9 events in 1 file')
    at(1_000, 0.1, '10 events in 1 file', 84_000_000)
    at(1_100, 0.2, 'too soon to be read', 90_000_000)
    at(4_000, 0.25, '40 events in 3 files', 2_000_000_000)
    at(60_000, 0.25, '50 events in 4 files', 6_000_000_000)
    expect(said).toEqual([
      'reading',
      '9 events in 1 file',
      '10 events in 1 file, 84 MB/s',
      '40 events in 3 files, 500 MB/s, 25 %, 12 s left',
      '50 events in 4 files, 100 MB/s, 25 %, 3 min left',
    ])
  })
})
