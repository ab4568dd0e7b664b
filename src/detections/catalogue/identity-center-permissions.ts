/** IAM Identity Center: access granted or permission set changed. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ELASTIC } from '../sources.ts'

export const identityCenterPermissions: Detection = {
  id: 'identity-center-permissions',
  title: 'IAM Identity Center: access granted or permission set changed',
  tier: 'extended',
  packs: [],
  severity: 'medium',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "sso.amazonaws.com") && (($.eventName = "CreateAccountAssignment") || ($.eventName = "AttachManagedPolicyToPermissionSet") || ($.eventName = "AttachCustomerManagedPolicyReferenceToPermissionSet") || ($.eventName = "PutInlinePolicyToPermissionSet") || ($.eventName = "DeletePermissionsBoundaryFromPermissionSet") || ($.eventName = "CreatePermissionSet") || ($.eventName = "ProvisionPermissionSet")) && ($.errorCode NOT EXISTS) }',
    metric: counts('IdentityCenterPermissions'),
    alarm: oneEvent,
  },
  whyItMatters: 'Admin rights handed out here never show as a policy change by a person in the account that they open.',
  firstLook: 'Which user or group got which permission set in which account.',
  knownNoise: ['Automation for people who join, move or leave.'],
  recommendedExclusions: [{ label: 'identity pipeline', when: 'assignments are managed in code' }],
  limits: [],
  attack: ['T1098.003'],
  sources: ['prowler-cloud/prowler privilege_escalation', ELASTIC],
  ownEvents: [
    apiCall(assumedRole(), 'sso.amazonaws.com', 'CreateAccountAssignment', {
      requestParameters: { targetId: '111122223333', principalType: 'USER' },
    }),
    apiCall(iamUser(), 'sso.amazonaws.com', 'CreatePermissionSet', { requestParameters: { name: 'Admin' } }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'sso.amazonaws.com', 'ListAccountAssignments'),
    apiCall(assumedRole(), 'sso.amazonaws.com', 'DescribePermissionSet'),
  ],
}
