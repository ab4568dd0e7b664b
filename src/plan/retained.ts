/** What a deletion leaves in place, and why. */

import type { Reading } from '../domain/snapshot.ts'

export interface Retained {
  readonly resource: string
  readonly why: string
  /** A read failed that the deletion rests on, so whether it may go is not known. */
  readonly unread?: true
  /** It was to be kept anyway, so what could not be read costs nothing. */
  readonly unneeded?: true
}

/** Why something is kept whose reading failed; `what` was to be read. */
export function unread(
  { why }: Extract<Reading<unknown>, { state: 'unreadable' }>,
  what: string,
): Omit<Retained, 'resource'> {
  return { why: `${what} could not be read (${why})`, unread: true }
}
