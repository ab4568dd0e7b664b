/** Network ACL changes. */

import { counts, oneEvent } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ASR, CIS, NOZAQ, SECURITY_HUB } from '../sources.ts'

export const networkAclChanges: Detection = {
  id: 'network-acl-changes',
  title: 'Network ACL changes',
  tier: 'compliance',
  packs: cisMonitoring(11),
  severity: 'low',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "ec2.amazonaws.com") && (($.eventName = "CreateNetworkAcl") || ($.eventName = "CreateNetworkAclEntry") || ($.eventName = "DeleteNetworkAcl") || ($.eventName = "DeleteNetworkAclEntry") || ($.eventName = "ReplaceNetworkAclEntry") || ($.eventName = "ReplaceNetworkAclAssociation")) && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com")) }',
    differs: 'The same calls, successful ones by people and pipelines only.',
    metric: counts('NetworkACLChangesPage'),
    alarm: oneEvent,
  },
  compliance: {
    patterns: [
      {
        label: 'security-hub',
        pattern:
          '{($.eventName=CreateNetworkAcl) || ($.eventName=CreateNetworkAclEntry) || ($.eventName=DeleteNetworkAcl) || ($.eventName=DeleteNetworkAclEntry) || ($.eventName=ReplaceNetworkAclEntry) || ($.eventName=ReplaceNetworkAclAssociation)}',
        publishedBy: ['Security Hub CloudWatch.11'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit'],
        securityHub: 'exact',
        valid: true,
      },
      {
        label: 'cis-1.4-to-7.0',
        pattern:
          '{ ($.eventName = CreateNetworkAcl) || ($.eventName = CreateNetworkAclEntry) || ($.eventName = DeleteNetworkAcl) || ($.eventName = DeleteNetworkAclEntry) || ($.eventName = ReplaceNetworkAclEntry) || ($.eventName = ReplaceNetworkAclAssociation) }',
        publishedBy: ['CIS 1.4 to 7.0 (remediation and audit)', 'CloudSploit', 'ScoutSuite'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit', 'scoutsuite'],
        securityHub: 'spacing-differs',
        valid: true,
      },
    ],
    complianceFilters: ['security-hub'],
    everyScanner: ['security-hub', 'cis-1.4-to-7.0'],
    metric: counts('NetworkACLChanges'),
    alarm: oneEvent,
    securityHubControl: 'CloudWatch.11',
    caveat:
      'The compliance filters may share one metric only because the threshold is 1: one call then counts more than once.',
  },
  whyItMatters:
    'Rules of a subnet change seldom. One edit can undo the security groups below it, or cut a network off.',
  firstLook: 'The ACL and the entry: which direction, which range, allow or deny.',
  knownNoise: ['Networks built by infrastructure code.'],
  recommendedExclusions: [{ label: 'deployer role', when: 'networks are built in code' }],
  limits: [],
  attack: [],
  sources: [SECURITY_HUB, CIS, ASR, NOZAQ],
  ownEvents: [
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'CreateNetworkAclEntry', {
      requestParameters: { networkAclId: 'acl-0000000000000001', ruleNumber: 100 },
    }),
    apiCall(iamUser(), 'ec2.amazonaws.com', 'DeleteNetworkAclEntry', {
      requestParameters: { networkAclId: 'acl-0000000000000001' },
    }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'DescribeNetworkAcls'),
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'DescribeSubnets'),
  ],
}
