/** Network gateway changes. */

import { counts, oneEvent } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ASR, CIS, MOJ, NOZAQ, SECURITY_HUB } from '../sources.ts'

export const networkGatewayChanges: Detection = {
  id: 'network-gateway-changes',
  title: 'Network gateway changes',
  tier: 'compliance',
  packs: cisMonitoring(12),
  severity: 'low',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "ec2.amazonaws.com") && (($.eventName = "CreateCustomerGateway") || ($.eventName = "DeleteCustomerGateway") || ($.eventName = "AttachInternetGateway") || ($.eventName = "CreateInternetGateway") || ($.eventName = "DeleteInternetGateway") || ($.eventName = "DetachInternetGateway") || ($.eventName = "CreateNatGateway") || ($.eventName = "DeleteNatGateway") || ($.eventName = "CreateEgressOnlyInternetGateway") || ($.eventName = "CreateTransitGatewayVpcAttachment") || ($.eventName = "AcceptTransitGatewayVpcAttachment") || ($.eventName = "CreateVpnConnection") || ($.eventName = "DeleteVpnConnection")) && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com")) }',
    differs:
      'Adds NAT, egress-only, transit and VPN gateways, which came after the published list; successful calls by people and pipelines only.',
    metric: counts('NetworkGatewayChangesPage'),
    alarm: oneEvent,
  },
  compliance: {
    patterns: [
      {
        label: 'security-hub',
        pattern:
          '{($.eventName=CreateCustomerGateway) || ($.eventName=DeleteCustomerGateway) || ($.eventName=AttachInternetGateway) || ($.eventName=CreateInternetGateway) || ($.eventName=DeleteInternetGateway) || ($.eventName=DetachInternetGateway)}',
        publishedBy: ['Security Hub CloudWatch.12'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit'],
        securityHub: 'exact',
        valid: true,
      },
      {
        label: 'cis-1.4-to-7.0',
        pattern:
          '{ ($.eventName = CreateCustomerGateway) || ($.eventName = DeleteCustomerGateway) || ($.eventName = AttachInternetGateway) || ($.eventName = CreateInternetGateway) || ($.eventName = DeleteInternetGateway) || ($.eventName = DetachInternetGateway) }',
        publishedBy: ['CIS 1.4 to 7.0 (remediation and audit)', 'CloudSploit', 'ScoutSuite'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit', 'scoutsuite'],
        securityHub: 'spacing-differs',
        valid: true,
      },
    ],
    complianceFilters: ['security-hub'],
    everyScanner: ['security-hub', 'cis-1.4-to-7.0'],
    metric: counts('NetworkGatewayChanges'),
    alarm: oneEvent,
    securityHubControl: 'CloudWatch.12',
    caveat:
      'The compliance filters may share one metric only because the threshold is 1: one call then counts more than once.',
  },
  whyItMatters: 'Gateways are the doors of a network. A new one on an isolated network is a way out for data.',
  firstLook: 'Which VPC got the gateway, and whether that network was meant to be closed.',
  knownNoise: ['Networks built by infrastructure code.'],
  recommendedExclusions: [{ label: 'deployer role', when: 'networks are built in code' }],
  limits: [],
  attack: [],
  sources: [SECURITY_HUB, CIS, ASR, NOZAQ, MOJ],
  ownEvents: [
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'AttachInternetGateway', {
      requestParameters: { internetGatewayId: 'igw-0000000000000001', vpcId: 'vpc-0000000000000001' },
    }),
    apiCall(iamUser(), 'ec2.amazonaws.com', 'AttachInternetGateway', {
      requestParameters: { vpcId: 'vpc-0000000000000001' },
    }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'DescribeInternetGateways'),
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'DescribeVpnGateways'),
  ],
}
