/** What doctor says of the patterns in accounts that public modules and templates build (test/fixtures/accounts). */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/doctor/diagnose.ts'
import { aFilter, anAlarm, aTransformation, someFacts } from '../support/builders.ts'

interface FieldAccount {
  readonly metricFilters: readonly {
    readonly name: string
    readonly pattern: string
    readonly transformations: readonly { readonly metricNamespace: string; readonly metricName: string }[]
  }[]
  readonly alarms: readonly { readonly AlarmName: string; readonly MetricName?: string; readonly Namespace?: string }[]
}

const ROOT = join(import.meta.dirname, '../fixtures/accounts')

/** Faults of the patterns, each with the share of filters or the calls that tell it; the rest of the chain is not judged here. */
const FAULTS: Readonly<Record<string, readonly string[]>> = {
  'appvia.json': [],
  'asr.json': ['warn false-pages ConsoleSigninWithoutMFA'],
  'aws-docs.json': ['warn false-pages ConsoleSignInNoMFAFilter-1NQmBXvkBRCG'],
  'awslabs.json': ['warn false-pages ConsoleSigninWithoutMfaCloudWatchMetric-Bqq7W2Wp7ezO'],
  'blea.json': [],
  // The value holds quotes of its own.
  'cis-shell.json': ['warn never-matches ConsoleLoginFilter'],
  'cloudposse.json': ['warn false-pages ConsoleSignInWithoutMfaCount'],
  'epomatti.json': [],
  'hayao-k.json': ['warn false-pages ConsoleSigninWithoutMFAMetricFilter-R2uDl05MxCLX'],
  'makandra.json': ['warn false-pages NoMFAConsoleSignin'],
  'moj-default.json': [
    'fail never-matches transit-gateway-changes',
    'fail never-matches secrets-manager-cloudtrail-events-mp-all',
    'fail never-matches secrets-manager-cloudtrail-events-mp-team',
    'warn absent-field s3-object-deletions-excluding-tf-lock-files',
  ],
  'nozaq.json': ['warn false-pages NoMFAConsoleSignin'],
  // UnauthorizedOperation without the Client. that EC2 writes before it.
  'quickstart.json': [
    'warn matches-own-event rUnauthorizedAttempts-0kA32d9bXIGz',
    'warn never-matches rUnauthorizedAttempts-0kA32d9bXIGz',
  ],
  'rhythmictech.json': ['warn false-pages NoMFAConsoleSignin'],
  'santrancisco.json': [],
  'tfaws-all-actions.json': [],
  'trussworks.json': ['warn false-pages NoMFAConsoleSignin'],
}

describe('the filters of', () => {
  it.each(readdirSync(ROOT).filter((file) => file.endsWith('.json')))('%s have these faults and no other', (file) => {
    expect(faultsIn(file)).toEqual(FAULTS[file])
  })
})

function faultsIn(file: string): readonly string[] {
  const account: FieldAccount = JSON.parse(readFileSync(join(ROOT, file), 'utf8'))
  const filters = account.metricFilters.map(({ name, pattern, transformations }) =>
    aFilter({
      name,
      pattern,
      transformations: transformations.map(({ metricNamespace: namespace, metricName }) =>
        aTransformation({ namespace, name: metricName }),
      ),
    }),
  )
  const alarms = account.alarms.flatMap(({ AlarmName, MetricName: name, Namespace: namespace }) =>
    name === undefined || namespace === undefined
      ? []
      : [anAlarm({ name: AlarmName, metric: { namespace, name, dimensions: {} } })],
  )
  return [...diagnose(someFacts({ filters, alarms })).findings]
    .filter(({ link, status }) => link === 'metric-filter' && (status === 'warn' || status === 'fail'))
    .map(({ status, check, resource }) => `${status} ${check.replace('metric-filter.', '')} ${resource.split(':')[1]}`)
}
