/** Every operation that the sandbox answers, and what CloudTrail calls it. */
import type { Operation, Operations } from './context.ts'
import { alarmReads } from './services/alarm-views.ts'
import { alarmWrites } from './services/alarms.ts'
import { dashboardOperations } from './services/dashboards.ts'
import { eventBridge } from './services/eventbridge.ts'
import { iam } from './services/iam.ts'
import { organizations, sts } from './services/identity.ts'
import { kms } from './services/kms.ts'
import { logEventOperations } from './services/log-events.ts'
import { logGroupOperations } from './services/log-groups.ts'
import { metricDataOperations } from './services/metric-data.ts'
import { metricFilterOperations } from './services/metric-filters.ts'
import { s3 } from './services/s3.ts'
import { subscriptionOperations } from './services/sns-subscriptions.ts'
import { topicOperations } from './services/sns-topics.ts'
import { sqs } from './services/sqs.ts'
import { trailReads } from './services/trail-views.ts'
import { trailWrites } from './services/trails.ts'

interface Service {
  readonly operations: Operations
  readonly eventSource: string
  /** Global services record their events in us-east-1. */
  readonly global?: true
}

const SERVICES: Readonly<Record<string, Service>> = {
  SNS: { operations: { ...subscriptionOperations, ...topicOperations }, eventSource: 'sns.amazonaws.com' },
  CloudTrail: { operations: { ...trailReads, ...trailWrites }, eventSource: 'cloudtrail.amazonaws.com' },
  'CloudWatch Logs': {
    operations: { ...logEventOperations, ...logGroupOperations, ...metricFilterOperations },
    eventSource: 'logs.amazonaws.com',
  },
  CloudWatch: {
    operations: { ...alarmReads, ...alarmWrites, ...dashboardOperations, ...metricDataOperations },
    eventSource: 'monitoring.amazonaws.com',
  },
  IAM: { operations: iam, eventSource: 'iam.amazonaws.com', global: true },
  S3: { operations: s3, eventSource: 's3.amazonaws.com' },
  STS: { operations: sts, eventSource: 'sts.amazonaws.com' },
  Organizations: { operations: organizations, eventSource: 'organizations.amazonaws.com', global: true },
  KMS: { operations: kms, eventSource: 'kms.amazonaws.com' },
  EventBridge: { operations: eventBridge, eventSource: 'events.amazonaws.com' },
  SQS: { operations: sqs, eventSource: 'sqs.amazonaws.com' },
}

/** Data events: no trail of ours and no event history shows them. */
const DATA_EVENTS: readonly string[] = ['Publish', 'PutMetricData', 'GetMetricData', 'ListObjectsV2']

export interface KnownOperation {
  readonly run: Operation
  readonly eventSource: string
  readonly eventRegion: string
  readonly recorded: boolean
  readonly readOnly: boolean
}

/** The operation, or `undefined` where the sandbox does not know it. */
export function operationOf(service: string, operation: string, region: string): KnownOperation | undefined {
  const known = SERVICES[service]
  const run = known?.operations[operation]
  if (known === undefined || run === undefined) return undefined
  return {
    run,
    eventSource: known.eventSource,
    eventRegion: known.global === true ? 'us-east-1' : region,
    recorded: !DATA_EVENTS.includes(operation),
    readOnly: isRead(operation),
  }
}

/** What there is, by service: `SNS` to its operations, in alphabetical order. */
export function knownOperations(): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(SERVICES).map(([service, { operations }]) => [service, Object.keys(operations).sort()]),
  )
}

export function isRead(operation: string): boolean {
  return /^(Get|List|Describe|Head|Lookup|Filter|Test|AssumeRole)/.test(operation)
}
