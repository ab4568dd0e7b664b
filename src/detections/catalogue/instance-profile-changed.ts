/** EC2 instance profile attached or replaced. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ELASTIC } from '../sources.ts'

export const instanceProfileChanged: Detection = {
  id: 'instance-profile-changed',
  title: 'EC2 instance profile attached or replaced',
  tier: 'extended',
  packs: [],
  severity: 'medium',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ((($.eventSource = "ec2.amazonaws.com") && (($.eventName = "AssociateIamInstanceProfile") || ($.eventName = "ReplaceIamInstanceProfileAssociation"))) || (($.eventSource = "iam.amazonaws.com") && ($.eventName = "AddRoleToInstanceProfile"))) && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com")) }',
    metric: counts('InstanceProfileChanged'),
    alarm: oneEvent,
  },
  whyItMatters: 'A machine that the attacker already holds gets a stronger role.',
  firstLook: 'The instance and the role it has now.',
  knownNoise: ['Systems Manager Quick Setup, and people attaching its profile.'],
  recommendedExclusions: [{ label: 'deployer role', when: 'instances are built in code' }],
  limits: [],
  attack: ['T1098.003'],
  sources: [
    'panther-labs/panther-analysis aws_modify_cloud_compute_infrastructure',
    'prowler-cloud/prowler, threat detection actions',
    ELASTIC,
  ],
  ownEvents: [
    apiCall(iamUser(), 'ec2.amazonaws.com', 'ReplaceIamInstanceProfileAssociation', {
      requestParameters: {
        ReplaceIamInstanceProfileAssociationRequest: { AssociationId: 'iip-assoc-0000000000000001' },
      },
    }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'AddRoleToInstanceProfile', {
      requestParameters: { instanceProfileName: 'web', roleName: 'OpsAdmin' },
    }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'ec2.amazonaws.com', 'DescribeIamInstanceProfileAssociations'),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'GetInstanceProfile'),
  ],
}
