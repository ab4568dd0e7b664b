/** Who last wrote an alarm or a metric filter, by CloudTrail's event history: every put replaces the whole. */

import { type EventRow, rowOf } from '../../domain/event-row.ts'
import type { Reading } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import type { Clock } from '../../ports.ts'
import { loadCloudTrail } from '../clients.ts'
import { reading } from '../failures.ts'
import { createLookupPacer, type Pacer } from '../pacing.ts'
import type { Aws } from '../session.ts'

export const LAST_WRITES_ACTIONS: readonly IamAction[] = ['cloudtrail:LookupEvents']

export interface AlarmWrite {
  readonly name: string
  /** When its configuration was last written, as CloudWatch tells. */
  readonly at: Date | undefined
}

export interface FilterWrite {
  readonly logGroup: string
  readonly name: string
}

export interface LastWrites {
  /** By the name of the alarm. */
  readonly alarms: ReadonlyMap<string, EventRow>
  /** By log group and name, with a colon between them. */
  readonly filters: ReadonlyMap<string, EventRow>
  /** Who disabled the actions, by the name of the alarm. */
  readonly disabled: ReadonlyMap<string, EventRow>
}

export interface WantedWrites {
  readonly alarms: readonly AlarmWrite[]
  readonly filters: readonly FilterWrite[]
  /** Alarms whose actions are disabled. */
  readonly disabled: readonly string[]
}

/** So many calls at most, for alarms, for filters and for disabled actions each: a few seconds, and enough for what one person changed. */
const CALLS = 4

/** Event history keeps so much (CloudTrail user guide). */
const KEPT_MS = 90 * 86_400_000

/** Between the time of a call in CloudTrail and that in CloudWatch; milliseconds. */
const SKEW_MS = 60_000

interface Lookup {
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** What event history has of these writes; what was not found among the calls that it takes is left out. */
export async function readLastWrites(
  aws: Aws,
  wanted: WantedWrites,
  { clock, signal }: Lookup,
): Promise<Reading<LastWrites>> {
  const paced = createLookupPacer(clock)
  const read = await reading(async () => {
    const alarms = new Map<string, EventRow>()
    const filters = new Map<string, EventRow>()
    const disabled = new Map<string, EventRow>()
    for (const at of windows(wanted.alarms)) {
      if (wanted.alarms.every(({ name }) => alarms.has(name))) break
      const span = { from: new Date(at - SKEW_MS), to: new Date(at + SKEW_MS) }
      for await (const { row, parameters } of history(aws, 'PutMetricAlarm', span, 1, { paced, signal })) {
        const name = String(parameters.alarmName)
        if (wanted.alarms.some((one) => one.name === name) && !alarms.has(name)) alarms.set(name, row)
      }
    }
    const span = { from: new Date(clock.now().getTime() - KEPT_MS), to: clock.now() }
    const keys = wanted.filters.map(({ logGroup, name }) => `${logGroup}:${name}`)
    if (keys.length > 0) {
      for await (const { row, parameters } of history(aws, 'PutMetricFilter', span, CALLS, { paced, signal })) {
        const key = `${parameters.logGroupName}:${parameters.filterName}`
        if (keys.includes(key) && !filters.has(key)) filters.set(key, row)
        if (keys.every((one) => filters.has(one))) break
      }
    }
    if (wanted.disabled.length > 0) {
      for await (const { row, parameters } of history(aws, 'DisableAlarmActions', span, CALLS, { paced, signal })) {
        const names = Array.isArray(parameters.alarmNames) ? parameters.alarmNames : []
        for (const name of wanted.disabled) if (names.includes(name) && !disabled.has(name)) disabled.set(name, row)
        if (wanted.disabled.every((one) => disabled.has(one))) break
      }
    }
    return { alarms, filters, disabled }
  })
  const none: LastWrites = { alarms: new Map(), filters: new Map(), disabled: new Map() }
  return read.state === 'read' ? { state: 'read', value: read.value ?? none } : read
}

/** The newest writes, those of one moment together. */
function windows(alarms: readonly AlarmWrite[]): readonly number[] {
  const times = alarms.flatMap(({ at }) => (at === undefined ? [] : [at.getTime()])).sort((a, b) => b - a)
  const apart: number[] = []
  for (const time of times) {
    const last = apart.at(-1)
    if (last === undefined || last - time > SKEW_MS / 2) apart.push(time)
  }
  return apart.slice(0, CALLS)
}

interface Written {
  readonly row: EventRow
  readonly parameters: Readonly<Record<string, unknown>>
}

/** The calls of one name that did something, the newest first. */
async function* history(
  aws: Aws,
  name: string,
  { from, to }: { readonly from: Date; readonly to: Date },
  calls: number,
  { paced, signal }: { readonly paced: Pacer; readonly signal: AbortSignal },
): AsyncGenerator<Written> {
  const { CloudTrailClient, LookupEventsCommand } = await loadCloudTrail()
  const client = aws.client(CloudTrailClient)
  const input = {
    LookupAttributes: [{ AttributeKey: 'EventName' as const, AttributeValue: name }],
    StartTime: from,
    EndTime: to,
    MaxResults: 50,
  }
  let nextToken: string | undefined
  for (let call = 0; call < calls; call += 1) {
    signal.throwIfAborted()
    const next = nextToken === undefined ? {} : { NextToken: nextToken }
    const page = await paced(() => client.send(new LookupEventsCommand({ ...input, ...next })))
    for (const { CloudTrailEvent = '' } of page.Events ?? []) {
      const row = rowOf(CloudTrailEvent, aws.identity.partition)
      if (row === undefined || row.errorCode !== null) continue
      const { requestParameters } = JSON.parse(CloudTrailEvent) as {
        readonly requestParameters?: Written['parameters']
      }
      yield { row, parameters: requestParameters ?? {} }
    }
    nextToken = page.NextToken
    if (nextToken === undefined) return
  }
}
