/** Chains on the page: one line of marks each, the names behind it; equal ones as one where there are hundreds. */

import { escaped } from '../../html/escaped.ts'
import { CHAIN_LINKS } from '../links.ts'
import { chainLabel } from '../report.ts'
import type { HopState, JudgedChain } from '../verdict.ts'
import { mark, STATE_WORDS } from './marks.ts'
import { counted } from './names.ts'
import { inWords, LINK_WORDS, resourceOf, STRIP_HEAD, strip } from './picture.ts'

/** Chains that are equal but for their names. */
interface ChainGroup {
  readonly first: JudgedChain
  readonly chains: JudgedChain[]
}

/** Up to here each chain of a place is drawn. */
const EACH = 60
/** Groups that are drawn. */
const GROUPS = 40
/** Names of a group that are written out. */
const NAMES = 200

/** Whether the chain pages and resolves, as one state. */
export function stateOf({ works, resolves }: Pick<JudgedChain, 'works' | 'resolves'>): HopState {
  if (works === false) return 'broken'
  if (works === null) return 'unchecked'
  return resolves === true ? 'works' : 'look'
}

/** The same in words, of one chain or of several. */
function verdictOf({ works, resolves, unclear }: JudgedChain, several = false): string {
  const [pages, does] = several ? ['page', 'do'] : ['pages', 'does']
  if (works === false) return `${does} not page`
  if (works === null) {
    const links = unclear.map((link) => LINK_WORDS[link])
    return `not known to page${links.length === 0 ? '' : ` (${links.join(', ')})`}`
  }
  if (resolves === false) return `${pages}, ${does} not resolve`
  return resolves === null ? `${pages}, not known to resolve` : `${pages} and ${several ? 'resolve' : 'resolves'}`
}

const ORDER: readonly HopState[] = ['broken', 'unchecked', 'look', 'works']

/** What does not page comes first. `folded`: equal chains are one line, because all places together have too many. */
export function* chainList(chains: readonly JudgedChain[], folded: boolean): Iterable<string> {
  const sorted = chains.toSorted((a, b) => ORDER.indexOf(stateOf(a)) - ORDER.indexOf(stateOf(b)))
  const groups = folded || chains.length > EACH ? grouped(sorted) : sorted.map((first) => ({ first, chains: [first] }))
  const labels = labelsOf(sorted)
  yield `<div class="columns" aria-hidden="true"><span></span>${STRIP_HEAD}</div>\n`
  const most = groups.length === sorted.length && !folded ? EACH : GROUPS
  for (const group of groups.slice(0, most)) {
    yield group.chains.length === 1 ? single(group.first, labels) : many(group, labels)
  }
  const rest = groups.slice(most)
  if (rest.length === 0) return
  const hidden = rest.reduce((sum, group) => sum + group.chains.length, 0)
  yield `<p>And ${counted(hidden, 'further chain')}: <code>doctor --json</code> lists all.</p>\n`
}

function grouped(chains: readonly JudgedChain[]): readonly ChainGroup[] {
  const groups = new Map<string, ChainGroup>()
  for (const chain of chains) {
    const key = [verdictOf(chain), ...CHAIN_LINKS.map((link) => chain.hops[link])].join('\n')
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { first: chain, chains: [chain] })
    else known.chains.push(chain)
  }
  return [...groups.values()]
}

/** Where several chains have one name, each says over which topic it goes. */
function labelsOf(chains: readonly JudgedChain[]): ReadonlyMap<JudgedChain, string> {
  const counts = new Map<string, number>()
  const plain = chains.map((chain) => [chain, chainLabel(chain)] as const)
  for (const [, label] of plain) counts.set(label, (counts.get(label) ?? 0) + 1)
  return new Map(
    plain.map(([chain, label]) => {
      if (counts.get(label) === 1) return [chain, label]
      const apart = [resourceOf('metric-filter', chain), resourceOf('topic', chain), resourceOf('pagerduty', chain)]
      return [chain, [label, ...apart.filter((name) => name !== undefined && name !== label)].join(' · ')]
    }),
  )
}

function single(chain: JudgedChain, labels: ReadonlyMap<JudgedChain, string>): string {
  const label = labels.get(chain) ?? ''
  const words = `${label} ${chain.alarm?.name ?? ''} ${verdictOf(chain)}`.toLowerCase()
  return `<details class="chain ${stateOf(chain)}" data-words="${escaped(words)}">
<summary>${head(chain, `<code>${escaped(label === '' ? 'without a filter' : label)}</code>`)}</summary>
${linkList(chain)}
</details>
`
}

function many({ first, chains }: ChainGroup, labels: ReadonlyMap<JudgedChain, string>): string {
  const names = chains.slice(0, NAMES).map((chain) => `<li><code>${escaped(labels.get(chain) ?? '')}</code></li>`)
  const more = chains.length > NAMES ? `<li>and ${(chains.length - NAMES).toLocaleString('en-US')} more</li>` : ''
  return `<details class="chain ${stateOf(first)}" data-words="${escaped(verdictOf(first))}">
<summary>${head(first, `<strong>${counted(chains.length, 'chain')}</strong>`, true)}</summary>
<ul class="names">${names.join('')}${more}</ul>
</details>
`
}

function head(chain: JudgedChain, name: string, several = false): string {
  return `<span class="head">${mark(stateOf(chain))} ${name} <span class="verdict">${verdictOf(chain, several)}</span></span>${strip(chain.hops)}`
}

/** The names behind the marks, one line a link. */
function linkList(chain: JudgedChain): string {
  const items = CHAIN_LINKS.map((link) => {
    const name = resourceOf(link, chain)
    const shown =
      name === undefined
        ? link === 'delivery'
          ? ''
          : '<span class="soft">none</span>'
        : `<code>${escaped(name)}</code>`
    return `<li>${mark(chain.hops[link])} <span>${LINK_WORDS[link]}</span> <span>${STATE_WORDS[chain.hops[link]]}</span> <span>${shown}</span></li>`
  })
  return `<ol class="links" aria-label="${inWords(chain.hops)}">${items.join('')}</ol>`
}
