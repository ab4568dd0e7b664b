/** The alerting pipeline itself was changed. */

import { counts, oneEventHeldAnHour } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, exampleArn, iamUser } from '../event.ts'
import { MOJ, ZOPH } from '../sources.ts'

export const alertPipelineTampering: Detection = {
  id: 'alert-pipeline-tampering',
  title: 'The alerting pipeline itself was changed',
  tier: 'core',
  packs: [],
  severity: 'critical',
  urgency: 'page',
  paging: {
    pattern:
      '{ (($.eventSource = "monitoring.amazonaws.com") && (($.eventName = "DeleteAlarms") || ($.eventName = "DisableAlarmActions") || ($.eventName = "PutAlarmMuteRule"))) || (($.eventSource = "logs.amazonaws.com") && (($.eventName = "DeleteMetricFilter") || ($.eventName = "DeleteLogGroup") || ($.eventName = "DeleteLogStream"))) || (($.eventSource = "sns.amazonaws.com") && (($.eventName = "DeleteTopic") || ($.eventName = "Unsubscribe") || ($.eventName = "RemovePermission") || ($.eventName = "SetTopicAttributes"))) }',
    scopedPattern:
      '{ (($.eventSource = "monitoring.amazonaws.com") && (($.eventName = "DeleteAlarms") || ($.eventName = "DisableAlarmActions")) && ($.requestParameters.alarmNames[*] = "{{alarms}}*")) || (($.eventSource = "logs.amazonaws.com") && (($.eventName = "DeleteMetricFilter") || ($.eventName = "DeleteLogGroup")) && ($.requestParameters.logGroupName = "{{logGroup}}")) || (($.eventSource = "sns.amazonaws.com") && (($.requestParameters.topicArn = "{{topic}}") || ($.requestParameters.subscriptionArn = "{{topic}}:*")) && (($.eventName = "DeleteTopic") || ($.eventName = "Unsubscribe") || ($.eventName = "RemovePermission") || ($.eventName = "SetTopicAttributes"))) }',
    metric: counts('AlertPipelineTampering'),
    alarm: oneEventHeldAnHour,
  },
  whyItMatters: 'An alarm that can be unplugged in silence is no alarm, and no benchmark watches the watchers.',
  firstLook:
    'Whether your own team is changing the alarms right now; if not, run doctor and page by another path until it is healthy.',
  knownNoise: ['Without its scope it fires on every alarm that anybody deletes in the account.'],
  recommendedExclusions: [{ label: 'role that upgrades or destroys this chain', when: 'upgrades run in CI' }],
  limits: [
    'CloudTrail takes minutes: whoever deletes this very filter first wins. Keep a second alerting path, and run doctor on a schedule.',
    'PutAlarmMuteRule and the request parameters of CloudWatch and SNS were not yet seen on real records; the scoped form leaves mute rules out.',
  ],
  attack: ['T1562.001', 'T1562.008'],
  sources: [MOJ, ZOPH, 'fivexl/terraform-aws-cloudtrail-to-slack, default rules'],
  ownEvents: [
    apiCall(assumedRole(), 'monitoring.amazonaws.com', 'DeleteAlarms', {
      requestParameters: { alarmNames: ['cloudtrail-pd-root-account-usage'] },
    }),
    apiCall(iamUser(), 'sns.amazonaws.com', 'Unsubscribe', {
      requestParameters: { subscriptionArn: exampleArn('sns', 'alerts:0001') },
    }),
    apiCall(assumedRole(), 'logs.amazonaws.com', 'DeleteMetricFilter', {
      requestParameters: { logGroupName: 'trail', filterName: 'root' },
    }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'monitoring.amazonaws.com', 'DescribeAlarms'),
    apiCall(assumedRole(), 'sns.amazonaws.com', 'ListTopics'),
  ],
}
