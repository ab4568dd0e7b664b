/** VPC flow logs deleted. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'

export const flowLogsDeleted: Detection = {
  id: 'flow-logs-deleted',
  title: 'VPC flow logs deleted',
  tier: 'core',
  packs: [],
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "ec2.amazonaws.com") && ($.eventName = "DeleteFlowLogs") && ($.errorCode NOT EXISTS) }',
    metric: counts('FlowLogsDeleted'),
    alarm: oneEvent,
  },
  whyItMatters: "The network's evidence goes before the theft that it would have shown.",
  firstLook: 'Which VPC lost its flow logs and whether the VPC itself was being torn down.',
  knownNoise: ['Infrastructure code tearing networks down.'],
  recommendedExclusions: [{ label: 'deployer role', when: 'networks are short-lived' }],
  limits: [],
  attack: ['T1562.008'],
  sources: [
    'SigmaHQ/sigma aws_cloudtrail_vpc_flow_logs_deleted',
    'panther-labs/panther-analysis aws_vpc_flow_logs_deleted',
  ],
  ownEvents: [
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'DeleteFlowLogs', {
      requestParameters: { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: 'fl-0000000000000001' } } },
    }),
    apiCall(iamUser(), 'ec2.amazonaws.com', 'DeleteFlowLogs'),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'DescribeFlowLogs'),
    apiCall(assumedRole(), 'ec2.amazonaws.com', 'CreateFlowLogs'),
  ],
}
