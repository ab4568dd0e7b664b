/** What a check is and what it finds: the wording of every check lives beside its predicate. */

import type { Reading } from '../domain/snapshot.ts'
import type { NextCommand } from '../next-command.ts'
import { toolCommand } from '../options/next-command.ts'

import { inCode } from '../plan/in-code.ts'
import type { Repair } from '../plan/repair.ts'
import type { ChainGraph } from './graph.ts'
import type { ChainLink } from './links.ts'

export type CheckLink = ChainLink | 'identity' | 'dashboard'
export type CheckName = `${CheckLink}.${string}`

/** What to do about a finding. It is automatic when there are repairs: `doctor --fix` can make them. */
export interface Fix {
  readonly summary: string
  /** The summary holds a pattern to copy, so it is never broken. */
  readonly verbatim?: boolean
  /** What repairs it when it is pasted. */
  readonly command?: NextCommand
  /** What shows more, or tries it, when it is pasted: it repairs nothing. */
  readonly look?: NextCommand
  /** What has to be typed in elsewhere, word for word. */
  readonly lines?: readonly string[]
  readonly repairs?: readonly Repair[]
}

/** What has to be typed in elsewhere: of a repair, where its change belongs in code. */
export function linesOf({ lines, repairs = [] }: Fix): readonly string[] {
  return lines ?? repairs.flatMap(inCode)
}

type Seen = {
  readonly check: CheckName
  readonly link: CheckLink
  /** The name or ARN; a metric filter as `LOG GROUP:FILTER`. */
  readonly resource: string
  /** What people know it by, where the resource does not say it: never a secret. */
  readonly name?: string
  /** What is so, one sentence without a full stop. */
  readonly title: string
  /** What was seen: values, never a secret. Of a `skip`, why it was not checked. */
  readonly evidence: string
  /** A remark without fault. */
  readonly note?: string
  /** The page where it can be seen. */
  readonly url?: string
  /** Of a `skip`: the check that this one rests on, which failed or was not made. */
  readonly restsOn?: CheckName
  /** The chains that a fault concerns, by the address of their filter or alarm; all chains over the resource when absent. */
  readonly affects?: readonly string[]
} & Effect

/** What a finding says of the chains over its resource. */
export interface Effect {
  /** Whether they page. Absent: a `fail` says no, a `skip` of an essential check says unknown, which is null. */
  readonly works?: boolean | null
  /** Whether the OK of the alarm resolves the incident. Absent: as `works`. */
  readonly resolves?: boolean | null
}

export type FindingStatus = 'pass' | 'warn' | 'fail' | 'skip'

export type Finding = Seen &
  (
    | { readonly status: 'pass' | 'skip' }
    /** `impact` is in terms of pages. */
    | { readonly status: 'warn' | 'fail'; readonly impact: string; readonly fix: Fix }
  )

export type Problem = Extract<Finding, { status: 'warn' | 'fail' }>

export interface Check {
  readonly name: CheckName
  /** When it warns or fails, as a part of a sentence: a row of `docs/checks.md`. */
  readonly finds: string
  /** Without its answer it is not known whether the chain pages, or resolves; the other checks warn of what may come. */
  readonly essential?: true | 'to-resolve'
  /** Where it was not made, the link was not looked at, whatever its other checks say. */
  readonly looks?: true
  /** Where one of these failed or was not made for a resource, this check is skipped for the same resource. */
  readonly needs?: readonly CheckName[]
  /** One finding for each resource that the check speaks of. Pure; what could not be read is a `skip` with the reason. */
  run(graph: ChainGraph): Iterable<Finding>
}

export interface FaultText extends Effect {
  readonly title: string
  readonly evidence: string
  readonly impact: string
  readonly fix: Fix
  readonly note?: string
  readonly affects?: readonly string[]
}

/** Judges things one by one: what was said of one can be let go before the next is looked at. */
export function* oneByOne<T>(
  things: readonly T[],
  judge: (thing: T) => Finding | readonly Finding[],
): Iterable<Finding> {
  for (const thing of things) {
    const evidence = judge(thing)
    if ('status' in evidence) yield evidence
    else yield* evidence
  }
}

/** The four ways in which a check speaks of one resource. */
export interface FindingBuilder {
  pass(title: string, evidence: string, note?: string, effect?: Effect): Finding
  skip(title: string, why: string, effect?: Effect): Finding
  warn(words: FaultText): Finding
  fail(words: FaultText): Finding
}

export function findingFor(check: CheckName, resource: string, name?: string): FindingBuilder {
  const link = check.slice(0, check.indexOf('.')) as CheckLink
  const base = { check, link, resource, ...(name === undefined ? {} : { name }) }
  return {
    pass: (title, evidence, note, effect) => ({
      ...base,
      status: 'pass',
      title,
      evidence,
      ...(note === undefined ? {} : { note }),
      ...effect,
    }),
    skip: (title, why, effect) => ({ ...base, status: 'skip', title, evidence: why, ...effect }),
    warn: (words) => ({ ...base, status: 'warn', ...words }),
    fail: (words) => ({ ...base, status: 'fail', ...words }),
  }
}

type Judge<T> = (resource: T, report: FindingBuilder, graph: ChainGraph) => Finding | readonly Finding[]

/**
 * The check of each resource that `select` takes from the graph; `nameOf` gives the resource's name in its findings,
 * `shownAs` what people know it by where that says nothing.
 */
export function perResource<T>(
  select: (graph: ChainGraph) => readonly T[],
  nameOf: (resource: T) => string,
  shownAs?: (resource: T) => string,
) {
  return (name: CheckName, judge: Judge<T>): Check['run'] =>
    (graph) =>
      oneByOne(select(graph), (one) => judge(one, findingFor(name, nameOf(one), shownAs?.(one)), graph))
}

/** The same for resources that may be unreadable, which are skipped, or not there, of which the `exists` check speaks. */
export function perReading<T>(
  names: (graph: ChainGraph) => readonly string[],
  readings: (graph: ChainGraph) => ReadonlyMap<string, Reading<T | undefined>>,
  title: string,
) {
  const each = perResource(names, (name) => name)
  return (check: CheckName, judge: Judge<T>): Check['run'] =>
    each(check, (name, report, graph) => {
      const reading = readings(graph).get(name)
      if (reading?.state !== 'read') return report.skip(title, reading?.why ?? 'it was not read')
      return reading.value === undefined ? [] : judge(reading.value, report, graph)
    })
}

export function isProblem(finding: Finding): finding is Problem {
  return finding.status === 'warn' || finding.status === 'fail'
}

/** What `doctor --fix` answers for; a fix without repairs is for a person. */
export const FIX_COMMAND = toolCommand('doctor', { fix: true })
