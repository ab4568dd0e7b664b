/** Secret deleted without recovery or opened by policy. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ELASTIC } from '../sources.ts'

export const secretsDestroyed: Detection = {
  id: 'secrets-destroyed',
  title: 'Secret deleted without recovery or opened by policy',
  tier: 'core',
  packs: [],
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "secretsmanager.amazonaws.com") && ((($.eventName = "DeleteSecret") && ($.requestParameters.forceDeleteWithoutRecovery IS TRUE)) || ($.eventName = "PutResourcePolicy")) && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com")) }',
    metric: counts('SecretsDestroyed'),
    alarm: oneEvent,
  },
  whyItMatters:
    'A deletion without recovery breaks production; a resource policy can hand a secret to another account without copying it.',
  firstLook: 'The secret: restore it from the system that made it, or read the new policy.',
  knownNoise: ['Stacks that delete their secrets when they go.'],
  recommendedExclusions: [{ label: 'deployer role', when: 'secrets are made in code' }],
  limits: ['A deletion that can still be undone does not count.'],
  attack: ['T1485'],
  sources: [
    'panther-labs/panther-analysis aws_vpce_sensitive_api_calls',
    'panther-labs/panther-analysis aws_resource_made_public',
    ELASTIC,
  ],
  ownEvents: [
    apiCall(iamUser(), 'secretsmanager.amazonaws.com', 'DeleteSecret', {
      requestParameters: { secretId: 'prod/db', forceDeleteWithoutRecovery: true },
    }),
    apiCall(assumedRole(), 'secretsmanager.amazonaws.com', 'PutResourcePolicy', {
      requestParameters: { secretId: 'prod/db' },
    }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'secretsmanager.amazonaws.com', 'GetSecretValue', {
      requestParameters: { secretId: 'prod/db' },
    }),
    apiCall(assumedRole(), 'secretsmanager.amazonaws.com', 'ListSecrets'),
  ],
}
