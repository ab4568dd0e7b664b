import { describe, expect, it } from 'vitest'
import { MinuteSeries } from '../../src/backtest/minutes.ts'
import { reachOf } from '../../src/backtest/reach.ts'

const DAY = 1_440
const FIRST = Date.UTC(2026, 0, 5) / 60_000
const ASKED = { from: FIRST, to: FIRST + 14 * DAY }

/** Hours of the window in which an event arrives. */
function arriving(...hours: readonly number[]): MinuteSeries {
  const arrivals = new MinuteSeries()
  for (const hour of hours) arrivals.add(FIRST + hour * 60)
  return arrivals
}

/** One an hour, from and to hours of the window. */
function hourly(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, at) => from + at)
}

const NOTHING_BEYOND = { earlier: false, later: false }

describe('how much of a window a source covers', () => {
  it('is all of it where events arrive from end to end', () => {
    expect(reachOf(arriving(...hourly(0, 336)), ASKED, NOTHING_BEYOND)).toEqual({ window: ASKED, notes: [] })
  })

  it('is what lies between its first and its last event, in whole hours', () => {
    const { window, notes } = reachOf(arriving(...hourly(100, 200)), ASKED, NOTHING_BEYOND)
    expect(window).toEqual({ from: FIRST + 100 * 60, to: FIRST + 200 * 60 })
    expect(notes).toEqual([
      'the source begins at 2026-01-09T04:00Z, later than requested: weeks are counted from there',
      'the source ends at 2026-01-13T07:00Z, earlier than requested: weeks are counted up to there',
    ])
  })

  it('is narrowed at the one end beyond which the source holds nothing', () => {
    const some = arriving(...hourly(100, 200))
    expect(reachOf(some, ASKED, { earlier: false, later: true }).window).toEqual({ from: FIRST + 6_000, to: ASKED.to })
    expect(reachOf(some, ASKED, { earlier: true, later: false }).window).toEqual({
      from: ASKED.from,
      to: FIRST + 200 * 60,
    })
  })

  it('holds a gap that is told where one event stands far from the others, or beyond that end', () => {
    const lone = reachOf(arriving(0, ...hourly(240, 336)), ASKED, NOTHING_BEYOND)
    const beyond = reachOf(arriving(...hourly(240, 336)), ASKED, { earlier: true, later: false })
    for (const { window, notes } of [lone, beyond]) {
      expect(window).toEqual(ASKED)
      expect(notes).toEqual([
        'no event from 2026-01-05T00:00Z to 2026-01-15T00:00Z: if files are missing there, pages a week are too low',
      ])
    }
  })

  it('tells the longest of several gaps, and how many others there are', () => {
    const { notes } = reachOf(arriving(0, 30, 100, 101, 180, 335), ASKED, NOTHING_BEYOND)
    expect(notes).toEqual([
      'no event from 2026-01-12T12:00Z to 2026-01-18T23:00Z, nor in 3 other spans of more than a day: if files are missing there, pages a week are too low',
    ])
  })
})
