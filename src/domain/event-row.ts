/** From a CloudTrail record to what a responder needs: who, from where, what, on what. */

import { eventConsoleUrl } from './console.ts'

export interface EventRow {
  /** When it happened, ISO 8601. */
  readonly time: string
  /** The ARN of whoever called, or what stands for it; of a role its session is the last part. */
  readonly principal: string
  /** The human behind a role or a federation, where the record names one. */
  readonly person: string | null
  readonly sourceIp: string | null
  readonly eventSource: string
  readonly eventName: string
  /** ARNs of what it was done to; where the record has none, the names and ids among its parameters, as `name=value`. */
  readonly on: readonly string[]
  readonly errorCode: string | null
  readonly errorMessage: string | null
  readonly eventId: string
  /** On an organization trail that of the member. */
  readonly account: string
  readonly region: string
  /** Its page in the console's event history; null where that does not keep it, as of data events. */
  readonly url: string | null
}

/** The row of a log message; undefined when it is no CloudTrail record. `partition` is that of its log group. */
export function rowOf(message: string, partition: string): EventRow | undefined {
  const record = parsed(message)
  const time = textIn(record, 'eventTime')
  if (record === undefined || time === undefined) return undefined
  const region = textIn(record, 'awsRegion') ?? ''
  const eventId = textIn(record, 'eventID') ?? ''
  // Event history keeps management events alone (CloudTrail user guide, Event history).
  // A region is part of the host, and a record may come from anyone who writes into the log group.
  const kept = record.managementEvent !== false && /^[a-z0-9-]+$/.test(region) && eventId !== ''
  return {
    time,
    principal: principalOf(record),
    person: personIn(record),
    sourceIp: textIn(record, 'sourceIPAddress') ?? null,
    eventSource: textIn(record, 'eventSource') ?? '',
    eventName: textIn(record, 'eventName') ?? '',
    on: targetsIn(record),
    errorCode: textIn(record, 'errorCode') ?? null,
    errorMessage: textIn(record, 'errorMessage') ?? null,
    eventId,
    account: textIn(record, 'recipientAccountId') ?? textIn(objectIn(record, 'userIdentity'), 'accountId') ?? '',
    region,
    url: kept ? eventConsoleUrl({ partition, region }, eventId) : null,
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

/**
 * The source identity is set once for a chain of roles and cannot be changed (IAM user guide, source identity). A session
 * of IAM Identity Center has the person's user name for its own, and later records name the person by id
 * (IAM Identity Center user guide, Referencing permission sets; CloudTrail user guide, userIdentity element).
 */
function personIn(record: Fields): string | null {
  const identity = objectIn(record, 'userIdentity')
  const session = objectIn(identity, 'sessionContext')
  const source = textIn(session, 'sourceIdentity')
  if (source !== undefined) return source
  const [, singleSignOn] = /:assumed-role\/AWSReservedSSO_[^/]+\/(.+)$/.exec(textIn(identity, 'arn') ?? '') ?? []
  if (singleSignOn !== undefined) return singleSignOn
  const federated = /^(?:SAML|WebIdentity|IdentityCenter)User$/.test(textIn(identity, 'type') ?? '')
  const name = federated ? textIn(identity, 'userName') : undefined
  const additional = objectIn(record, 'additionalEventData')
  return name ?? textIn(objectIn(identity, 'onBehalfOf'), 'userId') ?? textIn(additional, 'UserName') ?? null
}

/** A record may name as many resources as a call takes; the first tell what it was about. */
const MOST_TARGETS = 3

function targetsIn(record: Fields): readonly string[] {
  const resources = Array.isArray(record.resources) ? record.resources : []
  const arns = resources.flatMap((one) => textIn(asFields(one), 'ARN') ?? [])
  if (arns.length > 0) return [...new Set(arns)].slice(0, MOST_TARGETS)
  const parameters = Object.entries(objectIn(record, 'requestParameters') ?? {})
  return parameters
    .flatMap(([key, value]) => (typeof value === 'string' && NAMING.test(key) ? [`${key}=${value}`] : []))
    .slice(0, MOST_TARGETS)
}

/** Parameters that name a thing: `userName`, `policyArn`, `groupId`, `dBInstanceIdentifier`, `name`. */
const NAMING = /^(?:name|id|arn)$|(?:Name|Id|ID|Arn|ARN|Identifier)$/

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
