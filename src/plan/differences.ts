/** Field by field, what separates a wanted resource from the observed one, after each kind's own normalisation. */

import { isDeepStrictEqual } from 'node:util'
import { sameDescription } from '../domain/marker.ts'
import { logGroupNameOf } from '../domain/names.ts'
import { samePolicy, sameStatements } from '../domain/policy-documents.ts'
import type { Kind, MetricFilterSpec, Resource, Specs } from '../domain/resources.ts'
import { parsePattern } from '../patterns/parse/parse.ts'
import { sameMeaning } from '../patterns/pattern.ts'

/** One field as a person reads it; secrets are masked by their own type. */
export interface FieldChange {
  readonly field: string
  readonly from: string
  readonly to: string
}

type Comparison<S> = { readonly [F in keyof S]?: (wanted: S[F], found: S[F], spec: S) => boolean }

/**
 * What has to change in `found` for `wanted` to be true. Only the fields listed for a kind are compared:
 * what is set at creation alone (tags, a topic's policy) is never overwritten on a re-run.
 */
export function differences(wanted: Resource, found: Specs[Kind]): readonly FieldChange[] {
  const compared = COMPARED[wanted.kind] as Comparison<Record<string, unknown>>
  const before = found as unknown as Readonly<Record<string, unknown>>
  const after = wanted.spec as unknown as Readonly<Record<string, unknown>>
  return Object.entries(compared).flatMap(([field, same]) =>
    same?.(after[field], before[field], after) === false
      ? [{ field, from: readable(before[field]), to: readable(after[field]) }]
      : [],
  )
}

const COMPARED: { readonly [K in Kind]: Comparison<Specs[K]> } = {
  bucket: { statements: (wanted, found) => sameStatements({ Statement: found }, wanted) },
  trail: {
    multiRegion: equal,
    globalServiceEvents: equal,
    fileValidation: equal,
    logging: equal,
    organization: equal,
  },
  // Never lowered; a group without a period keeps its events for ever, which nobody chose for a group made here.
  'log-group': {
    retentionDays: (wanted, found) => wanted === undefined || (found !== undefined && found >= wanted),
  },
  role: {
    trust: (wanted, found, { olderTrust }) =>
      samePolicy(wanted, found) || (olderTrust !== undefined && samePolicy(olderTrust, found)),
    policy: samePolicy,
  },
  delivery: {
    logGroupArn: (wanted, found) => logGroupNameOf(wanted) === logGroupNameOf(found),
    roleArn: equal,
  },
  'metric-filter': { pattern: (_, found, spec) => samePattern(spec, found), metric: equal },
  topic: { displayName: equal, kmsKeyId: equal },
  subscription: {
    rawDelivery: equal,
    confirmed: (wanted, found) => found || !wanted,
    deadLetterQueue: equalIfWanted,
    retries: equalIfWanted,
  },
  'email-subscription': {},
  queue: {
    policy: (wanted, found) => sameStatements(found, wanted.Statement),
    retentionS: equal,
    encrypted: equal,
  },
  alarm: {
    description: sameDescription,
    metric: equal,
    statistic: equal,
    period: equal,
    evaluationPeriods: equal,
    datapointsToAlarm: equal,
    threshold: equal,
    comparisonOperator: equal,
    treatMissingData: equal,
    alarmActions: sameItems,
    okActions: sameItems,
    insufficientDataActions: sameItems,
    actionsEnabled: equal,
  },
  dashboard: { body: equal },
  // There or not there is all that is decided about them.
  'pagerduty-service': {},
  integration: {},
}

/** Whether the stored pattern does the work of the wanted one. */
export function samePattern(wanted: MetricFilterSpec, found: string): boolean {
  if (wanted.pattern === found) return true
  if (wanted.exact) return false
  const [a, b] = [parsePattern(wanted.pattern), parsePattern(found)]
  return a.validity === 'accepted' && b.validity === 'accepted' && sameMeaning(a.pattern, b.pattern)
}

function equal(wanted: unknown, found: unknown): boolean {
  return isDeepStrictEqual(wanted, found)
}

/** In any order: actions of an alarm are a set. */
function sameItems(wanted: readonly string[], found: readonly string[]): boolean {
  return equal([...wanted].sort(), [...found].sort())
}

function equalIfWanted(wanted: unknown, found: unknown): boolean {
  return wanted === undefined || equal(wanted, found)
}

/** A value as a person reads it: documents as indented JSON, secrets masked by their own type. */
export function readable(value: unknown): string {
  if (value === undefined || value === null) return 'none'
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return value.length === 0 ? 'none' : value.join(', ')
  }
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value)
}
