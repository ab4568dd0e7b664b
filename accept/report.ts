/** The report of an acceptance run: the anonymous JSON that can be attached to an issue, and what a person reads at the end. */

import { VERSION } from '../src/aws/version.ts'
import { logGroupNameOf } from '../src/domain/names.ts'
import { anonymizer, type Json } from './anonymize.ts'
import { ASSUMPTIONS, type Observation } from './assumptions.ts'
import { delaysOf } from './delays.ts'
import { round, type ToolRun } from './evidence.ts'
import type { Left, Outcome, Step } from './flow.ts'

export interface Judged extends Observation {
  readonly assumption: string
}

export function judged({ evidence }: Outcome): readonly Judged[] {
  return ASSUMPTIONS.map(({ id, observe }) => ({ assumption: id, ...observe(evidence) }))
}

/** The whole report, without anything that tells whose account it was. */
export function reportOf(outcome: Outcome): Json {
  const { began, ended, steps, evidence, left, known, region, stopped } = outcome
  const { setting } = evidence
  const report = {
    schemaVersion: 1,
    kind: 'acceptance',
    version: VERSION,
    node: process.version,
    platform: process.platform,
    ...setting,
    region: region ?? null,
    began: began.toISOString(),
    ended: ended.toISOString(),
    seconds: round((ended.getTime() - began.getTime()) / 1000),
    ...(stopped === undefined ? {} : { stopped }),
    steps: steps.map(stepOf),
    delays: delaysOf(evidence),
    assumptions: judged(outcome),
    left,
  }
  const names = steps.flatMap(({ run }) => namesIn(run?.document))
  return anonymizer([...known, ...names.map((name) => ({ name, as: 'name' as const }))]).json(plain(report))
}

/** Names of resources that are not the chain's, so that the sentences that mention them can be told from others. */
function namesIn(document: unknown): readonly string[] {
  const { chains = [], changes = [], kept = [] } = (document ?? {}) as Readonly<Record<string, readonly unknown[]>>
  const texts = [
    ...(Array.isArray(chains) ? chains : []).flatMap(({ trail, logGroup, metricFilter, alarm, topic }) => [
      ...[trail, logGroup, metricFilter, alarm, topic],
    ]),
    ...[...(Array.isArray(changes) ? changes : []), ...(Array.isArray(kept) ? kept : [])].map((one) => one?.resource),
  ]
  return texts.filter((text) => typeof text === 'string').map(nameIn)
}

/** Of an ARN what comes after its last sign of division; a subscription is an address, not a name. */
function nameIn(text: string): string {
  if (text.startsWith('arn:'))
    return logGroupNameOf(text) ?? text.slice(Math.max(text.lastIndexOf(':'), text.lastIndexOf('/')) + 1)
  return /^https?:/.test(text) ? '' : text
}

/** What a person reads: each step, each assumption that was looked at, and what is left. */
export function summaryOf(outcome: Outcome): readonly string[] {
  const { evidence, steps, left } = outcome
  const results = judged(outcome)
  const count = (result: Observation['result']) => results.filter((one) => one.result === result).length
  const on = evidence.setting.target
  return [
    'Steps',
    ...steps.map(
      ({ step, status, why, run }) =>
        `  ${status.padEnd(11)} ${step}${run === undefined ? '' : ` (${run.seconds} s)`}${why === undefined ? '' : `: ${why}`}`,
    ),
    'Delays',
    ...delaysOf(evidence).map(
      ({ delay, seconds, exactness }) => `  ${exactness === 'exact' ? '' : '≤ '}${seconds} s  ${delay}`,
    ),
    `Assumptions: ${count('seen')} seen, ${count('not seen')} not seen, ${count('cannot tell')} cannot tell`,
    ...results.map(({ assumption, result, detail }) => `  ${result.padEnd(11)} ${assumption}: ${detail}`),
    ...(on === 'aws'
      ? []
      : [
          `  This was ${on === 'sandbox' ? 'the sandbox' : 'an emulator'}: it shows that the run works, and nothing about AWS or PagerDuty.`,
        ]),
    left.length === 0 ? 'Nothing is left.' : 'Left',
    ...left.map(leftLine),
  ]
}

/** True: every step was done and nothing but the record of events is left. */
export function passed({ steps, left, stopped }: Outcome): boolean {
  return (
    stopped === undefined &&
    steps.length > 0 &&
    steps.every(({ status }) => status === 'done' || status === 'skipped') &&
    left.every(isRecord)
  )
}

/** The bucket of the trail with what it recorded; `destroy` never deletes that. */
function isRecord({ remove }: Left): boolean {
  return remove?.startsWith('aws s3 rb ') === true
}

function leftLine({ resource, why, remove }: Left): string {
  return `  ${resource}: ${why}${remove === undefined ? '' : `; remove it with: ${remove}`}`
}

function stepOf({ step, status, why, run }: Step) {
  return {
    step,
    status,
    ...(why === undefined ? {} : { why }),
    ...(run === undefined
      ? {}
      : {
          exit: run.exit,
          seconds: run.seconds,
          calls: callsOf(run),
          document: trimmed(run.document),
          ...(run.error === undefined ? {} : { error: run.error }),
        }),
  }
}

/** How often each call ended how. */
function callsOf({ calls }: ToolRun<unknown>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const { call, outcome } of calls) counts.set(`${call} ${outcome}`, (counts.get(`${call} ${outcome}`) ?? 0) + 1)
  return Object.fromEntries(counts)
}

/** Without what only fills the report, or may name people of PagerDuty. */
function trimmed(document: unknown): unknown {
  if (typeof document !== 'object' || document === null) return null
  const { next: _, changes, findings, ...rest } = document as Readonly<Record<string, unknown>>
  return {
    ...rest,
    ...(Array.isArray(changes) ? { changes: changes.map(({ details: __, ...change }) => change) } : {}),
    ...(Array.isArray(findings) ? { findings: findings.map(findingOf) } : {}),
  }
}

function findingOf({ check, status, link, resource, evidence }: Readonly<Record<string, unknown>>) {
  return { check, status, link, resource, ...(link === 'pagerduty' || status === 'pass' ? {} : { evidence }) }
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
