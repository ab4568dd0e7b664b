/** What is new since an earlier report: one line when nothing is. */

import { counted } from '../../counted.ts'
import type { News } from '../../doctor/changed-since.ts'
import { summarize } from '../../doctor/summary.ts'
import { cleanLine, hanging, wrap } from '../clean.ts'
import type { Theme } from '../theme.ts'
import { notChecked, showFaults } from './findings.ts'

export interface NewsShown extends News {
  /** The file of the earlier report, as it was given. */
  readonly path: string
}

/**
 * ```
 * 1 new failure since doctor.json · 3 stand, 1 resolved
 *
 * ✖ the chain of root-account-usage no longer pages
 *
 * ✖ alarm.actions-enabled  root-account-usage
 *   …
 * ```
 */
export function showNews(
  { path, diagnoses, counts, standing, resolved, worse }: NewsShown,
  theme: Theme,
  width: number,
): string {
  const parts = [
    ...(counts.fail > 0 ? [counted(counts.fail, 'new failure')] : []),
    ...(counts.warn > 0 ? [counted(counts.warn, 'new warning')] : []),
    ...(counts.skip > 0 ? [`${counts.skip} newly not checked`] : []),
  ]
  const news =
    parts.length === 0 && worse.length === 0 ? 'Nothing new' : parts.length === 0 ? 'No new finding' : parts.join(', ')
  const rest = [`${standing.length} as before`, `${resolved.length} resolved`].join(', ')
  const head = [`${news} since ${cleanLine(path)}`, rest].join(theme.dot)
  const digests = diagnoses.map(({ findings }) => summarize(findings))
  return [
    wrap(head, width).map(theme.heading).join('\n'),
    worse.flatMap((line) => hanging(`${theme.mark('bad')} `, cleanLine(line), width)).join('\n'),
    ...diagnoses.flatMap(({ findings }) => showFaults(findings, theme, width)),
    notChecked(digests, theme, width).join('\n'),
  ]
    .filter((block) => block !== '')
    .join('\n\n')
}
