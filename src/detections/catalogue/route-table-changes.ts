/** Route table changes. */

import { counts, oneEvent } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ASR, CIS, NOZAQ, SECURITY_HUB } from '../sources.ts'

export const routeTableChanges: Detection = {
  id: 'route-table-changes',
  title: 'Route table changes',
  tier: 'compliance',
  packs: cisMonitoring(13),
  severity: 'low',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "ec2.amazonaws.com") && (($.eventName = "CreateRoute") || ($.eventName = "CreateRouteTable") || ($.eventName = "ReplaceRoute") || ($.eventName = "ReplaceRouteTableAssociation") || ($.eventName = "DeleteRouteTable") || ($.eventName = "DeleteRoute") || ($.eventName = "DisassociateRouteTable") || ($.eventName = "AssociateRouteTable")) && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com")) }',
    differs:
      'Adds AssociateRouteTable, which every published list lacks; successful calls by people and pipelines only.',
    metric: counts('RouteTableChangesPage'),
    alarm: oneEvent,
  },
  compliance: {
    patterns: [
      {
        label: 'security-hub',
        pattern:
          '{($.eventSource=ec2.amazonaws.com) && (($.eventName=CreateRoute) || ($.eventName=CreateRouteTable) || ($.eventName=ReplaceRoute) || ($.eventName=ReplaceRouteTableAssociation) || ($.eventName=DeleteRouteTable) || ($.eventName=DeleteRoute) || ($.eventName=DisassociateRouteTable))}',
        publishedBy: ['Security Hub CloudWatch.13'],
        acceptedBy: ['prowler', 'powerpipe'],
        securityHub: 'exact',
        valid: true,
      },
      {
        label: 'security-hub-2023',
        pattern:
          '{($.eventName=CreateRoute) || ($.eventName=CreateRouteTable) || ($.eventName=ReplaceRoute) || ($.eventName=ReplaceRouteTableAssociation) || ($.eventName=DeleteRouteTable) || ($.eventName=DeleteRoute) || ($.eventName=DisassociateRouteTable)}',
        publishedBy: ['Security Hub documentation of 2023', 'ASR 3.1.5'],
        acceptedBy: ['powerpipe', 'cloudsploit'],
        securityHub: 'not-documented',
        flaw: 'Superseded: Security Hub now documents this control with an eventSource term, and one report says that this form stays failed.',
        valid: true,
      },
      {
        label: 'cis-1.4-to-7.0',
        pattern:
          '{ ($.eventName = CreateRoute) || ($.eventName = CreateRouteTable) || ($.eventName = ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) || ($.eventName = DeleteRoute) || ($.eventName = DisassociateRouteTable) }',
        publishedBy: [
          'CIS 1.4 to 2.0 (remediation and audit)',
          'CIS 3.0 to 7.0 (remediation)',
          'CloudSploit',
          'ScoutSuite',
        ],
        acceptedBy: ['powerpipe', 'cloudsploit', 'scoutsuite'],
        securityHub: 'not-documented',
        flaw: 'Without an eventSource term it also takes CreateRoute and DeleteRoute of API Gateway and App Mesh.',
        valid: true,
      },
      {
        label: 'cis-3.0',
        pattern:
          '{($.eventSource = ec2.amazonaws.com) && ($.eventName =CreateRoute) || ($.eventName = CreateRouteTable) || ($.eventName =ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) || ($.eventName= DeleteRouteTable) || ($.eventName = DeleteRoute) || ($.eventName =DisassociateRouteTable) }',
        publishedBy: ['CIS 3.0 (audit)'],
        acceptedBy: ['prowler', 'powerpipe'],
        securityHub: 'not-documented',
        flaw: 'Without inner parentheses the eventSource term binds to CreateRoute alone.',
        valid: true,
      },
      {
        label: 'cis-4.0-to-7.0',
        pattern:
          '{($.eventSource = ec2.amazonaws.com) && ($.eventName = CreateRoute) || ($.eventName = CreateRouteTable) || ($.eventName = ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) || ($.eventName = DeleteRoute) || ($.eventName = DisassociateRouteTable) }',
        publishedBy: ['CIS 4.0 to 7.0 (audit)'],
        acceptedBy: ['prowler', 'powerpipe'],
        securityHub: 'not-documented',
        flaw: 'Without inner parentheses the eventSource term binds to CreateRoute alone.',
        valid: true,
      },
    ],
    complianceFilters: ['security-hub'],
    everyScanner: ['security-hub', 'cis-1.4-to-7.0'],
    metric: counts('RouteTableChanges'),
    alarm: oneEvent,
    securityHubControl: 'CloudWatch.13',
    caveat:
      'The compliance filters may share one metric only because the threshold is 1: one call then counts more than once.',
  },
  whyItMatters: 'A changed route can lead traffic around inspection, or nowhere.',
  firstLook: "The route's destination and target, compared with the table's other routes.",
  knownNoise: ['Networks built by infrastructure code, failover that swaps routes, NAT instances.'],
  recommendedExclusions: [{ label: 'deployer role', when: 'networks are built in code' }],
  limits: [
    "CIS 3.0 to 7.0 contradict themselves: the remediation text has no eventSource term and fails the benchmark's own audit text and Prowler.",
  ],
  attack: [],
  sources: [SECURITY_HUB, CIS, ASR, NOZAQ],
  ownEvents: [
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'CreateRoute', {
      requestParameters: { routeTableId: 'rtb-0000000000000001', destinationCidrBlock: '0.0.0.0/0' },
    }),
    apiCall(iamUser(), 'ec2.amazonaws.com', 'ReplaceRoute', {
      requestParameters: { routeTableId: 'rtb-0000000000000001' },
    }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'DescribeRouteTables'),
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'DescribeSubnets'),
  ],
}
