/** Amazon S3: the bucket of a trail. */
import type {
  CreateBucketOutput,
  CreateBucketRequest,
  DeleteBucketRequest,
  GetBucketPolicyOutput,
  GetBucketPolicyRequest,
  GetPublicAccessBlockOutput,
  GetPublicAccessBlockRequest,
  ListBucketsOutput,
  ListBucketsRequest,
  ListObjectsV2Output,
  ListObjectsV2Request,
  PutBucketPolicyRequest,
  PutPublicAccessBlockRequest,
} from '@aws-sdk/client-s3'
import { awsFault } from '../../../aws/backend.ts'
import { parsePolicy } from '../../../domain/policy-documents.ts'
import { type OperationContext, type Operations, optional, page } from '../context.ts'
import { ACCOUNT, type BucketState } from '../state.ts'

export const s3: Operations = {
  CreateBucket: createBucket,
  ListBuckets: listBuckets,
  DeleteBucket: deleteBucket,
  GetBucketPolicy: getBucketPolicy,
  PutBucketPolicy: putBucketPolicy,
  GetPublicAccessBlock: getPublicAccessBlock,
  PutPublicAccessBlock: putPublicAccessBlock,
  ListObjectsV2: listObjects,
}

function createBucket(input: CreateBucketRequest, { state, region, now }: OperationContext): CreateBucketOutput {
  const name = input.Bucket ?? ''
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
    throw awsFault('InvalidBucketName', 'The specified bucket is not valid.')
  }
  const wanted: string | undefined = input.CreateBucketConfiguration?.LocationConstraint
  if ((wanted ?? 'us-east-1') !== region || wanted === 'us-east-1') {
    const message = 'The specified location constraint is incompatible with the region that the request was sent to.'
    throw awsFault(wanted === undefined ? 'IllegalLocationConstraintException' : 'InvalidLocationConstraint', message)
  }
  const existing = state.buckets[name]
  if (existing !== undefined && existing.owner !== ACCOUNT) {
    throw awsFault('BucketAlreadyExists', 'The requested bucket name is not available.', 409)
  }
  // us-east-1 alone answers a second creation with a success (S3 API reference, CreateBucket).
  if (existing !== undefined && region !== 'us-east-1') {
    throw awsFault('BucketAlreadyOwnedByYou', 'The bucket is yours already.', 409)
  }
  state.buckets[name] = existing ?? {
    name,
    region,
    owner: ACCOUNT,
    createdAt: now,
    policy: null,
    publicAccessBlock: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
    tags: {},
    objects: {},
  }
  return { Location: `/${name}` }
}

function listBuckets(input: ListBucketsRequest, { state, longestPage }: OperationContext): ListBucketsOutput {
  const own = Object.values(state.buckets).filter((bucket) => bucket.owner === ACCOUNT)
  const { items, next } = page(longestPage, own, input.ContinuationToken, input.MaxBuckets)
  const Buckets = items.map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt) }))
  return { Buckets, ...optional('ContinuationToken', next) }
}

function deleteBucket(input: DeleteBucketRequest, context: OperationContext): object {
  const bucket = bucketOf(context, input)
  if (Object.keys(bucket.objects).length > 0) {
    throw awsFault('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409)
  }
  delete context.state.buckets[bucket.name]
  return {}
}

function getBucketPolicy(input: GetBucketPolicyRequest, context: OperationContext): GetBucketPolicyOutput {
  const { policy } = bucketOf(context, input)
  if (policy === null) throw awsFault('NoSuchBucketPolicy', 'The bucket policy does not exist', 404)
  return { Policy: policy }
}

function putBucketPolicy(input: PutBucketPolicyRequest, context: OperationContext): object {
  const bucket = bucketOf(context, input)
  if ((parsePolicy(input.Policy)?.Statement ?? []).length === 0) {
    throw awsFault('MalformedPolicy', 'This policy contains invalid Json')
  }
  bucket.policy = input.Policy ?? null
  return {}
}

function getPublicAccessBlock(
  input: GetPublicAccessBlockRequest,
  context: OperationContext,
): GetPublicAccessBlockOutput {
  const { publicAccessBlock } = bucketOf(context, input)
  if (publicAccessBlock === null) {
    throw awsFault('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found', 404)
  }
  return { PublicAccessBlockConfiguration: publicAccessBlock }
}

function putPublicAccessBlock(input: PutPublicAccessBlockRequest, context: OperationContext): object {
  const given = Object.entries(input.PublicAccessBlockConfiguration ?? {})
  bucketOf(context, input).publicAccessBlock = Object.fromEntries(given.map(([key, value]) => [key, value === true]))
  return {}
}

function listObjects(input: ListObjectsV2Request, context: OperationContext): ListObjectsV2Output {
  const { objects, name } = bucketOf(context, input)
  const all = Object.entries(objects).filter(([key]) => key.startsWith(input.Prefix ?? ''))
  const { items, next } = page(context.longestPage, all, input.ContinuationToken, input.MaxKeys)
  const Contents = items.map(([Key, Size]) => ({ Key, Size }))
  const more = { IsTruncated: next !== undefined, ...optional('NextContinuationToken', next) }
  return { Name: name, KeyCount: items.length, ...(items.length === 0 ? {} : { Contents }), ...more }
}

interface BucketInput {
  readonly Bucket: string | undefined
  readonly ExpectedBucketOwner?: string | undefined
}

function bucketOf({ state }: OperationContext, input: BucketInput): BucketState {
  const bucket = state.buckets[input.Bucket ?? '']
  if (bucket === undefined) throw awsFault('NoSuchBucket', 'The specified bucket does not exist', 404)
  if (bucket.owner !== ACCOUNT || bucket.owner !== (input.ExpectedBucketOwner ?? ACCOUNT)) {
    throw awsFault('AccessDenied', 'Access Denied', 403)
  }
  return bucket
}
