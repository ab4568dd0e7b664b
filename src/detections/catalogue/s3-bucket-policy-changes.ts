/** S3 bucket policy changes. */

import { counts, oneEvent } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ASR, CIS, FIELD_NOISE, NOZAQ, SECURITY_HUB } from '../sources.ts'

export const s3BucketPolicyChanges: Detection = {
  id: 's3-bucket-policy-changes',
  title: 'S3 bucket policy changes',
  tier: 'compliance',
  packs: cisMonitoring(8),
  severity: 'medium',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "s3.amazonaws.com") && (($.eventName = "PutBucketAcl") || ($.eventName = "PutBucketPolicy") || ($.eventName = "DeleteBucketPolicy") || ($.eventName = "PutBucketReplication") || ($.eventName = "PutBucketWebsite") || ($.eventName = "PutBucketOwnershipControls")) && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com")) }',
    differs:
      'Only successful calls that touch access; CORS and lifecycle stay with the published text, public access block has its own detection.',
    metric: counts('S3BucketPolicyChangesPage'),
    alarm: oneEvent,
  },
  compliance: {
    patterns: [
      {
        label: 'security-hub',
        pattern:
          '{($.eventSource=s3.amazonaws.com) && (($.eventName=PutBucketAcl) || ($.eventName=PutBucketPolicy) || ($.eventName=PutBucketCors) || ($.eventName=PutBucketLifecycle) || ($.eventName=PutBucketReplication) || ($.eventName=DeleteBucketPolicy) || ($.eventName=DeleteBucketCors) || ($.eventName=DeleteBucketLifecycle) || ($.eventName=DeleteBucketReplication))}',
        publishedBy: ['Security Hub CloudWatch.8'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit'],
        securityHub: 'exact',
        valid: true,
      },
      {
        label: 'cis-1.4-to-7.0',
        pattern:
          '{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) || ($.eventName = PutBucketPolicy) || ($.eventName = PutBucketCors) || ($.eventName = PutBucketLifecycle) || ($.eventName = PutBucketReplication) || ($.eventName = DeleteBucketPolicy) || ($.eventName = DeleteBucketCors) || ($.eventName = DeleteBucketLifecycle) || ($.eventName = DeleteBucketReplication)) }',
        publishedBy: ['CIS 1.4 to 7.0 (remediation and audit)', 'CloudSploit'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit'],
        securityHub: 'spacing-differs',
        valid: true,
      },
      {
        label: 'scoutsuite',
        pattern:
          '{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) || ($.eventName = PutBucketPolicy) || ($.eventName = PutBucketCors) || ($.eventName = PutBucketLifecycle) || ($.eventName = PutBucketReplication) || ($.eventName = DeleteBucketPolicy) || ($.eventName = DeleteBucketReplication)) }',
        publishedBy: ['ScoutSuite'],
        acceptedBy: ['scoutsuite'],
        securityHub: 'not-documented',
        flaw: 'Leaves out DeleteBucketCors and DeleteBucketLifecycle, so every other scanner fails it.',
        valid: true,
      },
    ],
    complianceFilters: ['security-hub'],
    everyScanner: ['security-hub', 'scoutsuite'],
    metric: counts('S3BucketPolicyChanges'),
    alarm: oneEvent,
    securityHubControl: 'CloudWatch.8',
    caveat:
      'The compliance filters may share one metric only because the threshold is 1: one call then counts more than once.',
  },
  whyItMatters:
    'A bucket policy, an ACL or a replication rule is the shortest way from private data to the internet or to another account.',
  firstLook: 'The bucket and the new policy: does it now name everyone or an account that is not yours.',
  knownNoise: [
    'The deployment role: 94 percent of the alarms of two weeks in one account.',
    'Lifecycle and CORS edits are housekeeping nearly always.',
  ],
  recommendedExclusions: [{ label: 'deployer role', when: 'bucket policies are managed in code' }],
  limits: [
    'A lifecycle rule that expires everything destroys data without touching access: only the published text sees it.',
  ],
  attack: [],
  sources: [SECURITY_HUB, CIS, ASR, NOZAQ, FIELD_NOISE],
  ownEvents: [
    apiCall(iamUser(), 's3.amazonaws.com', 'PutBucketPolicy', {
      requestParameters: { bucketName: 'example-bucket' },
    }),
    apiCall(assumedRole(), 's3.amazonaws.com', 'DeleteBucketPolicy', {
      requestParameters: { bucketName: 'example-bucket' },
    }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 's3.amazonaws.com', 'GetBucketPolicy', {
      requestParameters: { bucketName: 'example-bucket' },
    }),
    apiCall(assumedRole(), 's3.amazonaws.com', 'GetBucketAcl'),
  ],
}
