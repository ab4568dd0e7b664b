/** How far a backtest is: what was read, at which rate, and how long it will take. */

import type { BacktestResult } from '../../backtest/result.ts'
import type { CommandContext } from '../../context.ts'
import { thousands } from '../../counted.ts'

/** A line that changes more often is not read. */
const EVERY_MS = 250

const LABEL = 'events'

export function createBacktestProgress({ clock, progress }: Pick<CommandContext, 'clock' | 'progress'>): {
  /** `bytes`: what was read so far, uncompressed, where that is known. */
  moved(part: number | undefined, text: string, bytes?: number): void
  done(result: BacktestResult): void
} {
  const started = clock.now().getTime()
  let last = Number.NEGATIVE_INFINITY
  // The first file may be a long one.
  progress.working(LABEL, 'reading')
  return {
    moved(part, text, bytes) {
      const now = clock.now().getTime()
      if (now - last < EVERY_MS) return
      last = now
      progress.working(LABEL, `${text}${rate(bytes, now - started)}${timeLeft(part, now - started)}`)
    },
    done({ events, bytes }) {
      const spent = Math.max(1, clock.now().getTime() - started)
      progress.working(LABEL, 'counted')
      progress.done(LABEL, 'good', `${thousands(events)} counted, ${(bytes / 1e6).toFixed(1)} MB${rate(bytes, spent)}`)
    },
  }
}

/** Bytes in milliseconds; nothing before there are some. */
function rate(bytes: number | undefined, spent: number): string {
  return bytes === undefined || bytes === 0 || spent === 0 ? '' : `, ${thousands(Math.round(bytes / 1e3 / spent))} MB/s`
}

/** Nothing in the first seconds, and nothing that a guess would say worse than silence. */
function timeLeft(part: number | undefined, spent: number): string {
  if (part === undefined || part <= 0.01 || spent < 2_000) return ''
  const seconds = Math.ceil(((spent / part) * (1 - Math.min(1, part))) / 1000)
  const left = seconds < 100 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
  return `, ${Math.floor(part * 100)} %, ${left} left`
}
