/** Builders of facts for the tests of the pure chain: everything is well unless a test says otherwise. */

import type { EventSelectors, Inventory, TrailFact } from '../../src/chain/inventory.ts'
import { logGroupArn, type Site, topicArn, trailArn } from '../../src/chain/names.ts'

export const site: Site = { partition: 'aws', account: '123456789012', region: 'us-east-1' }
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
  readonly selectors?: Partial<EventSelectors>
}

/** A multi-region trail that logs every management event and writes into a log group. */
export function aTrail(traits: TrailTraits = {}): TrailFact {
  const account = traits.account ?? site.account
  const place = { ...site, account, region: traits.homeRegion ?? site.region }
  const name = traits.name ?? 'org-trail'
  const group = logGroupArn({ ...place, account: traits.logGroupAccount ?? account }, 'aws-cloudtrail-logs')
  return {
    arn: trailArn(place, name),
    name,
    homeRegion: place.region,
    account,
    multiRegion: traits.multiRegion ?? true,
    globalServiceEvents: true,
    organization: traits.organization ?? false,
    fileValidation: true,
    bucket: traits.bucket ?? 'audit-bucket',
    logGroupArn: traits.delivers === false ? undefined : `${group}:*`,
    roleArn: traits.delivers === false ? undefined : `arn:aws:iam::${account}:role/delivery`,
    kmsKeyId: undefined,
    status: {
      state: 'read',
      value: {
        logging: traits.logging ?? true,
        started: undefined,
        stopped: undefined,
        deliveryError: undefined,
        logsDeliveryError: undefined,
        logsDelivered: undefined,
      },
    },
    selectors: { state: 'read', value: { basic: [], advanced: [], ...traits.selectors } },
  }
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
  }
  return { basic: [selector], advanced: [] }
}

/** An account in which everything was read and nothing is there. */
export function anInventory(parts: Partial<Inventory> = {}): Inventory {
  const topic = topicArn(site, 'cloudtrail-pd-alerts')
  return {
    site,
    organizationId: undefined,
    trails: { state: 'read', value: [] },
    logGroups: new Map(),
    metricFilters: { state: 'read', value: [] },
    alarms: { state: 'read', value: [] },
    topics: new Map([[topic, { state: 'read', value: undefined }]]),
    subscriptions: new Map([[topic, { state: 'read', value: [] }]]),
    roles: new Map(),
    buckets: new Map(),
    ...parts,
  }
}
