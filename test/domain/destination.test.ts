import { describe, expect, it } from 'vitest'
import { DESTINATION_OPTIONS, destinationOptions, lookedUp, parseDestination } from '../../src/domain/destination.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const VALUES = {
  pagerdutyService: 'Security',
  pagerdutyOrchestration: 'Events',
  createService: 'New',
  integrationUrl: `https://events.pagerduty.com/integration/${KEY}/enqueue`,
  integrationKey: KEY,
} as const

describe('a destination', () => {
  it('is undefined where no option names one', () => {
    expect([parseDestination({}), destinationOptions({}), lookedUp({})]).toEqual([undefined, [], undefined])
  })

  it.each([
    ['pagerdutyService', 'service', 'service Security'],
    ['pagerdutyOrchestration', 'orchestration', 'orchestration Events'],
    ['createService', 'new-service', 'a new service, New'],
    ['integrationUrl', 'integration', undefined],
    ['integrationKey', 'integration', undefined],
  ] as const)('is named by %s', (name, how, text) => {
    const options = { [name]: VALUES[name] }
    const complete = name === 'createService' ? { ...options, escalationPolicy: 'Default' } : options
    expect(destinationOptions(options)).toEqual([name])
    expect(lookedUp(options)).toBe(text)
    expect(parseDestination(complete)).toMatchObject({ how })
  })

  const pairs = DESTINATION_OPTIONS.flatMap((one, at) =>
    DESTINATION_OPTIONS.slice(at + 1).map((other) => [one, other] as const),
  )
  it.each(pairs)('is refused where %s and %s were both given', (one, other) => {
    const options = { [one]: VALUES[one], [other]: VALUES[other] }
    expect(() => parseDestination(options)).toThrow(/were both given/)
    expect(() => parseDestination(options)).not.toThrow(KEY)
  })
})
