/** KMS keys: who manages one, and what its policy says. */

import { parsePolicy } from '../../domain/policy-documents.ts'
import type { KeySnapshot, Reading } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import { loadKms } from '../clients.ts'
import { reading } from '../failures.ts'
import type { Aws } from '../session.ts'

export const KEY_ACTIONS: readonly IamAction[] = ['kms:DescribeKey', 'kms:GetKeyPolicy']

/** `id` in any spelling that KMS takes: a key id, a key ARN or an alias. */
export function readKey(aws: Aws, id: string): Promise<Reading<KeySnapshot | undefined>> {
  return reading(async () => {
    const { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } = await loadKms()
    const client = aws.client(KMSClient)
    const { KeyMetadata: key } = await client.send(new DescribeKeyCommand({ KeyId: id }))
    const arn = key?.Arn ?? id
    const policy = await reading(async () => {
      // A key has one policy, and it is called default (GetKeyPolicy API reference).
      const { Policy } = await client.send(new GetKeyPolicyCommand({ KeyId: arn, PolicyName: 'default' }))
      return parsePolicy(Policy)
    })
    return { arn, manager: key?.KeyManager ?? 'CUSTOMER', enabled: key?.Enabled ?? true, policy }
  })
}
