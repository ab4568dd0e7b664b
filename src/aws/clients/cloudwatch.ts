/** What is called of CloudWatch: named, so that the bundle holds no more of its client. */

export {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetAlarmMuteRuleCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  paginateDescribeAlarmHistory,
  paginateDescribeAlarms,
  paginateGetMetricData,
  paginateListAlarmMuteRules,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch'
