/** The heartbeat: an alarm on the log group's own traffic, so that a chain which falls silent pages. */

import { EXTRA_PERIODS_READ } from '../domain/alarm-state.ts'
import { formatMarker, HEARTBEAT } from '../domain/marker.ts'
import { chainNames, type Site } from '../domain/names.ts'
import type { AlarmSpec, Resource, Tags } from '../domain/resources.ts'
import type { AlarmSnapshot } from '../domain/snapshot.ts'
import type { EventNames, NotificationNames } from './chain-names.ts'
import { logGroupLine } from './description.ts'
import type { Setup } from './setup.ts'
import { HEARTBEAT_MINUTES } from './silence.ts'

/** Seconds. CloudTrail delivers to a log group about every five minutes (CloudTrail user guide). */
const PERIOD_S = 300

/** The traffic of a log group; published by CloudWatch Logs without charge (CloudWatch Logs user guide, CloudWatch metrics). */
export function incomingEvents(logGroup: string): AlarmSpec['metric'] {
  return { namespace: 'AWS/Logs', name: 'IncomingLogEvents', dimensions: { LogGroupName: logGroup } }
}

/** Nothing, or the one alarm that pages after the minutes of silence that the setup names. */
export function heartbeatAlarm(
  setup: Setup,
  site: Site,
  { logGroup }: EventNames,
  { topicArn, fallbackTopicArn }: NotificationNames,
  tags: Tags,
): readonly Resource<'alarm'>[] {
  const { heartbeat: minutes } = setup
  if (minutes === undefined) return []
  // A value in one of the periods that CloudWatch reads beyond the alarm's own keeps it from firing.
  const periods = Math.max(1, (minutes * 60) / PERIOD_S - EXTRA_PERIODS_READ)
  const topics = fallbackTopicArn === undefined ? [topicArn] : [topicArn, fallbackTopicArn]
  const spec: AlarmSpec = {
    description: describe(setup, site, logGroup, minutes),
    metric: incomingEvents(logGroup),
    statistic: 'Sum',
    period: PERIOD_S,
    evaluationPeriods: periods,
    datapointsToAlarm: periods,
    threshold: 1,
    comparisonOperator: 'LessThanThreshold',
    // Silence is missing data, not a sum of zero.
    treatMissingData: 'breaching',
    alarmActions: topics,
    okActions: setup.autoResolve ? topics : [],
    insufficientDataActions: [],
    actionsEnabled: true,
    tags,
  }
  return [{ kind: 'alarm', name: chainNames(setup.name, site).alarm(HEARTBEAT, 'paging'), ownership: 'managed', spec }]
}

/** The minutes of silence after which a heartbeat pages; the usual number where it cannot page at all. */
export function minutesOfSilence({ period, evaluationPeriods }: AlarmSnapshot): number {
  if (period !== PERIOD_S || evaluationPeriods === undefined) return HEARTBEAT_MINUTES
  return ((evaluationPeriods + EXTRA_PERIODS_READ) * PERIOD_S) / 60
}

function describe(setup: Setup, site: Site, logGroup: string, minutes: number): string {
  const marker = formatMarker({
    name: setup.name,
    detection: HEARTBEAT,
    hold: undefined,
    autoResolve: setup.autoResolve,
    deployedBy: setup.deployedBy,
  })
  return [
    `No CloudTrail events for about ${minutes} minutes. No detection can page until events arrive again.`,
    'First: run npx cloudtrail-pd doctor; it names the link that is broken.',
    logGroupLine(site, logGroup),
    marker,
  ].join('\n')
}
