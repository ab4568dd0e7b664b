/** Whether a bucket is closed to the public by its own settings; those of the account are not looked at. */

import { PUBLIC_ACCESS_BLOCK } from '../../domain/resources.ts'
import type { Reading } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import { loadS3 } from '../clients.ts'
import { reading } from '../failures.ts'
import type { Aws } from '../session.ts'

export const PUBLIC_ACCESS_ACTIONS: readonly IamAction[] = ['s3:GetBucketPublicAccessBlock']

/** True with all four settings on (S3 user guide, blocking public access). A bucket of another account is unreadable. */
export async function readPublicAccessBlock(aws: Aws, bucket: string): Promise<Reading<boolean>> {
  const found = await reading(async () => {
    const { GetPublicAccessBlockCommand, S3Client } = await loadS3()
    const input = { Bucket: bucket, ExpectedBucketOwner: aws.identity.account }
    const { PublicAccessBlockConfiguration = {} } = await aws
      .client(S3Client)
      .send(new GetPublicAccessBlockCommand(input))
    const names = Object.keys(PUBLIC_ACCESS_BLOCK) as (keyof typeof PUBLIC_ACCESS_BLOCK)[]
    return names.every((name) => PublicAccessBlockConfiguration[name] === true)
  })
  return found.state === 'read' ? { state: 'read', value: found.value === true } : found
}
