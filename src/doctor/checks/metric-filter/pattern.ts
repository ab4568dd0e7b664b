/** Checks of what the pattern of a metric filter means: the engine reads it, so spelling never makes a finding. */

import type { MetricFilterSnapshot } from '../../../domain/snapshot.ts'
import { toolCommand } from '../../../options/next-command.ts'
import type { LintFinding } from '../../../patterns/lint/lint.ts'
import type { Check, CheckName } from '../../check.ts'
import { isPublished } from '../../classify.ts'
import { filterFix } from '../../fixes.ts'
import type { ChainGraph } from '../../graph.ts'
import { each, isChosenWithInit } from './metric-filter.ts'

export const metricFilterNeverMatches: Check = linted({
  name: 'metric-filter.never-matches',
  finds: 'a pattern, or a part of it, that no event can match',
  well: 'every part of the pattern can match',
  title: 'a part of the pattern can match no event',
  impact: 'What this part waits for never pages.',
})

export const metricFilterAlwaysMatches: Check = linted({
  name: 'metric-filter.always-matches',
  finds: 'a pattern that nearly every event matches, such as exclusions joined by OR',
  well: 'the pattern does not match everything',
  title: 'the pattern matches nearly every event',
  impact: 'The alarm stays in ALARM: one page for nothing, and none for the real event.',
})

export const metricFilterAbsentField: Check = linted({
  name: 'metric-filter.absent-field',
  finds: 'an exclusion that drops every event that lacks its field',
  well: 'no exclusion drops events that lack its field',
  title: 'an exclusion drops every event that lacks its field',
  impact: 'No one is paged for such events.',
})

export const metricFilterPrecedence: Check = linted({
  name: 'metric-filter.precedence',
  finds: 'AND and OR without parentheses, so that exclusions cover only a part',
  well: 'the exclusions cover every alternative',
  title: 'the exclusions cover only a part of the alternatives',
  impact: 'What was meant to be left out still pages.',
})

export const metricFilterLooseValue: Check = linted({
  name: 'metric-filter.loose-value',
  finds: 'a value that takes in more than it seems to, such as the calls of every service',
  well: 'no value takes in more than it seems to',
  title: 'a value takes in more than it seems to',
  impact: 'Events that were not meant may page.',
})

export const metricFilterUnknownField: Check = linted({
  name: 'metric-filter.unknown-field',
  finds: 'a field at the top of the record that CloudTrail does not document',
  well: 'CloudTrail documents the fields that the pattern asks for',
  title: 'the pattern asks for a field that CloudTrail does not document',
  impact: 'A condition on a field that is absent is never true, but for NOT EXISTS, which always is.',
  guessed: true,
})

/** Which check tells what lint found. A pattern that AWS refuses has no other check. */
const CHECK_OF: Readonly<Record<LintFinding['rule'], CheckName>> = {
  syntax: 'metric-filter.syntax',
  'too-long': 'metric-filter.syntax',
  'regex-quota': 'metric-filter.syntax',
  'never-matches': 'metric-filter.never-matches',
  'boolean-case': 'metric-filter.never-matches',
  'quoted-number': 'metric-filter.never-matches',
  'dead-wildcard': 'metric-filter.never-matches',
  'regex-dot': 'metric-filter.never-matches',
  'ignored-term': 'metric-filter.never-matches',
  'split-term': 'metric-filter.never-matches',
  'field-name': 'metric-filter.never-matches',
  'unknown-field': 'metric-filter.unknown-field',
  'value-form': 'metric-filter.never-matches',
  tautology: 'metric-filter.always-matches',
  'absent-field': 'metric-filter.absent-field',
  precedence: 'metric-filter.precedence',
  'loose-value': 'metric-filter.loose-value',
}

interface Linted {
  readonly name: CheckName
  readonly finds: string
  readonly well: string
  readonly title: string
  readonly impact: string
  /** What is proposed is likely and no more, so it is not for `--fix` to write. */
  readonly guessed?: true
}

function linted({ name, finds, well, title, impact, guessed }: Linted): Check {
  return {
    name,
    finds,
    needs: ['metric-filter.syntax'],
    run: each(name, (filter, report, graph) => {
      const found = graph
        .analysis(filter)
        .lint()
        .filter(({ rule }) => CHECK_OF[rule] === name)
      const worst = found.find(({ status }) => status === 'fail') ?? found[0]
      if (worst === undefined) return report.pass(well, filter.name)
      const evidence = `column ${worst.column}: ${around(filter.pattern, worst.column)}`
      if (worst.status === 'warn' && isChosen(filter, graph))
        return report.pass(well, filter.name, `as published: ${worst.message}`)
      return report[worst.status]({
        title,
        evidence,
        impact: `${worst.message.charAt(0).toUpperCase()}${worst.message.slice(1)}. ${impact}`,
        fix:
          worst.suggestion === undefined || guessed === true
            ? {
                summary: 'see what the engine says',
                look: toolCommand('pattern lint', {}, [filter.pattern]),
              }
            : filterFix(filter, { pattern: worst.suggestion }, `use ${worst.suggestion}`, graph),
      })
    }),
  }
}

/** What init installed, and texts that auditors want to the letter, are choices; what fails is a fault all the same. */
function isChosen(filter: MetricFilterSnapshot, graph: ChainGraph): boolean {
  return isChosenWithInit(filter, graph) || isPublished(filter.pattern)
}

function around(pattern: string, column: number): string {
  const [from, to] = [Math.max(0, column - 11), Math.min(pattern.length, column + 49)]
  return `${from > 0 ? '…' : ''}${pattern.slice(from, to)}${to < pattern.length ? '…' : ''}`
}
