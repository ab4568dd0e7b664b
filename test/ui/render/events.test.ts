import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type EventsShown, showEvents } from '../../../src/ui/render/events.ts'
import { plainTheme, themeFor } from '../../../src/ui/theme.ts'

const EVENTS: EventsShown = {
  sameChain: (command) => command,
  alarm: 'root-account-usage',
  account: '123456789012',
  alarmed: new Date('2026-01-15T10:05:00Z'),
  reason: 'Threshold Crossed',
  window: { from: new Date('2026-01-15T09:45:00Z'), to: new Date('2026-01-15T10:05:00Z') },
  later: 0,
  complete: true,
  rows: [
    {
      time: '2026-01-15T10:00:30Z',
      principal: 'arn:aws:sts::210987654321:assumed-role/Admin/alice@example.com',
      sourceIp: '198.51.100.23',
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateAccessKey',
      errorCode: 'AccessDenied',
      eventId: 'b',
      account: '210987654321',
      region: 'us-east-1',
      person: 'alice@example.com',
      on: ['userName=bob'],
      errorMessage: 'not authorized',
      url: 'https://us-east-1.console.aws.amazon.com/cloudtrailv2/home?region=us-east-1#/events/b',
    },
    {
      time: '2026-01-15T10:00:00Z',
      principal: 'arn:aws:iam::123456789012:root',
      sourceIp: null,
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      errorCode: null,
      eventId: 'a',
      account: '123456789012',
      region: 'us-east-1',
      person: null,
      on: [],
      errorMessage: null,
      url: null,
    },
  ],
}

describe('events in text', () => {
  it('are a table that names accounts and errors where there are any', () => {
    expect(`\n${showEvents(EVENTS, plainTheme(), 120)}\n`).toMatchInlineSnapshot(`
      "
      2 events behind the ALARM of root-account-usage at 2026-01-15T10:05:00Z
        Threshold Crossed
        time (UTC)           who                     from           what                 error         account       region
        2026-01-15 10:00:30  role/Admin …ample.com)  198.51.100.23  iam:CreateAccessKey  AccessDenied  210987654321  us-east-1
          person alice@example.com · on userName=bob · not authorized
          https://us-east-1.console.aws.amazon.com/cloudtrailv2/home?region=us-east-1#/events/b
        2026-01-15 10:00:00  root                                   signin:ConsoleLogin                123456789012  us-east-1
      "
    `)
  })

  it('cut long names in the middle to fit the width', () => {
    const lines = showEvents(EVENTS, plainTheme(), 110).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110)
    expect(lines.join('\n')).toMatch(/role\/A\S*…\S*/)
  })

  it('leave out what no row has, and let no control character through', () => {
    const rows = EVENTS.rows.slice(1).map((row) => ({ ...row, eventName: 'Console\u001b[31mLogin' }))
    const text = showEvents({ ...EVENTS, rows }, plainTheme(), 120)
    expect(text).not.toMatch(/error|account +region/)
    expect(text).not.toContain('\u001b')
    expect(text).toContain('signin:ConsoleLogin')
  })

  const links = themeFor({
    tty: true,
    env: { TERM_PROGRAM: 'WezTerm', NO_COLOR: '1' },
    color: undefined,
    plain: undefined,
  })

  it('lead to each event, on a line of its own or behind what happened', () => {
    const url = EVENTS.rows[0]?.url ?? ''
    expect(showEvents(EVENTS, plainTheme(), 120).split('\n')).toContain(`    ${url}`)
    const linked = showEvents(EVENTS, links, 120)
    expect(linked).toContain(`\u001b]8;;${url}\u001b\\iam:CreateAccessKey\u001b]8;;\u001b\\`)
    expect(linked.split('\n')).not.toContain(`    ${url}`)
    const [, , title, row] = linked.split('\n').map(stripVTControlCharacters)
    expect([title, row]).toEqual(showEvents(EVENTS, plainTheme(), 120).split('\n').slice(2, 4))
  })

  it('say what became of the note', () => {
    const incident = { id: 'P1', number: 7, url: 'https://sandbox.pagerduty.com/incidents/P1', note: 'written' }
    expect(showEvents({ ...EVENTS, incident }, plainTheme(), 120)).toContain(
      'PagerDuty incident #7 · note written · https://sandbox.pagerduty.com/incidents/P1',
    )
    expect(showEvents({ ...EVENTS, incident: { ...incident, note: null } }, links, 120)).toMatch(/incident #7\S+$/)
  })

  it('say when there are more than are shown', () => {
    expect(showEvents({ ...EVENTS, complete: false }, plainTheme(), 120)).toContain(
      'Narrow the time range with --since',
    )
  })
})

describe('the column of what happened', () => {
  const shown = (width: number) => {
    const rows = EVENTS.rows.slice(1).map((row) => ({
      ...row,
      eventSource: 'cloudtrail.amazonaws.com',
      sourceIp: '192.0.2.10',
      eventName: 'DescribeTrails',
      principal: 'arn:aws:iam::123456789012:user/sandbox',
    }))
    return showEvents({ ...EVENTS, rows }, plainTheme(), width)
  }

  it('says of which service a call is where that has room', () => {
    expect(shown(100)).toContain('cloudtrail:DescribeTrails')
  })

  it('leaves the service out before it cuts the name of the call', () => {
    expect(shown(80)).toMatch(/ {2}user\/sandbox {2}192\.0\.2\.10 {2}DescribeTrails {2}us-east-1$/m)
  })
})
