/** Finds CloudTrail records inside the shapes in which AWS tools hand them out. */

import { gunzipSync } from 'node:zlib'
import { isObject, type Json, type JsonObject, readJson } from './match/json-value.ts'
import { recordsIn } from './records.ts'

/** What a message was, and the texts that it holds. */
export interface Wrapped {
  /** Such as `lookup-events`; part of a sentence. */
  readonly from: string
  readonly records: readonly string[]
}

/**
 * What a message wraps; undefined when it is a record itself or nothing that is known.
 * Known are the answers of `lookup-events` and `filter-log-events`, results of Logs Insights, payloads of subscription
 * filters, events of EventBridge, records as JSON strings, and lines of `aws logs tail`, which put time and stream
 * before the record.
 */
export function readWrapped(message: string): Wrapped | undefined {
  const record = readJson(message)
  if (record !== undefined) return wrappedIn(record, message)
  return tailed(message) ?? quoted(message)
}

/** The records inside one message, as text; undefined when the message is a record itself or nothing that is known. */
export function unwrapped(message: string): readonly string[] | undefined {
  return readWrapped(message)?.records
}

/** Every record of CloudTrail names its event, and nothing else does under this name (CloudTrail user guide, record contents). */
export function isCloudTrailRecord(message: string): boolean {
  if (message.startsWith('{"eventVersion"')) return true
  const record = readJson(message)
  return record !== undefined && has(record, 'eventName')
}

/** `text`: as the record is spelled, where it matters. */
function wrappedIn(record: JsonObject, text = '{}'): Wrapped | undefined {
  if (has(record, 'eventName')) return undefined
  if (typeof record.CloudTrailEvent === 'string') return { from: 'lookup-events', records: [record.CloudTrailEvent] }
  if (isList(record.Records)) return { from: 'a CloudTrail file', records: recordsIn(text) }
  if (isList(record.Events)) return { from: 'lookup-events', records: texts(record.Events, 'CloudTrailEvent') }
  if (isList(record.events)) return { from: 'filter-log-events', records: texts(record.events, 'message') }
  if (isList(record.logEvents)) return { from: SUBSCRIPTION, records: texts(record.logEvents, 'message') }
  if (isObject(record.awslogs)) return zipped(record.awslogs.data)
  if (isList(record.results)) return { from: 'Logs Insights', records: record.results.flatMap(insightsRow) }
  if (typeof record.message === 'string' && has(record, 'timestamp')) {
    return { from: 'filter-log-events', records: [record.message] }
  }
  if (has(record, 'detail-type') && isObject(record.detail)) {
    return { from: 'EventBridge', records: [JSON.stringify(record.detail)] }
  }
  return undefined
}

const SUBSCRIPTION = 'a subscription filter'

/** As a Lambda function gets it: base64 of gzip (CloudWatch Logs user guide, subscription filters). */
function zipped(data: Json | undefined): Wrapped | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const text = gunzipSync(Buffer.from(data, 'base64')).toString('utf8')
    const payload = readJson(text)
    return payload === undefined ? undefined : wrappedIn(payload, text)
  } catch {
    return undefined
  }
}

function tailed(message: string): Wrapped | undefined {
  const [, record] = /^\d{4}-\d{2}-\d{2}T\S+ (?:\S+ )?(\{.*\})$/s.exec(message.trim()) ?? []
  return record === undefined || readJson(record) === undefined ? undefined : { from: 'logs tail', records: [record] }
}

/** A record that `jq` printed as the string that it was. */
function quoted(message: string): Wrapped | undefined {
  if (!/^\s*"\{/.test(message)) return undefined
  try {
    const text: unknown = JSON.parse(message)
    return typeof text === 'string' && readJson(text) !== undefined
      ? { from: 'a JSON string', records: [text] }
      : undefined
  } catch {
    return undefined
  }
}

function insightsRow(row: Json): readonly string[] {
  if (!isList(row)) return []
  return row.flatMap((cell) =>
    isObject(cell) && cell.field === '@message' && typeof cell.value === 'string' ? [cell.value] : [],
  )
}

function texts(list: readonly Json[], key: string): readonly string[] {
  return list.flatMap((item) => {
    const text = isObject(item) ? item[key] : undefined
    return typeof text === 'string' ? [text] : []
  })
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

function has(record: JsonObject, key: string): boolean {
  return Object.hasOwn(record, key)
}

/** Whether a message that is parsed already holds records inside. */
export function isWrapping(record: JsonObject): boolean {
  return wrappedIn(record) !== undefined
}
