/** Metric filters as people have them, with the verdict that is right (test/fixtures/field). */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/doctor/diagnose.ts'
import { aFilter, anAlarm, aTransformation, someFacts } from '../support/builders.ts'

interface FieldFilter {
  readonly name: string
  readonly metric: string
  readonly pattern: string
  readonly verdict: 'fail' | 'warn' | 'not-pass' | 'not-fail'
  readonly why: string
}

const FILTERS: readonly FieldFilter[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/field/doctor-filters.json'), 'utf8'),
)

const ALLOWED = { fail: ['fail'], warn: ['warn'], 'not-pass': ['fail', 'warn'], 'not-fail': ['warn', 'pass'] } as const

const findings = diagnosed()

describe('a filter from the field', () => {
  it.each(FILTERS.map((filter) => [filter.name, filter.verdict, filter.why, filter] as const))(
    '%s is %s: %s',
    (name, verdict) => {
      const own = findings.filter(({ link, resource }) => link === 'metric-filter' && resource.endsWith(`:${name}`))
      const worst = (['fail', 'warn'] as const).find((status) => own.some((one) => one.status === status)) ?? 'pass'
      expect(
        ALLOWED[verdict],
        JSON.stringify(
          own.filter(({ status }) => status !== 'pass'),
          null,
          1,
        ),
      ).toContain(worst)
    },
  )
})

function diagnosed() {
  const facts = someFacts({
    filters: FILTERS.map(({ name, metric, pattern }) =>
      aFilter({ name, pattern, transformations: [aTransformation({ namespace: 'Security', name: metric })] }),
    ),
    alarms: FILTERS.map(({ name, metric }) =>
      anAlarm({ name: `${name}-alarm`, metric: { namespace: 'Security', name: metric, dimensions: {} } }),
    ),
  })
  return [...diagnose(facts).findings]
}
