/** A detection of the person's own, built from a pattern and a few words with the catalogue's defaults behind them. */

import type { ComparisonOperator, Statistic } from '../domain/alarm-state.ts'
import { usage } from '../errors.ts'
import { lint } from '../patterns/lint/lint.ts'
import { parsePattern } from '../patterns/parse/parse.ts'
import { alarmProblem, oneEvent } from './alarm-template.ts'
import type { Detection } from './detection.ts'
import { sampleMessages } from './samples.ts'

/** What the person said; only the pattern is required. */
export interface CustomFields {
  readonly filterPattern: string
  readonly filterName?: string | undefined
  readonly metricNamespace?: string | undefined
  readonly metricName?: string | undefined
  /** `1`, another number, or `$.field`. */
  readonly metricValue?: string | undefined
  readonly metricUnit?: string | undefined
  readonly defaultValue?: number | undefined
  readonly alarmName?: string | undefined
  readonly alarmDescription?: string | undefined
  readonly threshold?: number | undefined
  /** Seconds. */
  readonly period?: number | undefined
  readonly evaluationPeriods?: number | undefined
  readonly datapointsToAlarm?: number | undefined
  readonly comparisonOperator?: ComparisonOperator | undefined
  readonly statistic?: Statistic | undefined
}

export interface CustomVerdict {
  readonly detection: Detection
  /** Each one sentence. */
  readonly warnings: readonly string[]
}

/** The id of a custom detection without `--filter-name`. */
const NAMELESS = 'custom'

/** Builds the detection. Throws a usage error (exit 2) for a pattern that AWS would refuse, and for an impossible alarm. */
export function customDetection(words: CustomFields): CustomVerdict {
  const { filterPattern, filterName, metricValue } = words
  const warnings = judgePattern(filterPattern, metricValue)
  const id = idFrom(filterName ?? NAMELESS)
  const title = filterName ?? 'A detection of your own'
  const detection: Detection = {
    id,
    title,
    tier: 'extended',
    packs: [],
    severity: 'high',
    urgency: 'page',
    paging: { pattern: filterPattern, metric: metric(words, id), alarm: alarm(words) },
    whyItMatters: `${title}: an event matched the filter pattern that was chosen for this account.`,
    firstLook: 'Look at who made the call and from where, in the events of the log group.',
    knownNoise: [],
    recommendedExclusions: [],
    limits: [],
    attack: [],
    sources: [],
    // Nobody said what this should match: there is no example to prove it by.
    ownEvents: [{ eventSource: '', eventName: '' }],
    neighborEvents: [{ eventSource: '', eventName: '' }],
    custom: {
      ...(filterName === undefined ? {} : { filterName }),
      ...(words.alarmName === undefined ? {} : { alarmName: words.alarmName }),
      ...(words.alarmDescription === undefined ? {} : { description: words.alarmDescription }),
    },
  }
  return { detection, warnings }
}

/**
 * What is dubious about a pattern, each one sentence. Throws a usage error (exit 2) for what AWS would refuse, and for what it would take
 * although every page is lost or false (field cases C24, C27).
 */
export function judgePattern(text: string, metricValue?: string): readonly string[] {
  const { findings } = lint(text, sampleMessages())
  const parsed = parsePattern(text)
  if (parsed.validity === 'refused') {
    const { column, message, suggestion } = findings[0] ?? parsed
    const hint = suggestion === undefined ? undefined : `write ${suggestion}`
    throw usage('pattern-refused', `filter pattern, column ${column}: ${message}`, hint)
  }
  if (metricValue?.startsWith('$') && parsed.pattern.kind !== 'json') {
    throw usage(
      'metric-value',
      `--metric-value ${metricValue} takes a field of the event, which needs a JSON pattern`,
      `write the pattern as { ${metricValue} > 0 }`,
    )
  }
  const fatal = findings.find(({ status }) => status === 'fail')
  if (fatal !== undefined) {
    const hint = fatal.suggestion === undefined ? undefined : `write ${fatal.suggestion}`
    throw usage('pattern-faulty', `filter pattern, column ${fatal.column}: ${fatal.message}`, hint)
  }
  return findings.map(({ column, message, suggestion }) => {
    const better = suggestion === undefined ? '' : `; better: ${suggestion}`
    return `filter pattern, column ${column}: ${message}${better}`
  })
}

function metric(words: CustomFields, id: string): Detection['paging']['metric'] {
  const { metricNamespace, metricName, metricValue = '1', metricUnit, defaultValue } = words
  return {
    ...(metricNamespace === undefined ? {} : { namespace: metricNamespace }),
    name: metricName ?? id.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    value: metricValue,
    ...(metricUnit === undefined ? {} : { unit: metricUnit }),
    // A count is zero when nothing matched; the smallest or the average of a field is not.
    ...(defaultValue === undefined ? (metricValue.startsWith('$') ? {} : { defaultValue: 0 }) : { defaultValue }),
  }
}

function alarm(words: CustomFields): Detection['paging']['alarm'] {
  const evaluationPeriods = words.evaluationPeriods ?? Math.max(1, words.datapointsToAlarm ?? 1)
  const template = {
    ...oneEvent,
    evaluationPeriods,
    datapointsToAlarm: words.datapointsToAlarm ?? 1,
    threshold: words.threshold ?? oneEvent.threshold,
    period: words.period ?? oneEvent.period,
    comparisonOperator: words.comparisonOperator ?? oneEvent.comparisonOperator,
    statistic: words.statistic ?? oneEvent.statistic,
  }
  const problem = alarmProblem(template)
  if (problem === undefined) return template
  throw usage('alarm-impossible', problem, 'change --period, --evaluation-periods or --datapoints-to-alarm')
}

/** Kebab-case: the id stands in names of AWS resources. */
function idFrom(name: string): string {
  const id = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64)
  return id === '' ? NAMELESS : id
}
