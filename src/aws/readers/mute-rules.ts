/** Alarm mute rules: which alarms are silenced at this moment. */

import type { Reading } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import { loadCloudWatch } from '../clients.ts'
import { readingList } from '../failures.ts'
import type { Aws } from '../session.ts'

export const MUTE_RULE_ACTIONS: readonly IamAction[] = ['cloudwatch:ListAlarmMuteRules', 'cloudwatch:GetAlarmMuteRule']

export interface MuteRule {
  readonly name: string
  readonly alarms: readonly string[]
  readonly until: Date | undefined
}

/** The rules that silence alarms at this moment. */
export function readMuteRules(aws: Aws): Promise<Reading<readonly MuteRule[]>> {
  return readingList(async () => {
    const { CloudWatchClient, GetAlarmMuteRuleCommand, paginateListAlarmMuteRules } = await loadCloudWatch()
    const client = aws.client(CloudWatchClient)
    const rules: MuteRule[] = []
    for await (const page of paginateListAlarmMuteRules({ client }, { Statuses: ['ACTIVE'] })) {
      for (const { AlarmMuteRuleArn: arn = '', ExpireDate } of page.AlarmMuteRuleSummaries ?? []) {
        const name = arn.slice(arn.lastIndexOf(':') + 1)
        // The list names no alarms (ListAlarmMuteRules API reference); active rules are few.
        const { MuteTargets } = await client.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: name }))
        rules.push({ name, alarms: MuteTargets?.AlarmNames ?? [], until: ExpireDate })
      }
    }
    return rules
  })
}
