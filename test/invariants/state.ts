/** The account's resources without what differs between two runs that did the same: times, ids, counters. */

import type { SandboxState } from '../../src/sandbox/aws/state.ts'

const VOLATILE =
  /^([a-z]+At|\w+At|id|events|since|startedLogging|stoppedLogging|value|reason|reasonData|\w+Time|visible\w*)$/

export function resourcesOf(state: SandboxState): object {
  const { topics, alarms, logGroups, trails, roles, buckets, queues, dashboards } = state
  const subscriptions = Object.values(state.subscriptions)
    .map(({ topicArn, endpoint, confirmed, protocol, attributes }) => ({
      topicArn,
      endpoint,
      confirmed,
      protocol,
      attributes,
    }))
    .sort((a, b) => (a.topicArn < b.topicArn ? -1 : 1))
  return steady({ topics, alarms, logGroups, trails, roles, buckets, queues, dashboards, subscriptions }) as object
}

function steady(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(steady)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key]) => !VOLATILE.test(key))
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, steady(item)]))
}
