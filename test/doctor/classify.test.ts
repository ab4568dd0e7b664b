/** What a filter is for: its meaning before its events, its events before its name. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import { detectionById } from '../../src/detections/select.ts'
import { classify } from '../../src/doctor/classify.ts'
import { diagnose } from '../../src/doctor/diagnose.ts'
import { analyzePattern } from '../../src/doctor/pattern-analysis.ts'
import { aFilter, anAlarm, aTransformation, someFacts } from '../support/builders.ts'
import { of } from './verdicts.ts'

function told(name: string, ...patterns: readonly string[]) {
  const transformations = [aTransformation({ namespace: 'Security', name: 'M' })]
  const filters = patterns.map((pattern, at) => aFilter({ name: `${name}-${at}`, pattern, transformations }))
  return classify({ filters, alarms: [], analyses: patterns.map(analyzePattern) })
}

function published(respelled: (text: string) => string) {
  return catalogue.flatMap(({ id, compliance }) =>
    (compliance?.patterns ?? [])
      .filter(({ valid }) => valid)
      .map(({ label, pattern }) => [id, label, respelled(pattern)] as const),
  )
}

describe('a published pattern is known whatever it is called', () => {
  it.each(published((text) => text.replaceAll(/\s*(&&|\|\||!=|=)\s*/g, '  $1 ')))(
    '%s %s with other blanks',
    (id, _, text) => {
      expect(told('filter', text)?.detection.id).toBe(id)
    },
  )

  it.each(published((text) => text.replace(/^\{(.*)\}$/s, '{ ($1) }')))('%s %s in parentheses', (id, _, text) => {
    expect(told('filter', text)?.detection.id).toBe(id)
  })

  it.each(published((text) => text.replaceAll(/(\$\.eventName\s*=\s*)"?(\w+)"?/g, '$1"$2"')))(
    '%s %s under the name of another',
    (id, _, text) => {
      const other = id === 'vpc-changes' ? 'RootAccountUsage' : 'VpcChanges'
      expect(told(other, text)?.detection.id).toBe(id)
    },
  )
})

describe('a filter that is narrower on purpose', () => {
  it.each([
    [
      'an account',
      '{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && ($.recipientAccountId = "210987654321") }',
      'recipientAccountId 210987654321',
    ],
    [
      'a user',
      '{ ($.userIdentity.userName = "app") && (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) }',
      'userIdentity.userName app',
    ],
    [
      'a role',
      '{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && ($.userIdentity.sessionContext.sessionIssuer.userName = "ci*") }',
      'userIdentity.sessionContext.sessionIssuer.userName ci*',
    ],
    [
      'a region',
      '{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && ($.awsRegion = "eu-west-1") }',
      'awsRegion eu-west-1',
    ],
    [
      'a service',
      '{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && ($.eventSource = "kms.amazonaws.com") }',
      'eventSource kms.amazonaws.com',
    ],
    [
      'a key',
      '{ ($.eventSource = "kms.amazonaws.com") && (($.eventName = "DisableKey") || ($.eventName = "ScheduleKeyDeletion")) && ($.requestParameters.keyId = "*main") }',
      'requestParameters.keyId *main',
    ],
  ])('to %s misses nothing, and what it asks for is said', (_, pattern, only) => {
    expect(told('filter', pattern)).toMatchObject({ missed: [], only: [only] })
  })

  it('is not one that asks for the ARN of a role where a session stands', () => {
    const pattern = '{ ($.errorCode = "AccessDenied*") && ($.userIdentity.arn = "arn:aws:iam::123456789012:role/ci") }'
    expect(told('UnauthorizedApiCalls', pattern)).toMatchObject({ by: 'name', counted: [] })
  })
})

describe('filters that feed one metric', () => {
  const calls = ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging']
  const metric = { namespace: 'Security', name: 'CloudTrailChanges' }
  const facts = (names: readonly string[]) => ({
    filters: names.map((name) =>
      aFilter({
        name: `trail-${name}`,
        pattern: `{ $.eventName = "${name}" }`,
        transformations: [aTransformation(metric)],
      }),
    ),
    alarms: [anAlarm({ metric: { ...metric, dimensions: {} } })],
  })

  it('are one detection when together they count what a published text counts', () => {
    expect(of('metric-filter.matches-own-event', facts(calls)).map(({ status }) => status)).toEqual(
      calls.map(() => 'pass'),
    )
  })

  it('are partial once, with the calls that they miss', () => {
    const findings = of('metric-filter.matches-own-event', facts(calls.slice(0, 2)))
    expect(findings.map(({ status }) => status).toSorted()).toEqual(['pass', 'warn'])
    expect(findings.find(({ status }) => status === 'warn')).toMatchObject({
      evidence: expect.stringContaining('partial: misses StopLogging, DeleteTrail, StartLogging'),
    })
  })
})

it('the exclusion of the roles of IAM Identity Center is no noise', () => {
  const pattern =
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.responseElements.ConsoleLogin = "Success") && ($.userIdentity.arn != "*:assumed-role/AWSReservedSSO_*") }'
  const filters = [
    aFilter({ name: 'NoMfa', pattern, transformations: [aTransformation({ namespace: 'S', name: 'M' })] }),
  ]
  const findings = [...diagnose(someFacts({ filters, alarms: [] })).findings]
  expect(findings.find(({ check }) => check === 'metric-filter.false-pages')).toMatchObject({ status: 'pass' })
})

it('a denied call of the console, as records of 2020 and before wrote it, pages', () => {
  const file = join(import.meta.dirname, '../fixtures/field/event-denied-console-invokedBy-signin.json')
  const event = JSON.parse(readFileSync(file, 'utf8'))
  expect(analyzePattern(detectionById('unauthorized-api-calls').paging.pattern).matches(event)).toBe(true)
})

it('what nothing tells is not known', () => {
  expect(
    told('RunInstances', '{ ($.eventName = "RunInstances") && ($.requestParameters.instanceType = "*.8xlarge") }'),
  ).toBeUndefined()
})
