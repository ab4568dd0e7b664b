/** Check of the alarm that tells by e-mail that SNS could not deliver to PagerDuty. */

import { parseMarker } from '../../../domain/marker.ts'
import { DEFAULT_NAME, parseArn } from '../../../domain/names.ts'
import type { AlarmSnapshot } from '../../../domain/snapshot.ts'
import { valueIfRead } from '../../../domain/snapshot.ts'
import { alarmMayPublish } from '../../../iam/topic-use.ts'
import { addressesIn } from '../../../plan/desired-fallback.ts'
import { type Check, findingFor } from '../../check.ts'
import { fallbackFix } from '../../fixes.ts'
import { type ChainGraph, topicsOf } from '../../graph.ts'
import { isFailuresAlarm } from '../../indexes.ts'
import { seen } from './actions.ts'

export const alarmDeliveryFailures: Check = {
  name: 'alarm.delivery-failures',
  finds: 'an alarm on failed deliveries that cannot tell anyone, or that reports failures now',
  run: (graph) =>
    (valueIfRead(graph.gathered.snapshot.alarms) ?? []).filter(isFailuresAlarm).map((alarm) => {
      const report = findingFor('alarm.delivery-failures', alarm.name)
      const title = 'failed deliveries to PagerDuty are told over a topic of their own'
      const blind = faultsOf(alarm, graph)
      if (blind.length > 0) {
        return report.fail({
          title: 'the alarm on failed deliveries cannot tell anyone',
          evidence: blind.join('; '),
          impact: 'No one notices when SNS cannot deliver to PagerDuty.',
          fix: fallbackFix(
            parseMarker(alarm.description)?.name ?? DEFAULT_NAME,
            addressesIn(alarm.description)[0],
            graph,
          ),
        })
      }
      if (alarm.state === 'ALARM') {
        return report.fail({
          title: 'deliveries to PagerDuty fail',
          evidence: alarm.stateReason,
          impact: 'Pages arrive late, or not at all.',
          fix: { summary: 'see whether PagerDuty has an outage, and whether its endpoint can be reached' },
        })
      }
      const unread = alarm.alarmActions.map((topic) => graph.gathered.snapshot.topics.get(topic)).find(isUnread)
      if (unread !== undefined) return report.skip(title, unread.why)
      return report.pass(title, `${seen(alarm)}, state ${alarm.state}`)
    }),
}

function isUnread<T extends { readonly state: string }>(
  reading: T | undefined,
): reading is Extract<T, { state: 'unreadable' }> {
  return reading?.state === 'unreadable'
}

function faultsOf(alarm: AlarmSnapshot, graph: ChainGraph): readonly string[] {
  const { snapshot } = graph.gathered
  const { metric, threshold = 0, comparisonOperator } = alarm
  const watched = metric?.dimensions.TopicName
  const counts = metric?.namespace === 'AWS/SNS' && metric.name === 'NumberOfNotificationsFailed'
  const paging = graph.topics.map((arn) => parseArn(arn)?.resource)
  const fires =
    (comparisonOperator === 'GreaterThanOrEqualToThreshold' && threshold <= 1) ||
    (comparisonOperator === 'GreaterThanThreshold' && threshold < 1)
  const topics = topicsOf({ ...alarm, okActions: [], insufficientDataActions: [] })
  const dead = topics.filter((arn) => {
    const topic = snapshot.topics.get(arn)
    if (topic?.state !== 'read') return false
    return (
      topic.value === undefined || alarmMayPublish(topic.value, alarm.arn, graph.site, snapshot.organizationId) === 'no'
    )
  })
  const overChain = topics.filter((arn) => graph.topics.includes(arn))
  return [
    ...(alarm.actionsEnabled ? [] : ['its actions are disabled']),
    ...(topics.length > 0 ? [] : ['it has no ALARM action']),
    ...(fires ? [] : ['one failed delivery does not cross its threshold']),
    ...(counts && watched !== undefined && (paging.includes(watched) || graph.topics.length === 0)
      ? []
      : [`it watches ${seen(alarm)}, which is not the failed deliveries of a topic that pages`]),
    ...dead.map((arn) => `topic ${arn} is not there, or its policy does not let the alarm publish`),
    ...(topics.length > 0 && overChain.length === topics.length ? ['it speaks over the topic that it watches'] : []),
  ]
}
