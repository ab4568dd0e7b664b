/** What CloudWatch says about an alarm: the message that it publishes, and the reasons that it gives. */
import type { AlarmSettings, Datapoint } from '../../domain/alarm-state.ts'
import { arn } from './context.ts'
import { ACCOUNT, type AlarmState, type AlarmValue } from './state.ts'

/** The message as CloudWatch publishes it; the statistic is upper case there. */
export function notification(alarm: AlarmState, old: AlarmValue, now: number): object {
  const stamp = (at: number) => new Date(at).toISOString().replace('Z', '+0000')
  return {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description,
    AWSAccountId: ACCOUNT,
    AlarmConfigurationUpdatedTimestamp: stamp(alarm.configuredAt),
    NewStateValue: alarm.value,
    NewStateReason: alarm.reason,
    StateChangeTime: stamp(now),
    Region: regionName(alarm.region),
    AlarmArn: alarmArnOf(alarm),
    OldStateValue: old,
    OKActions: alarm.okActions,
    AlarmActions: alarm.alarmActions,
    InsufficientDataActions: alarm.insufficientDataActions,
    Trigger: {
      MetricName: alarm.metricName,
      Namespace: alarm.namespace,
      StatisticType: 'Statistic',
      Statistic: alarm.statistic?.toUpperCase() ?? null,
      Unit: alarm.unit,
      Dimensions: alarm.dimensions,
      Period: alarm.period,
      EvaluationPeriods: alarm.evaluationPeriods,
      ...(alarm.datapointsToAlarm === null ? {} : { DatapointsToAlarm: alarm.datapointsToAlarm }),
      ComparisonOperator: alarm.comparison,
      Threshold: alarm.threshold,
      TreatMissingData: alarm.treatMissingData ?? '',
      EvaluateLowSampleCountPercentile: '',
    },
  }
}

export function reasonOf(range: readonly Datapoint[], settings: AlarmSettings, value: AlarmValue): string {
  const real = range.filter((point) => point.value !== null).slice(-settings.evaluationPeriods)
  if (real.length === 0) {
    if (value === 'INSUFFICIENT_DATA') return 'Insufficient Data: no datapoints were received.'
    const treated = value === 'OK' ? 'NonBreaching' : 'Breaching'
    return `Threshold Crossed: no datapoints were received for ${settings.evaluationPeriods} periods and missing datapoints were treated as [${treated}].`
  }
  const shown = real.map((point) => `${point.value?.toFixed(1)} (${new Date(point.at).toISOString()})`).join(', ')
  return `Threshold Crossed: of the last ${settings.evaluationPeriods} datapoints [${shown}], ${settings.datapointsToAlarm} decide against the threshold (${settings.threshold}).`
}

export function reasonData(range: readonly Datapoint[], alarm: AlarmState): string {
  return JSON.stringify({
    version: '1.0',
    statistic: alarm.statistic,
    period: alarm.period,
    threshold: alarm.threshold,
    recentDatapoints: range.filter((point) => point.value !== null).map((point) => point.value),
  })
}

const REGION_NAMES: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
  'eu-west-1': 'EU (Ireland)',
  'eu-central-1': 'EU (Frankfurt)',
}

export function regionName(region: string): string {
  return REGION_NAMES[region] ?? region
}

export function alarmArnOf({ region, name }: Pick<AlarmState, 'region' | 'name'>): string {
  return arn('cloudwatch', region, `alarm:${name}`)
}
