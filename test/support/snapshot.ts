/** Trails with the few traits that a choice looks at, and their selectors. */

import { logGroupArn, trailArn } from '../../src/domain/names.ts'
import type { EventSelectors, TrailSnapshot } from '../../src/domain/snapshot.ts'
import { aTrail as aPlainTrail, aStatus, read, SITE } from './builders.ts'

export const site = SITE
export const otherAccount = '210987654321'

export interface TrailTraits {
  readonly name?: string
  readonly account?: string
  readonly homeRegion?: string
  readonly multiRegion?: boolean
  readonly organization?: boolean
  readonly logging?: boolean
  readonly delivers?: boolean
  readonly logGroupAccount?: string
  readonly bucket?: string
  readonly selectors?: EventSelectors
}

/** A multi-region trail that logs every management event and writes into a log group. */
export function aTrail(traits: TrailTraits = {}): TrailSnapshot {
  const { name = 'org-trail', account = site.account, homeRegion = site.region, selectors } = traits
  const { multiRegion = true, organization = false, bucket = 'audit-bucket', delivers = true } = traits
  const place = { ...site, account, region: homeRegion }
  const group = logGroupArn({ ...place, account: traits.logGroupAccount ?? account }, 'aws-cloudtrail-logs')
  return aPlainTrail({
    arn: trailArn(place, name),
    name,
    account,
    homeRegion,
    multiRegion,
    organization,
    bucket,
    logGroupArn: delivers ? `${group}:*` : undefined,
    roleArn: delivers ? `arn:aws:iam::${account}:role/delivery` : undefined,
    status: read(aStatus({ logging: traits.logging ?? true })),
    ...(selectors === undefined ? {} : { selectors: read(selectors) }),
  })
}

/** Basic selectors with one entry. */
export function selecting(
  readWriteType: string,
  more: { management?: boolean; excluded?: readonly string[] } = {},
): EventSelectors {
  const selector = {
    readWriteType,
    includeManagementEvents: more.management ?? true,
    excludedSources: more.excluded ?? [],
    dataResources: [],
  }
  return { basic: [selector], advanced: [] }
}
