/** A diagnosis for a person: the matrix of chains, four lines for each problem, and what was not checked. */

import { counted } from '../../counted.ts'
import { accountCoverage } from '../../doctor/account-coverage.ts'
import { type Finding, type Fix, linesOf } from '../../doctor/check.ts'
import { checkPage } from '../../doctor/check-page.ts'
import type { Diagnosis } from '../../doctor/diagnose.ts'
import { type NextStepView, nextStepOf } from '../../doctor/next-step.ts'
import { isTelling, placeName, totals } from '../../doctor/report.ts'
import { type FindingSummary, type SharedFault, summarize } from '../../doctor/summary.ts'
import { type NextCommand, neededText } from '../../next-command.ts'
import { cleanLine, hanging, shorten, wrap } from '../clean.ts'
import { columns } from '../columns.ts'
import type { Theme } from '../theme.ts'
import { showAccountCoverage } from './account-coverage.ts'
import { showMatrix } from './matrix.ts'
import { breakCommand, nextStep } from './next-commands.ts'

export interface FindingsView extends NextStepView {
  readonly seconds: number
  /** Whether the accounts of the organization were examined. */
  readonly accounts?: boolean
}

/**
 * ```
 * 3 chains, 1 without a resolve, 1 warning · account 123456789012 · us-east-1 · 3.2 s
 *
 *                       trail deliv logs filt alarm topic subs PD OK
 *   ConsoleNoMFA (CIS)    ✔     ✔    ✔    ✔     !     ✔    ✔   ◌  ✖
 *
 * ✖ alarm.ok-action  CIS-ConsoleNoMFA
 *   The incident never resolves, and the next event joins it and pages no one.
 *   seen  AlarmActions has 1 topic, OKActions is empty
 *   fix   npx cloudtrail-pd doctor --fix   adds the topic, keeps every other field
 * ```
 */
export function showFindings(diagnoses: readonly Diagnosis[], theme: Theme, width: number, view: FindingsView): string {
  const digests = diagnoses.map(({ findings }) => summarize(findings))
  const blocks = diagnoses.flatMap((one, index) =>
    index === 0 || isTelling(one)
      ? [
          theme.heading(headline(one, theme, width, view)),
          ...(one.chains.length === 0 ? [] : [showMatrix(one.chains, theme, width)]),
          ...(digests[index]?.faults ?? []).map((fault) => problem(fault, theme, width)),
        ]
      : [],
  )
  return [
    ...blocks,
    ...(view.accounts ? [showAccountCoverage(accountCoverage(diagnoses), theme, width)] : []),
    [
      ...noChain(diagnoses, width),
      ...notChecked(digests, theme, width),
      ...serviceLines(digests, theme, width),
      ...wrap(countsLine(diagnoses), width),
    ].join('\n'),
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
  return hanging('  ', `No chain in ${names.join(', ')}`, width)
}

function headline(
  { chains, summary, account, region, unread }: Diagnosis,
  theme: Theme,
  width: number,
  { seconds }: FindingsView,
): string {
  const broken = chains.filter(({ works }) => works === false).length
  const unknown = chains.filter(({ works }) => works === null).length
  const unresolved = chains.filter(({ works, resolves }) => works === true && resolves === false).length
  const parts = [
    chains.length > 0
      ? counted(chains.length, 'chain')
      : unread === undefined
        ? 'No chain found'
        : 'Unknown whether there is a chain',
    ...(broken > 0 ? [`${broken} broken`] : []),
    ...(unknown > 0 ? [`${unknown} unclear`] : []),
    ...(unresolved > 0 ? [`${unresolved} without a resolve`] : []),
    ...(summary.warn > 0 ? [counted(summary.warn, 'warning')] : []),
  ]
  const place = [`account ${account}`, region, `${seconds.toFixed(1)} s`].join(theme.dot)
  const line = [parts.join(', '), place].join(theme.dot)
  return columns(line) <= width ? line : [...wrap(parts.join(', '), width), ...wrap(place, width)].join('\n')
}

/** Failures first; the same fault on many resources is told once. */
export function showFaults(findings: Iterable<Finding>, theme: Theme, width: number): readonly string[] {
  return summarize(findings).faults.map((fault) => problem(fault, theme, width))
}

/** A link to where the check is explained, for a terminal that opens links. */
function linked(check: string, theme: Theme): string {
  const page = checkPage(check)
  return page === undefined ? check : theme.link(check, page)
}

function problem({ first, others }: SharedFault, theme: Theme, width: number): string {
  const many = others === 0 ? '' : ` and ${others} more`
  const head = `${theme.mark(first.status === 'fail' ? 'bad' : 'warn')} ${linked(first.check, theme)}`
  const name = first.name === undefined ? shortName(first.resource) : cleanLine(first.name)
  const room = width - columns(head) - 2 - columns(many)
  // Where there is little room beside the check, the name has a line of its own.
  const below = columns(name) > room && room < NAME_WIDTH
  return [
    ...(below
      ? [head, `  ${shorten(name, width - 2 - columns(many), theme.ellipsis)}${many}`]
      : [`${head}  ${shorten(name, room, theme.ellipsis)}${many}`]),
    ...wrap(cleanLine(first.impact), width - 2).map((line) => `  ${line}`),
    ...labelled('seen', wrap(cleanLine(first.evidence), width - 8)),
    ...labelled('fix ', fixLines(first.fix, theme, width - 8)),
    // What can be pasted is never broken.
    ...linesOf(first.fix).map((line) => `        ${cleanButStyled(line)}`),
    ...labelled('look', pasted(first.fix.look, theme, width - 8)),
  ].join('\n')
}

/** Columns of a name that can still be told from others. */
const NAME_WIDTH = 24

function fixLines({ command, summary, verbatim }: Fix, theme: Theme, width: number): readonly string[] {
  const text = cleanButStyled(summary)
  return [...pasted(command, theme, width), ...(verbatim ? [text] : wrap(text, width))]
}

/** Broken so that it can be pasted as it stands. */
function pasted(command: NextCommand | undefined, theme: Theme, width: number): readonly string[] {
  if (command === undefined) return []
  const needed = neededText(command)
  const lines = breakCommand(command, width).map((line) =>
    line.replace(/\S.*/, (text) => theme.command(cleanButStyled(text))),
  )
  return [...lines, ...(needed === undefined ? [] : [`(${needed})`])]
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

export function notChecked(digests: readonly FindingSummary[], theme: Theme, width: number): readonly string[] {
  const byReason = new Map<string, ReadonlySet<string>>()
  for (const [reason, names] of digests.flatMap(({ unchecked }) => [...unchecked])) {
    byReason.set(reason, new Set([...(byReason.get(reason) ?? []), ...names]))
  }
  return [...byReason].map(([reason, names]) =>
    hanging(`${theme.mark('skip')} `, `${[...names].join(', ')} not checked: ${cleanLine(reason)}`, width).join('\n'),
  )
}

/** Where the incidents are; what can be opened is never broken. */
function serviceLines(digests: readonly FindingSummary[], theme: Theme, width: number): readonly string[] {
  const urls = [...new Set(digests.flatMap(({ services }) => [...services]))]
  return urls.flatMap((url) => hanging('PagerDuty service: ', theme.link(cleanLine(url), cleanLine(url)), width))
}

function countsLine(diagnoses: readonly Diagnosis[]): string {
  const { pass, warn, fail, skip } = totals(diagnoses)
  return `${pass} passed, ${counted(warn, 'warning')}, ${fail} failed, ${skip} not checked`
}

function whatNext(
  diagnoses: readonly Diagnosis[],
  digests: readonly FindingSummary[],
  view: FindingsView,
  theme: Theme,
  width: number,
): string {
  const step = nextStepOf(diagnoses, digests, view)
  const offered = step?.offered
  return [
    ...(step?.unproven ? wrap('Not verified: that someone is paged.', width) : []),
    ...(offered === undefined ? [] : [nextStep(offered.command, offered.why, theme, width)]),
  ].join('\n')
}
