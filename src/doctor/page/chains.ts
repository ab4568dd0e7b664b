/** Chains on the page: one line of marks each, the names behind it; equal ones as one where there are hundreds. */

import { counted, thousands } from '../../counted.ts'
import { escaped } from '../../html/escaped.ts'
import { type ChainGroup, chainGroups, labelsOf, resourceOf, sortedChains } from '../chain-groups.ts'
import { CHAIN_LINKS } from '../links.ts'
import type { JudgedChain } from '../verdict.ts'
import { chainVerdict, inWords, LINK_WORDS, STATE_WORDS, stateOf } from '../wording.ts'
import { mark } from './marks.ts'
import { STRIP_HEAD, strip } from './picture.ts'

/** Up to here each chain of a place is drawn. */
const EACH = 60
/** Groups that are drawn. */
const GROUPS = 40
/** Names of a group that are written out. */
const NAMES = 200

/** What does not page comes first. `folded`: equal chains are one line, because all places together have too many. */
export function* chainList(chains: readonly JudgedChain[], folded: boolean): Iterable<string> {
  const sorted = sortedChains(chains)
  const groups =
    folded || chains.length > EACH ? chainGroups(sorted) : sorted.map((first) => ({ first, chains: [first] }))
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

function single(chain: JudgedChain, labels: ReadonlyMap<JudgedChain, string>): string {
  const label = labels.get(chain) ?? ''
  const words = `${label} ${chain.alarm?.name ?? ''} ${chainVerdict(chain)}`.toLowerCase()
  return `<details class="chain ${stateOf(chain)}" data-words="${escaped(words)}">
<summary>${head(chain, `<code>${escaped(label === '' ? 'without a filter' : label)}</code>`)}</summary>
${linkList(chain)}
</details>
`
}

function many({ first, chains }: ChainGroup, labels: ReadonlyMap<JudgedChain, string>): string {
  const names = chains.slice(0, NAMES).map((chain) => `<li><code>${escaped(labels.get(chain) ?? '')}</code></li>`)
  const more = chains.length > NAMES ? `<li>and ${thousands(chains.length - NAMES)} more</li>` : ''
  const words = [chainVerdict(first), ...chains.slice(0, NAMES).map((chain) => labels.get(chain) ?? '')]
  return `<details class="chain ${stateOf(first)}" data-words="${escaped(words.join(' ').toLowerCase())}">
<summary>${head(first, `<strong>${counted(chains.length, 'chain')}</strong>`, true)}</summary>
<ul class="names">${names.join('')}${more}</ul>
</details>
`
}

function head(chain: JudgedChain, name: string, several = false): string {
  return `<span class="head">${mark(stateOf(chain))} ${name} <span class="verdict">${chainVerdict(chain, several)}</span></span>${strip(chain.hops)}`
}

/** The names behind the marks, one line a link. */
function linkList(chain: JudgedChain): string {
  const items = CHAIN_LINKS.map((link) => {
    const name = resourceOf(link, chain)
    // What could not be read may be there all the same.
    const missing = chain.hops[link] === 'broken' && link !== 'delivery' ? '<span class="soft">none</span>' : ''
    const shown = name === undefined ? missing : `<code>${escaped(name)}</code>`
    return `<li>${mark(chain.hops[link])} <span>${LINK_WORDS[link]}</span> <span>${STATE_WORDS[chain.hops[link]]}</span> <span>${shown}</span></li>`
  })
  return `<ol class="links" aria-label="${inWords(chain.hops)}">${items.join('')}</ol>`
}
