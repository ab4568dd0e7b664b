import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import { formatMarker, parseMarker } from '../../src/domain/marker.ts'
import { alarmDescription, filterNamedIn, MAX_DESCRIPTION } from '../../src/plan/description.ts'
import { site } from '../support/snapshot.ts'

const NAMES = { filter: 'the-filter', alarm: 'the-alarm' }
const FINGERPRINTS = { alarm: '0a1b2c3d', filter: '4e5f6071' }
const setup = { name: 'cloudtrail-pd', hold: undefined, autoResolve: true }

describe('the marker', () => {
  it('comes back as it was written, choices included', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/)
    const hold = fc.option(fc.integer({ min: 1, max: 1440 }), { nil: undefined })
    fc.assert(
      fc.property(word, word, hold, fc.boolean(), fc.string(), (name, detection, minutes, autoResolve, prose) => {
        const marker = { name, detection, hold: minutes, autoResolve, ...FINGERPRINTS }
        expect(parseMarker(`${prose}\n${formatMarker(marker)}`)).toEqual(marker)
      }),
    )
  })

  it('is not found in a description of somebody else', () => {
    for (const text of [
      '',
      'An alarm',
      'cloudtrail-pd',
      'cloudtrail-pd/1',
      `${formatMarker({ ...setup, detection: 'x' })}\nmore`,
    ]) {
      expect(parseMarker(text)).toBeUndefined()
    }
  })
})

describe("an alarm's description", () => {
  const named = catalogue.map((detection) => [detection.id, detection] as const)

  it.each(named)(
    'of %s says why, what to look at first, the filter and where, and ends with the marker',
    (_id, detection) => {
      const text = alarmDescription(detection, setup, site, 'aws-cloudtrail-logs', NAMES, FINGERPRINTS)
      expect(text.length).toBeLessThanOrEqual(MAX_DESCRIPTION)
      expect(text).toContain(detection.whyItMatters)
      expect(text).toContain(`First: ${detection.firstLook}`)
      expect(text).toContain('console.aws.amazon.com')
      expect(filterNamedIn(text)).toBe('the-filter')
      expect(text).toContain('npx cloudtrail-pd events the-alarm\n')
      expect(parseMarker(text)).toMatchObject({ name: 'cloudtrail-pd', detection: detection.id })
    },
  )

  it('that would be too long loses prose, never the link or the marker', () => {
    const [detection] = catalogue
    if (detection === undefined) throw new Error('the catalogue is empty')
    const long = { ...detection, whyItMatters: 'why '.repeat(400) }
    const text = alarmDescription(long, setup, site, 'g', NAMES, FINGERPRINTS)
    expect(text.length).toBeLessThanOrEqual(MAX_DESCRIPTION)
    expect(text.length).toBeGreaterThan(MAX_DESCRIPTION - 10)
    expect(text).toContain('…')
    expect(parseMarker(text)?.detection).toBe(detection.id)
  })
})
