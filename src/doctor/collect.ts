/** What page and Markdown tell of all findings, gathered in one pass over each place: a large account has more of them than memory should hold. */

import { type CheckLink, type CheckName, type Finding, type Fix, isProblem, type Problem } from './check.ts'
import type { Diagnosis } from './diagnose.ts'
import { type FindingSummary, summarize } from './summary.ts'
import { effectOf } from './verdict.ts'
import { shortName } from './wording.ts'

/** One fault on one resource. */
export interface FaultCase {
  readonly place: Diagnosis
  readonly resource: string
  /** What people know it by. */
  readonly name: string
  readonly evidence: string
  readonly url: string | undefined
  readonly fix: Fix
}

/** The same fault on one or more resources, in one or more places. */
export interface FaultKind {
  readonly first: Problem
  count: number
  /** The first of them. */
  readonly cases: FaultCase[]
  /** How many there are in each place. */
  readonly places: Map<Diagnosis, number>
}

/** What one check found, over all places. */
export interface CheckCounts {
  readonly check: CheckName
  readonly link: CheckLink
  pass: number
  warn: number
  fail: number
  skip: number
  /** What it says of resources that pass, each with how many those are. */
  readonly passed: Map<string, { count: number; readonly first: Finding }>
}

export interface Collected {
  /** The worst first, then what more resources have. */
  readonly faults: readonly FaultKind[]
  /** In the order of the signal. */
  readonly checks: readonly CheckCounts[]
  readonly summaries: readonly FindingSummary[]
}

/** Resources of a fault that are named. */
const CASES = 40
/** Sentences of one check about what passes. */
const SENTENCES = 5

export function collect(diagnoses: readonly Diagnosis[]): Collected {
  const faults = new Map<string, FaultKind>()
  const checks = new Map<CheckName, CheckCounts>()
  const summaries = diagnoses.map((place) =>
    summarize(
      watched(place.findings, (finding) => {
        countCheck(finding, checks)
        if (isProblem(finding)) addFault(finding, place, faults)
      }),
    ),
  )
  const worstFirst = [...faults.values()].sort((a, b) => rank(b.first) - rank(a.first) || b.count - a.count)
  return { faults: worstFirst, checks: [...checks.values()], summaries }
}

/** What keeps pages from arriving comes before any other failure, what may keep them before any other warning. */
function rank(finding: Problem): number {
  const { works } = effectOf(finding, undefined)
  return (finding.status === 'fail' ? 3 : 0) + (works === false ? 2 : works === null ? 1 : 0)
}

function* watched(findings: Iterable<Finding>, see: (finding: Finding) => void): Iterable<Finding> {
  for (const finding of findings) {
    see(finding)
    yield finding
  }
}

function addFault(finding: Problem, place: Diagnosis, faults: Map<string, FaultKind>): void {
  const { status, check, title, impact, resource, evidence, url, fix } = finding
  const name = finding.name ?? shortName(resource)
  const key = [status, check, title, impact].join('\n')
  const kind: FaultKind = faults.get(key) ?? { first: finding, count: 0, cases: [], places: new Map() }
  faults.set(key, kind)
  kind.count += 1
  kind.places.set(place, (kind.places.get(place) ?? 0) + 1)
  if (kind.cases.length < CASES) kind.cases.push({ place, resource, name, evidence, url, fix })
}

function countCheck(finding: Finding, checks: Map<CheckName, CheckCounts>): void {
  const { check, link, status } = finding
  const counts = checks.get(check) ?? { check, link, pass: 0, warn: 0, fail: 0, skip: 0, passed: new Map() }
  checks.set(check, counts)
  counts[status] += 1
  if (status !== 'pass') return
  const said = finding.note ?? finding.title
  const known = counts.passed.get(said)
  if (known !== undefined) known.count += 1
  else if (counts.passed.size < SENTENCES) counts.passed.set(said, { count: 1, first: finding })
}
