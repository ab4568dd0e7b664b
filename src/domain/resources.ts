/** The kinds of resource that make the chain, what each should look like, and what was observed of it. */

import type { RetryPolicy } from './delivery-retries.ts'
import type { PolicyDocument, PolicyStatement } from './policy-documents.ts'
import type { Secret } from './secret.ts'

/** The links of the chain in the order of the signal, as every report names them. */
export const LINKS = [
  'trail',
  'delivery',
  'log-group',
  'metric-filter',
  'alarm',
  'topic',
  'subscription',
  'pagerduty',
  'dashboard',
] as const

export type Link = (typeof LINKS)[number]

/** A kind exists because it has a line here; everything else follows by type. */
export interface Specs {
  bucket: BucketSpec
  trail: TrailSpec
  'log-group': LogGroupSpec
  role: RoleSpec
  delivery: DeliverySpec
  'metric-filter': MetricFilterSpec
  topic: TopicSpec
  queue: QueueSpec
  subscription: SubscriptionSpec
  'email-subscription': EmailSubscriptionSpec
  alarm: AlarmSpec
  dashboard: DashboardSpec
  'pagerduty-service': PagerDutyServiceSpec
  integration: IntegrationSpec
}

export type Kind = keyof Specs

/** The link that a kind is reported under: a trail with its bucket, a delivery with its role, a subscription with its queue. */
export const LINK_OF: Readonly<Record<Kind, Link>> = {
  bucket: 'trail',
  trail: 'trail',
  'log-group': 'log-group',
  role: 'delivery',
  delivery: 'delivery',
  'metric-filter': 'metric-filter',
  topic: 'topic',
  queue: 'subscription',
  subscription: 'subscription',
  'email-subscription': 'subscription',
  alarm: 'alarm',
  dashboard: 'dashboard',
  'pagerduty-service': 'pagerduty',
  integration: 'pagerduty',
}

/** The settings that keep a bucket private, all on (S3 user guide, blocking public access). */
export const PUBLIC_ACCESS_BLOCK = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
} as const

export interface BucketSpec {
  readonly region: string
  /** Every statement that has to be in the bucket's policy; others are left alone. */
  readonly statements: readonly PolicyStatement[]
}

export interface TrailSpec {
  readonly arn: string
  readonly bucket: string
  readonly multiRegion: boolean
  readonly globalServiceEvents: boolean
  readonly fileValidation: boolean
  readonly logging: boolean
  /** Records every account of the organization. */
  readonly organization: boolean
  readonly tags: Tags
}

export interface LogGroupSpec {
  /** Days; undefined keeps what is there. */
  readonly retentionDays: number | undefined
  readonly tags: Tags
}

export interface RoleSpec {
  readonly trust: PolicyDocument
  /** As good as `trust`: what earlier versions wrote. */
  readonly olderTrust?: PolicyDocument
  readonly policyName: string
  readonly policy: PolicyDocument
  readonly tags: Tags
}

/** A trail's delivery to CloudWatch Logs: both members always go together. */
export interface DeliverySpec {
  readonly trailArn: string
  /** With `:*` at the end. */
  readonly logGroupArn: string
  readonly roleArn: string
}

export interface MetricFilterSpec {
  readonly logGroup: string
  readonly pattern: string
  /** Compliance strings are compared to the letter, because scanners do; others by meaning. */
  readonly exact: boolean
  readonly metric: {
    readonly namespace: string
    readonly name: string
    readonly value: string
    readonly unit: string | undefined
    readonly defaultValue: number | undefined
  }
}

export interface TopicSpec {
  readonly arn: string
  readonly displayName: string
  readonly kmsKeyId: string | undefined
  /** Set once, at creation. */
  readonly policy: PolicyDocument
  readonly tags: Tags
}

/** What a subscription is for: pages somebody, opens low-urgency tickets, or pages no one. */
export type SubscriptionPurpose = 'pages' | 'tickets' | 'compliance'

/** The one value that is not known before anything is made: the URL of an integration that PagerDuty is still to create. */
export type PlannedEndpoint = Secret | 'from-pagerduty'

export interface SubscriptionSpec {
  readonly topicArn: string
  readonly endpoint: PlannedEndpoint
  readonly purpose: SubscriptionPurpose
  /** Whether the topic is to remember that init subscribed this endpoint: only a topic of the chain is tagged. */
  readonly recorded: boolean
  /** PagerDuty parses the envelope, so raw delivery is always off (Amazon CloudWatch integration guide; field case C03). */
  readonly rawDelivery: boolean
  readonly confirmed: boolean
  /** ARN of the queue for what the endpoint does not take; null: none any more; undefined: what is there stays. */
  readonly deadLetterQueue?: string | null
  /** Undefined: what is there stays. */
  readonly retries?: RetryPolicy
}

/** An address that is told by e-mail what PagerDuty is not told. */
export interface EmailSubscriptionSpec {
  readonly topicArn: string
  readonly address: string
  /** Nobody but the reader of the mailbox can confirm, so this is never a change. */
  readonly confirmed: boolean
}

/** A queue for what PagerDuty does not take. */
export interface QueueSpec {
  readonly arn: string
  /** Statements that have to be in the queue's policy; others are left alone. */
  readonly policy: PolicyDocument
  /** Seconds. */
  readonly retentionS: number
  readonly encrypted: boolean
  readonly tags: Tags
}

export interface AlarmSpec {
  readonly description: string
  readonly metric: {
    readonly namespace: string
    readonly name: string
    /** Absent where the metric has none. */
    readonly dimensions?: Readonly<Record<string, string>>
  }
  readonly statistic: string
  /** Seconds. */
  readonly period: number
  readonly evaluationPeriods: number
  readonly datapointsToAlarm: number
  readonly threshold: number
  readonly comparisonOperator: string
  readonly treatMissingData: string
  readonly alarmActions: readonly string[]
  readonly okActions: readonly string[]
  readonly insufficientDataActions: readonly string[]
  readonly actionsEnabled: boolean
  readonly tags: Tags
}

/** What PutDashboard takes as JSON (CloudWatch API reference, dashboard body structure). */
export interface DashboardBody {
  readonly widgets: readonly DashboardWidget[]
}

export interface DashboardWidget {
  readonly type: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly properties: Readonly<Record<string, unknown>>
}

export interface DashboardSpec {
  readonly body: DashboardBody
}

/** A service in PagerDuty that is made for the chain. */
export interface PagerDutyServiceSpec {
  /** Undefined where the service exists: its policy is its owner's business. */
  readonly escalationPolicy: { readonly id: string; readonly name: string } | undefined
}

/** An integration in PagerDuty; its key makes the endpoint that the topic is subscribed to. */
export interface IntegrationSpec {
  readonly holder: {
    readonly kind: 'service' | 'orchestration'
    /** Undefined: a service that is still to be made. */
    readonly id: string | undefined
    readonly name: string
  }
  /** Undefined before it is made. */
  readonly id: string | undefined
}

export type Tags = Readonly<Record<string, string>>

/** The tag that tells people where a resource comes from; ownership never rests on it. */
export const CREATED_BY: Tags = { 'created-by': 'cloudtrail-pd' }

/** Where a resource comes from: made by us under a computed name, or named by the person, who thereby agreed to its use. */
export type Ownership = 'managed' | 'adopted'

/** One wanted resource. `name` identifies it within its kind. */
export type Resource<K extends Kind = Kind> = {
  [P in K]: { readonly kind: P; readonly name: string; readonly ownership: Ownership; readonly spec: Specs[P] }
}[K]

export type CurrentResource<K extends Kind = Kind> = {
  [P in K]:
    | { readonly state: 'absent' }
    /** `ours`: the computed name and our marker. */
    | { readonly state: 'present'; readonly managed: boolean; readonly spec: Specs[P] }
    | { readonly state: 'unreadable'; readonly why: string }
}[K]

export type Address = `${Kind}/${string}`

/** An endpoint as a person may see it. */
export function shownEndpoint(endpoint: PlannedEndpoint): string {
  return endpoint === 'from-pagerduty' ? 'the URL of the new integration' : endpoint.toString()
}

export function addressOf(resource: Resource): Address {
  return `${resource.kind}/${resource.name}`
}

/** What was observed of each wanted resource. An address that is missing was never looked at, which is an error of ours. */
export type CurrentState = ReadonlyMap<Address, CurrentResource>
