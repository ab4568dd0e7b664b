/** The last lines of a report: what to run next. */

import { breakCommand } from '../clean.ts'
import { columns } from '../columns.ts'
import type { Theme } from '../theme.ts'

const NEXT = 'Next   '
const BELOW = ' '.repeat(NEXT.length)

/** One command and why, on one line where it fits; else the reason stands below. */
export function nextStep(command: string, why: string, theme: Theme, width: number): string {
  const line = `${NEXT}${theme.command(command)}   ${why}`
  if (columns(line) <= width) return line
  return [...nextSteps([command], width, theme), `${BELOW}${why}`].join('\n')
}

/** The first word of a command stands under the first of the one before; one that is too long is broken so that it can be pasted. */
export function nextSteps(commands: readonly string[], width: number, theme?: Theme): readonly string[] {
  const shown = (text: string) => theme?.command(text) ?? text
  return commands.flatMap((command, index) => {
    const [first = '', ...rest] = breakCommand(command, width - NEXT.length).map(shown)
    return [`${index === 0 ? NEXT : BELOW}${first}`, ...rest]
  })
}
