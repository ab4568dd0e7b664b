import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { DrillStep } from '../../../src/drill/hop.ts'
import { type DrillShown, showDrill } from '../../../src/ui/render/drill.ts'
import { type EventsShown, showEvents } from '../../../src/ui/render/events.ts'
import { plainTheme, themeFor } from '../../../src/ui/theme.ts'

const step = (
  hop: DrillStep['hop'],
  seconds: number,
  detail: string,
  status: DrillStep['status'] = 'ok',
): DrillStep => ({
  hop,
  status,
  seconds,
  detail,
})

const DELIVERED: readonly DrillStep[] = [
  step('event', 0.2, 'cloudtrail:DescribeTrails, user agent cloudtrail-pd-drill/7f3a'),
  step('log-group', 252, 'event seen in aws-cloudtrail-logs'),
  step('metric', 280, 'CloudTrailPagerDuty/FireDrill = 1'),
  step('alarm', 331, 'ALARM'),
  step('topic', 333, 'published to cloudtrail-pd-alerts, accepted by SNS'),
  step('subscription', 341, 'passed: the signal was seen further on (incident opened)'),
  step('incident-opened', 341, 'incident #4711 opened'),
  step('alarm-ok', 955, 'OK, published to cloudtrail-pd-alerts, accepted by SNS'),
  step('incident-resolved', 962, 'incident #4711 resolved'),
]

const drill = (over: Partial<DrillShown> = {}): DrillShown => ({
  id: '7f3a',
  via: 'api-call',
  alarm: 'fire',
  account: '123456789012',
  region: 'us-east-1',
  verdict: 'delivered',
  steps: DELIVERED,
  notes: [],
  incident: undefined,
  service: undefined,
  sameChain: (command) => command,
  acceptSent: false,
  installed: true,
  hasDrill: true,
  managed: true,
  token: true,
  ...over,
})

describe('what a drill of an alarm offers next', () => {
  const next = (over: Partial<DrillShown>) => {
    const text = showDrill(drill({ via: 'alarm-state', installed: false, ...over }), plainTheme(), 120)
    return text.slice(text.indexOf('Next   ') + 7)
  }

  it('is the drill of the whole chain where that is installed', () => {
    expect(next({})).toMatch(/^npx cloudtrail-pd test {3}tests the whole chain/)
  })

  it('is what knows how to add it where it is not, and where nothing can add it, the same again', () => {
    expect(next({ hasDrill: false })).toMatch(/^npx cloudtrail-pd doctor {3}offers what adds the fire drill/)
    expect(next({ hasDrill: false, managed: false })).toMatch(/^npx cloudtrail-pd test --alarm fire --yes --json/)
  })
})

describe('a drill in text', () => {
  it('is a timeline with its verdict', () => {
    expect(`\n${showDrill(drill(), plainTheme(), 90)}\n`).toMatchInlineSnapshot(`
      "
      Fire drill by a real API call · drill id 7f3a
      In account 123456789012, us-east-1
        0:00  ✔ call         cloudtrail:DescribeTrails, user agent cloudtrail-pd-drill/7f3a
        4:12  ✔ log group    event seen in aws-cloudtrail-logs
        4:40  ✔ metric       CloudTrailPagerDuty/FireDrill = 1
        5:31  ✔ alarm        ALARM
        5:33  ✔ topic        published to cloudtrail-pd-alerts, accepted by SNS
        5:41  ✔ subscription passed: the signal was seen further on (incident opened)
        5:41  ✔ PagerDuty    incident #4711 opened
       15:55  ✔ alarm OK     OK, published to cloudtrail-pd-alerts, accepted by SNS
       16:02  ✔ PagerDuty    incident #4711 resolved

      Delivered. From the call to the page: 5 min 41 s.

      Next   npx cloudtrail-pd test --yes --json   the same on a schedule
      "
    `)
  })

  it('that failed says where, what it costs and what to do', () => {
    const steps = [
      step('alarm', 0.4, 'ALARM'),
      step('topic', 1.2, "the topic's policy does not let CloudWatch publish", 'failed'),
      step('incident-opened', 0, 'not reached', 'unknown'),
    ]
    expect(
      `\n${showDrill(drill({ via: 'alarm-state', verdict: 'failed', steps }), plainTheme(), 80)}\n`,
    ).toMatchInlineSnapshot(`
      "
      Fire drill by setting alarm fire · drill id 7f3a
      In account 123456789012, us-east-1
        0:00  ✔ alarm        ALARM
        0:01  ✖ topic        the topic's policy does not let CloudWatch publish
              ◌ PagerDuty    not reached

      Failed. A real alarm would page no one.
      ✖ topic: the topic's policy does not let CloudWatch publish

      Next   npx cloudtrail-pd doctor   examines every link of the chain
      "
    `)
  })

  it('that was sent says what was not seen', () => {
    const steps = [
      step('topic', 1, 'accepted by SNS'),
      step('incident-opened', 1, 'not seen: no PagerDuty token', 'unknown'),
    ]
    const text = showDrill(drill({ verdict: 'sent', steps, token: false }), plainTheme(), 80)
    expect(text).toContain('Sent. SNS accepted both messages.\nNot verified: that PagerDuty opened an incident')
    expect(text).toContain('--accept-sent accepts this result as success')
  })

  it('leads to the incident and the service', () => {
    const incident = { id: 'P1', number: 7, url: 'https://sandbox.pagerduty.com/incidents/P1' }
    const service = { name: 'Security', url: 'https://sandbox.pagerduty.com/service-directory/PSECURE' }
    const text = showDrill(drill({ incident, service }), plainTheme(), 80)
    expect(text).toContain(`Incident #7: ${incident.url}\nService Security: ${service.url}\n`)
  })

  it('fits into 80 columns but for what must not be broken', () => {
    const lines = showDrill(drill(), plainTheme(), 80).split('\n')
    expect(
      Math.max(...lines.filter((line) => !line.startsWith('Next')).map((line) => line.length)),
    ).toBeLessThanOrEqual(80)
  })
})

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
