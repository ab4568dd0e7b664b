/** The drill over half of the chain: the alarm is put into ALARM by hand, and everything after it is real. */

import { setAlarmState } from '../aws/readers/alarm-history.ts'
import type { AlarmSnapshot } from '../domain/snapshot.ts'
import { failed } from '../errors.ts'
import { toolCommand } from '../options/next-command.ts'
import type { DrillHop } from './hop.ts'
import type { Target } from './target.ts'
import {
  alarmHop,
  type Drill,
  incidentHops,
  okHop,
  readAlarmNow,
  secondsUntilOk,
  subscriptionHop,
  topicHop,
} from './timeline.ts'

/** Seconds; the history has it within moments. */
const ALARM_S = 60
const OK_S = 120

const SET_UNSEEN = 'CloudWatch accepted the state, but the alarm history does not show it'

/** The words by which a drill is recognised wherever its reason is quoted. */
export function drillText(id: string): string {
  return `drill ${id}`
}

/** The hops; `start` has to have run before the first is looked at. */
export function alarmStateHops(drill: Drill): readonly DrillHop[] {
  // An evaluation in between may take the alarm over, and then it takes its own time.
  const untilOk = OK_S + secondsUntilOk(drill.target.alarm)
  const { opened, resolved } = incidentHops(drill, untilOk)
  return [
    alarmHop(drill, ALARM_S, async () => ({ status: 'unknown', detail: SET_UNSEEN })),
    topicHop(drill),
    subscriptionHop(drill),
    opened,
    okHop(drill, untilOk, () => putBack(drill.target, drill.id, true)),
    resolved,
  ]
}

/** Throws `alarm-is-up` for an alarm in ALARM: its incident is real, and a drill would resolve it. */
export function refuseWhileUp(alarm: AlarmSnapshot | undefined): void {
  if (alarm?.state !== 'ALARM') return
  throw failed(
    'alarm-is-up',
    `alarm ${alarm.name} is already in ALARM (${alarm.stateReason}), so a drill must not change it`,
    ['see why: ', toolCommand('events', {}, [alarm.name])],
  )
}

/** Puts the alarm into ALARM, with a reason that says what it is. */
export async function start(target: Target, id: string): Promise<void> {
  // A person may have thought about the page for a while.
  refuseWhileUp(await readAlarmNow(target))
  const reason = `This is a drill (${drillText(id)} by cloudtrail-pd): nothing has happened, and no action is needed. It resolves automatically.`
  await setAlarmState(target.aws, target.alarm.name, 'ALARM', reason)
}

/**
 * Puts the alarm back to OK if it is still up because of this drill; a real ALARM is left alone. True: it was.
 * `midway`: the OK has not been announced, so an alarm that fell back to INSUFFICIENT_DATA is put to OK as well:
 * that state would leave the incident open (Amazon CloudWatch integration guide).
 */
export async function putBack(target: Target, id: string, midway: boolean): Promise<boolean> {
  const alarm = await readAlarmNow(target)
  // What cannot be read is up by the drill for all that is known; CloudWatch sets a real ALARM again by itself.
  if (alarm === undefined && !midway) return false
  if (alarm !== undefined) {
    const up = alarm.state === 'ALARM' && alarm.stateReason.includes(drillText(id))
    if (!up && !(midway && alarm.state === 'INSUFFICIENT_DATA')) return false
  }
  await setAlarmState(target.aws, target.alarm.name, 'OK', `The ${drillText(id)} by cloudtrail-pd is over.`)
  return true
}
