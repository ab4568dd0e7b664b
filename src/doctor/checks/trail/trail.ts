/** Checks of the trail itself: is it there, on, and ours? */

import { counted } from '../../../counted.ts'
import { PUBLIC_ACCESS_BLOCK } from '../../../domain/resources.ts'
import type { TrailSnapshot } from '../../../domain/snapshot.ts'

import { awsCommand, commandLine } from '../../../next-command.ts'
import { toolCommand } from '../../../options/next-command.ts'
import { type Check, FIX_COMMAND, type Finding, findingFor, perResource } from '../../check.ts'

import { type ChainGraph, localLogGroup, readingOf } from '../../graph.ts'
import { metricText } from '../../indexes.ts'

/** Judges each trail of this account, and those of others that feed a log group of it: an organization trail among them. */
export const each = perResource(
  ({ trails, site }) =>
    trails.filter((trail) => trail.account === site.account || localLogGroup(trail, site) !== undefined),
  ({ arn }) => arn,
)

export const trailExists: Check = {
  name: 'trail.exists',
  essential: true,
  finds: 'no trail at all, or filters on a log group that no trail delivers to',
  run: (graph) => {
    const { trails } = graph.gathered.snapshot
    const region = findingFor('trail.exists', graph.site.region)
    if (trails.state === 'unreadable') return [region.skip('there is a trail', trails.why)]
    const sourceless = graph.chains.filter(({ trail, filter }) => trail === undefined && filter !== undefined)
    const groups = [...new Set(sourceless.map(({ logGroup }) => logGroup ?? ''))]
    const orphans = groups.map((group) => orphan(group, graph))
    if (trails.value.length > 0) {
      return [
        ...graph.trails.map((trail) => findingFor('trail.exists', trail.arn).pass('the trail exists', trail.name)),
        ...orphans,
      ]
    }
    return [
      region.fail({
        title: 'there is no trail',
        evidence: `no trail in ${graph.site.region}`,
        impact: 'Nothing is recorded, so no one is ever paged.',
        // With filters there already, init would set up a second chain beside them.
        fix:
          groups.length === 0
            ? { summary: 'create a trail with a chain to PagerDuty', command: toolCommand('init') }
            : { summary: `create a trail that delivers to log group ${groups.join(', ')}, then run doctor again` },
      }),
    ]
  },
}

export const trailLogging: Check = {
  name: 'trail.logging',
  essential: true,
  finds: 'a trail that was stopped, or whose bucket gets nothing',
  run: each('trail.logging', (trail, report) => {
    const title = 'the trail is logging'
    if (trail.status.state === 'unreadable') return report.skip(title, trail.status.why)
    const { logging, started, stopped, deliveryError } = trail.status.value
    if (logging) {
      if (deliveryError !== undefined && deliveryError !== '') {
        return report.warn({
          title: "the trail's bucket gets nothing",
          evidence: `LatestDeliveryError is ${deliveryError}, bucket ${trail.bucket}`,
          impact: 'The chain still pages, and the record that auditors and responders need is not kept.',
          fix: { summary: `make the bucket again, or let cloudtrail.amazonaws.com write to it` },
        })
      }
      return report.pass(title, started === undefined ? 'IsLogging is true' : `since ${started.toISOString()}`)
    }
    return report.fail({
      title: 'the trail is not logging',
      evidence:
        stopped === undefined
          ? 'IsLogging is false, it was never started'
          : `IsLogging is false since ${stopped.toISOString()}`,
      impact: 'No event is recorded: no one is paged.',
      fix: {
        summary: 'starts logging',
        command: FIX_COMMAND,
        repairs: [{ kind: 'start-logging', trailArn: trail.arn, region: trail.homeRegion }],
      },
    })
  }),
}

export const trailBucketPrivate: Check = {
  name: 'trail.bucket-private',
  finds: 'a bucket that init made and whose public access block is off',
  run: (graph) => {
    const { publicAccess } = graph.gathered.diagnostics
    if (publicAccess === undefined) return []
    const buckets = [...new Set(graph.trails.map(({ bucket }) => bucket))].filter((bucket) => publicAccess.has(bucket))
    return buckets.map((bucket) => {
      const report = findingFor('trail.bucket-private', bucket)
      const title = 'the bucket of the trail blocks public access'
      const blocked = readingOf(publicAccess, bucket)
      if (blocked.state === 'unreadable') return report.skip(title, blocked.why)
      if (blocked.value) return report.pass(title, 'all four settings are on')
      return report.warn({
        title: 'the bucket of the trail does not block public access',
        evidence: 'a setting of its public access block is off; those of the account were not looked at',
        impact: 'A policy or an ACL can open the audit record to everyone.',
        fix: {
          summary: 'switch all four settings on, as init does',
          command: awsCommand('s3api put-public-access-block', {
            bucket,
            'public-access-block-configuration': JSON.stringify(PUBLIC_ACCESS_BLOCK),
          }),
        },
      })
    })
  },
}

export const trailHomeRegion: Check = {
  name: 'trail.home-region',
  finds: 'nothing: it says where the chain of a trail from elsewhere has to be',
  run: each('trail.home-region', (trail, report, graph) => {
    const title = 'the trail lives in the region that was looked at'
    if (trail.homeRegion === graph.site.region) return report.pass(title, trail.homeRegion)
    return report.pass(
      'the trail lives in another region',
      trail.homeRegion,
      `its chain is there: ${commandLine(toolCommand('doctor', { region: trail.homeRegion }))}`,
    )
  }),
}

export const trailOrganizationOwner: Check = {
  name: 'trail.organization-owner',
  finds: 'a trail of another account whose events never reach a log group of this one',
  run: (graph) => {
    const { trails } = graph.gathered.snapshot
    if (trails.state === 'unreadable') return []
    return trails.value
      .filter(({ organization, account }) => organization || account !== graph.site.account)
      .map((trail) => ownership(trail, trails.value, graph))
  },
}

export const trailDuplicateDelivery: Check = {
  name: 'trail.duplicate-delivery',
  finds: 'two trails that feed one log group, or one metric from two log groups',
  run: (graph) => {
    const sources = graph.trails.filter((trail) => localLogGroup(trail, graph.site) !== undefined)
    return sources.slice(0, 1).map((first) => {
      const report = findingFor('trail.duplicate-delivery', first.arn)
      const shared = sources.filter(
        (trail) => trail !== first && localLogGroup(trail, graph.site) === localLogGroup(first, graph.site),
      )
      const twice = metricsFedTwice(sources, graph)
      if (shared.length === 0 && twice.length === 0)
        return report.pass(
          'no two trails feed one log group or metric',
          `delivered by ${counted(sources.length, 'trail')}`,
        )
      const names = [first, ...shared].map(({ name }) => name).join(', ')
      return report.warn({
        title: 'the same events are counted twice',
        evidence:
          shared.length > 0 ? `${names} deliver to one log group` : `fed from two log groups: ${twice.join(', ')}`,
        impact: 'Thresholds above 1 are reached too early, and one event may page twice.',
        fix: { summary: 'let one trail deliver to the log group that has the filters' },
      })
    })
  },
}

function orphan(group: string, graph: ChainGraph): Finding {
  const report = findingFor('trail.exists', group)
  const listed = graph.gathered.snapshot.trails
  const near =
    listed.state === 'read'
      ? listed.value.find(({ logGroupArn }) => logGroupArn?.includes(`:log-group:${group}`))
      : undefined
  const whose =
    near === undefined
      ? 'no trail delivers there'
      : `trail ${near.name} delivers to a group of this name in account ${near.account}, ${near.homeRegion}`
  return report.fail({
    title: 'no trail delivers to the log group of these filters',
    evidence: `log group ${group}: ${whose}`,
    impact: 'The filters see no event: no one is paged.',
    fix:
      near === undefined
        ? { summary: 'let a trail deliver to this group, or move the filters' }
        : { summary: `the chain has to be in account ${near.account}: run doctor there` },
  })
}

function ownership(trail: TrailSnapshot, all: readonly TrailSnapshot[], graph: ChainGraph): Finding {
  const report = findingFor('trail.organization-owner', trail.arn)
  const kind = trail.organization ? 'organization trail' : 'trail'
  if (trail.account === graph.site.account)
    return report.pass(`the ${kind} belongs to this account`, trail.account, 'it pages for every member account')
  if (localLogGroup(trail, graph.site) !== undefined) {
    return report.pass(
      `the ${kind} belongs to another account`,
      trail.account,
      'it delivers to a log group of this account',
    )
  }
  const own = all.some(
    (other) => other.account === graph.site.account && localLogGroup(other, graph.site) !== undefined,
  )
  if (own)
    return report.pass(
      `the ${kind} belongs to another account`,
      trail.account,
      'a trail of this account feeds the chain',
    )
  return report.fail({
    title: `the ${kind} belongs to another account`,
    evidence: `account ${trail.account}; its log group ${trail.logGroupArn ?? 'is not set'}`,
    impact: 'Filters in this account never see its events; a log group of the same name here proves nothing.',
    fix: {
      summary: `run doctor in account ${trail.account}, region ${trail.homeRegion}, where the chain has to be, or make a trail here (a second copy of the events may be charged)`,
    },
  })
}

/** A metric that filters of two log groups write, when both groups get this account's events. */
function metricsFedTwice(sources: readonly TrailSnapshot[], graph: ChainGraph): readonly string[] {
  const groups = new Set(sources.map((trail) => localLogGroup(trail, graph.site)))
  const feeders = new Map<string, Set<string>>()
  for (const filter of graph.filters.filter(({ logGroup }) => groups.has(logGroup))) {
    for (const made of filter.transformations) {
      const key = metricText(made)
      feeders.set(key, (feeders.get(key) ?? new Set()).add(filter.logGroup))
    }
  }
  return [...feeders].filter(([, from]) => from.size > 1).map(([key]) => key)
}
