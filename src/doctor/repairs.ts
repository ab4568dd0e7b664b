/** The repairs that findings offer, merged: one change for each resource, in the order of the signal. */

import { mergeRepairs, type Repair } from '../plan/repair.ts'
import type { Finding } from './check.ts'
import { isProblem } from './check.ts'

export function repairsOf(findings: Iterable<Finding>): readonly Repair[] {
  const repairs: Repair[] = []
  for (const finding of findings) if (isProblem(finding)) repairs.push(...(finding.fix.repairs ?? []))
  return mergeRepairs(repairs)
}
