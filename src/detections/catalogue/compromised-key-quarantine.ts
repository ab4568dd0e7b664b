/** AWS quarantined a leaked key. */

import { counts, oneEventHeldAnHour } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, exampleArn, iamUser } from '../event.ts'

export const compromisedKeyQuarantine: Detection = {
  id: 'compromised-key-quarantine',
  title: 'AWS quarantined a leaked key',
  tier: 'core',
  packs: [],
  severity: 'critical',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "iam.amazonaws.com") && ((($.eventName = "AttachUserPolicy") && ($.requestParameters.policyArn = "*AWSCompromisedKeyQuarantine*")) || (($.eventName = "PutUserPolicy") && (($.requestParameters.policyName = "AWSCompromisedKeyQuarantine*") || ($.requestParameters.policyName = "AWSExposedCredentialPolicy*")))) }',
    metric: counts('CompromisedKeyQuarantine'),
    alarm: oneEventHeldAnHour,
  },
  whyItMatters:
    "AWS found one of your keys in public and has locked part of the user's rights. There are minutes left.",
  firstLook: 'The user in requestParameters: deactivate its keys now, then look for what they did.',
  knownNoise: ['None expected.'],
  recommendedExclusions: [],
  limits: ['The star behind the name covers V2, V3 and what follows.'],
  attack: ['T1552'],
  sources: [
    'panther-labs/panther-analysis aws_key_compromised',
    'AWS managed policies AWSCompromisedKeyQuarantine to V3',
  ],
  ownEvents: [
    apiCall(iamUser('svc-app'), 'iam.amazonaws.com', 'AttachUserPolicy', {
      requestParameters: {
        userName: 'svc-app',
        policyArn: exampleArn('iam', 'policy/AWSCompromisedKeyQuarantineV3', 'aws'),
      },
    }),
    apiCall(iamUser('svc-app'), 'iam.amazonaws.com', 'PutUserPolicy', {
      requestParameters: { userName: 'svc-app', policyName: 'AWSExposedCredentialPolicy_DO_NOT_REMOVE' },
    }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'iam.amazonaws.com', 'AttachUserPolicy', {
      requestParameters: { userName: 'svc-app', policyArn: exampleArn('iam', 'policy/ReadOnlyAccess', 'aws') },
    }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'GetUser'),
  ],
}
