/** Shows a failure: what happened, what to do, and under `--verbose` what only a maintainer needs. */

import type { ErrorCode } from '../../error-codes.ts'
import { AppError, Cancelled, EXIT, type ExitCode } from '../../errors.ts'
import { commandLine } from '../../next-command.ts'
import { helpCommand } from '../../options/next-command.ts'
import { clean, wrap } from '../clean.ts'
import { columns } from '../columns.ts'
import type { Theme } from '../theme.ts'
import { breakLine } from './next-commands.ts'

/** A failure as it is told, in text and as the `error` of a JSON document. */
export interface ErrorText {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string | undefined
  readonly detail: string | undefined
  readonly exit: ExitCode
}

/** What is told of anything that was thrown. What is neither ours nor an interrupt is a bug, and said to be one. */
export function errorText(error: unknown): ErrorText {
  if (error instanceof AppError) {
    const { code, message, hint, detail, exit } = error
    return { code, message: abridged(message), hint: hint && abridged(hint), detail, exit }
  }
  if (error instanceof Cancelled) {
    return { code: 'interrupted', message: error.message, hint: undefined, detail: undefined, exit: EXIT.interrupted }
  }
  const message = error instanceof Error ? error.message : String(error)
  return {
    code: 'internal',
    message: `unexpected error: ${message}`,
    hint: `please report it: ${commandLine(helpCommand('report'))} says where, and what to add`,
    detail: error instanceof Error ? error.stack : undefined,
    exit: EXIT.failed,
  }
}

/** Characters; a message with the policy that is missing is long, and a value of megabytes is no message. */
const LONGEST_TEXT = 10_000

function abridged(text: string): string {
  if (text.length <= LONGEST_TEXT) return text
  return `${text.slice(0, LONGEST_TEXT / 2)}… (${text.length} characters) …${text.slice(-LONGEST_TEXT / 10)}`
}

/**
 * ```
 * ✖ there is no trail "org-trial" in us-east-1
 *   there is: org-trail
 * ```
 */
export function showError(shown: ErrorText, theme: Theme, width: number, verbose = false): string {
  // What was answered with no has not failed, and needs no mark.
  const mark = shown.code === 'declined' ? '' : `${theme.mark(shown.exit === EXIT.interrupted ? 'warn' : 'bad')} `
  const lines = [
    ...indented(clean(shown.message), width),
    ...(shown.hint === undefined
      ? []
      : clean(shown.hint)
          .split('\n')
          .flatMap((line) => hintLines(line, width - 2))),
    ...(verbose && shown.detail !== undefined
      ? clean(shown.detail)
          .split('\n')
          .map((line) => theme.quiet(line.trim()))
      : []),
  ]
  return lines.map((line, index) => (index === 0 ? `${mark}${line}` : `  ${line}`)).join('\n')
}

/** A hint may have a command to paste: that is broken with backslashes alone, and stands below the words where the hint is too long for a line. */
function hintLines(line: string, width: number): readonly string[] {
  if (columns(line) <= width) return [line]
  const [, before = '', command] = /^(.*?)\b((?:npx cloudtrail-pd|aws [a-z]) ?.*)$/.exec(line) ?? []
  if (command === undefined) return wrap(line, width)
  return [...(before.trim() === '' ? [] : wrap(before.trim(), width)), ...breakLine(command, width)]
}

function indented(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrap(line, width - 2))
}
