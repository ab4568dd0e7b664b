/** A set-up is recorded like any other change: which of the chosen detections will page because of it. */

import type { CloudTrailEvent, Detection } from '../detections/detection.ts'
import type { Kind } from '../domain/resources.ts'
import { compile } from '../patterns/match/match.ts'
import { parsePattern } from '../patterns/parse/parse.ts'
import type { Plan } from './plan.ts'

/** The calls that a write of each kind makes, as CloudTrail records them. Those of the notification side come first in time too. */
const CALLS: Readonly<Record<Kind, readonly (readonly [source: string, ...names: string[]])[]>> = {
  bucket: [['s3.amazonaws.com', 'CreateBucket', 'PutBucketPublicAccessBlock', 'PutBucketPolicy']],
  trail: [['cloudtrail.amazonaws.com', 'CreateTrail', 'StartLogging']],
  'log-group': [['logs.amazonaws.com', 'CreateLogGroup', 'PutRetentionPolicy']],
  role: [['iam.amazonaws.com', 'CreateRole', 'PutRolePolicy']],
  delivery: [['cloudtrail.amazonaws.com', 'UpdateTrail']],
  'metric-filter': [['logs.amazonaws.com', 'PutMetricFilter']],
  topic: [['sns.amazonaws.com', 'CreateTopic']],
  subscription: [['sns.amazonaws.com', 'Subscribe']],
  alarm: [['monitoring.amazonaws.com', 'PutMetricAlarm']],
  'email-subscription': [['sns.amazonaws.com', 'Subscribe']],
  queue: [['sqs.amazonaws.com', 'CreateQueue']],
  dashboard: [['monitoring.amazonaws.com', 'PutDashboard']],
  'pagerduty-service': [],
  integration: [],
}

/**
 * Ids of detections that match a call of this plan. CloudTrail delivers minutes after the call, when the filters are
 * already there, so the set-up pages once for each of them.
 */
export function firesOnSetup(changes: Plan, detections: readonly Detection[]): readonly string[] {
  const writes = new Set(
    changes.filter(({ action }) => action === 'create' || action === 'update').map(({ resource }) => resource.kind),
  )
  const messages = [...writes].flatMap((kind) =>
    CALLS[kind].flatMap(([source, ...names]) => names.map((name) => message(source, name))),
  )
  return detections.filter((detection) => matchesOne(detection, messages)).map(({ id }) => id)
}

function matchesOne(detection: Detection, messages: readonly string[]): boolean {
  const parsed = parsePattern(detection.paging.pattern)
  if (parsed.validity === 'refused' || detection.paging.alarm.threshold > 1) return false
  const matches = compile(parsed.pattern)
  return messages.some((text) => matches(text))
}

function message(eventSource: string, eventName: string): string {
  const event: CloudTrailEvent = {
    eventVersion: '1.11',
    userIdentity: { type: 'AssumedRole' },
    eventSource,
    eventName,
    eventType: 'AwsApiCall',
    managementEvent: true,
    readOnly: false,
    eventCategory: 'Management',
  }
  return JSON.stringify(event)
}
