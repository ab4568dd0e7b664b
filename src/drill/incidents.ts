/** Recognising a drill among the incidents of PagerDuty. */

import type { Alert, Incident } from '../pagerduty/answers.ts'
import { asRecord } from '../pagerduty/client/fields.ts'

/** What tells this drill's alert from others. */
export interface IncidentMatch {
  readonly alarm: string
  readonly alarmArn: string
  /** Text of the drill's own: its id as the reason carries it; undefined where the message has none. */
  readonly text: string | undefined
}

export interface IncidentAlerts {
  readonly incident: Incident
  readonly alerts: readonly Alert[]
}

export type ReceivedIncident =
  | { readonly how: 'opened'; readonly incident: Incident; readonly alert: Alert | undefined }
  /** The alert hangs at an incident that was there before, by grouping, or its trigger joined an open alert. */
  | { readonly how: 'joined'; readonly incident: Incident; readonly alert: Alert | undefined }

/**
 * Where the drill's ALARM arrived. `known` are the incidents that were there before.
 * An incident titled "OK: …" is never the arrival: it is what remains of an OK that PagerDuty did not understand.
 */
export function receivedIncidentIn(
  seen: readonly IncidentAlerts[],
  trace: IncidentMatch,
  known: ReadonlySet<string>,
): ReceivedIncident | undefined {
  const candidates = seen.filter(({ incident }) => !announcesOk(incident.title))
  const strong = candidates.find((one) => alertOf(one, trace, 'words', known) !== undefined)
  const found =
    strong ?? candidates.find((one) => alertOf(one, trace, 'alarm', known) !== undefined || isNamed(one, trace, known))
  if (found === undefined) return undefined
  const alert = alertOf(found, trace, strong === undefined ? 'alarm' : 'words', known)
  return { how: known.has(found.incident.id) ? 'joined' : 'opened', incident: found.incident, alert }
}

/**
 * Whether this alert is of the alarm, by its key: the vendor's integrations take the alarm's name, rules of an
 * orchestration its ARN. Where the key is set up otherwise, the alarm that came in is in the details.
 */
export function isOfAlarm({ key, details }: Alert, { alarm, alarmArn }: Omit<IncidentMatch, 'text'>): boolean {
  if (key === alarm || key === alarmArn) return true
  const message = asRecord(details)
  return message?.AlarmArn === undefined ? message?.AlarmName === alarm : message.AlarmArn === alarmArn
}

/** The incident that an OK opened because nothing paired it with its ALARM. */
export function unmatchedIncidents(
  incidents: readonly Incident[],
  alarm: string,
  known: ReadonlySet<string>,
): Incident | undefined {
  return incidents.find(({ id, title }) => !known.has(id) && announcesOk(title) && speaksOf(title, alarm))
}

/** Whether a text names the alarm; CloudWatch shortens long names in the subject. */
export function speaksOf(text: string, alarm: string): boolean {
  if (text.includes(alarm)) return true
  const shortened = /"([^"]{20,}?)(?:\.\.\.|…)?(?:"|$)/.exec(text)?.[1]
  return shortened !== undefined && alarm.startsWith(shortened)
}

function announcesOk(title: string): boolean {
  return /^OK: /.test(title)
}

/** On an incident of before, only what carries the drill's own words is the drill's. */
function alertOf(
  { incident, alerts }: IncidentAlerts,
  { alarm, text }: IncidentMatch,
  by: 'words' | 'alarm',
  known: ReadonlySet<string>,
): Alert | undefined {
  if (by === 'words') return text === undefined ? undefined : alerts.find((alert) => textOf(alert).includes(text))
  if (known.has(incident.id)) return undefined
  return alerts.find((alert) => alert.key === alarm || speaksOf(alert.summary, alarm) || textOf(alert).includes(alarm))
}

function isNamed({ incident }: IncidentAlerts, { alarm }: IncidentMatch, known: ReadonlySet<string>): boolean {
  return !known.has(incident.id) && speaksOf(incident.title, alarm)
}

function textOf({ summary, details }: Alert): string {
  return `${summary} ${typeof details === 'string' ? details : (JSON.stringify(details) ?? '')}`
}
