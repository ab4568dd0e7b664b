/** Values of a Terraform configuration: texts with placeholders become templates that read the locals. */

import { Expression, escapedHcl, type HclValue } from './hcl.ts'
import { type Placeholder, partsOf, spelled } from './placeholders.ts'

/** Locals of the configuration; a log group is never a parameter of it. */
const LOCALS: Readonly<Record<Placeholder, string>> = {
  account: 'local.account',
  region: 'local.region',
  partition: 'local.partition',
  consoleHost: 'local.console_host',
  organization: 'local.organization',
  logGroup: 'local.log_group',
  logGroupInUrl: 'local.log_group',
}

/** A text as a string, a reference, or a string with references in it. */
export function hclText(text: string): HclValue {
  const parts = partsOf(text)
  const [only] = parts
  if (parts.every((part) => typeof part === 'string')) return text
  if (parts.length === 1 && typeof only === 'object') return new Expression(LOCALS[only.placeholder])
  const body = spelled(text, (placeholder) => `\${${LOCALS[placeholder]}}`, escapedHcl)
  return new Expression(`"${body}"`)
}

/** A value with the placeholders of all its texts, keys left alone. */
export function hclValue(value: unknown): HclValue {
  if (typeof value === 'string') return hclText(value)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(hclValue)
  const entries = Object.entries(value as Readonly<Record<string, unknown>>)
  return Object.fromEntries(entries.flatMap(([key, item]) => (item === undefined ? [] : [[key, hclValue(item)]])))
}
