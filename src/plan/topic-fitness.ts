/** Is a topic fit for the alarms that a plan puts on it: its kind, its key, and its policy, asked with each alarm's own ARN? */

import { alarmArn, type Site } from '../domain/names.ts'
import { type Address, addressOf, type Resource } from '../domain/resources.ts'
import { type KeySnapshot, type Reading, type Snapshot, type TopicSnapshot, valueIfRead } from '../domain/snapshot.ts'
import type { Decision } from '../iam/evaluator.ts'
import { keyBlocker } from '../iam/key-use.ts'
import { alarmMayPublish, publishStatement } from '../iam/topic-use.ts'
import type { Obstacle, Plan } from './plan.ts'

/** The keys of the topics, by the spelling that the setup or the topic has. */
export type KeyReadings = ReadonlyMap<string, Reading<KeySnapshot | undefined>>

/** The keys that decide whether alarms get through: the wanted one, and those of the topics that are there. */
export function keysOf(wanted: string | undefined, { topics }: Pick<Snapshot, 'topics'>): readonly string[] {
  const present = [...topics.values()].flatMap((topic) => valueIfRead(topic)?.kmsKeyId ?? [])
  return [...new Set([...(wanted === undefined ? [] : [wanted]), ...present])]
}

/** What would lose the alarms of the plan on this topic; undefined when nothing would, or when it is unknown. */
export function topicObstacle(
  resource: Resource<'topic'>,
  all: readonly Resource[],
  { topics, site }: Snapshot,
  keys: KeyReadings,
): Obstacle | string | undefined {
  const topic = valueIfRead(topics.get(resource.spec.arn))
  const alarms = alarmsOn(resource.spec.arn, all, site)
  if (topic === undefined) return keyObstacle(resource.spec.kmsKeyId, alarms, site, keys)
  if (topic.fifo) return 'it is a FIFO topic, to which neither alarms publish nor HTTPS endpoints subscribe'
  // The managed key's policy does not admit CloudWatch and cannot be edited (SNS key management; field case C17).
  if (topic.kmsKeyId?.endsWith('alias/aws/sns')) {
    return 'it is encrypted with alias/aws/sns, which CloudWatch may not use: no alarm would reach PagerDuty'
  }
  const refused = alarms.filter((alarm) => alarmMayPublish(topic, alarm, site) === 'no')
  if (refused.length > 0) return policyObstacle(topic, refused, site, 'no')
  const wanted = resource.ownership === 'adopted' ? undefined : resource.spec.kmsKeyId
  return keyObstacle(wanted ?? topic.kmsKeyId, alarms, site, keys)
}

/**
 * Topics whose policy cannot be judged for the alarms that this plan creates or changes.
 * A person may decide to use them; a script may not.
 */
export function unknownTopics(changes: Plan, { topics, site }: Snapshot): ReadonlyMap<Address, Obstacle> {
  const written = changes
    .filter(({ action }) => action === 'create' || action === 'update')
    .map(({ resource }) => resource)
  const unknown = new Map<Address, Obstacle>()
  for (const { resource } of changes) {
    if (resource.kind !== 'topic') continue
    const topic = valueIfRead(topics.get(resource.spec.arn))
    if (topic === undefined) continue
    const alarms = alarmsOn(topic.arn, written, site)
    const doubtful = alarms.filter((alarm) => alarmMayPublish(topic, alarm, site) === 'cannot-tell')
    if (doubtful.length > 0) unknown.set(addressOf(resource), policyObstacle(topic, doubtful, site, 'cannot-tell'))
  }
  return unknown
}

/** Alarms outside the plan that act on the topic already, each by name: a new subscription makes them page too. */
export function otherAlarmsOn(topic: string, changes: Plan, { alarms }: Pick<Snapshot, 'alarms'>): readonly string[] {
  const planned = new Set(changes.flatMap(({ resource }) => (resource.kind === 'alarm' ? [resource.name] : [])))
  return (valueIfRead(alarms) ?? [])
    .filter(({ name, alarmActions }) => !planned.has(name) && alarmActions.includes(topic))
    .map(({ name }) => name)
}

function alarmsOn(topic: string, resources: readonly Resource[], site: Site): readonly string[] {
  return resources.flatMap((one) =>
    one.kind === 'alarm' && [...one.spec.alarmActions, ...one.spec.okActions].includes(topic)
      ? [alarmArn(site, one.name)]
      : [],
  )
}

function policyObstacle(
  topic: TopicSnapshot,
  alarms: readonly string[],
  site: Site,
  decision: Exclude<Decision, 'yes'>,
): Obstacle {
  const { add, enough } = publishStatement(topic, alarms, site)
  const statement = JSON.stringify(add)
  const count = alarms.length === 1 ? '1 alarm' : `${alarms.length} alarms`
  return {
    why:
      decision === 'no'
        ? `its policy does not let cloudwatch.amazonaws.com publish (sns:Publish) for ${count}: no alarm would reach PagerDuty`
        : `its policy has conditions that only AWS can judge, so whether cloudwatch.amazonaws.com may publish (sns:Publish) for ${count} is unknown`,
    hint: enough
      ? `add this statement to the policy of topic ${topic.arn}, or leave --topic out: ${statement}`
      : `leave --topic out, or change the policy of topic ${topic.arn}: a Deny statement blocks it, and this statement must apply: ${statement}`,
  }
}

function keyObstacle(
  id: string | undefined,
  alarms: readonly string[],
  site: Site,
  keys: KeyReadings,
): string | undefined {
  return id === undefined ? undefined : keyBlocker(id, keys.get(id), alarms, site)
}
