/** Silent ways to break a chain, and who is told of each: the rows of the table in docs/watching.md, each held by a test. */

import { StopLoggingCommand, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail'
import { DisableAlarmActionsCommand } from '@aws-sdk/client-cloudwatch'
import { DeleteRoleCommand, DeleteRolePolicyCommand } from '@aws-sdk/client-iam'
import { UnsubscribeCommand } from '@aws-sdk/client-sns'
import { clientsOf } from '../support/sandbox-account.ts'
import type { Account } from '../support/tool.ts'

export interface Row {
  readonly what: string
  readonly breaks: (account: Account) => unknown
  /** Between two runs of doctor. */
  readonly told: 'PagerDuty and e-mail' | 'e-mail' | 'no one'
  /** What tells, in words; of `no one`, why not. */
  readonly by: string
  /** Minutes from the break, with a heartbeat of 30 minutes. */
  readonly within?: number
  /** The check by which doctor tells. */
  readonly check: string
}

const SILENCE = 'the heartbeat, because no event arrives'
const TRAIL = 'cloudtrail-pd'
const ALARM = 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'

export const ROWS: readonly Row[] = [
  {
    what: 'the trail is stopped',
    breaks: (on) => awsOf(on).trail.send(new StopLoggingCommand({ Name: TRAIL })),
    told: 'PagerDuty and e-mail',
    by: SILENCE,
    within: 45,
    check: 'trail.logging',
  },
  {
    what: 'the delivery is removed from the trail',
    breaks: (on) =>
      awsOf(on).trail.send(
        new UpdateTrailCommand({ Name: TRAIL, CloudWatchLogsLogGroupArn: '', CloudWatchLogsRoleArn: '' }),
      ),
    told: 'PagerDuty and e-mail',
    by: SILENCE,
    within: 45,
    check: 'delivery.configured',
  },
  {
    what: 'the delivery role loses its right',
    breaks: (on) =>
      awsOf(on).iam.send(
        new DeleteRolePolicyCommand({
          RoleName: 'cloudtrail-pd-delivery-us-east-1',
          PolicyName: 'cloudtrail-delivery',
        }),
      ),
    told: 'PagerDuty and e-mail',
    by: SILENCE,
    within: 45,
    check: 'delivery.role-policy',
  },
  {
    what: 'the delivery role is deleted',
    async breaks(on) {
      const RoleName = 'cloudtrail-pd-delivery-us-east-1'
      await awsOf(on).iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'cloudtrail-delivery' }))
      await awsOf(on).iam.send(new DeleteRoleCommand({ RoleName }))
    },
    told: 'PagerDuty and e-mail',
    by: SILENCE,
    within: 45,
    check: 'delivery.role',
  },
  {
    what: 'the log group is deleted',
    breaks: ({ sandbox: { state } }) => {
      state.logGroups = {}
    },
    told: 'PagerDuty and e-mail',
    by: SILENCE,
    within: 45,
    check: 'log-group.exists',
  },
  {
    what: 'the key of the log group is disabled',
    breaks: ({ sandbox: { state } }) => {
      state.keys['key-1'] = { id: 'key-1', region: 'us-east-1', manager: 'CUSTOMER', state: 'Disabled', policy: '{}' }
      for (const group of Object.values(state.logGroups)) group.kmsKeyId = 'key-1'
    },
    told: 'no one',
    by: 'whether AWS still takes events then is not known; if it does not, the heartbeat tells',
    check: 'log-group.kms',
  },
  {
    what: 'the subscription is deleted',
    async breaks(on) {
      for (const { arn, protocol } of Object.values(on.sandbox.state.subscriptions))
        if (protocol === 'https') await awsOf(on).sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }))
    },
    told: 'no one',
    by: 'a topic without a subscriber fails at nothing',
    check: 'subscription.exists',
  },
  {
    what: 'the key is rotated in PagerDuty',
    breaks: ({ pagerDuty: { state } }) => {
      state.integrations = []
    },
    told: 'no one',
    by: 'PagerDuty accepts what it then drops; doctor sees it with a token',
    check: 'pagerduty.integration',
  },
  {
    what: 'an alarm is edited',
    breaks: (on) => {
      alarmOf(on).threshold = 5
    },
    told: 'no one',
    by: 'the heartbeat watches the events, not the alarms; doctor names who did it',
    check: 'alarm.drift',
  },
  {
    what: 'the actions of an alarm are disabled',
    breaks: (on) => awsOf(on).cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [ALARM] })),
    told: 'no one',
    by: 'the alarm fires and tells nobody',
    check: 'alarm.actions-enabled',
  },
]

/** As docs/watching.md has it. */
export function toldTable(): string {
  const rows = ROWS.map(({ what, told, by, within, check }) => {
    const after = within === undefined ? 'the next run of doctor' : `${within} minutes`
    return `| ${what} | ${told} | ${by} | ${after} | \`${check}\` |`
  })
  return [
    '| what breaks | who is told | by what, or why not | within | doctor |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function awsOf({ sandbox }: Account) {
  return clientsOf(sandbox.backend)
}

function alarmOf({ sandbox: { state } }: Account) {
  const alarm = Object.values(state.alarms).find(({ name }) => name === ALARM)
  if (alarm === undefined) throw new Error(`no alarm ${ALARM}`)
  return alarm
}
