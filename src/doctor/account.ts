/** Everything the checks judge: the inventory of one account and region, and extras that may or may not have been read. */

import type { ActionOutcome } from '../aws/readers/alarm-history.ts'
import type { EventRule } from '../aws/readers/event-rules.ts'
import type { LastWrites } from '../aws/readers/last-writes.ts'
import type { LogAlarm } from '../aws/readers/log-alarms.ts'
import type { DeliveryCounts } from '../aws/readers/metric-data.ts'
import type { MuteRule } from '../aws/readers/mute-rules.ts'
import type { ServiceRegion } from '../domain/route.ts'
import type { Secret } from '../domain/secret.ts'
import type { KeySnapshot, Reading, Snapshot } from '../domain/snapshot.ts'
import type { PagerDutyTarget } from '../pagerduty/target.ts'

export interface Gathered {
  readonly snapshot: Snapshot
  /** When the facts were read; ages count from here. */
  readonly now: Date
  readonly identity: { readonly account: string; readonly arn: string; readonly partition: string }
  readonly diagnostics: Diagnostics
}

/** Facts beyond the inventory. An extra that is missing was not asked for, and its checks are skipped. */
export interface Diagnostics {
  /** By the spelling that the resource uses: an id, an ARN or an alias. */
  readonly keys?: ReadonlyMap<string, Reading<KeySnapshot | undefined>>
  /** By alarm name, the newest first. */
  readonly alarmHistory?: ReadonlyMap<string, Reading<readonly ActionOutcome[]>>
  /** By bucket, of the trails that init made: whether its public access block is on. */
  readonly publicAccess?: ReadonlyMap<string, Reading<boolean>>
  /** By topic ARN. */
  readonly deliveries?: ReadonlyMap<string, Reading<DeliveryCounts>>
  /** Topics of the region that lead to PagerDuty; read where no alarm of the chains tells one. */
  readonly pagingTopics?: Reading<readonly string[]>
  /** Rules that mute alarms at this moment. */
  readonly muteRules?: Reading<readonly MuteRule[]>
  /** Rules of EventBridge on CloudTrail events. */
  readonly eventRules?: Reading<readonly EventRule[]>
  /** Alarms on log queries. */
  readonly logAlarms?: Reading<readonly LogAlarm[]>
  /** Names of log groups whose events are rewritten before metric filters may see them. */
  readonly transformers?: Reading<readonly string[]>
  /** Alarms of other regions and accounts that were scanned in the same run. */
  readonly elsewhere?: Reading<readonly AlarmElsewhere[]>
  /** Who last wrote what was changed since init made it; read only where something was. */
  readonly lastWrites?: Reading<LastWrites>
  /** Absent: there is no token. */
  readonly pagerduty?: Reading<PagerDutyReadings>
}

export interface AlarmElsewhere {
  readonly name: string
  /** Those of PagerDuty that it tells. */
  readonly endpoints: readonly Secret[]
  readonly account: string
  readonly region: string
}

export interface PagerDutyReadings {
  readonly serviceRegion: ServiceRegion
  /** By subscription ARN: what the integration key of its endpoint belongs to; undefined when PagerDuty does not know the key. */
  readonly targets: ReadonlyMap<string, Reading<PagerDutyTarget | undefined>>
}
