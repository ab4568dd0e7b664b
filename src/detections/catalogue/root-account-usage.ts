/** Root account usage. */

import { counts, oneEvent, oneEventHeldAnHour } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, consoleLogin, iamUser, root } from '../event.ts'
import { ASR, CIS, NOZAQ, SECURITY_HUB } from '../sources.ts'

export const rootAccountUsage: Detection = {
  id: 'root-account-usage',
  title: 'Root account usage',
  tier: 'core',
  packs: cisMonitoring(3),
  severity: 'critical',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != "AwsServiceEvent") && (($.userIdentity.sessionContext.assumedRoot NOT EXISTS) || ($.userIdentity.sessionContext.assumedRoot != "true")) }',
    differs:
      'Quotes the values and leaves out the task sessions of centralised root access, which sts-assume-root covers.',
    metric: counts('RootAccountUsagePage'),
    alarm: oneEventHeldAnHour,
  },
  compliance: {
    patterns: [
      {
        label: 'security-hub',
        pattern:
          '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}',
        publishedBy: ['Security Hub CloudWatch.1'],
        acceptedBy: ['prowler', 'powerpipe'],
        securityHub: 'exact',
        valid: true,
      },
      {
        label: 'cis-1.4-to-3.0',
        pattern:
          '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
        publishedBy: ['CIS 1.4 to 3.0 (remediation and audit)', 'ScoutSuite'],
        acceptedBy: ['prowler', 'powerpipe', 'scoutsuite'],
        securityHub: 'spacing-differs',
        valid: true,
      },
      {
        label: 'cis-4.0-to-7.0',
        pattern:
          '{ $.userIdentity.type = Root && $.userIdentity.invokedBy NOT EXISTS && $.eventType != AwsServiceEvent }',
        publishedBy: ['CIS 4.0 to 7.0 (remediation and audit)', 'CloudSploit'],
        acceptedBy: ['prowler', 'cloudsploit'],
        securityHub: 'not-documented',
        valid: true,
      },
    ],
    complianceFilters: ['security-hub'],
    everyScanner: ['security-hub', 'cis-1.4-to-3.0', 'cis-4.0-to-7.0'],
    metric: counts('RootAccountUsage'),
    alarm: oneEvent,
    securityHubControl: 'CloudWatch.1',
    caveat:
      'The compliance filters may share one metric only because the threshold is 1: one call then counts more than once.',
  },
  whyItMatters:
    'No IAM policy binds root, and hardly any task needs it. Whoever acts as root either planned to or has taken the account.',
  firstLook:
    'The source address and whether a break-glass procedure is open right now; if no one expects it, treat the account as taken.',
  knownNoise: [
    'Root task sessions (AssumeRoot) look like root to the published pattern.',
    'Calls that a service makes on behalf of root carry invokedBy and are left out, AwsServiceEvent records too.',
  ],
  recommendedExclusions: [],
  limits: [
    'The documented text has a space before != and none after it. Modules whose text differs only in spaces are reported to pass; AWS does not promise it.',
  ],
  attack: [],
  sources: [
    SECURITY_HUB,
    CIS,
    ASR,
    NOZAQ,
    'terraform-aws-modules/terraform-aws-cloudwatch #50',
    'ministryofjustice/modernisation-platform #10145',
  ],
  ownEvents: [
    consoleLogin(root(), 'Success', 'Yes'),
    consoleLogin(root(), 'Failure', 'No'),
    apiCall(root('ASIAEXAMPLE02'), 'iam.amazonaws.com', 'CreateUser', { requestParameters: { userName: 'mallory' } }),
    apiCall(root('AKIAEXAMPLE04'), 's3.amazonaws.com', 'ListBuckets'),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'ListUsers'),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'CreateUser'),
    apiCall({ ...root('ASIAEXAMPLE03'), invokedBy: 'support.amazonaws.com' }, 'kms.amazonaws.com', 'CreateGrant', {
      sourceIPAddress: 'support.amazonaws.com',
    }),
    apiCall(root(), 'autoscaling.amazonaws.com', 'TerminateInstanceInAutoScalingGroup', {
      eventType: 'AwsServiceEvent',
    }),
  ],
}
