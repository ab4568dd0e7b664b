/** CloudTrail configuration changes. */

import { counts, oneEvent, oneEventHeldAnHour } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ASR, CIS, NOZAQ, SECURITY_HUB } from '../sources.ts'

export const cloudtrailConfigChanges: Detection = {
  id: 'cloudtrail-config-changes',
  title: 'CloudTrail configuration changes',
  tier: 'core',
  packs: cisMonitoring(5),
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "cloudtrail.amazonaws.com") && (($.eventName = "CreateTrail") || ($.eventName = "UpdateTrail") || ($.eventName = "DeleteTrail") || ($.eventName = "StartLogging") || ($.eventName = "StopLogging") || ($.eventName = "PutEventSelectors") || ($.eventName = "PutInsightSelectors") || ($.eventName = "DeleteEventDataStore") || ($.eventName = "StopEventDataStoreIngestion") || ($.eventName = "DeregisterOrganizationDelegatedAdmin")) }',
    differs:
      'Adds the calls that blind a trail without stopping it and the CloudTrail Lake ones; refused attempts count on purpose.',
    metric: counts('CloudTrailChangesPage'),
    alarm: oneEventHeldAnHour,
  },
  compliance: {
    patterns: [
      {
        label: 'security-hub',
        pattern:
          '{($.eventName=CreateTrail) || ($.eventName=UpdateTrail) || ($.eventName=DeleteTrail) || ($.eventName=StartLogging) || ($.eventName=StopLogging)}',
        publishedBy: ['Security Hub CloudWatch.5'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit'],
        securityHub: 'exact',
        valid: true,
      },
      {
        label: 'cis-1.4-to-7.0',
        pattern:
          '{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging) }',
        publishedBy: ['CIS 1.4 to 7.0 (remediation and audit)', 'CloudSploit', 'ScoutSuite'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit', 'scoutsuite'],
        securityHub: 'spacing-differs',
        valid: true,
      },
    ],
    complianceFilters: ['security-hub'],
    everyScanner: ['security-hub', 'cis-1.4-to-7.0'],
    metric: counts('CloudTrailChanges'),
    alarm: oneEvent,
    securityHubControl: 'CloudWatch.5',
    caveat:
      'The compliance filters may share one metric only because the threshold is 1: one call then counts more than once.',
  },
  whyItMatters:
    'Who switches the recording off does not want to be seen. Trails change so rarely that each change deserves a look.',
  firstLook:
    'Whether logging is on again (GetTrailStatus) and which call was made by whom; start logging first, ask later.',
  knownNoise: [
    'Trails made or changed by infrastructure code, Control Tower updates, setup scripts that call StartLogging.',
  ],
  recommendedExclusions: [
    { label: 'Control Tower', when: 'Control Tower manages the trail', principal: '*:role/aws-controltower/*' },
  ],
  limits: [
    'Needs a multi-region trail: a StopLogging sent to another region never reaches this log group.',
    'The record of StopLogging itself is still delivered.',
  ],
  attack: [],
  sources: [SECURITY_HUB, CIS, ASR, NOZAQ],
  ownEvents: [
    apiCall(assumedRole(), 'cloudtrail.amazonaws.com', 'StopLogging', {
      requestParameters: { name: 'main' },
    }),
    apiCall(iamUser(), 'cloudtrail.amazonaws.com', 'DeleteTrail', { requestParameters: { name: 'main' } }),
    apiCall(assumedRole(), 'cloudtrail.amazonaws.com', 'UpdateTrail', {
      requestParameters: { name: 'main', isMultiRegionTrail: false },
    }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'cloudtrail.amazonaws.com', 'LookupEvents', {
      requestParameters: { maxResults: 50 },
    }),
    apiCall(assumedRole(), 'cloudtrail.amazonaws.com', 'DescribeTrails'),
  ],
}
