/** Checks of the alarm's wiring: does it watch the metric, tell the right topics in the right states, and is it allowed to speak? */

import { counted } from '../../../counted.ts'
import { isMeantForPagerDuty } from '../../../domain/endpoint.ts'
import { parseMarker } from '../../../domain/marker.ts'
import { parseArn } from '../../../domain/names.ts'
import {
  type AlarmSnapshot,
  type MetricFilterSnapshot,
  type MetricTransformation,
  valueIfRead,
} from '../../../domain/snapshot.ts'
import { type AlarmChange, whyNotRewritten } from '../../../plan/repair.ts'
import { type Check, FIX_COMMAND, type Fix, findingFor, oneByOne, perResource } from '../../check.ts'
import { missingAlarmFix, pagingTopic, withTopic } from '../../fixes.ts'
import { type ChainGraph, filterAddress, isTopic, pagesNobodyOnPurpose } from '../../graph.ts'
import { compositesOver, metricsOf, metricText, nearest } from '../../indexes.ts'
import { seenAt, writerOf } from './writer.ts'

/** Judges each metric alarm of the chains. */
export const each = perResource(
  ({ alarms }) => alarms.filter(({ type }) => type === 'metric'),
  ({ name }) => name,
)

export const alarmExists: Check = {
  name: 'alarm.exists',
  essential: true,
  finds: 'a filter whose metric no alarm watches',
  run: (graph) => {
    const own = (valueIfRead(graph.gathered.snapshot.alarms) ?? []).filter(isOnOwnMetric)
    return oneByOne(graph.filters, (filter) => {
      const report = findingFor('alarm.exists', filterAddress(filter))
      const title = 'an alarm watches the metric of the filter'
      const { alarms } = graph.gathered.snapshot
      if (alarms.state === 'unreadable') return report.skip(title, alarms.why)
      const watching = graph.joins.alarmsOf(filter)
      const metrics = filter.transformations.map(metricText).join(', ')
      if (watching.length > 0) return report.pass(title, `${metrics} → ${watching.map(({ name }) => name).join(', ')}`)
      const close = nearestAlarm(filter, own)
      return report.fail({
        title: 'no alarm watches the metric of the filter',
        evidence: `the filter writes ${metrics === '' ? 'no metric' : metrics}${close === undefined ? '' : `; ${close.name} watches ${seen(close)}`}`,
        impact: 'The filter counts, and no one is paged.',
        fix:
          close === undefined
            ? missingAlarmFix(filter, graph)
            : {
                summary: `let ${close.name} watch ${metrics} without dimensions, or let the filter write ${seen(close)}`,
              },
      })
    })
  },
}

export const alarmMetric: Check = {
  name: 'alarm.metric',
  essential: true,
  finds: 'an alarm on a metric, a set of dimensions or a unit that no filter writes',
  run: (graph) => {
    const made = (valueIfRead(graph.gathered.snapshot.metricFilters) ?? []).flatMap((filter) =>
      filter.transformations.map((one) => ({ filter, one })),
    )
    return each('alarm.metric', (alarm, report) => {
      const title = 'a metric filter writes what the alarm watches'
      const { metricFilters } = graph.gathered.snapshot
      if (metricFilters.state === 'unreadable') return report.skip(title, metricFilters.why)
      const filters = graph.joins.filtersOf(alarm)
      if (filters.length === 0) return report.fail(unwritten(alarm, made))
      const units = filters.flatMap(({ transformations }) => transformations.map(({ unit }) => unit ?? 'None'))
      if (alarm.unit !== undefined && !units.includes(alarm.unit)) {
        return report.fail({
          title: 'the alarm asks for a unit that the filter does not write',
          evidence: `alarm ${alarm.unit}, filter ${units.join(', ')}`,
          impact: 'The alarm never sees a value and stays in INSUFFICIENT_DATA: no one is paged.',
          fix: { summary: 'take the unit out of the alarm' },
        })
      }
      return report.pass(title, `${seen(alarm)} ← ${filters.map(filterAddress).join(', ')}`)
    })(graph)
  },
}

export const alarmActionsEnabled: Check = {
  name: 'alarm.actions-enabled',
  finds: 'actions that are switched off',
  run: each('alarm.actions-enabled', (alarm, report, graph) => {
    if (alarm.actionsEnabled) return report.pass('actions are enabled', 'ActionsEnabled is true')
    const by = writerOf(graph, 'disabled', alarm.name)
    return seenAt(
      by.url,
      report.fail({
        title: 'the actions of the alarm are disabled',
        evidence: `ActionsEnabled is false; ${by.words}`,
        impact: 'The alarm changes its state and notifies no one: no page, no resolve.',
        fix: alarmFix(alarm, { ActionsEnabled: true }, 'enables the actions'),
      }),
    )
  }),
}

export const alarmAlarmAction: Check = {
  name: 'alarm.alarm-action',
  finds: 'an alarm that tells no topic when it fires, nor does a composite alarm over it',
  run: each('alarm.alarm-action', (alarm, report, graph) => {
    const topics = alarm.alarmActions.filter(isTopic)
    if (topics.length > 0) return report.pass('the alarm tells a topic', topics.join(', '))
    const composites = compositesOver(alarm, graph.alarms).filter((one) => one.alarmActions.some(isTopic))
    if (composites.length > 0) {
      const names = composites.map(({ name }) => name).join(', ')
      return report.pass('a composite alarm tells a topic for it', names, 'see alarm.composite', { works: null })
    }
    const others = alarm.alarmActions.length
    return report.fail({
      title: 'the alarm tells no topic when it fires',
      evidence: others === 0 ? 'AlarmActions is empty' : `AlarmActions has ${others} actions, none of them a topic`,
      impact: 'No one is paged.',
      fix: topicFix(alarm, graph),
    })
  }),
}

export const alarmOkAction: Check = {
  name: 'alarm.ok-action',
  essential: 'to-resolve',
  finds: 'a topic that gets ALARM and never OK, unless init was told so',
  run: each('alarm.ok-action', (alarm, report, graph) => {
    const paging = alarm.alarmActions.filter((topic) => isTopic(topic) && pages(topic, alarm, graph))
    const missing = paging.filter((topic) => !alarm.okActions.includes(topic))
    if (paging.length === 0)
      return report.skip('the incident resolves by itself', 'the alarm tells no topic that leads to PagerDuty')
    if (missing.length === 0)
      return report.pass('the incident resolves by itself', 'every topic that gets ALARM gets OK too')
    if (parseMarker(alarm.description)?.autoResolve === false) {
      return report.pass('incidents are closed by hand', 'OKActions is empty', 'chosen with --no-auto-resolve', {
        resolves: false,
      })
    }
    const shown = alarm.okActions.length === 0 ? 'OKActions is empty' : `OKActions lacks ${missing.join(', ')}`
    return report.fail({
      title: 'the alarm does not say when it is over',
      evidence: `AlarmActions has ${counted(paging.length, 'topic')}, ${shown}`,
      impact:
        'It pages once: the incident never resolves by itself, and until someone resolves it, the next event joins it and pages no one.',
      works: true,
      resolves: false,
      fix: alarmFix(alarm, { OKActions: [...alarm.okActions, ...missing] }, 'adds the topic, keeps every other field'),
    })
  }),
}

export const alarmInsufficientDataAction: Check = {
  name: 'alarm.insufficient-data-action',
  finds: 'INSUFFICIENT_DATA sent to PagerDuty',
  run: each('alarm.insufficient-data-action', (alarm, report, graph) => {
    const wrong = alarm.insufficientDataActions.filter((topic) => isTopic(topic) && pages(topic, alarm, graph))
    if (wrong.length === 0)
      return report.pass('missing data opens no incident', 'PagerDuty is not told of INSUFFICIENT_DATA')
    const treatment = alarm.treatMissingData ?? 'missing'
    if (treatment !== 'missing') {
      return report.pass(
        'missing data opens no incident',
        `TreatMissingData is ${treatment}`,
        'PagerDuty would be told of INSUFFICIENT_DATA, and the alarm never gets there',
      )
    }
    const kept = alarm.insufficientDataActions.filter((action) => !wrong.includes(action))
    return report.fail({
      title: 'missing data pages somebody',
      evidence: `InsufficientDataActions has ${wrong.join(', ')}`,
      impact: 'PagerDuty opens an incident for INSUFFICIENT_DATA and never resolves it; a real page then joins it.',
      works: null,
      resolves: false,
      fix: alarmFix(alarm, { InsufficientDataActions: kept }, 'takes the topic out, keeps every other field'),
    })
  }),
}

export const alarmActionTarget: Check = {
  name: 'alarm.action-target',
  finds: 'actions on topics of another region, or on what is no ARN',
  run: each('alarm.action-target', (alarm, report, graph) => {
    const actions = [...new Set([...alarm.alarmActions, ...alarm.okActions])]
    if (actions.length === 0) return report.skip('the actions name topics of this region', 'the alarm has no actions')
    const away = actions.filter((action) => isTopic(action) && parseArn(action)?.region !== graph.site.region)
    const odd = actions.filter((action) => parseArn(action) === undefined)
    if (away.length > 0 || odd.length > 0) {
      return report.fail({
        title: 'an action leads nowhere',
        evidence: [...away, ...odd].join(', '),
        impact: 'An alarm can notify topics in its own region only: this action pages no one.',
        fix: topicFix(alarm, graph, [...away, ...odd]),
      })
    }
    const others = actions.filter((action) => !isTopic(action)).length
    const note = others === 0 ? undefined : `${counted(others, 'action')} of another kind were not looked at`
    return report.pass('the actions name topics of this region', actions.filter(isTopic).join(', '), note)
  }),
}

export const alarmComposite: Check = {
  name: 'alarm.composite',
  finds: 'a composite alarm that notifies PagerDuty; whether PagerDuty can read its message is not known',
  run: (graph) =>
    graph.alarms
      .filter(({ type }) => type === 'composite')
      .map((alarm) => {
        const report = findingFor('alarm.composite', alarm.name)
        const topics = alarm.alarmActions.filter((topic) => isTopic(topic) && pages(topic, alarm, graph))
        if (topics.length === 0)
          return report.pass('the composite alarm does not notify PagerDuty', alarm.rule ?? 'no rule')
        return report.warn({
          title: 'a composite alarm notifies PagerDuty',
          evidence: `${alarm.rule ?? 'no rule'} → ${topics.join(', ')}`,
          impact: "PagerDuty's CloudWatch integration is not known to read composite alarms: the page may be dropped.",
          fix: { summary: 'let the metric alarms tell the topic themselves' },
        })
      }),
}

/** Puts the topic that pages into both actions of the alarm, in place of `away`. */
function topicFix(alarm: AlarmSnapshot, graph: ChainGraph, away: readonly string[] = []): Fix {
  const topic = pagingTopic(graph)
  const summary = 'adds the topic that PagerDuty is subscribed to, as ALARM and as OK action'
  if (topic !== undefined) return alarmFix(alarm, withTopic(alarm, topic, away), summary)
  return { summary: `add a topic of ${graph.site.region} that PagerDuty is subscribed to, as ALARM and as OK action` }
}

/** A fix that rewrites the alarm, or says why this program does not. */
export function alarmFix(alarm: AlarmSnapshot, set: AlarmChange, summary: string): Fix {
  const refused = whyNotRewritten(alarm)
  if (refused !== undefined) return { summary: `${summary}; do it where the alarm is managed: ${refused}` }
  return { summary, command: FIX_COMMAND, repairs: [{ kind: 'alarm', alarm, set }] }
}

/** Whether a message of the alarm reaches PagerDuty, by itself or by a composite alarm, as far as can be told. */
export function reachesPagerDuty(alarm: AlarmSnapshot, graph: ChainGraph): boolean {
  const tells = (one: AlarmSnapshot) => one.alarmActions.some((topic) => isTopic(topic) && pages(topic, one, graph))
  return tells(alarm) || compositesOver(alarm, graph.alarms).some(tells)
}

/** Why a check about resolving or noise does not speak of an alarm. */
export const REACHES_NOBODY = 'the alarm reaches no one'

/** Whether the topic leads to PagerDuty, as far as can be told; compliance topics page no one on purpose. */
function pages(topic: string, alarm: AlarmSnapshot, graph: ChainGraph): boolean {
  if (pagesNobodyOnPurpose(alarm, topic, graph.site)) return false
  const listed = valueIfRead(graph.gathered.snapshot.subscriptions.get(topic))
  if (listed === undefined) return true
  return listed.some(({ endpoint }) => isMeantForPagerDuty(endpoint))
}

/** What an alarm waits for, as one text; undefined for metric math. */
export function conditionOf(alarm: AlarmSnapshot): string | undefined {
  const { statistic, threshold, comparisonOperator, period } = alarm
  return alarm.metric && [seen(alarm), statistic, threshold, comparisonOperator, period].join(' ')
}

function unwritten(alarm: AlarmSnapshot, made: readonly { filter: MetricFilterSnapshot; one: MetricTransformation }[]) {
  const watched = metricsOf(alarm)[0]
  const close = watched === undefined ? undefined : nearest(watched, made, ({ one }) => one)
  const written =
    close === undefined
      ? 'no filter writes it'
      : `${filterAddress(close.filter)} writes ${metricText(close.one)}${dimensionText(close.one.dimensions)}`
  return {
    title: 'no metric filter writes what the alarm watches',
    evidence: `the alarm watches ${seen(alarm)}; ${written}`,
    impact: 'The alarm can never fire: no one is paged.',
    fix:
      close === undefined
        ? { summary: 'make the metric filter, or remove the alarm' }
        : { summary: `let the alarm watch ${metricText(close.one)} with the same dimensions` },
  }
}

function nearestAlarm(filter: MetricFilterSnapshot, alarms: readonly AlarmSnapshot[]): AlarmSnapshot | undefined {
  const [made] = filter.transformations
  if (made === undefined) return undefined
  return nearest(made, alarms, ({ metric }) => metric ?? { namespace: '', name: '' })
}

function isOnOwnMetric({ metric }: AlarmSnapshot): boolean {
  return metric !== undefined && !metric.namespace.startsWith('AWS/')
}

export function seen(alarm: AlarmSnapshot): string {
  const texts = metricsOf(alarm).map((metric) => `${metricText(metric)}${dimensionText(metric.dimensions)}`)
  return texts.length === 0 ? 'no metric' : texts.join(', ')
}

function dimensionText(dimensions: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(dimensions).map(([name, value]) => `${name}=${value}`)
  return pairs.length === 0 ? '' : ` (${pairs.join(', ')})`
}
