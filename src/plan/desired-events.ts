/** What the event side wants: bucket, trail, log group, role and delivery. */

import { chainNames, roleNameOf, type Site, trailLogGroupArn } from '../domain/names.ts'
import { bucketStatements, deliveryPolicy, deliveryTrust, tlsOnly } from '../domain/policy-documents.ts'
import type { Resource, Tags } from '../domain/resources.ts'
import { type Inventory, valueIfRead } from '../domain/snapshot.ts'
import type { EventSide } from './chain-names.ts'
import type { Setup } from './setup.ts'
import type { TrailChoice } from './trail-choice.ts'

export function trailResources(
  setup: Setup,
  inventory: Inventory,
  choice: TrailChoice,
  events: EventSide,
  tags: Tags,
): readonly Resource[] {
  const { site } = inventory
  const trail = choice.how === 'own' ? ownTrail(setup, site, events, tags) : [adoptedTrail(choice)]
  const present = valueIfRead(inventory.logGroups.get(events.logGroup))
  const computed = events.logGroup === chainNames(setup.name, site).logGroup(events.trailName)
  const logGroup: Resource = {
    kind: 'log-group',
    name: events.logGroup,
    provenance: events.managesDelivery && (computed || present === undefined) ? 'ours' : 'adopted',
    // A retention is only ever set on a group that is made here.
    spec: {
      retentionDays: events.managesDelivery && (computed || present === undefined) ? setup.logRetention : undefined,
      tags,
    },
  }
  const delivery: Resource = {
    kind: 'delivery',
    name: events.trailName,
    provenance: 'ours',
    spec: {
      trailArn: events.trailArn,
      logGroupArn: trailLogGroupArn(site, events.logGroup),
      // A role that was named may have a path, which only its own ARN tells.
      roleArn: valueIfRead(inventory.roles.get(roleNameOf(events.roleArn)))?.arn ?? events.roleArn,
    },
  }
  const role =
    events.managesDelivery && setup.logRole === undefined ? [deliveryRole(inventory, choice, events, tags)] : []
  return [...trail, logGroup, ...role, delivery]
}

function ownTrail(setup: Setup, site: Site, events: EventSide, tags: Tags): readonly Resource[] {
  const bucket = events.bucket ?? chainNames(setup.name, site).bucket
  const made = bucket === chainNames(setup.name, site).bucket
  const statements = bucketStatements(site, bucket, events.trailName)
  return [
    {
      kind: 'bucket',
      name: bucket,
      provenance: made ? 'ours' : 'adopted',
      spec: { region: site.region, statements: made ? [...statements, tlsOnly(site, bucket)] : statements },
    },
    {
      kind: 'trail',
      name: events.trailName,
      provenance: 'ours',
      spec: {
        arn: events.trailArn,
        bucket,
        multiRegion: true,
        globalServiceEvents: true,
        fileValidation: true,
        logging: true,
        tags,
      },
    },
  ]
}

function adoptedTrail({ trail }: Extract<TrailChoice, { how: 'reuse' }>): Resource {
  return {
    kind: 'trail',
    name: trail.name,
    provenance: 'adopted',
    spec: {
      arn: trail.arn,
      bucket: trail.bucket,
      multiRegion: trail.multiRegion,
      globalServiceEvents: trail.globalServiceEvents,
      fileValidation: trail.fileValidation,
      logging: true,
      tags: {},
    },
  }
}

function deliveryRole(inventory: Inventory, choice: TrailChoice, events: EventSide, tags: Tags): Resource {
  const organization = choice.how === 'reuse' && choice.trail.organization ? inventory.organizationId : undefined
  return {
    kind: 'role',
    name: roleNameOf(events.roleArn),
    provenance: 'ours',
    spec: {
      trust: deliveryTrust(events.trailArn, inventory.site.account),
      policyName: 'cloudtrail-delivery',
      policy: deliveryPolicy(inventory.site, events.logGroup, organization),
      tags,
    },
  }
}
