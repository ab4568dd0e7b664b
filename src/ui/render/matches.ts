/** What a pattern matched: the counts, and the first messages in a few words each. */

import { counted, thousands } from '../../counted.ts'
import { readJson } from '../../patterns/match/json-value.ts'
import { cleanLine, clip, pad, wrap } from '../clean.ts'
import type { Theme } from '../theme.ts'

export interface MatchedMessage {
  /** Undefined where there is only one file. */
  readonly path: string | undefined
  /** Counted from 1 within its file. */
  readonly place: number
  readonly message: string
}

/** Why it is not known whether AWS takes the pattern, or what in it can hardly be meant. */
export interface PatternRemark {
  readonly column: number
  readonly message: string
}

export interface Matches {
  readonly count: number
  readonly matched: number
  readonly unit: 'line' | 'event'
  /** The first of those that matched. */
  readonly shown: readonly MatchedMessage[]
  readonly remarks: readonly PatternRemark[]
}

/**
 * ```
 * 2 of 120 events match.
 *   event 17  2026-01-15T10:00:00Z  ConsoleLogin  …user/alice
 *   event 93  2026-01-15T11:12:09Z  ConsoleLogin  …user/bob
 * ```
 */
export function showMatches({ count, matched, unit, shown, remarks }: Matches, theme: Theme, width: number): string {
  const verb = matched === 1 || count === 1 ? 'matches' : 'match'
  const head = `${thousands(matched)} of ${counted(count, unit)} ${verb}.`
  const labels = shown.map(({ path, place }) => `${path === undefined ? '' : `${cleanLine(path)} `}${unit} ${place}`)
  const column = Math.max(0, ...labels.map((label) => label.length))
  const rows = shown.map(({ message }, index) =>
    clip(`  ${pad(labels[index] ?? '', column)}  ${inFewWords(message)}`, width, theme.ellipsis),
  )
  const more = matched - shown.length
  return [
    ...remarkLines(remarks, theme, width),
    head,
    ...rows,
    ...(more > 0 ? [theme.quiet(`  and ${more} more; --json names them all`)] : []),
  ].join('\n')
}

export function remarkLines(remarks: readonly PatternRemark[], theme: Theme, width: number): readonly string[] {
  return remarks.flatMap(({ column, message }) =>
    wrap(`column ${column}: ${message}`, width - 2).map(
      (line, index) => `${index === 0 ? theme.mark('warn') : ' '} ${line}`,
    ),
  )
}

/** What a responder would ask first; the beginning of a message that is no CloudTrail event. */
function inFewWords(message: string): string {
  const event = readJson(message)
  if (typeof event?.eventName !== 'string') return cleanLine(message)
  const identity = event.userIdentity
  const who = typeof identity === 'object' && identity !== null && 'arn' in identity ? identity.arn : undefined
  return [event.eventTime, event.eventName, who]
    .filter((word) => typeof word === 'string')
    .map((word) => cleanLine(word))
    .join('  ')
}
