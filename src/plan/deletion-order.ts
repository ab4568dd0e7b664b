/** Which deletion waits for which: one that failed holds back what would break with it, and nothing else. */

import type { Kind, Resource } from '../domain/resources.ts'

/** What a living trail still writes to, or through. */
const BEHIND_A_TRAIL: readonly Kind[] = ['log-group', 'role', 'bucket']

/** Whether `resource` has to stay while `other` is there. */
export function restsOn(resource: Resource, other: Resource): boolean {
  switch (other.kind) {
    case 'metric-filter':
      // The alarm's description is what tells the filter of a custom detection as ours.
      return (
        resource.kind === 'alarm' &&
        resource.spec.metric.namespace === other.spec.metric.namespace &&
        resource.spec.metric.name === other.spec.metric.name
      )
    case 'alarm':
      return (
        resource.kind === 'topic' && [...other.spec.alarmActions, ...other.spec.okActions].includes(resource.spec.arn)
      )
    case 'topic':
    case 'subscription':
      // What it would send there would be lost.
      return resource.kind === 'queue'
    case 'trail':
      return BEHIND_A_TRAIL.includes(resource.kind)
    case 'delivery':
      return resource.kind === 'log-group' || resource.kind === 'role'
    case 'log-group':
      // The role marks the log group as made by init.
      return resource.kind === 'role'
    default:
      return false
  }
}
