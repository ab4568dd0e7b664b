/** Chains that are equal but for their names as one, and what each is called. */

import { CHAIN_LINKS, type ChainLink } from './links.ts'
import { chainLabel } from './report.ts'
import type { HopState, JudgedChain } from './verdict.ts'
import { chainVerdict, endpointName, shortName, stateOf } from './wording.ts'

/** Chains that are equal but for their names. */
export interface ChainGroup {
  readonly first: JudgedChain
  readonly chains: JudgedChain[]
}

const ORDER: readonly HopState[] = ['broken', 'unchecked', 'look', 'works']

/** What does not page comes first. */
export function sortedChains(chains: readonly JudgedChain[]): readonly JudgedChain[] {
  return chains.toSorted((a, b) => ORDER.indexOf(stateOf(a)) - ORDER.indexOf(stateOf(b)))
}

/** Those with the same marks and the same verdict are one group. */
export function chainGroups(chains: readonly JudgedChain[]): readonly ChainGroup[] {
  const groups = new Map<string, ChainGroup>()
  for (const chain of chains) {
    const key = [chainVerdict(chain), ...CHAIN_LINKS.map((link) => chain.hops[link])].join('\n')
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { first: chain, chains: [chain] })
    else known.chains.push(chain)
  }
  return [...groups.values()]
}

/** Where several chains have one name, each says over which topic it goes. */
export function labelsOf(chains: readonly JudgedChain[]): ReadonlyMap<JudgedChain, string> {
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

/** The name of the piece of a chain that stands for this link; undefined where it is missing. */
export function resourceOf(link: ChainLink, chain: JudgedChain): string | undefined {
  switch (link) {
    case 'trail':
      return chain.trail?.name
    case 'delivery':
      return undefined
    case 'log-group':
      return chain.logGroup
    case 'metric-filter':
      return chain.filter?.name
    case 'alarm':
      return chain.alarm?.name
    case 'topic':
      return chain.topicArn === undefined ? undefined : shortName(chain.topicArn)
    case 'subscription': {
      const { subscription } = chain
      if (subscription === undefined) return undefined
      return `${subscription.arn === undefined ? 'pending' : subscription.protocol} ${endpointName(String(chain.endpoint))}`
    }
    case 'pagerduty':
      return chain.endpoint === undefined ? undefined : `key ${endpointName(chain.endpoint.toString())}`
  }
}
