/** Customer managed key disabled or scheduled for deletion. */

import { counts, oneEvent, oneEventHeldAnHour } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ASR, CIS, NOZAQ, SECURITY_HUB } from '../sources.ts'

export const kmsKeyDisableOrDelete: Detection = {
  id: 'kms-key-disable-or-delete',
  title: 'Customer managed key disabled or scheduled for deletion',
  tier: 'core',
  packs: cisMonitoring(7),
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "kms.amazonaws.com") && (($.eventName = "DisableKey") || ($.eventName = "ScheduleKeyDeletion") || ($.eventName = "DeleteImportedKeyMaterial")) && ($.errorCode NOT EXISTS) }',
    differs: 'Adds DeleteImportedKeyMaterial, which makes a key useless at once, and counts successful calls only.',
    metric: counts('DisableOrDeleteCMKPage'),
    alarm: oneEventHeldAnHour,
  },
  compliance: {
    patterns: [
      {
        label: 'security-hub',
        pattern:
          '{($.eventSource=kms.amazonaws.com) && (($.eventName=DisableKey) || ($.eventName=ScheduleKeyDeletion))}',
        publishedBy: ['Security Hub CloudWatch.7'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit'],
        securityHub: 'exact',
        valid: true,
      },
      {
        label: 'cis-1.4-to-7.0',
        pattern:
          '{($.eventSource = kms.amazonaws.com) && (($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion)) }',
        publishedBy: ['CIS 1.4 to 7.0 (remediation and audit)', 'CloudSploit'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit'],
        securityHub: 'spacing-differs',
        valid: true,
      },
      {
        label: 'scoutsuite',
        pattern:
          '{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }',
        publishedBy: ['ScoutSuite'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit', 'scoutsuite'],
        securityHub: 'spacing-differs',
        valid: true,
      },
    ],
    complianceFilters: ['security-hub'],
    everyScanner: ['security-hub', 'scoutsuite'],
    metric: counts('DisableOrDeleteCMK'),
    alarm: oneEvent,
    securityHubControl: 'CloudWatch.7',
    caveat:
      'The compliance filters may share one metric only because the threshold is 1: one call then counts more than once.',
  },
  whyItMatters:
    'Without its key the data is gone. Scheduled deletion is a frequent accident and a way to extort, and the waiting period is the one chance to undo it.',
  firstLook:
    'The key id and what it encrypts; cancel the deletion or enable the key again while the waiting period runs.',
  knownNoise: ['Short-lived test stacks that own their keys.'],
  recommendedExclusions: [{ label: 'deployer of short-lived environments', when: 'sandbox accounts only' }],
  limits: [
    'A trail that excludes kms.amazonaws.com from management events never shows this; Security Hub fails the control for it too.',
  ],
  attack: [],
  sources: [SECURITY_HUB, CIS, ASR, NOZAQ, 'trussworks/terraform-aws-cloudtrail-alarms #12'],
  ownEvents: [
    apiCall(assumedRole(), 'kms.amazonaws.com', 'ScheduleKeyDeletion', {
      requestParameters: { keyId: '00000000-0000-4000-8000-0000000000aa', pendingWindowInDays: 7 },
    }),
    apiCall(iamUser(), 'kms.amazonaws.com', 'DisableKey', {
      requestParameters: { keyId: '00000000-0000-4000-8000-0000000000aa' },
    }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'kms.amazonaws.com', 'DescribeKey', {
      requestParameters: { keyId: '00000000-0000-4000-8000-0000000000aa' },
    }),
    apiCall(assumedRole(), 'kms.amazonaws.com', 'Decrypt'),
  ],
}
