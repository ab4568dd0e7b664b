/** What the delivery role remembers: for which trail it was made, its log group, and what of both init made. */

import { createHash } from 'node:crypto'
import { logGroupNameOf } from '../domain/names.ts'
import { SID } from '../domain/policy-documents.ts'
import type { RoleSnapshot } from '../domain/snapshot.ts'

export interface DeliveryMark {
  readonly logGroup: string
  /** False: the log group was there before init, or an earlier version did not say. */
  readonly madeLogGroup: boolean
  /** Whether init also made the trail, whatever the trail and its bucket are called. */
  readonly madeTrail: boolean
  /** Whether the delivery of this trail, an ARN, was set up with the role. */
  isFor(trail: string): boolean
}

/** A Sid takes letters and digits alone, so the trail is in it as a fingerprint. */
const FINGERPRINT = 8

/** The Sid of the role's statement. CloudWatch Logs shows nothing of a log group that could carry a mark. */
export function deliverySid(trail: string, made: { readonly logGroup: boolean; readonly trail: boolean }): string {
  const kind = !made.logGroup ? SID.rolePolicy : made.trail ? SID.madeTrail : SID.madeLogGroup
  return `${kind}${fingerprint(trail)}`
}

/** The mark of a role; undefined where its policies have no statement of this program. */
export function deliveryMark(role: Pick<RoleSnapshot, 'policies'> | undefined): DeliveryMark | undefined {
  for (const { Statement } of Object.values(role?.policies ?? {})) {
    for (const { Sid, Resource } of Statement) {
      const kind = KINDS.find((one) => String(Sid).replace(/[0-9a-f]{8}$/, '') === one)
      const [stream] = [Resource].flat()
      const logGroup = typeof stream === 'string' ? logGroupNameOf(stream.replace(/:log-stream:.*$/, '')) : undefined
      if (kind === undefined || logGroup === undefined) continue
      return {
        logGroup,
        madeLogGroup: kind !== SID.rolePolicy,
        madeTrail: kind === SID.madeTrail,
        isFor: (trail) => Sid === `${kind}${fingerprint(trail)}`,
      }
    }
  }
  return undefined
}

const KINDS: readonly string[] = [SID.rolePolicy, SID.madeLogGroup, SID.madeTrail]

/**
 * Of the trail's name alone: a template that is deployed to many accounts holds the same text in each, and the role is of
 * one account and region already.
 */
function fingerprint(trail: string): string {
  const name = trail.slice(trail.lastIndexOf('/') + 1)
  return createHash('sha256').update(name).digest('hex').slice(0, FINGERPRINT)
}
