/** `destroy` as a plan: the wish for nothing, which deletes what is ours and says why the rest stays. */

import { parseMarker } from '../domain/marker.ts'
import { chainNames, logGroupNameOf, roleNameOf } from '../domain/names.ts'
import { hasSid, type PolicyDocument, SID } from '../domain/policy-documents.ts'
import type { Resource } from '../domain/resources.ts'
import { type Snapshot, valueIfRead } from '../domain/snapshot.ts'
import { deletedBy, deployerOf } from './deployer.ts'
import { chainTopics, type Retained, topicWithSubscriptions } from './destroy-topic.ts'
import { staleAlarms, staleFilters } from './orphans.ts'
import type { Plan } from './plan.ts'

export interface DestroyRequest {
  readonly prefix: string
  readonly deleteTrail: boolean
  readonly deleteLogs: boolean
}

/** What only a question beyond the inventory tells: whether audit records lie in them. */
export interface Contents {
  readonly bucketHoldsObjects: ReadonlyMap<string, boolean>
  readonly logGroupHoldsEvents: ReadonlyMap<string, boolean>
}

export interface DestroyPlan {
  readonly plan: Plan
  readonly kept: readonly Retained[]
}

/** The log group that a delivery role of ours writes to: its policy is the group's marker. */
export function logGroupOfRole(policies: Readonly<Record<string, PolicyDocument>>): string | undefined {
  for (const policy of Object.values(policies)) {
    for (const statement of policy.Statement) {
      if (statement.Sid !== SID.rolePolicy) continue
      const [stream] = [statement.Resource].flat()
      if (typeof stream === 'string') return logGroupNameOf(stream.replace(/:log-stream:.*$/, ''))
    }
  }
  return undefined
}

/**
 * Filters before alarms, because an alarm's description names the filter of a custom detection; the log group before the
 * role that marks it; so that a run which dies between any two is finished by the next.
 */
export function planDestroy(snapshot: Snapshot, holdings: Contents, request: DestroyRequest): DestroyPlan {
  const kept: Retained[] = []
  const topics = removeTopics(snapshot, request, kept)
  const trail = removeTrail(snapshot, holdings, request, kept)
  const resources = [
    ...staleFilters([], snapshot, request.prefix),
    ...staleAlarms([], snapshot, request.prefix),
    ...topics,
    ...trail,
  ]
  const deployer = deployerOf(snapshot, request.prefix)
  if (deployer !== undefined) {
    const why = deletedBy(deployer)
    return { plan: [], kept: [...resources.map(({ name }) => ({ resource: name, why })), ...kept] }
  }
  return { plan: resources.map((resource) => ({ action: 'delete', resource, why: 'made by init' })), kept }
}

function removeTopics(snapshot: Snapshot, request: DestroyRequest, kept: Retained[]): readonly Resource[] {
  const managed = chainTopics(snapshot, request.prefix)
  for (const arn of adoptedTopics(snapshot, request.prefix, managed)) {
    kept.push({ resource: arn, why: 'it was named by --topic; its subscriptions stay with it' })
  }
  return managed.flatMap((arn) => {
    const reading = snapshot.topics.get(arn)
    if (reading?.state === 'unreadable') kept.push({ resource: arn, why: reading.why })
    const topic = valueIfRead(reading)
    if (topic === undefined) return []
    if (!hasSid(topic.policy, SID.topic)) {
      kept.push({ resource: arn, why: "it has this chain's name, but not its mark" })
      return []
    }
    return topicWithSubscriptions(snapshot, arn, kept)
  })
}

function adoptedTopics(snapshot: Snapshot, prefix: string, managed: readonly string[]): readonly string[] {
  const targets = (valueIfRead(snapshot.alarms) ?? [])
    .filter((alarm) => parseMarker(alarm.description)?.name === prefix)
    .flatMap((alarm) => [...alarm.alarmActions, ...alarm.okActions])
  return [...new Set(targets)].filter((arn) => !managed.includes(arn))
}

function removeTrail(
  snapshot: Snapshot,
  holdings: Contents,
  request: DestroyRequest,
  kept: Retained[],
): readonly Resource[] {
  const parts = [
    ...trailParts(snapshot, request.prefix),
    ...logGroupParts(snapshot, holdings, request, kept),
    ...bucketParts(snapshot, holdings, request, kept),
  ]
  const reader = foreignReader(snapshot, request.prefix)
  if (request.deleteTrail && reader === undefined) return parts
  for (const { kind, name } of parts) {
    const why = request.deleteTrail
      ? `metric filter ${reader}, which is not ours, lives on its events`
      : `the ${kind.replace('-', ' ')} belongs to the audit record; --delete-trail deletes it`
    kept.push({ resource: name, why })
  }
  return []
}

/** A metric filter in our log group that another chain or somebody else made: it would go with the group, unasked. */
function foreignReader(snapshot: Snapshot, prefix: string): string | undefined {
  const role = valueIfRead(snapshot.roles.get(chainNames(prefix, snapshot.site).role))
  const group = logGroupOfRole(role?.policies ?? {})
  const managed = new Set(staleFilters([], snapshot, prefix).map(({ name }) => name))
  const filters = valueIfRead(snapshot.metricFilters) ?? []
  return filters.find(({ logGroup, name }) => logGroup === group && !managed.has(name))?.name
}

/** A trail of this chain goes; a trail that was only used gets back the state before: no delivery. */
function trailParts(snapshot: Snapshot, prefix: string): readonly Resource[] {
  const { site } = snapshot
  const names = chainNames(prefix, site)
  return (valueIfRead(snapshot.trails) ?? [])
    .filter(({ account, homeRegion }) => account === site.account && homeRegion === site.region)
    .flatMap((trail): readonly Resource[] => {
      const delivers = trail.roleArn !== undefined && roleNameOf(trail.roleArn) === names.role
      // The marker tells that init made the trail, not under which name: two chains have two trails in one account.
      const named = trail.name === names.trail || trail.bucket === names.bucket || delivers
      if (named && madeHere(trail.arn, valueIfRead(snapshot.buckets.get(trail.bucket))?.policy)) {
        const flags = { multiRegion: true, globalServiceEvents: true, fileValidation: true, logging: true }
        return [
          {
            kind: 'trail',
            name: trail.name,
            ownership: 'managed',
            spec: { arn: trail.arn, bucket: trail.bucket, ...flags, organization: trail.organization, tags: {} },
          },
        ]
      }
      if (!delivers || trail.roleArn === undefined) return []
      const spec = { trailArn: trail.arn, logGroupArn: trail.logGroupArn ?? '', roleArn: trail.roleArn }
      return [{ kind: 'delivery', name: trail.name, ownership: 'managed', spec }]
    })
}

/** The statement in the bucket's policy is the trail's marker: made by init, and for this trail. */
function madeHere(trail: string, policy: PolicyDocument | undefined): boolean {
  return (
    policy?.Statement.some(
      (statement) =>
        statement.Sid === SID.bucketWrite && JSON.stringify(statement.Condition ?? {}).includes(`"${trail}"`),
    ) ?? false
  )
}

function logGroupParts(
  snapshot: Snapshot,
  holdings: Contents,
  request: DestroyRequest,
  kept: Retained[],
): readonly Resource[] {
  const names = chainNames(request.prefix, snapshot.site)
  const role = valueIfRead(snapshot.roles.get(names.role))
  if (role === undefined || !hasSid(role.trust, SID.roleTrust)) return []
  const roleResource: Resource = {
    kind: 'role',
    name: role.name,
    ownership: 'managed',
    spec: { trust: { Statement: [] }, policyName: 'cloudtrail-delivery', policy: { Statement: [] }, tags: {} },
  }
  const group = logGroupOfRole(role.policies)
  const computed = group?.startsWith(`${request.prefix}-events`)
  if (group === undefined || !computed || valueIfRead(snapshot.logGroups.get(group)) === undefined)
    return [roleResource]
  if (request.deleteTrail && !request.deleteLogs && holdings.logGroupHoldsEvents.get(group) !== false) {
    kept.push({ resource: group, why: 'the log group holds events; --delete-logs deletes it' })
    kept.push({ resource: role.name, why: 'the role marks the log group as ours and goes with it' })
    return []
  }
  return [
    { kind: 'log-group', name: group, ownership: 'managed', spec: { retentionDays: undefined, tags: {} } },
    roleResource,
  ]
}

function bucketParts(
  snapshot: Snapshot,
  holdings: Contents,
  request: DestroyRequest,
  kept: Retained[],
): readonly Resource[] {
  const names = chainNames(request.prefix, snapshot.site)
  const bucket = valueIfRead(snapshot.buckets.get(names.bucket))
  if (bucket === undefined) return []
  if (bucket.policy !== undefined && !hasSid(bucket.policy, SID.bucketCreated)) {
    kept.push({ resource: bucket.name, why: "it has this chain's name, but not its mark" })
    return []
  }
  if (request.deleteTrail && holdings.bucketHoldsObjects.get(bucket.name) !== false) {
    kept.push({ resource: bucket.name, why: 'the bucket holds objects, which are the audit record' })
    return []
  }
  return [
    { kind: 'bucket', name: bucket.name, ownership: 'managed', spec: { region: snapshot.site.region, statements: [] } },
  ]
}
