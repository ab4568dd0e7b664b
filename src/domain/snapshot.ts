/** What was read from an account and region: facts as values, each either read or unreadable. */

import type { Endpoint } from './endpoint.ts'
import type { Site } from './names.ts'
import type { PolicyDocument } from './policy-documents.ts'
import type { IntegrationSpec } from './resources.ts'
import type { ServiceRegion } from './route.ts'
import type { Secret } from './secret.ts'

/** A read that may have failed. Not being allowed to look is never "not there". */
export type Reading<T> =
  | { readonly state: 'read'; readonly value: T }
  /** `why` is one sentence for the person; `denied` tells missing permission from any other failure. */
  | { readonly state: 'unreadable'; readonly why: string; readonly denied: boolean }

/** A KMS key that encrypts a topic or a log group. */
export interface KeySnapshot {
  readonly arn: string
  /** `AWS` or `CUSTOMER`. */
  readonly manager: string
  readonly enabled: boolean
  readonly policy: Reading<PolicyDocument | undefined>
}

export interface TrailSnapshot {
  readonly arn: string
  readonly name: string
  readonly homeRegion: string
  /** The account in the ARN: an organization trail seen from a member belongs to somebody else (field case C46). */
  readonly account: string
  readonly multiRegion: boolean
  readonly globalServiceEvents: boolean
  readonly organization: boolean
  readonly fileValidation: boolean
  readonly bucket: string
  readonly logGroupArn: string | undefined
  readonly roleArn: string | undefined
  readonly kmsKeyId: string | undefined
  readonly status: Reading<TrailStatus>
  readonly selectors: Reading<EventSelectors>
}

export interface TrailStatus {
  readonly logging: boolean
  readonly started: Date | undefined
  readonly stopped: Date | undefined
  /** Why the last delivery to S3 failed. */
  readonly deliveryError: string | undefined
  /** Why the last delivery to CloudWatch Logs failed; it stays until the next attempt. */
  readonly logsDeliveryError: string | undefined
  readonly logsDelivered: Date | undefined
}

/** Both forms of selectors; empty lists mean the default: all management events (field case C39). */
export interface EventSelectors {
  readonly basic: readonly BasicSelector[]
  readonly advanced: readonly AdvancedSelector[]
}

export interface BasicSelector {
  readonly readWriteType: string
  readonly includeManagementEvents: boolean
  readonly excludedSources: readonly string[]
  /** Types of the resources whose data events are recorded, such as `AWS::S3::Object`. */
  readonly dataResources: readonly string[]
}

export interface AdvancedSelector {
  readonly fields: readonly FieldSelector[]
}

export interface FieldSelector {
  readonly field: string
  readonly equals: readonly string[]
  readonly notEquals: readonly string[]
  readonly startsWith: readonly string[]
  readonly notStartsWith: readonly string[]
  readonly endsWith: readonly string[]
  readonly notEndsWith: readonly string[]
}

export interface LogGroupSnapshot {
  readonly name: string
  /** Without `:*`. */
  readonly arn: string
  /** Undefined: never expires. */
  readonly retentionDays: number | undefined
  readonly kmsKeyId: string | undefined
  /** `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`; absent in the answer means STANDARD. */
  readonly class: string
  readonly metricFilterCount: number | undefined
  readonly storedBytes: number | undefined
  readonly dataProtection: string | undefined
  readonly inheritedProperties: readonly string[]
}

export interface MetricFilterSnapshot {
  readonly logGroup: string
  readonly name: string
  readonly pattern: string
  readonly transformations: readonly MetricTransformation[]
  readonly onTransformedLogs: boolean
  readonly emittedSystemDimensions: readonly string[]
  /** Which log streams or fields it reads at all, where that is narrowed. */
  readonly selectionCriteria?: string
}

export interface MetricTransformation {
  readonly namespace: string
  readonly name: string
  readonly value: string
  readonly unit: string | undefined
  readonly defaultValue: number | undefined
  readonly dimensions: Readonly<Record<string, string>>
}

export interface AlarmSnapshot {
  readonly type: 'metric' | 'composite'
  readonly arn: string
  readonly name: string
  readonly description: string
  /** Undefined for metric math and composite alarms. */
  readonly metric: AlarmMetric | undefined
  readonly statistic: string | undefined
  /** Seconds. */
  readonly period: number | undefined
  readonly evaluationPeriods: number | undefined
  readonly datapointsToAlarm: number | undefined
  readonly threshold: number | undefined
  readonly comparisonOperator: string | undefined
  /** As AWS gives it; absent means `missing`. */
  readonly treatMissingData: string | undefined
  readonly unit: string | undefined
  readonly actionsEnabled: boolean
  readonly alarmActions: readonly string[]
  readonly okActions: readonly string[]
  readonly insufficientDataActions: readonly string[]
  /** `OK`, `ALARM`, `INSUFFICIENT_DATA`, or a word newer than this program. */
  readonly state: string
  readonly stateReason: string
  readonly stateChanged: Date | undefined
  /** When its settings were last written. */
  readonly configured?: Date | undefined
  /** Composite alarms only. */
  readonly rule: string | undefined
  readonly actionsSuppressor: string | undefined
  /** The alarm as AWS returned it: what a repair copies before it changes one thing. */
  readonly raw: Readonly<Record<string, unknown>>
}

export interface AlarmMetric {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
}

export interface TopicSnapshot {
  readonly arn: string
  readonly displayName: string
  /** As stored, byte for byte. */
  readonly policyText: string | undefined
  readonly policy: PolicyDocument | undefined
  readonly kmsKeyId: string | undefined
  readonly fifo: boolean
}

export interface SubscriptionSnapshot {
  /** Undefined where AWS lists the literal `PendingConfirmation` in place of an ARN. */
  readonly arn: string | undefined
  readonly topicArn: string
  readonly protocol: string
  readonly endpoint: Endpoint
  /** Has an ARN is not confirmed: this is the attribute's word, undefined when it could not be read. */
  readonly confirmed: boolean | undefined
  /** Whether the topic remembers that init subscribed it; missing where that was not looked at. */
  readonly recorded?: Reading<boolean>
  readonly attributes: Reading<SubscriptionAttributes>
}

export interface SubscriptionAttributes {
  readonly rawDelivery: boolean
  readonly filterPolicy: string | undefined
  readonly filterPolicyScope: string | undefined
  readonly redrivePolicy: string | undefined
  readonly deliveryPolicy: string | undefined
}

export interface RoleSnapshot {
  readonly arn: string
  readonly name: string
  readonly trust: PolicyDocument | undefined
  /** Inline policies by name; managed policies only by ARN. */
  readonly policies: Readonly<Record<string, PolicyDocument>>
  readonly attachedPolicyArns: readonly string[]
  /** By ARN, those of the managed policies that were read. */
  readonly managedPolicies?: Readonly<Record<string, PolicyDocument>>
}

export interface BucketSnapshot {
  readonly name: string
  readonly policy: PolicyDocument | undefined
  /** False when the bucket answers but belongs to another account. */
  readonly own: boolean
}

export interface QueueSnapshot {
  readonly arn: string
  readonly url: string
  readonly policy: PolicyDocument | undefined
  /** Seconds. */
  readonly retentionS: number
  readonly encrypted: boolean
  /** About how many lie in it (SQS calls its own count approximate). */
  readonly messages: number
}

export interface DashboardSnapshot {
  readonly name: string
  /** The parsed JSON; undefined where it is none. */
  readonly body: unknown
}

/** What PagerDuty holds of the service or orchestration that pages should go to. */
export interface PagerDutyObjects {
  readonly serviceRegion: ServiceRegion
  readonly holder: IntegrationSpec['holder']
  /** Of a service that is still to be made. */
  readonly escalationPolicy: { readonly id: string; readonly name: string } | undefined
  /** Undefined: one is to be made under the chain's own name. */
  readonly integration: EndpointReading | undefined
  /** Who would be paged, in one phrase. */
  readonly paged: string
  /** Known reasons why nobody would be; each one sentence. */
  readonly faults: readonly string[]
}

export interface EndpointReading {
  readonly id: string
  readonly name: string
  /** Made by this chain: its name and vendor. */
  readonly managed: boolean
  readonly endpoint: Secret
}

/** Absent is a fact: `Reading<T | undefined>` read as undefined means AWS said that it is not there. */
export interface Snapshot {
  readonly site: Site
  /** The organization of the account: missing where nothing needs it, read as undefined where the account is in none. */
  readonly organizationId?: Reading<string | undefined>
  readonly trails: Reading<readonly TrailSnapshot[]>
  readonly logGroups: ReadonlyMap<string, Reading<LogGroupSnapshot | undefined>>
  readonly metricFilters: Reading<readonly MetricFilterSnapshot[]>
  readonly alarms: Reading<readonly AlarmSnapshot[]>
  readonly topics: ReadonlyMap<string, Reading<TopicSnapshot | undefined>>
  readonly subscriptions: ReadonlyMap<string, Reading<readonly SubscriptionSnapshot[]>>
  readonly roles: ReadonlyMap<string, Reading<RoleSnapshot | undefined>>
  readonly buckets: ReadonlyMap<string, Reading<BucketSnapshot | undefined>>
  /** By ARN. */
  readonly queues: ReadonlyMap<string, Reading<QueueSnapshot | undefined>>
  /** By name, which is unique in the whole account. */
  readonly dashboards: ReadonlyMap<string, Reading<DashboardSnapshot | undefined>>
  /** Missing where PagerDuty was not asked for a route. */
  readonly pagerduty?: PagerDutyObjects
}

/** The value when it was read; undefined when it could not be. For places where both absences lead to the same step. */
export function valueIfRead<T>(reading: Reading<T> | undefined): T | undefined {
  return reading?.state === 'read' ? reading.value : undefined
}
