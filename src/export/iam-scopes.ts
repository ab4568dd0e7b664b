/** How narrowly each IAM action can be allowed: the resources and conditions that AWS knows for it (service authorization reference). */

/** `…s` are all of the account, the others what the chain computes for itself. */
export type Scope =
  | 'any'
  | 'trails'
  | 'roles'
  | 'managedPolicies'
  | 'buckets'
  | 'logGroups'
  | 'topics'
  | 'alarms'
  | 'muteRules'
  | 'keys'
  | 'rules'
  | 'trail'
  | 'role'
  | 'passedRole'
  | 'bucket'
  | 'logGroup'
  | 'topic'
  | 'subscribing'
  | 'alarm'
  | 'alarmWrite'
  | 'assumedRole'

/** Reads see the whole account, because another's trail, alarm or topic may stand in the way; a write touches the chain alone. */
export const SCOPES: Readonly<Record<string, Scope>> = {
  'cloudtrail:DescribeTrails': 'any',
  'cloudtrail:LookupEvents': 'any',
  'cloudtrail:GetEventSelectors': 'trails',
  'cloudtrail:GetTrailStatus': 'trails',
  'cloudtrail:AddTags': 'trail',
  'cloudtrail:CreateTrail': 'trail',
  'cloudtrail:DeleteTrail': 'trail',
  'cloudtrail:StartLogging': 'trail',
  'cloudtrail:UpdateTrail': 'trail',
  // Composite alarms are only told to those who may see every alarm (DescribeAlarms API reference).
  'cloudwatch:DescribeAlarms': 'any',
  'cloudwatch:DescribeAlarmHistory': 'alarms',
  'cloudwatch:GetMetricData': 'any',
  'cloudwatch:GetMetricStatistics': 'any',
  'cloudwatch:GetAlarmMuteRule': 'muteRules',
  'cloudwatch:ListAlarmMuteRules': 'muteRules',
  'cloudwatch:ListTagsForResource': 'alarms',
  'cloudwatch:DeleteAlarms': 'alarm',
  'cloudwatch:PutMetricAlarm': 'alarmWrite',
  'cloudwatch:SetAlarmState': 'alarm',
  'cloudwatch:TagResource': 'alarm',
  'events:ListRules': 'any',
  'events:ListTargetsByRule': 'rules',
  'iam:GetPolicy': 'managedPolicies',
  'iam:GetPolicyVersion': 'managedPolicies',
  'iam:GetRole': 'roles',
  'iam:GetRolePolicy': 'roles',
  'iam:ListAttachedRolePolicies': 'roles',
  'iam:ListRolePolicies': 'roles',
  'iam:CreateRole': 'role',
  'iam:DeleteRole': 'role',
  'iam:DeleteRolePolicy': 'role',
  'iam:PutRolePolicy': 'role',
  'iam:TagRole': 'role',
  'iam:UpdateAssumeRolePolicy': 'role',
  'iam:PassRole': 'passedRole',
  'kms:DescribeKey': 'keys',
  'kms:GetKeyPolicy': 'keys',
  'logs:DescribeAccountPolicies': 'any',
  'logs:DescribeLogGroups': 'any',
  'logs:TestMetricFilter': 'any',
  'logs:DescribeMetricFilters': 'logGroups',
  'logs:DescribeSubscriptionFilters': 'logGroups',
  'logs:GetTransformer': 'logGroups',
  'logs:CreateLogGroup': 'logGroup',
  'logs:DeleteLogGroup': 'logGroup',
  'logs:DeleteMetricFilter': 'logGroup',
  'logs:DescribeLogStreams': 'logGroup',
  'logs:FilterLogEvents': 'logGroup',
  'logs:PutMetricFilter': 'logGroup',
  'logs:PutRetentionPolicy': 'logGroup',
  'logs:TagResource': 'logGroup',
  'organizations:DescribeOrganization': 'any',
  'organizations:ListAWSServiceAccessForOrganization': 'any',
  'organizations:ListAccounts': 'any',
  's3:GetBucketPolicy': 'buckets',
  's3:GetBucketPublicAccessBlock': 'bucket',
  's3:CreateBucket': 'bucket',
  's3:DeleteBucket': 'bucket',
  's3:ListBucket': 'bucket',
  's3:PutBucketPolicy': 'bucket',
  's3:PutBucketPublicAccessBlock': 'bucket',
  'sns:ListSubscriptions': 'any',
  'sns:ListTopics': 'any',
  'sns:GetTopicAttributes': 'topics',
  'sns:ListSubscriptionsByTopic': 'topics',
  'sns:ListTagsForResource': 'topics',
  // A subscription is no resource of IAM, so these three cannot be narrowed.
  'sns:GetSubscriptionAttributes': 'any',
  'sns:SetSubscriptionAttributes': 'any',
  'sns:Unsubscribe': 'any',
  'sns:CreateTopic': 'topic',
  'sns:DeleteTopic': 'topic',
  'sns:SetTopicAttributes': 'topic',
  'sns:TagResource': 'topic',
  'sns:Subscribe': 'subscribing',
  'sts:AssumeRole': 'assumedRole',
}
