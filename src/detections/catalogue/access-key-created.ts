/** Access key created for a named IAM user. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { FIELD_NOISE } from '../sources.ts'

export const accessKeyCreated: Detection = {
  id: 'access-key-created',
  title: 'Access key created for a named IAM user',
  tier: 'extended',
  packs: [],
  severity: 'medium',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "iam.amazonaws.com") && ($.eventName = "CreateAccessKey") && ($.requestParameters.userName = "*") && ($.errorCode NOT EXISTS) }',
    metric: counts('AccessKeyCreated'),
    alarm: oneEvent,
  },
  whyItMatters: 'Giving a key to another user is the plainest way to stay in an account.',
  firstLook: 'Whether actor and user are the same person, and whether that user should have keys at all.',
  knownNoise: ['Rotation jobs, and the console, which names the user even when you make a key for yourself.'],
  recommendedExclusions: [{ label: 'rotation job', when: 'keys are rotated by automation' }],
  limits: ['A pattern cannot compare the actor with the user, so every creation that names a user counts.'],
  attack: ['T1098.001'],
  sources: [
    'panther-labs/panther-analysis aws_iam_user_key_created',
    'SigmaHQ/sigma aws_iam_backdoor_users_keys',
    FIELD_NOISE,
  ],
  ownEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'CreateAccessKey', {
      requestParameters: { userName: 'bob' },
      responseElements: { accessKey: { accessKeyId: 'AKIAEXAMPLE03', status: 'Active', userName: 'bob' } },
    }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'CreateAccessKey', { requestParameters: { userName: 'svc-backup' } }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'ListAccessKeys', { requestParameters: { userName: 'bob' } }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'GetAccessKeyLastUsed'),
  ],
}
