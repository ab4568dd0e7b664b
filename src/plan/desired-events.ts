/** What the event side wants: bucket, trail, log group, role and delivery. */

import { chainNames, roleNameOf, trailLogGroupArn } from '../domain/names.ts'
import {
  boundDeliveryTrust,
  bucketStatements,
  DELIVERY_POLICY,
  deliveryPolicy,
  deliveryTrust,
  SID,
  tlsOnly,
} from '../domain/policy-documents.ts'
import type { Resource, Tags } from '../domain/resources.ts'
import { type LogGroupSnapshot, type Snapshot, valueIfRead } from '../domain/snapshot.ts'
import type { EventNames } from './chain-names.ts'
import { deliveryMark, deliverySid } from './delivery-mark.ts'
import { deployerOf } from './deployer.ts'
import { LOG_RETENTION_DAYS, type Setup } from './setup.ts'
import type { TrailChoice } from './trail-choice.ts'

export function trailResources(
  setup: Setup,
  snapshot: Snapshot,
  choice: TrailChoice,
  events: EventNames,
  tags: Tags,
): readonly Resource[] {
  const { site } = snapshot
  const trail = choice.how === 'own' ? ownTrail(setup, snapshot, choice, events, tags) : [adoptedTrail(choice)]
  const present = valueIfRead(snapshot.logGroups.get(events.logGroup))
  const mark = deliveryMark(valueIfRead(snapshot.roles.get(roleNameOf(events.roleArn))))
  const marked = mark?.logGroup === events.logGroup ? mark : undefined
  const made = events.managesDelivery && (present === undefined || marked?.madeLogGroup === true)
  const madeTrail = choice.how === 'own' || (marked?.madeTrail === true && marked.isFor(events.trailArn))
  // What an engine of its own deploys is not deleted here, and its trail has no ARN yet.
  const deployer = setup.deployedBy ?? deployerOf(snapshot, setup.name)
  const sid =
    deployer === undefined ? deliverySid(events.trailArn, { logGroup: made, trail: madeTrail }) : SID.rolePolicy
  const logGroup: Resource = {
    kind: 'log-group',
    name: events.logGroup,
    ownership: made ? 'managed' : 'adopted',
    spec: { retentionDays: made ? retentionOf(setup, present) : undefined, tags },
  }
  const delivery: Resource = {
    kind: 'delivery',
    name: events.trailName,
    ownership: 'managed',
    spec: {
      trailArn: events.trailArn,
      logGroupArn: trailLogGroupArn(site, events.logGroup),
      // A role that was named may have a path, which only its own ARN tells.
      roleArn: valueIfRead(snapshot.roles.get(roleNameOf(events.roleArn)))?.arn ?? events.roleArn,
    },
  }
  const role =
    events.managesDelivery && setup.logRole === undefined ? [deliveryRole(snapshot, choice, events, sid, tags)] : []
  return [...trail, logGroup, ...role, delivery]
}

/** Days. A shorter retention deletes events at once, so it is only ever made longer; an empty group is one that init has not finished. */
function retentionOf({ logRetention }: Setup, present: LogGroupSnapshot | undefined): number | undefined {
  if (present === undefined) return logRetention
  if (present.retentionDays === undefined) return (present.storedBytes ?? 0) === 0 ? logRetention : undefined
  return Math.max(present.retentionDays, logRetention)
}

/** What the plan does with things that were there before, and would not show: one sentence each. */
export function adoptionNotes(
  wanted: readonly Resource[],
  snapshot: Snapshot,
  { logRetention }: Setup,
): readonly string[] {
  return wanted.flatMap((resource): readonly string[] => {
    if (resource.kind === 'log-group') {
      const group = valueIfRead(snapshot.logGroups.get(resource.name))
      if (group === undefined || logRetention === LOG_RETENTION_DAYS || group.retentionDays === logRetention) return []
      if (resource.spec.retentionDays === logRetention) return []
      const kept =
        group.retentionDays === undefined ? 'keeps its events forever' : `keeps its ${group.retentionDays} days`
      return [
        `log group ${group.name} ${kept}: --log-retention ${logRetention} is not applied to it, because a shorter retention deletes events; aws logs put-retention-policy --log-group-name ${group.name} --retention-in-days ${logRetention} --region ${snapshot.site.region} sets it`,
      ]
    }
    const bucket = resource.kind === 'bucket' ? valueIfRead(snapshot.buckets.get(resource.name)) : undefined
    if (resource.ownership !== 'managed' || bucket === undefined || bucket.policy !== undefined) return []
    return [
      `bucket ${bucket.name} exists and has no policy, so nothing shows who created it; it is taken over as left by an interrupted run. To use another: --create-trail NAME --trail-bucket NAME`,
    ]
  })
}

function ownTrail(
  setup: Setup,
  { site, organizationId }: Snapshot,
  { organization, owner }: Extract<TrailChoice, { how: 'own' }>,
  events: EventNames,
  tags: Tags,
): readonly Resource[] {
  const bucket = events.bucket ?? chainNames(setup.name, site).bucket
  const made = bucket === chainNames(setup.name, site).bucket
  const statements = bucketStatements(
    site,
    bucket,
    events.trailName,
    organization ? valueIfRead(organizationId) : undefined,
    owner,
  )
  return [
    {
      kind: 'bucket',
      name: bucket,
      ownership: made ? 'managed' : 'adopted',
      spec: { region: site.region, statements: made ? [...statements, tlsOnly(site, bucket)] : statements },
    },
    {
      kind: 'trail',
      name: events.trailName,
      ownership: 'managed',
      spec: {
        arn: events.trailArn,
        bucket,
        multiRegion: true,
        globalServiceEvents: true,
        fileValidation: true,
        logging: true,
        organization,
        tags,
      },
    },
  ]
}

/** A trail that is used has to log in every region; one that was not named does so already. */
function adoptedTrail({ trail }: Extract<TrailChoice, { how: 'reuse' }>): Resource {
  return {
    kind: 'trail',
    name: trail.name,
    ownership: 'adopted',
    spec: {
      arn: trail.arn,
      bucket: trail.bucket,
      multiRegion: true,
      // A multi-region trail has to include them (CreateTrail API reference).
      globalServiceEvents: trail.multiRegion ? trail.globalServiceEvents : true,
      fileValidation: trail.fileValidation,
      logging: true,
      organization: trail.organization,
      tags: {},
    },
  }
}

function deliveryRole(snapshot: Snapshot, choice: TrailChoice, events: EventNames, sid: string, tags: Tags): Resource {
  const ofAll = choice.how === 'reuse' ? choice.trail.organization : choice.organization
  const organization = ofAll ? valueIfRead(snapshot.organizationId) : undefined
  return {
    kind: 'role',
    name: roleNameOf(events.roleArn),
    ownership: 'managed',
    spec: {
      trust: deliveryTrust(),
      olderTrust: boundDeliveryTrust(events.trailArn, snapshot.site.account),
      policyName: DELIVERY_POLICY,
      policy: deliveryPolicy(snapshot.site, events.logGroup, organization, sid),
      tags,
    },
  }
}
