/** EBS encryption by default turned off. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'

export const ebsDefaultEncryptionOff: Detection = {
  id: 'ebs-default-encryption-off',
  title: 'EBS encryption by default turned off',
  tier: 'core',
  packs: [],
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "ec2.amazonaws.com") && (($.eventName = "DisableEbsEncryptionByDefault") || ($.eventName = "ResetEbsDefaultKmsKeyId")) && ($.errorCode NOT EXISTS) }',
    metric: counts('EbsDefaultEncryptionOff'),
    alarm: oneEvent,
  },
  whyItMatters:
    'From now on new disks are not encrypted and no one notices. It is set for each region, and never by accident.',
  firstLook: 'The region; switch it on again and list the volumes created since.',
  knownNoise: ['None expected.'],
  recommendedExclusions: [],
  limits: [],
  attack: ['T1565'],
  sources: [
    'SigmaHQ/sigma aws_ec2_disable_encryption',
    'panther-labs/panther-analysis aws_ec2_ebs_encryption_disabled',
  ],
  ownEvents: [
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'DisableEbsEncryptionByDefault', {
      requestParameters: { DisableEbsEncryptionByDefaultRequest: {} },
    }),
    apiCall(iamUser(), 'ec2.amazonaws.com', 'ResetEbsDefaultKmsKeyId'),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'EnableEbsEncryptionByDefault', { requestParameters: {} }),
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'GetEbsEncryptionByDefault'),
  ],
}
