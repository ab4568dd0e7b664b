import { describe, expect, it } from 'vitest'
import { findReceivedIncident, type IncidentWatch } from '../../src/drill/paging.ts'
import type { Alert, Incident, LogEntry } from '../../src/pagerduty/answers.ts'
import type { PagerDuty } from '../../src/pagerduty/directory.ts'

const ALARM = 'cloudtrail-pd-fire-drill-123456789012-us-east-1'
const BEGAN = new Date('2026-01-15T12:00:00Z')
const AFTER = new Date('2026-01-15T12:00:05Z')
const EARLIER = new Date('2026-01-15T11:00:00Z')

const OPEN: Incident = {
  id: 'POPEN01',
  number: 7,
  title: 'Sum FireDrill GreaterThanOrEqualToThreshold 1.0',
  status: 'triggered',
  serviceId: 'PSECURE',
  createdAt: EARLIER,
  resolvedAt: undefined,
  htmlUrl: undefined,
}

function alertOf(key: string): Alert {
  return { id: 'PALERT1', summary: OPEN.title, status: 'triggered', key, createdAt: EARLIER, details: undefined }
}

function triggered(createdAt: Date): LogEntry {
  return { id: `R${createdAt.getTime()}`, type: 'trigger_log_entry', summary: 'Triggered through the API', createdAt }
}

function watchOver(alert: Alert, entries: readonly LogEntry[]): IncidentWatch {
  const answers: Partial<PagerDuty> = {
    incidents: async () => ({ items: [], complete: true }),
    alerts: async () => [alert],
    logEntries: async () => entries,
  }
  return {
    pagerDuty: answers as PagerDuty,
    recipient: { service: undefined, known: true, stops: [], paged: '' },
    before: { known: new Set([OPEN.id]), open: [OPEN] },
    began: BEGAN,
    trace: { alarm: ALARM, alarmArn: `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${ALARM}`, text: 'drill 7f3a' },
  }
}

describe('an ALARM that joined an open incident', () => {
  const cases: readonly [string, string, readonly LogEntry[], string | undefined][] = [
    ['is found by the key of its alert and a trigger since', ALARM, [triggered(EARLIER), triggered(AFTER)], 'joined'],
    ['is none where nothing triggered since', ALARM, [triggered(EARLIER)], undefined],
    ['is none where the alert has another key', 'other-alarm', [triggered(AFTER)], undefined],
  ]
  it.each(cases)('%s', async (_what, key, entries, how) => {
    expect((await findReceivedIncident(watchOver(alertOf(key), entries)))?.how).toBe(how)
  })
})
