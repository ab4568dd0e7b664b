/** The rules that decide over the alerts of a service. */

import type { PagerDuty } from './directory.ts'

/** The service's orchestration; undefined where it is not in force, because the service still runs its old event rules. */
export async function rulesInForce(pagerduty: PagerDuty, serviceId: string) {
  const [rules, active] = await Promise.all([
    pagerduty.serviceOrchestration(serviceId),
    pagerduty.serviceOrchestrationActive(serviceId),
  ])
  return active === false ? undefined : rules
}
