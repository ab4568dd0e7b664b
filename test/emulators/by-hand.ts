/** Chains as people make them without the tool: by command lines of the AWS CLI, pasted from guides and blog posts. */

import type { CommandLines } from './cli.ts'

/** The CIS guide's chain, followed to the letter: nothing carries account and region, the incident never resolves, missing data stays missing. */
export function cisByHand(account: string): CommandLines {
  const topic = `arn:aws:sns:us-east-1:${account}:CISAlarms`
  const role = `arn:aws:iam::${account}:role/CloudTrailToLogs`
  const group = `arn:aws:logs:us-east-1:${account}:log-group:CloudTrail/Default:*`
  return [
    ...trailByHand('cis-trail', 'CloudTrail/Default', group, role),
    ['sns', 'create-topic', '--name', 'CISAlarms'],
    [
      ...['sns', 'subscribe', '--topic-arn', topic, '--protocol', 'https', '--notification-endpoint'],
      `https://events.pagerduty.com/integration/${'c0ffee00'.repeat(4)}/enqueue`,
    ],
    filterByHand('CloudTrail/Default', 'RootUsage', ROOT),
    alarmByHand('RootUsage', 'RootUsage', ['--alarm-actions', topic]),
    filterByHand('CloudTrail/Default', 'NoMFA', NO_MFA),
    alarmByHand('ConsoleSignInWithoutMfa', 'NoMFA', [
      ...['--alarm-actions', topic, '--ok-actions', topic, '--treat-missing-data', 'notBreaching'],
    ]),
  ]
}

const ROOT =
  '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }'
const NO_MFA = '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }'

function trailByHand(name: string, logGroup: string, groupArn: string, role: string): CommandLines {
  const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const cloudtrail = { Service: 'cloudtrail.amazonaws.com' }
  const trust = policy({ Effect: 'Allow', Principal: cloudtrail, Action: 'sts:AssumeRole' })
  const write = policy({ Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' })
  const bucket = `${name}-bucket`
  const allowed = policy({
    Effect: 'Allow',
    Principal: cloudtrail,
    Action: 's3:*',
    Resource: `arn:aws:s3:::${bucket}/*`,
  })
  const roleName = role.slice(role.lastIndexOf('/') + 1)
  return [
    ['s3api', 'create-bucket', '--bucket', bucket],
    ['s3api', 'put-bucket-policy', '--bucket', bucket, '--policy', allowed],
    ['logs', 'create-log-group', '--log-group-name', logGroup],
    ['iam', 'create-role', '--role-name', roleName, '--assume-role-policy-document', trust],
    ['iam', 'put-role-policy', '--role-name', roleName, '--policy-name', 'write', '--policy-document', write],
    [
      ...['cloudtrail', 'create-trail', '--name', name, '--s3-bucket-name', bucket, '--is-multi-region-trail'],
      ...['--cloud-watch-logs-log-group-arn', groupArn, '--cloud-watch-logs-role-arn', role],
    ],
    ['cloudtrail', 'start-logging', '--name', name],
  ]
}

function filterByHand(group: string, name: string, pattern: string): readonly string[] {
  return [
    ...['logs', 'put-metric-filter', '--log-group-name', group, '--filter-name', name, '--filter-pattern', pattern],
    ...['--metric-transformations', `metricName=${name},metricNamespace=LogMetrics,metricValue=1`],
  ]
}

function alarmByHand(name: string, metric: string, more: readonly string[]): readonly string[] {
  return [
    ...['cloudwatch', 'put-metric-alarm', '--alarm-name', name, '--metric-name', metric, '--namespace', 'LogMetrics'],
    ...['--statistic', 'Sum', '--period', '300', '--evaluation-periods', '1', '--threshold', '1'],
    ...['--comparison-operator', 'GreaterThanOrEqualToThreshold', ...more],
  ]
}
