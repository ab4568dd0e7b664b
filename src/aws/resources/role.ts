/** The role that CloudTrail assumes to write into the log group. */

import type { IAMClient } from '@aws-sdk/client-iam'
import { DELIVERY_ROLE_DESCRIPTION, type PolicyDocument, parsePolicy } from '../../domain/policy-documents.ts'
import type { Reading, RoleSnapshot } from '../../domain/snapshot.ts'
import { loadIam } from '../clients.ts'
import { errorName, failureKind, reading } from '../failures.ts'
import { changeRetryPolicy, retry } from '../pacing.ts'
import type { Aws } from '../session.ts'
import type { LinkHandler } from './handler.ts'

/** The role with its trust and its policies; where `policy` is named, with that inline policy alone, in half the calls. */
export function readRole(aws: Aws, name: string, policy?: string): Promise<Reading<RoleSnapshot | undefined>> {
  return reading(async () => {
    const { GetRoleCommand, IAMClient } = await loadIam()
    const client = aws.client(IAMClient)
    const [{ Role }, policies, attachedPolicyArns] = await Promise.all([
      client.send(new GetRoleCommand({ RoleName: name })),
      policy === undefined ? inlinePolicies(client, name) : onePolicy(client, name, policy),
      policy === undefined ? attached(client, name) : [],
    ])
    // An answer without the role is none: taken for a role without policies, it would lose what the policies tell.
    if (Role === undefined) throw notAnAnswer('GetRole')
    return {
      arn: Role.Arn ?? '',
      name,
      trust: parsePolicy(Role.AssumeRolePolicyDocument),
      policies,
      attachedPolicyArns,
    }
  })
}

export const roleHandler: LinkHandler<'role'> = {
  async write({ name, spec }, action, { aws, clock, created }) {
    const { IAMClient, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } = await loadIam()
    const client = aws.client(IAMClient)
    const trust = JSON.stringify(spec.trust)
    const put = <T>(call: () => Promise<T>) => retry(clock, changeRetryPolicy, call)
    const made = action === 'create' && (await create(client, name, trust, spec.tags))
    if (made) created?.()
    if (!made) {
      await put(() => client.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: trust })))
    }
    const input = { RoleName: name, PolicyName: spec.policyName, PolicyDocument: JSON.stringify(spec.policy) }
    await put(() => client.send(new PutRolePolicyCommand(input)))
  },
  async remove({ name, spec }, { aws }) {
    const { DeleteRoleCommand, DeleteRolePolicyCommand, IAMClient } = await loadIam()
    const client = aws.client(IAMClient)
    await unlessGone(() => client.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName: spec.policyName })))
    await unlessGone(() => client.send(new DeleteRoleCommand({ RoleName: name })))
  },
  actions: {
    read: ['iam:GetRole', 'iam:ListRolePolicies', 'iam:GetRolePolicy', 'iam:ListAttachedRolePolicies'],
    write: ['iam:CreateRole', 'iam:TagRole', 'iam:UpdateAssumeRolePolicy', 'iam:PutRolePolicy'],
    remove: ['iam:DeleteRolePolicy', 'iam:DeleteRole'],
  },
}

/** True when it was made now; false when it was there already. */
async function create(
  client: IAMClient,
  name: string,
  trust: string,
  tags: Readonly<Record<string, string>>,
): Promise<boolean> {
  const { CreateRoleCommand } = await loadIam()
  try {
    await client.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: trust,
        Description: DELIVERY_ROLE_DESCRIPTION,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    )
    return true
  } catch (error) {
    if (!errorName(error).startsWith('EntityAlreadyExists')) throw error
    return false
  }
}

async function onePolicy(client: IAMClient, name: string, policy: string): Promise<RoleSnapshot['policies']> {
  const { GetRolePolicyCommand } = await loadIam()
  try {
    const { PolicyDocument } = await client.send(new GetRolePolicyCommand({ RoleName: name, PolicyName: policy }))
    const parsed = parsePolicy(PolicyDocument)
    if (parsed === undefined) throw notAnAnswer('GetRolePolicy')
    return { [policy]: parsed }
  } catch (error) {
    if (failureKind(error) === 'absent') return {}
    throw error
  }
}

async function inlinePolicies(client: IAMClient, name: string): Promise<Readonly<Record<string, PolicyDocument>>> {
  const { GetRolePolicyCommand, paginateListRolePolicies } = await loadIam()
  const policies: Record<string, PolicyDocument> = {}
  for await (const page of paginateListRolePolicies({ client }, { RoleName: name })) {
    if (page.PolicyNames === undefined) throw notAnAnswer('ListRolePolicies')
    for (const PolicyName of page.PolicyNames) {
      const { PolicyDocument } = await client.send(new GetRolePolicyCommand({ RoleName: name, PolicyName }))
      const parsed = parsePolicy(PolicyDocument)
      if (parsed === undefined) throw notAnAnswer('GetRolePolicy')
      policies[PolicyName] = parsed
    }
  }
  return policies
}

async function attached(client: IAMClient, name: string): Promise<readonly string[]> {
  const { paginateListAttachedRolePolicies } = await loadIam()
  const arns: string[] = []
  for await (const page of paginateListAttachedRolePolicies({ client }, { RoleName: name })) {
    if (page.AttachedPolicies === undefined) throw notAnAnswer('ListAttachedRolePolicies')
    arns.push(...page.AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []))
  }
  return arns
}

function notAnAnswer(operation: string): Error {
  return new Error(`the answer to ${operation} is incomplete`)
}

async function unlessGone(call: () => Promise<unknown>): Promise<void> {
  try {
    await call()
  } catch (error) {
    if (failureKind(error) !== 'absent') throw error
  }
}
