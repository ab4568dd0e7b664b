/** How far this machine's clock is off, as AWS's refusal of a signature says it (field case N29). */

import { counted } from '../counted.ts'

/** Positive: this machine is behind; negative: it is ahead. Whole minutes, at least one. Undefined for any other error. */
export function clockSkewMinutes(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { message = '', RequestTime, ServerTime } = error as Record<'message' | 'RequestTime' | 'ServerTime', unknown>
  // S3 gives both times as fields (S3 API reference, RequestTimeTooSkewed).
  const fields = minutesBetween(timeOf(RequestTime), timeOf(ServerTime))
  if (fields !== undefined) return fields
  // "Signature expired: T1 is now earlier than T2 (T3 - 5 min.)", "Signature not yet current: T1 is still later than T2 (T3 + 5 min.)".
  const times = /: (\d{8}T\d{6}Z) is (?:now earlier|still later) than \d{8}T\d{6}Z \((\d{8}T\d{6}Z) [-+]/.exec(
    String(message),
  )
  return minutesBetween(timeOf(times?.[1]), timeOf(times?.[2]))
}

/** One sentence with the amount and the direction. */
export function clockSkewText(minutes: number): string {
  const amount = Math.abs(minutes)
  return `this machine's clock is ${counted(amount, 'minute')} ${minutes > 0 ? 'behind' : 'ahead'}`
}

function minutesBetween(here: number | undefined, there: number | undefined): number | undefined {
  if (here === undefined || there === undefined || here === there) return undefined
  const minutes = (there - here) / 60_000
  return Math.sign(minutes) * Math.max(1, Math.round(Math.abs(minutes)))
}

/** Milliseconds since the epoch of `20261129T101500Z` or an ISO time. */
function timeOf(value: unknown): number | undefined {
  const text = value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : ''
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const time = Date.parse(iso)
  return Number.isNaN(time) ? undefined : time
}
