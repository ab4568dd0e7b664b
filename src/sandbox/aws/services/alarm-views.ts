/** Amazon CloudWatch: alarms as they are shown, and their history. */
import type {
  AlarmHistoryItem,
  CompositeAlarm,
  DescribeAlarmHistoryInput,
  DescribeAlarmHistoryOutput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  GetAlarmMuteRuleInput,
  GetAlarmMuteRuleOutput,
  ListAlarmMuteRulesInput,
  ListAlarmMuteRulesOutput,
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  LogAlarm,
  MetricAlarm,
} from '@aws-sdk/client-cloudwatch'
import { awsFault } from '../../../aws/backend.ts'
import { alarmArnOf } from '../alarm-message.ts'
import { type OperationContext, type Operations, optional, page, tagList } from '../context.ts'
import type { AlarmState, CompositeState, HistoryState, LogAlarmState } from '../state.ts'
import { invalid, taggedAlarm } from './alarms.ts'

export const alarmReads: Operations = {
  DescribeAlarms: describeAlarms,
  DescribeAlarmHistory: describeAlarmHistory,
  ListAlarmMuteRules: listAlarmMuteRules,
  GetAlarmMuteRule: getAlarmMuteRule,
  ListTagsForResource: listTagsForResource,
}

const HISTORY_KEPT_MS = 14 * 24 * 3_600_000

/** Metric alarms alone, unless other types are asked for. */
function describeAlarms(input: DescribeAlarmsInput, context: OperationContext): DescribeAlarmsOutput {
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
  const { items, next } = page(context.longestPage, wanted, input.NextToken, input.MaxRecords)
  const logAlarms = types.includes('LogAlarm') ? Object.values(state.logAlarms) : []
  return {
    LogAlarms: logAlarms.filter((alarm) => alarm.region === region).map(shownLogAlarm),
    MetricAlarms: items.filter((alarm) => 'metricName' in alarm).map(shown),
    CompositeAlarms: items.filter((alarm) => 'rule' in alarm).map(shownComposite),
    ...optional('NextToken', next),
  }
}

function shownLogAlarm({ name, alarmActions, logGroups, query }: LogAlarmState): LogAlarm {
  return {
    AlarmName: name,
    AlarmActions: alarmActions,
    ScheduledQueryConfiguration: {
      QueryString: query,
      LogGroupIdentifiers: logGroups,
      ScheduledQueryRoleARN: undefined,
      ScheduleConfiguration: undefined,
      AggregationExpression: undefined,
    },
  }
}

function hasAction(alarm: AlarmState | CompositeState, prefix: string): boolean {
  const all = [...alarm.alarmActions, ...alarm.okActions, ...alarm.insufficientDataActions]
  return all.some((action) => action.startsWith(prefix))
}

function describeAlarmHistory(
  input: DescribeAlarmHistoryInput,
  { state, region, now, longestPage }: OperationContext,
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
  const { items, next } = page(longestPage, ordered, input.NextToken, input.MaxRecords)
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

function listAlarmMuteRules(
  input: ListAlarmMuteRulesInput,
  { state, region, now, longestPage }: OperationContext,
): ListAlarmMuteRulesOutput {
  const rules = Object.values(state.muteRules)
    .filter((rule) => rule.region === region)
    .filter((rule) => input.AlarmName === undefined || rule.alarmNames.includes(input.AlarmName))
    .map((rule) => ({
      AlarmMuteRuleArn: rule.arn,
      ExpireDate: new Date(rule.until),
      Status: now < rule.from ? ('SCHEDULED' as const) : now < rule.until ? ('ACTIVE' as const) : ('EXPIRED' as const),
    }))
    .filter((rule) => input.Statuses === undefined || input.Statuses.includes(rule.Status))
  const { items, next } = page(longestPage, rules, input.NextToken, input.MaxRecords)
  return { AlarmMuteRuleSummaries: items, ...optional('NextToken', next) }
}

function getAlarmMuteRule(input: GetAlarmMuteRuleInput, { state, region }: OperationContext): GetAlarmMuteRuleOutput {
  const rule = Object.values(state.muteRules).find(
    ({ arn, region: home }) => home === region && arn.endsWith(`:${input.AlarmMuteRuleName}`),
  )
  if (rule === undefined) throw awsFault('ResourceNotFoundException', `no mute rule ${input.AlarmMuteRuleName}`, 404)
  const { arn, alarmNames, until } = rule
  return {
    AlarmMuteRuleArn: arn,
    Name: input.AlarmMuteRuleName ?? '',
    MuteTargets: { AlarmNames: [...alarmNames] },
    ExpireDate: new Date(until),
  }
}

function listTagsForResource(input: ListTagsForResourceInput, context: OperationContext): ListTagsForResourceOutput {
  return { Tags: tagList(taggedAlarm(context, input.ResourceARN).tags) }
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
