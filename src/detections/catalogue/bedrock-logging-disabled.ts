/** Bedrock model invocation logging removed. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ELASTIC } from '../sources.ts'

export const bedrockLoggingDisabled: Detection = {
  id: 'bedrock-logging-disabled',
  title: 'Bedrock model invocation logging removed',
  tier: 'extended',
  packs: [],
  severity: 'medium',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "bedrock.amazonaws.com") && ($.eventName = "DeleteModelInvocationLoggingConfiguration") && ($.errorCode NOT EXISTS) }',
    metric: counts('BedrockLoggingDisabled'),
    alarm: oneEvent,
  },
  whyItMatters: 'It is the first move when a stolen key is used to resell access to models.',
  firstLook: "The actor's other Bedrock calls, and the bill.",
  knownNoise: ['A rare change by infrastructure code.'],
  recommendedExclusions: [],
  limits: [],
  attack: ['T1562.008'],
  sources: ['panther-labs/panther-analysis aws_bedrock_deletemodelinvocationloggingconfiguration', ELASTIC],
  ownEvents: [
    apiCall(iamUser(), 'bedrock.amazonaws.com', 'DeleteModelInvocationLoggingConfiguration'),
    apiCall(assumedRole(), 'bedrock.amazonaws.com', 'DeleteModelInvocationLoggingConfiguration'),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'bedrock.amazonaws.com', 'GetModelInvocationLoggingConfiguration'),
    apiCall(assumedRole(), 'bedrock.amazonaws.com', 'ListFoundationModels'),
  ],
}
