/** Findings on the page, worst first: what and where, what it costs in pages, what was seen, and what to do. */

import { counted, thousands } from '../../counted.ts'
import { escaped } from '../../html/escaped.ts'
import { commandParts, type NextCommand, neededText } from '../../next-command.ts'
import { type Fix, linesOf } from '../check.ts'
import { checkPage } from '../check-page.ts'
import { CHECKS } from '../checks/all.ts'
import type { FaultCase, FaultKind } from '../collect.ts'
import type { Diagnosis } from '../diagnose.ts'
import { placeName } from '../report.ts'
import { capital, faultEffect, STATUS_WORDS, sentence } from '../wording.ts'
import { mark, STATUS_MARKS } from './marks.ts'

/** Kinds that are shown; no account was seen with a tenth of them. */
const KINDS = 200
/** Resources that stand open; the rest is unfolded by hand. */
const OPEN = 8
/** Ways to put it right that are written out. */
const FIXES = 10

export function faultId(at: number): string {
  return `fault-${at + 1}`
}

export function* faultArticles(faults: readonly FaultKind[], places: readonly Diagnosis[]): Iterable<string> {
  for (const [at, fault] of faults.slice(0, KINDS).entries()) yield article(fault, faultId(at), places)
  if (faults.length > KINDS)
    yield `<p>And ${counted(faults.length - KINDS, 'further kind')} of finding: <code>doctor --json</code> has all.</p>\n`
}

function article(fault: FaultKind, id: string, places: readonly Diagnosis[]): string {
  const { first, count, cases } = fault
  const finds = CHECKS.find(({ name }) => name === first.check)?.finds
  const several = places.length > 1
  const effect = faultEffect(first)
  const resources = cases.map(({ name }) => name)
  const words = [
    first.check,
    first.title,
    ...new Set(cases.flatMap(({ resource, name, place }) => [resource, name, place.account])),
  ]
  return `<article class="fault ${first.status}" id="${id}" data-words="${escaped(words.join(' ').toLowerCase())}">
<h3>${mark(STATUS_MARKS[first.status])} <span>${escaped(capital(first.title))}</span></h3>
<p class="soft"><strong>${capital(STATUS_WORDS[first.status])}${effect === undefined ? '' : `, ${effect}`}</strong> · <code${finds === undefined ? '' : ` title="${escaped(`finds ${finds}`)}"`}>${linked(first.check)}</code> · ${counted(count, 'resource')}${several ? ` in ${counted(fault.places.size, 'place')}` : ''}</p>
<dl class="finding">
${row('What it costs', escaped(first.impact))}
${row('Where and what was seen', seen(fault, places))}
${row('Fix', fixes(cases, resources))}
</dl>
</article>
`
}

/** A check, with the page that explains it. */
function linked(check: string): string {
  const page = checkPage(check)
  return page === undefined ? escaped(check) : `<a href="${escaped(page)}">${escaped(check)}</a>`
}

function row(term: string, content: string): string {
  return `<div><dt>${term}</dt><dd>${content}</dd></div>`
}

/** Each resource with what was seen of it; where that is the same of all, it is said once. */
function seen({ cases, count, first }: FaultKind, places: readonly Diagnosis[]): string {
  const alike = cases.every(({ evidence, url }) => evidence === first.evidence && url === first.url)
  const shared = alike ? `<p>${escaped(sentence(first.evidence))}${link(first.url)}</p>` : ''
  const listed = cases.map((one) => {
    const where = places.length > 1 ? ` <span class="soft">${escaped(placeName(one.place, places))}</span>` : ''
    const own = alike ? '' : `<br>${escaped(sentence(one.evidence))}${link(one.url)}`
    return `<li>${resourceName(one)}${where}${own}</li>`
  })
  const more = count > cases.length ? `<li>and ${counted(count - cases.length, 'further resource')}</li>` : ''
  const [open, rest] = [listed.slice(0, OPEN), listed.slice(OPEN)]
  const folded =
    rest.length === 0
      ? more
      : `</ul><details><summary>${thousands(count - OPEN)} more</summary><ul>${rest.join('')}${more}</ul></details><ul>`
  return `${shared}<ul>${open.join('')}${folded}</ul>`.replace('<ul></ul>', '')
}

/** What people know it by; the ARN, where that is something else, can be unfolded. */
function resourceName({ name, resource }: FaultCase): string {
  if (name === resource) return `<code>${escaped(resource)}</code>`
  return `<details class="arn"><summary><code>${escaped(name)}</code></summary><code>${escaped(resource)}</code></details>`
}

function link(url: string | undefined): string {
  return url === undefined || !/^https:\/\//.test(url) ? '' : ` <a href="${escaped(url)}">${linkText(url)}</a>`
}

function linkText(url: string): string {
  return /pagerduty\.com\//.test(url) ? 'Open in PagerDuty' : 'Open in the AWS console'
}

/** Once where it is the same for all; else each with the names that it is for. */
function fixes(cases: readonly FaultCase[], names: readonly string[]): string {
  const kinds = new Map<string, { readonly text: string; readonly names: string[] }>()
  for (const [at, { fix }] of cases.entries()) {
    const text = fixText(fix)
    const kind = kinds.get(text) ?? { text, names: [] }
    kinds.set(text, kind)
    kind.names.push(names[at] ?? '')
  }
  const all = [...kinds.values()]
  if (all.length === 1) return all[0]?.text ?? ''
  const shown = all.slice(0, FIXES).map(({ text, names }, at) => {
    const [name = '', ...others] = names
    const more = others.length === 0 ? '' : ` and ${others.length} more`
    return `<details${at === 0 ? ' open' : ''}><summary>for <code>${escaped(name)}</code>${more}</summary>${text}</details>`
  })
  const more = all.length - shown.length
  return `${shown.join('')}${more > 0 ? `<p>and ${more} more, with a fix of the same kind</p>` : ''}`
}

function fixText(fix: Fix): string {
  const { summary, command, look } = fix
  const lines = linesOf(fix)
  return [
    `<p>${escaped(sentence(summary))}</p>`,
    ...(command === undefined ? [] : [commandBlock(command)]),
    ...(lines.length === 0 ? [] : [`<pre><code>${lines.map(escaped).join('\n')}</code></pre>`]),
    ...(look === undefined ? [] : [`<p>To see more:</p>${commandBlock(look)}`]),
  ].join('')
}

/** A command to copy, with what it needs in the environment. */
export function commandBlock(command: NextCommand): string {
  const needed = neededText(command)
  const below = needed === undefined ? '' : `<p class="soft">It ${escaped(needed)}.</p>`
  // An option and its value stay together where they fit; copied, it is one line.
  const parts = commandParts(command).map((part) => `<span>${escaped(part)}</span>`)
  return `<pre><code>${parts.join(' ')}</code></pre>${below}`
}
