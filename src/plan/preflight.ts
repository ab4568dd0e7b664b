/** What would make the finished chain silent or the writes fail: found in the inventory before the first write. */

import type { Detection } from '../detections/detection.ts'
import { logGroupNameOf, roleNameOf } from '../domain/names.ts'
import { type Address, addressOf, type Resource } from '../domain/resources.ts'
import type { KeySnapshot, Reading, Snapshot, TopicSnapshot } from '../domain/snapshot.ts'
import { valueIfRead } from '../domain/snapshot.ts'
import { decide } from '../iam/evaluator.ts'
import { keyBlocker } from '../iam/key-use.ts'
import { cloudTrailMayAssume, roleMayWrite } from '../iam/role-use.ts'
import { parsePattern } from '../patterns/parse/parse.ts'
import { logsEvent } from './coverage.ts'
import type { TrailChoice } from './trail-choice.ts'

/** The keys that were asked for, by the spelling that was given. */
export type KeyReadings = ReadonlyMap<string, Reading<KeySnapshot | undefined>>

/** Filters that one log group takes (CloudWatch Logs quotas). */
export const FILTERS_A_GROUP = 100

/** Why a wanted resource cannot do its work, by its address. The plan shows each as blocked. */
export function preflight(
  resources: readonly Resource[],
  snapshot: Snapshot,
  keys: KeyReadings = new Map(),
): ReadonlyMap<Address, string> {
  const found = new Map<Address, string>()
  for (const resource of resources) {
    const why = obstacleOf(resource, resources, snapshot, keys)
    if (why !== undefined) found.set(addressOf(resource), why)
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
    .map(({ id }) => `${id} cannot fire: ${choice.trail.name} leaves its events out`)
}

function obstacleOf(
  resource: Resource,
  all: readonly Resource[],
  snapshot: Snapshot,
  keys: KeyReadings,
): string | undefined {
  switch (resource.kind) {
    case 'log-group':
      return logGroupObstacle(resource.name, all, snapshot)
    case 'topic':
      return topicObstacle(resource, snapshot) ?? wantedKeyObstacle(resource, snapshot, keys)
    case 'delivery':
      return roleObstacle(resource, all, snapshot)
    case 'metric-filter': {
      const parsed = parsePattern(resource.spec.pattern)
      return parsed.validity === 'refused'
        ? `its pattern is wrong at column ${parsed.column}: ${parsed.message}`
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
  { roles, site }: Snapshot,
): string | undefined {
  const name = roleNameOf(resource.spec.roleArn)
  const reading = roles.get(name)
  if (reading === undefined || all.some(({ kind }) => kind === 'role')) return undefined
  if (reading.state === 'unreadable') return reading.why
  if (reading.value === undefined) return `there is no role ${name}`
  if (cloudTrailMayAssume(reading.value, resource.spec.trailArn, site.account) === 'no') {
    return `the trust of role ${name} does not let cloudtrail.amazonaws.com assume it`
  }
  const group = logGroupNameOf(resource.spec.logGroupArn) ?? ''
  if (roleMayWrite(reading.value, site, group) !== 'no') return undefined
  return `role ${name} does not allow logs:PutLogEvents on log group ${group}`
}

function logGroupObstacle(name: string, all: readonly Resource[], snapshot: Snapshot): string | undefined {
  const group = valueIfRead(snapshot.logGroups.get(name))
  if (group === undefined) return undefined
  if (group.class !== 'STANDARD') {
    return `its class is ${group.class}, and only STANDARD log groups have metric filters; the class cannot be changed`
  }
  const present = new Set((valueIfRead(snapshot.metricFilters) ?? []).map((filter) => filter.name))
  const wanted = all.filter((resource) => resource.kind === 'metric-filter').map((resource) => resource.name)
  const fresh = wanted.filter((filter) => !present.has(filter)).length
  if (present.size + fresh <= FILTERS_A_GROUP) return undefined
  return `it has ${present.size} metric filters, ${fresh} would be added, and a log group takes ${FILTERS_A_GROUP}`
}

function wantedKeyObstacle(resource: Resource<'topic'>, { site }: Snapshot, keys: KeyReadings): string | undefined {
  const id = resource.spec.kmsKeyId
  if (id === undefined || resource.ownership === 'adopted') return undefined
  return keyBlocker(id, keys.get(id), site)
}

function topicObstacle(resource: Resource<'topic'>, snapshot: Snapshot): string | undefined {
  const topic = valueIfRead(snapshot.topics.get(resource.spec.arn))
  if (topic === undefined) return undefined
  if (topic.fifo) return 'it is a FIFO topic, to which neither alarms publish nor HTTPS endpoints subscribe'
  // The managed key's policy does not admit CloudWatch and cannot be edited (SNS key management; field case C17).
  if (topic.kmsKeyId?.endsWith('alias/aws/sns')) {
    return 'it is encrypted with alias/aws/sns, which CloudWatch may not use: every page would be lost'
  }
  return policyObstacle(topic, snapshot)
}

function policyObstacle(topic: TopicSnapshot, { site }: Snapshot): string | undefined {
  if (topic.policy === undefined) return undefined
  const verdict = decide(topic.policy, {
    principal: { service: 'cloudwatch.amazonaws.com' },
    action: 'sns:Publish',
    resource: topic.arn,
    context: { 'aws:SourceAccount': site.account, 'aws:SourceOwner': site.account },
  })
  return verdict === 'no'
    ? 'its policy does not let CloudWatch alarms publish (sns:Publish for cloudwatch.amazonaws.com)'
    : undefined
}
