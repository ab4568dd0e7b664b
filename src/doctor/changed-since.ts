/** A diagnosis beside an earlier report: what is new, what stands, what is gone. */

import { usage } from '../errors.ts'
import type { Finding, FindingStatus } from './check.ts'
import type { Diagnosis } from './diagnose.ts'
import type { JudgedChain } from './verdict.ts'

/** One fault, or one check that was not made, without its evidence, whose numbers and times change from day to day. */
export interface KnownFinding {
  readonly account: string
  readonly region: string
  readonly check: string
  readonly resource: string
  readonly status: Exclude<FindingStatus, 'pass'>
  readonly title: string
}

/** A chain by what makes it one. */
interface KnownChain {
  readonly account: string
  readonly region: string
  readonly logGroup: string | null
  readonly metricFilter: string | null
  readonly alarm: string | null
  readonly works: boolean | null
  readonly resolves: boolean | null
}

export interface EarlierReport {
  readonly account: string
  readonly findings: readonly KnownFinding[]
  readonly chains: readonly KnownChain[]
}

export interface News {
  /** The same diagnoses with the findings that the earlier report does not have; what passes is no news. */
  readonly diagnoses: readonly Diagnosis[]
  readonly counts: Readonly<Record<Exclude<FindingStatus, 'pass'>, number>>
  /** What the earlier report had and is still so. */
  readonly standing: readonly KnownFinding[]
  /** What it had and is no longer found. */
  readonly resolved: readonly KnownFinding[]
  /** Chains that paged or resolved then and are not known to do so now, or are no longer there; one sentence each. */
  readonly worse: readonly string[]
}

/** Reads a report of `doctor --json`, or one that itself told what was new. Throws a usage error (exit 2). */
export function readEarlier(text: string, path: string): EarlierReport {
  const document = parsed(text)
  if (document?.command !== 'doctor') throw unusable(path, 'is no JSON report of doctor')
  if (document.schemaVersion !== 1) throw unusable(path, 'was written by a version of this program that is not known')
  const account = textAt(document, 'account')
  const region = textAt(document, 'region')
  if (account === undefined || region === undefined || !Array.isArray(document.findings)) {
    throw unusable(path, 'reports an error and no findings')
  }
  const standing = recordOf(document.changedSince)?.standing
  const listed = [document.findings, Array.isArray(standing) ? standing : []].flat()
  const placed = (value: unknown) => {
    const one = recordOf(value)
    return { one, account: textAt(one, 'account') ?? account, region: textAt(one, 'region') ?? region }
  }
  return {
    account,
    findings: listed.flatMap((value) => {
      const { one, ...place } = placed(value)
      const [check, resource, status] = [textAt(one, 'check'), textAt(one, 'resource'), textAt(one, 'status')]
      if (check === undefined || resource === undefined || !isTold(status)) return []
      return [{ ...place, check, resource, status, title: textAt(one, 'title') ?? '' }]
    }),
    chains: (Array.isArray(document.chains) ? document.chains : []).map((value) => {
      const { one, ...place } = placed(value)
      const name = (key: string) => textAt(one, key) ?? null
      const verdict = (key: string) => (typeof one?.[key] === 'boolean' ? one[key] : null)
      return {
        ...place,
        logGroup: name('logGroup'),
        metricFilter: name('metricFilter'),
        alarm: name('alarm'),
        works: verdict('works'),
        resolves: verdict('resolves'),
      }
    }),
  }
}

/** What is so now and was not so then. Goes through the findings once; those of the result are made when they are asked for. */
export function newsSince(earlier: EarlierReport, diagnoses: readonly Diagnosis[]): News {
  const known = new Map(earlier.findings.map((one) => [keyOf(one), one]))
  const standing = new Map<string, KnownFinding>()
  const counts = { warn: 0, fail: 0, skip: 0 }
  const isNew = (finding: Finding, place: Diagnosis) => {
    const told = toldOf(finding, place)
    return told !== undefined && !known.has(keyOf(told))
  }
  for (const one of diagnoses) {
    for (const finding of one.findings) {
      const told = toldOf(finding, one)
      if (told === undefined) continue
      if (known.has(keyOf(told))) standing.set(keyOf(told), told)
      else counts[told.status] += 1
    }
  }
  return {
    diagnoses: diagnoses.map((one) => ({
      ...one,
      findings: {
        *[Symbol.iterator]() {
          for (const finding of one.findings) if (isNew(finding, one)) yield finding
        },
      },
    })),
    counts,
    standing: [...standing.values()],
    resolved: [...known].flatMap(([key, one]) => (standing.has(key) || isLookedAway(one, diagnoses) ? [] : [one])),
    worse: worseChains(earlier.chains, diagnoses),
  }
}

/** A place that this run did not look at tells nothing of its faults. */
function isLookedAway(
  { account, region }: Pick<KnownFinding, 'account' | 'region'>,
  diagnoses: readonly Diagnosis[],
): boolean {
  return !diagnoses.some((one) => one.account === account && one.region === region)
}

function toldOf(finding: Finding, { account, region }: Diagnosis): KnownFinding | undefined {
  const { check, resource, status, title } = finding
  return isTold(status) ? { account, region, check, resource, status, title } : undefined
}

/** Another fault of the same check on the same resource, or the same one that got worse, is news. */
function keyOf({ account, region, check, resource, status, title }: KnownFinding): string {
  return JSON.stringify([account, region, check, resource, status, title])
}

function worseChains(then: readonly KnownChain[], diagnoses: readonly Diagnosis[]): readonly string[] {
  const looked = then.filter((one) => !isLookedAway(one, diagnoses))
  const now = best(diagnoses.flatMap((one) => one.chains.map((chain) => chainOf(chain, one))))
  return [...best(looked)].flatMap(([key, before]) => {
    const after = now.get(key)
    const name = before.alarm ?? before.metricFilter ?? 'without an alarm'
    if (after === undefined) return before.works === true ? [`the chain of ${name} is no longer there`] : []
    if (before.works === true && after.works !== true) {
      return [
        after.works === false
          ? `the chain of ${name} no longer pages`
          : `it is no longer known whether the chain of ${name} pages`,
      ]
    }
    const resolvedThen = before.resolves === true && after.resolves !== true
    return resolvedThen ? [`the chain of ${name} is no longer known to resolve its incident`] : []
  })
}

/** A filter and its alarm may page over several topics: the best of them counts. */
function best(chains: readonly KnownChain[]): ReadonlyMap<string, KnownChain> {
  const found = new Map<string, KnownChain>()
  for (const chain of chains) {
    const { account, region, logGroup, metricFilter, alarm } = chain
    const key = JSON.stringify([account, region, logGroup, metricFilter, alarm])
    const known = found.get(key)
    found.set(
      key,
      known === undefined
        ? chain
        : { ...chain, works: better(known.works, chain.works), resolves: better(known.resolves, chain.resolves) },
    )
  }
  return found
}

function better(a: boolean | null, b: boolean | null): boolean | null {
  if (a === true || b === true) return true
  return a === null || b === null ? null : false
}

function chainOf(chain: JudgedChain, { account, region }: Diagnosis): KnownChain {
  return {
    account,
    region,
    logGroup: chain.logGroup ?? null,
    metricFilter: chain.filter?.name ?? null,
    alarm: chain.alarm?.name ?? null,
    works: chain.works,
    resolves: chain.resolves,
  }
}

function isTold(status: string | undefined): status is Exclude<FindingStatus, 'pass'> {
  return status === 'warn' || status === 'fail' || status === 'skip'
}

function unusable(path: string, why: string) {
  return usage('earlier-report', `"${path}" ${why}`, 'write one with: npx cloudtrail-pd doctor --json > report.json')
}

type Fields = Readonly<Record<string, unknown>>

function parsed(text: string): Fields | undefined {
  try {
    return recordOf(JSON.parse(text))
  } catch {
    return undefined
  }
}

function recordOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

function textAt(value: Fields | undefined, key: string): string | undefined {
  const found = value?.[key]
  return typeof found === 'string' ? found : undefined
}
