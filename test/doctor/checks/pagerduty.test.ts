import { describe, expect, it } from 'vitest'
import type { PagerDutyReadings } from '../../../src/doctor/account.ts'
import { diagnose } from '../../../src/doctor/diagnose.ts'
import { Secret } from '../../../src/domain/secret.ts'
import type { Reading } from '../../../src/domain/snapshot.ts'
import type { PagerDutyTarget, TargetService } from '../../../src/pagerduty/target.ts'
import { aSubscription, minutesAgo, NOW, read, someFacts, TOPIC, unreadable } from '../../support/builders.ts'
import { faults, findings, of, verdict, works } from '../verdicts.ts'

const SUBSCRIPTION = `${TOPIC}:0f0f0f0f`

function service(different: Partial<TargetService> = {}): TargetService {
  return {
    id: 'P1',
    name: 'Security',
    status: 'active',
    maintenance: read(undefined),
    rules: read({}),
    onCall: read(['Ada']),
    ...different,
  }
}

function told(target: Reading<PagerDutyTarget | undefined>, serviceRegion: PagerDutyReadings['serviceRegion'] = 'us') {
  return { diagnostics: { pagerduty: read({ serviceRegion, targets: new Map([[SUBSCRIPTION, target]]) }) } }
}

function toService(different: Partial<TargetService> = {}) {
  const integration = { name: 'CloudTrail', vendorId: 'PCLOUDTRAIL', type: 'service_integration' }
  return told(read({ kind: 'service', integration, service: service(different) }))
}

const orchestrated = {
  subscriptions: [
    aSubscription({ endpoint: new Secret('https://events.pagerduty.com/x-ere/R0123456789ABCDEF0123456789ABCDE') }),
  ],
}

function toOrchestration(services: readonly TargetService[], dynamic = false) {
  return { ...orchestrated, ...told(read({ kind: 'orchestration', name: 'All', routes: read({ services, dynamic }) })) }
}

describe("C07 PagerDuty's side of a chain that is green on AWS", () => {
  it('is well', () => {
    expect(faults(toService())).toEqual([])
    expect(of('pagerduty.on-call', toService())[0]).toMatchObject({ status: 'pass', evidence: 'Security: Ada' })
  })

  it.each([
    ['a disabled service', { status: 'disabled' }, 'fail pagerduty.service-active'],
    ['nobody on call', { onCall: read([]) }, 'fail pagerduty.on-call'],
    [
      'a rule that suppresses',
      { rules: read({ suppress: { rule: 'Quiet', certain: true } }) },
      'fail pagerduty.suppression',
    ],
    ['a maintenance window', { maintenance: read({ until: NOW }) }, 'warn pagerduty.maintenance'],
    ['a service in maintenance', { status: 'maintenance' }, 'warn pagerduty.maintenance'],
  ])('has %s', (_, different, expected) => {
    expect(faults(toService(different))).toEqual([`${expected} ${SUBSCRIPTION}`])
  })

  it('breaks the chain where nobody can be paged', () => {
    expect(works(toService({ status: 'disabled' }))).toEqual([false])
  })

  it('leads to the service in PagerDuty', () => {
    const url = 'https://acme.pagerduty.com/service-directory/P1'
    const urlOf = (check: string) => of(check, toService({ url, status: 'disabled' }))[0]?.url
    expect(['pagerduty.integration', 'pagerduty.service-active', 'pagerduty.on-call'].map(urlOf)).toEqual([
      url,
      url,
      url,
    ])
  })

  it('shows when the maintenance ends', () => {
    expect(of('pagerduty.maintenance', toService({ maintenance: read({ until: minutesAgo(-90) }) }))[0]).toMatchObject({
      evidence: 'Security until 2026-11-25T11:30:00.000Z',
    })
  })

  it('is said not to be checked without a token, and the chain still works', () => {
    const checks = findings().filter(({ link }) => link === 'pagerduty')
    expect(new Set(checks.map(({ status, evidence }) => `${status}: ${evidence}`))).toEqual(
      new Set(['skip: no token (PAGERDUTY_TOKEN)']),
    )
    expect(works()).toEqual([true])
  })

  it('is not known where the token is refused', () => {
    const diagnostics = { pagerduty: unreadable('PagerDuty refused the token') }
    expect(verdict('pagerduty.token', { diagnostics })).toBe('warn')
    expect(verdict('pagerduty.on-call', { diagnostics })).toBe('skip')
  })

  it.each([
    [
      'of a subscription that is still pending',
      { subscriptions: [aSubscription({ arn: undefined, confirmed: false })] },
    ],
    ['that PagerDuty does not tell', told(unreadable('403'))],
  ])('is not shown as good where only the region of a key was seen, %s', (_, different) => {
    const facts = someFacts({ ...toService(), ...different })
    expect(diagnose(facts).chains.map(({ hops }) => hops.pagerduty)).toEqual(['unchecked'])
  })

  it('is shown as good where the key was seen', () => {
    expect(diagnose(someFacts(toService())).chains.map(({ hops }) => hops.pagerduty)).toEqual(['works'])
  })

  it('is not known where one read is denied', () => {
    expect(verdict('pagerduty.on-call', toService({ onCall: unreadable('403') }))).toBe('skip')
  })
})

describe('C06 an orchestration', () => {
  it('that routes nowhere fails though it is confirmed', () => {
    expect(faults(toOrchestration([]))).toEqual([`fail pagerduty.orchestration-route ${SUBSCRIPTION}`])
    expect(of('pagerduty.orchestration-route', toOrchestration([]))[0]).toMatchObject({
      fix: { summary: expect.stringContaining(TOPIC) },
    })
  })

  it('that routes to a service is well, and its services are looked at', () => {
    expect(faults(toOrchestration([service()]))).toEqual([])
    expect(faults(toOrchestration([service(), service({ status: 'disabled' })]))).toEqual([
      `fail pagerduty.service-active ${SUBSCRIPTION}`,
    ])
  })

  it('that routes dynamically is not proven', () => {
    expect(verdict('pagerduty.orchestration-route', toOrchestration([], true))).toBe('pass')
  })

  it('is doubted without a token', () => {
    expect(faults(orchestrated)).toEqual([`warn pagerduty.orchestration-route ${SUBSCRIPTION}`])
    expect(works(orchestrated)).toEqual([true])
  })
})

describe('the key', () => {
  it('that PagerDuty does not know loses every page', () => {
    expect(faults(told(read(undefined)))).toEqual([`fail pagerduty.integration ${SUBSCRIPTION}`])
  })

  it('of a ruleset is at its end of life', () => {
    expect(verdict('pagerduty.ruleset-end-of-life', told(read({ kind: 'ruleset', name: 'Default' })))).toBe('warn')
  })

  it('C05 of an EU account behind the US host is a warning with the URL to use', () => {
    const integration = { name: 'CloudTrail', vendorId: 'PCLOUDTRAIL', type: 'x' }
    const different = told(read({ kind: 'service', integration, service: service() }), 'eu')
    expect(of('pagerduty.region', different)[0]).toMatchObject({
      status: 'warn',
      fix: { summary: expect.stringContaining('the EU form'), command: { words: ['sns', 'subscribe'] } },
    })
  })
})
