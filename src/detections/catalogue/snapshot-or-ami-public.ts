/** EBS snapshot or AMI made public. */

import { counts, oneEventHeldAnHour } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'

export const snapshotOrAmiPublic: Detection = {
  id: 'snapshot-or-ami-public',
  title: 'EBS snapshot or AMI made public',
  tier: 'core',
  packs: [],
  severity: 'critical',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "ec2.amazonaws.com") && ((($.eventName = "ModifySnapshotAttribute") && ($.requestParameters.createVolumePermission.add.items[*].group = "all")) || (($.eventName = "ModifyImageAttribute") && ($.requestParameters.launchPermission.add.items[*].group = "all")) || ($.eventName = "DisableSnapshotBlockPublicAccess") || ($.eventName = "DisableImageBlockPublicAccess")) && ($.errorCode NOT EXISTS) }',
    metric: counts('SnapshotOrAmiPublic'),
    alarm: oneEventHeldAnHour,
  },
  whyItMatters: 'A disk image that is open to the world is copied within minutes by people who look for nothing else.',
  firstLook: 'The snapshot or image: make it private, then decide what was on it.',
  knownNoise: ['Vendors that publish images on purpose.'],
  recommendedExclusions: [{ label: 'image publisher role', when: 'you publish images' }],
  limits: ['Sharing with one outside account does not show.'],
  attack: ['T1537'],
  sources: [
    'panther-labs/panther-analysis aws_snapshot_made_public',
    'panther-labs/panther-analysis aws_ami_modified_for_public_access',
    'SigmaHQ/sigma aws_snapshot_backup_exfiltration',
  ],
  ownEvents: [
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'ModifySnapshotAttribute', {
      requestParameters: {
        snapshotId: 'snap-0000000000000001',
        attributeType: 'CREATE_VOLUME_PERMISSION',
        createVolumePermission: { add: { items: [{ group: 'all' }] } },
      },
    }),
    apiCall(iamUser(), 'ec2.amazonaws.com', 'ModifyImageAttribute', {
      requestParameters: { imageId: 'ami-0000000000000001', launchPermission: { add: { items: [{ group: 'all' }] } } },
    }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'ModifySnapshotAttribute', {
      requestParameters: {
        snapshotId: 'snap-0000000000000001',
        createVolumePermission: { add: { items: [{ userId: '444455556666' }] } },
      },
    }),
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'DescribeSnapshots'),
  ],
}
