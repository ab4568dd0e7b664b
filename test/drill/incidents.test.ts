import { describe, expect, it } from 'vitest'
import {
  type IncidentAlerts,
  isOfAlarm,
  receivedIncidentIn,
  speaksOf,
  unmatchedIncidents,
} from '../../src/drill/incidents.ts'
import type { Alert, Incident } from '../../src/pagerduty/answers.ts'

const ALARM = 'cloudtrail-pd-fire-drill-123456789012-us-east-1'
const ARN = `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${ALARM}`
const TRACE = { alarm: ALARM, alarmArn: ARN, text: 'drill 7f3a' }

const incident = (id: string, title: string): Incident => ({
  id,
  number: Number(id),
  title,
  status: 'triggered',
  serviceId: undefined,
  createdAt: undefined,
  resolvedAt: undefined,
  htmlUrl: undefined,
})

const alert = (over: Partial<Alert>): Alert => ({
  id: 'alert',
  summary: '',
  status: 'triggered',
  key: undefined,
  createdAt: undefined,
  details: undefined,
  ...over,
})

const with_ = (id: string, title: string, ...alerts: readonly Alert[]): IncidentAlerts => ({
  incident: incident(id, title),
  alerts,
})

const NONE: ReadonlySet<string> = new Set()

describe('where an ALARM arrived', () => {
  const found = (
    seen: readonly IncidentAlerts[],
    known = NONE,
    trace: Parameters<typeof receivedIncidentIn>[1] = TRACE,
  ) => {
    const arrival = receivedIncidentIn(seen, trace, known)
    return arrival && `${arrival.how} ${arrival.incident.id}`
  }

  it('is known by the id of the drill in the details of the alert', () => {
    const details = { AlarmName: ALARM, NewStateReason: 'This is a drill 7f3a by cloudtrail-pd' }
    expect(found([with_('1', 'whatever'), with_('2', 'Renamed by a rule', alert({ details }))])).toBe('opened 2')
  })

  it('is known by the name of the alarm in title, summary, key or details', () => {
    const ways = [
      with_('1', `ALARM: "${ALARM}" in US East (N. Virginia)`),
      with_('2', 'x', alert({ summary: `ALARM: "${ALARM}"` })),
      with_('3', 'x', alert({ key: ALARM })),
      with_('4', 'x', alert({ details: { AlarmName: ALARM } })),
    ]
    expect(ways.map((one) => found([one]))).toEqual(['opened 1', 'opened 2', 'opened 3', 'opened 4'])
  })

  it('prefers the id over the name', () => {
    const drill = with_('2', 'x', alert({ details: 'Message: drill 7f3a' }))
    expect(found([with_('1', `ALARM: "${ALARM}"`), drill])).toBe('opened 2')
  })

  it('is an incident of before when grouping put the alert there', () => {
    const details = { NewStateReason: 'drill 7f3a' }
    expect(found([with_('1', 'Something else', alert({}), alert({ details }))], new Set(['1']))).toBe('joined 1')
  })

  it('is not an incident of before that merely speaks of the alarm', () => {
    expect(found([with_('1', `ALARM: "${ALARM}"`, alert({ key: ALARM }))], new Set(['1']))).toBeUndefined()
  })

  it('is never what an OK opened', () => {
    expect(found([with_('1', `OK: "${ALARM}" in US East (N. Virginia)`)])).toBeUndefined()
  })

  it('is not the page of another alarm', () => {
    expect(found([with_('1', 'ALARM: "other-alarm"', alert({ key: 'other-alarm' }))])).toBeUndefined()
  })
})

describe('the alert of an alarm', () => {
  const cases: readonly [string, Partial<Alert>, boolean][] = [
    ['has its name for a key', { key: ALARM }, true],
    ['has its ARN for a key', { key: ARN }, true],
    ['holds its ARN, whatever the key is', { key: 'by region', details: { AlarmName: ALARM, AlarmArn: ARN } }, true],
    ['holds its name where there is no ARN', { details: { AlarmName: ALARM } }, true],
    ['is not one that a title or summary merely names', { key: 'x', summary: `ALARM: "${ALARM}"` }, false],
    ['is not one of the same name elsewhere', { details: { AlarmName: ALARM, AlarmArn: `${ARN}-eu` } }, false],
    ['is not one of a longer name', { key: `${ALARM}-2`, details: 'text' }, false],
  ]
  it.each(cases)('%s', (_what, over, expected) => {
    expect(isOfAlarm(alert(over), TRACE)).toBe(expected)
  })
})

describe('an OK that was not understood', () => {
  it('is the new incident of this alarm with "OK:" in front', () => {
    const all = [
      incident('1', `ALARM: "${ALARM}"`),
      incident('2', `OK: "${ALARM}" in EU`),
      incident('3', 'OK: "other"'),
    ]
    expect(unmatchedIncidents(all, ALARM, NONE)?.id).toBe('2')
    expect(unmatchedIncidents(all, ALARM, new Set(['2']))).toBeUndefined()
  })
})

describe('naming an alarm', () => {
  it('also where CloudWatch shortened the name in the subject', () => {
    const long = `${'long-alarm-name-'.repeat(8)}us-east-1`
    expect(speaksOf(`ALARM: "${long.slice(0, 60)}..." in US East`, long)).toBe(true)
    expect(speaksOf(`ALARM: "${long.slice(0, 60)}..." in US East`, `other-${long}`)).toBe(false)
    expect(speaksOf('ALARM: "long..." in US East', long)).toBe(false)
  })
})
