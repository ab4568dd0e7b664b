/** What destroy is asked for, and what it has looked into besides the inventory. */

import type { Reading } from '../domain/snapshot.ts'

export interface DestroyRequest {
  readonly prefix: string
  readonly deleteTrail: boolean
  readonly deleteLogs: boolean
}

/** What only questions beyond the inventory tell: whether audit records lie in them, and who else reads them. */
export interface Contents {
  readonly bucketHoldsObjects: ReadonlyMap<string, Reading<boolean>>
  readonly logGroupHoldsEvents: ReadonlyMap<string, Reading<boolean>>
  /** The names of the subscription filters of a log group. */
  readonly subscriptionFilters: ReadonlyMap<string, Reading<readonly string[]>>
}
