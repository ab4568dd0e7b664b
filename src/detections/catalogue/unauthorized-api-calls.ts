/** Unauthorized API calls. */

import { burstOf, counts, oneEvent } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ASR, CIS, FIELD_NOISE, NOZAQ, SECURITY_HUB } from '../sources.ts'

export const unauthorizedApiCalls: Detection = {
  id: 'unauthorized-api-calls',
  title: 'Unauthorized API calls',
  tier: 'compliance',
  packs: cisMonitoring(1),
  severity: 'medium',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com") || ($.userIdentity.invokedBy = "signin.amazonaws.com")) && (($.userIdentity.type NOT EXISTS) || ($.userIdentity.type != "AWSService")) && (($.sourceIPAddress NOT EXISTS) || ($.sourceIPAddress != "delivery.logs.amazonaws.com")) && (($.eventName NOT EXISTS) || ($.eventName != "HeadBucket")) && (($.userIdentity.sessionContext.sessionIssuer.arn NOT EXISTS) || ($.userIdentity.sessionContext.sessionIssuer.arn != "*:role/aws-service-role/*")) }',
    differs:
      'Joins the two exclusions as CIS meant them, leaves out calls that AWS services make for themselves, and asks for a burst instead of one call.',
    metric: counts('UnauthorizedAPICallsPage'),
    alarm: burstOf(25),
  },
  compliance: {
    patterns: [
      {
        label: 'security-hub',
        pattern: '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
        publishedBy: ['Security Hub CloudWatch.2'],
        acceptedBy: ['prowler'],
        securityHub: 'exact',
        valid: true,
      },
      {
        label: 'cis-1.4-to-3.0-quoted',
        pattern:
          '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") || ($.sourceIPAddress!="delivery.logs.amazonaws.com") || ($.eventName!="HeadBucket") }',
        publishedBy: ['CIS 1.4 to 3.0 (remediation)'],
        acceptedBy: ['prowler', 'powerpipe'],
        securityHub: 'not-documented',
        flaw: 'The exclusions are joined by OR, so nearly every event matches.',
        valid: true,
      },
      {
        label: 'cis-1.4-to-3.0-unquoted',
        pattern:
          '{ ($.errorCode = *UnauthorizedOperation) || ($.errorCode = AccessDenied*) || ($.sourceIPAddress!=delivery.logs.amazonaws.com) || ($.eventName!=HeadBucket) }',
        publishedBy: ['CIS 1.4 to 3.0 (audit)'],
        acceptedBy: ['prowler'],
        securityHub: 'not-documented',
        flaw: 'The exclusions are joined by OR, so nearly every event matches.',
        valid: true,
      },
      {
        label: 'cis-4.0-to-7.0-unquoted',
        pattern:
          '{ ($.errorCode =*UnauthorizedOperation) || ($.errorCode =AccessDenied*) && ($.sourceIPAddress!=delivery.logs.amazonaws.com) && ($.eventName!=HeadBucket) }',
        publishedBy: ['CIS 4.0 to 7.0 (remediation and audit)'],
        acceptedBy: ['prowler'],
        securityHub: 'not-documented',
        flaw: 'AND binds tighter than OR, so the exclusions cover AccessDenied alone and not UnauthorizedOperation.',
        valid: true,
      },
      {
        label: 'cloudsploit',
        pattern: '{ ($.errorCode = *UnauthorizedOperation) || ($.errorCode = AccessDenied*) }',
        publishedBy: ['CloudSploit'],
        acceptedBy: ['prowler', 'cloudsploit'],
        securityHub: 'not-documented',
        valid: true,
      },
      {
        label: 'scoutsuite',
        pattern: '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
        publishedBy: ['ScoutSuite'],
        acceptedBy: ['prowler', 'scoutsuite'],
        securityHub: 'spacing-differs',
        valid: true,
      },
      {
        label: 'four-term',
        pattern:
          '{(($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && (($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket"))}',
        publishedBy: ['terraform-aws-secure-baseline'],
        acceptedBy: ['prowler', 'powerpipe'],
        securityHub: 'not-documented',
        valid: true,
      },
    ],
    complianceFilters: ['security-hub', 'four-term'],
    everyScanner: ['security-hub', 'cloudsploit', 'scoutsuite', 'four-term'],
    metric: counts('UnauthorizedAPICalls'),
    alarm: oneEvent,
    securityHubControl: 'CloudWatch.2',
    caveat:
      'The CloudSploit and ScoutSuite compliance filters repeat the two-term form; a threshold above 1 on their metric would count each call several times.',
  },
  whyItMatters:
    'Someone who has just stolen a key does not know what it may do and tries; most tries are refused. A single refusal is everyday life, so it is the number that counts.',
  firstLook:
    'Which principal was refused, from which address, and whether the calls look like a search (List*, Get*, Describe* over many services).',
  knownNoise: [
    'The noisiest control of all: one account counted 87 alarms in 14 days, two thirds of the events from AWS services probing on their own, a quarter from a posture scanner.',
    'Scanners, console pages that ask for more than the user may see, log-delivery checks with HeadBucket, Terraform refreshes under a narrow role.',
    'Bursts of thousands a minute occur. Set the threshold from a backtest: about the 99.5th percentile of five-minute sums.',
  ],
  recommendedExclusions: [
    { label: 'posture scanner role', when: 'the scanner is known and its trust policy was reviewed' },
    {
      label: 'anonymous requests to buckets',
      when: 'S3 data events are logged and public bucket names get probed; keep them if probing interests you',
      clause:
        '(($.userIdentity.accountId NOT EXISTS) || (($.userIdentity.accountId != "ANONYMOUS_PRINCIPAL") && ($.userIdentity.accountId != "anonymous")))',
    },
  ],
  limits: [
    'Security Hub checks this control for CIS 1.2 only.',
    'The starting threshold of 25 comes from other projects, not from your account.',
  ],
  attack: [],
  sources: [
    SECURITY_HUB,
    CIS,
    ASR,
    NOZAQ,
    'turbot/steampipe-mod-aws-compliance #272',
    FIELD_NOISE,
    'eijikominami/aws-cloudformation-templates #138',
  ],
  ownEvents: [
    apiCall(iamUser(), 'ec2.amazonaws.com', 'DescribeInstances', {
      errorCode: 'Client.UnauthorizedOperation',
      errorMessage: 'You are not authorized to perform this operation.',
    }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'CreateUser', { errorCode: 'AccessDenied' }),
    apiCall(assumedRole(), 'secretsmanager.amazonaws.com', 'GetSecretValue', { errorCode: 'AccessDeniedException' }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'ec2.amazonaws.com', 'DescribeInstances'),
    apiCall(assumedRole(), 's3.amazonaws.com', 'ListBuckets'),
    apiCall(assumedRole(), 'sts.amazonaws.com', 'AssumeRole', { errorCode: 'ValidationException' }),
  ],
}
