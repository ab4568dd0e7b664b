/** Checks of the metric filter around its pattern: is it there, is it read, and does it publish what an alarm can see? */

import { parseMarker } from '../../../domain/marker.ts'
import type { MetricFilterSnapshot } from '../../../domain/snapshot.ts'
import { quoted } from '../../../shell.ts'
import {
  type Check,
  type CheckName,
  count,
  type Finding,
  type FindingBuilder,
  findingFor,
  oneByOne,
} from '../../check.ts'
import { type ChainGraph, filterAddress, readingOf } from '../../graph.ts'
import { metricText } from '../../indexes.ts'
import { ownEvents } from '../../pattern-analysis.ts'

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
      if (here.length > 0) return report.pass(title, count(here.length, 'filter'))
      if (graph.filters.length > 0)
        return report.pass('no filter looks at this log group', group, 'the filters are on another group')
      return report.fail({
        title: 'no metric filter looks at the log group',
        evidence: `log group ${group} has none; a group that was made again loses its filters`,
        impact: 'Events arrive and nothing counts them: nobody is paged.',
        fix: { summary: 'install detections', command: 'npx cloudtrail-pd init' },
      })
    }),
}

export const metricFilterSyntax: Check = {
  name: 'metric-filter.syntax',
  finds: 'nothing: a pattern that this program cannot read is left to AWS, and its other checks are skipped',
  run: each('metric-filter.syntax', (filter, report, graph) => {
    const title = 'the pattern can be read'
    const { parsed } = graph.analysis(filter)
    if (parsed.validity === 'accepted') return report.pass(title, filter.pattern)
    // CloudWatch has taken it, so its meaning is what is in doubt, not its existence.
    const note = `column ${parsed.column}: ${parsed.message}`
    if (parsed.validity === 'not-established') return report.pass(title, filter.pattern, note)
    return report.skip(title, `this program does not read the pattern as CloudWatch does: ${note}`)
  }),
}

/** Detections whose every own event is worth a page of its own: to miss one kind is a hole, not a choice. */
const WHOLE: ReadonlySet<string> = new Set(['unauthorized-api-calls'])

export const metricFilterMatchesOwnEvent: Check = {
  name: 'metric-filter.matches-own-event',
  finds: 'a pattern that misses an event it is named or meant for',
  needs: ['metric-filter.syntax'],
  run: each('metric-filter.matches-own-event', (filter, report, graph) => {
    const title = 'the pattern matches the event that it is for'
    const detection = graph.classifyFilter(filter)
    if (detection === undefined)
      return report.pass('what the pattern is for is not known', filter.name, 'its own event could not be tried')
    const events = ownEvents(detection)
    const missed = events.filter((event) => !graph.analysis(filter).matches(event))
    const names = [
      ...new Set(
        missed.map((event) => [event.eventName, event.errorCode].filter((part) => part !== undefined).join(' ')),
      ),
    ]
    if (missed.length === 0) return report.pass(title, `${detection.id}: ${count(events.length, 'event')}`)
    if (detection.paging.scopedPattern !== undefined) {
      return report.pass('the pattern watches one chain alone', detection.id, 'its own event could not be tried')
    }
    if (missed.length < events.length && !WHOLE.has(detection.id)) {
      return report.pass(
        title,
        `${detection.id}: ${events.length - missed.length} of ${events.length} events`,
        `narrower than ours, it does not count ${names.join(', ')}`,
      )
    }
    return report.fail({
      title: 'the pattern does not match the event that it is for',
      evidence: `${detection.id}: ${names.join(', ')} does not match ${shortened(filter.pattern)}`,
      impact: 'The detection looks installed, and its event pages nobody.',
      fix: {
        summary: `use ${detection.paging.pattern}`,
        command: `npx cloudtrail-pd pattern explain ${quoted(filter.pattern)}`,
      },
    })
  }),
}

export const metricFilterFalsePages: Check = {
  name: 'metric-filter.false-pages',
  finds: 'a pattern that also counts the harmless neighbour of its event, or every single sign-on',
  needs: ['metric-filter.syntax'],
  run: each('metric-filter.false-pages', (filter, report, graph) => {
    const title = 'the pattern leaves the harmless neighbour alone'
    const alarms = graph.alarmsOf(filter)
    const detection = graph.classifyFilter(filter)
    if (detection === undefined) return []
    if (alarms.length > 0 && alarms.every(({ description }) => parseMarker(description) !== undefined)) {
      return [report.pass(title, detection.id, 'chosen with init')]
    }
    const { matches } = graph.analysis(filter)
    const { matchingEvent: own, otherEvent } = detection
    if (matches(otherEvent))
      return [
        report.warn(
          noisy(
            'the pattern also matches the harmless neighbour of its event',
            `${otherEvent.eventName} as it happens every day`,
            detection.paging.pattern,
          ),
        ),
      ]
    if (own.eventName !== 'ConsoleLogin' || own.additionalEventData === undefined || !/MFA/i.test(filter.pattern))
      return [report.pass(title, detection.id)]
    const federated = { ...own, userIdentity: { type: 'AssumedRole', arn: 'AWSReservedSSO' } }
    if (matches(federated)) {
      return [
        report.warn(
          noisy(
            'the pattern matches every single sign-on',
            'ConsoleLogin of a federated role: AWS does not see the second factor of the identity provider',
            detection.paging.pattern,
          ),
        ),
      ]
    }
    return [report.pass(title, detection.id)]
  }),
}

/** The sign-in pattern of CIS 1.4 asks for an IAM user, so root without a second factor is left to the root detection (field case C33). */
export const metricFilterRootSignin: Check = {
  name: 'metric-filter.root-signin',
  finds: 'a sign-in pattern for IAM users alone where nothing else sees root sign in without a second factor',
  needs: ['metric-filter.syntax'],
  run: each('metric-filter.root-signin', (filter, report, graph) => {
    const detection = graph.classifyFilter(filter)
    if (detection?.id !== 'console-signin-without-mfa') return []
    const asRoot = { ...detection.matchingEvent, userIdentity: { type: 'Root' } }
    const covering = graph.filters.find((other) => graph.analysis(other).matches(asRoot))
    if (covering !== undefined) return report.pass('a sign-in of root without a second factor is seen', covering.name)
    return report.warn({
      title: 'a sign-in of root without a second factor is seen by nobody',
      evidence: `${filter.name} asks for an IAM user, and no other filter matches root`,
      impact: 'The sign-in that matters most pages nobody.',
      fix: {
        summary: 'install the root detection as well',
        command: 'npx cloudtrail-pd init --detections root-account-usage',
      },
    })
  }),
}

export const metricFilterTransformation: Check = {
  name: 'metric-filter.transformation',
  finds: 'no metric, a value of 0, dimensions, or a filter over transformed events',
  run: each('metric-filter.transformation', (filter, report) => {
    const title = 'the filter publishes a number that an alarm can see'
    const [made, ...others] = filter.transformations
    if (made === undefined) return report.fail(blind('the filter publishes no metric', 'no transformation'))
    const seen = `${metricText(made)} = ${made.value}${made.defaultValue === undefined ? '' : `, default ${made.defaultValue}`}`
    if (Number(made.value) === 0) return report.fail(blind('the filter publishes 0 for each event', seen))
    if (filter.emittedSystemDimensions.length > 0) {
      return report.fail(
        blind(
          'the filter adds dimensions that an alarm without them does not see',
          `${seen}; ${filter.emittedSystemDimensions.join(', ')}`,
        ),
      )
    }
    if (Object.keys(made.dimensions).length > 0) {
      return report.warn({
        title: 'the metric has dimensions',
        evidence: `${seen}; ${Object.keys(made.dimensions).join(', ')}`,
        impact: 'An alarm sees one value of a dimension at a time: the same event with another value pages nobody.',
        fix: { summary: 'take the dimensions out of the filter' },
      })
    }
    if (filter.onTransformedLogs) {
      return report.warn({
        title: 'the filter looks at transformed events',
        evidence: 'applyOnTransformedLogs is true',
        impact: "A pattern written for CloudTrail's own fields may match nothing after the transformation.",
        fix: {
          summary: 'switch applyOnTransformedLogs off, or try a fire drill by a real call',
          command: 'npx cloudtrail-pd test --via api-call',
        },
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
        impact: 'A new detection cannot be installed here, so its event pages nobody.',
        fix: { summary: 'remove filters that no alarm watches' },
      })
    }),
}

/** Runs for each filter of the chains. */
export function each(
  name: CheckName,
  judge: (filter: MetricFilterSnapshot, report: FindingBuilder, graph: ChainGraph) => Finding | readonly Finding[],
): Check['run'] {
  return (graph) => oneByOne(graph.filters, (filter) => judge(filter, findingFor(name, filterAddress(filter)), graph))
}

function noisy(title: string, evidence: string, pattern: string) {
  return {
    title,
    evidence,
    impact: 'Somebody is paged for nothing, and learns to ignore the page.',
    fix: { summary: `use ${pattern}` },
  }
}

function blind(title: string, evidence: string) {
  return {
    title,
    evidence,
    impact: 'The alarm never sees a value above its threshold: nobody is paged.',
    fix: { summary: 'let the filter publish 1 for each event, default 0, without dimensions' },
  }
}

function shortened(pattern: string): string {
  return pattern.length <= 120 ? pattern : `${pattern.slice(0, 119)}…`
}
