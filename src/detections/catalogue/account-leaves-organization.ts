/** Account leaves, is removed from, or is closed in the organization. */

import { counts, oneEventHeldAnHour } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { CIS, ZOPH } from '../sources.ts'

export const accountLeavesOrganization: Detection = {
  id: 'account-leaves-organization',
  title: 'Account leaves, is removed from, or is closed in the organization',
  tier: 'core',
  packs: [],
  severity: 'critical',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "organizations.amazonaws.com") && (($.eventName = "LeaveOrganization") || ($.eventName = "RemoveAccountFromOrganization") || ($.eventName = "AccountDepartedOrganization") || ($.eventName = "CloseAccount") || ($.eventName = "DeleteOrganization")) }',
    metric: counts('AccountLeavesOrganization'),
    alarm: oneEventHeldAnHour,
  },
  whyItMatters: 'In that instant all guardrails and central logging end for the account.',
  firstLook: 'Which account left and whether anybody planned it.',
  knownNoise: ['Accounts that are closed as planned.'],
  recommendedExclusions: [],
  limits: [
    'The service events for accounts that join or depart reach the management account only.',
    'A member sees only LeaveOrganization, so refused attempts count.',
  ],
  attack: ['T1070'],
  sources: ['panther-labs/panther-analysis aws_cloudtrail_attempt_to_leave_org', CIS, ZOPH],
  ownEvents: [
    apiCall(assumedRole(), 'organizations.amazonaws.com', 'LeaveOrganization'),
    apiCall(iamUser(), 'organizations.amazonaws.com', 'CloseAccount', {
      requestParameters: { accountId: '444455556666' },
    }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'organizations.amazonaws.com', 'ListAccounts'),
    apiCall(assumedRole(), 'organizations.amazonaws.com', 'DescribeOrganization'),
  ],
}
