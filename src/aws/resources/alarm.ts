/** Alarms: reading both types, writing whole ones, removing many in a call. */

import type {
  ComparisonOperator,
  CompositeAlarm,
  MetricAlarm,
  PutMetricAlarmCommandInput,
  Statistic,
} from '@aws-sdk/client-cloudwatch'
import type { AlarmSpec } from '../../domain/resources.ts'
import type { AlarmSnapshot, Reading } from '../../domain/snapshot.ts'
import { loadCloudWatch } from '../clients.ts'
import { failureKind, readingList } from '../failures.ts'
import type { Aws } from '../session.ts'
import type { ApplyContext, LinkHandler } from './handler.ts'

/** The longest page that DescribeAlarms gives (API reference). */
const ALARMS_A_PAGE = 100

/** DeleteAlarms takes no more names (API reference). */
export const ALARMS_A_DELETE = 100

/** Metric and composite alarms, all of the region or those whose names begin with a prefix. */
export function readAlarms(
  aws: Aws,
  scope: { readonly prefix?: string; readonly names?: readonly string[]; readonly action?: string } = {},
): Promise<Reading<readonly AlarmSnapshot[]>> {
  return readingList(async () => {
    const { CloudWatchClient, paginateDescribeAlarms } = await loadCloudWatch()
    const client = aws.client(CloudWatchClient)
    const input = {
      MaxRecords: ALARMS_A_PAGE,
      // Without it the answer leaves out composite alarms (DescribeAlarms API reference).
      AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const],
      ...(scope.names === undefined ? {} : { AlarmNames: [...scope.names] }),
      ...(scope.prefix === undefined ? {} : { AlarmNamePrefix: scope.prefix }),
      ...(scope.action === undefined ? {} : { ActionPrefix: scope.action }),
    }
    const alarms: AlarmSnapshot[] = []
    for await (const page of paginateDescribeAlarms({ client }, input)) {
      alarms.push(...(page.MetricAlarms ?? []).map(metricAlarm), ...(page.CompositeAlarms ?? []).map(compositeAlarm))
    }
    return alarms
  })
}

export const alarmHandler: LinkHandler<'alarm'> = {
  /** Writes the whole alarm, as the API demands. */
  async write({ name, spec }, action, { aws }) {
    const { CloudWatchClient, PutMetricAlarmCommand } = await loadCloudWatch()
    const client = aws.client(CloudWatchClient)
    const input = inputFor(name, spec)
    if (action === 'update') {
      await client.send(new PutMetricAlarmCommand(input))
      return
    }
    // Tags count at creation alone; not being allowed to tag must not cost the alarm (PutMetricAlarm API reference).
    const Tags = Object.entries(spec.tags).map(([Key, Value]) => ({ Key, Value }))
    try {
      await client.send(new PutMetricAlarmCommand({ ...input, Tags }))
    } catch (error) {
      if (failureKind(error) !== 'denied' || !/TagResource/.test(String(error))) throw error
      await client.send(new PutMetricAlarmCommand(input))
    }
  },
  async remove({ name }, run) {
    await removeAlarms([name], run)
  },
  actions: {
    read: ['cloudwatch:DescribeAlarms'],
    write: ['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource'],
    remove: ['cloudwatch:DeleteAlarms'],
  },
}

/** Unknown names do not stop the others (DeleteAlarms API reference). At most `ALARMS_A_DELETE` names. */
export async function removeAlarms(names: readonly string[], { aws }: ApplyContext): Promise<void> {
  const { CloudWatchClient, DeleteAlarmsCommand } = await loadCloudWatch()
  try {
    await aws.client(CloudWatchClient).send(new DeleteAlarmsCommand({ AlarmNames: [...names] }))
  } catch (error) {
    if (failureKind(error) !== 'absent') throw error
  }
}

function inputFor(name: string, spec: AlarmSpec): PutMetricAlarmCommandInput {
  return {
    AlarmName: name,
    AlarmDescription: spec.description,
    ActionsEnabled: spec.actionsEnabled,
    Namespace: spec.metric.namespace,
    MetricName: spec.metric.name,
    ...(spec.metric.dimensions === undefined
      ? {}
      : { Dimensions: Object.entries(spec.metric.dimensions).map(([Name, Value]) => ({ Name, Value })) }),
    Statistic: spec.statistic as Statistic,
    Period: spec.period,
    EvaluationPeriods: spec.evaluationPeriods,
    DatapointsToAlarm: spec.datapointsToAlarm,
    Threshold: spec.threshold,
    ComparisonOperator: spec.comparisonOperator as ComparisonOperator,
    TreatMissingData: spec.treatMissingData,
    AlarmActions: [...spec.alarmActions],
    OKActions: [...spec.okActions],
    InsufficientDataActions: [...spec.insufficientDataActions],
  }
}

function metricAlarm(alarm: MetricAlarm): AlarmSnapshot {
  const plain = alarm.MetricName !== undefined && (alarm.Metrics ?? []).length === 0
  return {
    ...common(alarm),
    type: 'metric',
    metric: plain
      ? {
          namespace: alarm.Namespace ?? '',
          name: alarm.MetricName ?? '',
          dimensions: Object.fromEntries((alarm.Dimensions ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? ''])),
        }
      : undefined,
    statistic: alarm.Statistic ?? alarm.ExtendedStatistic,
    period: alarm.Period,
    evaluationPeriods: alarm.EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm,
    threshold: alarm.Threshold,
    comparisonOperator: alarm.ComparisonOperator,
    treatMissingData: alarm.TreatMissingData,
    unit: alarm.Unit,
    rule: undefined,
    actionsSuppressor: undefined,
  }
}

function compositeAlarm(alarm: CompositeAlarm): AlarmSnapshot {
  return {
    ...common(alarm),
    type: 'composite',
    metric: undefined,
    statistic: undefined,
    period: undefined,
    evaluationPeriods: undefined,
    datapointsToAlarm: undefined,
    threshold: undefined,
    comparisonOperator: undefined,
    treatMissingData: undefined,
    unit: undefined,
    rule: alarm.AlarmRule,
    actionsSuppressor: alarm.ActionsSuppressor,
  }
}

function common(alarm: MetricAlarm | CompositeAlarm) {
  return {
    arn: alarm.AlarmArn ?? '',
    name: alarm.AlarmName ?? '',
    description: alarm.AlarmDescription ?? '',
    actionsEnabled: alarm.ActionsEnabled ?? true,
    alarmActions: alarm.AlarmActions ?? [],
    okActions: alarm.OKActions ?? [],
    insufficientDataActions: alarm.InsufficientDataActions ?? [],
    state: alarm.StateValue ?? '',
    stateReason: alarm.StateReason ?? '',
    stateChanged: alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp,
    configured: alarm.AlarmConfigurationUpdatedTimestamp,
    raw: { ...alarm },
  }
}
