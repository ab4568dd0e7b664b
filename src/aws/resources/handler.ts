/** What every link can do: write one resource, remove one, and name the IAM actions that this takes. */

import type { PagerDutyAccount } from '../../context.ts'
import type { Kind, Resource } from '../../domain/resources.ts'
import type { Secret } from '../../domain/secret.ts'
import type { IamAction } from '../../iam/action.ts'
import type { Clock } from '../../ports.ts'
import type { Pacer } from '../pacing.ts'
import type { Aws } from '../session.ts'

/** The account that a write makes things in. */
export interface PagerDutyContext extends PagerDutyAccount {
  /** Told every key that is read, so that no output carries it. */
  redact(secret: Secret): void
}

/** What a write may use. */
export interface ApplyContext {
  readonly aws: Aws
  readonly clock: Clock
  /** Spaces the writes of CloudTrail, which takes one a second (CloudTrail quotas). */
  readonly cloudtrail: Pacer
  /** Told as soon as the resource exists, whatever fails after it; with the ARN that AWS answered, where it names one. */
  created?(arn?: string): void
  /** The ARN that AWS answered when this one was created; without such an answer the ARN itself. */
  arnOf?(planned: string): string
  /** Told while a write has to wait, such as for IAM to catch up. */
  waiting(text: string): void
  /** Undefined where the plan changes nothing in PagerDuty. */
  readonly pagerduty?: PagerDutyContext | undefined
  /** Keeps the endpoint of the integration that PagerDuty made, for the subscription that waits for it. */
  output?(endpoint: Secret): void
  readonly outputs?: Secret | undefined
}

/** Create and update are one idempotent call wherever AWS allows; a removal of what is gone is a success. */
export interface LinkHandler<K extends Kind> {
  write(resource: Resource<K>, action: 'create' | 'update', run: ApplyContext): Promise<void>
  remove(resource: Resource<K>, run: ApplyContext): Promise<void>
  readonly actions: {
    readonly read: readonly IamAction[]
    readonly write: readonly IamAction[]
    readonly remove: readonly IamAction[]
  }
}

export type LinkHandlers = { readonly [K in Kind]: LinkHandler<K> }
