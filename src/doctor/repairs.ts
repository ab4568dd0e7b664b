/** The repairs that findings offer, merged: one change for each resource, in the order of the signal. */

import { mergeRepairs, type Repair } from '../chain/repair.ts'
import type { Finding } from './check.ts'
import { isFault } from './check.ts'

export function repairsOf(findings: readonly Finding[]): readonly Repair[] {
  return mergeRepairs(findings.filter(isFault).flatMap(({ fix }) => fix.repairs ?? []))
}
