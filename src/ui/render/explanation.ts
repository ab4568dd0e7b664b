/** A pattern in plain words; with an event, the truth of each term under the pattern and what decided. */

import type { ExplainedLine, ExplainedTerm, Explanation } from '../../patterns/explain/explain.ts'
import { cleanLine, wrap } from '../clean.ts'
import type { Theme } from '../theme.ts'
import { type MarkedSpan, markPattern } from './marked-pattern.ts'
import { type PatternRemark, remarkLines } from './matches.ts'

/**
 * ```
 *   { ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }
 *      ✔---------------------------      ✖=====================================
 *
 * ✖ A JSON event matches when all of these hold:
 *   ✔ eventName is "ConsoleLogin"
 *   ✖ additionalEventData.MFAUsed is present and is not "Yes"; here it is absent
 *
 * The event does not match. What decided:
 *   column 38  $.additionalEventData.MFAUsed != "Yes"
 * ```
 */
export function showExplanation(
  pattern: string,
  explanation: Explanation,
  remarks: readonly PatternRemark[],
  theme: Theme,
  width: number,
): string {
  const { lines, match } = explanation
  return [
    ...markPattern(pattern, spansOf(explanation, theme), width),
    '',
    ...lines.flatMap((line) => said(line, theme, width)),
    ...(remarks.length === 0 ? [] : ['', ...remarkLines(remarks, theme, width)]),
    ...(match === undefined ? [] : ['', ...verdict(pattern, explanation, theme, width)]),
  ].join('\n')
}

/** A double line is under what decided, so that it shows without colours too. */
function spansOf({ terms, decidedBy }: Explanation, theme: Theme): readonly MarkedSpan[] {
  const decided = new Set(decidedBy.map(({ column }) => column))
  const [sign, other] = theme.unicode ? (['✔', '✖'] as const) : (['ok', 'XX'] as const)
  const [single, double] = theme.unicode ? (['─', '═'] as const) : (['-', '='] as const)
  return terms.map(({ column, end, holds }): MarkedSpan => {
    if (holds === undefined) return { column, end }
    const line = decided.has(column) ? double : single
    return { column, end, mark: { sign: holds ? sign : other, line, paint: holds ? theme.good : theme.bad } }
  })
}

function said({ depth, text, holds }: ExplainedLine, theme: Theme, width: number): readonly string[] {
  const mark = holds === undefined ? '' : `${theme.mark(holds ? 'good' : 'bad')} `
  const indent = '  '.repeat(depth)
  const hang = indent + ' '.repeat(holds === undefined ? 0 : theme.unicode ? 2 : 3)
  return wrap(cleanLine(text), width - hang.length).map((line, index) => (index === 0 ? indent + mark : hang) + line)
}

function verdict(pattern: string, explanation: Explanation, theme: Theme, width: number): readonly string[] {
  const { match, decidedBy } = explanation
  const head = theme.heading(match === true ? 'The event matches.' : 'The event does not match.')
  if (decidedBy.length === 0) return [head]
  return [`${head} What decided:`, ...decidedBy.flatMap((term) => decider(pattern, term, explanation, theme, width))]
}

function decider(
  pattern: string,
  term: ExplainedTerm,
  { terms }: Explanation,
  theme: Theme,
  width: number,
): readonly string[] {
  const label = `  column ${term.column}  `
  // How many fields there are is no term that is written anywhere.
  const source = terms.includes(term) ? pattern.slice(term.column - 1, term.end - 1) : term.text
  const paint = term.holds === true ? theme.good : theme.bad
  return wrap(cleanLine(source), width - label.length).map(
    (line, index) => (index === 0 ? label : ' '.repeat(label.length)) + paint(line),
  )
}
