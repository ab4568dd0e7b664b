/** AWS IAM: roles and their inline policies. */
import type {
  AttachRolePolicyRequest,
  CreatePolicyRequest,
  CreatePolicyResponse,
  CreateRoleRequest,
  CreateRoleResponse,
  DeleteRolePolicyRequest,
  DeleteRoleRequest,
  GetPolicyRequest,
  GetPolicyResponse,
  GetPolicyVersionRequest,
  GetPolicyVersionResponse,
  GetRolePolicyRequest,
  GetRolePolicyResponse,
  GetRoleRequest,
  GetRoleResponse,
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse,
  ListRolePoliciesRequest,
  ListRolePoliciesResponse,
  ListRolesRequest,
  ListRolesResponse,
  PutRolePolicyRequest,
  Role,
  UpdateAssumeRolePolicyRequest,
} from '@aws-sdk/client-iam'
import { awsFault } from '../../../aws/backend.ts'
import { parsePolicy } from '../../../domain/policy-documents.ts'
import { arn, nextId, type OperationContext, type Operations, page, tagList, tagRecord } from '../context.ts'
import type { RoleState } from '../state.ts'

/** How long other services do not see a change: IAM is eventually consistent (field case C44). */
const LAG_MS = 10_000

/** Managed policies have no other here. */
const ONLY_VERSION = 'v1'

export const iam: Operations = {
  CreateRole: createRole,
  GetRole: getRole,
  ListRoles: listRoles,
  DeleteRole: deleteRole,
  UpdateAssumeRolePolicy: updateTrust,
  PutRolePolicy: putRolePolicy,
  GetRolePolicy: getRolePolicy,
  ListRolePolicies: listRolePolicies,
  DeleteRolePolicy: deleteRolePolicy,
  ListAttachedRolePolicies: listAttachedRolePolicies,
  CreatePolicy: createPolicy,
  AttachRolePolicy: attachRolePolicy,
  GetPolicy: getPolicy,
  GetPolicyVersion: getPolicyVersion,
}

function createRole(input: CreateRoleRequest, { state, now }: OperationContext): CreateRoleResponse {
  const name = input.RoleName ?? ''
  if (!/^[\w+=,.@-]{1,64}$/.test(name)) {
    throw awsFault('ValidationError', `1 validation error detected: value '${name}' at 'roleName' is not valid`)
  }
  if (state.roles[name] !== undefined) {
    throw awsFault('EntityAlreadyExistsException', `Role with name ${name} already exists.`, 409)
  }
  checkPolicy(input.AssumeRolePolicyDocument)
  const role: RoleState = {
    name,
    arn: arn('iam', '', `role${input.Path ?? '/'}${name}`),
    id: `AROA${nextId(state).slice(0, 8).toUpperCase()}`,
    createdAt: now,
    trust: input.AssumeRolePolicyDocument ?? '',
    description: input.Description ?? null,
    tags: tagRecord(input.Tags),
    policies: {},
    attached: [],
    visibleAt: now + LAG_MS,
  }
  state.roles[name] = role
  return { Role: shown(role) }
}

function getRole(input: GetRoleRequest, context: OperationContext): GetRoleResponse {
  const role = roleOf(context, input.RoleName)
  return { Role: { ...shown(role), Tags: tagList(role.tags) } }
}

function listRoles(input: ListRolesRequest, { state, longestPage }: OperationContext): ListRolesResponse {
  const { items, next } = page(longestPage, Object.values(state.roles), input.Marker, input.MaxItems)
  return { Roles: items.map(shown), ...marker(next) }
}

function deleteRole(input: DeleteRoleRequest, context: OperationContext): object {
  const role = roleOf(context, input.RoleName)
  if (Object.keys(role.policies).length > 0) {
    throw awsFault('DeleteConflictException', 'Cannot delete entity, must delete policies first.', 409)
  }
  if (role.attached.length > 0) {
    throw awsFault('DeleteConflictException', 'Cannot delete entity, must detach all policies first.', 409)
  }
  delete context.state.roles[role.name]
  return {}
}

function updateTrust(input: UpdateAssumeRolePolicyRequest, context: OperationContext): object {
  const role = roleOf(context, input.RoleName)
  checkPolicy(input.PolicyDocument)
  role.trust = input.PolicyDocument ?? ''
  role.visibleAt = context.now + LAG_MS
  return {}
}

function putRolePolicy(input: PutRolePolicyRequest, context: OperationContext): object {
  const role = roleOf(context, input.RoleName)
  checkPolicy(input.PolicyDocument)
  role.policies[input.PolicyName ?? ''] = input.PolicyDocument ?? ''
  role.visibleAt = context.now + LAG_MS
  return {}
}

/** IAM gives documents URL-encoded (IAM API reference, GetRolePolicy). */
function getRolePolicy(input: GetRolePolicyRequest, context: OperationContext): GetRolePolicyResponse {
  const role = roleOf(context, input.RoleName)
  const PolicyName = input.PolicyName ?? ''
  const document = role.policies[PolicyName]
  if (document === undefined) {
    throw noSuchEntity(`The role policy with name ${PolicyName} cannot be found.`)
  }
  return { RoleName: role.name, PolicyName, PolicyDocument: encodeURIComponent(document) }
}

function listRolePolicies(input: ListRolePoliciesRequest, context: OperationContext): ListRolePoliciesResponse {
  const names = Object.keys(roleOf(context, input.RoleName).policies)
  const { items, next } = page(context.longestPage, names, input.Marker, input.MaxItems)
  return { PolicyNames: items, ...marker(next) }
}

function deleteRolePolicy(input: DeleteRolePolicyRequest, context: OperationContext): object {
  const { policies } = roleOf(context, input.RoleName)
  const name = input.PolicyName ?? ''
  if (policies[name] === undefined) throw noSuchEntity(`The role policy with name ${name} cannot be found.`)
  delete policies[name]
  return {}
}

function listAttachedRolePolicies(
  input: ListAttachedRolePoliciesRequest,
  context: OperationContext,
): ListAttachedRolePoliciesResponse {
  const { items, next } = page(
    context.longestPage,
    roleOf(context, input.RoleName).attached,
    input.Marker,
    input.MaxItems,
  )
  const AttachedPolicies = items.map((PolicyArn) => ({ PolicyArn, PolicyName: PolicyArn.split('/').at(-1) ?? '' }))
  return { AttachedPolicies, ...marker(next) }
}

function createPolicy(input: CreatePolicyRequest, { state }: OperationContext): CreatePolicyResponse {
  checkPolicy(input.PolicyDocument)
  const Arn = arn('iam', '', `policy/${input.PolicyName}`)
  state.managedPolicies[Arn] = input.PolicyDocument ?? ''
  return { Policy: { Arn, DefaultVersionId: ONLY_VERSION } }
}

function attachRolePolicy(input: AttachRolePolicyRequest, context: OperationContext): object {
  const { attached } = roleOf(context, input.RoleName)
  const PolicyArn = input.PolicyArn ?? ''
  documentOf(context, PolicyArn)
  if (!attached.includes(PolicyArn)) attached.push(PolicyArn)
  return {}
}

function getPolicy({ PolicyArn: Arn = '' }: GetPolicyRequest, context: OperationContext): GetPolicyResponse {
  documentOf(context, Arn)
  return { Policy: { Arn, DefaultVersionId: ONLY_VERSION } }
}

function getPolicyVersion(input: GetPolicyVersionRequest, context: OperationContext): GetPolicyVersionResponse {
  const Document = encodeURIComponent(documentOf(context, input.PolicyArn ?? ''))
  return { PolicyVersion: { Document, VersionId: ONLY_VERSION, IsDefaultVersion: true } }
}

function documentOf({ state }: OperationContext, policyArn: string): string {
  const document = state.managedPolicies[policyArn]
  if (document === undefined) throw noSuchEntity(`Policy ${policyArn} does not exist or is not attachable.`)
  return document
}

function shown(role: RoleState): Role {
  return {
    Path: '/',
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeURIComponent(role.trust),
    ...(role.description === null ? {} : { Description: role.description }),
  }
}

function roleOf({ state }: OperationContext, name = ''): RoleState {
  const role = state.roles[name]
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`)
  return role
}

function checkPolicy(document: string | undefined): void {
  if ((parsePolicy(document)?.Statement ?? []).length === 0) {
    throw awsFault('MalformedPolicyDocumentException', 'This policy contains invalid Json')
  }
}

function marker(next: string | undefined): { IsTruncated: boolean; Marker?: string } {
  return next === undefined ? { IsTruncated: false } : { IsTruncated: true, Marker: next }
}

function noSuchEntity(message: string) {
  return awsFault('NoSuchEntityException', message, 404)
}
