/** The chain as a picture: its links in the order of the signal, each with its mark; where the signal is lost, the line is dotted. */

import { thousands } from '../../counted.ts'
import { escaped } from '../../html/escaped.ts'
import { resourceOf } from '../chain-groups.ts'
import { CHAIN_LINKS, type ChainLink } from '../links.ts'
import type { HopState, JudgedChain } from '../verdict.ts'
import { inWords, LINK_WORDS, middleCut, STATE_WORDS, WORST_FIRST } from '../wording.ts'

/** For a phone, where eight full names do not stand beside each other. */
const SHORT_WORDS: Readonly<Record<ChainLink, string>> = {
  ...LINK_WORDS,
  delivery: 'deliv.',
  'log-group': 'logs',
  'metric-filter': 'filter',
  subscription: 'subs.',
  pagerduty: 'PD',
}

/** Where the link at this place stands, in percent of the width. */
function across(at: number): string {
  return `${((at + 0.5) * 100) / CHAIN_LINKS.length}%`
}

/** The names over a column of strips. What a screen reader is told stands in each strip. */
export const STRIP_HEAD = `<svg class="strip head" aria-hidden="true">${CHAIN_LINKS.map((link, at) => stripLabel(link, at, 17)).join('')}</svg>`

function stripLabel(link: ChainLink, at: number, y: number, kind = ''): string {
  const x = across(at)
  return `<text class="long${kind}" x="${x}" y="${y}">${LINK_WORDS[link]}</text><text class="short${kind}" x="${x}" y="${y}">${SHORT_WORDS[link]}</text>`
}

type Hops = JudgedChain['hops']

/** One line of marks, as wide as there is room; what does not work is named below. */
export function strip(hops: Hops): string {
  const marks = CHAIN_LINKS.map((link, at) => `<use href="#${hops[link]}" x="${across(at)}" y="14"/>`)
  const named = CHAIN_LINKS.flatMap((link, at) =>
    hops[link] === 'works' ? [] : [stripLabel(link, at, 38, ` ${hops[link]}`)],
  )
  const line = (x1: string, x2: string, kind: string) => `<line${kind} x1="${x1}" x2="${x2}" y1="14" y2="14"/>`
  const tall = named.length === 0 ? '' : ' named'
  const broken = CHAIN_LINKS.findIndex((link) => hops[link] === 'broken')
  return `<svg class="strip${tall}" role="img" aria-label="${inWords(hops)}">${lines(broken, across, line)}${marks.join('')}${named.join('')}</svg>`
}

/** Of each link the worst state that a chain has. */
export function worstHops(chains: readonly JudgedChain[]): Hops {
  return Object.fromEntries(CHAIN_LINKS.map((link) => [link, placeLink(link, chains).state])) as Hops
}

/** From each link to the next; behind the first that is broken, given by its place, nothing arrives. */
function lines(
  broken: number,
  place: (at: number) => string,
  line: (from: string, to: string, kind: string) => string,
): string {
  const last = CHAIN_LINKS.length - 1
  if (broken < 0 || broken === last) return line(place(0), place(last), '')
  const whole = broken === 0 ? '' : line(place(0), place(broken), '')
  return whole + line(place(broken), place(last), ' class="lost"')
}

interface PlaceLink {
  readonly link: ChainLink
  readonly state: HopState
  /** The name of the one resource, or how many there are. */
  readonly name: string
  /** The state in words, with how many chains it is of. */
  readonly text: string
}

/** All chains of a place as one: beside each other where there is room, below each other on a phone. */
export function placePicture(chains: readonly JudgedChain[], title: string): string {
  const links = CHAIN_LINKS.map((link) => placeLink(link, chains))
  // A line is drawn as lost only where that is so of every chain.
  const broken = chains.every(({ hops }) => CHAIN_LINKS.some((link) => hops[link] === 'broken'))
    ? chains.reduce(
        (most, { hops }) =>
          Math.max(
            most,
            CHAIN_LINKS.findIndex((link) => hops[link] === 'broken'),
          ),
        -1,
      )
    : -1
  const said = links.map(({ link, name, text }) => `${LINK_WORDS[link]}${name === '' ? '' : ` (${name})`}: ${text}`)
  const label = escaped(`${title}. ${said.join('; ')}`)
  const wide = links.map(({ link, state, name, text }, at) => {
    const x = across(at)
    return `<use href="#${state}" x="${x}" y="18"/><text class="name" x="${x}" y="48">${LINK_WORDS[link]}</text><text x="${x}" y="66">${escaped(middleCut(name, 15))}</text><text class="${state}" x="${x}" y="84">${text}</text>`
  })
  const down = (at: number) => String(22 + at * 48)
  const ahead = (x1: string, x2: string, kind: string) => `<line${kind} x1="${x1}" x2="${x2}" y1="18" y2="18"/>`
  const below = (y1: string, y2: string, kind: string) => `<line${kind} x1="16" x2="16" y1="${y1}" y2="${y2}"/>`
  const tall = links.map(({ link, state, name, text }, at) => {
    const y = 22 + at * 48
    return `<use href="#${state}" x="16" y="${y}"/><text x="40" y="${y - 2}"><tspan class="name">${LINK_WORDS[link]}</tspan> <tspan class="${state}">${text}</tspan></text><text x="40" y="${y + 16}">${escaped(middleCut(name, 38))}</text>`
  })
  return `<svg class="place wide" role="img" aria-label="${label}">${lines(broken, across, ahead)}${wide.join('')}</svg>
<svg class="place tall" role="img" aria-label="${label}">${lines(broken, down, below)}${tall.join('')}</svg>`
}

function placeLink(link: ChainLink, chains: readonly JudgedChain[]): PlaceLink {
  const counts = new Map<HopState, number>()
  for (const { hops } of chains) counts.set(hops[link], (counts.get(hops[link]) ?? 0) + 1)
  const state = WORST_FIRST.find((one) => counts.has(one)) ?? 'unchecked'
  const many = counts.get(state) ?? 0
  const text = many === chains.length ? STATE_WORDS[state] : `${many} ${STATE_WORDS[state].replace('has', 'with')}`
  return { link, state, text, name: nameOf(link, chains) }
}

function nameOf(link: ChainLink, chains: readonly JudgedChain[]): string {
  if (link === 'delivery') return ''
  const names = new Set<string>()
  for (const chain of chains) {
    const name = resourceOf(link, chain)
    if (name !== undefined) names.add(name)
  }
  const [first = ''] = names
  if (names.size < 2) return first
  return `${thousands(names.size)} ${PLURALS[link] ?? `${LINK_WORDS[link]}s`}`
}

const PLURALS: Partial<Record<ChainLink, string>> = { 'metric-filter': 'filters', pagerduty: 'endpoints' }
