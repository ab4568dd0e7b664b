/** CloudTrail's deliveries: records on their way into log groups and buckets, and what may keep them out. */
import { parseArn } from '../../domain/names.ts'
import { parsePolicy } from '../../domain/policy-documents.ts'
import { decide, decideTogether } from '../../iam/evaluator.ts'
import type { OperationContext, SandboxAws } from './context.ts'
import { ingest } from './log-ingestion.ts'
import {
  ACCOUNT,
  type LogGroupState,
  PARTITION,
  type SandboxState,
  type TrailState,
  type UndeliveredState,
} from './state.ts'

/** Sends the record on its way: what is due first stands first, so that a call need not look at all that waits. */
export function dispatch({ undelivered }: Pick<SandboxState, 'undelivered'>, parcel: UndeliveredState): void {
  undelivered.splice(waitingUntil(undelivered, parcel.dueAt), 0, parcel)
}

/** Delivers everything that was due by `until`, each at its own time. */
export function deliver(aws: SandboxAws, until: number): void {
  const { state } = aws
  for (const parcel of state.undelivered.splice(0, waitingUntil(state.undelivered, until))) {
    const trail = state.trails[parcel.trailArn]
    if (trail === undefined) continue
    const context: OperationContext = { ...aws, now: parcel.dueAt, region: trail.homeRegion }
    if (parcel.to === 'bucket') deliverToBucket(context, trail, parcel.region, parcel.message)
    else deliverToLogs(context, trail, parcel.eventId, parcel.message)
  }
}

/** How many records are due by then. */
function waitingUntil(undelivered: readonly UndeliveredState[], until: number): number {
  let [from, to] = [0, undelivered.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((undelivered[middle]?.dueAt ?? until) <= until) from = middle + 1
    else to = middle
  }
  return from
}

function deliverToLogs(context: OperationContext, trail: TrailState, id: string, message: string): void {
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

function deliverToBucket(context: OperationContext, trail: TrailState, region: string, message: string): void {
  const bucket = context.state.buckets[trail.bucket]
  if (bucket === undefined || !bucketAdmits(context, trail, bucket.policy)) {
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
function logsProblem(
  context: OperationContext,
  trail: TrailState,
  group: LogGroupState | undefined,
): string | undefined {
  if (group === undefined) return 'The log group does not exist.'
  const roleProblem = roleRefusal(context, trail, Number.POSITIVE_INFINITY)
  return roleProblem === undefined ? undefined : `Access denied. ${roleProblem.advice}`
}

export interface RoleRefusal {
  readonly part: 'role' | 'log-group'
  readonly advice: string
}

/**
 * What about the role keeps CloudTrail out. Calls that name the role see it late (IAM is eventually consistent);
 * deliveries go on with what CloudTrail knew before.
 */
export function roleRefusal(
  context: OperationContext,
  trail: Pick<TrailState, 'roleArn' | 'logGroupArn' | 'homeRegion' | 'arn'>,
  seenAt: number,
): RoleRefusal | undefined {
  const role = Object.values(context.state.roles).find((one) => one.arn === trail.roleArn)
  const trusted = decide(parsePolicy(role?.trust), {
    principal: { service: 'cloudtrail.amazonaws.com' },
    action: 'sts:AssumeRole',
    resource: role?.arn ?? '',
    context: { 'aws:SourceArn': trail.arn, 'aws:SourceAccount': ACCOUNT },
  })
  if (role === undefined || trusted !== 'yes' || role.visibleAt > seenAt) {
    return { part: 'role', advice: 'Check the trust relationships for your role.' }
  }
  const resource = `${(trail.logGroupArn ?? '').replace(/:\*$/, '')}:log-stream:${streamOf(trail)}`
  const managed = role.attached.flatMap((one) => context.state.managedPolicies[one] ?? [])
  const policies = [...Object.values(role.policies), ...managed].map(
    (policy) => parsePolicy(policy) ?? { Statement: [] },
  )
  const may = (action: string) =>
    decideTogether(policies, { principal: { aws: role.arn }, action, resource, context: {} }) === 'yes'
  if (!may('logs:CreateLogStream') || !may('logs:PutLogEvents')) {
    return { part: 'log-group', advice: 'Check the permissions for your role.' }
  }
  return undefined
}

/** Whether the bucket's policy lets CloudTrail check the bucket and write this trail's files. */
export function bucketAdmits(
  { state }: Pick<OperationContext, 'state'>,
  trail: Pick<TrailState, 'arn' | 'bucket' | 'prefix' | 'organization'>,
  policy: string | null,
): boolean {
  const principal = { service: 'cloudtrail.amazonaws.com' }
  const context = {
    'aws:SourceArn': trail.arn,
    'aws:SourceAccount': ACCOUNT,
    's3:x-amz-acl': 'bucket-owner-full-control',
  }
  const document = parsePolicy(policy ?? undefined)
  const bucket = ['arn', PARTITION, 's3', '', '', trail.bucket].join(':')
  const folder = `${bucket}/${trail.prefix === null ? '' : `${trail.prefix}/`}AWSLogs`
  // An organization trail's files lie under the organization's id, and it needs the account's own folder too (CloudTrail user guide).
  const owners = [parseArn(trail.arn)?.account, ...(trail.organization ? [state.organization?.id ?? ''] : [])]
  const may = (action: string, resource: string) => decide(document, { principal, action, resource, context }) === 'yes'
  return (
    may('s3:GetBucketAcl', bucket) &&
    owners.every((owner) => may('s3:PutObject', `${folder}/${owner}/CloudTrail/file.json.gz`))
  )
}

function logGroupByTrailArn(context: OperationContext, groupArn: string | null): LogGroupState | undefined {
  return context.state.logGroups[(groupArn ?? '').replace(/:\*$/, '')]
}

function streamOf(trail: Pick<TrailState, 'homeRegion'>): string {
  return `${ACCOUNT}_CloudTrail_${trail.homeRegion}`
}
