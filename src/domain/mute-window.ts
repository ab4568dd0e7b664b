/** When the window of an alarm mute rule ends (CloudWatch API reference, Schedule). */

import { Cron } from 'croner'

export interface MuteSchedule {
  /** `cron(Minutes Hours Day-of-month Month Day-of-week)`, or `at(yyyy-MM-ddThh:mm)`. */
  readonly expression: string
  /** An IANA name; UTC where AWS names none. */
  readonly timezone: string
  /** ISO 8601, from `PT1M` to `P15D`. */
  readonly duration: string
}

/** Windows of one rule that begin within its longest duration: 15 days of minutes. */
const MOST_STARTS = 15 * 24 * 60

/** The end of the window that holds `now`; undefined where the schedule cannot be read, or has no window now. */
export function muteWindowEnd({ expression, timezone, duration }: MuteSchedule, now: Date): Date | undefined {
  const lasts = durationMs(duration)
  if (lasts === undefined) return undefined
  try {
    const starts = cronOf(expression, timezone)
    const start = starts === undefined ? undefined : latestStart(starts, lasts, now)
    return start === undefined ? undefined : new Date(start.getTime() + lasts)
  } catch {
    // croner throws for fields and time zones that do not exist.
    return undefined
  }
}

/** The last start within one duration before `now`: one exactly that long ago has just ended. */
function latestStart(starts: Cron, lasts: number, now: Date): Date | undefined {
  let latest: Date | undefined
  let start = starts.nextRun(new Date(now.getTime() - lasts))
  for (let seen = 0; start !== null && start <= now && seen < MOST_STARTS; seen += 1) {
    latest = start
    start = starts.nextRun(start)
  }
  return latest
}

function cronOf(expression: string, timezone: string): Cron | undefined {
  const [, kind, inner = ''] = /^(cron|at)\((.*)\)$/.exec(expression.trim()) ?? []
  // Five fields; EventBridge's six, with a year, are another language.
  if (kind === undefined || (kind === 'cron' && inner.trim().split(/\s+/).length !== 5)) return undefined
  return new Cron(kind === 'at' ? withSeconds(inner) : inner, { timezone, paused: true })
}

function withSeconds(time: string): string {
  return /T\d\d:\d\d$/.test(time) ? `${time}:00` : time
}

const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/

function durationMs(text: string): number | undefined {
  const parts = DURATION.exec(text)?.slice(1)
  if (parts === undefined) return undefined
  const [weeks, days, hours, minutes, seconds] = parts.map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const total = ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
  return total > 0 ? total : undefined
}
