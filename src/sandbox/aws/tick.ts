/** The passage of time: deliveries, metrics and alarms are worked out for every minute that has gone by. */
import { quietFrom, resetAlarm } from './alarm-evaluation.ts'
import type { SandboxAws } from './context.ts'
import { MINUTE, minuteOf } from './metrics.ts'
import { deliver } from './trail-delivery.ts'

/** A pending subscription is removed after two days (AWS announcement of May 2023). */
const PENDING_MS = 48 * 3_600_000

/** Brings the account from where it was last settled up to `now`. */
export function tick(aws: SandboxAws, now: number): void {
  const { state } = aws
  let minute = minuteOf(state.settledAt) + MINUTE
  while (minute <= now) {
    deliver(aws, minute)
    for (const alarm of Object.values(state.alarms)) {
      resetAlarm({ ...aws, now: minute, region: alarm.region }, alarm)
    }
    minute = nextMinute(aws, minute, now)
  }
  deliver(aws, now)
  state.settledAt = Math.max(state.settledAt, now)
  for (const subscription of Object.values(state.subscriptions)) {
    if (!subscription.confirmed && subscription.createdAt + PENDING_MS <= now) {
      delete state.subscriptions[subscription.arn]
    }
  }
}

/** When, after `from`, the account does something by itself: a delivery is due, or a minute may change an alarm. */
export function nextMoment(aws: SandboxAws, from: number): number {
  const due = aws.state.outbox.map((delivery) => Math.max(delivery.dueAt, from))
  const minute = from < busyUntil(aws) ? [minuteOf(from) + MINUTE] : []
  return Math.min(...due, ...minute)
}

/** The following minute, or, where nothing can happen any more, the last one of the stretch. */
function nextMinute(aws: SandboxAws, minute: number, now: number): number {
  return minute < busyUntil(aws) ? minute + MINUTE : Math.max(minute + MINUTE, minuteOf(now))
}

function busyUntil(aws: SandboxAws): number {
  const { alarms, undelivered } = aws.state
  if (undelivered.length > 0) return Number.POSITIVE_INFINITY
  return Math.max(0, ...Object.values(alarms).map((alarm) => quietFrom(aws, alarm)))
}
