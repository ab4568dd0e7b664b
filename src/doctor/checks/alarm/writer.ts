/** Who changed something, as far as CloudTrail's event history told. */

import type { LastWrites } from '../../../aws/readers/last-writes.ts'
import type { Finding } from '../../check.ts'
import type { ChainGraph } from '../../graph.ts'

/** A part of a sentence, and the page of the event. `name` is an alarm, or a filter after its log group and a colon. */
export function writerOf(
  { gathered }: ChainGraph,
  kind: keyof LastWrites,
  name: string,
): { readonly words: string; readonly url?: string | undefined } {
  const { lastWrites } = gathered.diagnostics
  if (lastWrites === undefined) return { words: 'who changed it was not looked up' }
  if (lastWrites.state === 'unreadable') return { words: `who changed it is not known: ${lastWrites.why}` }
  const row = lastWrites.value[kind].get(name)
  if (row === undefined) return { words: "who changed it was not found in CloudTrail's event history" }
  const person = row.person === null ? '' : ` (${row.person})`
  const from = row.sourceIp === null ? '' : ` from ${row.sourceIp}`
  return { words: `changed ${row.time} by ${row.principal}${person}${from}`, url: row.url ?? undefined }
}

export function seenAt(url: string | undefined, finding: Finding): Finding {
  return url === undefined ? finding : { ...finding, url }
}
