/** The span of time that is looked at: from --since and --until to whole minutes. */

import { usage } from '../errors.ts'
import { MINUTE_MS, type MinuteWindow } from './timeline.ts'

const DAY_MS = 86_400_000

/** Two weeks: every day of the week twice. */
export const DEFAULT_DAYS = 14

/** Whether pages of this time say anything about a week: of less than a day they do not. */
export function isLongEnough({ from, to }: MinuteWindow): boolean {
  return to - from >= DAY_MS / MINUTE_MS
}

/** A time (milliseconds since the epoch) to the minute, as reports tell it. */
export function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`
}

/**
 * Both texts are what `parseTime` reads: an ISO date or time in UTC, or a duration before `now`. Without `since` it is
 * the two weeks before the end. Throws a usage error (exit 2).
 */
export function windowOf(
  said: { readonly since?: string | undefined; readonly until?: string | undefined },
  now: Date,
  parseTime: (text: string, now: Date) => Date | undefined,
): MinuteWindow {
  const read = (flag: string, text: string) => {
    const at = parseTime(text, now)
    if (at !== undefined) return at.getTime()
    throw usage(
      'time-unreadable',
      `${flag} "${text}" is neither a time nor a duration`,
      `for example ${flag} 14d or ${flag} 2026-01-15T10:00`,
    )
  }
  const to = said.until === undefined ? now.getTime() : read('--until', said.until)
  const from = said.since === undefined ? to - DEFAULT_DAYS * DAY_MS : read('--since', said.since)
  if (from >= to) {
    const shown = (at: number) => new Date(at).toISOString().slice(0, 16)
    throw usage('window-empty', `the time from ${shown(from)} to ${shown(to)} is empty`, 'put --since before --until')
  }
  return { from: Math.floor(from / MINUTE_MS), to: Math.ceil(to / MINUTE_MS) }
}
