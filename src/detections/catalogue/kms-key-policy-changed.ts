/** KMS key policy or key material changed. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { FIELD_NOISE } from '../sources.ts'

export const kmsKeyPolicyChanged: Detection = {
  id: 'kms-key-policy-changed',
  title: 'KMS key policy or key material changed',
  tier: 'extended',
  packs: [],
  severity: 'high',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "kms.amazonaws.com") && (($.eventName = "PutKeyPolicy") || ($.eventName = "ImportKeyMaterial") || ($.eventName = "DeleteImportedKeyMaterial") || ($.eventName = "DisableKeyRotation")) && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com")) }',
    metric: counts('KmsKeyPolicyChanged'),
    alarm: oneEvent,
  },
  whyItMatters:
    'A key policy can lock the owners out or let outsiders decrypt; imported key material is how extortion works in a cloud.',
  firstLook: 'The new key policy: who may use the key, and can you still administer it.',
  knownNoise: ['Keys managed in infrastructure code.'],
  recommendedExclusions: [{ label: 'deployer role', when: 'keys are managed in code' }],
  limits: [],
  attack: ['T1486'],
  sources: [
    'panther-labs/panther-analysis aws_resource_made_public',
    'SigmaHQ/sigma aws_kms_import_key_material',
    FIELD_NOISE,
  ],
  ownEvents: [
    apiCall(iamUser(), 'kms.amazonaws.com', 'PutKeyPolicy', {
      requestParameters: { keyId: '00000000-0000-4000-8000-0000000000aa', policyName: 'default' },
    }),
    apiCall(assumedRole(), 'kms.amazonaws.com', 'DisableKeyRotation', {
      requestParameters: { keyId: '00000000-0000-4000-8000-0000000000aa' },
    }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'kms.amazonaws.com', 'GetKeyPolicy'),
    apiCall(assumedRole(), 'kms.amazonaws.com', 'GenerateDataKey'),
  ],
}
