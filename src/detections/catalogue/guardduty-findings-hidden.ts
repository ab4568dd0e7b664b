/** GuardDuty findings suppressed. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'

export const guarddutyFindingsHidden: Detection = {
  id: 'guardduty-findings-hidden',
  title: 'GuardDuty findings suppressed',
  tier: 'extended',
  packs: [],
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "guardduty.amazonaws.com") && ((($.eventName = "CreateFilter") && ($.requestParameters.action = "ARCHIVE")) || ($.eventName = "CreateIPSet") || ($.eventName = "UpdateIPSet") || ($.eventName = "ArchiveFindings")) && ($.errorCode NOT EXISTS) }',
    metric: counts('GuardDutySuppressed'),
    alarm: oneEvent,
  },
  whyItMatters:
    'A list of trusted addresses or a rule that archives findings hides an attacker while the service still looks healthy.',
  firstLook: "The address list or the filter's criteria: whom do they hide.",
  knownNoise: ['Analysts who archive findings.'],
  recommendedExclusions: [{ label: 'triage bot', when: 'a bot archives findings' }],
  limits: ['requestParameters.action was not yet seen on a real record.'],
  attack: ['T1562.001'],
  sources: ['SigmaHQ/sigma aws_guardduty_disruption', 'panther-labs/panther-analysis aws_ipset_modified'],
  ownEvents: [
    apiCall(assumedRole(), 'guardduty.amazonaws.com', 'CreateIPSet', {
      requestParameters: { name: 'trusted', activate: true },
    }),
    apiCall(iamUser(), 'guardduty.amazonaws.com', 'CreateFilter', {
      requestParameters: { name: 'quiet', action: 'ARCHIVE' },
    }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'guardduty.amazonaws.com', 'CreateFilter', {
      requestParameters: { name: 'saved-view', action: 'NOOP' },
    }),
    apiCall(assumedRole(), 'guardduty.amazonaws.com', 'ListFindings'),
  ],
}
