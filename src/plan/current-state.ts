/** Reads the inventory with the eyes of the wish: of each wanted resource, absent, present or unreadable. */

import { dashboardMarker } from '../domain/dashboard.ts'
import { queueIn, retriesIn } from '../domain/delivery-retries.ts'
import { parseMarker } from '../domain/marker.ts'
import { hasSid, SID } from '../domain/policy-documents.ts'
import {
  type AlarmSpec,
  addressOf,
  type CurrentResource,
  type CurrentState,
  type DashboardBody,
  type MetricFilterSpec,
  type Resource,
  type SubscriptionSpec,
} from '../domain/resources.ts'
import { Secret } from '../domain/secret.ts'
import type {
  AlarmSnapshot,
  MetricFilterSnapshot,
  Reading,
  Snapshot,
  SubscriptionAttributes,
} from '../domain/snapshot.ts'

/** What the inventory knows of each resource. `prefix` is the chain's `--name`, which markers have to carry. */
export function currentState(snapshot: Snapshot, resources: readonly Resource[], prefix: string): CurrentState {
  return new Map(resources.map((resource) => [addressOf(resource), readSnapshot(snapshot, resource, prefix)]))
}

const ABSENT = { state: 'absent' } as const

function readSnapshot(snapshot: Snapshot, resource: Resource, prefix: string): CurrentResource {
  switch (resource.kind) {
    case 'bucket':
      return fromReading(snapshot.buckets.get(resource.name), (bucket) => ({
        // Killed between bucket and policy: the computed name without any policy is ours, half made.
        managed: bucket.own && (bucket.policy === undefined || hasSid(bucket.policy, SID.bucketCreated)),
        spec: { region: resource.spec.region, statements: bucket.policy?.Statement ?? [] },
      }))
    case 'trail':
      return observeTrail(snapshot, resource)
    case 'log-group':
      return fromReading(snapshot.logGroups.get(resource.name), (group) => ({
        // CloudWatch Logs lists nothing that could carry a marker; the computed name has to do.
        managed: true,
        spec: { retentionDays: group.retentionDays, tags: {} },
      }))
    case 'role':
      return fromReading(snapshot.roles.get(resource.name), (role) => ({
        managed: hasSid(role.trust, SID.roleTrust),
        spec: {
          trust: role.trust ?? { Statement: [] },
          policyName: resource.spec.policyName,
          policy: role.policies[resource.spec.policyName] ?? { Statement: [] },
          tags: {},
        },
      }))
    case 'delivery':
      return observeDelivery(snapshot, resource)
    case 'metric-filter':
      return observeFilter(snapshot, resource)
    case 'topic':
      return fromReading(snapshot.topics.get(resource.spec.arn), (topic) => ({
        managed: hasSid(topic.policy, SID.topic),
        spec: {
          ...resource.spec,
          // An adopted topic keeps its name and its key; only a wish that was spoken would change ours.
          displayName: resource.ownership === 'adopted' ? resource.spec.displayName : topic.displayName,
          kmsKeyId: resource.ownership === 'adopted' ? resource.spec.kmsKeyId : topic.kmsKeyId,
        },
      }))
    case 'subscription':
      return observeSubscription(snapshot, resource)
    case 'email-subscription':
      return observeEmail(snapshot, resource)
    case 'alarm':
      return observeAlarm(snapshot, resource, prefix)
    case 'queue':
      return fromReading(snapshot.queues.get(resource.spec.arn), ({ policy, retentionS, encrypted }) => ({
        managed: hasSid(policy, SID.queue),
        spec: { ...resource.spec, policy: policy ?? { Statement: [] }, retentionS, encrypted },
      }))
    case 'dashboard':
      return fromReading(snapshot.dashboards.get(resource.name), ({ body }) => ({
        managed: dashboardMarker(body)?.name === prefix,
        spec: { body: body as DashboardBody },
      }))
    case 'pagerduty-service':
      return snapshot.pagerduty?.holder.id === undefined
        ? ABSENT
        : { state: 'present', managed: true, spec: resource.spec }
    case 'integration':
      return snapshot.pagerduty?.integration === undefined
        ? ABSENT
        : { state: 'present', managed: snapshot.pagerduty.integration.managed, spec: resource.spec }
  }
}

function observeTrail(snapshot: Snapshot, resource: Resource<'trail'>): CurrentResource {
  if (snapshot.trails.state === 'unreadable') return snapshot.trails
  const trail = snapshot.trails.value.find(({ arn }) => arn === resource.spec.arn)
  if (trail === undefined) return ABSENT
  if (trail.status.state === 'unreadable') return trail.status
  return {
    state: 'present',
    managed: trail.bucket === resource.spec.bucket,
    spec: {
      arn: trail.arn,
      bucket: trail.bucket,
      multiRegion: trail.multiRegion,
      globalServiceEvents: trail.globalServiceEvents,
      fileValidation: trail.fileValidation,
      logging: trail.status.value.logging,
      organization: trail.organization,
      tags: {},
    },
  }
}

function observeDelivery(snapshot: Snapshot, resource: Resource<'delivery'>): CurrentResource {
  if (snapshot.trails.state === 'unreadable') return snapshot.trails
  const trail = snapshot.trails.value.find(({ arn }) => arn === resource.spec.trailArn)
  if (trail?.logGroupArn === undefined || trail.roleArn === undefined) return ABSENT
  const spec = { trailArn: trail.arn, logGroupArn: trail.logGroupArn, roleArn: trail.roleArn }
  return { state: 'present', managed: true, spec }
}

function observeFilter(snapshot: Snapshot, resource: Resource<'metric-filter'>): CurrentResource {
  if (snapshot.metricFilters.state === 'unreadable') return snapshot.metricFilters
  const found = snapshot.metricFilters.value.find(
    ({ name, logGroup }) => name === resource.name && logGroup === resource.spec.logGroup,
  )
  if (found === undefined) return ABSENT
  return { state: 'present', managed: writesTo(found, resource.spec), spec: filterSpec(found, resource.spec.exact) }
}

/** A filter carries no marker, so the computed name has to come with the metric that only this chain writes. */
function writesTo(found: MetricFilterSnapshot, wanted: MetricFilterSpec): boolean {
  return found.transformations.some(
    ({ namespace, name }) => namespace === wanted.metric.namespace && name === wanted.metric.name,
  )
}

/** A filter as it is, in the form in which one is wanted. */
export function filterSpec(found: MetricFilterSnapshot, exact: boolean): MetricFilterSpec {
  const [metric] = found.transformations
  return {
    logGroup: found.logGroup,
    pattern: found.pattern,
    exact,
    metric: {
      namespace: metric?.namespace ?? '',
      name: metric?.name ?? '',
      value: metric?.value ?? '',
      // An absent unit is published as None (PutMetricFilter API reference).
      unit: metric?.unit === 'None' ? undefined : metric?.unit,
      defaultValue: metric?.defaultValue,
    },
  }
}

function observeSubscription(snapshot: Snapshot, resource: Resource<'subscription'>): CurrentResource {
  const subscriptions = snapshot.subscriptions.get(resource.spec.topicArn)
  if (subscriptions?.state === 'unreadable') return subscriptions
  const wanted = resource.spec.endpoint
  if (wanted === 'from-pagerduty') return ABSENT
  const found = subscriptions?.value.find(({ endpoint }) => endpoint.address.equals(wanted))
  if (found === undefined) return ABSENT
  if (found.attributes.state === 'unreadable' && found.arn !== undefined) return found.attributes
  return {
    state: 'present',
    managed: true,
    spec: {
      ...resource.spec,
      ...attributesOf(found.attributes, resource.spec),
      confirmed: found.confirmed === true,
    },
  }
}

function observeEmail(snapshot: Snapshot, { spec }: Resource<'email-subscription'>): CurrentResource {
  const listed = snapshot.subscriptions.get(spec.topicArn)
  if (listed?.state === 'unreadable') return listed
  const address = new Secret(spec.address)
  const found = listed?.value.find(
    ({ protocol, endpoint }) => protocol.startsWith('email') && endpoint.address.equals(address),
  )
  if (found === undefined) return ABSENT
  return { state: 'present', managed: true, spec: { ...spec, confirmed: found.confirmed === true } }
}

/** Of a pending subscription nothing can be read, so nothing but the confirmation is missing. */
function attributesOf(found: Reading<SubscriptionAttributes>, wanted: SubscriptionSpec): Partial<SubscriptionSpec> {
  if (found.state === 'unreadable') return { rawDelivery: wanted.rawDelivery }
  const { rawDelivery, redrivePolicy, deliveryPolicy } = found.value
  return { rawDelivery, deadLetterQueue: queueIn(redrivePolicy) ?? null, retries: retriesIn(deliveryPolicy) }
}

function observeAlarm(snapshot: Snapshot, resource: Resource<'alarm'>, prefix: string): CurrentResource {
  if (snapshot.alarms.state === 'unreadable') return snapshot.alarms
  const found = snapshot.alarms.value.find(({ name }) => name === resource.name)
  if (found === undefined) return ABSENT
  return {
    state: 'present',
    managed: parseMarker(found.description)?.name === prefix,
    spec: alarmSpec(found),
  }
}

/** An alarm as it is, in the form in which one is wanted. */
export function alarmSpec(alarm: AlarmSnapshot): AlarmSpec {
  const dimensions = alarm.metric?.dimensions ?? {}
  return {
    description: alarm.description,
    metric: {
      namespace: alarm.metric?.namespace ?? '',
      name: alarm.metric?.name ?? '',
      ...(Object.keys(dimensions).length === 0 ? {} : { dimensions }),
    },
    statistic: alarm.statistic ?? '',
    period: alarm.period ?? 0,
    evaluationPeriods: alarm.evaluationPeriods ?? 0,
    // Absent means all of the evaluation periods (PutMetricAlarm API reference).
    datapointsToAlarm: alarm.datapointsToAlarm ?? alarm.evaluationPeriods ?? 0,
    threshold: alarm.threshold ?? 0,
    comparisonOperator: alarm.comparisonOperator ?? '',
    treatMissingData: alarm.treatMissingData ?? 'missing',
    alarmActions: alarm.alarmActions,
    okActions: alarm.okActions,
    insufficientDataActions: alarm.insufficientDataActions,
    actionsEnabled: alarm.actionsEnabled,
    tags: {},
  }
}

type Present = Extract<CurrentResource, { state: 'present' }>

function fromReading<T>(
  reading: Reading<T | undefined> | undefined,
  see: (value: T) => Omit<Present, 'state'>,
): CurrentResource {
  if (reading === undefined) return ABSENT
  if (reading.state === 'unreadable') return { state: 'unreadable', why: reading.why }
  return reading.value === undefined ? ABSENT : ({ state: 'present', ...see(reading.value) } as Present)
}
