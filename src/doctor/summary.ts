/** What a person is told of all findings: the same fault once, and why checks were not made. */

import { type Finding, isProblem, type Problem } from './check.ts'

/** What a person is told of all findings. */
export interface FindingSummary {
  readonly faults: readonly SharedFault[]
  /** Why checks were not made, and the names of what was not checked. */
  readonly unchecked: ReadonlyMap<string, ReadonlySet<string>>
  readonly repairable: boolean
  /** Pages in PagerDuty of the services that are paged. */
  readonly services: ReadonlySet<string>
}

/** The same fault on one or more resources. */
export interface SharedFault {
  readonly first: Problem
  others: number
}

/** Goes through the findings once, and keeps of each kind the first. */
export function summarize(findings: Iterable<Finding>): FindingSummary {
  const faults = new Map<string, SharedFault>()
  const unchecked = new Map<string, Set<string>>()
  const services = new Set<string>()
  let repairable = false
  for (const finding of findings) {
    if (finding.link === 'pagerduty' && finding.url !== undefined) services.add(finding.url)
    if (finding.status === 'skip') leftOut(finding, unchecked)
    if (!isProblem(finding)) continue
    repairable ||= (finding.fix.repairs ?? []).length > 0
    const key = [finding.status, finding.check, finding.title, finding.impact].join('\n')
    const known = faults.get(key)
    if (known === undefined) faults.set(key, { first: finding, others: 0 })
    else known.others += 1
  }
  const worstFirst = [...faults.values()].sort((a, b) => severity(a.first) - severity(b.first))
  return { faults: worstFirst, unchecked, repairable, services }
}

function severity({ status }: Problem): number {
  return status === 'fail' ? 0 : 1
}

function leftOut({ check, link, resource, evidence, restsOn }: Finding, unchecked: Map<string, Set<string>>): void {
  // What follows from a fault that is shown already would only repeat it.
  if (restsOn !== undefined) return
  // Of a place that could not be looked at, its name says more.
  const name = link === 'pagerduty' ? 'PagerDuty' : link === 'identity' ? resource : check
  unchecked.set(evidence, (unchecked.get(evidence) ?? new Set()).add(name))
}
