/** From a setup to the resources of a template: the same that `init` would want, with placeholders for what is not known yet. */

import type { Deployer } from '../domain/marker.ts'
import { chainNames, parseArn, type Site, trailArn, trailLogGroupArn } from '../domain/names.ts'
import type { Resource, SubscriptionPurpose } from '../domain/resources.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import { usage } from '../errors.ts'
import { MAX_PATTERN_LENGTH } from '../patterns/parse/parse.ts'
import { eventNames, scopedTo } from '../plan/chain-names.ts'
import { desired } from '../plan/desired.ts'
import type { Endpoints } from '../plan/desired-notifications.ts'
import type { Setup } from '../plan/setup.ts'
import type { TrailChoice } from '../plan/trail-choice.ts'
import { ANY_LOG_GROUP, ANY_ORGANIZATION, ANY_SITE, longest } from './placeholders.ts'

export interface Template {
  readonly setup: Setup
  readonly site: Site
  /** In the order of their creation. */
  readonly resources: readonly Resource[]
  /** The log group that a trail of the template writes to; undefined where the trail is not part of it. */
  readonly ownLogGroup: string | undefined
}

export interface TemplateOptions {
  /** The engine that will own what it makes; undefined for plain calls. */
  readonly deployedBy: Deployer | undefined
  /** For what has to cover every case: an existing trail may still have no log group. */
  readonly anyDelivery?: boolean
  /** Undefined: any. */
  readonly site?: Site
  /** The trail records every account of the organization. */
  readonly organization: boolean
  /** The name of the log group is a parameter of the template, so that one template serves accounts with and without a trail. */
  readonly anyLogGroup: boolean
}

/** What is known without asking AWS: nothing, of any account. */
export const NOTHING_READ: Snapshot = {
  site: ANY_SITE,
  organizationId: { state: 'read', value: ANY_ORGANIZATION },
  trails: { state: 'read', value: [] },
  logGroups: new Map(),
  metricFilters: { state: 'read', value: [] },
  alarms: { state: 'read', value: [] },
  topics: new Map(),
  subscriptions: new Map(),
  roles: new Map(),
  buckets: new Map(),
  dashboards: new Map(),
  queues: new Map(),
}

/** The URLs are parameters of every template, so nothing of them is known. */
export const UNKNOWN_ENDPOINTS: Endpoints = {
  pages: 'from-pagerduty',
  tickets: 'from-pagerduty',
}

/**
 * A template for any account of any partition. Throws a usage error (exit 2) for a trail without its log group, and for
 * texts that may get too long for CloudWatch where the template is deployed.
 */
export function templateOf(setup: Setup, options: TemplateOptions): Template {
  const { site = ANY_SITE } = options
  const choice = choiceOf(setup, site, options)
  const own = choice.how === 'own' ? eventNames(setup, site, choice).logGroup : undefined
  const wanted: Setup = {
    ...setup,
    deployedBy: options.deployedBy,
    logGroup: options.anyLogGroup && own !== undefined ? ANY_LOG_GROUP : setup.logGroup,
  }
  const scoped = scopedTo(site, wanted, choice)
  const resources = desired(scoped, { ...NOTHING_READ, site, topics: namedTopic(setup) }, choice, UNKNOWN_ENDPOINTS)
  for (const resource of resources) refuseTooLong(resource)
  return { setup: scoped, site, resources, ownLogGroup: own }
}

/** The resources that the template makes; what was named by the person is only referred to. */
export function made(template: Pick<Template, 'resources'>): readonly Resource[] {
  const trails = new Set(
    template.resources
      .filter(({ kind, ownership }) => kind === 'trail' && ownership === 'managed')
      .map(({ name }) => name),
  )
  return template.resources.filter(
    (resource) => resource.ownership === 'managed' && (resource.kind !== 'delivery' || trails.has(resource.name)),
  )
}

/** The subscriptions that need a URL. */
export function purposesOf({ resources }: Pick<Template, 'resources'>): readonly SubscriptionPurpose[] {
  return resources.flatMap((resource) => (resource.kind === 'subscription' ? [resource.spec.purpose] : []))
}

/** A topic that is named by its ARN is there; one that is named by its name is made. */
function namedTopic({ topic }: Setup): Snapshot['topics'] {
  const arn = topic.nameOrArn
  if (arn === undefined || parseArn(arn) === undefined) return new Map()
  const value = { arn, displayName: '', policyText: undefined, policy: undefined, kmsKeyId: undefined, fifo: false }
  return new Map([[arn, { state: 'read', value }]])
}

function choiceOf(setup: Setup, site: Site, { organization, anyDelivery }: TemplateOptions): TrailChoice {
  const { trail } = setup
  if (trail.how !== 'existing') {
    const names = chainNames(setup.name, site)
    const ofAll = organization || trail.organization === true
    const [name, bucket] = trail.how === 'create' ? [trail.name, trail.bucket] : [names.trail, undefined]
    return { how: 'own', name, bucket: bucket ?? names.bucket, region: site.region, organization: ofAll, notes: [] }
  }
  if (setup.logGroup === undefined && anyDelivery !== true) {
    throw usage(
      'export-log-group',
      `which log group trail ${trail.nameOrArn} writes to is not known without asking AWS`,
      'add --log-group NAME, or --from-account to have it looked up',
    )
  }
  const arn = parseArn(trail.nameOrArn) === undefined ? trailArn(site, trail.nameOrArn) : trail.nameOrArn
  return {
    how: 'reuse',
    why: ['it was named'],
    notes: [],
    trail: {
      arn,
      name: arn.slice(arn.lastIndexOf('/') + 1),
      homeRegion: site.region,
      account: site.account,
      multiRegion: true,
      globalServiceEvents: true,
      organization: false,
      fileValidation: true,
      bucket: '',
      logGroupArn: setup.logGroup === undefined || anyDelivery ? undefined : trailLogGroupArn(site, setup.logGroup),
      roleArn: undefined,
      kmsKeyId: undefined,
      status: { state: 'unreadable', why: 'nothing is read for a template', denied: false },
      selectors: { state: 'unreadable', why: 'nothing is read for a template', denied: false },
    },
  }
}

/** Where a text is cut depends on the region, and a template has one text for all of them. */
function refuseTooLong(resource: Resource): void {
  if (resource.kind === 'alarm' && longest(resource.name) > MAX_ALARM_NAME) {
    throw usage(
      'export-too-long',
      `the name of alarm ${shortName(resource)} can get longer than ${MAX_ALARM_NAME} characters`,
      'choose a shorter --name or --alarm-name',
    )
  }
  if (resource.kind === 'metric-filter' && longest(resource.spec.pattern) > MAX_PATTERN_LENGTH) {
    throw usage(
      'export-too-long',
      `the pattern of metric filter ${shortName(resource)} can get longer than the ${MAX_PATTERN_LENGTH} characters that CloudWatch Logs takes`,
      'choose a shorter --name, or exclude fewer principals',
    )
  }
}

/** PutMetricAlarm takes no more (API reference). */
const MAX_ALARM_NAME = 255

function shortName({ name }: Resource): string {
  return name.replaceAll(/-?\p{Co}/gu, '')
}
