/** Console password created or reset for an IAM user. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'

export const loginProfileChanged: Detection = {
  id: 'login-profile-changed',
  title: 'Console password created or reset for an IAM user',
  tier: 'core',
  packs: [],
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "iam.amazonaws.com") && (($.eventName = "CreateLoginProfile") || ($.eventName = "UpdateLoginProfile")) && ($.errorCode NOT EXISTS) }',
    metric: counts('LoginProfileChanged'),
    alarm: oneEvent,
  },
  whyItMatters:
    "A console password turns a machine identity into one that signs in with a browser, or takes over a person's.",
  firstLook: 'Which user got the password and whether a help-desk ticket asked for it.',
  knownNoise: ['New starters and password resets where IAM users are still in use.'],
  recommendedExclusions: [{ label: 'identity team role', when: 'resets have tickets' }],
  limits: [],
  attack: ['T1098', 'T1136.003'],
  sources: [
    'panther-labs/panther-analysis aws_cloudtrail_loginprofilecreatedormodified',
    'SigmaHQ/sigma aws_update_login_profile',
  ],
  ownEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'CreateLoginProfile', {
      requestParameters: { userName: 'svc-backup', passwordResetRequired: false },
    }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'UpdateLoginProfile', {
      requestParameters: { userName: 'svc-backup' },
    }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'ChangePassword'),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'GetLoginProfile'),
  ],
}
