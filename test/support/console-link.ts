/** Reads an address of the console's event search as the console does. */

export interface Search {
  readonly logGroup: string
  readonly pattern: string | undefined
  readonly hours: number | undefined
}

/** Throws when the address is not one of a log group. */
export function searchIn(address: string): Search {
  const path = new URL(address).hash.slice('#logsV2:log-groups/log-group/'.length)
  const [group = '', rest = ''] = path.split('/log-events')
  const unescaped = (text: string) => decodeURIComponent(text.replaceAll('$', '%'))
  const query = new URLSearchParams(unescaped(rest))
  const start = query.get('start')
  return {
    logGroup: decodeURIComponent(unescaped(group)),
    pattern: query.get('filterPattern') ?? undefined,
    hours: start === null ? undefined : -Number(start) / 3_600_000,
  }
}
