/** Root password, e-mail or MFA changed. */

import { counts, oneEventHeldAnHour } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser, root } from '../event.ts'
import { ELASTIC } from '../sources.ts'

export const rootCredentialsChanged: Detection = {
  id: 'root-credentials-changed',
  title: 'Root password, e-mail or MFA changed',
  tier: 'core',
  packs: [],
  severity: 'critical',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.userIdentity.type = "Root") && (($.eventName = "PasswordUpdated") || ($.eventName = "PasswordRecoveryRequested") || ($.eventName = "PasswordRecoveryCompleted") || ($.eventName = "EmailUpdated") || ($.eventName = "CreateVirtualMFADevice") || ($.eventName = "EnableMFADevice") || ($.eventName = "DeactivateMFADevice") || ($.eventName = "DeleteVirtualMFADevice") || ($.eventName = "ResyncMFADevice")) }',
    metric: counts('RootCredentialsChanged'),
    alarm: oneEventHeldAnHour,
  },
  whyItMatters: 'Whoever controls the root mailbox or its second factor controls the account.',
  firstLook: 'Whether the owner of the root mailbox made the change; if not, use account recovery with AWS at once.',
  knownNoise: ['The first setup of an account.'],
  recommendedExclusions: [],
  limits: [
    'Apart from PasswordUpdated the sign-in event names were not yet seen on real records.',
    'root-account-usage counts the same events and pages too.',
  ],
  attack: ['T1098'],
  sources: [
    'panther-labs/panther-analysis aws_root_password_changed',
    ELASTIC,
    'panther-labs/panther-analysis aws_root_activity',
  ],
  ownEvents: [
    apiCall(root(), 'signin.amazonaws.com', 'PasswordUpdated', {
      eventType: 'AwsConsoleSignIn',
      responseElements: { PasswordUpdated: 'Success' },
    }),
    apiCall(root('ASIAEXAMPLE02'), 'iam.amazonaws.com', 'DeactivateMFADevice'),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'DeactivateMFADevice', {
      requestParameters: { userName: 'alice' },
    }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'EnableMFADevice'),
  ],
}
