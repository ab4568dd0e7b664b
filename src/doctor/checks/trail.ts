/** Checks of the trail: is it on, and does it ever see the events that the filters wait for? */

import { blindSpots, logsEvent } from '../../chain/coverage.ts'
import type { MetricFilterFact, TrailFact } from '../../chain/inventory.ts'
import type { CloudTrailEvent } from '../../detections/detection.ts'
import { filterAddress, type Graph, localLogGroup } from '../chains.ts'
import { about, type Check, type CheckName, FIX_COMMAND, type Finding, type Voice } from '../check.ts'
import { intendedFor } from '../intent.ts'
import { metricText } from '../joins.ts'

export const trailExists: Check = {
  name: 'trail.exists',
  run: (graph) => {
    const { trails } = graph.facts.inventory
    const region = about('trail.exists', graph.site.region)
    if (trails.state === 'unreadable') return [region.skip('there is a trail', trails.why)]
    const sourceless = graph.chains.filter(({ trail, filter }) => trail === undefined && filter !== undefined)
    const groups = [...new Set(sourceless.map(({ logGroup }) => logGroup ?? ''))]
    const orphans = groups.map((group) => orphan(group, graph))
    if (trails.value.length > 0) {
      return [
        ...graph.trails.map((trail) => about('trail.exists', trail.arn).pass('the trail exists', trail.name)),
        ...orphans,
      ]
    }
    return [
      region.fail({
        title: 'there is no trail',
        evidence: `no trail in ${graph.site.region}`,
        impact: 'Nothing is recorded, so nobody is ever paged.',
        fix: { summary: 'create a trail that feeds the chain', command: 'npx cloudtrail-pd init' },
      }),
    ]
  },
}

export const trailLogging: Check = {
  name: 'trail.logging',
  run: each('trail.logging', (trail, say) => {
    const title = 'the trail is logging'
    if (trail.status.state === 'unreadable') return say.skip(title, trail.status.why)
    const { logging, started, stopped, deliveryError } = trail.status.value
    if (logging) {
      const note = deliveryError === undefined ? undefined : `its bucket gets nothing: ${deliveryError}`
      return say.pass(title, started === undefined ? 'IsLogging is true' : `since ${started.toISOString()}`, note)
    }
    return say.fail({
      title: 'the trail is not logging',
      evidence:
        stopped === undefined
          ? 'IsLogging is false, it was never started'
          : `IsLogging is false since ${stopped.toISOString()}`,
      impact: 'No event is recorded: nobody is paged.',
      fix: {
        summary: 'starts logging',
        command: FIX_COMMAND,
        repairs: [{ kind: 'start-logging', trailArn: trail.arn, region: trail.homeRegion }],
      },
    })
  }),
}

/** Root, sign-in, IAM and the like are recorded in us-east-1 of the commercial partition (CloudTrail guide, global service events). */
const GLOBAL_SOURCES = ['iam.amazonaws.com', 'signin.amazonaws.com', 'sts.amazonaws.com', 'organizations.amazonaws.com']
const GLOBAL_REGION: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-cn': 'cn-north-1',
}

export const trailMultiRegion: Check = {
  name: 'trail.multi-region',
  run: each('trail.multi-region', (trail, say, graph) => {
    if (trail.multiRegion) return say.pass('the trail records every region', 'IsMultiRegionTrail is true')
    const fix = {
      summary: 'makes the trail multi-region, with the events of global services',
      command: FIX_COMMAND,
      repairs: [{ kind: 'multi-region', trailArn: trail.arn, region: trail.homeRegion } as const],
    }
    const evidence = `IsMultiRegionTrail is false, home region ${trail.homeRegion}`
    const global = GLOBAL_REGION[graph.site.partition] ?? 'us-east-1'
    const deaf = fedBy(trail, graph).filter((filter) => trail.homeRegion !== global && needsGlobal(filter))
    if (trail.homeRegion === global) {
      return say.warn({
        title: 'the trail records one region',
        evidence,
        impact: `What happens outside ${trail.homeRegion}, sign-ins there included, pages nobody.`,
        fix,
      })
    }
    return say.fail({
      title: 'the trail records one region, and not the one of sign-ins and IAM',
      evidence: deaf.length === 0 ? evidence : `${evidence}; deaf: ${deaf.map(({ name }) => name).join(', ')}`,
      impact: `Root use, sign-ins and IAM changes are recorded in ${global}: they page nobody.`,
      fix,
      affects: deaf.map(filterAddress),
    })
  }),
}

export const trailGlobalServiceEvents: Check = {
  name: 'trail.global-service-events',
  run: each('trail.global-service-events', (trail, say, graph) => {
    if (trail.globalServiceEvents)
      return say.pass('the trail records global services', 'IncludeGlobalServiceEvents is true')
    const deaf = fedBy(trail, graph).filter(needsGlobal)
    return say.fail({
      title: 'the trail leaves out global services',
      evidence: 'IncludeGlobalServiceEvents is false',
      impact: 'Root use, sign-ins and IAM changes page nobody.',
      fix: {
        summary: 'switches them on, together with multi-region, because AWS takes the two only together',
        command: FIX_COMMAND,
        repairs: [{ kind: 'multi-region', trailArn: trail.arn, region: trail.homeRegion }],
      },
      affects: deaf.map(filterAddress),
    })
  }),
}

export const trailManagementEvents: Check = {
  name: 'trail.management-events',
  run: each('trail.management-events', (trail, say, graph) => {
    const title = 'the trail records management events'
    if (trail.selectors.state === 'unreadable') return say.skip(title, trail.selectors.why)
    const selectors = trail.selectors.value
    const spots = blindSpots(selectors).filter((spot) => !spot.includes('KMS'))
    if (spots.length === 0) return say.pass(title, 'read and write')
    const { deaf, unknown } = deafFilters(trail, graph, (event) => event.eventSource !== 'kms.amazonaws.com')
    const all = spots.some((spot) => spot.includes('no management events'))
    if (!all && deaf.length === 0 && spots.some((spot) => spot.includes('cannot be told')))
      return say.skip(title, spots.join('; '))
    if (!all && deaf.length === 0) {
      return say.pass(
        title,
        spots.join('; '),
        unknown === 0
          ? 'no detection here needs the rest'
          : `${unknown} filters are for events that are not known here`,
      )
    }
    return say.fail({
      title: all ? 'the trail records no management events' : 'the trail leaves out events that detections wait for',
      evidence:
        deaf.length === 0 ? spots.join('; ') : `${spots.join('; ')}; deaf: ${deaf.map(({ name }) => name).join(', ')}`,
      impact: 'The trail looks healthy, and what these detections wait for pages nobody.',
      fix: {
        summary: 'let the trail log all management events, read and write; look at the selectors that are there first',
        command: `aws cloudtrail get-event-selectors --trail-name ${trail.arn}`,
      },
      ...(all ? {} : { affects: deaf.map(filterAddress) }),
    })
  }),
}

export const trailExcludedSources: Check = {
  name: 'trail.excluded-sources',
  run: each('trail.excluded-sources', (trail, say, graph) => {
    const title = 'the trail leaves out no service'
    if (trail.selectors.state === 'unreadable') return say.skip(title, trail.selectors.why)
    const left = excludedSources(trail)
    if (left.length === 0) return say.pass(title, 'no source is excluded')
    const { deaf } = deafFilters(trail, graph, (event) => left.includes(event.eventSource))
    if (deaf.length === 0)
      return say.pass('the trail leaves out a service', left.join(', '), 'no detection here waits for its events')
    return say.fail({
      title: 'the trail leaves out a service that detections wait for',
      evidence: `excluded: ${left.join(', ')}; deaf: ${deaf.map(({ name }) => name).join(', ')}`,
      impact: 'Disabling or deleting a key, say, pages nobody.',
      fix: {
        summary: 'take the service out of the excluded sources; its events may cost money',
        command: `aws cloudtrail get-event-selectors --trail-name ${trail.arn}`,
      },
      affects: deaf.map(filterAddress),
    })
  }),
}

export const trailHomeRegion: Check = {
  name: 'trail.home-region',
  run: each('trail.home-region', (trail, say, graph) => {
    const title = 'the trail lives in the region that was looked at'
    if (trail.homeRegion === graph.site.region) return say.pass(title, trail.homeRegion)
    return say.pass(
      'the trail lives in another region',
      trail.homeRegion,
      `its chain is there: npx cloudtrail-pd doctor --region ${trail.homeRegion}`,
    )
  }),
}

export const trailOrganizationOwner: Check = {
  name: 'trail.organization-owner',
  run: (graph) => {
    const { trails } = graph.facts.inventory
    if (trails.state === 'unreadable') return []
    return trails.value
      .filter(({ organization, account }) => organization || account !== graph.site.account)
      .map((trail) => ownership(trail, trails.value, graph))
  },
}

export const trailDuplicateDelivery: Check = {
  name: 'trail.duplicate-delivery',
  run: (graph) => {
    const sources = graph.trails.filter((trail) => localLogGroup(trail, graph.site) !== undefined)
    return sources.slice(0, 1).map((first) => {
      const say = about('trail.duplicate-delivery', first.arn)
      const shared = sources.filter(
        (trail) => trail !== first && localLogGroup(trail, graph.site) === localLogGroup(first, graph.site),
      )
      const twice = metricsFedTwice(sources, graph)
      if (shared.length === 0 && twice.length === 0)
        return say.pass('every event is counted once', `${sources.length} trails deliver here`)
      const names = [first, ...shared].map(({ name }) => name).join(', ')
      return say.warn({
        title: 'the same events are counted twice',
        evidence:
          shared.length > 0 ? `${names} deliver to one log group` : `fed from two log groups: ${twice.join(', ')}`,
        impact: 'Thresholds above 1 are reached too early, and one event may page twice.',
        fix: { summary: 'let one trail deliver to the log group that has the filters' },
      })
    })
  },
}

function orphan(group: string, graph: Graph): Finding {
  const say = about('trail.exists', group)
  const foreign = graph.facts.inventory.trails
  const near =
    foreign.state === 'read'
      ? foreign.value.find(({ logGroupArn }) => logGroupArn?.includes(`:log-group:${group}`))
      : undefined
  const whose =
    near === undefined
      ? 'no trail delivers there'
      : `trail ${near.name} delivers to a group of this name in account ${near.account}, ${near.homeRegion}`
  return say.fail({
    title: 'no trail delivers to the log group of these filters',
    evidence: `log group ${group}: ${whose}`,
    impact: 'The filters see no event: nobody is paged.',
    fix:
      near === undefined
        ? { summary: 'let a trail deliver to this group, or move the filters', command: 'npx cloudtrail-pd init' }
        : {
            summary: `the chain has to be in account ${near.account}: run doctor there`,
            command: 'npx cloudtrail-pd doctor',
          },
  })
}

function ownership(trail: TrailFact, all: readonly TrailFact[], graph: Graph): Finding {
  const say = about('trail.organization-owner', trail.arn)
  const kind = trail.organization ? 'organization trail' : 'trail'
  if (trail.account === graph.site.account)
    return say.pass(`the ${kind} belongs to this account`, trail.account, 'it pages for every member account')
  if (localLogGroup(trail, graph.site) !== undefined) {
    return say.pass(
      `the ${kind} belongs to another account`,
      trail.account,
      'it delivers to a log group of this account',
    )
  }
  const own = all.some(
    (other) => other.account === graph.site.account && localLogGroup(other, graph.site) !== undefined,
  )
  if (own)
    return say.pass(`the ${kind} belongs to another account`, trail.account, 'a trail of this account feeds the chain')
  return say.fail({
    title: `the ${kind} belongs to another account`,
    evidence: `account ${trail.account}; its log group ${trail.logGroupArn ?? 'is not set'}`,
    impact: 'Filters in this account never see its events; a log group of the same name here proves nothing.',
    fix: {
      summary: `run doctor in account ${trail.account}, where the chain has to be, or make a trail here (a second copy of the events is charged)`,
      command: `npx cloudtrail-pd doctor --region ${trail.homeRegion}`,
    },
  })
}

/** The filters that wait for events which the trail never hands on, and how many wait for something that is not known. */
function deafFilters(trail: TrailFact, graph: Graph, counts: (event: CloudTrailEvent) => boolean) {
  const selectors = trail.selectors.state === 'read' ? trail.selectors.value : undefined
  const filters = fedBy(trail, graph)
  const deaf = filters.filter((filter) => {
    const event = eventOf(filter, graph)
    return (
      event !== undefined &&
      selectors !== undefined &&
      counts(event) &&
      logsEvent(selectors, { ...event, readOnly: event.readOnly === true }) === false
    )
  })
  return { deaf, unknown: filters.filter((filter) => eventOf(filter, graph) === undefined).length }
}

function eventOf(filter: MetricFilterFact, graph: Graph): CloudTrailEvent | undefined {
  return intendedFor(filter, graph.alarmsOf(filter))?.matchingEvent
}

/** A filter whose aim nobody knows may wait for a global service as well as not; it counts as one that does. */
function needsGlobal(filter: MetricFilterFact): boolean {
  const event = intendedFor(filter, [])?.matchingEvent
  if (event === undefined) return /Root|signin|ConsoleLogin|iam\.amazonaws|organizations|Policy/.test(filter.pattern)
  return GLOBAL_SOURCES.includes(event.eventSource) || filter.pattern.includes('Root')
}

function fedBy(trail: TrailFact, graph: Graph): readonly MetricFilterFact[] {
  return [
    ...new Set(
      graph.chains
        .filter((chain) => chain.trail === trail)
        .flatMap(({ filter }) => (filter === undefined ? [] : [filter])),
    ),
  ]
}

/** A metric that filters of two log groups write, when both groups get this account's events. */
function metricsFedTwice(sources: readonly TrailFact[], graph: Graph): readonly string[] {
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

function excludedSources(trail: TrailFact): readonly string[] {
  if (trail.selectors.state !== 'read') return []
  const { basic, advanced } = trail.selectors.value
  const management = advanced.filter(({ fields }) =>
    fields.some(({ field, equals }) => field === 'eventCategory' && equals.includes('Management')),
  )
  const named = [
    ...basic.filter((selector) => selector.includeManagementEvents).flatMap(({ excludedSources: sources }) => sources),
    ...management.flatMap(({ fields }) =>
      fields.filter(({ field }) => field === 'eventSource').flatMap(({ notEquals }) => notEquals),
    ),
  ]
  return [...new Set(named)]
}

/** Trails of this account; those of others are judged where they live. */
function each(name: CheckName, judge: (trail: TrailFact, say: Voice, graph: Graph) => Finding): Check['run'] {
  return (graph) =>
    graph.trails
      .filter(({ account }) => account === graph.site.account)
      .map((trail) => judge(trail, about(name, trail.arn), graph))
}
