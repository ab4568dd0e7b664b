import { describe, expect, it } from 'vitest'
import { muteWindowEnd } from '../../src/domain/mute-window.ts'

const at = (text: string) => new Date(text)

describe('the end of a mute window', () => {
  it.each([
    ['a nightly hour', 'cron(0 2 * * *)', 'UTC', 'PT1H', '2026-11-29T02:20:00Z', '2026-11-29T03:00:00.000Z'],
    ['its first minute', 'cron(0 2 * * *)', 'UTC', 'PT1H', '2026-11-29T02:00:00Z', '2026-11-29T03:00:00.000Z'],
    [
      'a weekend from Friday evening',
      'cron(0 18 * * FRI)',
      'UTC',
      'P2DT12H',
      '2026-11-29T12:00:00Z',
      '2026-11-30T06:00:00.000Z',
    ],
    [
      'another time zone',
      'cron(0 2 * * *)',
      'Europe/Berlin',
      'PT1H',
      '2026-11-29T01:30:00Z',
      '2026-11-29T02:00:00.000Z',
    ],
    ['a window across midnight', 'cron(0 23 * * *)', 'UTC', 'PT4H', '2026-11-30T01:00:00Z', '2026-11-30T03:00:00.000Z'],
    [
      'windows that overlap: the latest counts',
      'cron(0 * * * *)',
      'UTC',
      'PT2H',
      '2026-11-29T05:30:00Z',
      '2026-11-29T07:00:00.000Z',
    ],
    ['one time', 'at(2026-11-29T10:00)', 'UTC', 'PT30M', '2026-11-29T10:10:00Z', '2026-11-29T10:30:00.000Z'],
    [
      'one time in a time zone',
      'at(2026-11-29T10:00:00)',
      'America/New_York',
      'PT30M',
      '2026-11-29T15:10:00Z',
      '2026-11-29T15:30:00.000Z',
    ],
  ])('of %s', (_what, expression, timezone, duration, now, end) => {
    expect(muteWindowEnd({ expression, timezone, duration }, at(now))?.toISOString()).toBe(end)
  })

  it.each([
    ['there is no window now', 'cron(0 2 * * *)', 'UTC', 'PT1H'],
    ['the one time is over', 'at(2020-01-01T00:00)', 'UTC', 'PT1H'],
    ['it has six fields', 'cron(0 2 * * ? *)', 'UTC', 'P15D'],
    ['it is no expression', 'rate(5 minutes)', 'UTC', 'P15D'],
    ['the fields are none', 'cron(a b c d e)', 'UTC', 'P15D'],
    ['the duration is none', 'cron(0 2 * * *)', 'UTC', 'an hour'],
    ['the duration is empty', 'cron(0 2 * * *)', 'UTC', 'P'],
    ['the time zone is none', 'cron(0 2 * * *)', 'Mars/Olympus', 'P15D'],
  ])('is unknown where %s', (_what, expression, timezone, duration) => {
    expect(muteWindowEnd({ expression, timezone, duration }, at('2026-11-29T12:00:00Z'))).toBeUndefined()
  })
})
