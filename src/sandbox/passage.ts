/** The passage of time: deliveries, metrics and alarms are worked out for every minute that has gone by. */
import { quietFrom, settleAlarm } from './alarming.ts'
import type { World } from './context.ts'
import { MINUTE, minuteOf } from './metrics.ts'
import { deliver } from './recording.ts'

/** A pending subscription is removed after two days (AWS announcement of May 2023). */
const PENDING_MS = 48 * 3_600_000

/** Brings the account from where it was last settled up to `now`. */
export function pass(world: World, now: number): void {
  const { state } = world
  let minute = minuteOf(state.settledAt) + MINUTE
  while (minute <= now) {
    deliver(world, minute)
    for (const alarm of Object.values(state.alarms)) {
      settleAlarm({ ...world, now: minute, region: alarm.region }, alarm)
    }
    minute = nextMinute(world, minute, now)
  }
  deliver(world, now)
  state.settledAt = Math.max(state.settledAt, now)
  for (const subscription of Object.values(state.subscriptions)) {
    if (!subscription.confirmed && subscription.createdAt + PENDING_MS <= now) {
      delete state.subscriptions[subscription.arn]
    }
  }
}

/** The following minute, or, where nothing can happen any more, the last one of the stretch. */
function nextMinute(world: World, minute: number, now: number): number {
  const { state } = world
  const busyUntil = Math.max(
    ...Object.values(state.alarms).map((alarm) => quietFrom(world, alarm)),
    ...(state.undelivered.length > 0 ? [Number.POSITIVE_INFINITY] : []),
    0,
  )
  return minute < busyUntil ? minute + MINUTE : Math.max(minute + MINUTE, minuteOf(now))
}
