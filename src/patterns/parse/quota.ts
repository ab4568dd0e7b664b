/** How many wildcards and regexes one pattern may hold. */

import type { Selector, Value } from '../pattern.ts'
import { type Cursor, refuse } from './cursor.ts'

const MAX_WILDCARDS = 3
const MAX_REGEXES = 2

export function countWildcards(cursor: Cursor, selector: Selector): void {
  cursor.used.wildcards += selector.steps.filter((step) => step.kind === 'wildcard').length
  if (cursor.used.wildcards > MAX_WILDCARDS) {
    refuse(
      selector.column,
      `this is wildcard ${cursor.used.wildcards}; AWS takes ${MAX_WILDCARDS} selectors with a wildcard in a pattern`,
    )
  }
}

export function countRegexes(cursor: Cursor, value: Value): void {
  if (value.kind !== 'regex') return
  cursor.used.regexes += 1
  if (cursor.used.regexes > MAX_REGEXES) {
    const message = `this is regex ${cursor.used.regexes}; AWS takes ${MAX_REGEXES} in a pattern`
    refuse(value.column, message, undefined, 'regex-quota')
  }
}
