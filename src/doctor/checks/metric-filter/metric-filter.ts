/** Checks of the metric filter around its pattern: is it there, is it read, and does it publish what an alarm can see? */

import { counted } from '../../../counted.ts'
import { rootAccountUsage } from '../../../detections/catalogue/root-account-usage.ts'
import type { CloudTrailEvent } from '../../../detections/detection.ts'
import { root } from '../../../detections/event.ts'
import { samplesOf } from '../../../detections/samples.ts'
import type { MetricFilterSnapshot } from '../../../domain/snapshot.ts'

import { toolCommand } from '../../../options/next-command.ts'
import { type Check, type Fix, findingFor, perResource } from '../../check.ts'
import { filterOrigin } from '../../chosen.ts'
import { type Classification, callNames } from '../../classify.ts'
import { drillFix } from '../../drill-step.ts'
import { filterFix, missingDetectionFix, missingFiltersFix } from '../../fixes.ts'
import { type ChainGraph, filterAddress, readingOf } from '../../graph.ts'
import { metricText } from '../../indexes.ts'

/** Judges each filter of the chains. */
export const each = perResource(({ filters }) => filters, filterAddress)

export const metricFilterExists: Check = {
  name: 'metric-filter.exists',
  essential: true,
  finds: 'a log group of a trail that no metric filter looks at',
  run: (graph) =>
    graph.logGroups.map((group) => {
      const report = findingFor('metric-filter.exists', group)
      const title = 'metric filters look at the log group'
      const { metricFilters } = graph.gathered.snapshot
      if (metricFilters.state === 'unreadable') return report.skip(title, metricFilters.why)
      const here = graph.joins.filtersIn(group)
      if (here.length > 0) return report.pass(title, counted(here.length, 'filter'))
      if (graph.filters.length > 0)
        return report.pass('no filter looks at this log group', group, 'the filters are on another group')
      return report.fail({
        title: 'no metric filter looks at the log group',
        evidence: `log group ${group} has none; a group that was made again loses its filters`,
        impact: 'Events arrive and nothing counts them: no one is paged.',
        fix: missingFiltersFix(group, graph),
      })
    }),
}

export const metricFilterSyntax: Check = {
  name: 'metric-filter.syntax',
  essential: true,
  finds: 'a pattern that CloudWatch Logs is not known to take; its other checks are skipped',
  run: each('metric-filter.syntax', (filter, report, graph) => {
    const title = 'the pattern can be read'
    const { parsed } = graph.analysis(filter)
    if (parsed.validity === 'accepted') return report.pass(title, filter.pattern)
    const seen = `column ${parsed.column}: ${parsed.message}`
    if (parsed.validity === 'not-established') return report.pass(title, filter.pattern, seen)
    return report.fail({
      title: 'the pattern cannot be read',
      evidence: seen,
      impact: 'CloudWatch Logs refuses such a pattern when a filter is made, so no event is known to be counted.',
      fix:
        parsed.suggestion === undefined
          ? { summary: 'see where', look: toolCommand('pattern lint', {}, [filter.pattern]) }
          : filterFix(filter, { pattern: parsed.suggestion }, `use ${parsed.suggestion}`, graph),
    })
  }),
}

export const metricFilterMatchesOwnEvent: Check = {
  name: 'metric-filter.matches-own-event',
  finds: 'filters that miss every call, or some calls, of the detection that they are for',
  needs: ['metric-filter.syntax'],
  run: each('metric-filter.matches-own-event', (filter, report, graph) => {
    const title = 'the pattern matches the events that it is for'
    const told = graph.classificationOf(filter)
    if (told === undefined)
      return report.pass('what the pattern is for is not known', filter.name, 'its own event could not be tried')
    const { detection, counted: seen, missed, only, claimed } = told
    const together = graph.unionOf(filter)
    const beside = together.length === 1 ? '' : `${together.length} filters of ${metricsText(filter)}, `
    const share = `${detection.id}: ${beside}${seen.length} of ${counted(seen.length + missed.length, 'call')}`
    const narrower = only.length === 0 ? undefined : `narrower: only ${only.join(', ')}`
    // Its own resources are in the pattern, and no example knows their names.
    if (detection.paging.scopedPattern !== undefined && missed.length > 0)
      return report.pass('the pattern watches one chain alone', detection.id, 'its own event could not be tried')
    if (seen.length === 0) {
      return report.fail({
        title: 'the pattern does not match the event that it is for',
        evidence: `${detection.id}: ${callNames(missed).join(', ')} does not match ${shortened(filter.pattern)}`,
        impact: 'The detection looks installed, and its event pages no one.',
        fix: {
          ...filterFix(filter, { pattern: detection.paging.pattern }, `use ${detection.paging.pattern}`, graph),
          look: toolCommand('pattern explain', {}, [filter.pattern]),
        },
      })
    }
    if (missed.length === 0) return report.pass(title, share, narrower ?? asPublished(told))
    const names = callNames(missed).join(', ')
    if (!claimed && together.length === 1) {
      const note = [`partial: it does not count ${names}`, narrower].filter((part) => part !== undefined).join('; ')
      return report.pass(title, share, note)
    }
    if (together[0] !== filter) return report.pass(title, share, `judged with ${together[0]?.name}`)
    return report.warn({
      title: `${together.length === 1 ? 'the pattern counts' : 'the filters of the metric count'} a part of the calls of the detection`,
      evidence: `${share}; partial: misses ${names}`,
      impact: 'The calls that it misses page no one.',
      fix: whole(together, detection.paging.pattern, only, graph),
      ...(narrower === undefined ? {} : { note: narrower }),
      affects: together.map(filterAddress),
    })
  }),
}

/** What a published text leaves out by design is no gap of the filter. */
function asPublished({ detection, counted, nearest }: Classification): string | undefined {
  const tuned = samplesOf(detection).references.find(({ label }) => label === 'tuned')
  const beyond = [...(tuned?.calls ?? [])].filter((call) => !counted.includes(call))
  if (nearest === 'tuned' || beyond.length === 0) return undefined
  return `as published (${nearest}), it does not count ${callNames(beyond).join(', ')}`
}

function metricsText({ transformations }: MetricFilterSnapshot): string {
  return transformations.map(metricText).join(', ')
}

export const metricFilterFalsePages: Check = {
  name: 'metric-filter.false-pages',
  finds: 'a pattern that also counts a routine event, or every single sign-on',
  needs: ['metric-filter.syntax'],
  run: each('metric-filter.false-pages', (filter, report, graph) => {
    const title = 'the pattern counts no routine event'
    const told = graph.classificationOf(filter)
    if (told === undefined || told.counted.length === 0) return []
    const { detection } = told
    if (isChosenWithInit(filter, graph)) {
      return [report.pass(title, detection.id, 'chosen with init')]
    }
    const { matches } = graph.analysis(filter)
    const { pattern } = detection.paging
    const fix =
      told.only.length > 0
        ? { summary: `use ${pattern}, narrowed as it is now`, verbatim: true }
        : filterFix(filter, { pattern }, `use ${pattern}`, graph)
    const counted = detection.neighborEvents.filter(matches)
    const federated = counted.filter(isFederatedSignIn)
    const [other] = counted.filter((event) => !isFederatedSignIn(event))
    if (federated.some((event) => !isSaml(event)))
      return [report.warn(noisy('the pattern matches every single sign-on', SINGLE_SIGN_ON, fix))]
    if (other !== undefined)
      return [
        report.warn(
          noisy('the pattern also matches a routine event', `${inWords(other)}, which happens every day`, fix),
        ),
      ]
    const note =
      federated.length > 0 ? 'a sign-in through a SAML provider outside of IAM Identity Center is counted' : undefined
    return [report.pass(title, detection.id, note)]
  }),
}

const SINGLE_SIGN_ON =
  'ConsoleLogin through IAM Identity Center: AWS does not see the second factor of the identity provider'

function isFederatedSignIn({ eventName, userIdentity }: CloudTrailEvent): boolean {
  return eventName === 'ConsoleLogin' && partOf(userIdentity, 'type') === 'AssumedRole'
}

function isSaml({ additionalEventData }: CloudTrailEvent): boolean {
  return partOf(additionalEventData, 'SamlProviderArn') !== undefined
}

/** The call, and who makes it where that is what makes it harmless. */
function inWords({ eventName, eventType, userIdentity, additionalEventData }: CloudTrailEvent): string {
  const invokedBy = partOf(userIdentity, 'invokedBy')
  const type = partOf(userIdentity, 'type')
  if (typeof invokedBy === 'string') return `${eventName} that ${invokedBy} makes for ${String(type)}`
  if (eventType === 'AwsServiceEvent') return `${eventName}, a service event under ${String(type)}`
  const mfa = partOf(additionalEventData, 'MFAUsed')
  return `${eventName} by ${String(type)}${typeof mfa === 'string' ? ` with MFAUsed ${mfa}` : ''}`
}

function partOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/** The sign-in pattern of CIS 1.4 asks for an IAM user, so root without a second factor is left to the root detection (field case C33). */
export const metricFilterRootSignin: Check = {
  name: 'metric-filter.root-signin',
  finds: 'a sign-in pattern for IAM users alone where nothing else sees root sign in without a second factor',
  needs: ['metric-filter.syntax'],
  run: each('metric-filter.root-signin', (filter, report, graph) => {
    const detection = graph.classifyFilter(filter)
    if (detection?.id !== 'console-signin-without-mfa') return []
    const asRoot = { ...detection.ownEvents[0], userIdentity: root() }
    const covering = graph.filters.find((other) => graph.analysis(other).matches(asRoot))
    if (covering !== undefined) return report.pass('a sign-in of root without a second factor is seen', covering.name)
    return report.warn({
      title: 'no filter sees a root sign-in without MFA',
      evidence: `${filter.name} asks for an IAM user, and no other filter matches root`,
      impact: 'No one is paged for the sign-in that matters most.',
      fix: missingDetectionFix(rootAccountUsage, filter, graph),
    })
  }),
}

export const metricFilterTransformation: Check = {
  name: 'metric-filter.transformation',
  finds: 'no metric, a value of 0, dimensions, or a filter over transformed events',
  run: each('metric-filter.transformation', (filter, report, graph) => {
    const title = 'the filter publishes a number that an alarm can see'
    const [made, ...others] = filter.transformations
    if (made === undefined)
      return report.fail(blind('the filter publishes no metric', 'no transformation', filter, graph))
    const seen = `${metricText(made)} = ${made.value}${made.defaultValue === undefined ? '' : `, default ${made.defaultValue}`}`
    if (Number(made.value) === 0)
      return report.fail(blind('the filter publishes 0 for each event', seen, filter, graph))
    if (filter.emittedSystemDimensions.length > 0) {
      return report.fail(
        blind(
          'the filter adds dimensions that an alarm without them does not see',
          `${seen}; ${filter.emittedSystemDimensions.join(', ')}`,
          filter,
          graph,
        ),
      )
    }
    if (Object.keys(made.dimensions).length > 0) {
      return report.warn({
        title: 'the metric has dimensions',
        evidence: `${seen}; ${Object.keys(made.dimensions).join(', ')}`,
        impact: 'An alarm sees one value of a dimension at a time: the same event with another value pages no one.',
        works: null,
        fix: filterFix(
          filter,
          { transformations: filter.transformations.map((one) => ({ ...one, dimensions: {} })) },
          'take the dimensions out of the filter',
          graph,
        ),
      })
    }
    if (filter.onTransformedLogs) {
      return report.warn({
        title: 'the filter looks at transformed events',
        evidence: 'applyOnTransformedLogs is true',
        impact: "A pattern written for CloudTrail's own fields may match nothing after the transformation.",
        works: null,
        fix: drillFix(
          'switch applyOnTransformedLogs off, or try a fire drill by a real call',
          graph,
          graph.chains.filter(({ logGroup }) => logGroup === filter.logGroup),
          'real',
        ),
      })
    }
    const note = others.length > 0 ? 'it publishes more than one metric' : undefined
    return report.pass(title, seen, note)
  }),
}

const FILTERS_A_GROUP = 100
const NEARLY_FULL = 90

export const metricFilterQuota: Check = {
  name: 'metric-filter.quota',
  finds: 'a log group that has all the filters that it can have',
  run: (graph) =>
    graph.logGroups.map((group) => {
      const report = findingFor('metric-filter.quota', group)
      const title = 'the log group has room for more filters'
      const { metricFilters } = graph.gathered.snapshot
      const reading = readingOf(graph.gathered.snapshot.logGroups, group)
      const counted = reading.state === 'read' ? reading.value?.metricFilterCount : undefined
      if (counted === undefined && metricFilters.state === 'unreadable') return report.skip(title, metricFilters.why)
      const filters = Math.max(counted ?? 0, graph.joins.filtersIn(group).length)
      const seen = `${filters} of ${FILTERS_A_GROUP}`
      if (filters < NEARLY_FULL) return report.pass(title, seen)
      if (filters < FILTERS_A_GROUP) return report.pass(title, seen, 'few more detections will fit')
      return report.warn({
        title: 'the log group is full of filters',
        evidence: seen,
        impact: 'A new detection cannot be installed here, so its event pages no one.',
        fix: { summary: 'remove filters that no alarm watches' },
      })
    }),
}

/** Whether every alarm over the filter carries a mark that records it as it is. */
export function isChosenWithInit(filter: MetricFilterSnapshot, graph: ChainGraph): boolean {
  const alarms = graph.alarmsOf(filter)
  return alarms.length > 0 && alarms.every((alarm) => filterOrigin(alarm, graph.joins.filtersOf(alarm)) === 'chosen')
}

/** The whole pattern of a detection in place of a part; not where several filters share the work, or one is narrowed on purpose. */
function whole(
  together: readonly MetricFilterSnapshot[],
  pattern: string,
  only: readonly string[],
  graph: ChainGraph,
): Fix {
  const summary = `count them as well; the whole pattern is ${pattern}`
  const [filter, ...others] = together
  if (filter === undefined || others.length > 0 || only.length > 0) return { summary }
  return filterFix(filter, { pattern }, summary, graph)
}

function noisy(title: string, evidence: string, fix: Fix) {
  return {
    title,
    evidence,
    impact: 'Somebody is paged for nothing, and learns to ignore the page.',
    fix,
  }
}

function blind(title: string, evidence: string, filter: MetricFilterSnapshot, graph: ChainGraph) {
  const transformations = filter.transformations.map((one) => ({ ...one, value: '1', defaultValue: 0, dimensions: {} }))
  return {
    title,
    evidence,
    impact: 'The alarm never sees a value above its threshold: no one is paged.',
    fix: filterFix(
      filter,
      { transformations },
      'let the filter publish 1 for each event, default 0, without dimensions',
      graph,
    ),
  }
}

function shortened(pattern: string): string {
  return pattern.length <= 120 ? pattern : `${pattern.slice(0, 119)}…`
}
