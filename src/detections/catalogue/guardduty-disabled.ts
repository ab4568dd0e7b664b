/** GuardDuty switched off or members detached. */

import { counts, oneEventHeldAnHour } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ELASTIC, FIELD_NOISE, MOJ } from '../sources.ts'

export const guarddutyDisabled: Detection = {
  id: 'guardduty-disabled',
  title: 'GuardDuty switched off or members detached',
  tier: 'core',
  packs: [],
  severity: 'critical',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "guardduty.amazonaws.com") && (($.eventName = "DeleteDetector") || (($.eventName = "UpdateDetector") && ($.requestParameters.enable IS FALSE)) || ($.eventName = "DisassociateFromAdministratorAccount") || ($.eventName = "DisassociateFromMasterAccount") || ($.eventName = "DisassociateMembers") || ($.eventName = "DeleteMembers") || ($.eventName = "StopMonitoringMembers") || ($.eventName = "DeletePublishingDestination") || ($.eventName = "DisableOrganizationAdminAccount")) }',
    metric: counts('GuardDutyDisabled'),
    alarm: oneEventHeldAnHour,
  },
  whyItMatters: 'GuardDuty is the witness an intruder most wants gone, and it cannot report its own removal.',
  firstLook:
    'Whether a detector is still enabled in that region and which members were cut off; enable it again before anything else.',
  knownNoise: ['Accounts being closed, and landing zones that clean up regions.'],
  recommendedExclusions: [
    {
      label: 'landing-zone role',
      when: 'security services are managed from one place',
      principal: '*AWSControlTower*',
    },
  ],
  limits: [
    'Refused attempts count as well.',
    'UpdateDetector was seen with enable as a JSON boolean; a record with text instead would be missed.',
  ],
  attack: ['T1562.001'],
  sources: [
    'panther-labs/panther-analysis aws_security_configuration_change',
    'SigmaHQ/sigma aws_cloudtrail_guardduty_detector_deleted_or_updated',
    ELASTIC,
    MOJ,
    FIELD_NOISE,
  ],
  ownEvents: [
    apiCall(assumedRole(), 'guardduty.amazonaws.com', 'DeleteDetector', {
      requestParameters: { detectorId: '00000000000000000000000000000001' },
    }),
    apiCall(iamUser(), 'guardduty.amazonaws.com', 'UpdateDetector', {
      requestParameters: { detectorId: '00000000000000000000000000000001', enable: false },
    }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'guardduty.amazonaws.com', 'UpdateDetector', {
      requestParameters: {
        detectorId: '00000000000000000000000000000001',
        enable: true,
        findingPublishingFrequency: 'FIFTEEN_MINUTES',
      },
    }),
    apiCall(assumedRole(), 'guardduty.amazonaws.com', 'ListDetectors'),
  ],
}
