/** The bucket that a trail writes to: private, with the two statements that CloudTrail needs. */

import type { S3Client } from '@aws-sdk/client-s3'
import { mergeStatements, type PolicyDocument, parsePolicy } from '../../domain/policy-documents.ts'
import { PUBLIC_ACCESS_BLOCK } from '../../domain/resources.ts'
import type { BucketSnapshot, Reading } from '../../domain/snapshot.ts'
import { failed, usage } from '../../errors.ts'
import { loadS3 } from '../clients.ts'
import { errorName, failureKind, reading } from '../failures.ts'
import { PUBLIC_ACCESS_ACTIONS, readPublicAccessBlock } from '../readers/public-access.ts'
import type { Aws } from '../session.ts'
import type { LinkHandler } from './handler.ts'

/** The bucket and its policy in one call. The expected owner turns somebody else's bucket of this name into a denial. */
export function readBucket(aws: Aws, name: string): Promise<Reading<BucketSnapshot | undefined>> {
  return reading(() => bucketOf(aws, name))
}

/** Whether anything lies in the bucket; a bucket with objects is an audit record and stays. */
export async function bucketHoldsObjects(aws: Aws, name: string): Promise<boolean> {
  const { ListObjectsV2Command, S3Client } = await loadS3()
  const input = { Bucket: name, MaxKeys: 1, ExpectedBucketOwner: aws.identity.account }
  const { Contents } = await aws.client(S3Client).send(new ListObjectsV2Command(input))
  return (Contents ?? []).length > 0
}

export const bucketHandler: LinkHandler<'bucket'> = {
  async write({ name, spec, ownership }, action, { aws, created }) {
    const { PutBucketPolicyCommand, PutPublicAccessBlockCommand, S3Client } = await loadS3()
    const client = aws.client(S3Client)
    const owner = { Bucket: name, ExpectedBucketOwner: aws.identity.account }
    const made = action === 'create' && (await create(client, name, spec.region))
    if (made) created?.()
    const existing = made ? undefined : await policyOf(aws, name)
    // A bucket that was only named keeps its own settings; one made here is private from its first second.
    if (ownership === 'managed' && (action === 'create' || existing === undefined)) {
      await client.send(
        new PutPublicAccessBlockCommand({
          ...owner,
          PublicAccessBlockConfiguration: PUBLIC_ACCESS_BLOCK,
        }),
      )
      await verifyPrivate(aws, name)
    }
    const policy = mergeStatements(existing, spec.statements)
    await client.send(new PutBucketPolicyCommand({ ...owner, Policy: JSON.stringify(policy) }))
  },
  async remove({ name }, { aws }) {
    const { DeleteBucketCommand, S3Client } = await loadS3()
    try {
      const input = { Bucket: name, ExpectedBucketOwner: aws.identity.account }
      await aws.client(S3Client).send(new DeleteBucketCommand(input))
    } catch (error) {
      if (failureKind(error) !== 'absent') throw error
    }
  },
  actions: {
    read: ['s3:GetBucketPolicy'],
    write: ['s3:CreateBucket', 's3:PutBucketPublicAccessBlock', ...PUBLIC_ACCESS_ACTIONS, 's3:PutBucketPolicy'],
    remove: ['s3:ListBucket', 's3:DeleteBucket'],
  },
}

/**
 * A write that was answered and not done is found here. Where the look is denied nothing is claimed.
 * Throws `bucket-not-private` (exit 1).
 */
async function verifyPrivate(aws: Aws, bucket: string): Promise<void> {
  const found = await readPublicAccessBlock(aws, bucket)
  if (found.state === 'unreadable' ? found.denied : found.value) return
  const why = found.state === 'unreadable' ? `could not be read: ${found.why}` : 'is off, although S3 accepted it'
  throw failed('bucket-not-private', `the public access block of bucket ${bucket} ${why}`, 'run the same command again')
}

/** True when it was made now; false when it was ours already. */
async function create(client: S3Client, name: string, region: string): Promise<boolean> {
  const { CreateBucketCommand } = await loadS3()
  // us-east-1 is the one region that must not be named here (CreateBucket API reference).
  const location =
    region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } }
  try {
    await client.send(new CreateBucketCommand({ Bucket: name, ...location }))
    return true
  } catch (error) {
    if (errorName(error) === 'BucketAlreadyExists') {
      throw usage('bucket-taken', `the bucket name ${name} belongs to another account`, 'name one: --trail-bucket NAME')
    }
    if (errorName(error) !== 'BucketAlreadyOwnedByYou') throw error
    return false
  }
}

async function bucketOf(aws: Aws, name: string): Promise<BucketSnapshot> {
  return { name, policy: await policyOf(aws, name), own: true }
}

async function policyOf(aws: Aws, name: string): Promise<PolicyDocument | undefined> {
  const { GetBucketPolicyCommand, S3Client } = await loadS3()
  try {
    const input = { Bucket: name, ExpectedBucketOwner: aws.identity.account }
    const { Policy } = await aws.client(S3Client).send(new GetBucketPolicyCommand(input))
    return parsePolicy(Policy)
  } catch (error) {
    if (errorName(error) === 'NoSuchBucketPolicy') return undefined
    throw error
  }
}
