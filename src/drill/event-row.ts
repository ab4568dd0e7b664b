/** From a CloudTrail record to the one line that a responder needs: who, from where, what. */

export interface EventRow {
  /** When it happened, ISO 8601. */
  readonly time: string
  /** The ARN of whoever called, or what stands for it. */
  readonly principal: string
  readonly sourceIp: string | null
  readonly eventSource: string
  readonly eventName: string
  readonly errorCode: string | null
  readonly eventId: string
  /** On an organization trail that of the member. */
  readonly account: string
  readonly region: string
}

/** The row of a log message; undefined when it is no CloudTrail record. */
export function rowOf(message: string): EventRow | undefined {
  const record = parsed(message)
  const time = textIn(record, 'eventTime')
  if (record === undefined || time === undefined) return undefined
  return {
    time,
    principal: principalOf(record),
    sourceIp: textIn(record, 'sourceIPAddress') ?? null,
    eventSource: textIn(record, 'eventSource') ?? '',
    eventName: textIn(record, 'eventName') ?? '',
    errorCode: textIn(record, 'errorCode') ?? null,
    eventId: textIn(record, 'eventID') ?? '',
    account: textIn(record, 'recipientAccountId') ?? textIn(objectIn(record, 'userIdentity'), 'accountId') ?? '',
    region: textIn(record, 'awsRegion') ?? '',
  }
}

/** Newest first; a record that was delivered twice comes once. */
export function sorted(rows: readonly EventRow[]): readonly EventRow[] {
  const once = new Map(rows.map((row) => [row.eventId === '' ? JSON.stringify(row) : row.eventId, row]))
  return [...once.values()].toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time))
}

/** A failed sign-in and a service's own deed have no ARN (CloudTrail user guide, userIdentity element). */
function principalOf(record: Fields): string {
  const identity = objectIn(record, 'userIdentity')
  const invokedBy = textIn(identity, 'invokedBy')
  return (
    textIn(identity, 'arn') ??
    textIn(identity, 'userName') ??
    invokedBy ??
    textIn(identity, 'principalId') ??
    textIn(identity, 'type') ??
    'unknown'
  )
}

type Fields = Readonly<Record<string, unknown>>

/** What is no object, or no JSON at all, is no record. */
function parsed(message: string): Fields | undefined {
  try {
    return asFields(JSON.parse(message))
  } catch {
    return undefined
  }
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

function objectIn(value: Fields | undefined, key: string): Fields | undefined {
  return asFields(value?.[key])
}

function textIn(value: Fields | undefined, key: string): string | undefined {
  const found = value?.[key]
  return typeof found === 'string' && found !== '' ? found : undefined
}
