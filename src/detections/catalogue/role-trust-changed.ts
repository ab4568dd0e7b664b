/** Role trust policy changed. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ELASTIC, MOJ } from '../sources.ts'

export const roleTrustChanged: Detection = {
  id: 'role-trust-changed',
  title: 'Role trust policy changed',
  tier: 'extended',
  packs: [],
  severity: 'medium',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "iam.amazonaws.com") && ($.eventName = "UpdateAssumeRolePolicy") && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com")) }',
    metric: counts('RoleTrustChanged'),
    alarm: oneEvent,
  },
  whyItMatters:
    'An outside principal in the trust of a strong role is a back door that outlives every rotated password and key.',
  firstLook: 'The new trust policy: which account, user or provider may assume the role now.',
  knownNoise: ['Infrastructure code.'],
  recommendedExclusions: [{ label: 'deployer role', when: 'roles are managed in code' }],
  limits: ['Counts every role; a pattern of your own can name the important ones by requestParameters.roleName.'],
  attack: ['T1098'],
  sources: ['panther-labs/panther-analysis aws_iam_backdoor_role', ELASTIC, MOJ],
  ownEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'UpdateAssumeRolePolicy', {
      requestParameters: { roleName: 'OpsAdmin', policyDocument: '{}' },
    }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'UpdateAssumeRolePolicy', {
      requestParameters: { roleName: 'OpsAdmin' },
    }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'UpdateRole', { requestParameters: { roleName: 'OpsAdmin' } }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'GetRole'),
  ],
}
