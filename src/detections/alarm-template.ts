/** The few metric and alarm recipes that the catalogue uses, and the limits that CloudWatch sets. */
import type { AlarmTemplate, MetricTemplate } from './detection.ts'

const DAY_S = 86_400

/** One event is enough; OK follows when five minutes have passed without another. */
export const oneEvent: AlarmTemplate = {
  statistic: 'Sum',
  period: 300,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  threshold: 1,
  comparisonOperator: 'GreaterThanOrEqualToThreshold',
  treatMissingData: 'notBreaching',
}

/** One event is enough and the alarm stays up for a quiet hour, so that the incident does not resolve under the responder. */
export const oneEventHeldAnHour: AlarmTemplate = { ...oneEvent, evaluationPeriods: 12 }

/** That many events within five minutes. */
export function burstOf(events: number): AlarmTemplate {
  return { ...oneEvent, threshold: events }
}

/** A metric that counts matching events. */
export function counts(name: string): MetricTemplate {
  return { name, value: '1', defaultValue: 0 }
}

/** What CloudWatch would refuse about this alarm, one sentence, or `undefined` (PutMetricAlarm API reference). */
export function alarmProblem(alarm: AlarmTemplate): string | undefined {
  const { period, evaluationPeriods, datapointsToAlarm, threshold } = alarm
  if (![10, 20, 30].includes(period) && !(Number.isInteger(period / 60) && period >= 60)) {
    return `a period of ${period} seconds is not possible: CloudWatch takes 10, 20, 30 or a multiple of 60`
  }
  if (!isCount(evaluationPeriods)) return `${evaluationPeriods} evaluation periods: it must be a whole number from 1`
  if (!isCount(datapointsToAlarm) || datapointsToAlarm > evaluationPeriods) {
    return `${datapointsToAlarm} of ${evaluationPeriods} datapoints: it must be from 1 to the evaluation periods`
  }
  if (!Number.isFinite(threshold)) return 'the threshold must be a number'
  const span = period * evaluationPeriods
  const limit = period < 3600 ? DAY_S : 7 * DAY_S
  if (span > limit) {
    return `${evaluationPeriods} periods of ${period} seconds look back ${span} seconds: at most ${limit} with this period`
  }
  return undefined
}

function isCount(n: number): boolean {
  return Number.isInteger(n) && n >= 1
}
