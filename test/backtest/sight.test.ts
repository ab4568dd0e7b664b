import { describe, expect, it } from 'vitest'
import { messagesOfText } from '../../src/backtest/file-messages.ts'
import { createSighter, sightFile, sightMessages } from '../../src/backtest/sight.ts'
import { catalogue } from '../../src/detections/catalogue.ts'
import { customDetection } from '../../src/detections/custom.ts'
import { detectionById } from '../../src/detections/select.ts'
import { variations } from '../athena/records.ts'

const records = variations(4_000, Date.UTC(2026, 0, 5), 7)
const events = records.map((record) => {
  const { eventVersion, userIdentity, eventTime, eventSource, eventName, ...rest } = record
  // In the order in which CloudTrail writes them.
  return JSON.stringify({ eventVersion, userIdentity, eventTime, eventSource, eventName, ...rest })
})
const cut = (text: string) => messagesOfText(text, { path: 'f', raw: false })

function shown(sightings: readonly { time: number; id: string | undefined; matches: readonly number[] }[]) {
  return sightings.map(({ time, id, matches }) => ({ time, id, matches }))
}

describe('a file that is searched as a whole', () => {
  it.each([
    ['the whole catalogue', catalogue],
    ['one detection', [detectionById('root-account-usage')]],
    ['a pattern that asks for nothing', [customDetection({ filterPattern: '{ $.errorCode NOT EXISTS }' }).detection]],
    ['a pattern of numbers', [customDetection({ filterPattern: '{ $.requestParameters.enable = 1.0 }' }).detection]],
    ['a pattern of text', [customDetection({ filterPattern: '"AccessDenied"' }).detection]],
  ])('gives what its records give one by one, for %s', (_, detections) => {
    const sighter = createSighter(detections)
    const whole = `{"Records":[${events.join(',')}]}`
    const expected = sightMessages(sighter, events)
    const found = sightFile(sighter, whole, cut) ?? sightMessages(sighter, cut(whole))
    expect(found.skipped).toBe(expected.skipped)
    expect(shown(found.sightings)).toEqual(shown(expected.sightings))
  })

  it('finds an event name and a text that are spelled with escapes', () => {
    const sighter = createSighter([detectionById('trail-stopped-or-blinded'), detectionById('root-account-usage')])
    const [sample] = events
    const base = JSON.parse(sample ?? '{}')
    const stop = { ...detectionById('trail-stopped-or-blinded').ownEvents[0], eventID: 'a' }
    const root = { ...detectionById('root-account-usage').ownEvents[0], eventID: 'b' }
    const spelled = [stop, root, base].map((record) =>
      JSON.stringify(record).replace('"StopLogging"', '"Stop\\u004cogging"').replace('"Root"', '"\\u0052oot"'),
    )
    const found = sightFile(sighter, `{"Records":[${spelled.join(',')}]}`, cut)
    expect(found?.sightings.map(({ matches }) => matches)).toEqual(
      sightMessages(sighter, spelled).sightings.map(({ matches }) => matches),
    )
    expect(found?.sightings.flatMap(({ matches }) => matches).length).toBeGreaterThan(0)
  })
})
