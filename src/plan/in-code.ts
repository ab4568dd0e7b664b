/** Where a repair belongs in Terraform and CloudFormation: what is made there is undone by the next apply. */

import { parseMarker } from '../domain/marker.ts'
import type { AlarmChange, Repair } from './repair.ts'

/** The attributes of `aws_cloudwatch_metric_alarm` (Terraform AWS provider); CloudFormation has the API's names. */
const ALARM_ATTRIBUTES: Readonly<Record<keyof AlarmChange, string>> = {
  ActionsEnabled: 'actions_enabled',
  AlarmActions: 'alarm_actions',
  OKActions: 'ok_actions',
  InsufficientDataActions: 'insufficient_data_actions',
  TreatMissingData: 'treat_missing_data',
  Statistic: 'statistic',
  Threshold: 'threshold',
  ComparisonOperator: 'comparison_operator',
  DatapointsToAlarm: 'datapoints_to_alarm',
}

/** A line for each tool, to type in; none where nothing of it stands in code, or where this tool keeps the alarm up. */
export function inCode(repair: Repair): readonly string[] {
  switch (repair.kind) {
    case 'alarm': {
      const mark = parseMarker(repair.alarm.description)
      if (mark !== undefined && mark.deployedBy === undefined) return []
      const changes = Object.entries(repair.set) as [keyof AlarmChange, unknown][]
      return lines(
        'aws_cloudwatch_metric_alarm',
        changes.map(([name, value]) => `${ALARM_ATTRIBUTES[name]} = ${JSON.stringify(value)}`),
        'AWS::CloudWatch::Alarm',
        changes.map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
      )
    }
    case 'topic-policy':
      return lines('aws_sns_topic_policy', ['policy, with the same statement'], 'AWS::SNS::TopicPolicy', [
        'PolicyDocument, with the same statement',
      ])
    case 'raw-delivery':
      return lines('aws_sns_topic_subscription', ['raw_message_delivery = false'], 'AWS::SNS::Subscription', [
        'RawMessageDelivery: false',
      ])
    case 'start-logging':
      return lines('aws_cloudtrail', ['enable_logging = true'], 'AWS::CloudTrail::Trail', ['IsLogging: true'])
    case 'multi-region':
      return lines(
        'aws_cloudtrail',
        ['is_multi_region_trail = true', 'include_global_service_events = true'],
        'AWS::CloudTrail::Trail',
        ['IsMultiRegionTrail: true', 'IncludeGlobalServiceEvents: true'],
      )
    case 'subscribe-again':
      return []
  }
}

function lines(
  terraform: string,
  attributes: readonly string[],
  cloudFormation: string,
  properties: readonly string[],
): readonly string[] {
  return [
    `in Terraform: ${terraform}, ${attributes.join(', ')}`,
    `in CloudFormation: ${cloudFormation}, ${properties.join(', ')}`,
  ]
}
