/** A diagnosis as JUnit XML, so that CI shows each check. */

import { accountCoverage, coverageText, type PlaceCoverage } from './account-coverage.ts'
import { type CheckLink, type Finding, type FindingStatus, isProblem } from './check.ts'
import type { Diagnosis } from './diagnose.ts'

/**
 * One suite a link, one case a finding; a warning is a failure when `strict`. With `accounts` a suite follows in which each
 * place is a case that fails where no chain that pages covers it. In pieces of the text.
 */
export function* diagnosisJunit(
  diagnoses: readonly Diagnosis[],
  { strict, accounts = false }: { readonly strict: boolean; readonly accounts?: boolean },
): Iterable<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cloudtrail-pd doctor">\n'
  for (const diagnosis of diagnoses) yield* suites(diagnosis, strict)
  if (accounts) yield* coverageSuite(accountCoverage(diagnoses))
  yield '</testsuites>\n'
}

/** The findings of a link follow each other, as the checks do. */
function* suites({ account, region, findings }: Diagnosis, strict: boolean): Iterable<string> {
  const counts = countsByLink(findings)
  let open: CheckLink | undefined
  for (const finding of findings) {
    const { link } = finding
    if (link !== open) {
      if (open !== undefined) yield '  </testsuite>\n'
      const { pass, warn, fail, skip } = counts.get(link) ?? NONE
      const numbers = `tests="${pass + warn + fail + skip}" failures="${fail + (strict ? warn : 0)}" skipped="${skip}"`
      yield `  <testsuite name="${xml(`${link} ${account} ${region}`)}" ${numbers}>\n`
      open = link
    }
    yield `${testCase(finding, strict)}\n`
  }
  if (open !== undefined) yield '  </testsuite>\n'
}

function testCase(finding: Finding, strict: boolean): string {
  const head = `    <testcase classname="${xml(finding.link)}" name="${xml(`${finding.check} ${finding.resource}`)}"`
  if (finding.status === 'skip') return `${head}><skipped message="${xml(finding.evidence)}"/></testcase>`
  if (!isProblem(finding) || (finding.status === 'warn' && !strict)) return `${head}/>`
  const { title, impact, evidence, fix } = finding
  const reported = `${impact}\nseen: ${evidence}\nfix: ${fix.summary}`
  return `${head}><failure message="${xml(title)}">${xml(reported)}</failure></testcase>`
}

function* coverageSuite(places: readonly PlaceCoverage[]): Iterable<string> {
  const failures = places.filter(isUncovered).length
  const skipped = places.filter(({ coverage }) => coverage === 'unknown').length
  yield `  <testsuite name="coverage" tests="${places.length}" failures="${failures}" skipped="${skipped}">\n`
  for (const place of places) yield `${coverageCase(place)}\n`
  yield '  </testsuite>\n'
}

function coverageCase(place: PlaceCoverage): string {
  const { account, region, coverage } = place
  const head = `    <testcase classname="coverage" name="${xml(`${account} ${region}`)}"`
  const text = xml(coverageText({ account, regions: [region], place }))
  if (coverage === 'unknown') return `${head}><skipped message="${text}"/></testcase>`
  return isUncovered(place) ? `${head}><failure message="${text}"/></testcase>` : `${head}/>`
}

function isUncovered({ coverage }: PlaceCoverage): boolean {
  return coverage === 'not-covered' || coverage === 'broken'
}

const NONE: Diagnosis['summary'] = { pass: 0, warn: 0, fail: 0, skip: 0 }

function countsByLink(findings: Iterable<Finding>): ReadonlyMap<CheckLink, Diagnosis['summary']> {
  const counts = new Map<CheckLink, Record<FindingStatus, number>>()
  for (const { link, status } of findings) {
    const known = counts.get(link) ?? { ...NONE }
    known[status] += 1
    counts.set(link, known)
  }
  return counts
}

function xml(text: string): string {
  const escaped = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    // A reader folds a raw line feed of an attribute into a space.
    .replaceAll('\n', '&#10;')
  // XML 1.0 has no way to write these: controls, halves of a pair, and the two last of each plane (XML 1.0, section 2.2).
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as said.
  return escaped.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '')
}
