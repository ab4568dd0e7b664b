/** Finds CloudTrail records inside the shapes in which AWS tools hand them out. */

import { isObject, type Json, type JsonObject, readJson } from '../patterns/match/json-value.ts'

/**
 * The records inside one message, as text; undefined when the message is a record itself or nothing that is known.
 * Known are the answers of `lookup-events` and `filter-log-events`, results of Logs Insights, payloads of subscription
 * filters, events of EventBridge, and lines of `aws logs tail`, which put time and stream before the record.
 */
export function unwrapped(message: string): readonly string[] | undefined {
  const record = readJson(message)
  if (record === undefined) return tailed(message)
  return insideOf(record)
}

/** The same for a message that is parsed already. */
export function insideOf(record: JsonObject): readonly string[] | undefined {
  if (has(record, 'eventName')) return undefined
  if (typeof record.CloudTrailEvent === 'string') return [record.CloudTrailEvent]
  if (isList(record.Events)) return texts(record.Events, 'CloudTrailEvent')
  if (isList(record.events)) return texts(record.events, 'message')
  if (isList(record.logEvents)) return texts(record.logEvents, 'message')
  if (isList(record.results)) return record.results.flatMap(insightsRow)
  if (typeof record.message === 'string' && has(record, 'timestamp')) return [record.message]
  if (has(record, 'detail-type') && isObject(record.detail)) return [JSON.stringify(record.detail)]
  return undefined
}

function tailed(message: string): readonly string[] | undefined {
  const [, record] = /^\d{4}-\d{2}-\d{2}T\S+ (?:\S+ )?(\{.*\})$/s.exec(message.trim()) ?? []
  return record === undefined || readJson(record) === undefined ? undefined : [record]
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
