/** Amazon CloudWatch: alarms, their history, and metric data. */
import type {
  AlarmHistoryItem,
  CompositeAlarm,
  DeleteAlarmsInput,
  DescribeAlarmHistoryInput,
  DescribeAlarmHistoryOutput,
  DescribeAlarmsForMetricInput,
  DescribeAlarmsForMetricOutput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  DisableAlarmActionsInput,
  ListAlarmMuteRulesInput,
  ListAlarmMuteRulesOutput,
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  MetricAlarm,
  PutCompositeAlarmInput,
  PutMetricAlarmInput,
  SetAlarmStateInput,
  TagResourceInput,
  UntagResourceInput,
} from '@aws-sdk/client-cloudwatch'
import { awsFault } from '../../aws/backend.ts'
import { alarmArnOf, changeState, writeHistory } from '../alarming.ts'
import { arn, type Context, type Operations, optional, page, tagList, tagRecord } from '../context.ts'
import { type AlarmState, type CompositeState, type HistoryState, PARTITION } from '../state.ts'

export const cloudwatchAlarms: Operations = {
  PutMetricAlarm: putMetricAlarm,
  PutCompositeAlarm: putCompositeAlarm,
  DescribeAlarms: describeAlarms,
  DescribeAlarmsForMetric: describeAlarmsForMetric,
  DeleteAlarms: deleteAlarms,
  SetAlarmState: setAlarmState,
  DescribeAlarmHistory: describeAlarmHistory,
  EnableAlarmActions: enableAlarmActions,
  DisableAlarmActions: disableAlarmActions,
  ListAlarmMuteRules: listAlarmMuteRules,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
}

const HISTORY_KEPT_MS = 14 * 24 * 3_600_000

/** Create, or overwrite everything but the state; tags are taken at creation only. */
function putMetricAlarm(input: PutMetricAlarmInput, context: Context): object {
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

function checkAlarm(input: PutMetricAlarmInput, context: Context): void {
  const { Period = 0, EvaluationPeriods = 0, DatapointsToAlarm = EvaluationPeriods } = input
  const name = input.AlarmName ?? ''
  if (name === '' || name.length > 255) throw invalid('AlarmName must have 1 to 255 characters')
  if ((input.AlarmDescription ?? '').length > 1024) throw invalid('AlarmDescription must have at most 1024 characters')
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
function checkActions(actions: readonly string[], { region }: Context): void {
  if (actions.length > 5) throw invalid('At most 5 actions are allowed for each state')
  if (new Set(actions).size < actions.length) throw invalid('Actions must be unique')
  for (const action of actions) {
    const [scheme, partition, , target] = action.split(':')
    if (scheme !== 'arn' || partition !== PARTITION) throw invalid(`Invalid action ARN: ${action}`)
    if (action.includes(':sns:') && target !== region) {
      throw invalid(`Invalid region ${target} specified. Only ${region} is supported.`)
    }
  }
}

/** Kept and listed, so that suppression can be seen; its rule is never worked out. */
function putCompositeAlarm(input: PutCompositeAlarmInput, { state, region, now }: Context): object {
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

/** Metric alarms alone, unless other types are asked for. */
function describeAlarms(input: DescribeAlarmsInput, context: Context): DescribeAlarmsOutput {
  const { state, region } = context
  if ((input.AlarmNames ?? []).length > 100) throw invalid('At most 100 alarm names are allowed')
  if (input.AlarmNames !== undefined && input.AlarmNamePrefix !== undefined) {
    throw invalid('AlarmNames and AlarmNamePrefix exclude each other')
  }
  const types = input.AlarmTypes ?? ['MetricAlarm']
  const everything: readonly (AlarmState | CompositeState)[] = [
    ...(types.includes('CompositeAlarm') ? Object.values(state.composites) : []),
    ...(types.includes('MetricAlarm') ? Object.values(state.alarms) : []),
  ]
  const wanted = everything
    .filter((alarm) => alarm.region === region && alarm.name.startsWith(input.AlarmNamePrefix ?? ''))
    .filter((alarm) => input.AlarmNames === undefined || input.AlarmNames.includes(alarm.name))
    .filter((alarm) => input.StateValue === undefined || alarm.value === input.StateValue)
    .filter((alarm) => input.ActionPrefix === undefined || hasAction(alarm, input.ActionPrefix))
  const { items, next } = page(wanted, input.NextToken, input.MaxRecords)
  return {
    MetricAlarms: items.filter((alarm) => 'metricName' in alarm).map(shown),
    CompositeAlarms: items.filter((alarm) => 'rule' in alarm).map(shownComposite),
    ...optional('NextToken', next),
  }
}

function hasAction(alarm: AlarmState | CompositeState, prefix: string): boolean {
  const all = [...alarm.alarmActions, ...alarm.okActions, ...alarm.insufficientDataActions]
  return all.some((action) => action.startsWith(prefix))
}

function describeAlarmsForMetric(
  input: DescribeAlarmsForMetricInput,
  { state, region }: Context,
): DescribeAlarmsForMetricOutput {
  const alarms = Object.values(state.alarms).filter(
    (alarm) => alarm.region === region && alarm.namespace === input.Namespace && alarm.metricName === input.MetricName,
  )
  return { MetricAlarms: alarms.map(shown) }
}

/** Names that are not known do not stop the others, and are no error. */
function deleteAlarms(input: DeleteAlarmsInput, context: Context): object {
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
function setAlarmState(input: SetAlarmStateInput, context: Context): object {
  const alarm = alarmOf(context, input.AlarmName)
  if (alarm === undefined) throw awsFault('ResourceNotFound', 'Alarm not found', 404)
  const value = input.StateValue ?? ''
  if (value !== 'OK' && value !== 'ALARM' && value !== 'INSUFFICIENT_DATA') throw invalid(`Invalid state ${value}`)
  if ((input.StateReason ?? '').length > 1023) throw invalid('StateReason must have at most 1023 characters')
  changeState(context, alarm, { value, reason: input.StateReason ?? '', data: input.StateReasonData ?? null })
  return {}
}

function describeAlarmHistory(
  input: DescribeAlarmHistoryInput,
  { state, region, now }: Context,
): DescribeAlarmHistoryOutput {
  const from = Math.max(input.StartDate?.getTime() ?? 0, now - HISTORY_KEPT_MS)
  const to = input.EndDate?.getTime() ?? Number.POSITIVE_INFINITY
  const types = input.AlarmTypes ?? ['MetricAlarm']
  const oldestFirst = state.history
    .filter((item) => item.region === region && item.at >= from && item.at <= to)
    .filter((item) => input.AlarmName === undefined || item.name === input.AlarmName)
    .filter((item) => input.HistoryItemType === undefined || item.type === input.HistoryItemType)
    .filter((item) => types.includes(item.kind))
  const ordered = input.ScanBy === 'TimestampAscending' ? oldestFirst : oldestFirst.toReversed()
  const { items, next } = page(ordered, input.NextToken, input.MaxRecords)
  return { AlarmHistoryItems: items.map(shownHistory), ...optional('NextToken', next) }
}

function shownHistory(item: HistoryState): AlarmHistoryItem {
  return {
    AlarmName: item.name,
    AlarmType: item.kind,
    Timestamp: new Date(item.at),
    HistoryItemType: item.type,
    HistorySummary: item.summary,
    HistoryData: item.data,
  }
}

function enableAlarmActions(input: DisableAlarmActionsInput, context: Context): object {
  return setActions(input.AlarmNames ?? [], context, true)
}

function disableAlarmActions(input: DisableAlarmActionsInput, context: Context): object {
  return setActions(input.AlarmNames ?? [], context, false)
}

function setActions(names: readonly string[], context: Context, enabled: boolean): object {
  for (const name of names) {
    const alarm = alarmOf(context, name)
    if (alarm === undefined) continue
    alarm.actionsEnabled = enabled
    const summary = `Alarm "${name}" ${enabled ? 'enabled' : 'disabled'} actions`
    writeHistory(context, alarm, 'ConfigurationUpdate', summary, { updatedAlarm: { actionsEnabled: enabled } })
  }
  return {}
}

function listAlarmMuteRules(input: ListAlarmMuteRulesInput, { state, region, now }: Context): ListAlarmMuteRulesOutput {
  const rules = Object.values(state.muteRules)
    .filter((rule) => rule.region === region)
    .filter((rule) => input.AlarmName === undefined || rule.alarmNames.includes(input.AlarmName))
    .map((rule) => ({
      AlarmMuteRuleArn: rule.arn,
      ExpireDate: new Date(rule.until),
      Status: now < rule.from ? ('SCHEDULED' as const) : now < rule.until ? ('ACTIVE' as const) : ('EXPIRED' as const),
    }))
    .filter((rule) => input.Statuses === undefined || input.Statuses.includes(rule.Status))
  const { items, next } = page(rules, input.NextToken, input.MaxRecords)
  return { AlarmMuteRuleSummaries: items, ...optional('NextToken', next) }
}

function tagResource(input: TagResourceInput, context: Context): object {
  Object.assign(taggedAlarm(context, input.ResourceARN).tags, tagRecord(input.Tags))
  return {}
}

function untagResource(input: UntagResourceInput, context: Context): object {
  const { tags } = taggedAlarm(context, input.ResourceARN)
  for (const key of input.TagKeys ?? []) delete tags[key]
  return {}
}

function listTagsForResource(input: ListTagsForResourceInput, context: Context): ListTagsForResourceOutput {
  return { Tags: tagList(taggedAlarm(context, input.ResourceARN).tags) }
}

function taggedAlarm({ state }: Context, resourceArn = ''): AlarmState {
  const alarm = state.alarms[resourceArn]
  if (alarm === undefined) throw awsFault('ResourceNotFoundException', `Unknown alarm ${resourceArn}`, 404)
  return alarm
}

function alarmOf({ state, region }: Context, name = ''): AlarmState | undefined {
  return state.alarms[arn('cloudwatch', region, `alarm:${name}`)]
}

function shown(alarm: AlarmState): MetricAlarm {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarmArnOf(alarm),
    ...optional('AlarmDescription', alarm.description),
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: [...alarm.okActions],
    AlarmActions: [...alarm.alarmActions],
    InsufficientDataActions: [...alarm.insufficientDataActions],
    StateValue: alarm.value,
    StateReason: alarm.reason,
    ...optional('StateReasonData', alarm.reasonData),
    StateUpdatedTimestamp: new Date(alarm.updatedAt),
    StateTransitionedTimestamp: new Date(alarm.transitionedAt),
    MetricName: alarm.metricName,
    Namespace: alarm.namespace,
    ...optional('Statistic', alarm.statistic as MetricAlarm['Statistic'] | null),
    ...optional('ExtendedStatistic', alarm.extendedStatistic),
    Dimensions: alarm.dimensions.map(({ name, value }) => ({ Name: name, Value: value })),
    Period: alarm.period,
    ...optional('Unit', alarm.unit as MetricAlarm['Unit'] | null),
    EvaluationPeriods: alarm.evaluationPeriods,
    ...optional('DatapointsToAlarm', alarm.datapointsToAlarm),
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison as NonNullable<MetricAlarm['ComparisonOperator']>,
    ...optional('TreatMissingData', alarm.treatMissingData),
  }
}

function shownComposite(alarm: CompositeState): CompositeAlarm {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarmArnOf(alarm),
    AlarmRule: alarm.rule,
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: [...alarm.okActions],
    AlarmActions: [...alarm.alarmActions],
    InsufficientDataActions: [...alarm.insufficientDataActions],
    StateValue: alarm.value,
    StateUpdatedTimestamp: new Date(alarm.updatedAt),
    ...optional('ActionsSuppressor', alarm.suppressor),
  }
}

/** CloudWatch models no error for bad input; SDK v3 shows it under this name. */
function invalid(message: string) {
  return awsFault('ValidationException', message)
}
