/** What would make the finished chain silent or the writes fail: found in the inventory before the first write. */

import type { Detection } from '../detections/detection.ts'
import { logGroupNameOf, roleNameOf } from '../domain/names.ts'
import { deliveryPolicy } from '../domain/policy-documents.ts'
import { type Address, addressOf, type Resource } from '../domain/resources.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import { valueIfRead } from '../domain/snapshot.ts'
import { cloudTrailMayAssume, roleMayWrite } from '../iam/role-use.ts'
import { parsePattern } from '../patterns/parse/parse.ts'
import { logsEvent } from './coverage.ts'
import type { Obstacle } from './plan.ts'
import { type KeyReadings, topicObstacle } from './topic-fitness.ts'
import type { TrailChoice } from './trail-choice.ts'

/** Filters that one log group takes (CloudWatch Logs quotas). */
export const FILTERS_A_GROUP = 100

/** Why a wanted resource cannot do its work, by its address. The plan shows each as blocked. */
export function preflight(
  resources: readonly Resource[],
  snapshot: Snapshot,
  keys: KeyReadings = new Map(),
): ReadonlyMap<Address, Obstacle> {
  const found = new Map<Address, Obstacle>()
  for (const resource of resources) {
    const obstacle = obstacleOf(resource, resources, snapshot, keys)
    if (obstacle !== undefined)
      found.set(addressOf(resource), typeof obstacle === 'string' ? { why: obstacle } : obstacle)
  }
  return found
}

/** Detections that the trail's selectors keep from ever seeing their event, each as one sentence (field cases C39, C40). */
export function deadDetections(detections: readonly Detection[], choice: TrailChoice): readonly string[] {
  if (choice.how === 'own') return []
  const selectors = valueIfRead(choice.trail.selectors)
  if (selectors === undefined) return []
  return detections
    .filter(({ ownEvents: [event] }) => logsEvent(selectors, { ...event, readOnly: event.readOnly === true }) === false)
    .map(({ id }) => `${id} cannot fire: trail ${choice.trail.name} does not record its events`)
}

function obstacleOf(
  resource: Resource,
  all: readonly Resource[],
  snapshot: Snapshot,
  keys: KeyReadings,
): Obstacle | string | undefined {
  switch (resource.kind) {
    case 'log-group':
      return logGroupObstacle(resource.name, all, snapshot)
    case 'topic':
      return topicObstacle(resource, all, snapshot, keys)
    case 'delivery':
      return roleObstacle(resource, all, snapshot)
    case 'metric-filter': {
      const parsed = parsePattern(resource.spec.pattern)
      return parsed.validity === 'refused'
        ? `its pattern is invalid at column ${parsed.column}: ${parsed.message}`
        : undefined
    }
    default:
      return undefined
  }
}

/** A delivery role that was named is used as it is, so it has to be fit already. */
function roleObstacle(
  resource: Resource<'delivery'>,
  all: readonly Resource[],
  snapshot: Snapshot,
): Obstacle | string | undefined {
  const { roles, site } = snapshot
  const name = roleNameOf(resource.spec.roleArn)
  const reading = roles.get(name)
  if (reading === undefined || all.some(({ kind }) => kind === 'role')) return undefined
  const trail = valueIfRead(snapshot.trails)?.find(({ arn }) => arn === resource.spec.trailArn)
  // A delivery that is in place works as far as is known.
  if (reading.state === 'unreadable') return trail?.logGroupArn === undefined ? reading.why : undefined
  if (reading.value === undefined) return `there is no role ${name}`
  if (cloudTrailMayAssume(reading.value, resource.spec.trailArn, site.account) === 'no') {
    return `the trust of role ${name} does not let cloudtrail.amazonaws.com assume it`
  }
  const group = logGroupNameOf(resource.spec.logGroupArn) ?? ''
  const recordsAll = all.some(
    (one) => one.kind === 'trail' && one.spec.arn === resource.spec.trailArn && one.spec.organization,
  )
  const organization = recordsAll || trail?.organization ? { id: valueIfRead(snapshot.organizationId) } : undefined
  if (roleMayWrite(reading.value, site, group, organization) !== 'no') return undefined
  if (organization !== undefined && roleMayWrite(reading.value, site, group) !== 'no') {
    const id = organization.id ?? 'o-ID'
    return {
      why: `role ${name} does not allow logs:PutLogEvents on the streams of the organization (${id}_*) in log group ${group}: events of its member accounts would be lost`,
      hint: `give the role this policy: ${JSON.stringify(deliveryPolicy(site, group, id))}`,
    }
  }
  return `role ${name} does not allow logs:PutLogEvents on log group ${group}`
}

function logGroupObstacle(name: string, all: readonly Resource[], snapshot: Snapshot): Obstacle | string | undefined {
  const group = valueIfRead(snapshot.logGroups.get(name))
  if (group === undefined) return undefined
  if (group.class !== 'STANDARD') {
    return `its class is ${group.class}, and only STANDARD log groups support metric filters; the class cannot be changed`
  }
  const present = new Set((valueIfRead(snapshot.metricFilters) ?? []).map((filter) => filter.name))
  const wanted = all.filter((resource) => resource.kind === 'metric-filter').map((resource) => resource.name)
  const fresh = wanted.filter((filter) => !present.has(filter)).length
  if (present.size + fresh <= FILTERS_A_GROUP) return undefined
  return {
    why: `it has ${present.size} metric filters, ${fresh} would be added, and a log group takes ${FILTERS_A_GROUP}`,
    hint: 'choose fewer with --detections or --exclude, delete filters that no one uses, or name a trail with another log group by --trail',
  }
}
