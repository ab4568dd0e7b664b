/** Amazon CloudWatch Logs: log groups. */

import type {
  CreateLogGroupRequest,
  DeleteLogGroupRequest,
  DeleteRetentionPolicyRequest,
  DescribeAccountPoliciesRequest,
  DescribeAccountPoliciesResponse,
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  DescribeSubscriptionFiltersRequest,
  DescribeSubscriptionFiltersResponse,
  GetTransformerRequest,
  GetTransformerResponse,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  LogGroup,
  PutRetentionPolicyRequest,
} from '@aws-sdk/client-cloudwatch-logs'
import { awsFault } from '../../../aws/backend.ts'
import { parseArn } from '../../../domain/names.ts'
import { arn, type OperationContext, type Operations, optional, page } from '../context.ts'
import { ACCOUNT, type LogGroupState } from '../state.ts'

export const logGroupOperations: Operations = {
  CreateLogGroup: createLogGroup,
  DescribeLogGroups: describeLogGroups,
  DeleteLogGroup: deleteLogGroup,
  PutRetentionPolicy: putRetentionPolicy,
  DeleteRetentionPolicy: deleteRetentionPolicy,
  ListTagsForResource: listTagsForResource,
  DescribeSubscriptionFilters: describeSubscriptionFilters,
  DescribeAccountPolicies: describeAccountPolicies,
  GetTransformer: getTransformer,
}

const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

function createLogGroup(input: CreateLogGroupRequest, { state, region, now }: OperationContext): object {
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
function describeLogGroups(
  input: DescribeLogGroupsRequest,
  { state, region, longestPage }: OperationContext,
): DescribeLogGroupsResponse {
  const groups = Object.values(state.logGroups)
    .filter((group) => group.region === region)
    .filter((group) => group.name.startsWith(input.logGroupNamePrefix ?? ''))
    .filter((group) => group.name.includes(input.logGroupNamePattern ?? ''))
    .filter((group) => input.logGroupClass === undefined || group.logClass === input.logGroupClass)
    .sort(byName)
  const { items, next } = page(longestPage, groups, input.nextToken, input.limit)
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

function deleteLogGroup(input: DeleteLogGroupRequest, context: OperationContext): object {
  const group = groupOf(context, input.logGroupName)
  if (group.deletionProtected) {
    throw awsFault('ValidationException', 'The log group is protected from deletion')
  }
  delete context.state.logGroups[groupArn(group.region, group.name)]
  return {}
}

function putRetentionPolicy(input: PutRetentionPolicyRequest, context: OperationContext): object {
  const days = input.retentionInDays ?? 0
  if (!RETENTIONS.includes(days)) throw invalid(`Value '${days}' at 'retentionInDays' failed to satisfy constraint`)
  groupOf(context, input.logGroupName).retention = days
  return {}
}

function deleteRetentionPolicy(input: DeleteRetentionPolicyRequest, context: OperationContext): object {
  groupOf(context, input.logGroupName).retention = null
  return {}
}

function listTagsForResource(
  input: ListTagsForResourceRequest,
  context: OperationContext,
): ListTagsForResourceResponse {
  return { tags: { ...groupByArn(context, input.resourceArn).tags } }
}

function describeSubscriptionFilters(
  input: DescribeSubscriptionFiltersRequest,
  context: OperationContext,
): DescribeSubscriptionFiltersResponse {
  const { name, subscriptionFilters = {} } = groupOf(context, input.logGroupName)
  return {
    subscriptionFilters: Object.entries(subscriptionFilters).map(([filterName, destinationArn]) => ({
      filterName,
      logGroupName: name,
      filterPattern: '',
      destinationArn,
    })),
  }
}

function describeAccountPolicies(
  input: DescribeAccountPoliciesRequest,
  { state, region, longestPage }: OperationContext,
): DescribeAccountPoliciesResponse {
  type Policy = NonNullable<DescribeAccountPoliciesResponse['accountPolicies']>[number]
  const all = state.accountPolicies.filter((policy) => policy.region === region && policy.type === input.policyType)
  const { items, next } = page(longestPage, all, input.nextToken)
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
function getTransformer(input: GetTransformerRequest, context: OperationContext): GetTransformerResponse {
  const group = groupOf(context, input.logGroupIdentifier)
  if (group.transformer === null) return {}
  return { logGroupIdentifier: groupArn(group.region, group.name), transformerConfig: group.transformer as [] }
}

/** The tag operations take the ARN without `:*`. */
function groupByArn(context: OperationContext, resourceArn = ''): LogGroupState {
  if (resourceArn.endsWith(':*')) throw invalid('resourceArn must not end with :*')
  return groupOf(context, resourceArn)
}

function groupArn(region: string, name: string): string {
  return arn('logs', region, `log-group:${name}`)
}

export function ownGroups({ state, region }: OperationContext): readonly LogGroupState[] {
  return Object.values(state.logGroups).filter((group) => group.region === region)
}

/** By name, or by either spelling of the ARN. */
export function groupOf(context: OperationContext, identifier = ''): LogGroupState {
  const name = parseArn(identifier)?.resource.replace(/^log-group:|:\*$/g, '') ?? identifier
  const group = context.state.logGroups[groupArn(context.region, name)]
  if (group === undefined) {
    throw awsFault('ResourceNotFoundException', 'The specified log group does not exist.')
  }
  return group
}

export function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1
}

export function invalid(message: string) {
  return awsFault('InvalidParameterException', message)
}
