/** What is called of CloudWatch: named, so that the bundle holds no more of its client. */

export {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  GetAlarmMuteRuleCommand,
  GetDashboardCommand,
  ListTagsForResourceCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  paginateDescribeAlarmHistory,
  paginateDescribeAlarms,
  paginateGetMetricData,
  paginateListAlarmMuteRules,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch'
