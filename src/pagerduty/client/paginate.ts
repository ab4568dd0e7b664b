/** Lists, page by page by hand: the client library's own paging breaks on half of the paths that we need. */

import { AppError } from '../../errors.ts'
import type { Connection } from './connection.ts'
import { asRecord, listAt, numberAt } from './fields.ts'
import type { Call } from './request.ts'
import { request } from './request.ts'

const PAGE = 100
/** PagerDuty refuses an offset and limit of more than 10,000 together (REST API, pagination). */
const LAST_OFFSET = 9_900

export interface Listing<T> {
  readonly items: readonly T[]
  /** False: there are more than PagerDuty lets anyone list; search by name instead. */
  readonly complete: boolean
}

/** All items under `key`, over as many pages as there are, up to 10,000 items. */
export async function paginate<T>(
  connection: Connection,
  call: Call,
  key: string,
  read: (item: unknown) => T | undefined,
): Promise<Listing<T>> {
  const items: T[] = []
  for (let offset = 0; offset <= LAST_OFFSET; ) {
    const query = { ...call.query, limit: `${PAGE}`, offset: `${offset}` }
    const page = await request(connection, { ...call, query })
    items.push(...listed(page, key, call, read))
    if (asRecord(page)?.more !== true) return { items, complete: true }
    // A server may give fewer than asked for, and says so in `limit`.
    offset += Math.max(numberAt(page, 'limit') ?? PAGE, 1)
  }
  connection.trace(`pagerduty GET /${call.path.join('/')} stopped after ${items.length}: PagerDuty lists no further`)
  return { items, complete: false }
}

/**
 * The items of an answer that must hold a list. An answer without it is a failure and not "none": whoever creates what
 * is not listed would otherwise create it twice.
 */
export function listed<T>(
  answer: unknown,
  key: string,
  call: Call,
  read: (item: unknown) => T | undefined,
): readonly T[] {
  if (Array.isArray(asRecord(answer)?.[key])) return listAt(answer, key, read)
  throw new AppError('pagerduty-unreadable', `PagerDuty answered GET /${call.path.join('/')} without a list of ${key}`)
}
