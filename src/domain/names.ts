/** Every name and ARN form that the chain uses, built from one site so that no partition is ever assumed. */

import { parse, validate } from '@aws-sdk/util-arn-parser'

/** Where a chain lives. `partition` comes from the caller's own ARN (field case C53). */
export interface Site {
  readonly partition: string
  /** Twelve digits. */
  readonly account: string
  /** The home region of the trail. */
  readonly region: string
  /** Where the site is a stand-in for any, whose partition does not tell it. */
  readonly consoleHost?: string
  /** Where the site is a stand-in: how long a text gets at most once its values are known; characters. */
  readonly longest?: (text: string) => number
}

export interface Arn {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

/** Reads an ARN of any partition; undefined when the text is not one. */
export function parseArn(text: string): Arn | undefined {
  if (!validate(text)) return undefined
  const { partition, service, region, accountId: account, resource } = parse(text)
  return [partition, service, resource].includes('') ? undefined : { partition, service, region, account, resource }
}

export function formatArn(arn: Arn): string {
  return ['arn', arn.partition, arn.service, arn.region, arn.account, arn.resource].join(':')
}

export function topicArn(site: Site, name: string): string {
  return formatArn({ ...site, service: 'sns', resource: name })
}

export function alarmArn(site: Site, name: string): string {
  return formatArn({ ...site, service: 'cloudwatch', resource: `alarm:${name}` })
}

export function trailArn(site: Site, name: string): string {
  return formatArn({ ...site, service: 'cloudtrail', resource: `trail/${name}` })
}

export function roleArn(site: Site, name: string): string {
  return formatArn({ ...site, region: '', service: 'iam', resource: `role/${name}` })
}

/** The plain name of a role, without its path. */
export function roleNameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

export function queueArn(site: Site, name: string): string {
  return formatArn({ ...site, service: 'sqs', resource: name })
}

/** A dashboard belongs to no region (service authorization reference, CloudWatch). */
export function dashboardArn(site: Site, name: string): string {
  return formatArn({ ...site, region: '', service: 'cloudwatch', resource: `dashboard/${name}` })
}

export function bucketArn(site: Site, name: string): string {
  return formatArn({ partition: site.partition, service: 's3', region: '', account: '', resource: name })
}

/** A log group's ARN as IAM and `DescribeLogGroups.logGroupArn` have it: without `:*`. */
export function logGroupArn(site: Site, name: string): string {
  return formatArn({ ...site, service: 'logs', resource: `log-group:${name}` })
}

/** A log group's ARN as CloudTrail demands it: with `:*` at the end (field case C45). */
export function trailLogGroupArn(site: Site, name: string): string {
  return `${logGroupArn(site, name)}:*`
}

/** The streams that CloudTrail writes into a log group, as its delivery role must allow them (CloudTrail user guide, role policy). */
export function deliveryStreamArn(site: Site, logGroup: string): string {
  return `${logGroupArn(site, logGroup)}:log-stream:${site.account}_CloudTrail_${site.region}*`
}

/** The log group's name in any of its ARN spellings (`…:NAME`, `…:NAME:*`, `…:NAME:*:*`); undefined when it is not one. */
export function logGroupNameOf(arn: string): string | undefined {
  const resource = parseArn(arn)?.resource
  return resource?.startsWith('log-group:') ? resource.slice('log-group:'.length).replace(/(:\*)+$/, '') : undefined
}

/** The names that a chain computes for what it creates; `prefix` is `--name`. */
export interface ChainNames {
  readonly prefix: string
  readonly topic: string
  readonly ticketTopic: string
  readonly complianceTopic: string
  readonly fallbackTopic: string
  readonly queue: string
  readonly trail: string
  readonly bucket: string
  readonly role: string
  /** All regions of an account share their dashboards (CloudWatch user guide), so the name carries the region. */
  readonly dashboard: string
  /** Metrics of two chains on one log group must not add up, so the namespace carries the chain's name. */
  readonly namespace: string
  /** Of an integration in PagerDuty: one account serves many chains, and the name tells whose it is. */
  readonly integration: string
  logGroup(trail: string): string
  metricFilter(detection: string, complianceFilter?: number): string
  alarm(detection: string, variant: 'paging' | 'compliance'): string
}

export const DEFAULT_NAME = 'cloudtrail-pd'

/** Names that `prefix` gives in `site`. Alarm names carry account and region, because PagerDuty correlates on them (field case C08). */
export function chainNames(prefix: string, site: Site): ChainNames {
  return {
    prefix,
    topic: `${prefix}-alerts`,
    ticketTopic: `${prefix}-tickets`,
    complianceTopic: `${prefix}-compliance`,
    fallbackTopic: `${prefix}-fallback`,
    queue: `${prefix}-dead-letters`,
    trail: prefix,
    bucket: `${prefix.toLowerCase().replace(/[^a-z0-9-]/g, '-')}-${site.account}-${site.region}`,
    role: `${prefix}-delivery-${site.region}`,
    dashboard: `${prefix}-${site.region}`,
    namespace: prefix === DEFAULT_NAME ? 'CloudTrailPagerDuty' : `CloudTrailPagerDuty/${prefix}`,
    integration: `${prefix} ${site.account} ${site.region}`,
    logGroup: (trail) => (trail === prefix ? `${prefix}-events` : `${prefix}-events-${trail}`),
    metricFilter: (detection, complianceFilter) =>
      `${prefix}-${detection}${complianceFilter === undefined ? '' : `-compliance-${complianceFilter}`}`,
    alarm: (detection, variant) =>
      [prefix, detection, ...(variant === 'compliance' ? ['compliance'] : []), site.account, site.region].join('-'),
  }
}
