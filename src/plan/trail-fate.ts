/** What becomes of each trail when a chain is destroyed: deleted, detached from our log group, or left alone. */

import { chainNames, logGroupNameOf, roleNameOf } from '../domain/names.ts'
import { hasSid, isSid, type PolicyDocument, SID } from '../domain/policy-documents.ts'
import { type Snapshot, type TrailSnapshot, valueIfRead } from '../domain/snapshot.ts'
import { deliveryMark } from './delivery-mark.ts'
import { type Retained, unread } from './retained.ts'
import { concerns } from './trail-choice.ts'

export interface TrailFate {
  readonly trail: TrailSnapshot
  readonly fate: 'delete' | 'detach' | 'leave'
  /** Why it stays, where this chain has to do with it. */
  readonly kept?: Omit<Retained, 'resource'>
}

/** One for each trail of the account that is seen from here. `trails` are those that were read. */
export function trailFates(snapshot: Snapshot, prefix: string, trails: readonly TrailSnapshot[]): readonly TrailFate[] {
  return trails.map((trail) => fateOf(trail, snapshot, prefix))
}

function fateOf(trail: TrailSnapshot, snapshot: Snapshot, prefix: string): TrailFate {
  const { site } = snapshot
  if (!concerns(trail, site, prefix) || trail.homeRegion !== site.region) return { trail, fate: 'leave' }
  const names = chainNames(prefix, site)
  const delivers = deliversForChain(trail, snapshot, prefix)
  // The bucket's mark tells that init made the trail, not for which chain: two chains have two trails in one account.
  const mark = deliveryMark(valueIfRead(snapshot.roles.get(names.role)))
  const made = delivers && mark?.madeTrail === true && mark.isFor(trail.arn)
  if (trail.name !== names.trail && trail.bucket !== names.bucket && !made) {
    return { trail, fate: delivers ? 'detach' : 'leave' }
  }
  const bucket = snapshot.buckets.get(trail.bucket)
  if (bucket?.state === 'unreadable') {
    return { trail, fate: 'leave', kept: unread(bucket, 'the bucket policy that marks the trail') }
  }
  if (!isMarked(trail.arn, valueIfRead(bucket)?.policy)) return { trail, fate: delivers ? 'detach' : 'leave' }
  const other = otherDelivery(trail, names.role)
  if (other !== undefined) return { trail, fate: 'leave', kept: { why: other } }
  return { trail, fate: 'delete' }
}

/** Whether init set up this delivery: with this chain's role, made for this trail or into the log group of its computed name. */
function deliversForChain(trail: TrailSnapshot, snapshot: Snapshot, prefix: string): boolean {
  const names = chainNames(prefix, snapshot.site)
  const role = valueIfRead(snapshot.roles.get(names.role))
  if (trail.roleArn === undefined || trail.roleArn !== role?.arn || !hasSid(role.trust, SID.roleTrust)) return false
  if (deliveryMark(role)?.isFor(trail.arn) === true) return true
  return logGroupNameOf(trail.logGroupArn ?? '') === names.logGroup(trail.name)
}

/** A delivery that this chain did not set up lives on the trail's events. */
function otherDelivery({ logGroupArn, roleArn }: TrailSnapshot, role: string): string | undefined {
  if (logGroupArn === undefined || roleNameOf(roleArn ?? '') === role) return undefined
  return `it delivers into log group ${logGroupNameOf(logGroupArn)} with a role that cloudtrail-pd did not create`
}

/** The statement in the bucket's policy is the trail's mark: made by init, and for this trail. */
function isMarked(trail: string, policy: PolicyDocument | undefined): boolean {
  return (
    policy?.Statement.some(
      (statement) =>
        isSid(statement.Sid, SID.bucketWrite) && JSON.stringify(statement.Condition ?? {}).includes(`"${trail}"`),
    ) ?? false
  )
}
