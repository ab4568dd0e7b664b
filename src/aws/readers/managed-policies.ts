/** The managed policies of a role: what they allow, which a role tells by their ARNs alone. */

import { type PolicyDocument, parsePolicy } from '../../domain/policy-documents.ts'
import type { Reading, RoleSnapshot } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import { loadIam } from '../clients.ts'
import { reading } from '../failures.ts'
import type { Aws } from '../session.ts'

export const MANAGED_POLICY_ACTIONS: readonly IamAction[] = ['iam:GetPolicy', 'iam:GetPolicyVersion']

/** A role takes 10 unless its quota was raised (IAM quotas); no more are read. */
const MOST_POLICIES = 10

/** The role with the managed policies that could be read; the others stay known by their ARN. */
export async function withManagedPolicies(
  aws: Aws,
  role: Reading<RoleSnapshot | undefined>,
): Promise<Reading<RoleSnapshot | undefined>> {
  if (role.state === 'unreadable' || role.value === undefined) return role
  const arns = role.value.attachedPolicyArns.slice(0, MOST_POLICIES)
  const read = await Promise.all(arns.map(async (arn) => [arn, await readPolicy(aws, arn)] as const))
  const managedPolicies = Object.fromEntries(
    read.flatMap(([arn, policy]) => (policy === undefined ? [] : [[arn, policy]])),
  )
  return { state: 'read', value: { ...role.value, managedPolicies } }
}

/** The default version, which is the one in force (IAM user guide, versioning). */
async function readPolicy(aws: Aws, PolicyArn: string): Promise<PolicyDocument | undefined> {
  const answer = await reading(async () => {
    const { GetPolicyCommand, GetPolicyVersionCommand, IAMClient } = await loadIam()
    const client = aws.client(IAMClient)
    const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }))
    const VersionId = Policy?.DefaultVersionId ?? 'v1'
    const { PolicyVersion } = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }))
    return parsePolicy(PolicyVersion?.Document)
  })
  return answer.state === 'read' ? answer.value : undefined
}
