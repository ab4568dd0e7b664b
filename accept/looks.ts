/** What an acceptance run reads beside the tool: records, points, history and incidents, as they are. */

import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { CloudWatchClient, DescribeAlarmsCommand, paginateGetMetricData } from '@aws-sdk/client-cloudwatch'
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { awsError } from '../src/aws/failures.ts'
import { type HistoryEntry, readAlarmHistory } from '../src/aws/readers/alarm-history.ts'
import type { MetricName } from '../src/aws/readers/metric-data.ts'
import { readDeliveries } from '../src/aws/readers/metric-data.ts'
import { readAlarms } from '../src/aws/resources/alarm.ts'
import type { Aws } from '../src/aws/session.ts'
import { drillPattern } from '../src/detections/drill.ts'
import { conditionTitle } from '../src/domain/page-title.ts'
import type { AlarmSnapshot, Reading } from '../src/domain/snapshot.ts'
import { isOfAlarm, speaksOf } from '../src/drill/incidents.ts'
import { AppError } from '../src/errors.ts'
import type { Alert, Incident } from '../src/pagerduty/answers.ts'
import { asRecord } from '../src/pagerduty/client/fields.ts'
import type { PagerDuty } from '../src/pagerduty/directory.ts'
import type { Clock } from '../src/ports.ts'
import type { DrillIncident, DrillRecord, FirstOk, NewAlarm, Point } from './evidence.ts'

/** One look into both accounts. */
export interface Accounts {
  readonly aws: Aws
  /** Undefined without a token. */
  readonly pagerDuty: PagerDuty | undefined
  readonly clock: Clock
}

/** Clocks of this machine, of AWS and of PagerDuty may differ so much (milliseconds). */
const SKEW_MS = 120_000

/** Pages of a search in a log group or in the event history. */
const PAGES = 40

/** The newest incidents that are looked into. */
const INCIDENTS = 10

/** Whatever befalls a look, the run goes on. */
export async function reading<T>(look: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { state: 'read', value: await look() }
  } catch (error) {
    const { message, exit } = error instanceof AppError ? error : awsError(error)
    return { state: 'unreadable', why: message, denied: exit === 3 }
  }
}

const EVERY_MS = 15_000

/** The action of a change is in the history by then (milliseconds). */
const ACTION_MS = 90_000

/** Waits until the new alarms have had their first OK, `most` seconds at the longest, and then for what it did. */
export async function lookAtFirstOk(
  { aws, pagerDuty, clock }: Accounts,
  chain: { readonly alarmPrefix: string; readonly topicArn: string },
  began: Date,
  most: number,
  signal: AbortSignal,
): Promise<FirstOk> {
  const until = clock.now().getTime() + most * 1000
  let alarms = await reading(() => newAlarms(aws, chain.alarmPrefix, began))
  let waitedForAction = 0
  while (alarms.state === 'read' && clock.now().getTime() < until) {
    const { value } = alarms
    const ok = value.length > 0 && value.every(({ okAt }) => okAt !== undefined)
    if (ok && value.every(({ actionAt }) => actionAt !== undefined)) break
    if (ok && waitedForAction >= ACTION_MS) break
    const wait = Math.min(EVERY_MS, until - clock.now().getTime())
    await clock.sleep(wait, signal)
    waitedForAction += ok ? wait : 0
    alarms = await reading(() => newAlarms(aws, chain.alarmPrefix, began))
  }
  if (pagerDuty === undefined) return { alarms, incidents: undefined }
  const sent = alarms.state === 'read' && alarms.value.some(({ actionAt }) => actionAt !== undefined)
  // PagerDuty works a message off after it has answered.
  if (sent) await clock.sleep(EVERY_MS, signal)
  return { alarms, incidents: await reading(() => incidentsOfChain(pagerDuty, chain, began)) }
}

async function newAlarms(aws: Aws, prefix: string, began: Date): Promise<readonly NewAlarm[]> {
  const described = await aws.client(CloudWatchClient).send(new DescribeAlarmsCommand({ AlarmNamePrefix: prefix }))
  return Promise.all(
    (described.MetricAlarms ?? []).map(async ({ AlarmName = '', AlarmConfigurationUpdatedTimestamp: createdAt }) => {
      const history = await readAlarmHistory(aws, AlarmName, new Date(began.getTime() - SKEW_MS))
      const entries = history.state === 'read' ? history.value : []
      const ok = entries.find((entry) => entry.kind === 'state' && entry.to === 'OK')
      const action =
        ok && entries.find((entry) => entry.kind === 'action' && entry.at >= ok.at && entry.announced !== 'ALARM')
      return { createdAt, okAt: ok?.at, actionAt: action?.at }
    }),
  )
}

async function incidentsOfChain(
  pagerDuty: PagerDuty,
  { alarmPrefix, topicArn }: { readonly alarmPrefix: string; readonly topicArn: string },
  began: Date,
): Promise<number> {
  const incidents = await newest(pagerDuty, began)
  return incidents.filter(({ incident, alerts }) => {
    const text = JSON.stringify([incident.title, alerts.map(({ key, summary, details }) => [key, summary, details])])
    return text.includes(alarmPrefix) || text.includes(topicArn)
  }).length
}

interface WithAlerts {
  readonly incident: Incident
  readonly alerts: readonly Alert[]
}

/** The newest, or with a key those that have an alert of it, however many came since. */
async function newest(pagerDuty: PagerDuty, began: Date, keys: readonly string[] = []): Promise<readonly WithAlerts[]> {
  const since = new Date(began.getTime() - SKEW_MS)
  const found = new Map<string, Incident>()
  for (const key of keys) {
    for (const incident of (await pagerDuty.incidents({ since, key })).items) found.set(incident.id, incident)
  }
  for (const incident of (await pagerDuty.incidents({ since })).items.slice(0, INCIDENTS))
    found.set(incident.id, incident)
  const all: WithAlerts[] = []
  // One after another, as PagerDuty asks of whoever polls (REST API overview, rate limits).
  for (const incident of found.values()) all.push({ incident, alerts: await pagerDuty.alerts(incident.id) })
  return all
}

/** What both kinds of drill leave behind. */
export async function lookAtDrill({ aws, pagerDuty, clock }: Accounts, name: string, topicArn: string, began: Date) {
  const alarm: Reading<AlarmSnapshot | undefined> = await reading(async () => {
    const read = await readAlarms(aws, { names: [name] })
    if (read.state === 'unreadable') throw new Error(read.why)
    return read.value[0]
  })
  const history: Reading<readonly HistoryEntry[]> = await readAlarmHistory(aws, name, began)
  const range = { since: minuteOf(began), until: new Date(clock.now().getTime() + 60_000), period: 60 }
  const counts = (await readDeliveries(aws, [topicArn], range)).get(topicArn)
  const incident =
    pagerDuty === undefined || alarm.state === 'unreadable' || alarm.value === undefined
      ? undefined
      : await reading(
          (
            (snapshot) => () =>
              drillIncident(pagerDuty, snapshot, began)
          )(alarm.value),
        )
  return { alarm, history, counts, incident }
}

async function drillIncident(
  pagerDuty: PagerDuty,
  alarm: AlarmSnapshot,
  began: Date,
): Promise<DrillIncident | undefined> {
  const { arn: alarmArn, name } = alarm
  for (const { incident, alerts } of await newest(pagerDuty, began, [name, alarmArn])) {
    if (/^OK: /.test(incident.title)) continue
    const alert = alerts.find((one) => isOfAlarm(one, { alarm: name, alarmArn }) || JSON.stringify(one).includes(name))
    if (alert === undefined && !speaksOf(incident.title, name)) continue
    return {
      titledBy: titledBy(incident.title, alarm),
      keyedBy:
        alert?.key === undefined
          ? 'nothing'
          : alert.key === name
            ? 'alarm name'
            : alert.key === alarmArn
              ? 'alarm ARN'
              : 'something else',
      parsed: asRecord(alert?.details)?.AlarmName === name,
      resolved: (alert ?? incident).status === 'resolved',
    }
  }
  return undefined
}

function titledBy(title: string, alarm: AlarmSnapshot): DrillIncident['titledBy'] {
  const { statistic, metric, comparisonOperator, threshold, name, description } = alarm
  const condition =
    statistic === undefined || metric === undefined || comparisonOperator === undefined || threshold === undefined
      ? undefined
      : conditionTitle({
          statistic,
          metricName: metric.name,
          comparisonOperator,
          threshold,
          dimensions: metric.dimensions,
        })
  if (title === condition) return 'condition'
  if (title === name) return 'alarm name'
  if (title !== '' && description.startsWith(title.slice(0, 40))) return 'alarm description'
  return /^ALARM: /.test(title) ? 'subject' : 'something else'
}

/** What the record of a drill's call is looked for by. */
export interface RecordSearch {
  readonly logGroup: string | undefined
  readonly drill: string
  readonly began: Date
  /** How often the drill called DescribeTrails up to its marked call, that included. */
  readonly calls: number
}

/** The record of a drill's call: in the log group, with or without the suffix, else in the event history. */
export async function lookForRecord(
  { aws }: Accounts,
  { logGroup, drill, began, calls }: RecordSearch,
): Promise<DrillRecord | undefined> {
  const since = new Date(began.getTime() - SKEW_MS)
  if (logGroup !== undefined) {
    const [marked] = await logged(aws, logGroup, drillPattern(drill), since)
    if (marked !== undefined) return marked
    const pattern = '{ ($.eventName = "DescribeTrails") && ($.userAgent = "*cloudtrail-pd/*") }'
    const start = Math.floor(began.getTime() / 1000) * 1000
    const unmarked = (await logged(aws, logGroup, pattern, since)).filter(
      ({ eventTime }) => eventTime.getTime() >= start,
    )
    // The tool reads trails beside its marked call: only when all of them are there, one must be that call.
    if (calls > 0 && unmarked.length >= calls) return unmarked.at(-1)
  }
  return inEventHistory(aws, drill, since)
}

/** The records that the pattern matches, in the order of the log. */
async function logged(aws: Aws, logGroupName: string, pattern: string, since: Date): Promise<readonly DrillRecord[]> {
  const client = aws.client(CloudWatchLogsClient)
  const found: DrillRecord[] = []
  let nextToken: string | undefined
  for (let page = 0; page < PAGES; page += 1) {
    const input = { logGroupName, filterPattern: pattern, startTime: since.getTime() }
    const answer = await client.send(
      new FilterLogEventsCommand({ ...input, ...(nextToken === undefined ? {} : { nextToken }) }),
    )
    for (const { message = '', timestamp, ingestionTime } of answer.events ?? []) {
      const record = recordOf(message)
      if (record === undefined) continue
      const [logTime, ingestedAt] = [timestamp, ingestionTime].map((at) =>
        at === undefined ? undefined : new Date(at),
      )
      found.push({ ...record, foundIn: 'log group', logTime, ingestedAt })
    }
    nextToken = answer.nextToken
    if (nextToken === undefined) break
  }
  return found
}

async function inEventHistory(aws: Aws, drill: string, since: Date): Promise<DrillRecord | undefined> {
  const client = aws.client(CloudTrailClient)
  let NextToken: string | undefined
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await client.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'DescribeTrails' }],
        StartTime: since,
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    )
    for (const { CloudTrailEvent = '' } of answer.Events ?? []) {
      const record = recordOf(CloudTrailEvent)
      if (record?.userAgent.includes(`cloudtrail-pd-drill/${drill}`))
        return { ...record, foundIn: 'event history', logTime: undefined, ingestedAt: undefined }
    }
    NextToken = answer.NextToken
    if (NextToken === undefined) break
  }
  return undefined
}

function recordOf(message: string): Pick<DrillRecord, 'userAgent' | 'eventTime'> | undefined {
  try {
    const { userAgent, eventTime } = asRecord(JSON.parse(message)) ?? {}
    if (typeof userAgent !== 'string' || typeof eventTime !== 'string') return undefined
    return { userAgent, eventTime: new Date(eventTime) }
  } catch {
    return undefined
  }
}

/** The sums of a metric, minute by minute, oldest first. */
export async function pointsOf(
  { aws, clock }: Accounts,
  { namespace, name, dimensions = {} }: MetricName,
  began: Date,
): Promise<readonly Point[]> {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))
  const Metric = { Namespace: namespace, MetricName: name, Dimensions }
  const input = {
    MetricDataQueries: [{ Id: 'm0', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
    StartTime: minuteOf(began),
    EndTime: new Date(clock.now().getTime() + 60_000),
  }
  const points: Point[] = []
  for await (const page of paginateGetMetricData({ client: aws.client(CloudWatchClient) }, input)) {
    for (const { Timestamps = [], Values = [] } of page.MetricDataResults ?? [])
      points.push(...Timestamps.map((minute, at) => ({ minute, value: Values[at] ?? 0 })))
  }
  return points.sort((a, b) => a.minute.getTime() - b.minute.getTime())
}

function minuteOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 60_000) * 60_000)
}
