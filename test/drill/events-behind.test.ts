import { describe, expect, it } from 'vitest'
import { rowOf, sorted } from '../../src/domain/event-row.ts'
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
    ['2026-02-30', undefined],
    ['2027-02-29T10:00', undefined],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
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
    expect(rowOf(record(identity), 'aws')?.principal).toBe(principal)
  })

  it('takes the account that received the event before that of the caller', () => {
    expect(rowOf(record({ accountId: '1' }, { recipientAccountId: '2' }), 'aws')?.account).toBe('2')
    expect(rowOf(record({ accountId: '1' }), 'aws')?.account).toBe('1')
  })

  const role = 'arn:aws:sts::123456789012:assumed-role'
  it.each([
    ['a source identity', { sessionContext: { sourceIdentity: 'erin' }, arn: `${role}/Admin/s-1` }, {}, 'erin'],
    ['a permission set', { arn: `${role}/AWSReservedSSO_Admin_0a1b/dave@corp.example` }, {}, 'dave@corp.example'],
    ['a SAML sign-in', { type: 'SAMLUser', userName: 'frank@corp.example' }, {}, 'frank@corp.example'],
    [
      'an Identity Center id',
      { type: 'IdentityCenterUser', onBehalfOf: { userId: '94482488-3041' } },
      {},
      '94482488-3041',
    ],
    ['an Identity Center sign-in', { type: 'Unknown' }, { additionalEventData: { UserName: 'grace' } }, 'grace'],
    ['a plain role', { type: 'AssumedRole', arn: `${role}/Deploy/ci` }, {}, null],
    ['an IAM user', { type: 'IAMUser', userName: 'alice' }, {}, null],
  ])('names the person behind %s', (_, identity, rest, person) => {
    expect(rowOf(record(identity, rest), 'aws')?.person).toBe(person)
  })

  it.each([
    [
      { resources: [{ ARN: 'arn:aws:kms:eu-west-1:1:key/k' }, { ARN: 'arn:aws:kms:eu-west-1:1:key/k' }] },
      ['arn:aws:kms:eu-west-1:1:key/k'],
    ],
    [
      { requestParameters: { userName: 'bob', policyArn: 'arn:aws:iam::aws:policy/Admin', path: '/' } },
      ['userName=bob', 'policyArn=arn:aws:iam::aws:policy/Admin'],
    ],
    [
      { requestParameters: { name: 'org', id: 7, dBInstanceIdentifier: 'db', valid: 'x' } },
      ['name=org', 'dBInstanceIdentifier=db'],
    ],
    [{ requestParameters: null }, []],
    [{ resources: 'all' }, []],
  ])('of %j says what it was done to', (rest, on) => {
    expect(rowOf(record({}, rest), 'aws')?.on).toEqual(on)
  })

  it('leads to its page where event history keeps one, and to no other host', () => {
    const urlOf = (rest: object) =>
      rowOf(record({}, { eventID: 'e-1', awsRegion: 'cn-north-1', ...rest }), 'aws-cn')?.url
    expect(urlOf({})).toBe('https://cn-north-1.console.amazonaws.cn/cloudtrailv2/home?region=cn-north-1#/events/e-1')
    expect(urlOf({ managementEvent: false })).toBeNull()
    expect(urlOf({ eventID: '' })).toBeNull()
    expect(urlOf({ awsRegion: 'evil.example/#' })).toBeNull()
  })

  it.each(['', 'no JSON', '[]', 'null', '{"eventName":"x"}'])('is absent for %j', (message) => {
    expect(rowOf(message, 'aws')).toBeUndefined()
  })

  it('comes newest first, and once', () => {
    const row = (eventID: string, eventTime: string) => {
      const found = rowOf(record({}, { eventID, eventTime }), 'aws')
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
