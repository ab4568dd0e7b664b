/** What CloudWatch does with alarms: works out their state each minute, acts on a change, and writes the history. */
import {
  type AlarmSettings,
  COMPARISON_OPERATORS,
  type Datapoint,
  datapoints,
  evaluationRange,
  judge,
  STATISTICS,
} from '../../domain/alarm-state.ts'
import { alarmArnOf, notification, reasonData, reasonOf, regionName } from './alarm-message.ts'
import type { OperationContext } from './context.ts'
import { MINUTE, metricOf, minuteOf, pointsBetween } from './metrics.ts'
import { alarmRefusal, publish } from './sns-publishing.ts'
import type { AlarmState, AlarmValue } from './state.ts'

export interface AlarmTransition {
  readonly value: AlarmValue
  readonly reason: string
  readonly data: string | null
}

/** Works the alarm out anew as of the context's moment. */
export function resetAlarm(context: OperationContext, alarm: AlarmState): void {
  const settings = settingsOf(alarm)
  if (settings === undefined) return
  const range = rangeOf(context, alarm, settings)
  const values = range.map((point) => point.value)
  const value = judge(values, settings, alarm.value)
  if (value === alarm.value) return
  changeState(context, alarm, { value, reason: reasonOf(range, settings, value), data: reasonData(range, alarm) })
}

/** Puts the alarm into another state, writes that down, and runs the actions of the new state. */
export function changeState(context: OperationContext, alarm: AlarmState, change: AlarmTransition): void {
  const { now } = context
  const old = alarm.value
  alarm.value = change.value
  alarm.reason = change.reason
  alarm.reasonData = change.data
  alarm.updatedAt = now
  if (old === change.value) return
  alarm.transitionedAt = now
  const stateUpdate = {
    oldState: { stateValue: old },
    newState: { stateValue: alarm.value, stateReason: alarm.reason },
  }
  writeHistory(context, alarm, 'StateUpdate', `Alarm updated from ${old} to ${alarm.value}`, stateUpdate)
  if (!alarm.actionsEnabled || isMuted(context, alarm)) return
  for (const action of actionsOf(alarm, alarm.value)) runAction(context, alarm, old, action)
}

export function writeHistory(
  context: OperationContext,
  alarm: AlarmState,
  type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action',
  summary: string,
  data: object,
): void {
  context.state.history.push({
    alarmArn: alarmArnOf(alarm),
    name: alarm.name,
    kind: 'MetricAlarm',
    region: alarm.region,
    at: context.now,
    type,
    // AWS cuts both off (CloudWatch API reference, AlarmHistoryItem).
    summary: summary.slice(0, 255),
    data: JSON.stringify({ version: '1.0', type, ...data }).slice(0, 4095),
  })
}

/** When the alarm can change no more by itself: its last data has left the evaluation range. */
export function quietFrom(context: Pick<OperationContext, 'state'>, alarm: AlarmState): number {
  const settings = settingsOf(alarm)
  const last = metricOf(context.state, seriesOf(alarm))?.latest ?? 0
  // A new alarm needs its first evaluation, and a set state one to fall back.
  const touched = Math.max(last, alarm.configuredAt, alarm.updatedAt)
  return settings === undefined ? 0 : touched + (evaluationRange(settings) * settings.period * 1000 + 2 * MINUTE)
}

function runAction(context: OperationContext, alarm: AlarmState, old: AlarmValue, action: string): void {
  const refusal = action.includes(':sns:') ? alarmRefusal(context, alarmArnOf(alarm), action) : 'unsupported action'
  const body = notification(alarm, old, context.now)
  const common = { actionState: refusal === undefined ? 'Succeeded' : 'Failed', notificationResource: action }
  if (refusal !== undefined) {
    const summary = `Failed to execute action ${action}. Received error: "${refusal}"`
    writeHistory(context, alarm, 'Action', summary, { ...common, error: refusal, publishedMessage: null })
    return
  }
  const topic = context.state.topics[action]
  if (topic === undefined) return
  const subject = `${alarm.value}: "${alarm.name}" in ${regionName(alarm.region)}`.slice(0, 99)
  const messageId = publish(context, action, topic, { subject, body: JSON.stringify(body), attributes: {} })
  const published = { messageId, publishedMessage: { default: JSON.stringify(body) } }
  writeHistory(context, alarm, 'Action', `Successfully executed action ${action}`, { ...common, ...published })
}

function actionsOf(alarm: AlarmState, value: AlarmValue): readonly string[] {
  if (value === 'ALARM') return alarm.alarmActions
  return value === 'OK' ? alarm.okActions : alarm.insufficientDataActions
}

function isMuted({ state, now }: OperationContext, alarm: AlarmState): boolean {
  return Object.values(state.muteRules).some(
    (rule) =>
      rule.region === alarm.region && rule.alarmNames.includes(alarm.name) && rule.from <= now && now < rule.until,
  )
}

function seriesOf(alarm: AlarmState) {
  return { region: alarm.region, namespace: alarm.namespace, name: alarm.metricName, dimensions: alarm.dimensions }
}

function rangeOf(context: OperationContext, alarm: AlarmState, settings: AlarmSettings): readonly Datapoint[] {
  const metric = metricOf(context.state, seriesOf(alarm))
  // An alarm that asks for a unit nobody publishes sees nothing.
  const visible = alarm.unit === null || metric?.unit === alarm.unit ? metric : undefined
  const end = minuteOf(context.now)
  const from = end - evaluationRange(settings) * settings.period * 1000
  return datapoints(pointsBetween(visible, from, end), settings, end)
}

const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const

/** Percentiles and anomaly bands are not worked out: such an alarm keeps its state. */
function settingsOf(alarm: AlarmState): AlarmSettings | undefined {
  const statistic = STATISTICS.find((name) => name === alarm.statistic)
  const comparisonOperator = COMPARISON_OPERATORS.find((name) => name === alarm.comparison)
  if (statistic === undefined || comparisonOperator === undefined) return undefined
  return {
    period: alarm.period,
    evaluationPeriods: alarm.evaluationPeriods,
    datapointsToAlarm: alarm.datapointsToAlarm ?? alarm.evaluationPeriods,
    statistic,
    comparisonOperator,
    threshold: alarm.threshold,
    treatMissingData: TREATMENTS.find((name) => name === alarm.treatMissingData) ?? 'missing',
  }
}
