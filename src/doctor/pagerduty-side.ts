/** PagerDuty's side of a few subscriptions alone, for a command that has just made them. */

import type { SubscriptionSnapshot } from '../domain/snapshot.ts'
import type { Gathered } from './account.ts'
import type { Finding } from './check.ts'
import { CHECKS } from './checks/all.ts'
import { chainGraph } from './graph.ts'

/** What the checks of PagerDuty find about these subscriptions; the facts have to hold `extras.pagerduty`. */
export function judgePagerDuty(gathered: Gathered, subscriptions: readonly SubscriptionSnapshot[]): readonly Finding[] {
  const graph = { ...chainGraph(gathered), subscriptions }
  return CHECKS.filter(({ name }) => name.startsWith('pagerduty.')).flatMap((check) => [...check.run(graph)])
}
