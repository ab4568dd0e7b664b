/** Access key created by root. */

import { counts, oneEventHeldAnHour } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser, root } from '../event.ts'
import { FIELD_NOISE, ZOPH } from '../sources.ts'

export const rootAccessKeyCreated: Detection = {
  id: 'root-access-key-created',
  title: 'Access key created by root',
  tier: 'core',
  packs: [],
  severity: 'critical',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "iam.amazonaws.com") && ($.eventName = "CreateAccessKey") && ($.userIdentity.type = "Root") && ($.errorCode NOT EXISTS) }',
    metric: counts('RootAccessKeyCreated'),
    alarm: oneEventHeldAnHour,
  },
  whyItMatters: 'A root key has unlimited power without MFA on a single call. There is no good reason to have one.',
  firstLook: 'Delete the key, then look at every call made with it.',
  knownNoise: ['None expected.'],
  recommendedExclusions: [],
  limits: [
    'Also counts a key that root makes for someone else, on purpose.',
    'root-account-usage counts the same event and pages too.',
  ],
  attack: ['T1098.001'],
  sources: ['panther-labs/panther-analysis aws_root_access_key_created', FIELD_NOISE, ZOPH],
  ownEvents: [
    apiCall(root(), 'iam.amazonaws.com', 'CreateAccessKey', {
      responseElements: { accessKey: { accessKeyId: 'AKIAEXAMPLE02', status: 'Active', userName: 'root' } },
    }),
    apiCall(root('ASIAEXAMPLE02'), 'iam.amazonaws.com', 'CreateAccessKey'),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'CreateAccessKey', { requestParameters: { userName: 'alice' } }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'CreateAccessKey'),
    apiCall(root(), 'iam.amazonaws.com', 'ListAccessKeys'),
  ],
}
