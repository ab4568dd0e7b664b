/** What is called of CloudWatch Logs: named, so that the bundle holds no more of its client. */

export {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteMetricFilterCommand,
  DescribeAccountPoliciesCommand,
  DescribeLogStreamsCommand,
  DescribeSubscriptionFiltersCommand,
  FilterLogEventsCommand,
  GetTransformerCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
  paginateDescribeLogGroups,
  paginateDescribeMetricFilters,
  TestMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs'
