/** PagerDuty's side of a few subscriptions alone, for a command that has just made them. */

import type { SubscriptionFact } from '../domain/snapshot.ts'
import type { Facts } from './account.ts'
import type { Finding } from './check.ts'
import { CHECKS } from './checks/all.ts'
import { findGraph } from './graph.ts'

/** What the checks of PagerDuty find about these subscriptions; the facts have to hold `extras.pagerduty`. */
export function judgePagerDuty(facts: Facts, subscriptions: readonly SubscriptionFact[]): readonly Finding[] {
  const graph = { ...findGraph(facts), subscriptions }
  return CHECKS.filter(({ name }) => name.startsWith('pagerduty.')).flatMap((check) => [...check.run(graph)])
}
