/** Words for states, chains and verdicts, and names as a person knows them: what the page and the Markdown report say alike. */

import { counted, thousands } from '../counted.ts'
import type { FindingStatus, Problem } from './check.ts'
import type { Diagnosis } from './diagnose.ts'
import { CHAIN_LINKS, type ChainLink } from './links.ts'
import { allHealthy, totals } from './report.ts'
import { effectOf, type HopState, type JudgedChain } from './verdict.ts'

export const STATE_WORDS: Readonly<Record<HopState, string>> = {
  works: 'works',
  look: 'has a fault',
  broken: 'broken',
  unchecked: 'not checked',
}

/** The worst first. */
export const WORST_FIRST: readonly HopState[] = ['broken', 'look', 'unchecked', 'works']

export const STATUS_WORDS: Readonly<Record<FindingStatus, string>> = {
  fail: 'failed',
  warn: 'warning',
  skip: 'not checked',
  pass: 'passed',
}

export const LINK_WORDS: Readonly<Record<ChainLink, string>> = {
  trail: 'trail',
  delivery: 'delivery',
  'log-group': 'log group',
  'metric-filter': 'metric filter',
  alarm: 'alarm',
  topic: 'topic',
  subscription: 'subscription',
  pagerduty: 'PagerDuty',
}

/** The states in words, links of an equal state in a row, the worst first. */
export function inWords(hops: JudgedChain['hops'], states = WORST_FIRST): string {
  return states
    .flatMap((state) => {
      const links = CHAIN_LINKS.filter((link) => hops[link] === state).map((link) => LINK_WORDS[link])
      return links.length === 0 ? [] : [`${STATE_WORDS[state]}: ${links.join(', ')}`]
    })
    .join('; ')
}

/** Whether the chain pages and resolves, and has no fault beside that, as one state. */
export function stateOf({ works, resolves, hops }: Pick<JudgedChain, 'works' | 'resolves' | 'hops'>): HopState {
  if (works === false) return 'broken'
  if (works === null) return 'unchecked'
  return resolves === true && CHAIN_LINKS.every((link) => hops[link] !== 'look') ? 'works' : 'look'
}

/** The same in words, of one chain or of several. */
export function chainVerdict({ works, resolves, unclear }: JudgedChain, several = false): string {
  const [pages, does] = several ? ['page', 'do'] : ['pages', 'does']
  if (works === false) return `${does} not page`
  if (works === null) {
    const links = unclear.map((link) => LINK_WORDS[link])
    return `not known to page${links.length === 0 ? '' : ` (${links.join(', ')})`}`
  }
  if (resolves === false) return `${pages}, ${does} not resolve`
  return resolves === null ? `${pages}, not known to resolve` : `${pages} and ${several ? 'resolve' : 'resolves'}`
}

/** What it means for pages, in two words: a failure is not always one that loses a page. */
export function faultEffect(finding: Problem): string | undefined {
  const { works, resolves } = effectOf(finding, undefined)
  if (works === false) return 'pages are lost'
  if (works === null) return 'pages may be lost'
  return resolves === false ? 'incidents stay open' : undefined
}

/** What all findings come to, in one line. */
export interface Verdict {
  readonly state: HopState
  /** Plain text without a full stop. */
  readonly text: string
}

interface ChainCounts {
  readonly all: number
  readonly broken: number
  readonly unknown: number
  readonly unresolved: number
}

function countChains(chains: readonly JudgedChain[]): ChainCounts {
  const many = (test: (chain: JudgedChain) => boolean) => chains.filter(test).length
  return {
    all: chains.length,
    broken: many(({ works }) => works === false),
    unknown: many(({ works }) => works === null),
    unresolved: many(({ works, resolves }) => works === true && resolves === false),
  }
}

export function overallVerdict(diagnoses: readonly Diagnosis[]): Verdict {
  const { all, broken, unknown, unresolved } = countChains(diagnoses.flatMap(({ chains }) => chains))
  const { fail } = totals(diagnoses)
  const one = all === 1
  const total = thousands(all)
  if (all === 0) {
    return diagnoses.some(({ unread }) => unread !== undefined)
      ? { state: 'unchecked', text: 'Unknown whether there is a chain' }
      : { state: 'broken', text: 'No chain found' }
  }
  if (broken > 0) {
    const text = one
      ? 'The chain does not page'
      : broken === all
        ? `None of ${total} chains pages`
        : `${thousands(broken)} of ${total} chains ${broken === 1 ? 'does' : 'do'} not page`
    return { state: 'broken', text }
  }
  if (unknown > 0) {
    const text = one
      ? 'Unknown whether the chain pages'
      : `Unknown whether ${unknown === all ? 'the' : `${thousands(unknown)} of`} ${total} chains page`
    return { state: 'unchecked', text }
  }
  const state = allHealthy(diagnoses) && fail === 0 ? 'works' : 'look'
  const pages = one ? 'The chain pages' : `All ${total} chains page`
  if (unresolved === 0) return { state, text: pages }
  return {
    state,
    text: `${pages}, ${one ? 'and does not resolve' : unresolved === all ? 'none resolves' : `${thousands(unresolved)} ${unresolved === 1 ? 'does' : 'do'} not resolve`}`,
  }
}

/** What the verdict leaves out, in sentences. */
export function verdictDetails(diagnoses: readonly Diagnosis[]): string {
  const chains = diagnoses.flatMap((one) => one.chains)
  const { all, broken, unknown, unresolved } = countChains(chains)
  const { pass, warn, fail, skip } = totals(diagnoses)
  const [first] = diagnoses
  const unasked = all > 0 && chains.every(({ hops }) => hops.pagerduty === 'unchecked')
  const words = [
    ...(all === 0 && first?.unread !== undefined
      ? [`A list that every chain needs could not be read: ${first.unread}`]
      : []),
    ...(broken > 0 && unknown > 0
      ? [`Whether ${counted(unknown, 'further chain')} page${unknown === 1 ? 's' : ''} is unknown`]
      : []),
    ...(unresolved > 0 && broken + unknown > 0
      ? [
          `${counted(unresolved, 'chain')} page${unresolved === 1 ? 's' : ''} and do${unresolved === 1 ? 'es' : ''} not resolve the incident`,
        ]
      : []),
    fail + warn + skip === 0
      ? `All ${counted(pass, 'check')} passed`
      : `${counted(pass, 'check')} passed, ${thousands(fail)} failed, ${counted(warn, 'warning')}, ${thousands(skip)} not made`,
    ...(unasked ? ['PagerDuty itself was not checked'] : []),
    ...(all > 0 && broken === 0
      ? ['Read from the configuration: that a page reaches a person is known only after a fire drill']
      : []),
  ]
  return words.map(sentence).join(' ')
}

/** The last part of an ARN; any other name as it is. */
export function shortName(resource: string): string {
  if (!resource.startsWith('arn:')) return resource
  // Of a subscription that is pending: the topic, and where it leads.
  const [arn = '', ...rest] = resource.split(' → ')
  return [arn.split(/[:/]/).at(-1) ?? arn, ...rest].join(' → ')
}

/** What of a masked address tells one key from another: `…cdef`; the whole where there is no such part. */
export function endpointName(masked: string): string {
  return /…\w+/.exec(masked)?.[0] ?? masked
}

/** At most as wide as so many letters, the middle cut out. A letter of Chinese, Japanese or Korean is as wide as two. */
export function middleCut(text: string, most: number): string {
  const letters = [...text]
  const wide = (letter: string) => ((letter.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1)
  if (letters.reduce((sum, letter) => sum + wide(letter), 0) <= most) return text
  const upTo = (from: readonly string[], room: number) => {
    let left = room
    return from.filter((letter) => {
      left -= wide(letter)
      return left >= 0
    })
  }
  const head = upTo(letters, Math.ceil((most - 1) / 2))
  const tail = upTo(letters.toReversed(), Math.floor((most - 1) / 2)).toReversed()
  return `${head.join('')}…${tail.join('')}`
}

export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

/** With a capital letter and a full stop. */
export function sentence(text: string): string {
  return `${capital(text)}${/[.!?:]$/.test(text) ? '' : '.'}`
}
