/** Amazon CloudWatch: making and changing alarms. */

import type {
  DeleteAlarmsInput,
  DisableAlarmActionsInput,
  PutCompositeAlarmInput,
  PutLogAlarmInput,
  PutMetricAlarmInput,
  SetAlarmStateInput,
} from '@aws-sdk/client-cloudwatch'
import { awsFault } from '../../../aws/backend.ts'
import { parseArn } from '../../../domain/names.ts'
import { changeState, writeHistory } from '../alarm-evaluation.ts'
import { arn, type OperationContext, type Operations, tagRecord } from '../context.ts'
import { type AlarmState, PARTITION } from '../state.ts'

export const alarmWrites: Operations = {
  PutMetricAlarm: putMetricAlarm,
  PutCompositeAlarm: putCompositeAlarm,
  PutLogAlarm: putLogAlarm,
  DeleteAlarms: deleteAlarms,
  SetAlarmState: setAlarmState,
  DisableAlarmActions: disableAlarmActions,
}

/** Create, or overwrite everything but the state; tags are taken at creation only. */
function putMetricAlarm(input: PutMetricAlarmInput, context: OperationContext): object {
  checkAlarm(input, context)
  const { state, region, now } = context
  const name = input.AlarmName ?? ''
  const key = arn('cloudwatch', region, `alarm:${name}`)
  const existing = state.alarms[key]
  const alarm: AlarmState = {
    name,
    region,
    description: input.AlarmDescription ?? null,
    configuredAt: now,
    actionsEnabled: input.ActionsEnabled ?? true,
    okActions: [...(input.OKActions ?? [])],
    alarmActions: [...(input.AlarmActions ?? [])],
    insufficientDataActions: [...(input.InsufficientDataActions ?? [])],
    value: existing?.value ?? 'INSUFFICIENT_DATA',
    reason: existing?.reason ?? 'Unchecked: Initial alarm creation',
    reasonData: existing?.reasonData ?? null,
    updatedAt: existing?.updatedAt ?? now,
    transitionedAt: existing?.transitionedAt ?? now,
    namespace: input.Namespace ?? '',
    metricName: input.MetricName ?? '',
    statistic: input.Statistic ?? null,
    extendedStatistic: input.ExtendedStatistic ?? null,
    dimensions: (input.Dimensions ?? []).map(({ Name = '', Value = '' }) => ({ name: Name, value: Value })),
    period: input.Period ?? 0,
    unit: input.Unit ?? null,
    evaluationPeriods: input.EvaluationPeriods ?? 0,
    datapointsToAlarm: input.DatapointsToAlarm ?? null,
    threshold: input.Threshold ?? 0,
    comparison: input.ComparisonOperator ?? '',
    treatMissingData: input.TreatMissingData ?? null,
    tags: existing?.tags ?? tagRecord(input.Tags),
  }
  state.alarms[key] = alarm
  const done = existing === undefined ? 'created' : 'updated'
  writeHistory(context, alarm, 'ConfigurationUpdate', `Alarm "${name}" ${done}`, { updatedAlarm: { alarmName: name } })
  return {}
}

function checkAlarm(input: PutMetricAlarmInput, context: OperationContext): void {
  const { Period = 0, EvaluationPeriods = 0, DatapointsToAlarm = EvaluationPeriods } = input
  const name = input.AlarmName ?? ''
  if (name === '' || name.length > 255) throw invalid('AlarmName must have 1 to 255 characters')
  if ((input.AlarmDescription ?? '').length > 1024) throw invalid('AlarmDescription must have at most 1024 characters')
  if (input.Namespace === undefined || input.MetricName === undefined)
    throw invalid('Namespace and MetricName are needed')
  if (input.Metrics !== undefined) throw invalid('The sandbox does not work out metric math')
  if (![10, 20, 30].includes(Period) && (Period <= 0 || Period % 60 !== 0)) {
    throw invalid(`Period ${Period} must be 10, 20, 30 or a multiple of 60`)
  }
  if (EvaluationPeriods < 1 || Period * EvaluationPeriods > (Period < 3600 ? 86_400 : 604_800)) {
    throw invalid(`Metrics cannot be checked across more than a day or a week (${Period} x ${EvaluationPeriods})`)
  }
  if (DatapointsToAlarm < 1 || DatapointsToAlarm > EvaluationPeriods) {
    throw invalid('DatapointsToAlarm must lie between 1 and EvaluationPeriods')
  }
  const treatment = input.TreatMissingData ?? 'missing'
  if (!['breaching', 'notBreaching', 'ignore', 'missing'].includes(treatment)) {
    throw invalid(`Option ${treatment} is not supported for TreatMissingData`)
  }
  if ((input.Statistic === undefined) === (input.ExtendedStatistic === undefined)) {
    throw invalid('Exactly one of Statistic and ExtendedStatistic is needed')
  }
  for (const actions of [input.AlarmActions, input.OKActions, input.InsufficientDataActions]) {
    checkActions(actions ?? [], context)
  }
}

/** Only form and region of a target are looked at, never whether it exists (field case C21). */
function checkActions(actions: readonly string[], { region }: OperationContext): void {
  if (actions.length > 5) throw invalid('At most 5 actions are allowed for each state')
  if (new Set(actions).size < actions.length) throw invalid('Actions must be unique')
  for (const action of actions) {
    const target = parseArn(action)
    if (target?.partition !== PARTITION) throw invalid(`Invalid action ARN: ${action}`)
    if (target.service === 'sns' && target.region !== region) {
      throw invalid(`Invalid region ${target.region} specified. Only ${region} is supported.`)
    }
  }
}

/** Kept and listed; its query never runs. */
function putLogAlarm(input: PutLogAlarmInput, { state, region }: OperationContext): object {
  const name = input.AlarmName ?? ''
  state.logAlarms[arn('cloudwatch', region, `alarm:${name}`)] = {
    name,
    region,
    alarmActions: [...(input.AlarmActions ?? [])],
    logGroups: [...(input.ScheduledQueryConfiguration?.LogGroupIdentifiers ?? [])],
    query: input.ScheduledQueryConfiguration?.QueryString ?? '',
  }
  return {}
}

/** Kept and listed, so that suppression can be seen; its rule is never worked out. */
function putCompositeAlarm(input: PutCompositeAlarmInput, { state, region, now }: OperationContext): object {
  const name = input.AlarmName ?? ''
  state.composites[arn('cloudwatch', region, `alarm:${name}`)] = {
    name,
    region,
    rule: input.AlarmRule ?? '',
    actionsEnabled: input.ActionsEnabled ?? true,
    okActions: [...(input.OKActions ?? [])],
    alarmActions: [...(input.AlarmActions ?? [])],
    insufficientDataActions: [...(input.InsufficientDataActions ?? [])],
    suppressor: input.ActionsSuppressor ?? null,
    value: 'OK',
    updatedAt: now,
  }
  return {}
}

/** Names that are not known do not stop the others, and are no error. */
function deleteAlarms(input: DeleteAlarmsInput, context: OperationContext): object {
  const { state, region } = context
  for (const name of input.AlarmNames ?? []) {
    const key = arn('cloudwatch', region, `alarm:${name}`)
    const alarm = state.alarms[key]
    if (alarm !== undefined) {
      writeHistory(context, alarm, 'ConfigurationUpdate', `Alarm "${name}" deleted`, {
        deletedAlarm: { alarmName: name },
      })
    }
    delete state.alarms[key]
    delete state.composites[key]
  }
  return {}
}

/** Until the next evaluation, which puts a metric alarm back to its real state. */
function setAlarmState(input: SetAlarmStateInput, context: OperationContext): object {
  const alarm = alarmOf(context, input.AlarmName)
  if (alarm === undefined) throw awsFault('ResourceNotFound', 'Alarm not found', 404)
  const value = input.StateValue ?? ''
  if (value !== 'OK' && value !== 'ALARM' && value !== 'INSUFFICIENT_DATA') throw invalid(`Invalid state ${value}`)
  if ((input.StateReason ?? '').length > 1023) throw invalid('StateReason must have at most 1023 characters')
  changeState(context, alarm, { value, reason: input.StateReason ?? '', data: input.StateReasonData ?? null })
  return {}
}

function disableAlarmActions(input: DisableAlarmActionsInput, context: OperationContext): object {
  return setActions(input.AlarmNames ?? [], context, false)
}

function setActions(names: readonly string[], context: OperationContext, enabled: boolean): object {
  for (const name of names) {
    const alarm = alarmOf(context, name)
    if (alarm === undefined) continue
    alarm.actionsEnabled = enabled
    const summary = `Alarm "${name}" ${enabled ? 'enabled' : 'disabled'} actions`
    writeHistory(context, alarm, 'ConfigurationUpdate', summary, { updatedAlarm: { actionsEnabled: enabled } })
  }
  return {}
}

function alarmOf({ state, region }: OperationContext, name = ''): AlarmState | undefined {
  return state.alarms[arn('cloudwatch', region, `alarm:${name}`)]
}

export function taggedAlarm({ state }: OperationContext, resourceArn = ''): AlarmState {
  const alarm = state.alarms[resourceArn]
  if (alarm === undefined) throw awsFault('ResourceNotFoundException', `Unknown alarm ${resourceArn}`, 404)
  return alarm
}

/** CloudWatch models no error for bad input; SDK v3 shows it under this name. */
export function invalid(message: string) {
  return awsFault('ValidationException', message)
}
