/** Accounts and what covers them, one line for each answer. */

import { type AccountRow, coverageRows, coverageText, type PlaceCoverage } from '../../doctor/account-coverage.ts'
import { cleanLine, hanging } from '../clean.ts'
import type { Mark, Theme } from '../theme.ts'

const MARKS: Readonly<Record<PlaceCoverage['coverage'], Mark>> = {
  covered: 'good',
  broken: 'bad',
  'not-covered': 'bad',
  unknown: 'skip',
}

/** Rows are named up to here, those that lack something first. */
const ROWS = 40

/** Regions are named up to here, and counted beyond. */
const REGIONS = 3

/**
 * ```
 * Accounts   3 covered, 1 not covered, 1 unknown
 *   ✖ 111122223333  eu-west-1   not covered
 *   ◌ 222233334444  us-east-1   not looked at: the role Audit could not be assumed there
 *   ✔ 333344445555  17 regions  the chain of account 123456789012 (trail company): pages
 * ```
 */
export function showAccountCoverage(places: readonly PlaceCoverage[], theme: Theme, width: number): string {
  const rows = coverageRows(places)
  const shown = rows.slice(0, ROWS)
  const room = Math.max(...shown.map((row) => regionsText(row).length))
  const lines = shown.flatMap((row) => {
    const head = `  ${theme.mark(MARKS[row.place.coverage])} ${row.account}  ${regionsText(row).padEnd(room)}  `
    return hanging(head, cleanLine(coverageText(row)), width)
  })
  const hidden = rows.slice(ROWS)
  const more = hidden.length === 0 ? [] : [`  and ${hidden.length} more: ${countsText(hidden)}`]
  return [...hanging(`${theme.heading('Accounts')}  `, countsText(rows), width), ...lines, ...more].join('\n')
}

function countsText(rows: readonly AccountRow[]): string {
  const words = { covered: 'covered', broken: 'broken', 'not-covered': 'not covered', unknown: 'unknown' } as const
  return (Object.keys(words) as (keyof typeof words)[])
    .map((state) => {
      const accounts = new Set(rows.filter(({ place }) => place.coverage === state).map(({ account }) => account))
      return accounts.size === 0 ? '' : `${accounts.size} ${words[state]}`
    })
    .filter((text) => text !== '')
    .join(', ')
}

function regionsText({ regions }: AccountRow): string {
  return regions.length <= REGIONS ? regions.join(', ') : `${regions.length} regions`
}
