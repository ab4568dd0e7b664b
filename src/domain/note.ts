/** What a person should know beside a plan. Code tells notes apart by their codes, never by their texts. */

import { commandLine, type NextCommand } from '../next-command.ts'

export type NoteCode =
  /** What the options mean, and where AWS reads a pattern otherwise. */
  | 'warning'
  | 'trail'
  | 'home-region'
  | 'first-ok'
  | 'heartbeat'
  | 'key'
  | 'shared-topic'
  | 'double-page'
  | 'other-endpoint'
  | 'data-events'
  /** Changed since init wrote it, and put back. */
  | 'drift'
  | 'setup-triggered'
  | 'dead-detection'
  | 'root-unwatched'
  | 'control-without-subscriber'
  | 'ruleset-end-of-life'
  | 'route-unproven'
  | 'resolve-unproven'
  | 'page-title'
  | 'pagerduty'
  | 'known-tickets'
  | 'kept-watching'
  | 'fallback-email'

export interface Note {
  readonly code: NoteCode
  /** One sentence; it ends with a colon where a command follows. */
  readonly text: string
  readonly next?: NextCommand
  /** ARN of the topic whose route it speaks of. */
  readonly topic?: string
}

export function notes(code: NoteCode, texts: readonly string[]): readonly Note[] {
  return texts.map((text) => ({ code, text }))
}

/** The note with its command, on one line. */
export function noteText({ text, next }: Note): string {
  return next === undefined ? text : `${text} ${commandLine(next)}`
}
