/** Amazon CloudWatch Logs: log groups and metric filters. */
import type {
  CreateLogGroupRequest,
  DeleteLogGroupRequest,
  DeleteMetricFilterRequest,
  DeleteRetentionPolicyRequest,
  DescribeAccountPoliciesRequest,
  DescribeAccountPoliciesResponse,
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  DescribeMetricFiltersRequest,
  DescribeMetricFiltersResponse,
  FilterLogEventsRequest,
  FilterLogEventsResponse,
  GetTransformerRequest,
  GetTransformerResponse,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  LogGroup,
  MetricFilter,
  PutMetricFilterRequest,
  PutRetentionPolicyRequest,
  TagResourceRequest,
  TestMetricFilterRequest,
  TestMetricFilterResponse,
  UntagResourceRequest,
} from '@aws-sdk/client-cloudwatch-logs'
import { awsFault } from '../../aws/backend.ts'
import { arn, type Context, type Operations, optional, page } from '../context.ts'
import { ACCOUNT, type FilterState, type LogEventState, type LogGroupState } from '../state.ts'

export const logs: Operations = {
  CreateLogGroup: createLogGroup,
  DescribeLogGroups: describeLogGroups,
  DeleteLogGroup: deleteLogGroup,
  PutRetentionPolicy: putRetentionPolicy,
  DeleteRetentionPolicy: deleteRetentionPolicy,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
  PutMetricFilter: putMetricFilter,
  DescribeMetricFilters: describeMetricFilters,
  DeleteMetricFilter: deleteMetricFilter,
  TestMetricFilter: testMetricFilter,
  DescribeLogStreams: describeLogStreams,
  FilterLogEvents: filterLogEvents,
  DescribeAccountPolicies: describeAccountPolicies,
  GetTransformer: getTransformer,
}

const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]
const MAX_FILTERS = 100

function createLogGroup(input: CreateLogGroupRequest, { state, region, now }: Context): object {
  const name = input.logGroupName ?? ''
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name) || name.startsWith('aws/')) {
    throw invalid(`Value '${name}' at 'logGroupName' failed to satisfy constraint`)
  }
  const key = groupArn(region, name)
  if (state.logGroups[key] !== undefined) {
    throw awsFault('ResourceAlreadyExistsException', 'The specified log group already exists')
  }
  state.logGroups[key] = {
    name,
    region,
    createdAt: now,
    retention: null,
    logClass: input.logGroupClass ?? 'STANDARD',
    kmsKeyId: input.kmsKeyId ?? null,
    deletionProtected: input.deletionProtectionEnabled ?? false,
    dataProtection: null,
    transformer: null,
    tags: { ...input.tags },
    filters: {},
    events: [],
  }
  return {}
}

/** By prefix this is no exact look-up; by pattern the answer is short of most members. */
function describeLogGroups(input: DescribeLogGroupsRequest, { state, region }: Context): DescribeLogGroupsResponse {
  const groups = Object.values(state.logGroups)
    .filter((group) => group.region === region)
    .filter((group) => group.name.startsWith(input.logGroupNamePrefix ?? ''))
    .filter((group) => group.name.includes(input.logGroupNamePattern ?? ''))
    .filter((group) => input.logGroupClass === undefined || group.logClass === input.logGroupClass)
    .sort(byName)
  const { items, next } = page(groups, input.nextToken, input.limit)
  const logGroups = items.map((group) => (input.logGroupNamePattern === undefined ? shown(group) : briefly(group)))
  return { logGroups, ...optional('nextToken', next) }
}

function briefly({ name, region, createdAt }: LogGroupState): LogGroup {
  const logGroupArn = groupArn(region, name)
  return { logGroupName: name, creationTime: createdAt, arn: `${logGroupArn}:*`, logGroupArn }
}

function shown(group: LogGroupState): LogGroup {
  return {
    ...briefly(group),
    metricFilterCount: Object.keys(group.filters).length,
    storedBytes: group.events.reduce((bytes, event) => bytes + event.message.length, 0),
    logGroupClass: group.logClass as NonNullable<LogGroup['logGroupClass']>,
    deletionProtectionEnabled: group.deletionProtected,
    ...optional('retentionInDays', group.retention),
    ...optional('kmsKeyId', group.kmsKeyId),
    ...optional('dataProtectionStatus', group.dataProtection as LogGroup['dataProtectionStatus'] | null),
  }
}

function deleteLogGroup(input: DeleteLogGroupRequest, context: Context): object {
  const group = groupOf(context, input.logGroupName)
  if (group.deletionProtected) {
    throw awsFault('ValidationException', 'The log group is protected from deletion')
  }
  delete context.state.logGroups[groupArn(group.region, group.name)]
  return {}
}

function putRetentionPolicy(input: PutRetentionPolicyRequest, context: Context): object {
  const days = input.retentionInDays ?? 0
  if (!RETENTIONS.includes(days)) throw invalid(`Value '${days}' at 'retentionInDays' failed to satisfy constraint`)
  groupOf(context, input.logGroupName).retention = days
  return {}
}

function deleteRetentionPolicy(input: DeleteRetentionPolicyRequest, context: Context): object {
  groupOf(context, input.logGroupName).retention = null
  return {}
}

function tagResource(input: TagResourceRequest, context: Context): object {
  Object.assign(groupByArn(context, input.resourceArn).tags, input.tags)
  return {}
}

function untagResource(input: UntagResourceRequest, context: Context): object {
  const { tags } = groupByArn(context, input.resourceArn)
  for (const key of input.tagKeys ?? []) delete tags[key]
  return {}
}

function listTagsForResource(input: ListTagsForResourceRequest, context: Context): ListTagsForResourceResponse {
  return { tags: { ...groupByArn(context, input.resourceArn).tags } }
}

/** Create or replace by name; only a STANDARD group takes filters, and no more than a hundred. */
function putMetricFilter(input: PutMetricFilterRequest, context: Context): object {
  const group = groupOf(context, input.logGroupName)
  const filter = filterOf(input, context)
  if (group.logClass !== 'STANDARD') {
    throw awsFault('InvalidOperationException', `Metric filters are not supported in class ${group.logClass}`)
  }
  if (group.filters[filter.name] === undefined && Object.keys(group.filters).length >= MAX_FILTERS) {
    throw awsFault('LimitExceededException', 'Resource limit exceeded.')
  }
  group.filters[filter.name] = filter
  return {}
}

function filterOf(input: PutMetricFilterRequest, context: Context): FilterState {
  const name = input.filterName ?? ''
  if (!/^[^:*]{1,512}$/.test(name)) throw invalid(`Value '${name}' at 'filterName' failed to satisfy constraint`)
  const pattern = input.filterPattern ?? ''
  checkPattern(context, pattern)
  const [transformation, ...others] = input.metricTransformations ?? []
  if (transformation === undefined || others.length > 0) {
    throw invalid("'metricTransformations' must have exactly one member")
  }
  const { metricName = '', metricNamespace = '', metricValue = '', defaultValue, dimensions, unit } = transformation
  if (!/^[^:*$]{1,255}$/.test(metricName) || !/^[^:*$]{1,255}$/.test(metricNamespace)) {
    throw invalid(`Metric ${metricNamespace}/${metricName} failed to satisfy constraint: Member must match [^:*$]*`)
  }
  if (!/^(\$.{1,99}|-?\d+(\.\d+)?)$/.test(metricValue)) throw invalid(`Invalid metricValue ${metricValue}`)
  if (defaultValue !== undefined && dimensions !== undefined) {
    throw invalid('A default value cannot be set together with dimensions')
  }
  return {
    name,
    pattern,
    createdAt: context.now,
    metricName,
    namespace: metricNamespace,
    value: metricValue,
    defaultValue: defaultValue ?? null,
    dimensions: dimensions === undefined ? null : { ...dimensions },
    unit: unit ?? null,
    onTransformed: input.applyOnTransformedLogs ?? false,
    selectionCriteria: input.fieldSelectionCriteria ?? null,
    systemFields: input.emitSystemFieldDimensions === undefined ? null : [...input.emitSystemFieldDimensions],
  }
}

function checkPattern(context: Context, pattern: string): void {
  if (pattern.length > 1024) throw invalid('filterPattern must be at most 1024 characters')
  const refusal = context.patterns.refusal(pattern)
  if (refusal !== undefined) throw invalid(`Invalid metric filter pattern: ${refusal}`)
}

function describeMetricFilters(input: DescribeMetricFiltersRequest, context: Context): DescribeMetricFiltersResponse {
  const { logGroupName, filterNamePrefix, metricName, metricNamespace } = input
  if (filterNamePrefix !== undefined && logGroupName === undefined) {
    throw invalid('filterNamePrefix needs logGroupName')
  }
  if ((metricName === undefined) !== (metricNamespace === undefined)) {
    throw invalid('metricName and metricNamespace go together')
  }
  const groups = logGroupName === undefined ? ownGroups(context) : [groupOf(context, logGroupName)]
  const filters = groups
    .flatMap((group) => Object.values(group.filters).map((filter) => ({ group, filter })))
    .filter(({ filter }) => filter.name.startsWith(filterNamePrefix ?? ''))
    .filter(({ filter }) => metricName === undefined || filter.metricName === metricName)
    .filter(({ filter }) => metricNamespace === undefined || filter.namespace === metricNamespace)
    .sort((one, other) => byName(one.filter, other.filter))
  const { items, next } = page(filters, input.nextToken, input.limit)
  const metricFilters = items.map(({ group, filter }) => shownFilter(group, filter))
  return { metricFilters, ...optional('nextToken', next) }
}

function shownFilter(group: LogGroupState, filter: FilterState): MetricFilter {
  type Unit = NonNullable<NonNullable<MetricFilter['metricTransformations']>[number]['unit']>
  const transformation = {
    metricName: filter.metricName,
    metricNamespace: filter.namespace,
    metricValue: filter.value,
    ...optional('defaultValue', filter.defaultValue),
    ...optional('dimensions', filter.dimensions),
    ...optional('unit', filter.unit as Unit | null),
  }
  return {
    filterName: filter.name,
    filterPattern: filter.pattern,
    metricTransformations: [transformation],
    creationTime: filter.createdAt,
    logGroupName: group.name,
    applyOnTransformedLogs: filter.onTransformed,
    ...optional('fieldSelectionCriteria', filter.selectionCriteria),
    ...optional('emitSystemFieldDimensions', filter.systemFields),
  }
}

function deleteMetricFilter(input: DeleteMetricFilterRequest, context: Context): object {
  const { filters } = groupOf(context, input.logGroupName)
  const name = input.filterName ?? ''
  if (filters[name] === undefined) {
    throw awsFault('ResourceNotFoundException', 'The specified metric filter does not exist.')
  }
  delete filters[name]
  return {}
}

function testMetricFilter(input: TestMetricFilterRequest, context: Context): TestMetricFilterResponse {
  const pattern = input.filterPattern ?? ''
  checkPattern(context, pattern)
  const messages = input.logEventMessages ?? []
  if (messages.length === 0 || messages.length > 50) throw invalid("'logEventMessages' must have 1 to 50 members")
  const numbered = messages.map((eventMessage, index) => ({
    eventNumber: index + 1,
    eventMessage,
    extractedValues: {},
  }))
  return { matches: numbered.filter(({ eventMessage }) => context.patterns.matches(pattern, eventMessage)) }
}

function describeLogStreams(input: DescribeLogStreamsRequest, context: Context): DescribeLogStreamsResponse {
  const group = groupOf(context, input.logGroupName ?? input.logGroupIdentifier)
  const names = [...new Set(group.events.map((event) => event.stream))]
  const streams = names
    .filter((name) => name.startsWith(input.logStreamNamePrefix ?? ''))
    .map((logStreamName) => {
      const times = group.events.filter((event) => event.stream === logStreamName).map((event) => event.at)
      const [first = 0] = times
      const last = times.at(-1) ?? 0
      const known = { creationTime: first, firstEventTimestamp: first }
      return { logStreamName, ...known, lastEventTimestamp: last, lastIngestionTime: last }
    })
  const { items, next } = page(streams, input.nextToken, input.limit)
  return { logStreams: items, ...optional('nextToken', next) }
}

/** The first page is always empty: AWS may answer so while there is more, and callers must go on. */
function filterLogEvents(input: FilterLogEventsRequest, context: Context): FilterLogEventsResponse {
  const group = groupOf(context, input.logGroupName ?? input.logGroupIdentifier)
  const pattern = input.filterPattern ?? ''
  checkPattern(context, pattern)
  const found = group.events
    .filter((event) => event.at >= (input.startTime ?? 0) && event.at < (input.endTime ?? Number.POSITIVE_INFINITY))
    .filter((event) => event.stream.startsWith(input.logStreamNamePrefix ?? ''))
    .filter((event) => input.logStreamNames === undefined || input.logStreamNames.includes(event.stream))
    .filter((event) => context.patterns.matches(pattern, event.message))
  const sorted = input.startFromHead === false ? found.toReversed() : found
  if (input.nextToken === undefined) {
    return { events: [], searchedLogStreams: [], ...optional('nextToken', sorted.length > 0 ? START : undefined) }
  }
  const { items, next } = page(sorted, input.nextToken === START ? undefined : input.nextToken, input.limit)
  return { events: items.map(shownEvent), searchedLogStreams: [], ...optional('nextToken', next) }
}

const START = 'start'

function shownEvent({ id, stream, at, message }: LogEventState) {
  return { eventId: id, logStreamName: stream, timestamp: at, ingestionTime: at, message }
}

function describeAccountPolicies(
  input: DescribeAccountPoliciesRequest,
  { state, region }: Context,
): DescribeAccountPoliciesResponse {
  type Policy = NonNullable<DescribeAccountPoliciesResponse['accountPolicies']>[number]
  const all = state.accountPolicies.filter((policy) => policy.region === region && policy.type === input.policyType)
  const { items, next } = page(all, input.nextToken)
  const accountPolicies = items.map(({ name, type, document }) => ({
    policyName: name,
    policyType: type as NonNullable<Policy['policyType']>,
    policyDocument: document,
    accountId: ACCOUNT,
    scope: 'ALL' as const,
  }))
  return { accountPolicies, ...optional('nextToken', next) }
}

/** Without a transformer the answer is empty, not an error (CloudWatch Logs API reference, GetTransformer). */
function getTransformer(input: GetTransformerRequest, context: Context): GetTransformerResponse {
  const group = groupOf(context, input.logGroupIdentifier)
  if (group.transformer === null) return {}
  return { logGroupIdentifier: groupArn(group.region, group.name), transformerConfig: group.transformer as [] }
}

function ownGroups({ state, region }: Context): readonly LogGroupState[] {
  return Object.values(state.logGroups).filter((group) => group.region === region)
}

/** By name, or by either spelling of the ARN. */
function groupOf(context: Context, identifier = ''): LogGroupState {
  const name = identifier.startsWith('arn:') ? (identifier.split(':')[6] ?? '') : identifier
  const group = context.state.logGroups[groupArn(context.region, name)]
  if (group === undefined) {
    throw awsFault('ResourceNotFoundException', 'The specified log group does not exist.')
  }
  return group
}

/** The tag operations take the ARN without `:*`. */
function groupByArn(context: Context, resourceArn = ''): LogGroupState {
  if (resourceArn.endsWith(':*')) throw invalid('resourceArn must not end with :*')
  return groupOf(context, resourceArn)
}

function groupArn(region: string, name: string): string {
  return arn('logs', region, `log-group:${name}`)
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1
}

function invalid(message: string) {
  return awsFault('InvalidParameterException', message)
}
