/** S3 Block Public Access weakened. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { FIELD_NOISE } from '../sources.ts'

export const s3PublicAccessBlockRemoved: Detection = {
  id: 's3-public-access-block-removed',
  title: 'S3 Block Public Access weakened',
  tier: 'core',
  packs: [],
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "s3.amazonaws.com") && ($.eventName = "*PublicAccessBlock") && (($.eventName = "Delete*") || (($.eventName = "Put*") && (($.requestParameters.PublicAccessBlockConfiguration.BlockPublicAcls IS FALSE) || ($.requestParameters.PublicAccessBlockConfiguration.IgnorePublicAcls IS FALSE) || ($.requestParameters.PublicAccessBlockConfiguration.BlockPublicPolicy IS FALSE) || ($.requestParameters.PublicAccessBlockConfiguration.RestrictPublicBuckets IS FALSE)))) && ($.errorCode NOT EXISTS) }',
    metric: counts('S3PublicAccessBlockRemoved'),
    alarm: oneEvent,
  },
  whyItMatters: 'The block is the net under every mistake in a bucket policy.',
  firstLook: 'The bucket or account, and whether a public policy or ACL stands behind the block.',
  knownNoise: ['Buckets of web sites; Terraform removes the block just before it removes the bucket.'],
  recommendedExclusions: [{ label: 'deployer role', when: 'web buckets are built in code' }],
  limits: [
    'The stars in the event name cover bucket and account level.',
    'The flags were not yet seen on a real record: one with text instead of booleans would be missed.',
  ],
  attack: ['T1562.007'],
  sources: [
    'panther-labs/panther-analysis aws_s3_delete_public_access_block',
    'panther-labs/panther-analysis aws_security_configuration_change',
    FIELD_NOISE,
  ],
  ownEvents: [
    apiCall(iamUser(), 's3.amazonaws.com', 'DeleteBucketPublicAccessBlock', {
      requestParameters: { bucketName: 'example-bucket' },
    }),
    apiCall(assumedRole(), 's3.amazonaws.com', 'PutBucketPublicAccessBlock', {
      requestParameters: {
        bucketName: 'example-bucket',
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: false,
          RestrictPublicBuckets: true,
        },
      },
    }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 's3.amazonaws.com', 'PutBucketPublicAccessBlock', {
      requestParameters: {
        bucketName: 'example-bucket',
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: true,
          RestrictPublicBuckets: true,
        },
      },
    }),
    apiCall(assumedRole(), 's3.amazonaws.com', 'GetBucketPublicAccessBlock'),
  ],
}
