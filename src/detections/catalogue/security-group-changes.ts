/** Security group changes. */

import { counts, oneEvent } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ASR, CIS, FIELD_NOISE, NOZAQ, SECURITY_HUB } from '../sources.ts'

export const securityGroupChanges: Detection = {
  id: 'security-group-changes',
  title: 'Security group changes',
  tier: 'compliance',
  packs: cisMonitoring(10),
  severity: 'low',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "ec2.amazonaws.com") && (($.eventName = "AuthorizeSecurityGroupIngress") || ($.eventName = "AuthorizeSecurityGroupEgress") || ($.eventName = "ModifySecurityGroupRules")) && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com")) }',
    differs:
      'Only calls that can widen access, that succeeded and that no AWS service made. Calls through CloudFormation stay in: leaving out every invokedBy would let people hide behind a stack.',
    metric: counts('SecurityGroupChangesPage'),
    alarm: oneEvent,
  },
  compliance: {
    patterns: [
      {
        label: 'security-hub',
        pattern:
          '{($.eventName=AuthorizeSecurityGroupIngress) || ($.eventName=AuthorizeSecurityGroupEgress) || ($.eventName=RevokeSecurityGroupIngress) || ($.eventName=RevokeSecurityGroupEgress) || ($.eventName=CreateSecurityGroup) || ($.eventName=DeleteSecurityGroup)}',
        publishedBy: ['Security Hub CloudWatch.10'],
        acceptedBy: ['prowler', 'cloudsploit'],
        securityHub: 'exact',
        valid: true,
      },
      {
        label: 'cis-1.4-to-4.0',
        pattern:
          '{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) }',
        publishedBy: ['CIS 1.4 to 4.0 (remediation and audit)', 'ScoutSuite'],
        acceptedBy: ['prowler', 'cloudsploit', 'scoutsuite'],
        securityHub: 'spacing-differs',
        valid: true,
      },
      {
        label: 'cis-5.0-to-7.0',
        pattern:
          '{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) || ($.eventName = ModifySecurityGroupRules) }',
        publishedBy: ['CIS 5.0 to 7.0 (remediation and audit)'],
        acceptedBy: ['prowler', 'powerpipe'],
        securityHub: 'not-documented',
        valid: true,
      },
      {
        label: 'cloudsploit',
        pattern:
          '{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup)}',
        publishedBy: ['CloudSploit'],
        acceptedBy: ['prowler', 'cloudsploit'],
        securityHub: 'spacing-differs',
        valid: true,
      },
    ],
    complianceFilters: ['security-hub', 'cis-5.0-to-7.0'],
    everyScanner: ['security-hub', 'cis-1.4-to-4.0', 'cis-5.0-to-7.0'],
    metric: counts('SecurityGroupChanges'),
    alarm: oneEvent,
    securityHubControl: 'CloudWatch.10',
    caveat: 'CIS from 5.0 on wants ModifySecurityGroupRules, Security Hub does not: two filters to please both.',
  },
  whyItMatters:
    'Opening a port is often the last step before exposure. The raw event is too frequent to page on: security-group-open-to-world is the one that matters.',
  firstLook: 'The group, the port and the source range in requestParameters.',
  knownNoise: [
    'Load balancer controllers of Kubernetes, Auto Scaling, CI: in one account all 51 alarms were the deployer.',
  ],
  recommendedExclusions: [
    { label: 'deployer role', when: 'CI is the only way to change networks' },
    { label: 'load balancer controller', when: 'EKS manages load balancers', principal: '*load-balancer-controller*' },
  ],
  limits: [],
  attack: [],
  sources: [SECURITY_HUB, CIS, ASR, NOZAQ, FIELD_NOISE],
  ownEvents: [
    apiCall(iamUser(), 'ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress', {
      requestParameters: { groupId: 'sg-0000000000000001' },
    }),
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'AuthorizeSecurityGroupEgress', {
      requestParameters: { groupId: 'sg-0000000000000001' },
    }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'ec2.amazonaws.com', 'DescribeSecurityGroups'),
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'DescribeSecurityGroupRules'),
  ],
}
