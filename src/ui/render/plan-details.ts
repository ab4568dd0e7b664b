/** The details of a change as lines: a field a line, documents below their name, old and new where a field changes. */

import { type Detail, detailsOf, differingLines } from '../../plan/details.ts'
import type { Change } from '../../plan/plan.ts'
import { clean, wrap } from '../clean.ts'
import { columns } from '../columns.ts'
import type { Theme } from '../theme.ts'

/** Units of numbers that carry none in AWS. */
const UNITS: Readonly<Record<string, string>> = { period: 's', retentionDays: 'days' }

/** Lines of at most `width` columns: nothing is cut. */
export function detailLines(change: Change, theme: Theme, width: number): readonly string[] {
  if (change.action === 'delete' || change.action === 'blocked') return wrap(clean(change.why), width)
  return detailsOf(change).flatMap((detail) =>
    detail.from === undefined ? valueLines(detail, width) : changeLines(detail, detail.from, theme, width),
  )
}

/** `metric.name` as `metric name`, `retentionDays` as `retention days`. */
export function fieldName(field: string): string {
  return field.replaceAll('.', ' ').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

export function withUnit({ field }: Pick<Detail, 'field'>, value: string): string {
  const unit = UNITS[field]
  return unit === undefined || !/^\d+$/.test(value) ? value : `${value} ${unit}`
}

function valueLines(detail: Detail, width: number): readonly string[] {
  const name = `${fieldName(detail.field)}:`
  const value = clean(withUnit(detail, detail.to))
  if (!value.includes('\n') && columns(`${name} ${value}`) <= width) return [`${name} ${value}`]
  return [name, ...below(value, width)]
}

function changeLines(detail: Detail, from: string, theme: Theme, width: number): readonly string[] {
  const name = `${fieldName(detail.field)}:`
  const [before, after] = [clean(withUnit(detail, from)), clean(withUnit(detail, detail.to))]
  const line = `${name} ${before} ${theme.arrow} ${after}`
  if (!line.includes('\n') && columns(line) <= width) return [line]
  const { gone, fresh } = differingLines(before, after)
  return [
    name,
    ...gone.flatMap((text) => marked('-', text, width)),
    ...fresh.flatMap((text) => marked('+', text, width)),
  ]
}

function below(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => folded(line, width - 2).map((part) => `  ${part}`))
}

function marked(sign: string, text: string, width: number): readonly string[] {
  return folded(text, width - 4).map((part, index) => `  ${index === 0 ? sign : ' '} ${part}`)
}

/**
 * Broken at blanks, with the indent of a document kept. A word without blanks, such as an ARN, is never torn: it gives up
 * of its indent what it needs.
 */
function folded(line: string, width: number): readonly string[] {
  if (columns(line) <= width) return [line]
  const indent = /^ */.exec(line)?.[0] ?? ''
  const parts = wrap(line.trimStart(), Math.max(10, width - indent.length))
  return parts.map((part) => ' '.repeat(Math.max(0, Math.min(indent.length, width - columns(part)))) + part)
}
