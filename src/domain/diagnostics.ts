/** Facts beside the chain that tell whether it may work and whether it did: keys, history, deliveries, silences. */

import type { PolicyDocument } from './policy-documents.ts'
import type { Reading } from './snapshot.ts'

export interface KeySnapshot {
  readonly arn: string
  /** `AWS` or `CUSTOMER`. */
  readonly manager: string
  readonly enabled: boolean
  readonly policy: Reading<PolicyDocument | undefined>
}

export interface HistoryItem {
  readonly at: Date
  /** `Action`, `StateUpdate`, `ConfigurationUpdate`. */
  readonly type: string
  readonly summary: string
  /** JSON, perhaps cut off. */
  readonly data: string | undefined
}

/** Sums over the hours looked at; undefined where the topic published no such metric. */
export interface DeliveryCounts {
  readonly hours: number
  readonly published: number | undefined
  readonly delivered: number | undefined
  readonly failed: number | undefined
}

export interface MuteRule {
  readonly name: string
  readonly alarms: readonly string[]
  readonly until: Date | undefined
}
