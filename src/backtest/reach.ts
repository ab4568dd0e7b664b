/** How much of the time that was asked for a source really covers, by the events that it holds. */

import { counted } from '../counted.ts'
import type { MinuteSeries } from './minutes.ts'
import { MINUTE_MS, type MinuteWindow } from './timeline.ts'
import { timeText } from './window.ts'

/** Minutes without an event at either end of which nothing is said: no account is never still. */
const STILL = 6 * 60
/** Minutes without an event in between of which nothing is said. */
const GAP = 24 * 60

export interface Reach {
  readonly window: MinuteWindow
  readonly notes: readonly string[]
}

/**
 * A source that begins later or ends earlier than the window narrows it to whole hours, so that pages a week are those of
 * the time that was seen. `earlier`, `later`: it holds events beyond that end, so what lies between is a gap, which is said.
 */
export function reachOf(
  arrivals: MinuteSeries,
  asked: MinuteWindow,
  { earlier, later }: { readonly earlier: boolean; readonly later: boolean },
): Reach {
  const { first, last, gaps } = surveyed(arrivals, asked)
  if (first === undefined || last === undefined) return { window: asked, notes: [] }
  const begun = earlier ? { window: asked, notes: [] } : reachFrom(first, asked)
  const begins = begun.window !== asked
  const ends = !later && asked.to - last > STILL
  const to = ends ? Math.min(asked.to, Math.ceil((last + 1) / 60) * 60) : asked.to
  const within = [
    ...(begins ? [] : [{ from: asked.from, to: first }]),
    ...gaps,
    ...(ends ? [] : [{ from: last, to: asked.to }]),
  ].filter(({ from, to }) => to - from > GAP)
  return {
    window: { from: begun.window.from, to },
    notes: [
      ...begun.notes,
      ...(ends ? [`the source ends at ${shown(last)}, earlier than requested: weeks are counted up to there`] : []),
      ...gapNote(within),
    ],
  }
}

/** The same where all that is known is the first event; `first` in minutes since the epoch. */
export function reachFrom(first: number, asked: MinuteWindow): Reach {
  if (first - asked.from <= STILL) return { window: asked, notes: [] }
  return {
    window: { from: Math.max(asked.from, Math.floor(first / 60) * 60), to: asked.to },
    notes: [`the source begins at ${shown(first)}, later than requested: weeks are counted from there`],
  }
}

function surveyed(arrivals: MinuteSeries, { from, to }: MinuteWindow) {
  let first: number | undefined
  let last: number | undefined
  const gaps: MinuteWindow[] = []
  for (const [minute] of arrivals.minutes()) {
    if (minute < from || minute >= to) continue
    first ??= minute
    if (last !== undefined && minute - last > GAP) gaps.push({ from: last, to: minute })
    last = minute
  }
  return { first, last, gaps }
}

function gapNote(gaps: readonly MinuteWindow[]): readonly string[] {
  const [longest] = gaps.toSorted((a, b) => b.to - b.from - (a.to - a.from))
  if (longest === undefined) return []
  const others = gaps.length === 1 ? '' : `, nor in ${counted(gaps.length - 1, 'other span')} of more than a day`
  return [
    `no event from ${shown(longest.from)} to ${shown(longest.to)}${others}: if files are missing there, pages a week are too low`,
  ]
}

function shown(minute: number): string {
  return timeText(minute * MINUTE_MS)
}
