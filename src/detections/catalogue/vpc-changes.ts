/** VPC changes. */

import { counts, oneEvent } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ASR, CIS, NOZAQ, SECURITY_HUB } from '../sources.ts'

export const vpcChanges: Detection = {
  id: 'vpc-changes',
  title: 'VPC changes',
  tier: 'compliance',
  packs: cisMonitoring(14),
  severity: 'low',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "ec2.amazonaws.com") && (($.eventName = "CreateVpc") || ($.eventName = "DeleteVpc") || ($.eventName = "ModifyVpcAttribute") || ($.eventName = "AcceptVpcPeeringConnection") || ($.eventName = "CreateVpcPeeringConnection") || ($.eventName = "DeleteVpcPeeringConnection") || ($.eventName = "RejectVpcPeeringConnection") || ($.eventName = "ModifyVpcPeeringConnectionOptions") || ($.eventName = "AssociateVpcCidrBlock")) && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com")) }',
    differs:
      'Leaves out the retired ClassicLink calls, adds peering options and further address ranges; successful calls by people and pipelines only.',
    metric: counts('VPCChangesPage'),
    alarm: oneEvent,
  },
  compliance: {
    patterns: [
      {
        label: 'security-hub',
        pattern:
          '{($.eventName=CreateVpc) || ($.eventName=DeleteVpc) || ($.eventName=ModifyVpcAttribute) || ($.eventName=AcceptVpcPeeringConnection) || ($.eventName=CreateVpcPeeringConnection) || ($.eventName=DeleteVpcPeeringConnection) || ($.eventName=RejectVpcPeeringConnection) || ($.eventName=AttachClassicLinkVpc) || ($.eventName=DetachClassicLinkVpc) || ($.eventName=DisableVpcClassicLink) || ($.eventName=EnableVpcClassicLink)}',
        publishedBy: ['Security Hub CloudWatch.14'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit'],
        securityHub: 'exact',
        valid: true,
      },
      {
        label: 'cis-1.4-to-7.0',
        pattern:
          '{ ($.eventName = CreateVpc) || ($.eventName = DeleteVpc) || ($.eventName = ModifyVpcAttribute) || ($.eventName = AcceptVpcPeeringConnection) || ($.eventName = CreateVpcPeeringConnection) || ($.eventName = DeleteVpcPeeringConnection) || ($.eventName = RejectVpcPeeringConnection) || ($.eventName = AttachClassicLinkVpc) || ($.eventName = DetachClassicLinkVpc) || ($.eventName = DisableVpcClassicLink) || ($.eventName = EnableVpcClassicLink) }',
        publishedBy: ['CIS 1.4 to 7.0 (remediation and audit)', 'CloudSploit', 'ScoutSuite'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit', 'scoutsuite'],
        securityHub: 'spacing-differs',
        valid: true,
      },
    ],
    complianceFilters: ['security-hub'],
    everyScanner: ['security-hub', 'cis-1.4-to-7.0'],
    metric: counts('VPCChanges'),
    alarm: oneEvent,
    securityHubControl: 'CloudWatch.14',
    caveat:
      'The compliance filters may share one metric only because the threshold is 1: one call then counts more than once.',
  },
  whyItMatters: 'A new network or peering link makes things reachable that no one reviewed.',
  firstLook: 'The other side of the peering or the new range: is that account or network yours.',
  knownNoise: ['Infrastructure code. Most calls of the published list are ClassicLink and no longer exist.'],
  recommendedExclusions: [{ label: 'deployer role', when: 'networks are built in code' }],
  limits: [],
  attack: [],
  sources: [SECURITY_HUB, CIS, ASR, NOZAQ],
  ownEvents: [
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'AcceptVpcPeeringConnection', {
      requestParameters: { vpcPeeringConnectionId: 'pcx-0000000000000001' },
    }),
    apiCall(iamUser(), 'ec2.amazonaws.com', 'DeleteVpc', { requestParameters: { vpcId: 'vpc-0000000000000001' } }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'DescribeVpcs'),
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'DescribeVpcAttribute'),
  ],
}
