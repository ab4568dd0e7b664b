import { describe, expect, it } from 'vitest'
import type { EventRow } from '../../../src/domain/event-row.ts'
import { showEvents } from '../../../src/ui/render/events.ts'
import { plainTheme } from '../../../src/ui/theme.ts'

const ROW: EventRow = {
  time: '2026-01-15T10:00:00Z',
  principal: 'arn:aws:iam::123456789012:user/sandbox',
  sourceIp: '192.0.2.10',
  eventSource: 'cloudtrail.amazonaws.com',
  eventName: 'DescribeTrails',
  errorCode: null,
  eventId: 'one',
  account: '123456789012',
  region: 'us-east-1',
  person: null,
  on: [],
  errorMessage: null,
  url: null,
}

function shown(width: number): string {
  const at = new Date('2026-01-15T10:04:00Z')
  const view = {
    alarm: 'fire-drill',
    account: '123456789012',
    alarmed: at,
    reason: undefined,
    window: { from: at, to: at },
    rows: [ROW],
    later: 0,
    complete: true,
    sameChain: <T>(command: T) => command,
  }
  return showEvents(view, plainTheme(), width)
}

describe('a table of events', () => {
  it('says of which service a call is where that has room', () => {
    expect(shown(100)).toContain('cloudtrail:DescribeTrails')
  })

  it('leaves the service out before it cuts the name of the call', () => {
    expect(shown(80)).toMatch(/ {2}user\/sandbox {2}192\.0\.2\.10 {2}DescribeTrails {2}us-east-1$/m)
  })
})
