/** Transformers: log groups whose events are rewritten before some metric filters see them. */

import type { Reading } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import { loadCloudWatchLogs } from '../clients.ts'
import { reading } from '../failures.ts'
import { inParallel } from '../pacing.ts'
import type { Aws } from '../session.ts'

export const TRANSFORMER_ACTIONS: readonly IamAction[] = ['logs:DescribeAccountPolicies', 'logs:GetTransformer']

/** Calls under way at a time. */
const WIDTH = 8

/** Those of `logGroups` that have a transformer of their own, or all of them under a policy of the account. */
export async function readTransformers(aws: Aws, logGroups: readonly string[]): Promise<Reading<readonly string[]>> {
  const { CloudWatchLogsClient, DescribeAccountPoliciesCommand, GetTransformerCommand } = await loadCloudWatchLogs()
  const client = aws.client(CloudWatchLogsClient)
  const account = await reading(async () => {
    const { accountPolicies = [] } = await client.send(
      new DescribeAccountPoliciesCommand({ policyType: 'TRANSFORMER_POLICY' }),
    )
    return accountPolicies.length
  })
  if (account.state === 'unreadable') return account
  // Which groups an account policy selects is not looked at: any of them may be rewritten.
  if ((account.value ?? 0) > 0) return { state: 'read', value: logGroups }
  const asked = await inParallel(logGroups, WIDTH, async (group) => ({
    group,
    own: await reading(() => client.send(new GetTransformerCommand({ logGroupIdentifier: group }))),
  }))
  const transformed: string[] = []
  for (const { group, own } of asked) {
    if (own.state === 'unreadable') return own
    if ((own.value?.transformerConfig ?? []).length > 0) transformed.push(group)
  }
  return { state: 'read', value: transformed }
}
