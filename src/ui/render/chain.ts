/** The one picture of the chain: its hops in the order of the signal, one mark each. */

import { columns } from '../columns.ts'
import type { Mark, Theme } from '../theme.ts'

export interface DrawnLink {
  /** `trail`, `26 filters`, `PagerDuty`. */
  readonly label: string
  readonly mark: Mark
}

/**
 * ```
 * trail ✔─ delivery ✔─ log group ✔─ 26 filters ✔─ 26 alarms ✔─ topic ✔─
 *   subscription ✔─ PagerDuty ◌
 * ```
 * Two columns are left free, so that it can be indented.
 */
export function showChain(hops: readonly DrawnLink[], theme: Theme, width: number): string {
  const line = theme.unicode ? '─' : '-'
  const words = hops.map(
    ({ label, mark }, index) => `${label} ${theme.mark(mark)}${index === hops.length - 1 ? '' : line}`,
  )
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last !== undefined && columns(last) + 1 + columns(word) <= width - 2)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(last === undefined ? word : `  ${word}`)
  }
  return lines.join('\n')
}
