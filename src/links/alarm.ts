/** Alarms: reading both types, writing whole ones, removing many in a call. */

import {
  CloudWatchClient,
  type ComparisonOperator,
  type CompositeAlarm,
  DeleteAlarmsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  paginateDescribeAlarms,
  type Statistic,
} from '@aws-sdk/client-cloudwatch'
import { failureKind, readingList } from '../aws/failures.ts'
import type { Aws } from '../aws/session.ts'
import type { AlarmFact, Reading } from '../chain/inventory.ts'
import type { Resource } from '../chain/link.ts'
import type { IamAction, LinkHandler, Run } from './handler.ts'

/** DeleteAlarms takes no more names (API reference). */
export const ALARMS_A_DELETE = 100

/** Metric and composite alarms, all of the region or those whose names begin with a prefix. */
export function readAlarms(
  aws: Aws,
  scope: { readonly prefix?: string; readonly names?: readonly string[] } = {},
): Promise<Reading<readonly AlarmFact[]>> {
  return readingList(async () => {
    const client = aws.client(CloudWatchClient)
    const input = {
      // Without it the answer leaves out composite alarms (DescribeAlarms API reference).
      AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const],
      ...(scope.names === undefined ? {} : { AlarmNames: [...scope.names] }),
      ...(scope.prefix === undefined ? {} : { AlarmNamePrefix: scope.prefix }),
    }
    const alarms: AlarmFact[] = []
    for await (const page of paginateDescribeAlarms({ client }, input)) {
      alarms.push(...(page.MetricAlarms ?? []).map(metricAlarm), ...(page.CompositeAlarms ?? []).map(compositeAlarm))
    }
    return alarms
  })
}

export const alarmHandler: LinkHandler<'alarm'> = {
  async write(resource, action, run) {
    await putAlarm(resource, action, run)
  },
  async remove({ name }, run) {
    await removeAlarms([name], run)
  },
  actions: {
    read: ['cloudwatch:DescribeAlarms'],
    write: ['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource'],
    remove: ['cloudwatch:DeleteAlarms'] satisfies readonly IamAction[],
  },
}

/** Writes the whole alarm, as the API demands, and gives the number of attempts that the SDK needed: more than one means throttling. */
export async function putAlarm(
  { name, spec }: Resource<'alarm'>,
  action: 'create' | 'update',
  { aws }: Run,
): Promise<number> {
  const client = aws.client(CloudWatchClient)
  const { metric, tags, ...rest } = spec
  const input: PutMetricAlarmCommandInput = {
    AlarmName: name,
    AlarmDescription: rest.description,
    ActionsEnabled: rest.actionsEnabled,
    Namespace: metric.namespace,
    MetricName: metric.name,
    Statistic: rest.statistic as Statistic,
    Period: rest.period,
    EvaluationPeriods: rest.evaluationPeriods,
    DatapointsToAlarm: rest.datapointsToAlarm,
    Threshold: rest.threshold,
    ComparisonOperator: rest.comparisonOperator as ComparisonOperator,
    TreatMissingData: rest.treatMissingData,
    AlarmActions: [...rest.alarmActions],
    OKActions: [...rest.okActions],
    InsufficientDataActions: [...rest.insufficientDataActions],
  }
  // Tags count at creation alone; not being allowed to tag must not cost the alarm (PutMetricAlarm API reference).
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  const answer =
    action === 'create'
      ? await client.send(new PutMetricAlarmCommand({ ...input, Tags })).catch((error: unknown) => {
          if (failureKind(error) !== 'denied' || !/TagResource/.test(String(error))) throw error
          return client.send(new PutMetricAlarmCommand(input))
        })
      : await client.send(new PutMetricAlarmCommand(input))
  return answer.$metadata.attempts ?? 1
}

/** Unknown names do not stop the others (DeleteAlarms API reference). At most `ALARMS_A_DELETE` names. */
export async function removeAlarms(names: readonly string[], { aws }: Run): Promise<void> {
  try {
    await aws.client(CloudWatchClient).send(new DeleteAlarmsCommand({ AlarmNames: [...names] }))
  } catch (error) {
    if (failureKind(error) !== 'absent') throw error
  }
}

function metricAlarm(alarm: MetricAlarm): AlarmFact {
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

function compositeAlarm(alarm: CompositeAlarm): AlarmFact {
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
    raw: { ...alarm },
  }
}
