/** Alarm mute rules: which alarms are silenced at this moment. */

import type { Schedule } from '@aws-sdk/client-cloudwatch'
import type { MuteSchedule } from '../../domain/mute-window.ts'
import type { Reading } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import { loadCloudWatch } from '../clients.ts'
import { readingList } from '../failures.ts'
import type { Aws } from '../session.ts'

export const MUTE_RULE_ACTIONS: readonly IamAction[] = ['cloudwatch:ListAlarmMuteRules', 'cloudwatch:GetAlarmMuteRule']

export interface MuteRule {
  readonly name: string
  readonly alarms: readonly string[]
  /** When its windows begin, and for how long each lasts; a rule's expiry is not the end of a window. */
  readonly schedule: MuteSchedule | undefined
}

/** The rules that silence alarms at this moment. */
export function readMuteRules(aws: Aws): Promise<Reading<readonly MuteRule[]>> {
  return readingList(async () => {
    const { CloudWatchClient, GetAlarmMuteRuleCommand, paginateListAlarmMuteRules } = await loadCloudWatch()
    const client = aws.client(CloudWatchClient)
    const rules: MuteRule[] = []
    for await (const page of paginateListAlarmMuteRules({ client }, { Statuses: ['ACTIVE'] })) {
      for (const { AlarmMuteRuleArn: arn = '' } of page.AlarmMuteRuleSummaries ?? []) {
        const name = arn.slice(arn.lastIndexOf(':') + 1)
        // The list names no alarms (ListAlarmMuteRules API reference); active rules are few.
        const { MuteTargets, Rule } = await client.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: name }))
        rules.push({ name, alarms: MuteTargets?.AlarmNames ?? [], schedule: scheduleOf(Rule?.Schedule) })
      }
    }
    return rules
  })
}

function scheduleOf(schedule: Schedule | undefined): MuteSchedule | undefined {
  const { Expression, Timezone = 'UTC', Duration } = schedule ?? {}
  if (Expression === undefined || Duration === undefined) return undefined
  return { expression: Expression, timezone: Timezone, duration: Duration }
}
