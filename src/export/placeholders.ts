/** Values that a template learns only where it is deployed: what stands for them in the texts of resources, and how to find it again. */

import type { Site } from '../domain/names.ts'
import { LONGEST as LONGEST_PARTS } from '../plan/description.ts'

export const PLACEHOLDERS = [
  'account',
  'region',
  'partition',
  'consoleHost',
  'logGroup',
  'logGroupInUrl',
  'organization',
] as const

export type Placeholder = (typeof PLACEHOLDERS)[number]

/** A text cut at its placeholders. */
export type Part = string | { readonly placeholder: Placeholder }

/** One character of the private use area each: no name, pattern or description can hold it. */
const MARKS: Readonly<Record<Placeholder, string>> = {
  account: '\u{e000}',
  region: '\u{e001}',
  partition: '\u{e002}',
  consoleHost: '\u{e003}',
  logGroup: '\u{e004}',
  // As the console's address spells the mark of the log group: percent-encoded twice, with `$` for `%`.
  logGroupInUrl: '$25EE$2580$2584',
  organization: '\u{e005}',
}

/** The site of a chain that can be deployed anywhere. */
export const ANY_SITE: Site = {
  partition: MARKS.partition,
  account: MARKS.account,
  region: MARKS.region,
  consoleHost: MARKS.consoleHost,
  longest,
}

/** The log group whose name is a parameter of the template. */
export const ANY_LOG_GROUP = MARKS.logGroup

/** The organization that an organization trail belongs to. */
export const ANY_ORGANIZATION = MARKS.organization

const LONGEST: Readonly<Record<Placeholder, string>> = {
  ...LONGEST_PARTS,
  account: '1'.repeat(12),
  partition: 'aws-us-gov',
  // Of a name alone the length is the template's own business.
  logGroup: '',
  organization: `o-${'1'.repeat(32)}`,
}

/** Values that an address of the console has as they are; their marks stand in it percent-encoded twice, as above. */
const IN_URL = (['account', 'region', 'partition', 'organization'] as const).map(
  (name) => [encodeURIComponent(encodeURIComponent(MARKS[name])).replaceAll('%', '$'), name] as const,
)

const BY_MARK: ReadonlyMap<string, Placeholder> = new Map([
  ...PLACEHOLDERS.map((name) => [MARKS[name], name] as const),
  ...IN_URL,
])

const ALL = new RegExp([...BY_MARK.keys()].map((mark) => `(?:${mark.replaceAll('$', String.raw`\$`)})`).join('|'), 'gu')

/** Literal texts and placeholders in turn; no empty text among them. */
export function partsOf(text: string): readonly Part[] {
  const parts: Part[] = []
  let at = 0
  for (const match of text.matchAll(ALL)) {
    if (match.index > at) parts.push(text.slice(at, match.index))
    const placeholder = BY_MARK.get(match[0])
    if (placeholder !== undefined) parts.push({ placeholder })
    at = match.index + match[0].length
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts
}

/** The text with `spell` in place of every placeholder, and `literal` applied to what is between. */
export function spelled(
  text: string,
  spell: (placeholder: Placeholder) => string,
  literal: (text: string) => string = (same) => same,
): string {
  return partsOf(text)
    .map((part) => (typeof part === 'string' ? literal(part) : spell(part.placeholder)))
    .join('')
}

/** How long the text is at most once it is deployed, the name of a log group not counted; in characters. */
export function longest(text: string): number {
  return spelled(text, (placeholder) => LONGEST[placeholder]).length
}

/** The placeholders among the parts, each once. */
export function placeholdersOf(parts: readonly Part[]): readonly Placeholder[] {
  return [...new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [part.placeholder])))]
}
