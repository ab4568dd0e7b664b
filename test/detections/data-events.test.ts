import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import { countsDataEvents, managementOnly } from '../../src/detections/data-events.ts'
import { compile } from '../../src/patterns/match/match.ts'
import { parsePattern } from '../../src/patterns/parse/parse.ts'

function matches(pattern: string, event: object): boolean {
  const parsed = parsePattern(pattern)
  return parsed.validity !== 'refused' && compile(parsed.pattern)(JSON.stringify(event))
}

/** An internet scanner at a public bucket (field case C36). */
const anonymousRead = {
  userIdentity: { type: 'AWSAccount', principalId: '', accountId: 'anonymous' },
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  errorCode: 'AccessDenied',
  sourceIPAddress: '198.51.100.23',
  managementEvent: false,
  eventCategory: 'Data',
}

describe('C36 data events and the patterns of the catalogue', () => {
  it('meet in the detection of unauthorized calls, and not in root usage, which is about data too', () => {
    const meeting = catalogue.filter(({ paging }) => countsDataEvents(paging.pattern)).map(({ id }) => id)
    expect(meeting).toContain('unauthorized-api-calls')
    expect(meeting).not.toContain('root-account-usage')
  })

  it.each(catalogue)('$id still counts its own events once it is narrowed, and no denied read', (detection) => {
    const pattern = managementOnly(detection)?.paging.pattern ?? ''
    expect(countsDataEvents(pattern)).toBe(false)
    expect(matches(pattern, anonymousRead)).toBe(false)
    for (const event of detection.ownEvents) expect(matches(pattern, event)).toBe(true)
  })

  it('are left to a pattern of one’s own, and to one that has no room', () => {
    const own = catalogue.find(({ id }) => id === 'unauthorized-api-calls')
    if (own === undefined) throw new Error('the catalogue has it')
    expect(managementOnly({ ...own, custom: {} })).toMatchObject({ paging: { pattern: own.paging.pattern } })
    const long = `{ ($.errorCode = "AccessDenied*") && ($.x != "${'x'.repeat(970)}") }`
    const narrow = { ...own, paging: { ...own.paging, pattern: long.replace('&& ($.x', '|| ($.x') } }
    expect(managementOnly(narrow)).toBeUndefined()
  })
})
