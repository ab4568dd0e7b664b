/** AWS Config configuration changes. */

import { counts, oneEvent, oneEventHeldAnHour } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ASR, CIS, NOZAQ, SECURITY_HUB } from '../sources.ts'

export const awsConfigChanges: Detection = {
  id: 'aws-config-changes',
  title: 'AWS Config configuration changes',
  tier: 'compliance',
  packs: cisMonitoring(9),
  severity: 'medium',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "config.amazonaws.com") && (($.eventName = "StopConfigurationRecorder") || ($.eventName = "DeleteConfigurationRecorder") || ($.eventName = "DeleteDeliveryChannel") || ($.eventName = "PutConfigurationRecorder") || ($.eventName = "PutDeliveryChannel") || ($.eventName = "DeleteRetentionConfiguration") || ($.eventName = "DeleteConfigurationAggregator")) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com")) && (($.userIdentity.sessionContext.sessionIssuer.arn NOT EXISTS) || ($.userIdentity.sessionContext.sessionIssuer.arn != "*:role/aws-service-role/*")) }',
    differs:
      'Adds DeleteConfigurationRecorder, which no published list has although it does more harm than stopping; leaves out AWS services.',
    metric: counts('AWSConfigChangesPage'),
    alarm: oneEventHeldAnHour,
  },
  compliance: {
    patterns: [
      {
        label: 'security-hub',
        pattern:
          '{($.eventSource=config.amazonaws.com) && (($.eventName=StopConfigurationRecorder) || ($.eventName=DeleteDeliveryChannel) || ($.eventName=PutDeliveryChannel) || ($.eventName=PutConfigurationRecorder))}',
        publishedBy: ['Security Hub CloudWatch.9'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit'],
        securityHub: 'exact',
        valid: true,
      },
      {
        label: 'cis-1.4-to-7.0',
        pattern:
          '{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }',
        publishedBy: ['CIS 1.4 to 7.0 (remediation and audit)'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit'],
        securityHub: 'spacing-differs',
        valid: true,
      },
      {
        label: 'cloudsploit',
        pattern:
          '{($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder))}',
        publishedBy: ['CloudSploit'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit'],
        securityHub: 'spacing-differs',
        valid: true,
      },
      {
        label: 'scoutsuite',
        pattern:
          '{ ($.eventSource = config.amazonaws.com) && (($.eventName = StopConfigurationRecorder) || ($.eventName = DeleteDeliveryChannel) || ($.eventName = PutDeliveryChannel) || ($.eventName = PutConfigurationRecorder)) }',
        publishedBy: ['ScoutSuite'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit', 'scoutsuite'],
        securityHub: 'spacing-differs',
        valid: true,
      },
    ],
    complianceFilters: ['security-hub'],
    everyScanner: ['security-hub', 'scoutsuite'],
    metric: counts('AWSConfigChanges'),
    alarm: oneEvent,
    securityHubControl: 'CloudWatch.9',
    caveat:
      'The compliance filters may share one metric only because the threshold is 1: one call then counts more than once.',
  },
  whyItMatters: 'A stopped recorder hides what changes and silences every rule that judges it.',
  firstLook: 'Whether the recorder runs again (DescribeConfigurationRecorderStatus) and who stopped it.',
  knownNoise: [
    'Config itself and Control Tower put recorders and channels back in place, which raises the published form.',
  ],
  recommendedExclusions: [
    {
      label: 'Control Tower or landing zone',
      when: 'Control Tower or StackSets manage Config',
      principal: '*AWSControlTower*',
    },
  ],
  limits: [],
  attack: [],
  sources: [SECURITY_HUB, CIS, ASR, NOZAQ, 'nozaq/terraform-aws-secure-baseline #139'],
  ownEvents: [
    apiCall(assumedRole(), 'config.amazonaws.com', 'StopConfigurationRecorder', {
      requestParameters: { configurationRecorderName: 'default' },
    }),
    apiCall(iamUser(), 'config.amazonaws.com', 'DeleteDeliveryChannel', {
      requestParameters: { deliveryChannelName: 'default' },
    }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'config.amazonaws.com', 'DescribeConfigurationRecorders'),
    apiCall(assumedRole(), 'config.amazonaws.com', 'DescribeDeliveryChannels'),
  ],
}
