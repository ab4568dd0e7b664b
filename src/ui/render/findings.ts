/** A diagnosis for a person: the matrix of chains, four lines for each problem, and what was not checked. */

import { fireDrill } from '../../detections/drill.ts'
import { FIX_COMMAND, type Finding, type Fix } from '../../doctor/check.ts'
import type { Diagnosis, HopState, JudgedChain } from '../../doctor/diagnose.ts'
import { CHAIN_LINKS, type ChainLink } from '../../doctor/links.ts'
import { chainLabel, isTelling, placeName, totals } from '../../doctor/report.ts'
import { type FindingSummary, type SharedFault, summarize } from '../../doctor/summary.ts'
import { parseMarker } from '../../domain/marker.ts'
import { commandLine, type NextCommand } from '../../next-command.ts'
import { drillOn, toolCommand } from '../../options/next-command.ts'
import { cleanLine, pad, shorten, wrap } from '../clean.ts'
import { columns } from '../columns.ts'
import type { Mark, Theme } from '../theme.ts'
import { nextStep } from './next-commands.ts'

export interface FindingsView {
  readonly seconds: number
  /** The account of whoever asks: the only one in which a command can be run as it stands. */
  readonly caller: string
  /** The command with the options that lead it to the same chains, in a region of its own where one is given. */
  sameChain(command: NextCommand, region?: string): NextCommand
}

/** Short, so that of 80 columns the longest name of the catalogue gets the 32 that it needs. */
const HEADINGS: Readonly<Record<ChainLink, string>> = {
  trail: 'trail',
  delivery: 'deliv',
  'log-group': 'logs',
  'metric-filter': 'filter',
  alarm: 'alarm',
  topic: 'topic',
  subscription: 'subs',
  pagerduty: 'PD',
}

const MARKS: Readonly<Record<HopState, Mark>> = { works: 'good', look: 'warn', broken: 'bad', unchecked: 'skip' }

/** Chains are named up to here, broken ones first. */
const ROWS = 40

/**
 * ```
 * 3 chains, 1 broken, 1 warning · account 123456789012 · us-east-1 · 3.2 s
 *
 *                       trail deliv logs filter alarm topic subs PD
 *   ConsoleNoMFA (CIS)    ✔     ✔    ✔     ✔      ✖     ✔    ✔   ◌
 *
 * ✖ alarm.ok-action  CIS-ConsoleNoMFA
 *   The incident never resolves, and the next event joins it and pages nobody.
 *   seen  AlarmActions has 1 topic, OKActions is empty
 *   fix   npx cloudtrail-pd doctor --fix   adds the topic, keeps every other field
 * ```
 */
export function showFindings(diagnoses: readonly Diagnosis[], theme: Theme, width: number, view: FindingsView): string {
  const digests = diagnoses.map(({ findings }) => summarize(findings))
  const blocks = diagnoses.flatMap((one, index) =>
    index === 0 || isTelling(one)
      ? [
          theme.heading(headline(one, theme, view)),
          ...(one.chains.length === 0 ? [] : [matrix(one.chains, theme, width)]),
          ...(digests[index]?.faults ?? []).map((fault) => problem(fault, theme, width)),
        ]
      : [],
  )
  return [
    ...blocks,
    [...noChain(diagnoses, width), ...notChecked(digests, theme, width), countsLine(diagnoses)].join('\n'),
    whatNext(diagnoses, digests, view, theme, width),
  ]
    .filter((block) => block !== '')
    .join('\n\n')
}

/** Places that were looked at and are empty, in one sentence. */
function noChain(diagnoses: readonly Diagnosis[], width: number): readonly string[] {
  const empty = diagnoses.filter((one, index) => index > 0 && !isTelling(one) && one.summary.pass > 0)
  if (empty.length === 0) return []
  const names = empty.map((one) => placeName(one, diagnoses))
  return [wrap(`  No chain in ${names.join(', ')}`, width).join('\n  ')]
}

function headline({ chains, summary, account, region }: Diagnosis, theme: Theme, { seconds }: FindingsView): string {
  const broken = chains.filter(({ works }) => works === false).length
  const unknown = chains.filter(({ works }) => works === null).length
  const parts = [
    chains.length === 0 ? 'No chain found' : plural(chains.length, 'chain'),
    ...(broken > 0 ? [`${broken} broken`] : []),
    ...(unknown > 0 ? [`${unknown} unclear`] : []),
    ...(summary.warn > 0 ? [plural(summary.warn, 'warning')] : []),
  ]
  return [parts.join(', '), `account ${account}`, region, `${seconds.toFixed(1)} s`].join(theme.dot)
}

function matrix(chains: readonly JudgedChain[], theme: Theme, width: number): string {
  const well = chains.filter(({ works }) => works === true)
  const ill = chains.filter(({ works }) => works !== true)
  const shown = [...ill, ...well].slice(0, ROWS)
  const headings = CHAIN_LINKS.map((hop) => HEADINGS[hop])
  const head = headings.join(' ')
  const names = rowNames(shown, Math.max(12, width - head.length - 4), theme)
  const room = Math.max(...names.map((name) => columns(name)))
  const rows = shown.map((chain, row) => {
    const marks = CHAIN_LINKS.map((hop, index) =>
      centred(theme.mark(MARKS[chain.hops[hop]]), headings[index]?.length ?? 0),
    )
    return `  ${pad(names[row] ?? '', room)}  ${marks.join(' ').trimEnd()}`
  })
  const hidden = chains.length - shown.length
  const broken = Math.max(0, ill.length - shown.length)
  const rest =
    broken > 0 ? `  and ${hidden} more, ${broken} of them not known to work` : `  and ${hidden} more that work`
  return [`${' '.repeat(room + 4)}${head}`, ...rows, ...(hidden > 0 ? [rest] : [])].join('\n')
}

/** Names that would not fit lose what they have in common, at whole words; only then are they cut. */
function rowNames(chains: readonly JudgedChain[], room: number, theme: Theme): readonly string[] {
  const labels = chains.map((chain) => cleanLine(chainLabel(chain)))
  const fit = labels.every((label) => columns(label) <= room)
  const shown = fit ? labels : withoutCommon(labels)
  return shown.map((label) => shorten(label, room, theme.ellipsis))
}

function withoutCommon(labels: readonly string[]): readonly string[] {
  const head = commonStart(labels).replace(/[^-_/.: ]*$/, '').length
  const turned = labels.map((label) => [...label.slice(head)].reverse().join(''))
  const tail = commonStart(turned).replace(/[^-_/.: ]*$/, '').length
  return labels.map((label) => label.slice(head, label.length - tail))
}

/** Of one name alone nothing is in common with others. */
function commonStart(texts: readonly string[]): string {
  const [first = '', ...others] = [...new Set(texts)]
  if (others.length === 0) return ''
  let length = 0
  while (length < first.length && others.every((other) => other[length] === first[length])) length += 1
  return first.slice(0, length)
}

function centred(mark: string, width: number): string {
  const left = Math.floor((width - columns(mark)) / 2)
  return pad(' '.repeat(left) + mark, width)
}

/** Failures first; the same fault on many resources is told once. */
export function showFaults(findings: Iterable<Finding>, theme: Theme, width: number): readonly string[] {
  return summarize(findings).faults.map((fault) => problem(fault, theme, width))
}

function problem({ first, others }: SharedFault, theme: Theme, width: number): string {
  const many = others === 0 ? '' : ` and ${others} more`
  const head = `${theme.mark(first.status === 'fail' ? 'bad' : 'warn')} ${first.check}  `
  const room = width - first.check.length - 4 - many.length
  return [
    `${head}${shorten(shortName(first.resource), Math.max(12, room), theme.ellipsis)}${many}`,
    ...wrap(cleanLine(first.impact), width - 2).map((line) => `  ${line}`),
    ...labelled('seen', wrap(cleanLine(first.evidence), width - 8)),
    ...labelled('fix ', fixLines(first.fix, theme, width - 8)),
    // What can be pasted is never broken.
    ...(first.fix.lines ?? []).map((line) => `        ${line}`),
  ].join('\n')
}

/** What can be pasted is never broken. */
function fixLines({ command, summary, verbatim }: Fix, theme: Theme, width: number): readonly string[] {
  const text = cleanButStyled(summary)
  return [
    ...(command === undefined ? [] : [theme.command(cleanButStyled(commandLine(command)))]),
    ...(verbatim ? [text] : wrap(text, width)),
  ]
}

function labelled(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `  ${index === 0 ? label : '    '}  ${line}`)
}

function cleanButStyled(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ')
}

/** The last part of an ARN; people know their topics by name. */
function shortName(resource: string): string {
  const text = cleanLine(resource)
  return text.startsWith('arn:') ? (text.split(/[:/]/).at(-1) ?? text) : text
}

function notChecked(digests: readonly FindingSummary[], theme: Theme, width: number): readonly string[] {
  const byReason = new Map<string, ReadonlySet<string>>()
  for (const [reason, names] of digests.flatMap(({ unchecked }) => [...unchecked])) {
    byReason.set(reason, new Set([...(byReason.get(reason) ?? []), ...names]))
  }
  return [...byReason].map(([reason, names]) =>
    wrap(`${theme.mark('skip')} ${[...names].join(', ')} not checked: ${cleanLine(reason)}`, width - 2).join('\n  '),
  )
}

function countsLine(diagnoses: readonly Diagnosis[]): string {
  const { pass, warn, fail, skip } = totals(diagnoses)
  return `${pass} passed, ${plural(warn, 'warning')}, ${fail} failed, ${skip} not checked`
}

function whatNext(
  diagnoses: readonly Diagnosis[],
  digests: readonly FindingSummary[],
  { sameChain, caller }: FindingsView,
  theme: Theme,
  width: number,
): string {
  const chains = diagnoses.flatMap((one) => one.chains)
  const print = (command: NextCommand, why: string, region?: string) =>
    nextStep(sameChain(command, region), why, theme, width)
  if (digests.some(({ repairable }) => repairable)) return print(FIX_COMMAND, 'shows what it would change, and asks')
  if (chains.length === 0) return print(toolCommand('init'), 'sets a chain up')
  if (chains.some(({ works }) => works !== true)) return ''
  const unproven = 'Not proven: that somebody is paged.'
  const home = diagnoses.find((one) => one.account === caller && one.chains.length > 0)
  if (home === undefined) return unproven
  const region = diagnoses.length > 1 ? home.region : undefined
  return [unproven, print(drillAmong(home.chains), 'a fire drill, asks before it pages', region)].join('\n')
}

/** The drill has an alarm of its own where it was installed; elsewhere one has to be named. */
function drillAmong(chains: readonly JudgedChain[]): NextCommand {
  const alarms = chains.flatMap(({ alarm }) => alarm ?? [])
  const installed = alarms.some(({ description }) => parseMarker(description)?.detection === fireDrill.id)
  return drillOn(installed ? undefined : alarms[0]?.name)
}

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
