/** From the wish to the resources that make it true, in the order of their creation. */

import type { AlarmRecipe, Detection, MetricRecipe } from '../detections/detection.ts'
import { alarmDescription } from './description.ts'
import type { Inventory, TopicFact } from './inventory.ts'
import { valueIfRead } from './inventory.ts'
import {
  type AlarmSpec,
  type PlannedEndpoint,
  type Resource,
  type SubscriptionPurpose,
  shownEndpoint,
  type Tags,
} from './link.ts'
import {
  type ChainNames,
  chainNames,
  logGroupNameOf,
  parseArn,
  roleArn,
  roleNameOf,
  type Site,
  topicArn,
  trailArn,
  trailLogGroupArn,
} from './names.ts'
import { bucketStatements, deliveryPolicy, deliveryTrust, tlsOnly, topicPolicy } from './policy.ts'
import type { Setup } from './setup.ts'
import type { TrailChoice } from './trail-choice.ts'

/** Where the events come from, resolved to names: what the observation has to look at before anything can be planned. */
export interface EventSide {
  readonly trailName: string
  readonly trailArn: string
  readonly logGroup: string
  /** True when the chain makes or keeps up the delivery itself. */
  readonly managesDelivery: boolean
  readonly roleArn: string
  readonly bucket: string | undefined
}

/** Where the messages go. */
export interface NotificationSide {
  readonly topicArn: string
  readonly ticketTopicArn: string | undefined
  readonly complianceTopicArn: string | undefined
}

/** The endpoint of each purpose that is wanted. */
export type Endpoints = Readonly<
  Partial<Record<SubscriptionPurpose, { endpoint: PlannedEndpoint; protocol: 'https' | 'http' }>>
>

/** The tag that tells people where a resource comes from; ownership never rests on it. */
const CREATED_BY: Tags = { 'created-by': 'cloudtrail-pd' }

export function eventSide(setup: Setup, site: Site, choice: TrailChoice): EventSide {
  const names = chainNames(setup.name, site)
  if (choice.how === 'own') {
    return {
      trailName: choice.name,
      trailArn: trailArn(site, choice.name),
      logGroup: setup.logGroup ?? names.logGroup(choice.name),
      managesDelivery: true,
      roleArn: roleArn(site, setup.logRole ?? names.role),
      bucket: choice.bucket,
    }
  }
  const { trail } = choice
  const delivered = trail.logGroupArn === undefined ? undefined : logGroupNameOf(trail.logGroupArn)
  const computedRole = roleArn(site, setup.logRole ?? names.role)
  return {
    trailName: trail.name,
    trailArn: trail.arn,
    logGroup: delivered ?? setup.logGroup ?? names.logGroup(trail.name),
    managesDelivery: delivered === undefined || roleNameOf(trail.roleArn ?? '') === names.role,
    roleArn: delivered === undefined ? computedRole : (trail.roleArn ?? computedRole),
    bucket: undefined,
  }
}

export function notificationSide(setup: Setup, site: Site): NotificationSide {
  const names = chainNames(setup.name, site)
  const named = setup.topic.nameOrArn
  const arn = named === undefined ? topicArn(site, names.topic) : parseArn(named) ? named : topicArn(site, named)
  return {
    topicArn: arn,
    ticketTopicArn: setup.ticketRoute === undefined ? undefined : topicArn(site, names.ticketTopic),
    complianceTopicArn: setup.variant === 'both' ? topicArn(site, names.complianceTopic) : undefined,
  }
}

/** Everything that has to be there, event side first, alarms last. */
export function desired(
  setup: Setup,
  inventory: Inventory,
  choice: TrailChoice,
  endpoints: Endpoints,
): readonly Resource[] {
  const { site } = inventory
  const names = chainNames(setup.name, site)
  const events = eventSide(setup, site, choice)
  const notifications = notificationSide(setup, site)
  const tags = { ...CREATED_BY, ...setup.tags }
  return [
    ...trailResources(setup, inventory, choice, events, tags),
    ...setup.detections.flatMap((detection) => filtersOf(detection, setup, names, events.logGroup)),
    ...pagerDutyResources(setup, inventory, names),
    ...topics(setup, inventory, names, notifications, tags),
    ...subscriptions(notifications, endpoints),
    ...setup.detections.flatMap((detection) => alarmsOf(detection, setup, site, events, notifications, tags)),
  ]
}

function trailResources(
  setup: Setup,
  inventory: Inventory,
  choice: TrailChoice,
  events: EventSide,
  tags: Tags,
): readonly Resource[] {
  const { site } = inventory
  const trail = choice.how === 'own' ? ownTrail(setup, site, events, tags) : [adoptedTrail(choice)]
  const present = valueIfRead(inventory.logGroups.get(events.logGroup))
  const computed = events.logGroup === chainNames(setup.name, site).logGroup(events.trailName)
  const logGroup: Resource = {
    kind: 'log-group',
    name: events.logGroup,
    provenance: events.managesDelivery && (computed || present === undefined) ? 'ours' : 'adopted',
    // A retention is only ever set on a group that is made here.
    spec: {
      retentionDays: events.managesDelivery && (computed || present === undefined) ? setup.logRetention : undefined,
      tags,
    },
  }
  const delivery: Resource = {
    kind: 'delivery',
    name: events.trailName,
    provenance: 'ours',
    spec: {
      trailArn: events.trailArn,
      logGroupArn: trailLogGroupArn(site, events.logGroup),
      // A role that was named may have a path, which only its own ARN tells.
      roleArn: valueIfRead(inventory.roles.get(roleNameOf(events.roleArn)))?.arn ?? events.roleArn,
    },
  }
  const role =
    events.managesDelivery && setup.logRole === undefined ? [deliveryRole(inventory, choice, events, tags)] : []
  return [...trail, logGroup, ...role, delivery]
}

function ownTrail(setup: Setup, site: Site, events: EventSide, tags: Tags): readonly Resource[] {
  const bucket = events.bucket ?? chainNames(setup.name, site).bucket
  const made = bucket === chainNames(setup.name, site).bucket
  const statements = bucketStatements(site, bucket, events.trailName)
  return [
    {
      kind: 'bucket',
      name: bucket,
      provenance: made ? 'ours' : 'adopted',
      spec: { region: site.region, statements: made ? [...statements, tlsOnly(site, bucket)] : statements },
    },
    {
      kind: 'trail',
      name: events.trailName,
      provenance: 'ours',
      spec: {
        arn: events.trailArn,
        bucket,
        multiRegion: true,
        globalServiceEvents: true,
        fileValidation: true,
        logging: true,
        tags,
      },
    },
  ]
}

function adoptedTrail({ trail }: Extract<TrailChoice, { how: 'reuse' }>): Resource {
  return {
    kind: 'trail',
    name: trail.name,
    provenance: 'adopted',
    spec: {
      arn: trail.arn,
      bucket: trail.bucket,
      multiRegion: trail.multiRegion,
      globalServiceEvents: trail.globalServiceEvents,
      fileValidation: trail.fileValidation,
      logging: true,
      tags: {},
    },
  }
}

function deliveryRole(inventory: Inventory, choice: TrailChoice, events: EventSide, tags: Tags): Resource {
  const organization = choice.how === 'reuse' && choice.trail.organization ? inventory.organizationId : undefined
  return {
    kind: 'role',
    name: roleNameOf(events.roleArn),
    provenance: 'ours',
    spec: {
      trust: deliveryTrust(events.trailArn, inventory.site.account),
      policyName: 'cloudtrail-delivery',
      policy: deliveryPolicy(inventory.site, events.logGroup, organization),
      tags,
    },
  }
}

function filtersOf(detection: Detection, setup: Setup, names: ChainNames, logGroup: string): readonly Resource[] {
  const { paging, compliance } = detection
  const filter = (name: string, pattern: string, metric: MetricRecipe, exact: boolean): Resource => ({
    kind: 'metric-filter',
    name,
    provenance: 'ours',
    spec: {
      logGroup,
      pattern,
      exact,
      metric: {
        namespace: metric.namespace ?? names.namespace,
        name: metric.name,
        value: metric.value,
        unit: metric.unit,
        defaultValue: metric.defaultValue,
      },
    },
  })
  const filters: Resource[] = []
  if (pages(detection, setup)) {
    filters.push(filter(filterName(detection, names), paging.pattern, paging.metric, false))
  }
  if (complies(detection, setup) && compliance !== undefined) {
    const twins = compliance.patterns.filter(({ label }) => compliance.twins.includes(label))
    twins.forEach(({ pattern }, index) => {
      filters.push(filter(names.metricFilter(detection.id, index + 1), pattern, compliance.metric, true))
    })
  }
  return filters
}

/** What PagerDuty is to hold; an existing integration of somebody else is only used. */
function pagerDutyResources(
  { pagerduty: wish }: Setup,
  { pagerduty: fact }: Inventory,
  names: ChainNames,
): readonly Resource[] {
  if (wish === undefined || fact === undefined) return []
  const { holder, escalationPolicy, integration } = fact
  const service: Resource = {
    kind: 'pagerduty-service',
    name: holder.name,
    provenance: 'ours',
    spec: { escalationPolicy },
  }
  return [
    ...(wish.how === 'new-service' ? [service] : []),
    {
      kind: 'integration',
      name: integration?.name ?? names.integration,
      provenance: integration === undefined || integration.ours ? 'ours' : 'adopted',
      spec: { holder, id: integration?.id },
    },
  ]
}

/** Proposed from where the pages go; a name that the topic has already is left to it. */
function proposedDisplayName({ topic }: Setup, present: TopicFact | undefined, { pagerduty }: Inventory): string {
  if (topic.displayName !== undefined) return topic.displayName
  if (present !== undefined && present.displayName !== '') return present.displayName
  return displayNameFor(pagerduty?.holder.name)
}

/** Display name of a topic whose pages go to this service or orchestration; 100 characters at most (SNS CreateTopic). */
export function displayNameFor(holder: string | undefined): string {
  if (holder === undefined) return 'CloudTrail alerts'
  return `CloudTrail ${holder.replaceAll(/[^\x20-\x7e]+/g, ' ').trim()}`.slice(0, 100).trim()
}

function topics(
  setup: Setup,
  inventory: Inventory,
  names: ChainNames,
  notifications: NotificationSide,
  tags: Tags,
): readonly Resource[] {
  const { site } = inventory
  const topic = (arn: string, displayName: string, provenance: 'ours' | 'adopted'): Resource => ({
    kind: 'topic',
    name: parseArn(arn)?.resource ?? arn,
    provenance,
    spec: { arn, displayName, kmsKeyId: setup.topic.kmsKey, policy: topicPolicy(site, arn), tags },
  })
  const present: TopicFact | undefined = valueIfRead(inventory.topics.get(notifications.topicArn))
  const named = setup.topic.nameOrArn !== undefined && present !== undefined
  const main = topic(notifications.topicArn, proposedDisplayName(setup, present, inventory), named ? 'adopted' : 'ours')
  return [
    main,
    ...(notifications.ticketTopicArn === undefined
      ? []
      : [topic(notifications.ticketTopicArn, 'CloudTrail tickets', 'ours')]),
    ...(notifications.complianceTopicArn === undefined
      ? []
      : [topic(notifications.complianceTopicArn, `${names.prefix} compliance`, 'ours')]),
  ]
}

function subscriptions(notifications: NotificationSide, endpoints: Endpoints): readonly Resource[] {
  const arns: Readonly<Record<SubscriptionPurpose, string | undefined>> = {
    pages: notifications.topicArn,
    tickets: notifications.ticketTopicArn,
    compliance: notifications.complianceTopicArn,
  }
  return (Object.keys(arns) as SubscriptionPurpose[]).flatMap((purpose) => {
    const arn = arns[purpose]
    const target = endpoints[purpose]
    if (arn === undefined || target === undefined) return []
    return [
      {
        kind: 'subscription' as const,
        name: `${shownEndpoint(target.endpoint)}${purpose === 'pages' ? '' : ` (${purpose})`}`,
        provenance: 'ours' as const,
        spec: { topicArn: arn, ...target, purpose, rawDelivery: false, confirmed: true },
      },
    ]
  })
}

function alarmsOf(
  detection: Detection,
  setup: Setup,
  site: Site,
  events: EventSide,
  notifications: NotificationSide,
  tags: Tags,
): readonly Resource[] {
  const names = chainNames(setup.name, site)
  const alarm = (variant: 'paging' | 'compliance', recipe: AlarmRecipe, metric: MetricRecipe): Resource => {
    const topic =
      variant === 'compliance'
        ? (notifications.complianceTopicArn ?? notifications.topicArn)
        : target(detection, notifications)
    const filter = variant === 'paging' ? filterName(detection, names) : names.metricFilter(detection.id, 1)
    const name = detection.custom?.alarmName ?? names.alarm(detection.id, variant)
    const spec: AlarmSpec = {
      ...recipe,
      description: alarmDescription(detection, setup, site, events.logGroup, { filter, alarm: name }),
      metric: { namespace: metric.namespace ?? names.namespace, name: metric.name },
      alarmActions: [topic],
      okActions: setup.autoResolve ? [topic] : [],
      // INSUFFICIENT_DATA opens an incident that nothing resolves (field case C15).
      insufficientDataActions: [],
      actionsEnabled: true,
      tags,
    }
    return {
      kind: 'alarm',
      name,
      provenance: 'ours',
      spec,
    }
  }
  return [
    ...(pages(detection, setup) ? [alarm('paging', detection.paging.alarm, detection.paging.metric)] : []),
    ...(complies(detection, setup) && detection.compliance !== undefined
      ? [alarm('compliance', detection.compliance.alarm, detection.compliance.metric)]
      : []),
  ]
}

/** A detection without a published string has only its paging form, whatever the variant. */
function pages(detection: Detection, setup: Setup): boolean {
  return setup.variant !== 'compliance' || detection.compliance === undefined
}

function complies(detection: Detection, setup: Setup): boolean {
  return setup.variant !== 'paging' && detection.compliance !== undefined
}

function filterName(detection: Detection, names: ChainNames): string {
  return detection.custom?.filterName ?? names.metricFilter(detection.id)
}

function target(detection: Detection, notifications: NotificationSide): string {
  return detection.urgency === 'ticket'
    ? (notifications.ticketTopicArn ?? notifications.topicArn)
    : notifications.topicArn
}
