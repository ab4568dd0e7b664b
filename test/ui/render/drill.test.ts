import { describe, expect, it } from 'vitest'
import type { DrillStep } from '../../../src/drill/hop.ts'
import { type DrillShown, showDrill } from '../../../src/ui/render/drill.ts'
import { plainTheme } from '../../../src/ui/theme.ts'

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
