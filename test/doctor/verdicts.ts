/** Shorthand of the doctor's tests: one verdict, or everything that is not well. */

import { type Finding, type FindingStatus, isProblem } from '../../src/doctor/check.ts'
import { diagnose } from '../../src/doctor/diagnose.ts'
import { type Different, someFacts } from '../support/builders.ts'

export function findings(different: Different = {}): readonly Finding[] {
  return [...diagnose(someFacts(different)).findings]
}

/** The findings of one check. */
export function of(check: string, different: Different = {}): readonly Finding[] {
  return findings(different).filter((finding) => finding.check === check)
}

/** The worst status that a check reports. */
export function verdict(check: string, different: Different = {}): FindingStatus | undefined {
  const seen = of(check, different).map(({ status }) => status)
  return (['fail', 'warn', 'skip', 'pass'] as const).find((status) => seen.includes(status))
}

export function faults(different: Different = {}): readonly string[] {
  return findings(different)
    .filter(isProblem)
    .map(({ status, check, resource }) => `${status} ${check} ${resource}`)
}

export function works(different: Different = {}): readonly (boolean | null)[] {
  return diagnose(someFacts(different)).chains.map((chain) => chain.works)
}

export function resolves(different: Different = {}): readonly (boolean | null)[] {
  return diagnose(someFacts(different)).chains.map((chain) => chain.resolves)
}
