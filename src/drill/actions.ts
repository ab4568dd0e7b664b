/** The IAM actions of `test` and `events`, as a policy has to allow them. */

import type { IamAction } from '../iam/action.ts'

const LOOKING: readonly IamAction[] = [
  'cloudtrail:DescribeTrails',
  'cloudtrail:GetEventSelectors',
  'cloudtrail:GetTrailStatus',
  'cloudwatch:DescribeAlarmHistory',
  'cloudwatch:DescribeAlarms',
  'logs:DescribeMetricFilters',
  'logs:FilterLogEvents',
]

export const EVENTS_ACTIONS: readonly IamAction[] = LOOKING

/** Without `sns:…` or `GetMetricStatistics` a drill sees less; only `SetAlarmState` changes anything. */
export const TEST_ACTIONS: readonly IamAction[] = [
  ...LOOKING,
  'cloudwatch:GetMetricStatistics',
  'cloudwatch:SetAlarmState',
  'sns:GetSubscriptionAttributes',
  'sns:ListSubscriptionsByTopic',
]
