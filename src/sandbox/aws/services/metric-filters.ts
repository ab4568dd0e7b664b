/** Amazon CloudWatch Logs: metric filters. */
import type {
  DeleteMetricFilterRequest,
  DescribeMetricFiltersRequest,
  DescribeMetricFiltersResponse,
  MetricFilter,
  PutMetricFilterRequest,
  TestMetricFilterRequest,
  TestMetricFilterResponse,
} from '@aws-sdk/client-cloudwatch-logs'
import { awsFault } from '../../../aws/backend.ts'
import { type OperationContext, type Operations, optional, page } from '../context.ts'
import type { FilterState, LogGroupState } from '../state.ts'
import { byName, groupOf, invalid, ownGroups } from './log-groups.ts'

export const metricFilterOperations: Operations = {
  PutMetricFilter: putMetricFilter,
  DescribeMetricFilters: describeMetricFilters,
  DeleteMetricFilter: deleteMetricFilter,
  TestMetricFilter: testMetricFilter,
}

const MAX_FILTERS = 100

/** Create or replace by name; only a STANDARD group takes filters, and no more than a hundred. */
function putMetricFilter(input: PutMetricFilterRequest, context: OperationContext): object {
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

function filterOf(input: PutMetricFilterRequest, context: OperationContext): FilterState {
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

function describeMetricFilters(
  input: DescribeMetricFiltersRequest,
  context: OperationContext,
): DescribeMetricFiltersResponse {
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
  const { items, next } = page(context.longestPage, filters, input.nextToken, input.limit)
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

function deleteMetricFilter(input: DeleteMetricFilterRequest, context: OperationContext): object {
  const { filters } = groupOf(context, input.logGroupName)
  const name = input.filterName ?? ''
  if (filters[name] === undefined) {
    throw awsFault('ResourceNotFoundException', 'The specified metric filter does not exist.')
  }
  delete filters[name]
  return {}
}

function testMetricFilter(input: TestMetricFilterRequest, context: OperationContext): TestMetricFilterResponse {
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

export function checkPattern(context: OperationContext, pattern: string): void {
  if (pattern.length > 1024) throw invalid('filterPattern must be at most 1024 characters')
  const refusal = context.patterns.refusal(pattern)
  if (refusal !== undefined) throw invalid(`Invalid metric filter pattern: ${refusal}`)
}
