/** What destroy takes of the event side: the trail or its delivery, the log group, the role and the bucket. */

import { chainNames, logGroupNameOf } from '../domain/names.ts'
import { DELIVERY_POLICY, hasSid, SID } from '../domain/policy-documents.ts'
import type { Resource } from '../domain/resources.ts'
import { type LogGroupSnapshot, type Snapshot, type TrailSnapshot, valueIfRead } from '../domain/snapshot.ts'
import { deliveryMark } from './delivery-mark.ts'
import type { Contents, DestroyRequest } from './destroy-contents.ts'
import { managedFilters } from './managed.ts'
import { type Retained, unread } from './retained.ts'
import { trailFates } from './trail-fate.ts'

/** One thing of the chain: it goes, or it stays for a reason. */
interface Part {
  readonly name: string
  readonly resource?: Resource
  readonly stays?: Omit<Retained, 'resource'>
}

interface Judged {
  readonly snapshot: Snapshot
  readonly contents: Contents
  readonly request: DestroyRequest
}

/** What may go, in the order of deletion; what stays is added to `kept`. Nothing goes without --delete-trail. */
export function removeEvents(judged: Judged, kept: Retained[]): readonly Resource[] {
  const trails = trailParts(judged)
  // A trail that stays is a user of all that it writes to.
  const users = usersAfter(judged.snapshot, trails)
  const logGroups = logGroupParts(judged, users)
  const parts = [...trails, ...logGroups, ...roleParts(judged, users, logGroups), ...bucketParts(judged, users)]
  const { deleteTrail } = judged.request
  for (const { name, resource, stays } of parts) {
    if (stays !== undefined && (deleteTrail || resource === undefined)) {
      kept.push({ resource: name, ...stays, ...(deleteTrail ? {} : { unneeded: true }) })
    } else if (!deleteTrail && resource !== undefined) {
      const kind = resource.kind.replace('-', ' ')
      const more = stays === undefined ? 'deletes it' : `alone does not delete it: ${stays.why}`
      kept.push({ resource: name, why: `the ${kind} is part of the audit record; --delete-trail ${more}` })
    }
  }
  if (!deleteTrail) return []
  return parts.flatMap(({ resource, stays }) => (resource === undefined || stays !== undefined ? [] : [resource]))
}

/** A trail of this chain goes; a trail that was only used gets back the state before: no delivery. */
function trailParts({ snapshot, contents, request: { prefix } }: Judged): readonly Part[] {
  if (snapshot.trails.state === 'unreadable') {
    const name = chainNames(prefix, snapshot.site).trail
    return [{ name: `trail ${name}`, stays: unread(snapshot.trails, 'the trails of the account') }]
  }
  return trailFates(snapshot, prefix, snapshot.trails.value).flatMap(({ trail, fate, kept }): readonly Part[] => {
    if (kept !== undefined) return [{ name: trail.arn, stays: kept }]
    if (fate === 'leave') return []
    const group = logGroupNameOf(trail.logGroupArn ?? '')
    const stays = group === undefined ? undefined : readerOf(group, snapshot, contents, prefix)
    const part = fate === 'delete' ? { name: trail.arn, resource: trailToRemove(trail) } : deliveryPart(trail)
    return [stays === undefined ? part : { ...part, stays }]
  })
}

function trailToRemove({ name, arn, bucket, organization }: TrailSnapshot): Resource {
  const flags = { multiRegion: true, globalServiceEvents: true, fileValidation: true, logging: true }
  return { kind: 'trail', name, ownership: 'managed', spec: { arn, bucket, organization, ...flags, tags: {} } }
}

function deliveryPart({ name, arn, logGroupArn = '', roleArn = '' }: TrailSnapshot): Part {
  const spec = { trailArn: arn, logGroupArn, roleArn }
  return { name: `delivery of ${arn}`, resource: { kind: 'delivery', name, ownership: 'managed', spec } }
}

/** The trails that still write when the plan is done, by what they write to. */
interface Users {
  readonly delivering: readonly TrailSnapshot[]
  readonly writing: readonly TrailSnapshot[]
  /** Set where the trails could not be read, so that nobody knows who uses what. */
  readonly unknown?: Omit<Retained, 'resource'>
}

function usersAfter({ trails }: Snapshot, parts: readonly Part[]): Users {
  if (trails.state === 'unreadable') {
    return { delivering: [], writing: [], unknown: unread(trails, 'which trails use it') }
  }
  const going = (kind: 'trail' | 'delivery', { name }: TrailSnapshot) =>
    parts.some(({ resource, stays }) => stays === undefined && resource?.kind === kind && resource.name === name)
  const writing = trails.value.filter((trail) => !going('trail', trail))
  return { writing, delivering: writing.filter((trail) => !going('delivery', trail)) }
}

function usedBy(trail: TrailSnapshot | undefined): Omit<Retained, 'resource'> | undefined {
  return trail === undefined ? undefined : { why: `trail ${trail.name} uses it` }
}

function logGroupParts({ snapshot, contents, request }: Judged, users: Users): readonly Part[] {
  const names = chainNames(request.prefix, snapshot.site)
  const role = snapshot.roles.get(names.role)
  const mark = hasSid(valueIfRead(role)?.trust, SID.roleTrust) ? deliveryMark(valueIfRead(role)) : undefined
  return [...snapshot.logGroups].flatMap(([name, reading]): readonly Part[] => {
    if (reading.state === 'unreadable') return [{ name, stays: unread(reading, 'whether it is there') }]
    if (reading.value === undefined) return []
    if (role?.state === 'unreadable') return [{ name, stays: unread(role, 'the role that marks it') }]
    if (mark?.logGroup !== name || !mark.madeLogGroup)
      return [{ name, stays: { why: unmarkedText(name, snapshot.site.region) } }]
    if (name !== names.logGroup(names.trail) && !name.startsWith(names.logGroup(''))) {
      return [{ name, stays: { why: 'it was given with --log-group' } }]
    }
    const stays =
      users.unknown ??
      readerOf(name, snapshot, contents, request.prefix) ??
      usedBy(users.delivering.find(({ logGroupArn }) => logGroupNameOf(logGroupArn ?? '') === name)) ??
      eventsIn(reading.value, contents, request)
    return [{ name, resource: logGroupToRemove(name), ...(stays === undefined ? {} : { stays }) }]
  })
}

/** Of a group that was there before init, or that an earlier version made, which set no mark. */
function unmarkedText(name: string, region: string): string {
  return `nothing shows that init created it; aws logs delete-log-group --log-group-name ${name} --region ${region} deletes it with its events`
}

function logGroupToRemove(name: string): Resource {
  return { kind: 'log-group', name, ownership: 'managed', spec: { retentionDays: undefined, tags: {} } }
}

function eventsIn({ name }: LogGroupSnapshot, { logGroupHoldsEvents }: Contents, { deleteLogs }: DestroyRequest) {
  const holds = logGroupHoldsEvents.get(name)
  if (deleteLogs) return undefined
  if (holds?.state === 'unreadable') return unread(holds, 'whether it holds events')
  return holds?.value === false ? undefined : { why: 'the log group holds events; --delete-logs deletes it' }
}

function roleParts({ snapshot, request }: Judged, users: Users, logGroups: readonly Part[]): readonly Part[] {
  const { role: name } = chainNames(request.prefix, snapshot.site)
  const reading = snapshot.roles.get(name)
  if (reading?.state === 'unreadable') return [{ name, stays: unread(reading, 'its trust and its policies') }]
  const role = valueIfRead(reading)
  if (role === undefined) return []
  if (!hasSid(role.trust, SID.roleTrust)) {
    return [{ name, stays: { why: 'it has a matching name but was not created by cloudtrail-pd' } }]
  }
  const other = [
    ...Object.keys(role.policies).filter((policy) => policy !== DELIVERY_POLICY),
    ...role.attachedPolicyArns,
  ][0]
  const marked = logGroups.find((part) => part.name === deliveryMark(role)?.logGroup && part.stays !== undefined)
  const marks =
    marked === undefined || (marked.resource === undefined && marked.stays?.unread === undefined)
      ? undefined
      : { why: `the role records that init created log group ${marked.name}, and is deleted together with it` }
  const stays =
    users.unknown ??
    usedBy(users.delivering.find(({ roleArn }) => roleArn === role.arn)) ??
    (other === undefined ? undefined : { why: `policy ${other}, which init did not create, is attached to it` }) ??
    marks
  const resource: Resource = {
    kind: 'role',
    name,
    ownership: 'managed',
    spec: { trust: { Statement: [] }, policyName: DELIVERY_POLICY, policy: { Statement: [] }, tags: {} },
  }
  return [{ name, resource, ...(stays === undefined ? {} : { stays }) }]
}

function bucketParts({ snapshot, contents, request }: Judged, users: Users): readonly Part[] {
  const { bucket: name } = chainNames(request.prefix, snapshot.site)
  const reading = snapshot.buckets.get(name)
  if (reading?.state === 'unreadable') return [{ name, stays: unread(reading, 'the bucket policy') }]
  const bucket = valueIfRead(reading)
  if (bucket === undefined) return []
  if (!hasSid(bucket.policy, SID.bucketCreated)) {
    return [{ name, stays: { why: 'it has a matching name but was not created by cloudtrail-pd' } }]
  }
  const own: readonly unknown[] = [SID.bucketCreated, SID.bucketAcl, SID.bucketWrite]
  const other = bucket.policy?.Statement.find(({ Sid }) => !own.includes(Sid))
  const objects = contents.bucketHoldsObjects.get(name)
  const full =
    objects?.state === 'unreadable'
      ? unread(objects, 'whether it holds objects')
      : objects?.value === false
        ? undefined
        : { why: 'the bucket holds objects, which are the audit record' }
  const stays =
    users.unknown ??
    usedBy(users.writing.find((trail) => trail.bucket === name)) ??
    (other === undefined
      ? undefined
      : { why: `its policy has a statement that cloudtrail-pd did not add (${String(other.Sid)})` }) ??
    full
  const spec = { region: snapshot.site.region, statements: [] }
  return [{ name, resource: { kind: 'bucket', name, ownership: 'managed', spec }, ...(stays ? { stays } : {}) }]
}

/** Why the log group and what fills it stay; undefined when nobody else reads it. */
function readerOf(
  logGroup: string,
  snapshot: Snapshot,
  { subscriptionFilters }: Pick<Contents, 'subscriptionFilters'>,
  prefix: string,
): Omit<Retained, 'resource'> | undefined {
  const managed = managedFilters(snapshot, prefix)
  const filters = (valueIfRead(snapshot.metricFilters) ?? []).filter((filter) => filter.logGroup === logGroup)
  const filter = filters.find((one) => !managed.includes(one))
  if (filter !== undefined)
    return { why: `metric filter ${filter.name}, which is not managed by cloudtrail-pd, depends on it` }
  const reading = subscriptionFilters.get(logGroup)
  if (reading?.state === 'unreadable') return unread(reading, 'the subscription filters of its log group')
  const [name] = reading?.value ?? []
  return name === undefined ? undefined : { why: `subscription filter ${name} depends on it` }
}
