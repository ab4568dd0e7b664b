/** The last lines of a report: what to run next. */

import { commandLine, commandParts, type NextCommand, neededText } from '../../next-command.ts'
import { flagOf } from '../../options/table.ts'
import { wrap } from '../clean.ts'
import { columns } from '../columns.ts'
import type { Theme } from '../theme.ts'

const NEXT = 'Next   '
const BELOW = ' '.repeat(NEXT.length)

/** A command, and why one would run it. */
export interface NextStep {
  readonly command: NextCommand
  readonly why?: string | undefined
}

/** One command and why, on one line where it fits; else the reason stands below. */
export function nextStep(command: NextCommand, why: string, theme: Theme, width: number): string {
  return nextSteps([{ command, why }], width, theme).join('\n')
}

/** The first word of a command stands under the first of the one before; one that is too long is broken so that it can be pasted. */
export function nextSteps(steps: readonly NextStep[], width: number, theme?: Theme): readonly string[] {
  const shown = (text: string) => theme?.command(text) ?? text
  return steps.flatMap(({ command, why }, index) => {
    const start = index === 0 ? NEXT : BELOW
    const needed = neededText(command)
    const whole = `${start}${shown(commandLine(command))}   ${why ?? ''}`
    if (why !== undefined && needed === undefined && columns(whole) <= width) return [whole]
    const [first = '', ...rest] = breakCommand(command, width - NEXT.length)
    return [
      `${start}${shown(first)}`,
      ...continued(rest, width).map((line) => line.replace(/\S.*/, shown)),
      ...(needed === undefined ? [] : below(`(${needed})`, width)),
      ...(why === undefined ? [] : below(why, width)),
    ]
  })
}

/** Further in than the first line, or under it where that leaves more lines whole; one that fits neither way begins where lines do. */
function continued(lines: readonly string[], width: number): readonly string[] {
  const bare = lines.map((line) => line.trimStart())
  const broken = (indent: string) => bare.filter((line) => columns(indent + line) > width)
  const indent = broken(BELOW).length < broken(`${BELOW}  `).length ? BELOW : `${BELOW}  `
  return bare.map((line) => (columns(indent + line) > width && columns(line) <= width ? line : indent + line))
}

function below(text: string, width: number): readonly string[] {
  return wrap(text, width - BELOW.length).map((line) => `${BELOW}${line}`)
}

/** Options whose lists may come in several parts. */
const IN_PARTS = [flagOf('detections'), flagOf('exclude')]

/** A list that is too wide for one line, as the same option several times. */
function narrower(part: string, width: number): readonly string[] {
  const [flag = '', list = '', more] = part.split(' ')
  if (columns(part) <= width || !IN_PARTS.includes(flag) || more !== undefined) return [part]
  const lines: string[] = []
  for (const word of list.split(',')) {
    const last = lines.at(-1)
    if (last !== undefined && columns(`${last},${word}`) <= width) lines[lines.length - 1] = `${last},${word}`
    else lines.push(`${flag} ${word}`)
  }
  return lines
}

/** Breaks a command before its options, with a backslash, so that it can be pasted as it stands; the rest is indented. */
export function breakCommand(command: NextCommand, width: number): readonly string[] {
  return broken(commandParts(command), width)
}

/** The same for a line of a POSIX shell. */
export function breakLine(line: string, width: number): readonly string[] {
  const parts: string[] = []
  for (const word of line.match(/(?:'[^']*'|\S)+/g) ?? []) {
    if (parts.length === 0 || word.startsWith('--')) parts.push(word)
    else parts[parts.length - 1] += ` ${word}`
  }
  return broken(parts, width)
}

function broken(parts: readonly string[], width: number): readonly string[] {
  const line = parts.join(' ')
  if (columns(line) <= width) return [line]
  const lines: string[] = []
  for (const part of parts.flatMap((whole) => narrower(whole, width - 4))) {
    const last = lines.at(-1)
    if (last !== undefined && columns(`${last} ${part} \\`) <= width) lines[lines.length - 1] = `${last} ${part}`
    else lines.push(lines.length === 0 ? part : `  ${part}`)
  }
  return lines.map((line, index) => (index === lines.length - 1 ? line : `${line} \\`))
}
