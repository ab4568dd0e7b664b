import { describe, expect, it } from 'vitest'
import { isProblem } from '../../src/doctor/check.ts'
import { CHECKS } from '../../src/doctor/checks/all.ts'
import { diagnose } from '../../src/doctor/diagnose.ts'
import { FIELD_ACCOUNTS, fieldAccount } from '../support/field-account.ts'

/** What is wrong with each account apart from its patterns, and on how many resources; then how many chains page and resolve. */
const EXPECTED: Readonly<Record<string, { readonly faults: object; readonly chains: object }>> = {
  appvia: { faults: { 'fail alarm.ok-action': 17 }, chains: { 'pages, does not resolve': 17 } },
  asr: { faults: {}, chains: { 'pages and resolves': 14 } },
  'aws-docs': { faults: { 'fail alarm.ok-action': 11 }, chains: { 'pages, does not resolve': 11 } },
  awslabs: { faults: { 'fail alarm.ok-action': 6 }, chains: { 'pages, does not resolve': 6 } },
  blea: {
    faults: { 'fail alarm.ok-action': 4, 'fail alarm.missing-data': 4 },
    chains: { 'pages, does not resolve': 4 },
  },
  'cis-shell': { faults: { 'fail alarm.alarm-action': 13 }, chains: { 'does not page': 13 } },
  cloudposse: {
    faults: { 'fail alarm.ok-action': 16, 'warn alarm.can-fire': 1, 'warn alarm.blind-time': 2 },
    chains: { 'pages, does not resolve': 15, unknown: 1 },
  },
  epomatti: {
    faults: { 'warn trail.multi-region': 1, 'fail alarm.ok-action': 1, 'fail alarm.missing-data': 1 },
    chains: { 'pages, does not resolve': 1 },
  },
  'hayao-k': {
    faults: { 'fail alarm.ok-action': 14, 'fail alarm.missing-data': 14 },
    chains: { 'pages, does not resolve': 14 },
  },
  makandra: { faults: { 'fail alarm.ok-action': 14 }, chains: { 'pages, does not resolve': 14 } },
  'moj-default': {
    faults: { 'fail alarm.exists': 2, 'fail alarm.alarm-action': 3, 'fail alarm.ok-action': 25 },
    chains: { 'pages, does not resolve': 77, 'does not page': 13, unknown: 2 },
  },
  nozaq: { faults: { 'fail alarm.ok-action': 15 }, chains: { 'pages, does not resolve': 15 } },
  quickstart: {
    faults: { 'warn trail.multi-region': 1, 'fail alarm.ok-action': 7, 'fail alarm.missing-data': 7 },
    chains: { 'pages, does not resolve': 7 },
  },
  rhythmictech: {
    faults: { 'fail alarm.ok-action': 14, 'fail topic.encryption': 1 },
    chains: { 'does not page': 14 },
  },
  santrancisco: {
    faults: { 'fail alarm.ok-action': 10, 'fail alarm.missing-data': 10 },
    chains: { 'pages, does not resolve': 10 },
  },
  'tfaws-all-actions': { faults: {}, chains: { 'pages and resolves': 15 } },
  trussworks: { faults: { 'fail alarm.ok-action': 14 }, chains: { 'pages, does not resolve': 14 } },
}

/** What a pattern matches is judged elsewhere. */
const APART_FROM_PATTERNS = CHECKS.filter(({ name }) => !name.startsWith('metric-filter.'))

describe('an account that a public module or template builds', () => {
  it.each(FIELD_ACCOUNTS)('%s gets the verdict that it deserves', (name) => {
    const { chains, findings } = diagnose(fieldAccount(name), {}, APART_FROM_PATTERNS)
    const faults = [...findings].filter(isProblem).map(({ status, check }) => `${status} ${check}`)
    expect({ faults: counted(faults), chains: counted(chains.map(verdictOf)) }).toEqual(EXPECTED[name])
  })
})

function verdictOf({ works, resolves }: { readonly works: boolean | null; readonly resolves: boolean | null }): string {
  if (works === null) return 'unknown'
  if (!works) return 'does not page'
  return resolves ? 'pages and resolves' : 'pages, does not resolve'
}

function counted(values: readonly string[]): object {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
