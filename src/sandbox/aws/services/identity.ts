/** AWS STS and AWS Organizations: who calls, and whose account it is. */
import type {
  DescribeOrganizationResponse,
  ListAccountsRequest,
  ListAccountsResponse,
  ListAWSServiceAccessForOrganizationRequest,
  ListAWSServiceAccessForOrganizationResponse,
  ListDelegatedAdministratorsRequest,
  ListDelegatedAdministratorsResponse,
} from '@aws-sdk/client-organizations'
import type { AssumeRoleRequest, AssumeRoleResponse, GetCallerIdentityResponse } from '@aws-sdk/client-sts'
import { awsFault } from '../../../aws/backend.ts'
import { arn, type OperationContext, type Operations, optional, page } from '../context.ts'
import { ACCOUNT, type OrganizationState, PARTITION, USER } from '../state.ts'

export const CALLER = arn('iam', '', `user/${USER}`)

export const sts: Operations = {
  GetCallerIdentity: getCallerIdentity,
  AssumeRole: assumeRole,
}

export const organizations: Operations = {
  DescribeOrganization: describeOrganization,
  ListAccounts: listAccounts,
  ListAWSServiceAccessForOrganization: listServiceAccess,
  ListDelegatedAdministrators: listDelegatedAdministrators,
}

function getCallerIdentity(): GetCallerIdentityResponse {
  return { Account: ACCOUNT, Arn: CALLER, UserId: 'AIDASANDBOX' }
}

/** The keys are made up, and the caller stays who it is. */
function assumeRole(input: AssumeRoleRequest, { state, now }: OperationContext): AssumeRoleResponse {
  const role = Object.values(state.roles).find((one) => one.arn === input.RoleArn)
  if (role === undefined) {
    const message = `User: ${CALLER} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`
    throw awsFault('AccessDenied', message, 403)
  }
  const session = input.RoleSessionName ?? 'sandbox'
  return {
    Credentials: {
      AccessKeyId: 'SANDBOXACCESSKEY',
      SecretAccessKey: 'sandbox',
      SessionToken: 'sandbox',
      Expiration: new Date(now + 3_600_000),
    },
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${session}`,
      Arn: arn('sts', '', `assumed-role/${role.name}/${session}`),
    },
  }
}

function describeOrganization(_input: object, context: OperationContext): DescribeOrganizationResponse {
  const { id, managementAccount } = organizationOf(context)
  const owner = (resource: string) => ['arn', PARTITION, 'organizations', '', managementAccount, resource].join(':')
  return {
    Organization: {
      Id: id,
      Arn: owner(`organization/${id}`),
      FeatureSet: 'ALL',
      MasterAccountArn: owner(`account/${id}/${managementAccount}`),
      MasterAccountId: managementAccount,
      MasterAccountEmail: 'management@example.com',
    },
  }
}

function listAccounts(input: ListAccountsRequest, context: OperationContext): ListAccountsResponse {
  const { items, next } = page(context.longestPage, managed(context).accounts, input.NextToken, input.MaxResults)
  const Accounts = items.map((Id) => ({ Id, Name: `account ${Id}`, Status: 'ACTIVE' as const }))
  return { Accounts, ...optional('NextToken', next) }
}

function listServiceAccess(
  input: ListAWSServiceAccessForOrganizationRequest,
  context: OperationContext,
): ListAWSServiceAccessForOrganizationResponse {
  const { trustedServices = [] } = managed(context)
  const { items, next } = page(context.longestPage, trustedServices, input.NextToken, input.MaxResults)
  return {
    EnabledServicePrincipals: items.map((ServicePrincipal) => ({ ServicePrincipal })),
    ...optional('NextToken', next),
  }
}

function listDelegatedAdministrators(
  input: ListDelegatedAdministratorsRequest,
  context: OperationContext,
): ListDelegatedAdministratorsResponse {
  const { trailAdministrators = [] } = managed(context)
  const asked = input.ServicePrincipal ?? 'cloudtrail.amazonaws.com'
  const all = asked === 'cloudtrail.amazonaws.com' ? trailAdministrators : []
  const { items, next } = page(context.longestPage, all, input.NextToken, input.MaxResults)
  return {
    DelegatedAdministrators: items.map((Id) => ({ Id, Status: 'ACTIVE' as const })),
    ...optional('NextToken', next),
  }
}

/** The lists answer to the management account and to delegated administrators alone. */
function managed(context: OperationContext): OrganizationState {
  const organization = organizationOf(context)
  if (organization.managementAccount !== ACCOUNT && !isTrailAdministrator(context)) {
    throw awsFault('AccessDeniedException', "You don't have permissions to access this resource.")
  }
  return organization
}

export function isTrailAdministrator({ state }: Pick<OperationContext, 'state'>): boolean {
  return state.organization?.trailAdministrators?.includes(ACCOUNT) === true
}

function organizationOf({ state }: OperationContext): OrganizationState {
  if (state.organization === null) {
    throw awsFault('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.')
  }
  return state.organization
}
