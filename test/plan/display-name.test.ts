import { describe, expect, it } from 'vitest'
import { displayNameFor } from '../../src/plan/desired-notifications.ts'

describe('the display name of the topic', () => {
  it.each([
    [undefined, 'CloudTrail alerts'],
    ['Security', 'CloudTrail Security'],
    ['CloudTrail alerts', 'CloudTrail alerts'],
    ['cloudtrail', 'cloudtrail'],
    ['Sécurité', 'CloudTrail S curit'],
    ['x'.repeat(120), `CloudTrail ${'x'.repeat(89)}`],
  ])('for %s is %s', (holder, name) => {
    expect(displayNameFor(holder)).toBe(name)
  })
})
