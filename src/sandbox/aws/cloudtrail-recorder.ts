/** CloudTrail's records: one for each management call, and which trails take it. */
import { parseArn } from '../../domain/names.ts'
import { arn, nextId, type OperationContext } from './context.ts'
import { isTrailAdministrator } from './services/identity.ts'
import { ACCOUNT, type EventState, type SandboxState, type TrailState, USER } from './state.ts'
import { dispatch } from './trail-delivery.ts'

/** CloudTrail delivers to CloudWatch Logs within about five minutes on average, to S3 a little later. */
const LOGS_DELAY_MS = 240_000

const BUCKET_DELAY_MS = 300_000

/** Enough for every drill; the file would grow without end otherwise. */
const KEPT_EVENTS = 2_000

export interface Occurrence {
  readonly source: string
  readonly name: string
  readonly readOnly: boolean
  readonly userAgent?: string
  readonly errorCode?: string
  readonly errorMessage?: string
  readonly requestParameters?: object | null
  /** Members that replace those of the ordinary record, such as `userIdentity`. */
  readonly other?: object
}

/** Writes one management event into the event history and sends it on its way to every trail that wants it. */
export function record(context: OperationContext, occurrence: Occurrence): EventState {
  const { state, now, region } = context
  const id = nextId(state)
  const message = JSON.stringify(eventRecord(context, id, occurrence))
  const { name, source, readOnly } = occurrence
  const event: EventState = { id, at: now, region, name, source, readOnly, username: USER, message }
  state.events.push(event)
  state.events = state.events.slice(-KEPT_EVENTS)
  const taking = Object.values(state.trails).filter((trail) => isOwn(trail, state) && logs(trail, event))
  for (const trail of taking) {
    const parcel = { trailArn: trail.arn, region, eventId: id, message }
    if (trail.logGroupArn !== null) {
      dispatch(state, { ...parcel, to: 'log-group', dueAt: now + LOGS_DELAY_MS })
    }
    dispatch(state, { ...parcel, to: 'bucket', dueAt: now + BUCKET_DELAY_MS })
  }
  return event
}

/** A trail of the organization delivers into its owner's account, out of sight, unless this account is its delegated administrator. */
export function isOwn(
  { arn: trailArn, bucket, organization }: Pick<TrailState, 'arn' | 'bucket' | 'organization'>,
  state: SandboxState,
): boolean {
  if (parseArn(trailArn)?.account === ACCOUNT) return true
  return organization && state.buckets[bucket] !== undefined && isTrailAdministrator({ state })
}

/** Whether the trail takes this event: logging, its region, and its selectors. */
function logs(trail: TrailState, event: EventState): boolean {
  if (!trail.logging || !(trail.multiRegion || trail.homeRegion === event.region)) return false
  if (trail.advancedSelectors !== null) return trail.advancedSelectors.some((selector) => fits(selector.fields, event))
  const selectors = trail.selectors ?? [{ readWrite: 'All', management: true, excluded: [] }]
  return selectors.some(
    ({ readWrite, management, excluded }) =>
      management &&
      !excluded.includes(event.source) &&
      (readWrite === 'All' || (readWrite === 'ReadOnly') === event.readOnly),
  )
}

function fits(fields: readonly Record<string, string | string[]>[], event: EventState): boolean {
  const values: Readonly<Record<string, string>> = {
    eventCategory: 'Management',
    readOnly: String(event.readOnly),
    eventSource: event.source,
    eventName: event.name,
  }
  return fields.every((condition) => {
    const value = values[String(condition.Field)]
    if (value === undefined) return false
    return Object.entries(condition).every(([operator, given]) => {
      const list = Array.isArray(given) ? given : []
      if (operator === 'Equals') return list.includes(value)
      if (operator === 'NotEquals') return !list.includes(value)
      if (operator === 'StartsWith') return list.some((one) => value.startsWith(one))
      if (operator === 'NotStartsWith') return !list.some((one) => value.startsWith(one))
      if (operator === 'EndsWith') return list.some((one) => value.endsWith(one))
      if (operator === 'NotEndsWith') return !list.some((one) => value.endsWith(one))
      return true
    })
  })
}

function eventRecord(context: OperationContext, id: string, occurrence: Occurrence): object {
  const { name, source, readOnly, errorCode, errorMessage, userAgent, requestParameters = null, other } = occurrence
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDASANDBOX',
      arn: arn('iam', '', `user/${USER}`),
      accountId: ACCOUNT,
      userName: USER,
    },
    eventTime: new Date(context.now).toISOString().replace(/\.\d+Z$/, 'Z'),
    eventSource: source,
    eventName: name,
    awsRegion: context.region,
    sourceIPAddress: '192.0.2.10',
    userAgent: userAgent ?? 'sandbox',
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(errorMessage === undefined ? {} : { errorMessage }),
    requestParameters,
    responseElements: null,
    requestID: id.split('-').reverse().join('-'),
    eventID: id,
    readOnly,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    ...other,
  }
}
