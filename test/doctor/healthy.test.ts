import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import { diagnose } from '../../src/doctor/diagnose.ts'
import { installed, someFacts } from '../support/builders.ts'
import { faults, works } from './verdicts.ts'

describe('a chain that works', () => {
  it('has no fault when it was made by hand', () => {
    expect(faults()).toEqual([])
    expect(works()).toEqual([true])
    expect(diagnose(someFacts()).healthy).toBe(true)
  })

  it('has no fault with every detection of the catalogue installed', () => {
    const made = catalogue.map((detection) => installed(detection))
    const different = { filters: made.map(({ filter }) => filter), alarms: made.map(({ alarm }) => alarm) }
    expect(faults(different)).toEqual([])
    expect(new Set(works(different))).toEqual(new Set([true]))
  })

  it('is found by its parts, and each check reports once for each resource', () => {
    const { chains, findings } = diagnose(someFacts())
    const first = [...findings]
    expect(
      chains.map((chain) => [chain.trail?.name, chain.logGroup, chain.metric, chain.endpoint?.toString()]),
    ).toEqual([
      ['main', 'trail-events', 'Security/RootUsage', 'https://events.pagerduty.com/integration/…cdef/enqueue'],
    ])
    const places = first.map(({ check, resource }) => `${check} ${resource}`)
    expect(places).toEqual([...new Set(places)])
    expect([...findings]).toEqual(first)
  })

  it('is not healthy where there is none', () => {
    const nothing = diagnose(someFacts({ filters: [], alarms: [], topics: [], subscriptions: [] }))
    expect(nothing.healthy).toBe(false)
    expect(nothing.chains).toEqual([])
  })
})
