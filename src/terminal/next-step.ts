/** The last line of a report: the command to run next, and why. */

import { breakCommand } from './clean.ts'
import { columns } from './columns.ts'
import type { Theme } from './theme.ts'

const NEXT = 'Next   '

/** On one line where it fits; else the command is broken so that it can be pasted, and the reason stands below it. */
export function nextStep(command: string, why: string, theme: Theme, width: number): string {
  const line = `${NEXT}${theme.command(command)}   ${why}`
  if (columns(line) <= width) return line
  const [first = '', ...rest] = breakCommand(command, width - NEXT.length).map((one) => theme.command(one))
  return [`${NEXT}${first}`, ...rest, `${' '.repeat(NEXT.length)}${why}`].join('\n')
}
