/** How far a backtest is: what was read, at which rate, and how long it will take. */

import type { BacktestResult } from '../../backtest/result.ts'
import type { SourceRun } from '../../backtest/sources.ts'
import type { CommandContext } from '../../context.ts'
import { thousands } from '../../counted.ts'

/** A line that changes more often is not read. */
const EVERY_MS = 250

const LABEL = 'events'

export function createBacktestProgress({ clock, progress }: Pick<CommandContext, 'clock' | 'progress'>): {
  readonly moved: SourceRun['progress']
  done(result: BacktestResult): void
} {
  const started = clock.now().getTime()
  let last = Number.NEGATIVE_INFINITY
  // The first file may be a long one.
  progress.working(LABEL, 'reading')
  return {
    moved(part, text) {
      const now = clock.now().getTime()
      if (now - last < EVERY_MS) return
      last = now
      progress.working(LABEL, `${text}${timeLeft(part, now - started)}`)
    },
    done({ events, bytes }) {
      const seconds = Math.max(0.001, (clock.now().getTime() - started) / 1000)
      const rate = `${thousands(Math.round(bytes / 1e6 / seconds))} MB/s`
      progress.working(LABEL, 'counted')
      progress.done(LABEL, 'good', `${thousands(events)} counted, ${(bytes / 1e6).toFixed(1)} MB, ${rate}`)
    },
  }
}

/** Nothing in the first seconds, and nothing that a guess would say worse than silence. */
function timeLeft(part: number | undefined, spent: number): string {
  if (part === undefined || part <= 0.01 || spent < 2_000) return ''
  const seconds = Math.ceil(((spent / part) * (1 - Math.min(1, part))) / 1000)
  const left = seconds < 100 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
  return `, ${Math.floor(part * 100)} %, ${left} left`
}
