/** A diagnosis as Markdown, for a ticket: the verdict, a table that can be read, and each fault once with where it is. */

import { counted } from '../counted.ts'
import { commandLine, type NextCommand, neededText } from '../next-command.ts'
import { accountCoverage, coverageRows, coverageText } from './account-coverage.ts'
import { type ChainGroup, chainGroups, labelsOf, sortedChains } from './chain-groups.ts'
import { type Fix, linesOf } from './check.ts'
import { checkPage } from './check-page.ts'
import { collect, type FaultCase, type FaultKind } from './collect.ts'
import type { Diagnosis } from './diagnose.ts'
import { codeSpan, markdownText } from './markdown-text.ts'
import { isTelling, placeName } from './report.ts'
import type { FindingSummary } from './summary.ts'
import type { HopState, JudgedChain } from './verdict.ts'
import {
  capital,
  chainVerdict,
  faultEffect,
  inWords,
  overallVerdict,
  STATUS_WORDS,
  sentence,
  stateOf,
  verdictDetails,
} from './wording.ts'

const MARKS: Readonly<Record<HopState, string>> = { works: '✔', look: '!', broken: '✖', unchecked: '◌' }

/** Up to here each chain of a place has a row. */
const EACH = 40
/** Rows where equal chains share one. */
const ROWS = 40
/** Names of chains that share a row. */
const NAMES = 100
/** Resources of a fault that stand on one line. */
const BESIDE = 8
/** Fixes of one fault that are written out. */
const FIXES = 10
/** Routes from a trail to an endpoint that are listed. */
const ROUTES = 20

/** In pieces of the text. */
export function* diagnosisMarkdown(diagnoses: readonly Diagnosis[], now: Date, accounts = false): Iterable<string> {
  for (const line of markdownLines(diagnoses, now)) yield `${line}\n`
  if (accounts) for (const line of accountsMarkdown(diagnoses)) yield `${line}\n`
}

function accountsMarkdown(diagnoses: readonly Diagnosis[]): readonly string[] {
  const rows = coverageRows(accountCoverage(diagnoses)).map(
    (row) => `| ${row.account} | ${row.regions.join(', ')} | ${markdownText(coverageText(row))} |`,
  )
  return ['## Accounts', '', '| account | regions | covered by |', '|---|---|---|', ...rows, '']
}

function* markdownLines(diagnoses: readonly Diagnosis[], now: Date): Iterable<string> {
  const { state, text } = overallVerdict(diagnoses)
  yield* [`# ${MARKS[state]} CloudTrail to PagerDuty: ${text}`, '']
  yield* [`${markdownText(verdictDetails(diagnoses))} Looked at ${now.toISOString()}.`, '']
  for (const one of diagnoses.filter((each, index) => index === 0 || isTelling(each))) yield* placeMarkdown(one)
  yield* othersMarkdown(diagnoses)
}

/** Places without a chain, and those that were not looked at. */
function othersMarkdown(diagnoses: readonly Diagnosis[]): readonly string[] {
  const others = diagnoses.filter((one, index) => index > 0 && !isTelling(one))
  const empty = others.filter(({ summary }) => summary.pass > 0).map((one) => placeName(one, diagnoses))
  const blind = others
    .filter(({ summary }) => summary.pass === 0)
    .map((one) => `- ${placeName(one, diagnoses)}: ${markdownText(one.unread ?? '')}`)
  return [
    ...(empty.length === 0 ? [] : ['## Without a chain', '', empty.join(', '), '']),
    ...(blind.length === 0 ? [] : ['## Not looked at', '', ...blind, '']),
  ]
}

function* placeMarkdown(place: Diagnosis): Iterable<string> {
  const { account, region, chains, unread } = place
  yield* [`## Account ${account}, ${region}`, '']
  if (chains.length > 0) yield* chainsMarkdown(chains)
  else yield unread === undefined ? 'No chain found.' : `Whether there is a chain is unknown: ${markdownText(unread)}`
  yield ''
  const { faults, summaries } = collect([place])
  for (const fault of faults) yield* faultMarkdown(fault)
  for (const summary of summaries) yield* uncheckedMarkdown(summary)
}

/** A row each, or one for those that are equal; then their names, and how the signal runs. */
function* chainsMarkdown(chains: readonly JudgedChain[]): Iterable<string> {
  const sorted = sortedChains(chains)
  const labels = labelsOf(sorted)
  const groups: readonly ChainGroup[] =
    sorted.length > EACH ? chainGroups(sorted) : sorted.map((first) => ({ first, chains: [first] }))
  yield* ['| chain | verdict | links that do not work, or were not checked |', '|---|---|---|']
  const nameOf = ({ first, chains: all }: ChainGroup) =>
    all.length > 1 ? counted(all.length, 'chain') : (labels.get(first) ?? '')
  for (const group of groups.slice(0, ROWS)) {
    const { first, chains: all } = group
    const faulty = inWords(first.hops, ['broken', 'look', 'unchecked'])
    const cells = [`${MARKS[stateOf(first)]} ${nameOf(group)}`, chainVerdict(first, all.length > 1), faulty]
    yield `| ${cells.map(markdownText).join(' | ')} |`
  }
  yield ''
  const hidden = groups.slice(ROWS).reduce((sum, { chains: all }) => sum + all.length, 0)
  if (hidden > 0) yield* [`And ${counted(hidden, 'further chain')}: \`doctor --json\` lists all.`, '']
  for (const group of groups.slice(0, ROWS).filter(({ chains: all }) => all.length > 1)) {
    const names = group.chains.slice(0, NAMES).map((chain) => codeSpan(labels.get(chain) ?? ''))
    const more = group.chains.length - names.length
    yield `- ${MARKS[stateOf(group.first)]} ${nameOf(group)}: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  }
  yield* ['', 'From the trail to PagerDuty:', '', ...routesMarkdown(chains)]
}

/** From which trail to which endpoint, in full. */
function routesMarkdown(chains: readonly JudgedChain[]): readonly string[] {
  const routes = new Map<string, number>()
  for (const { trail, logGroup, topicArn, endpoint } of chains) {
    const parts = [
      ['trail', trail?.name],
      ['log group', logGroup],
      ['topic', topicArn],
      ['endpoint', endpoint?.toString()],
    ] as const
    const route = parts.map(([kind, name]) => (name === undefined ? `${kind} not seen` : `${kind} ${codeSpan(name)}`))
    routes.set(route.join(', '), (routes.get(route.join(', ')) ?? 0) + 1)
  }
  const listed = [...routes].slice(0, ROUTES).map(([route, many]) => `- ${counted(many, 'chain')}: ${route}`)
  const more = routes.size - listed.length
  return more > 0 ? [...listed, `- and ${counted(more, 'further route')}`] : listed
}

function faultMarkdown(fault: FaultKind): readonly string[] {
  const { first, count, cases } = fault
  const alike = cases.every(({ evidence, url }) => evidence === first.evidence && url === first.url)
  const many = cases.length > BESIDE || !alike
  const effect = faultEffect(first)
  const seen = (one: { readonly evidence: string; readonly url?: string | undefined }) =>
    `${markdownText(one.evidence)}${one.url === undefined ? '' : ` (${markdownText(one.url)})`}`
  const where = many ? counted(count, 'resource') : cases.map(inFull).join(', ')
  const more = count > cases.length ? [`  - and ${count - cases.length} more: \`doctor --json\` lists all`] : []
  const listed = cases.map((one) => `  - ${inFull(one)}${alike ? '' : `: ${seen(one)}`}`)
  return [
    `### ${capital(STATUS_WORDS[first.status])}: ${linked(first.check)}`,
    '',
    `${markdownText(capital(first.title))}${effect === undefined ? '' : ` (${effect})`}: ${where}`,
    '',
    `- impact: ${markdownText(first.impact)}`,
    ...(alike ? [`- seen: ${seen(first)}`] : []),
    ...(many ? [`- ${alike ? 'on' : 'seen'}:`, ...listed, ...more] : []),
    ...fixesMarkdown(fault),
    '',
  ]
}

/** The ARN, after the name where that is not a part of it. */
function inFull({ name, resource }: FaultCase): string {
  return resource.includes(name) ? codeSpan(resource) : `${codeSpan(name)} (${codeSpan(resource)})`
}

/** Once where it is the same for all. */
function fixesMarkdown({ cases }: FaultKind): readonly string[] {
  const fixes = new Map<string, { readonly lines: readonly string[]; readonly names: string[] }>()
  for (const { fix, name } of cases) {
    const lines = fixMarkdown(fix)
    const known = fixes.get(lines.join('\n')) ?? { lines, names: [] }
    fixes.set(lines.join('\n'), known)
    known.names.push(name)
  }
  const all = [...fixes.values()]
  if (all.length === 1) return all[0]?.lines ?? []
  const listed = all.slice(0, FIXES).flatMap(({ lines, names }) => {
    const [name = '', ...others] = names
    return [
      `- for ${codeSpan(name)}${others.length === 0 ? '' : ` and ${others.length} more`}:`,
      ...lines.map((line) => `  ${line}`),
    ]
  })
  return all.length > FIXES ? [...listed, `- ${all.length - FIXES} more, with a fix of the same kind`] : listed
}

function fixMarkdown(fix: Fix): readonly string[] {
  const { summary, command, look } = fix
  return [
    `- fix: ${markdownText(summary)}${command === undefined ? '' : ` (${inCode(command)})`}`,
    ...linesOf(fix).map((line) => `- ${codeSpan(line)}`),
    ...(look === undefined ? [] : [`- look: ${inCode(look)}`]),
  ]
}

/** A check, with the page that explains it. */
function linked(check: string): string {
  const page = checkPage(check)
  return page === undefined ? check : `[${check}](${page})`
}

function inCode(command: NextCommand): string {
  const needed = neededText(command)
  return `${codeSpan(commandLine(command))}${needed === undefined ? '' : `, which ${needed}`}`
}

function uncheckedMarkdown({ unchecked }: FindingSummary): readonly string[] {
  if (unchecked.size === 0) return []
  const lines = [...unchecked].map(
    ([reason, names]) => `- ${[...names].map(codeSpan).join(', ')}: ${markdownText(sentence(reason))}`,
  )
  return ['### Not checked', '', ...lines, '']
}
