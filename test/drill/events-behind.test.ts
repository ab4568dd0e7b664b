import { describe, expect, it } from 'vitest'
import { rowOf, sorted } from '../../src/drill/event-row.ts'
import { parseSince, windowOf } from '../../src/drill/events-behind.ts'

const NOW = new Date('2026-01-15T12:00:00Z')

describe('--since', () => {
  const cases: readonly [string, string | undefined][] = [
    ['90m', '2026-01-15T10:30:00.000Z'],
    ['2h', '2026-01-15T10:00:00.000Z'],
    ['14d', '2026-01-01T12:00:00.000Z'],
    ['1w', '2026-01-08T12:00:00.000Z'],
    ['2026-01-14', '2026-01-14T00:00:00.000Z'],
    ['2026-01-14T08:30', '2026-01-14T08:30:00.000Z'],
    ['2026-01-14 08:30:15', '2026-01-14T08:30:15.000Z'],
    ['2026-01-14T08:30:15Z', '2026-01-14T08:30:15.000Z'],
    ['2026-01-14T08:30:15+02:00', '2026-01-14T06:30:15.000Z'],
    ['2026-13-40', undefined],
    ['yesterday', undefined],
    ['5', undefined],
  ]
  it.each(cases)('%s is %s', (text, time) => {
    expect(parseSince(text, NOW)?.toISOString()).toBe(time)
  })
})

describe('the window behind an ALARM', () => {
  it('reaches back over all periods, and over the time that CloudTrail takes', () => {
    const alarm = { period: 300, evaluationPeriods: 12 } as Parameters<typeof windowOf>[0]
    expect(windowOf(alarm, NOW)?.from.toISOString()).toBe('2026-01-15T10:45:00.000Z')
    expect(windowOf(alarm, NOW)?.to).toEqual(NOW)
    expect(windowOf(alarm, undefined)).toBeUndefined()
  })
})

describe('the row of a record', () => {
  const record = (userIdentity: object, more: object = {}) =>
    JSON.stringify({ eventTime: '2026-01-15T10:00:00Z', eventName: 'x', eventID: 'e', userIdentity, ...more })

  const people: readonly [string, object, string][] = [
    ['root', { type: 'Root', arn: 'arn:aws:iam::123456789012:root' }, 'arn:aws:iam::123456789012:root'],
    [
      'a session',
      { type: 'AssumedRole', arn: 'arn:aws:sts::123456789012:assumed-role/Admin/alice' },
      'arn:aws:sts::123456789012:assumed-role/Admin/alice',
    ],
    [
      'a failed sign-in',
      { type: 'IAMUser', userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      'HIDDEN_DUE_TO_SECURITY_REASONS',
    ],
    ['a service', { type: 'AWSService', invokedBy: 'config.amazonaws.com' }, 'config.amazonaws.com'],
    ['another account', { type: 'AWSAccount', principalId: 'AIDAX', accountId: '210987654321' }, 'AIDAX'],
    ['nobody', {}, 'unknown'],
  ]
  it.each(people)('names %s', (_who, identity, principal) => {
    expect(rowOf(record(identity))?.principal).toBe(principal)
  })

  it('takes the account that received the event before that of the caller', () => {
    expect(rowOf(record({ accountId: '1' }, { recipientAccountId: '2' }))?.account).toBe('2')
    expect(rowOf(record({ accountId: '1' }))?.account).toBe('1')
  })

  it.each(['', 'no JSON', '[]', 'null', '{"eventName":"x"}'])('is absent for %j', (message) => {
    expect(rowOf(message)).toBeUndefined()
  })

  it('comes newest first, and once', () => {
    const row = (eventID: string, eventTime: string) => {
      const found = rowOf(record({}, { eventID, eventTime }))
      return found === undefined ? [] : [found]
    }
    const rows = [
      ...row('a', '2026-01-15T10:00:00Z'),
      ...row('b', '2026-01-15T11:00:00Z'),
      ...row('a', '2026-01-15T10:00:00Z'),
    ]
    expect(sorted(rows).map(({ eventId }) => eventId)).toEqual(['b', 'a'])
  })
})
