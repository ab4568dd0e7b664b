/** What is wrong with a pattern: each finding under the place that it is about. */

import type { LintFinding, LintReport } from '../../patterns/lint/lint.ts'
import { cleanLine, wrap } from '../clean.ts'
import type { Theme } from '../theme.ts'
import { type MarkedSpan, markPattern } from './marked-pattern.ts'

/**
 * ```
 *   { ($.errorCode = "AccessDenied") && ($.userIdentity.invokedBy != "a") }
 *                                        ^
 * ! absent-field  column 38
 *   events without userIdentity.invokedBy never match
 *   write { … }
 * ```
 */
export function showLint(pattern: string, { valid, findings }: LintReport, theme: Theme, width: number): string {
  if (findings.length === 0) return `${theme.mark('good')} No problems found in this pattern.`
  return [
    ...markPattern(pattern, carets(findings, theme), width),
    '',
    ...findings.flatMap((finding) => lines(finding, theme, width)),
    ...wrap(verdict(valid, findings), width),
  ].join('\n')
}

function carets(findings: readonly LintFinding[], theme: Theme): readonly MarkedSpan[] {
  const byColumn = new Map(findings.toReversed().map((finding) => [finding.column, finding]))
  return [...byColumn.values()].map(({ column, status }) => ({
    column,
    end: column + 1,
    mark: { sign: '^', line: '^', paint: status === 'fail' ? theme.bad : theme.warn },
  }))
}

function lines({ rule, status, column, message, suggestion }: LintFinding, theme: Theme, width: number) {
  return [
    `${theme.mark(status === 'fail' ? 'bad' : 'warn')} ${rule}  column ${column}`,
    ...wrap(cleanLine(message), width - 2).map((line) => `  ${line}`),
    // It is there to be pasted, so it is never broken.
    ...(suggestion === undefined ? [] : [`  write ${theme.command(cleanLine(suggestion))}`]),
    '',
  ]
}

function verdict(valid: boolean, findings: readonly LintFinding[]): string {
  if (!valid) return 'CloudWatch Logs would refuse this pattern.'
  const failing = findings.some(({ status }) => status === 'fail')
  return failing
    ? 'CloudWatch Logs accepts this pattern, but it does not work as intended.'
    : 'CloudWatch Logs accepts this pattern. Review it before you rely on it.'
}
