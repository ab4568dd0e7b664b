/** CloudTrail's own work: records calls, and takes the records to log groups and buckets a few minutes later. */
import { arn, type Context, nextId, type World } from './context.ts'
import { ingest } from './ingestion.ts'
import { allows } from './policy.ts'
import { ACCOUNT, type EventState, type LogGroupState, type TrailState, USER } from './state.ts'

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
export function record(context: Context, occurrence: Occurrence): EventState {
  const { state, now, region } = context
  const id = nextId(state)
  const message = JSON.stringify(eventRecord(context, id, occurrence))
  const { name, source, readOnly } = occurrence
  const event: EventState = { id, at: now, region, name, source, readOnly, username: USER, message }
  state.events.push(event)
  state.events = state.events.slice(-KEPT_EVENTS)
  const taking = Object.values(state.trails).filter((trail) => isOwn(trail) && logs(trail, event))
  for (const trail of taking) {
    const parcel = { trailArn: trail.arn, region, eventId: id, message }
    if (trail.logGroupArn !== null) {
      state.undelivered.push({ ...parcel, to: 'log-group', dueAt: now + LOGS_DELAY_MS })
    }
    state.undelivered.push({ ...parcel, to: 'bucket', dueAt: now + BUCKET_DELAY_MS })
  }
  return event
}

/** Delivers everything that was due by `until`, each at its own time. */
export function deliver(world: World, until: number): void {
  const { state } = world
  const due = state.undelivered.filter((parcel) => parcel.dueAt <= until).sort((a, b) => a.dueAt - b.dueAt)
  if (due.length === 0) return
  state.undelivered = state.undelivered.filter((parcel) => parcel.dueAt > until)
  for (const parcel of due) {
    const trail = state.trails[parcel.trailArn]
    if (trail === undefined) continue
    const context: Context = { ...world, now: parcel.dueAt, region: trail.homeRegion }
    if (parcel.to === 'bucket') deliverToBucket(context, trail, parcel.region, parcel.message)
    else deliverToLogs(context, trail, parcel.eventId, parcel.message)
  }
}

function deliverToLogs(context: Context, trail: TrailState, id: string, message: string): void {
  const group = logGroupByTrailArn(context, trail.logGroupArn)
  const problem = logsProblem(context, trail, group)
  if (problem !== undefined || group === undefined) {
    trail.logsDeliveryError = problem ?? 'The log group does not exist.'
    return
  }
  trail.logsDeliveredAt = context.now
  trail.logsDeliveryError = null
  ingest(context, group, { id, stream: streamOf(trail), at: context.now, message })
}

function deliverToBucket(context: Context, trail: TrailState, region: string, message: string): void {
  const bucket = context.state.buckets[trail.bucket]
  if (bucket === undefined || !bucketAdmits(trail, bucket.policy)) {
    trail.deliveryError = bucket === undefined ? 'NoSuchBucket' : 'AccessDenied'
    return
  }
  trail.deliveredAt = context.now
  trail.deliveryError = null
  const stamp = new Date(context.now).toISOString()
  const folder = `${trail.prefix === null ? '' : `${trail.prefix}/`}AWSLogs/${ACCOUNT}/CloudTrail/${region}`
  const name = `${ACCOUNT}_CloudTrail_${region}_${stamp.slice(0, 16).replace(/[-:]/g, '')}Z.json.gz`
  const key = `${folder}/${stamp.slice(0, 10).replaceAll('-', '/')}/${name}`
  bucket.objects[key] = (bucket.objects[key] ?? 0) + message.length
}

/** Why CloudTrail cannot write to the group now; `undefined` where it can. */
function logsProblem(context: Context, trail: TrailState, group: LogGroupState | undefined): string | undefined {
  if (group === undefined) return 'The log group does not exist.'
  const roleProblem = roleRefusal(context, trail)
  return roleProblem === undefined ? undefined : `Access denied. ${roleProblem.advice}`
}

export interface RoleRefusal {
  readonly part: 'role' | 'log-group'
  readonly advice: string
}

/** What about the role keeps CloudTrail out; a role that is too new counts as not there (IAM is eventually consistent). */
export function roleRefusal(
  context: Context,
  trail: Pick<TrailState, 'roleArn' | 'logGroupArn' | 'homeRegion' | 'arn'>,
): RoleRefusal | undefined {
  const role = Object.values(context.state.roles).find((one) => one.arn === trail.roleArn)
  const conditions = { 'aws:sourcearn': trail.arn, 'aws:sourceaccount': ACCOUNT }
  const trusted = allows(role?.trust, {
    principal: { service: 'cloudtrail.amazonaws.com' },
    action: 'sts:AssumeRole',
    resource: '*',
    conditions,
  })
  if (role === undefined || !trusted || role.visibleAt > context.now) {
    return { part: 'role', advice: 'Check the trust relationships for your role.' }
  }
  const resource = `${(trail.logGroupArn ?? '').replace(/:\*$/, '')}:log-stream:${streamOf(trail)}`
  const may = (action: string) =>
    Object.values(role.policies).some((policy) => allows(policy, { principal: undefined, action, resource }))
  if (!may('logs:CreateLogStream') || !may('logs:PutLogEvents')) {
    return { part: 'log-group', advice: 'Check the permissions for your role.' }
  }
  return undefined
}

/** Whether the bucket's policy lets CloudTrail check the bucket and write this trail's files. */
export function bucketAdmits(trail: Pick<TrailState, 'arn' | 'bucket' | 'prefix'>, policy: string | null): boolean {
  const principal = { service: 'cloudtrail.amazonaws.com' }
  const conditions = {
    'aws:sourcearn': trail.arn,
    'aws:sourceaccount': ACCOUNT,
    's3:x-amz-acl': 'bucket-owner-full-control',
  }
  const bucket = ['arn', 'aws', 's3', '', '', trail.bucket].join(':')
  const folder = `${bucket}/${trail.prefix === null ? '' : `${trail.prefix}/`}AWSLogs/${ACCOUNT}`
  return (
    allows(policy, { principal, action: 's3:GetBucketAcl', resource: bucket, conditions }) &&
    allows(policy, { principal, action: 's3:PutObject', resource: `${folder}/CloudTrail/file.json.gz`, conditions })
  )
}

function logGroupByTrailArn(context: Context, groupArn: string | null): LogGroupState | undefined {
  return context.state.logGroups[(groupArn ?? '').replace(/:\*$/, '')]
}

function streamOf(trail: Pick<TrailState, 'homeRegion'>): string {
  return `${ACCOUNT}_CloudTrail_${trail.homeRegion}`
}

/** A trail of the organization delivers into its owner's account, out of sight. */
export function isOwn({ arn: trailArn }: Pick<TrailState, 'arn'>): boolean {
  return trailArn.split(':')[4] === ACCOUNT
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

function eventRecord(context: Context, id: string, occurrence: Occurrence): object {
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
