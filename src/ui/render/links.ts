/** Pages to open: links where the terminal takes them, else each address on a line of its own, which is never broken. */

import { cleanLine } from '../clean.ts'
import { columns } from '../columns.ts'
import type { Theme } from '../theme.ts'

export interface PageLink {
  /** `log group`. */
  readonly label: string
  readonly url: string
}

/**
 * ```
 * Console
 *   log group
 *     https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:…
 * ```
 * With links it is one line: `Console   trail · log group · alarms · topic`.
 */
export function showLinks(heading: string, links: readonly PageLink[], theme: Theme, width: number): readonly string[] {
  if (links.length === 0) return []
  if (!theme.links) {
    const lines = links.flatMap(({ label, url }) => [`  ${cleanLine(label)}`, `    ${cleanLine(url)}`])
    return [theme.heading(heading), ...lines]
  }
  const lines = [`${theme.heading(heading)}  `]
  for (const { label, url } of links) {
    const last = lines.at(-1) ?? ''
    const link = theme.link(cleanLine(label), cleanLine(url))
    const line = `${last}${last.endsWith(' ') ? '' : theme.dot}${link}`
    if (columns(line) <= width || last.trim() === '') lines[lines.length - 1] = line
    else lines.push(`  ${link}`)
  }
  return lines
}
