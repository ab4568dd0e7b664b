/** The last lines of a report: what to run next. */

import { commandLine, commandParts, type NextCommand, neededText } from '../../next-command.ts'
import { columns } from '../columns.ts'
import type { Theme } from '../theme.ts'

const NEXT = 'Next   '
const BELOW = ' '.repeat(NEXT.length)

/** One command and why, on one line where it fits; else the reason stands below. */
export function nextStep(command: NextCommand, why: string, theme: Theme, width: number): string {
  const line = `${NEXT}${theme.command(commandLine(command))}   ${why}`
  if (columns(line) <= width && neededText(command) === undefined) return line
  return [...nextSteps([command], width, theme), `${BELOW}${why}`].join('\n')
}

/** The first word of a command stands under the first of the one before; one that is too long is broken so that it can be pasted. */
export function nextSteps(commands: readonly NextCommand[], width: number, theme?: Theme): readonly string[] {
  const shown = (text: string) => theme?.command(text) ?? text
  return commands.flatMap((command, index) => {
    const [first = '', ...rest] = breakCommand(command, width - NEXT.length).map(shown)
    const needed = neededText(command)
    const below = needed === undefined ? [] : [`${BELOW}(${needed})`]
    return [`${index === 0 ? NEXT : BELOW}${first}`, ...rest, ...below]
  })
}

/** Breaks a command before its options, with a backslash, so that it can be pasted as it stands; the rest is indented by four. */
export function breakCommand(command: NextCommand, width: number): readonly string[] {
  const line = commandLine(command)
  if (columns(line) < width) return [line]
  const lines: string[] = []
  for (const part of commandParts(command)) {
    const last = lines.at(-1)
    if (last !== undefined && columns(`${last} ${part} \\`) < width) lines[lines.length - 1] = `${last} ${part}`
    else lines.push(lines.length === 0 ? part : `    ${part}`)
  }
  return lines.map((line, index) => (index === lines.length - 1 ? line : `${line} \\`))
}
