/** AWS CloudTrail: what trails look like from a region, and the event history. */
import type {
  CreateTrailResponse,
  DescribeTrailsRequest,
  DescribeTrailsResponse,
  GetEventSelectorsRequest,
  GetEventSelectorsResponse,
  GetTrailRequest,
  GetTrailResponse,
  GetTrailStatusRequest,
  GetTrailStatusResponse,
  LookupEventsRequest,
  LookupEventsResponse,
  Trail,
} from '@aws-sdk/client-cloudtrail'
import { awsFault } from '../../../aws/backend.ts'
import { parseArn } from '../../../domain/names.ts'
import { isOwn } from '../cloudtrail-recorder.ts'
import { type OperationContext, type Operations, optional, page } from '../context.ts'
import { ACCOUNT, type EventState, type TrailState } from '../state.ts'
import { isTrailAdministrator } from './identity.ts'

export const trailReads: Operations = {
  DescribeTrails: describeTrails,
  GetTrail: getTrail,
  GetTrailStatus: getTrailStatus,
  GetEventSelectors: getEventSelectors,
  LookupEvents: lookupEvents,
}

/** How long it takes until the history shows an event. */
const HISTORY_DELAY_MS = 120_000

/** Shows replicas of other regions' trails as well, unless told not to; names that are not known are passed over. */
function describeTrails(input: DescribeTrailsRequest, context: OperationContext): DescribeTrailsResponse {
  const { region } = context
  const names = input.trailNameList ?? []
  const trails = visible(context, region)
    .filter((trail) => input.includeShadowTrails !== false || trail.homeRegion === region)
    .filter((trail) => names.length === 0 || names.includes(trail.name) || names.includes(trail.arn))
  return { trailList: trails.map(shown) }
}

function getTrail(input: GetTrailRequest, context: OperationContext): GetTrailResponse {
  return { Trail: shown(seenTrail(context, input.Name)) }
}

function getTrailStatus(input: GetTrailStatusRequest, context: OperationContext): GetTrailStatusResponse {
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

function getEventSelectors(input: GetEventSelectorsRequest, context: OperationContext): GetEventSelectorsResponse {
  return selectorsOf(seenTrail(context, input.TrailName))
}

export function selectorsOf(trail: TrailState): GetEventSelectorsResponse {
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

/** Of the caller's region, newest first, with or without a trail. */
function lookupEvents(
  input: LookupEventsRequest,
  { state, region, now, longestPage }: OperationContext,
): LookupEventsResponse {
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
  const { items, next } = page(longestPage, found, input.NextToken, input.MaxResults)
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

export function described(trail: TrailState): CreateTrailResponse {
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

export function visible({ state }: OperationContext, region: string): readonly TrailState[] {
  return Object.values(state.trails).filter((trail) => trail.homeRegion === region || trail.multiRegion)
}

/** By name in the home region only; by ARN wherever the trail can be seen. */
function seenTrail(context: OperationContext, nameOrArn = ''): TrailState {
  const { region } = context
  const trail = visible(context, region).find(
    (one) => one.arn === nameOrArn || (one.name === nameOrArn && one.homeRegion === region),
  )
  if (trail === undefined) throw unknownTrail(nameOrArn)
  return trail
}

/** For changes: a trail that is seen from another region can be changed at home only. */
export function homeTrail(context: OperationContext, nameOrArn = ''): TrailState {
  const { region, state } = context
  // A name is looked for in the caller's account (field case C47).
  const isNamed = (one: TrailState) => one.name === nameOrArn && !(isTrailAdministrator(context) && isElsewhere(one))
  const candidates = visible(context, region).filter((one) => one.arn === nameOrArn || isNamed(one))
  const trail = candidates.find((one) => one.homeRegion === region)
  if (trail !== undefined && !isOwn(trail, state)) {
    const message = 'Only the management account can change an organization trail.'
    throw awsFault('NotOrganizationMasterAccountException', message)
  }
  if (trail !== undefined) return trail
  const [away] = candidates
  if (away === undefined) throw unknownTrail(nameOrArn)
  const message = `The trail ${away.name} can only be changed in its home region, ${away.homeRegion}.`
  throw awsFault('InvalidHomeRegionException', message)
}

function isElsewhere({ arn: trailArn }: TrailState): boolean {
  return parseArn(trailArn)?.account !== ACCOUNT
}

function unknownTrail(name: string) {
  return awsFault('TrailNotFoundException', `Unknown trail: ${name}`)
}

function date(at: number | null): Date | null {
  return at === null ? null : new Date(at)
}
