/** Centralised root session started (AssumeRoot). */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, exampleArn, iamUser } from '../event.ts'
import { ELASTIC } from '../sources.ts'

export const stsAssumeRoot: Detection = {
  id: 'sts-assume-root',
  title: 'Centralised root session started (AssumeRoot)',
  tier: 'core',
  packs: [],
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern: '{ ($.eventSource = "sts.amazonaws.com") && ($.eventName = "AssumeRoot") }',
    metric: counts('StsAssumeRoot'),
    alarm: oneEvent,
  },
  whyItMatters:
    'The management account can act as root of a member for a few tasks: rare, strong, and not the same as a root sign-in.',
  firstLook: 'The target account and the task policy, and who in the management account started it.',
  knownNoise: ['Scheduled clean-up of root credentials in member accounts.'],
  recommendedExclusions: [{ label: 'root management automation', when: 'such automation exists' }],
  limits: [
    'Sees the call where it is made, in the management account; root-account-usage leaves the session itself out.',
  ],
  attack: ['T1078.004'],
  sources: ['ministryofjustice/modernisation-platform #10145', ELASTIC, 'AWS STS API reference'],
  ownEvents: [
    apiCall(assumedRole(), 'sts.amazonaws.com', 'AssumeRoot', {
      requestParameters: {
        targetPrincipal: '444455556666',
        taskPolicyArn: { arn: exampleArn('iam', 'policy/root-task/IAMAuditRootUserCredentials', 'aws') },
      },
    }),
    apiCall(iamUser(), 'sts.amazonaws.com', 'AssumeRoot', { requestParameters: { targetPrincipal: '444455556666' } }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'sts.amazonaws.com', 'AssumeRole', {
      requestParameters: { roleArn: exampleArn('iam', 'role/x') },
      readOnly: true,
    }),
    apiCall(iamUser(), 'sts.amazonaws.com', 'GetCallerIdentity'),
  ],
}
