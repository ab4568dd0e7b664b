import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatMarker, parseMarker } from '../../src/domain/marker.ts'

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
