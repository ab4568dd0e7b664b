/** AWS CloudTrail: trails, their state and their selectors, and the event history. */
import type {
  AddTagsRequest,
  CreateTrailRequest,
  CreateTrailResponse,
  DeleteTrailRequest,
  DescribeTrailsRequest,
  DescribeTrailsResponse,
  GetEventSelectorsRequest,
  GetEventSelectorsResponse,
  GetTrailRequest,
  GetTrailResponse,
  GetTrailStatusRequest,
  GetTrailStatusResponse,
  ListTagsRequest,
  ListTagsResponse,
  ListTrailsRequest,
  ListTrailsResponse,
  LookupEventsRequest,
  LookupEventsResponse,
  PutEventSelectorsRequest,
  PutEventSelectorsResponse,
  RemoveTagsRequest,
  StartLoggingRequest,
  StopLoggingRequest,
  Trail,
  UpdateTrailRequest,
} from '@aws-sdk/client-cloudtrail'
import { awsFault } from '../../aws/backend.ts'
import { arn, type Context, type Operations, optional, page, tagList, tagRecord } from '../context.ts'
import { bucketAdmits, isOwn, roleRefusal } from '../recording.ts'
import type { EventState, TrailState } from '../state.ts'

export const cloudtrail: Operations = {
  CreateTrail: createTrail,
  UpdateTrail: updateTrail,
  DeleteTrail: deleteTrail,
  StartLogging: startLogging,
  StopLogging: stopLogging,
  DescribeTrails: describeTrails,
  ListTrails: listTrails,
  GetTrail: getTrail,
  GetTrailStatus: getTrailStatus,
  GetEventSelectors: getEventSelectors,
  PutEventSelectors: putEventSelectors,
  AddTags: addTags,
  RemoveTags: removeTags,
  ListTags: listTags,
  LookupEvents: lookupEvents,
}

/** Five for each region, and a multi-region trail counts in every one. */
const MAX_TRAILS = 5
/** How long it takes until the history shows an event. */
const HISTORY_DELAY_MS = 120_000

/** A new trail does not log. */
function createTrail(input: CreateTrailRequest, context: Context): CreateTrailResponse {
  const { state, region } = context
  const name = input.Name ?? ''
  checkName(name)
  const trail: TrailState = {
    name,
    arn: trailArn(region, name),
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
function updateTrail(input: UpdateTrailRequest, context: Context): CreateTrailResponse {
  const trail = homeTrail(context, input.Name)
  const logGroup = input.CloudWatchLogsLogGroupArn
  const role = input.CloudWatchLogsRoleArn
  const updated: TrailState = {
    ...trail,
    bucket: input.S3BucketName ?? trail.bucket,
    prefix: input.S3KeyPrefix ?? trail.prefix,
    topicName: input.SnsTopicName ?? trail.topicName,
    globalEvents: input.IncludeGlobalServiceEvents ?? trail.globalEvents,
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

function checkTrail(context: Context, trail: TrailState): void {
  if (trail.multiRegion && !trail.globalEvents) {
    const message = 'Multi-Region trail must include global service events.'
    throw awsFault('InvalidParameterCombinationException', message)
  }
  if (trail.organization && context.state.organization === null) {
    throw awsFault('OrganizationsNotInUseException', 'The account is not a member of an organization.')
  }
  const bucket = context.state.buckets[trail.bucket]
  if (bucket === undefined) {
    throw awsFault('S3BucketDoesNotExistException', `S3 bucket ${trail.bucket} does not exist!`)
  }
  if (!bucketAdmits(trail, bucket.policy)) {
    const message = `Incorrect S3 bucket policy is detected for bucket: ${trail.bucket}`
    throw awsFault('InsufficientS3BucketPolicyException', message)
  }
  if (trail.logGroupArn !== null || trail.roleArn !== null) checkDelivery(context, trail)
}

/** Group and role go together, the group's ARN ends in `:*`, and the role must be seen and fit (field cases C44, C45). */
function checkDelivery(context: Context, trail: TrailState): void {
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
  const refusal = roleRefusal(context, trail)
  if (refusal?.part === 'role') throw badRole(`Access denied. ${refusal.advice}`)
  if (refusal?.part === 'log-group') throw badGroup(`Access denied. ${refusal.advice}`)
}

function deleteTrail(input: DeleteTrailRequest, context: Context): object {
  delete context.state.trails[homeTrail(context, input.Name).arn]
  return {}
}

function startLogging(input: StartLoggingRequest, context: Context): object {
  const trail = homeTrail(context, input.Name)
  if (!trail.logging) trail.startedAt = context.now
  trail.logging = true
  return {}
}

function stopLogging(input: StopLoggingRequest, context: Context): object {
  const trail = homeTrail(context, input.Name)
  if (trail.logging) trail.stoppedAt = context.now
  trail.logging = false
  return {}
}

/** Shows replicas of other regions' trails as well, unless told not to; names that are not known are passed over. */
function describeTrails(input: DescribeTrailsRequest, context: Context): DescribeTrailsResponse {
  const { region } = context
  const names = input.trailNameList ?? []
  const trails = visible(context, region)
    .filter((trail) => input.includeShadowTrails !== false || trail.homeRegion === region)
    .filter((trail) => names.length === 0 || names.includes(trail.name) || names.includes(trail.arn))
  return { trailList: trails.map(shown) }
}

function listTrails(input: ListTrailsRequest, { state }: Context): ListTrailsResponse {
  const { items, next } = page(Object.values(state.trails), input.NextToken)
  const Trails = items.map(({ arn: TrailARN, name, homeRegion }) => ({ TrailARN, Name: name, HomeRegion: homeRegion }))
  return { Trails, ...optional('NextToken', next) }
}

function getTrail(input: GetTrailRequest, context: Context): GetTrailResponse {
  return { Trail: shown(seenTrail(context, input.Name)) }
}

function getTrailStatus(input: GetTrailStatusRequest, context: Context): GetTrailStatusResponse {
  const trail = seenTrail(context, input.Name)
  return {
    IsLogging: trail.logging,
    ...optional('StartLoggingTime', date(trail.startedAt)),
    ...optional('StopLoggingTime', date(trail.stoppedAt)),
    ...optional('LatestDeliveryTime', date(trail.deliveredAt)),
    ...optional('LatestDeliveryError', trail.deliveryError),
    ...optional('LatestCloudWatchLogsDeliveryTime', date(trail.logsDeliveredAt)),
    ...optional('LatestCloudWatchLogsDeliveryError', trail.logsDeliveryError),
  }
}

function getEventSelectors(input: GetEventSelectorsRequest, context: Context): GetEventSelectorsResponse {
  return selectorsOf(seenTrail(context, input.TrailName))
}

/** Replaces the whole set; advanced and basic selectors displace each other. */
function putEventSelectors(input: PutEventSelectorsRequest, context: Context): PutEventSelectorsResponse {
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

function selectorsOf(trail: TrailState): GetEventSelectorsResponse {
  if (trail.advancedSelectors !== null) {
    const AdvancedEventSelectors = trail.advancedSelectors.map(({ name, fields }) => ({
      ...optional('Name', name),
      FieldSelectors: fields.map((field) => ({ Field: String(field.Field), ...field })),
    }))
    return { TrailARN: trail.arn, AdvancedEventSelectors }
  }
  const selectors = trail.selectors ?? [{ readWrite: 'All', management: true, excluded: [] }]
  const EventSelectors = selectors.map(({ readWrite, management, excluded }) => ({
    ReadWriteType: readWrite as 'All' | 'ReadOnly' | 'WriteOnly',
    IncludeManagementEvents: management,
    DataResources: [],
    ExcludeManagementEventSources: excluded,
  }))
  return { TrailARN: trail.arn, EventSelectors }
}

function addTags(input: AddTagsRequest, context: Context): object {
  Object.assign(homeTrail(context, input.ResourceId).tags, tagRecord(input.TagsList))
  return {}
}

function removeTags(input: RemoveTagsRequest, context: Context): object {
  const { tags } = homeTrail(context, input.ResourceId)
  for (const { Key } of input.TagsList ?? []) delete tags[Key ?? '']
  return {}
}

function listTags(input: ListTagsRequest, context: Context): ListTagsResponse {
  const { items, next } = page(input.ResourceIdList ?? [], input.NextToken)
  const ResourceTagList = items.map((ResourceId) => ({
    ResourceId,
    TagsList: tagList(seenTrail(context, ResourceId).tags),
  }))
  return { ResourceTagList, ...optional('NextToken', next) }
}

/** Of the caller's region, newest first, with or without a trail. */
function lookupEvents(input: LookupEventsRequest, { state, region, now }: Context): LookupEventsResponse {
  const from = input.StartTime?.getTime() ?? 0
  const to = Math.min(input.EndTime?.getTime() ?? Number.POSITIVE_INFINITY, now - HISTORY_DELAY_MS)
  const found = state.events
    .filter((event) => event.region === region && event.at >= from && event.at <= to)
    .filter((event) =>
      (input.LookupAttributes ?? []).every(
        ({ AttributeKey = '', AttributeValue = '' }) => attribute(event, AttributeKey) === AttributeValue,
      ),
    )
    .toReversed()
  const { items, next } = page(found, input.NextToken, input.MaxResults)
  const Events = items.map((event) => ({
    EventId: event.id,
    EventName: event.name,
    EventSource: event.source,
    EventTime: new Date(event.at),
    ReadOnly: String(event.readOnly),
    Username: event.username,
    Resources: [],
    CloudTrailEvent: event.message,
  }))
  return { Events, ...optional('NextToken', next) }
}

function attribute(event: EventState, key: string): string | undefined {
  const values: Readonly<Record<string, string>> = {
    EventId: event.id,
    EventName: event.name,
    EventSource: event.source,
    ReadOnly: String(event.readOnly),
    Username: event.username,
  }
  return values[key]
}

function shown(trail: TrailState): Trail {
  return {
    ...described(trail),
    HomeRegion: trail.homeRegion,
    HasCustomEventSelectors: trail.selectors !== null || trail.advancedSelectors !== null,
    HasInsightSelectors: false,
  }
}

function described(trail: TrailState): CreateTrailResponse {
  return {
    Name: trail.name,
    TrailARN: trail.arn,
    S3BucketName: trail.bucket,
    IncludeGlobalServiceEvents: trail.globalEvents,
    IsMultiRegionTrail: trail.multiRegion,
    LogFileValidationEnabled: trail.validation,
    IsOrganizationTrail: trail.organization,
    ...optional('S3KeyPrefix', trail.prefix),
    ...optional('SnsTopicName', trail.topicName),
    ...optional('KmsKeyId', trail.kmsKeyId),
    ...optional('CloudWatchLogsLogGroupArn', trail.logGroupArn),
    ...optional('CloudWatchLogsRoleArn', trail.roleArn),
  }
}

function visible({ state }: Context, region: string): readonly TrailState[] {
  return Object.values(state.trails).filter((trail) => trail.homeRegion === region || trail.multiRegion)
}

/** By name in the home region only; by ARN wherever the trail can be seen. */
function seenTrail(context: Context, nameOrArn = ''): TrailState {
  const { region } = context
  const trail = visible(context, region).find(
    (one) => one.arn === nameOrArn || (one.name === nameOrArn && one.homeRegion === region),
  )
  if (trail === undefined) throw unknownTrail(nameOrArn)
  return trail
}

/** For changes: a trail that is seen from another region can be changed at home only. */
function homeTrail(context: Context, nameOrArn = ''): TrailState {
  const { region } = context
  const candidates = visible(context, region).filter((one) => one.arn === nameOrArn || one.name === nameOrArn)
  const trail = candidates.find((one) => one.homeRegion === region)
  if (trail !== undefined && !isOwn(trail)) {
    const message = 'Only the management account can change an organization trail.'
    throw awsFault('NotOrganizationMasterAccountException', message)
  }
  if (trail !== undefined) return trail
  const [away] = candidates
  if (away === undefined) throw unknownTrail(nameOrArn)
  const message = `The trail ${away.name} can only be changed in its home region, ${away.homeRegion}.`
  throw awsFault('InvalidHomeRegionException', message)
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

function unknownTrail(name: string) {
  return awsFault('TrailNotFoundException', `Unknown trail: ${name}`)
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

function date(at: number | null): Date | null {
  return at === null ? null : new Date(at)
}
