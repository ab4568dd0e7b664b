/** `destroy` as a plan: the wish for nothing, which deletes what is ours and says why the rest stays. */

import { parseMarker } from '../domain/marker.ts'
import { chainNames, logGroupNameOf, roleNameOf } from '../domain/names.ts'
import { hasSid, type PolicyDocument, SID } from '../domain/policy-documents.ts'
import type { Resource } from '../domain/resources.ts'
import { type Inventory, valueIfRead } from '../domain/snapshot.ts'
import { chainTopics, type Kept, topicWithSubscriptions } from './destroy-topic.ts'
import { staleAlarms, staleFilters } from './orphans.ts'
import type { Plan } from './plan.ts'

export interface RemovalWish {
  readonly prefix: string
  readonly deleteTrail: boolean
  readonly deleteLogs: boolean
  /** PagerDuty's event hosts, when they are replaced. */
  readonly eventsUrl: URL | undefined
}

/** What only a question beyond the inventory tells: whether audit records lie in them. */
export interface Holdings {
  readonly bucketHoldsObjects: ReadonlyMap<string, boolean>
  readonly logGroupHoldsEvents: ReadonlyMap<string, boolean>
}

export interface Removal {
  readonly plan: Plan
  readonly kept: readonly Kept[]
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
export function planRemoval(inventory: Inventory, holdings: Holdings, wish: RemovalWish): Removal {
  const kept: Kept[] = []
  const topics = removeTopics(inventory, wish, kept)
  const trail = removeTrail(inventory, holdings, wish, kept)
  const resources = [
    ...staleFilters([], inventory, wish.prefix),
    ...staleAlarms([], inventory, wish.prefix),
    ...topics,
    ...trail,
  ]
  return { plan: resources.map((resource) => ({ action: 'delete', resource, why: 'made by init' })), kept }
}

function removeTopics(inventory: Inventory, wish: RemovalWish, kept: Kept[]): readonly Resource[] {
  const ours = chainTopics(inventory, wish.prefix)
  for (const arn of adoptedTopics(inventory, wish.prefix, ours)) {
    kept.push({ resource: arn, why: 'it was named by --topic; its subscriptions stay with it' })
  }
  return ours.flatMap((arn) => {
    const reading = inventory.topics.get(arn)
    if (reading?.state === 'unreadable') kept.push({ resource: arn, why: reading.why })
    const topic = valueIfRead(reading)
    if (topic === undefined) return []
    if (!hasSid(topic.policy, SID.topic)) {
      kept.push({ resource: arn, why: 'it has this chain’s name, but not its mark' })
      return []
    }
    return topicWithSubscriptions(inventory, arn, wish.eventsUrl, kept)
  })
}

function adoptedTopics(inventory: Inventory, prefix: string, ours: readonly string[]): readonly string[] {
  const targets = (valueIfRead(inventory.alarms) ?? [])
    .filter((alarm) => parseMarker(alarm.description)?.name === prefix)
    .flatMap((alarm) => [...alarm.alarmActions, ...alarm.okActions])
  return [...new Set(targets)].filter((arn) => !ours.includes(arn))
}

function removeTrail(inventory: Inventory, holdings: Holdings, wish: RemovalWish, kept: Kept[]): readonly Resource[] {
  const parts = [
    ...trailParts(inventory, wish.prefix),
    ...logGroupParts(inventory, holdings, wish, kept),
    ...bucketParts(inventory, holdings, wish, kept),
  ]
  const reader = foreignReader(inventory, wish.prefix)
  if (wish.deleteTrail && reader === undefined) return parts
  for (const { kind, name } of parts) {
    const why = wish.deleteTrail
      ? `metric filter ${reader}, which is not ours, lives on its events`
      : `the ${kind.replace('-', ' ')} belongs to the audit record; --delete-trail deletes it`
    kept.push({ resource: name, why })
  }
  return []
}

/** A metric filter in our log group that another chain or somebody else made: it would go with the group, unasked. */
function foreignReader(inventory: Inventory, prefix: string): string | undefined {
  const role = valueIfRead(inventory.roles.get(chainNames(prefix, inventory.site).role))
  const group = logGroupOfRole(role?.policies ?? {})
  const ours = new Set(staleFilters([], inventory, prefix).map(({ name }) => name))
  const filters = valueIfRead(inventory.metricFilters) ?? []
  return filters.find(({ logGroup, name }) => logGroup === group && !ours.has(name))?.name
}

/** A trail of this chain goes; a trail that was only used gets back the state before: no delivery. */
function trailParts(inventory: Inventory, prefix: string): readonly Resource[] {
  const { site } = inventory
  const names = chainNames(prefix, site)
  return (valueIfRead(inventory.trails) ?? [])
    .filter(({ account, homeRegion }) => account === site.account && homeRegion === site.region)
    .flatMap((trail): readonly Resource[] => {
      const delivers = trail.roleArn !== undefined && roleNameOf(trail.roleArn) === names.role
      // The marker tells that init made the trail, not under which name: two chains have two trails in one account.
      const named = trail.name === names.trail || trail.bucket === names.bucket || delivers
      if (named && madeHere(trail.arn, valueIfRead(inventory.buckets.get(trail.bucket))?.policy)) {
        const flags = { multiRegion: true, globalServiceEvents: true, fileValidation: true, logging: true }
        return [
          {
            kind: 'trail',
            name: trail.name,
            provenance: 'ours',
            spec: { arn: trail.arn, bucket: trail.bucket, ...flags, tags: {} },
          },
        ]
      }
      if (!delivers || trail.roleArn === undefined) return []
      const spec = { trailArn: trail.arn, logGroupArn: trail.logGroupArn ?? '', roleArn: trail.roleArn }
      return [{ kind: 'delivery', name: trail.name, provenance: 'ours', spec }]
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

function logGroupParts(inventory: Inventory, holdings: Holdings, wish: RemovalWish, kept: Kept[]): readonly Resource[] {
  const names = chainNames(wish.prefix, inventory.site)
  const role = valueIfRead(inventory.roles.get(names.role))
  if (role === undefined || !hasSid(role.trust, SID.roleTrust)) return []
  const roleResource: Resource = {
    kind: 'role',
    name: role.name,
    provenance: 'ours',
    spec: { trust: { Statement: [] }, policyName: 'cloudtrail-delivery', policy: { Statement: [] }, tags: {} },
  }
  const group = logGroupOfRole(role.policies)
  const computed = group?.startsWith(`${wish.prefix}-events`)
  if (group === undefined || !computed || valueIfRead(inventory.logGroups.get(group)) === undefined)
    return [roleResource]
  if (wish.deleteTrail && !wish.deleteLogs && holdings.logGroupHoldsEvents.get(group) !== false) {
    kept.push({ resource: group, why: 'the log group holds events; --delete-logs deletes it' })
    kept.push({ resource: role.name, why: 'the role marks the log group as ours and goes with it' })
    return []
  }
  return [
    { kind: 'log-group', name: group, provenance: 'ours', spec: { retentionDays: undefined, tags: {} } },
    roleResource,
  ]
}

function bucketParts(inventory: Inventory, holdings: Holdings, wish: RemovalWish, kept: Kept[]): readonly Resource[] {
  const names = chainNames(wish.prefix, inventory.site)
  const bucket = valueIfRead(inventory.buckets.get(names.bucket))
  if (bucket === undefined) return []
  if (bucket.policy !== undefined && !hasSid(bucket.policy, SID.bucketCreated)) {
    kept.push({ resource: bucket.name, why: 'it has this chain’s name, but not its mark' })
    return []
  }
  if (wish.deleteTrail && holdings.bucketHoldsObjects.get(bucket.name) !== false) {
    kept.push({ resource: bucket.name, why: 'the bucket holds objects, which are the audit record' })
    return []
  }
  return [
    { kind: 'bucket', name: bucket.name, provenance: 'ours', spec: { region: inventory.site.region, statements: [] } },
  ]
}
