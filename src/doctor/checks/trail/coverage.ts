/** Checks of what the trail sees: does it ever record the events that the filters wait for? */

import { countsDataEvents, MANAGEMENT_ONLY } from '../../../detections/data-events.ts'
import type { CloudTrailEvent } from '../../../detections/detection.ts'
import type { MetricFilterSnapshot, TrailSnapshot } from '../../../domain/snapshot.ts'
import { awsCommand } from '../../../next-command.ts'
import { blindSpots, logsEvent, recordsDataEvents } from '../../../plan/coverage.ts'
import { BLIND_SPOT_TEXT } from '../../../plan/trail-faults.ts'
import { type Check, FIX_COMMAND } from '../../check.ts'
import { type ChainGraph, filterAddress } from '../../graph.ts'
import { each } from './trail.ts'

/** Root, sign-in, IAM and the like are recorded in us-east-1 of the commercial partition (CloudTrail guide, global service events). */
const GLOBAL_SOURCES = ['iam.amazonaws.com', 'signin.amazonaws.com', 'sts.amazonaws.com', 'organizations.amazonaws.com']
const GLOBAL_REGION: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-cn': 'cn-north-1',
}

export const trailMultiRegion: Check = {
  name: 'trail.multi-region',
  finds: 'a trail of one region; a failure where that region has no sign-ins and no IAM',
  run: each('trail.multi-region', (trail, report, graph) => {
    if (trail.multiRegion) return report.pass('the trail records every region', 'IsMultiRegionTrail is true')
    const fix = {
      summary: 'makes the trail multi-region, with the events of global services',
      command: FIX_COMMAND,
      repairs: [{ kind: 'multi-region', trailArn: trail.arn, region: trail.homeRegion } as const],
    }
    const evidence = `IsMultiRegionTrail is false, home region ${trail.homeRegion}`
    const global = GLOBAL_REGION[graph.site.partition] ?? 'us-east-1'
    const deaf = fedBy(trail, graph).filter((filter) => trail.homeRegion !== global && needsGlobal(filter, graph))
    if (trail.homeRegion === global) {
      return report.warn({
        title: 'the trail records one region',
        evidence,
        impact: `What happens outside ${trail.homeRegion}, sign-ins there included, pages no one.`,
        fix,
      })
    }
    return report.fail({
      title: 'the trail records one region, and not the one of sign-ins and IAM',
      evidence: deaf.length === 0 ? evidence : `${evidence}; deaf: ${deaf.map(({ name }) => name).join(', ')}`,
      impact: `Root use, sign-ins and IAM changes are recorded in ${global}: they page no one.`,
      fix,
      affects: deaf.map(filterAddress),
    })
  }),
}

export const trailGlobalServiceEvents: Check = {
  name: 'trail.global-service-events',
  finds: 'a trail that leaves out IAM, STS and sign-ins',
  run: each('trail.global-service-events', (trail, report, graph) => {
    if (trail.globalServiceEvents)
      return report.pass('the trail records global services', 'IncludeGlobalServiceEvents is true')
    const deaf = fedBy(trail, graph).filter((filter) => needsGlobal(filter, graph))
    return report.fail({
      title: 'the trail leaves out global services',
      evidence: 'IncludeGlobalServiceEvents is false',
      impact: 'Root use, sign-ins and IAM changes page no one.',
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
  essential: true,
  finds: 'selectors without management events, or without the reads or writes that a detection waits for',
  run: each('trail.management-events', (trail, report, graph) => {
    const title = 'the trail records management events'
    if (trail.selectors.state === 'unreadable') return report.skip(title, trail.selectors.why)
    const selectors = trail.selectors.value
    const spots = blindSpots(selectors).filter((spot) => spot !== 'without-kms')
    if (spots.length === 0) return report.pass(title, 'read and write')
    const seen = spots.map((spot) => BLIND_SPOT_TEXT[spot]).join('; ')
    const { deaf, unknown } = deafFilters(trail, graph, (event) => event.eventSource !== 'kms.amazonaws.com')
    const all = spots.includes('no-management-events')
    if (!all && deaf.length === 0 && spots.includes('fields-unknown')) return report.skip(title, seen)
    if (!all && deaf.length === 0) {
      return report.pass(
        title,
        seen,
        unknown === 0
          ? 'the excluded events are not used by any detection'
          : `${unknown} filters are for events that are not known here`,
      )
    }
    return report.fail({
      title: all ? 'the trail records no management events' : 'the trail leaves out events that detections wait for',
      evidence: deaf.length === 0 ? seen : `${seen}; deaf: ${deaf.map(({ name }) => name).join(', ')}`,
      impact: 'The trail looks healthy, and what these detections wait for pages no one.',
      fix: {
        summary: 'let the trail log all management events, read and write; look at the selectors that are there first',
        look: awsCommand('cloudtrail get-event-selectors', { 'trail-name': trail.arn }),
      },
      ...(all ? {} : { affects: deaf.map(filterAddress) }),
    })
  }),
}

export const trailExcludedSources: Check = {
  name: 'trail.excluded-sources',
  finds: 'selectors that leave out KMS or the RDS Data API although a detection waits for it',
  run: each('trail.excluded-sources', (trail, report, graph) => {
    const title = 'no event source is excluded'
    if (trail.selectors.state === 'unreadable') return report.skip(title, trail.selectors.why)
    const left = excludedSources(trail)
    if (left.length === 0) return report.pass(title, 'no source is excluded')
    const { deaf } = deafFilters(trail, graph, (event) => left.includes(event.eventSource))
    if (deaf.length === 0)
      return report.pass('the trail leaves out a service', left.join(', '), 'no detection here waits for its events')
    return report.fail({
      title: 'the trail leaves out a service that detections wait for',
      evidence: `excluded: ${left.join(', ')}; deaf: ${deaf.map(({ name }) => name).join(', ')}`,
      impact: 'Disabling or deleting a key, say, pages no one.',
      fix: {
        summary: 'take the service out of the excluded sources; its events may cost money',
        look: awsCommand('cloudtrail get-event-selectors', { 'trail-name': trail.arn }),
      },
      affects: deaf.map(filterAddress),
    })
  }),
}

export const trailDataEvents: Check = {
  name: 'trail.data-events',
  finds: 'data events on the trail that filters for management events count too',
  run: each('trail.data-events', (trail, report, graph) => {
    const title = 'no filter counts data events'
    if (trail.selectors.state === 'unreadable') return report.skip(title, trail.selectors.why)
    if (!recordsDataEvents(trail.selectors.value)) return report.pass(title, 'the trail records none')
    const flooded = fedBy(trail, graph).filter(({ pattern }) => countsDataEvents(pattern))
    if (flooded.length === 0) return report.pass(title, 'the trail records data events, and no filter counts them')
    return report.warn({
      title: 'filters count the data events of the trail',
      evidence: `the trail records data events; counted by ${flooded.map(({ name }) => name).join(', ')}`,
      impact: 'Denied reads of a public bucket, say, page somebody or keep the alarm up.',
      fix: { summary: `add && ${MANAGEMENT_ONLY} to each pattern, unless data events are meant` },
    })
  }),
}

/** The filters that wait for events which the trail never hands on, and how many wait for something that is not known. */
function deafFilters(trail: TrailSnapshot, graph: ChainGraph, counts: (event: CloudTrailEvent) => boolean) {
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

function eventOf(filter: MetricFilterSnapshot, graph: ChainGraph): CloudTrailEvent | undefined {
  return graph.classifyFilter(filter)?.ownEvents[0]
}

/** A filter whose aim nobody knows may wait for a global service as well as not; it counts as one that does. */
function needsGlobal(filter: MetricFilterSnapshot, graph: ChainGraph): boolean {
  const event = graph.classifyFilter(filter)?.ownEvents[0]
  if (event === undefined) return /Root|signin|ConsoleLogin|iam\.amazonaws|organizations|Policy/.test(filter.pattern)
  return GLOBAL_SOURCES.includes(event.eventSource) || filter.pattern.includes('Root')
}

function fedBy(trail: TrailSnapshot, graph: ChainGraph): readonly MetricFilterSnapshot[] {
  return [
    ...new Set(
      graph.chains
        .filter((chain) => chain.trail === trail)
        .flatMap(({ filter }) => (filter === undefined ? [] : [filter])),
    ),
  ]
}

function excludedSources(trail: TrailSnapshot): readonly string[] {
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
