/** A diagnosis for machines: the JSON of the contract; and what every report says of places and chains. */

import { parseMarker } from '../domain/marker.ts'
import { DEFAULT_NAME, parseArn } from '../domain/names.ts'
import { commandLine } from '../next-command.ts'
import { accountCoverage } from './account-coverage.ts'
import { type Finding, type Fix, linesOf } from './check.ts'
import { checkPage } from './check-page.ts'
import type { Diagnosis } from './diagnose.ts'
import { filterAddress } from './graph.ts'
import type { JudgedChain } from './verdict.ts'

/**
 * Diagnoses of one or more places as one document. Totals and health are over all of them; the place of the first names it.
 * Chains and findings are made one at a time, while they are written.
 */
export function diagnosisJson(diagnoses: readonly Diagnosis[]): object {
  const [first] = diagnoses
  const placed = diagnoses.length > 1
  const target = ({ account, region }: Diagnosis) => (placed ? { account, region } : {})
  return {
    healthy: allHealthy(diagnoses),
    account: first?.account ?? null,
    region: first?.region ?? null,
    summary: totals(diagnoses),
    chains: inTurn(
      diagnoses,
      (one) => one.chains,
      (chain, one) => ({ ...target(one), ...chainJson(chain) }),
    ),
    findings: inTurn(
      diagnoses,
      (one) => one.findings,
      (finding, one) => ({ ...target(one), ...findingJson(finding) }),
    ),
  }
}

function inTurn<T>(
  diagnoses: readonly Diagnosis[],
  of: (diagnosis: Diagnosis) => Iterable<T>,
  shown: (item: T, diagnosis: Diagnosis) => object,
): Iterable<object> {
  return {
    *[Symbol.iterator]() {
      for (const one of diagnoses) for (const item of of(one)) yield shown(item, one)
    },
  }
}

/** Healthy in each place that has a chain, and there is one. */
export function allHealthy(diagnoses: readonly Diagnosis[]): boolean {
  const inhabited = diagnoses.filter(
    ({ chains, summary }) => chains.length > 0 || (diagnoses.length > 1 && summary.fail > 0),
  )
  return inhabited.length > 0 && inhabited.every(({ healthy }) => healthy)
}

export function totals(diagnoses: readonly Diagnosis[]): Diagnosis['summary'] {
  const sum = { pass: 0, warn: 0, fail: 0, skip: 0 }
  for (const { summary } of diagnoses) {
    sum.pass += summary.pass
    sum.warn += summary.warn
    sum.fail += summary.fail
    sum.skip += summary.skip
  }
  return sum
}

/** What covers each account and region, for `--accounts`. */
export function accountsJson(diagnoses: readonly Diagnosis[]): readonly object[] {
  return accountCoverage(diagnoses).map(({ by, why, ...place }) => ({ ...place, by: by ?? null, why: why ?? null }))
}

/** A place beside others is worth a block when it has a chain or a fault. */
export function isTelling({ chains, summary }: Diagnosis): boolean {
  return chains.length > 0 || summary.fail + summary.warn > 0
}

/** The region, with its account where there are several. */
export function placeName({ account, region }: Diagnosis, all: readonly Diagnosis[]): string {
  return all.some((one) => one.account !== account) ? `${account} ${region}` : region
}

export function chainJson(chain: JudgedChain) {
  return {
    trail: chain.trail?.name ?? null,
    logGroup: chain.logGroup ?? null,
    metricFilter: chain.filter?.name ?? null,
    metric: chain.metric ?? null,
    alarm: chain.alarm?.name ?? null,
    topic: chain.topicArn ?? null,
    subscription: chain.subscription === undefined ? null : (chain.subscription.arn ?? 'PendingConfirmation'),
    endpoint: chain.endpoint?.toString() ?? null,
    works: chain.works,
    resolves: chain.resolves,
  }
}

export function findingJson(finding: Finding) {
  const { check, status, link, resource, note, title, evidence, url } = finding
  const page = checkPage(check)
  const fault =
    finding.status === 'warn' || finding.status === 'fail' ? { impact: finding.impact, fix: fixJson(finding.fix) } : {}
  return {
    check,
    status,
    link,
    resource,
    ...(note === undefined ? {} : { note }),
    title,
    evidence,
    ...(url === undefined ? {} : { url }),
    ...(page === undefined || finding.status === 'pass' ? {} : { checkUrl: page }),
    ...fault,
  }
}

function fixJson(fix: Fix) {
  const { summary, command, look, repairs } = fix
  const lines = linesOf(fix)
  return {
    automatic: (repairs ?? []).length > 0,
    summary,
    ...(command === undefined ? {} : { command: commandLine(command) }),
    ...(command === undefined || command.secrets.length === 0 ? {} : { needs: command.secrets }),
    ...(look === undefined ? {} : { look: commandLine(look) }),
    ...(lines.length === 0 ? {} : { lines }),
  }
}

/** The row's name, as short as it can be told apart: the detection of our own, else the alarm without its place. */
export function chainLabel({ alarm, filter }: JudgedChain): string {
  if (alarm === undefined) return filter === undefined ? '' : filterAddress(filter)
  const marker = parseMarker(alarm.description)
  if (marker?.name === DEFAULT_NAME) return marker.detection
  const target = parseArn(alarm.arn)
  const tail = `-${target?.account}-${target?.region}`
  return alarm.name.endsWith(tail) ? alarm.name.slice(0, -tail.length) : alarm.name
}
