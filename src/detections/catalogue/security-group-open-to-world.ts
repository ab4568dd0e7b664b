/** Security group opened to the internet. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ZOPH } from '../sources.ts'

export const securityGroupOpenToWorld: Detection = {
  id: 'security-group-open-to-world',
  title: 'Security group opened to the internet',
  tier: 'extended',
  packs: [],
  severity: 'high',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "ec2.amazonaws.com") && ($.eventName = "AuthorizeSecurityGroupIngress") && (($.requestParameters.ipPermissions.items[*].ipRanges.items[0].cidrIp = "0.0.0.0/0") || ($.requestParameters.ipPermissions.items[0].ipRanges.items[*].cidrIp = "0.0.0.0/0") || ($.requestParameters.ipPermissions.items[*].ipv6Ranges.items[0].cidrIpv6 = "::/0") || ($.requestParameters.cidrIp = "0.0.0.0/0")) && ($.errorCode NOT EXISTS) }',
    metric: counts('SecurityGroupOpenToWorld'),
    alarm: oneEvent,
  },
  whyItMatters: 'This is the part of security group changes that matters: exposure, not churn.',
  firstLook: 'The port: 22, 3389 or a database to the world needs closing now.',
  knownNoise: ['Public load balancers on port 443.'],
  recommendedExclusions: [
    {
      label: 'ports other than 80 and 443 only',
      when: 'web traffic is normal',
      clause:
        '(($.requestParameters.ipPermissions.items[0].fromPort NOT EXISTS) || (($.requestParameters.ipPermissions.items[0].fromPort != 443) && ($.requestParameters.ipPermissions.items[0].fromPort != 80)))',
    },
    { label: 'deployer role', when: 'rules are reviewed in code' },
  ],
  limits: [
    'A pattern holds three [*], one a selector: a world range that is second in a second permission slips through.',
    'The exclusion by port looks at the first permission only.',
  ],
  attack: ['T1562.007'],
  sources: [
    'SigmaHQ/sigma aws_cloudtrail_security_group_change_ingress_egress',
    'panther-labs/panther-analysis aws_ec2_manual_security_group_changes',
    ZOPH,
  ],
  ownEvents: [
    apiCall(iamUser(), 'ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress', {
      requestParameters: {
        groupId: 'sg-0000000000000001',
        ipPermissions: {
          items: [
            {
              ipProtocol: 'tcp',
              fromPort: 22,
              toPort: 22,
              ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] },
              ipv6Ranges: {},
            },
          ],
        },
      },
    }),
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress', {
      requestParameters: {
        groupId: 'sg-0000000000000001',
        ipPermissions: {
          items: [{ ipProtocol: 'tcp', fromPort: 3389, toPort: 3389, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }],
        },
      },
    }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress', {
      requestParameters: {
        groupId: 'sg-0000000000000001',
        ipPermissions: {
          items: [
            {
              ipProtocol: 'tcp',
              fromPort: 22,
              toPort: 22,
              ipRanges: { items: [{ cidrIp: '10.0.0.0/8' }] },
              ipv6Ranges: {},
            },
          ],
        },
      },
    }),
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'DescribeSecurityGroups'),
  ],
}
