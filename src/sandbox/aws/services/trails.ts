/** AWS CloudTrail: making and changing trails. */
import type {
  CreateTrailRequest,
  CreateTrailResponse,
  DeleteTrailRequest,
  PutEventSelectorsRequest,
  PutEventSelectorsResponse,
  StartLoggingRequest,
  StopLoggingRequest,
  UpdateTrailRequest,
} from '@aws-sdk/client-cloudtrail'
import { awsFault } from '../../../aws/backend.ts'
import { arn, type OperationContext, type Operations, tagRecord } from '../context.ts'
import { ACCOUNT, type TrailState } from '../state.ts'
import { bucketAdmits, roleRefusal } from '../trail-delivery.ts'
import { isTrailAdministrator } from './identity.ts'
import { described, homeTrail, selectorsOf, visible } from './trail-views.ts'

export const trailWrites: Operations = {
  CreateTrail: createTrail,
  UpdateTrail: updateTrail,
  DeleteTrail: deleteTrail,
  StartLogging: startLogging,
  StopLogging: stopLogging,
  PutEventSelectors: putEventSelectors,
}

/** Five for each region, and a multi-region trail counts in every one. */
const MAX_TRAILS = 5

/** A new trail does not log. */
function createTrail(input: CreateTrailRequest, context: OperationContext): CreateTrailResponse {
  const { state, region } = context
  const name = input.Name ?? ''
  checkName(name)
  const trail: TrailState = {
    name,
    arn: input.IsOrganizationTrail === true ? organizationTrailArn(context, name) : trailArn(region, name),
    homeRegion: region,
    bucket: input.S3BucketName ?? '',
    prefix: input.S3KeyPrefix ?? null,
    topicName: input.SnsTopicName ?? null,
    globalEvents: input.IncludeGlobalServiceEvents ?? true,
    multiRegion: input.IsMultiRegionTrail ?? false,
    validation: input.EnableLogFileValidation ?? false,
    organization: input.IsOrganizationTrail ?? false,
    kmsKeyId: input.KmsKeyId ?? null,
    logGroupArn: emptyToNull(input.CloudWatchLogsLogGroupArn),
    roleArn: emptyToNull(input.CloudWatchLogsRoleArn),
    logging: false,
    startedAt: null,
    stoppedAt: null,
    deliveredAt: null,
    deliveryError: null,
    logsDeliveredAt: null,
    logsDeliveryError: null,
    selectors: null,
    advancedSelectors: null,
    tags: tagRecord(input.TagsList),
  }
  if (state.trails[trail.arn] !== undefined) {
    throw awsFault('TrailAlreadyExistsException', `Trail ${name} already exists for this account.`)
  }
  if (visible(context, region).length >= MAX_TRAILS) {
    throw awsFault(
      'MaximumNumberOfTrailsExceededException',
      `User already has ${MAX_TRAILS} trails in the region ${region}.`,
    )
  }
  checkTrail(context, trail)
  state.trails[trail.arn] = trail
  return described(trail)
}

/** Members that are left out stay; an empty text clears the CloudWatch delivery. Everything is checked anew. */
function updateTrail(input: UpdateTrailRequest, context: OperationContext): CreateTrailResponse {
  const trail = homeTrail(context, input.Name)
  const logGroup = input.CloudWatchLogsLogGroupArn
  const role = input.CloudWatchLogsRoleArn
  const updated: TrailState = {
    ...trail,
    bucket: input.S3BucketName ?? trail.bucket,
    prefix: input.S3KeyPrefix ?? trail.prefix,
    topicName: input.SnsTopicName ?? trail.topicName,
    globalEvents: input.IncludeGlobalServiceEvents ?? trail.globalEvents,
    organization: input.IsOrganizationTrail ?? trail.organization,
    multiRegion: input.IsMultiRegionTrail ?? trail.multiRegion,
    validation: input.EnableLogFileValidation ?? trail.validation,
    kmsKeyId: input.KmsKeyId ?? trail.kmsKeyId,
    logGroupArn: logGroup === undefined ? trail.logGroupArn : emptyToNull(logGroup),
    roleArn: role === undefined ? trail.roleArn : emptyToNull(role),
  }
  checkTrail(context, updated)
  if (updated.logGroupArn === null) updated.logsDeliveryError = null
  context.state.trails[trail.arn] = updated
  return described(updated)
}

function checkTrail(context: OperationContext, trail: TrailState): void {
  if (trail.multiRegion && !trail.globalEvents) {
    const message = 'Multi-Region trail must include global service events.'
    throw awsFault('InvalidParameterCombinationException', message)
  }
  if (trail.organization && context.state.organization === null) {
    throw awsFault('OrganizationsNotInUseException', 'The account is not a member of an organization.')
  }
  const manages = context.state.organization?.managementAccount === ACCOUNT || isTrailAdministrator(context)
  if (trail.organization && !manages) {
    throw awsFault('NotOrganizationMasterAccountException', 'The caller is not the management account.')
  }
  if (
    trail.organization &&
    context.state.organization?.trustedServices?.includes('cloudtrail.amazonaws.com') !== true
  ) {
    throw awsFault('CloudTrailAccessNotEnabledException', 'CloudTrail has no trusted access to the organization.')
  }
  const bucket = context.state.buckets[trail.bucket]
  if (bucket === undefined) {
    throw awsFault('S3BucketDoesNotExistException', `S3 bucket ${trail.bucket} does not exist!`)
  }
  if (!bucketAdmits(context, trail, bucket.policy)) {
    const message = `Incorrect S3 bucket policy is detected for bucket: ${trail.bucket}`
    throw awsFault('InsufficientS3BucketPolicyException', message)
  }
  if (trail.logGroupArn !== null || trail.roleArn !== null) checkDelivery(context, trail)
}

/** Group and role go together, the group's ARN ends in `:*`, and the role must be seen and fit (field cases C44, C45). */
function checkDelivery(context: OperationContext, trail: TrailState): void {
  const { logGroupArn, roleArn } = trail
  if (logGroupArn === null) throw badGroup('You must specify a log group as well as a role ARN.')
  if (roleArn === null) throw badRole('You must specify a role ARN as well as a log group.')
  const group = context.state.logGroups[logGroupArn.replace(/:\*$/, '')]
  if (!/[^*]:\*$/.test(logGroupArn) || group === undefined || group.region !== trail.homeRegion) {
    throw badGroup('CloudTrail cannot validate the specified log group ARN.')
  }
  if (!/^arn:[^:]*:iam::\d{12}:role\/.+/.test(roleArn)) {
    throw badRole('CloudTrail cannot validate the specified role ARN.')
  }
  const refusal = roleRefusal(context, trail, context.now)
  if (refusal?.part === 'role') throw badRole(`Access denied. ${refusal.advice}`)
  if (refusal?.part === 'log-group') throw badGroup(`Access denied. ${refusal.advice}`)
}

function deleteTrail(input: DeleteTrailRequest, context: OperationContext): object {
  delete context.state.trails[homeTrail(context, input.Name).arn]
  return {}
}

function startLogging(input: StartLoggingRequest, context: OperationContext): object {
  const trail = homeTrail(context, input.Name)
  if (!trail.logging) trail.startedAt = context.now
  trail.logging = true
  return {}
}

function stopLogging(input: StopLoggingRequest, context: OperationContext): object {
  const trail = homeTrail(context, input.Name)
  if (trail.logging) trail.stoppedAt = context.now
  trail.logging = false
  return {}
}

/** Replaces the whole set; advanced and basic selectors displace each other. */
function putEventSelectors(input: PutEventSelectorsRequest, context: OperationContext): PutEventSelectorsResponse {
  const trail = homeTrail(context, input.TrailName)
  const { EventSelectors: basic, AdvancedEventSelectors: advanced } = input
  if ((basic === undefined) === (advanced === undefined) || (basic?.length ?? 0) > 5) {
    throw awsFault('InvalidEventSelectorsException', 'Give either up to five event selectors or advanced ones.')
  }
  trail.selectors =
    basic?.map((selector) => ({
      readWrite: selector.ReadWriteType ?? 'All',
      management: selector.IncludeManagementEvents ?? true,
      excluded: [...(selector.ExcludeManagementEventSources ?? [])],
    })) ?? null
  trail.advancedSelectors =
    advanced?.map((selector) => ({
      name: selector.Name ?? null,
      fields: (selector.FieldSelectors ?? []).map((field) => JSON.parse(JSON.stringify(field))),
    })) ?? null
  return selectorsOf(trail)
}

function checkName(name: string): void {
  const allowed = /^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$/.test(name)
  if (!allowed || /[._-]{2}/.test(name) || /^\d+\.\d+\.\d+\.\d+$/.test(name)) {
    throw awsFault('InvalidTrailNameException', `Trail name or ARN can only contain certain characters: ${name}`)
  }
}

function trailArn(region: string, name: string): string {
  return arn('cloudtrail', region, `trail/${name}`)
}

/** It belongs to the management account, whoever makes it (CloudTrail user guide). */
function organizationTrailArn({ state, region }: OperationContext, name: string): string {
  return trailArn(region, name).replace(ACCOUNT, state.organization?.managementAccount ?? ACCOUNT)
}

function badGroup(message: string) {
  return awsFault('InvalidCloudWatchLogsLogGroupArnException', message)
}

function badRole(message: string) {
  return awsFault('InvalidCloudWatchLogsRoleArnException', message)
}

function emptyToNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text
}
