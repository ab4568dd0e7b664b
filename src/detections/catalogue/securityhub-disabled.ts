/** Security Hub disabled or standards removed. */

import { counts, oneEventHeldAnHour } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { FIELD_NOISE, MOJ } from '../sources.ts'

export const securityhubDisabled: Detection = {
  id: 'securityhub-disabled',
  title: 'Security Hub disabled or standards removed',
  tier: 'core',
  packs: [],
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "securityhub.amazonaws.com") && (($.eventName = "DisableSecurityHub") || ($.eventName = "BatchDisableStandards") || ($.eventName = "DisableImportFindingsForProduct") || ($.eventName = "DisassociateFromAdministratorAccount") || ($.eventName = "DisassociateFromMasterAccount") || ($.eventName = "DisassociateMembers") || ($.eventName = "DeleteMembers") || ($.eventName = "DisableOrganizationAdminAccount") || ($.eventName = "DisableSecurityHubV2")) && ($.errorCode NOT EXISTS) }',
    metric: counts('SecurityHubDisabled'),
    alarm: oneEventHeldAnHour,
  },
  whyItMatters:
    'Security Hub gathers what all other services report, and without it nothing checks that these alarms exist.',
  firstLook: 'Which call it was: a standard that was replaced is housekeeping, a disabled hub is not.',
  knownNoise: ['Moving to a newer version of a standard calls BatchDisableStandards.'],
  recommendedExclusions: [{ label: 'security tooling deployer', when: 'standards are managed in code' }],
  limits: ['DisableSecurityHubV2 is taken from the API and was not yet seen on a real record.'],
  attack: ['T1562.001'],
  sources: [MOJ, FIELD_NOISE, 'CIS recommendations 4.16 and 5.16 on Security Hub'],
  ownEvents: [
    apiCall(assumedRole(), 'securityhub.amazonaws.com', 'DisableSecurityHub'),
    apiCall(iamUser(), 'securityhub.amazonaws.com', 'BatchDisableStandards'),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'securityhub.amazonaws.com', 'DescribeHub'),
    apiCall(assumedRole(), 'securityhub.amazonaws.com', 'GetFindings'),
  ],
}
