/** What a backtest keeps of one CloudTrail record: when, which, and who did what. */

import { isDay } from '../domain/calendar-day.ts'
import { isObject, type Json, type JsonObject } from '../patterns/match/json-value.ts'

/** Who and what is behind a match. */
export interface Cause {
  /** The ARN that `--exclude-principal` takes, or what stands for a caller without one: `Root`, a service, an id. */
  readonly principal: string
  readonly service: string
  readonly eventName: string
}

/**
 * Milliseconds since the epoch of an `eventTime` or undefined. CloudTrail writes whole seconds in UTC; anything else is
 * read as any ISO 8601 time. Days repeat, so the last one is remembered. The time may stand between two positions of a text.
 */
export function createTimeReader(): (text: string, from?: number, to?: number) => number | undefined {
  let day = ''
  let start = 0
  return (text, from = 0, to = text.length) => {
    if (to - from === 20 && text.charCodeAt(to - 1) === Z) {
      if (day === '' || !text.startsWith(day, from)) {
        day = text.slice(from, from + 11)
        start = isDay(day.slice(0, 10)) ? Date.parse(`${day}00:00:00Z`) : Number.NaN
      }
      const hours = twoDigits(text, from + 11)
      const minutes = twoDigits(text, from + 14)
      const seconds = twoDigits(text, from + 17)
      const time = start + ((hours * 60 + minutes) * 60 + seconds) * 1000
      if (hours < 24 && minutes < 60 && seconds < 60 && Number.isFinite(time)) return time
      day = ''
    }
    const told = text.slice(from, to)
    const parsed = Date.parse(told)
    return Number.isNaN(parsed) || !isDay(told.slice(0, 10)) ? undefined : parsed
  }
}

const Z = 0x5a

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48
}

export function textAt(record: JsonObject, key: string): string | undefined {
  const value = Object.hasOwn(record, key) ? record[key] : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}

/**
 * A session of a role stands for the role, whose ARN is the one that an exclusion names (CloudTrail user guide,
 * userIdentity element); a service's own deed, a failed sign-in and an account without identity have no ARN.
 */
export function causeOf(record: JsonObject): Cause {
  const identity = objectAt(record, 'userIdentity')
  const issuer = objectAt(objectAt(identity, 'sessionContext'), 'sessionIssuer')
  return {
    principal:
      textIn(issuer, 'arn') ??
      textIn(identity, 'arn') ??
      textIn(identity, 'userName') ??
      textIn(identity, 'invokedBy') ??
      textIn(identity, 'principalId') ??
      textIn(identity, 'type') ??
      'unknown',
    service: textAt(record, 'eventSource') ?? '',
    eventName: textAt(record, 'eventName') ?? '',
  }
}

/** What a record adds to the metric of a detection: undefined where that is a constant. */
export type MetricValue = number | 'absent' | 'no-number' | undefined

/** A record that matches, as far as it is counted. */
export interface Match {
  /** Positions of the detections. */
  readonly detections: readonly number[]
  readonly cause: Cause
  /** Side by side with the detections. */
  readonly values: readonly MetricValue[]
}

/** `metrics`: of all detections, by position. */
export function matchOf(record: JsonObject, detections: readonly number[], metrics: readonly string[]): Match {
  const added = (metric = '') => (metric.startsWith('$') ? numberAt(record, metric) : undefined)
  return { detections, cause: causeOf(record), values: detections.map((at) => added(metrics[at])) }
}

/** What a selector such as `$.requestParameters.size` finds, as a number; undefined where CloudWatch would publish none. */
export function numberAt(record: JsonObject, path: string): number | 'absent' | 'no-number' {
  let node: Json | undefined = record
  for (const key of path
    .replace(/^\$\./, '')
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')) {
    if (Array.isArray(node)) node = node[Number(key)]
    else node = isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined
  }
  if (node === undefined || node === null) return 'absent'
  const number =
    typeof node === 'number' || (typeof node === 'string' && node.trim() !== '') ? Number(node) : Number.NaN
  return Number.isFinite(number) ? number : 'no-number'
}

function objectAt(record: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined
  return isObject(value) ? value : undefined
}

function textIn(record: JsonObject | undefined, key: string): string | undefined {
  return record === undefined ? undefined : textAt(record, key)
}
