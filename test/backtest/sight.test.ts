import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messagesOfText } from '../../src/backtest/file-messages.ts'
import { createSighter, sightFile, sightMessages } from '../../src/backtest/sight.ts'
import { soughtOf } from '../../src/backtest/sought.ts'
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

describe('a file that is searched as a whole', () => {
  it.each([
    ['the whole catalogue', catalogue],
    ['one detection', [detectionById('root-account-usage')]],
    ['a pattern that asks for nothing', [customDetection({ filterPattern: '{ $.errorCode NOT EXISTS }' }).detection]],
    ['a pattern of numbers', [customDetection({ filterPattern: '{ $.requestParameters.enable = 1.0 }' }).detection]],
    ['a pattern of text', [customDetection({ filterPattern: '"AccessDenied"' }).detection]],
  ])('gives what its records give one by one, for %s', (_, detections) => {
    const sighter = createSighter(soughtOf(detections))
    const whole = `{"Records":[${events.join(',')}]}`
    const expected = sightMessages(sighter, events)
    const found = sightFile(sighter, Buffer.from(whole), cut) ?? sightMessages(sighter, cut(whole))
    expect(found).toEqual(expected)
    expect(found.sightings.times.length).toBe(events.length)
  })

  it('finds an event name and a text that are spelled with escapes', () => {
    const sighter = createSighter(
      soughtOf([detectionById('trail-stopped-or-blinded'), detectionById('root-account-usage')]),
    )
    const [sample] = events
    const base = JSON.parse(sample ?? '{}')
    const stop = { ...detectionById('trail-stopped-or-blinded').ownEvents[0], eventID: 'a' }
    const root = { ...detectionById('root-account-usage').ownEvents[0], eventID: 'b' }
    const spelled = [stop, root, base].map((record) =>
      JSON.stringify(record).replace('"StopLogging"', '"Stop\\u004cogging"').replace('"Root"', '"\\u0052oot"'),
    )
    const found = sightFile(sighter, Buffer.from(`{"Records":[${spelled.join(',')}]}`), cut)
    expect(found).toEqual(sightMessages(sighter, spelled))
    expect(found?.sightings.matches.length).toBe(2)
  })
})

describe('a record that begins in another way than the one before', () => {
  const sighter = createSighter(soughtOf([detectionById('trail-stopped-or-blinded')]))
  const event = { ...detectionById('trail-stopped-or-blinded').ownEvents[0], eventID: 'b' }
  const plain = events.find((one) => one.startsWith('{"eventVersion":"') && !one.includes('StopLogging')) ?? ''
  it.each([
    ['with its version at its end', JSON.stringify({ ...event, eventVersion: '1.11' })],
    ['with blanks', JSON.stringify({ ...event, eventVersion: '1.11' }, undefined, 1)],
  ])('counts too, %s', (_, other) => {
    const found = sightFile(sighter, Buffer.from(`{"Records":[${plain},${other},${plain}]}`), cut)
    expect(found?.sightings.times.length).toBe(3)
    expect(found?.sightings.matches.length).toBe(1)
  })
})

describe('a record that is passed over without being parsed', () => {
  const sources = fc.constantFrom('s3.amazonaws.com', 'lambda.amazonaws.com', 'iam.amazonaws.com')
  const names = fc.constantFrom(
    'DeleteBucket',
    'DeleteBucketPolicy',
    'PutBucketPolicy',
    'AddPermission20150331v2',
    'x"y',
  )
  const codes = fc.option(fc.constantFrom('AccessDenied', 'Client.UnauthorizedOperation', 'DeleteBucket'), {
    nil: undefined,
  })
  const event = fc
    .record({ eventSource: sources, eventName: names, errorCode: codes, eventID: fc.option(fc.uuid()) })
    .chain(({ eventSource, eventName, errorCode, eventID }) =>
      fc.constantFrom('none', 'name', 'source').map((escaped) => {
        const record = { eventVersion: '1.11', userIdentity: {}, eventTime: '2026-01-05T00:00:00Z' }
        const text = JSON.stringify({ ...record, eventSource, eventName, errorCode, eventID })
        if (escaped === 'name') return text.replace('Bucket', '\\u0042ucket')
        return escaped === 'source' ? text.replace('amazonaws.com', 'amazonaws\\u002ecom') : text
      }),
    )
  const condition = fc.oneof(
    fc.tuple(fc.constant('eventSource'), fc.constantFrom('s3.amazonaws.com', 'lambda*', '*.amazonaws.com', 'sqs.aws')),
    fc.tuple(fc.constant('eventName'), fc.constantFrom('DeleteBucket', 'Delete*', '*Policy', 'AddPermission2015*')),
    fc.tuple(fc.constant('errorCode'), fc.constantFrom('AccessDenied*', '*UnauthorizedOperation', 'DeleteBucket')),
  )
  const compared = fc
    .tuple(condition, fc.constantFrom('=', '=', '=', '!='))
    .map(([[field, value], operator]) => `($.${field} ${operator} "${value}")`)
  const joined = (operator: string) =>
    fc.array(compared, { minLength: 1, maxLength: 3 }).map((all) => `(${all.join(` ${operator} `)})`)
  const pattern = fc
    .tuple(fc.constantFrom('&&', '||'), fc.array(fc.oneof(joined('&&'), joined('||')), { minLength: 1, maxLength: 3 }))
    .map(([operator, all]) => `{ ${all.join(` ${operator} `)} }`)

  it('matches no pattern, whatever is asked of source, name and texts', () => {
    fc.assert(
      fc.property(
        fc.array(pattern, { minLength: 1, maxLength: 3 }),
        fc.array(event, { minLength: 1, maxLength: 8 }),
        (patterns, written) => {
          const sighter = createSighter(
            soughtOf(patterns.map((text) => ({ paging: { pattern: text, metric: { value: '1' } } }))),
          )
          const found = sightFile(sighter, Buffer.from(`{"Records":[${written.join(',')}]}`), cut)
          expect(found).toEqual(sightMessages(sighter, written))
        },
      ),
      { numRuns: 400 },
    )
  })
})
