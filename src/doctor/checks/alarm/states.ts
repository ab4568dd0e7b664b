/** Checks of the alarm's life: can it fire, does it come back, and has it spoken when it should have? */

import type { ActionOutcome } from '../../../aws/readers/alarm-history.ts'
import type { MuteRule } from '../../../aws/readers/mute-rules.ts'
import { counted } from '../../../counted.ts'
import { firing, holdSeconds } from '../../../domain/alarm-arithmetic.ts'
import { muteWindowEnd } from '../../../domain/mute-window.ts'
import type { AlarmSnapshot, MetricTransformation } from '../../../domain/snapshot.ts'
import { toolCommand } from '../../../options/next-command.ts'
import { type Check, type Finding, type Fix, findingFor } from '../../check.ts'
import { alarmOrigin } from '../../chosen.ts'
import type { ChainGraph } from '../../graph.ts'
import { metricsOf, metricText } from '../../indexes.ts'
import { alarmFix, each, REACHES_NOBODY, reachesPagerDuty } from './actions.ts'

export const alarmMissingData: Check = {
  name: 'alarm.missing-data',
  essential: 'to-resolve',
  finds: 'an alarm that stays in ALARM when no more data comes',
  run: each('alarm.missing-data', (alarm, report, graph) => {
    const title = 'the alarm goes back to OK when nothing more happens'
    const treatment = alarm.treatMissingData ?? 'missing'
    if (!reachesPagerDuty(alarm, graph)) return report.skip(title, REACHES_NOBODY)
    if (treatment === 'notBreaching') return report.pass(title, treatment)
    const known = MISSING_DATA[treatment]
    if (known === undefined) {
      return report.skip(title, `TreatMissingData is "${treatment}", which is not known here`)
    }
    const evidence = `TreatMissingData is ${alarm.treatMissingData ?? 'not set, which means missing'}`
    const zero = defaultOf(alarm, graph)
    if (zero !== undefined && treatment !== 'breaching') {
      return report.pass(
        title,
        `${evidence}; the filter writes ${zero} while other events arrive`,
        'in an hour without any event at all it would not go back',
      )
    }
    return report.fail({
      title: 'the alarm does not go back to OK when nothing more happens',
      evidence,
      impact: known.impact,
      works: treatment === 'ignore' && alarm.state === 'ALARM' ? false : known.works,
      resolves: false,
      fix: alarmFix(alarm, { TreatMissingData: 'notBreaching' }, 'sets it to notBreaching, keeps every other field'),
    })
  }),
}

/** What each treatment but `notBreaching` costs (CloudWatch user guide, missing data). */
const MISSING_DATA: Readonly<Record<string, { readonly impact: string; readonly works: boolean | null } | undefined>> =
  {
    missing: {
      impact:
        'It pages once: the alarm goes to INSUFFICIENT_DATA, never to OK, so the incident stays open, and the next ALARM joins it without paging.',
      works: true,
    },
    ignore: {
      impact:
        'It pages once: the alarm never leaves ALARM, so the incident never resolves by itself and no further event pages.',
      works: true,
    },
    breaching: {
      impact: 'Silence counts as an event: somebody is paged for nothing, and the incident stays open.',
      works: null,
    },
  }

/** What the filters of the alarm write in a minute in which events arrive and none matches; undefined where they write nothing. */
function defaultOf(alarm: AlarmSnapshot, graph: ChainGraph): number | undefined {
  const watched = metricsOf(alarm).map(metricText)
  return graph.joins
    .filtersOf(alarm)
    .flatMap(({ transformations }) => transformations)
    .filter((made) => watched.includes(metricText(made)))
    .find(({ defaultValue }) => defaultValue !== undefined)?.defaultValue
}

export const alarmCanFire: Check = {
  name: 'alarm.can-fire',
  essential: true,
  finds: 'arithmetic by which the alarm never fires, fires for nothing, or needs more than one event',
  needs: ['alarm.metric'],
  run: each('alarm.can-fire', (alarm, report, graph) => {
    const title = 'the alarm can fire'
    const filter = graph.joins.filtersOf(alarm)[0]
    const made = filter?.transformations.find((one) =>
      metricsOf(alarm).some((metric) => metricText(metric) === metricText(one)),
    )
    if (filter === undefined || made === undefined) return report.skip(title, 'no metric filter writes what it watches')
    if (alarm.metric === undefined) return report.skip(title, 'it watches an expression, not one metric')
    const needs = firing(alarm, made)
    const evidence = arithmetic(alarm)
    switch (needs.kind) {
      case 'unknown':
        return report.skip(title, needs.why)
      case 'never':
        return report.fail(cannotFire(alarm, made, 'the alarm can never fire', `${evidence}; ${needs.why}`))
      case 'always':
        return report.fail({
          title: 'the alarm fires when nothing happens',
          evidence: `${evidence}; ${needs.why}`,
          impact: 'It stays in ALARM: one page for nothing, and none for the real event.',
          fix: oneEventFix(alarm, made),
        })
      case 'spread':
        return report.fail(
          cannotFire(
            alarm,
            made,
            'one event, or one burst, cannot fire the alarm',
            `${evidence}: ${needs.periods} periods have to breach`,
          ),
        )
      case 'fires':
        return fires(alarm, made, needs.events, evidence)
    }

    function fires(of: AlarmSnapshot, made: MetricTransformation, events: number, seen: string): Finding {
      const detection = filter === undefined ? undefined : graph.classifyFilter(filter)
      const one = detection?.paging.alarm.threshold === 1
      if (events === 1 || !one || alarmOrigin(of) === 'chosen') {
        return report.pass(title, `${seen}: ${counted(events, 'event')} within ${of.period} s`)
      }
      return report.warn({
        title: 'a single event does not fire the alarm',
        evidence: `${seen}: ${events} events within ${of.period} s are needed`,
        impact: `One event of ${detection?.id} is worth a page, and here it pages no one.`,
        works: null,
        fix: oneEventFix(of, made),
      })
    }
  }),
}

const LONG_BLIND_S = 6 * 3600
const NOTED_BLIND_S = 15 * 60

export const alarmBlindTime: Check = {
  name: 'alarm.blind-time',
  finds: 'an alarm that is blind for hours after one event, unless init was told so',
  run: each('alarm.blind-time', (alarm, report, graph) => {
    const title = 'the alarm is soon ready to page again'
    if (!reachesPagerDuty(alarm, graph)) return report.skip(title, REACHES_NOBODY)
    const seconds = holdSeconds(alarm)
    if (seconds === undefined) return report.skip(title, 'its period or number of periods is not known')
    const evidence = `${arithmetic(alarm)}: up for at least ${duration(seconds)} after an event`
    if (alarmOrigin(alarm) === 'chosen') return report.pass(title, evidence, 'the hold that was chosen')
    if (seconds > LONG_BLIND_S) {
      return report.warn({
        title: 'after one event the alarm is blind for long',
        evidence,
        impact: 'While it is in ALARM no further event pages anybody.',
        fix: { summary: 'use fewer evaluation periods' },
      })
    }
    return report.pass(
      title,
      evidence,
      seconds > NOTED_BLIND_S ? `no further page for ${duration(seconds)} after an event` : undefined,
    )
  }),
}

export const alarmNameUnique: Check = {
  name: 'alarm.name-unique',
  finds: 'two places that share the name of an alarm and the endpoint that it tells',
  run: each('alarm.name-unique', (alarm, report, graph) => {
    const { account, region } = graph.site
    const title = 'no other alarm shares the name and the endpoint'
    if (!reachesPagerDuty(alarm, graph)) return report.skip(title, REACHES_NOBODY)
    const elsewhere = graph.gathered.diagnostics.elsewhere
    const namesakes = elsewhere?.state === 'read' ? elsewhere.value.filter(({ name }) => name === alarm.name) : []
    const own = graph.endpointsOf(alarm)
    const sharing = namesakes.filter(({ endpoints }) => endpoints.some((one) => own.some((other) => other.equals(one))))
    if (sharing.length > 0) {
      return report.fail({
        title: 'another alarm has the same name and tells the same endpoint',
        evidence: sharing.map((other) => `${other.account} ${other.region}`).join(', '),
        impact: "PagerDuty joins incidents by the alarm's name: the OK of one resolves the incident of the other.",
        works: null,
        resolves: null,
        fix: {
          summary:
            'give the alarm a name with account and region; incidents that are open under the old name stay open',
        },
      })
    }
    if (alarm.name.includes(account) && alarm.name.includes(region)) return report.pass(title, alarm.name)
    return report.pass(
      title,
      namesakes.length === 0
        ? alarm.name
        : `the same name tells another endpoint in ${namesakes.map((other) => `${other.account} ${other.region}`).join(', ')}`,
      'the name says neither account nor region, and PagerDuty joins incidents by it',
    )
  }),
}

export const alarmLastAction: Check = {
  name: 'alarm.last-action',
  finds: 'an action that failed when the alarm last changed its state',
  run: (graph) => {
    const { alarmHistory } = graph.gathered.diagnostics
    if (alarmHistory === undefined)
      return [notRead('alarm.last-action', 'the last action succeeded', 'the alarm history was not read', graph)]
    return each('alarm.last-action', (alarm, report) => {
      const title = 'the last action succeeded'
      const history = alarmHistory.get(alarm.name)
      if (history === undefined) return report.skip(title, 'the history of this alarm was not read')
      if (history.state === 'unreadable') return report.skip(title, history.why)
      const latest = latestActions(history.value)
      const failed = latest.find(({ succeeded }) => succeeded === false)
      if (latest.length === 0)
        return report.pass(
          'nothing is known of an action',
          'no action in the history',
          'CloudWatch keeps two weeks of history',
        )
      if (failed === undefined)
        return report.pass(
          title,
          `${latest[0]?.at.toISOString()} ${latest[0]?.summary}`,
          'SNS took it; that PagerDuty did is not proven',
        )
      return report.fail({
        title: 'the last action of the alarm failed',
        evidence: `${failed.at.toISOString()} ${failed.summary}`,
        impact: 'That page, or that resolve, was lost, and the next will be.',
        fix: { summary: cause(failed.error ?? failed.summary) },
      })
    })(graph)
  },
}

/** The end is the window's: a rule's own expiry says nothing of it. */
function muteEvidence({ name, schedule }: MuteRule, { gathered }: ChainGraph): string {
  if (schedule === undefined) return `${name}; when its window ends is unknown: its schedule was not in the answer`
  const { expression, timezone, duration } = schedule
  const end = muteWindowEnd(schedule, gathered.now)
  const until = end === undefined ? 'the end of this window is unknown' : `this window ends at ${end.toISOString()}`
  return `${name}, ${expression} ${timezone} for ${duration}; ${until}`
}

export const alarmMuted: Check = {
  name: 'alarm.muted',
  finds: 'a mute rule that is active now',
  run: (graph) => {
    const { muteRules } = graph.gathered.diagnostics
    const title = 'no mute rule silences the alarm'
    if (muteRules?.state !== 'read')
      return [notRead('alarm.muted', title, muteRules?.why ?? 'mute rules were not read', graph)]
    return each('alarm.muted', (alarm, report) => {
      const rule = muteRules.value.find(({ alarms }) => alarms.includes(alarm.name))
      if (rule === undefined) return report.pass(title, counted(muteRules.value.length, 'active rule'))
      return report.warn({
        title: 'a mute rule silences the alarm',
        evidence: muteEvidence(rule, graph),
        impact:
          'Inside the window an ALARM that ends with it is lost for good, and an OK is sent only after it, which delays the resolve.',
        works: null,
        fix: { summary: 'wait for its end, or take the alarm out of the rule' },
      })
    })(graph)
  },
}

const STUCK_MS = 24 * 3_600_000

/** A warm-up runs no actions, and an evaluation that failed changes no state (CloudWatch user guide, alarm evaluation). */
const EVALUATION_HELD = /WARM|ERROR|FAILURE/

export const alarmStuck: Check = {
  name: 'alarm.stuck',
  finds: 'an alarm that has been in ALARM for long, or that is in warm-up',
  run: each('alarm.stuck', (alarm, report, graph) => {
    const title = 'the alarm is ready to fire'
    const evaluation = String(alarm.raw.EvaluationState ?? '')
    if (EVALUATION_HELD.test(evaluation)) {
      return report.warn({
        title: 'CloudWatch does not evaluate the alarm as usual',
        evidence: `EvaluationState is ${evaluation}`,
        impact:
          'In warm-up, or after an evaluation that failed, an alarm runs no action: no one is paged until it ends.',
        works: null,
        fix: { summary: 'wait for the end of the warm-up, or look at the state reason of the alarm' },
      })
    }
    const since = alarm.stateChanged
    const age = since === undefined ? 0 : graph.gathered.now.getTime() - since.getTime()
    if (alarm.state === 'OK') return report.pass(title, 'OK')
    if (alarm.state === 'INSUFFICIENT_DATA') {
      return report.pass(title, 'INSUFFICIENT_DATA', 'it has seen no value yet; ALARM still pages from here')
    }
    if (alarm.state !== 'ALARM') return report.skip(title, `its state is "${alarm.state}", which is not known here`)
    if (age < Math.max(STUCK_MS, 2000 * (holdSeconds(alarm) ?? 0))) {
      return report.pass(
        'the alarm is in ALARM',
        `since ${since?.toISOString() ?? 'an unknown time'}`,
        'further events page no one until it is OK',
      )
    }
    return report.warn({
      title: 'the alarm has been in ALARM for long',
      evidence: `since ${since?.toISOString()}, ${duration(age / 1000)}`,
      impact: 'An alarm pages when it enters ALARM; while it stays there, further events page no one.',
      fix: {
        summary: 'see what keeps it there: steady events, or missing data that is not treated as notBreaching',
        look: toolCommand('events', {}, [alarm.name]),
      },
    })
  }),
}

function cannotFire(alarm: AlarmSnapshot, made: MetricTransformation, title: string, evidence: string) {
  return {
    title,
    evidence,
    impact: 'The event happens and no one is paged.',
    fix: oneEventFix(alarm, made),
  }
}

const AT_ONE = { Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' } as const
const OF_ONE_PERIOD = { ...AT_ONE, Statistic: 'Sum', DatapointsToAlarm: 1 } as const

/** The least change by which one event fires the alarm; words where none does. */
function oneEventFix(alarm: AlarmSnapshot, made: MetricTransformation): Fix {
  const at = { ...alarm, threshold: 1, comparisonOperator: AT_ONE.ComparisonOperator }
  if (firesByOne(at, made)) {
    return alarmFix(alarm, AT_ONE, 'sets the threshold to 1, compared by GreaterThanOrEqualToThreshold')
  }
  if (firesByOne({ ...at, statistic: 'Sum', datapointsToAlarm: 1 }, made)) {
    const summary = 'sets DatapointsToAlarm to 1, and the statistic to Sum with a threshold of 1'
    return alarmFix(alarm, OF_ONE_PERIOD, summary)
  }
  return { summary: 'compare the Sum of one period with a threshold of 1' }
}

function firesByOne(alarm: AlarmSnapshot, made: MetricTransformation): boolean {
  const needs = firing(alarm, made)
  return needs.kind === 'fires' && needs.events === 1
}

/** One line for a whole region where an extra was not read: an answer for each alarm would bury the others. */
function notRead(check: 'alarm.last-action' | 'alarm.muted', title: string, why: string, graph: ChainGraph): Finding {
  return findingFor(check, `${graph.site.account} ${graph.site.region}`).skip(title, why)
}

/** The newest action for each target. History comes newest first, but nobody promises it. */
function latestActions(history: readonly ActionOutcome[]): readonly ActionOutcome[] {
  const byTarget = new Map<string, ActionOutcome>()
  for (const action of history.toSorted((a, b) => b.at.getTime() - a.at.getTime())) {
    if (!byTarget.has(action.target ?? '')) byTarget.set(action.target ?? '', action)
  }
  return [...byTarget.values()]
}

/** CloudWatch's own words for why an action failed, and what they mean (AWS re:Post, CloudWatch alarm and SNS). */
function cause(text: string): string {
  if (/not authorized to perform: SNS:Publish/i.test(text))
    return 'the policy of the topic does not let alarms publish: see topic.policy'
  if (/KMS/i.test(text)) return 'the key of the topic does not let CloudWatch use it: see topic.encryption'
  if (/not ?found|does not exist/i.test(text)) return 'the topic is gone: see topic.exists'
  return 'read the error in the history of the alarm'
}

function arithmetic(alarm: AlarmSnapshot): string {
  const {
    datapointsToAlarm: needed,
    evaluationPeriods: periods,
    period,
    statistic,
    threshold,
    comparisonOperator,
  } = alarm
  return `${needed ?? periods ?? '?'} of ${periods ?? '?'} periods of ${period ?? '?'} s, ${statistic ?? 'no statistic'} ${comparisonOperator ?? '?'} ${threshold ?? '?'}`
}

function duration(seconds: number): string {
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}
