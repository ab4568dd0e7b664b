/** `docs/permissions.md` as the declared permissions and the printed policies make it. */

import { PERMISSIONS } from '../src/commands/permissions.ts'
import { runTool } from './support/tool.ts'

/** The run whose policy is shown with the actions of a command. */
const RUN_OF: Readonly<Record<string, string>> = {
  init: 'init',
  'init --dry-run': 'init-dry-run',
  'init --prune': 'init-prune',
  doctor: 'doctor',
  'doctor --accounts': 'doctor-accounts',
  'doctor --fix': 'doctor-fix',
  test: 'test',
  events: 'events',
  destroy: 'destroy',
}

const NOTES: Readonly<Record<string, string>> = {
  'init --prune': 'Besides those of `init`.',
  'doctor --accounts':
    'In the account that it is run from, which may list the organization. The role in each account needs the reads of `doctor`, and a trust policy that lets the caller assume it.',
  'doctor --fix': 'Besides those of `doctor`.',
}

export async function permissionsPage(): Promise<string> {
  const sections = await Promise.all(
    PERMISSIONS.map(async ({ command, actions }) => {
      const run = RUN_OF[command] ?? command
      const line = `npx cloudtrail-pd export --format iam-policy --command ${run}`
      const { stdout, stderr } = await runTool(['export', '--format', 'iam-policy', '--command', run], {})
      if (stdout === '') throw new Error(stderr)
      const note = NOTES[command] === undefined ? [] : [NOTES[command], '']
      return [
        `## ${command}`,
        '',
        ...note,
        ...actions.map((action) => `- \`${action}\``),
        '',
        `<details><summary><code>${line}</code></summary>`,
        '',
        '```json',
        stdout.trimEnd(),
        '```',
        '',
        '</details>',
        '',
      ].join('\n')
    }),
  )
  return [HEAD, ...sections, TAIL].join('\n')
}

const HEAD = `# Permissions

What each command may call, by IAM action, and the policy that allows it. A read that is denied never counts as "not there": a plan is blocked, a check is reported as not checked. Who is asking is read by \`sts:GetCallerIdentity\`, which needs no grant. \`logs:TestMetricFilter\` may be left out: \`init\` then does not compare its reading of new patterns with that of AWS. Asked at a terminal to check past events, \`init\` also needs the actions of \`backtest\`; where they are denied it says so and goes on. With \`--test\` it needs those of \`test\` as well.

The policies are for the default names in any account and region. Give \`export\` the options that \`init\` will get (\`--name\`, \`--trail\`, \`--log-group\`, \`--topic\`, \`--create-trail\`), and \`--region\` or \`--from-account\` to narrow them further. Reads cover the whole account, because a trail, an alarm or a topic of someone else may stand in the way. Writes are limited to the names of the chain, a role is passed to CloudTrail alone, an alarm acts on the chain's topics alone, and a topic is subscribed to PagerDuty alone. Three SNS actions on subscriptions cannot be narrowed, because a subscription is no resource of IAM.
`

const TAIL = `## A permissions boundary

To let a team run \`init\` without being able to do more, whatever else they are granted, use the policy of \`init\` as the boundary of their role:

\`\`\`sh
npx cloudtrail-pd export --format iam-policy --command init > boundary.json
aws iam create-policy --policy-name cloudtrail-pd-boundary --policy-document file://boundary.json
aws iam put-role-permissions-boundary --role-name ROLE --permissions-boundary arn:aws:iam::ACCOUNT:policy/cloudtrail-pd-boundary
\`\`\`

## A service control policy

In an organization, this keeps everyone but one role from changing the chain. A denied change to the alarms is itself an event that the detection \`alert-pipeline-tampering\` counts.

\`\`\`json
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "KeepCloudTrailPagerDuty",
      "Effect": "Deny",
      "Action": [
        "cloudtrail:DeleteTrail",
        "cloudtrail:StopLogging",
        "cloudtrail:UpdateTrail",
        "cloudwatch:DeleteAlarms",
        "cloudwatch:DisableAlarmActions",
        "cloudwatch:PutMetricAlarm",
        "logs:DeleteLogGroup",
        "logs:DeleteMetricFilter",
        "logs:PutMetricFilter",
        "sns:DeleteTopic",
        "sns:SetTopicAttributes"
      ],
      "Resource": [
        "arn:aws:cloudtrail:*:*:trail/cloudtrail-pd",
        "arn:aws:cloudwatch:*:*:alarm:cloudtrail-pd-*",
        "arn:aws:logs:*:*:log-group:cloudtrail-pd-events",
        "arn:aws:logs:*:*:log-group:cloudtrail-pd-events:*",
        "arn:aws:sns:*:*:cloudtrail-pd-*"
      ],
      "Condition": {
        "ArnNotLike": { "aws:PrincipalArn": "arn:aws:iam::*:role/DEPLOYER" }
      }
    }
  ]
}
\`\`\`
`
