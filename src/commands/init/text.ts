/** The report of `init` as text: what was made, what is not proven, what to do next. */

import { siteOf } from '../../aws/site.ts'
import type { Finding } from '../../doctor/check.ts'
import { summarize } from '../../doctor/summary.ts'
import { alarmsConsoleUrl, logGroupConsoleUrl, topicConsoleUrl, trailConsoleUrl } from '../../domain/console.ts'
import type { Note } from '../../domain/note.ts'
import { type Resource, shownEndpoint } from '../../domain/resources.ts'
import type { Mark } from '../../ports.ts'
import { hanging, wrap } from '../../ui/clean.ts'
import { showChain } from '../../ui/render/chain.ts'
import { showError } from '../../ui/render/error.ts'
import { showFaults } from '../../ui/render/findings.ts'
import { type PageLink, showLinks } from '../../ui/render/links.ts'
import { breakCommand, nextSteps } from '../../ui/render/next-commands.ts'
import { showPlan } from '../../ui/render/plan.ts'
import type { Theme } from '../../ui/theme.ts'
import type { Decided } from './decide.ts'
import {
  closingNotes,
  hasDrill,
  type InitResult,
  type InitVerdict,
  nextCommands,
  pendingEffect,
  pendingName,
} from './verdict.ts'

/** The report of `init` for a person. */
export function initText(
  result: InitResult,
  judged: InitVerdict,
  seconds: number,
  theme: Theme,
  width: number,
): string {
  const shownNotes = [
    ...closingNotes(result).flatMap((note) => showNote(note, theme, width)),
    ...leftText(result.decided, width),
  ]
  const body = bodyText(result, judged, seconds, theme, width)
  const faults = showFaults(result.findings ?? [], theme, width)
  const next = nextCommands(result, judged)
  const why = whyNext(result, judged)
  const steps = next.map((command, index) => ({ command, why: index === 0 ? why : undefined }))
  const tail = steps.length === 0 ? [] : ['', ...nextSteps(steps, width, theme)]
  return [
    ...body,
    ...faults.flatMap((fault) => ['', fault]),
    ...(shownNotes.length === 0 ? [] : ['', ...shownNotes]),
    ...pagesText(result, judged, theme, width),
    ...tail,
  ].join('\n')
}

/** A sentence that hangs behind its mark. What can be pasted stands on lines of its own. */
export function showNote({ text, next }: Note, theme: Theme, width: number): readonly string[] {
  const lines = hanging(`${theme.mark('warn')} `, text, width)
  const command = next === undefined ? [] : breakCommand(next, width - 4)
  return [...lines, ...command.map((line) => `    ${theme.command(line)}`)]
}

/** What the first command is for, where its name does not say it. */
function whyNext({ decided }: InitResult, { status }: InitVerdict): string | undefined {
  if ((status !== 'applied' && status !== 'unchanged') || hasDrill(decided)) return undefined
  return 'adds the fire drill, which tests the whole path'
}

/** Where to look at what now stands: in the console of AWS, and in PagerDuty as far as a token let it be seen. */
function pagesText(result: InitResult, judged: InitVerdict, theme: Theme, width: number): readonly string[] {
  if (judged.status !== 'applied' && judged.status !== 'unchanged') return []
  const { decided, options, findings = [] } = result
  const inPagerDuty = [...summarize(findings).services].map((url) => ({ label: 'PagerDuty service', url }))
  // An emulator has no console.
  const pages = [...(options.endpointUrl === undefined ? consolePages(decided) : []), ...inPagerDuty]
  if (pages.length === 0) return []
  const remark = options.sandbox === true ? wrap('The sandbox has no such pages; a real account does.', width - 2) : []
  return ['', ...showLinks('Links', pages, theme, width), ...remark.map((line) => `  ${line}`)]
}

function consolePages({ plan, aws, setup }: Decided): readonly PageLink[] {
  const site = siteOf(aws)
  const kept = plan.flatMap(({ action, resource }) => (action === 'delete' ? [] : [resource]))
  const pages = kept.flatMap((resource): readonly PageLink[] => {
    if (resource.kind === 'trail') return [{ label: 'trail', url: trailConsoleUrl(site, resource.spec.arn) }]
    if (resource.kind === 'log-group') return [{ label: 'log group', url: logGroupConsoleUrl(site, resource.name) }]
    if (resource.kind === 'topic') return [{ label: 'topic', url: topicConsoleUrl(site, resource.spec.arn) }]
    return []
  })
  const alarms = { label: 'alarms', url: alarmsConsoleUrl(site, setup.name) }
  return kept.some(({ kind }) => kind === 'alarm') ? [...pages, alarms] : pages
}

function bodyText(
  result: InitResult,
  judged: InitVerdict,
  seconds: number,
  theme: Theme,
  width: number,
): readonly string[] {
  const { plan } = result.decided
  const shown = showPlan(plan, theme, width, { detailed: result.options.detail === true })
  switch (result.status) {
    case 'unchanged':
      if (judged.error !== undefined) return unpagedText(result, judged, theme, width)
      return [
        ...hanging(`${theme.mark('good')} `, 'No changes. Everything is already set up.', width),
        '',
        chainText(result, judged, theme, width),
        ...lowUrgencyText(result.decided, width),
      ]
    case 'planned':
      return [shown, '', 'Nothing was changed (dry run).']
    case 'blocked':
      return [shown, '', ...errorText(judged, theme, width)]
    case 'applied':
      return outcomeText(result, judged, seconds, theme, width)
  }
}

function outcomeText(
  result: Extract<InitResult, { status: 'applied' }>,
  judged: InitVerdict,
  seconds: number,
  theme: Theme,
  width: number,
): readonly string[] {
  if (judged.status === 'applied') {
    return [
      ...wrap(`Done in ${seconds} s. Alerts now take this path:`, width),
      `  ${chainText(result, judged, theme, width)}`,
      ...lowUrgencyText(result.decided, width),
      ...(result.options.test === true ? [] : wrap('Not verified yet: that someone is paged.', width)),
    ]
  }
  if (judged.error?.code === 'pages-no-one') return unpagedText(result, judged, theme, width)
  if (
    judged.pending.length > 0 &&
    result.outcome.failed === undefined &&
    !result.outcome.interrupted &&
    result.unread === undefined
  ) {
    return pendingText(result, judged, theme, width)
  }
  const { done, created } = result.outcome
  const made = [...new Set([...done, ...created])].map(({ resource }) => `  ${theme.mark('good')} ${named(resource)}`)
  const exists = new Set(created.map(({ resource }) => resource))
  const missing = judged.remaining.map((resource) => {
    const state = exists.has(resource) ? ' (created, not finished)' : ''
    return `  ${theme.mark('skip')} ${named(resource)}${state}`
  })
  return [
    ...errorText(judged, theme, width),
    '',
    made.length === 0 ? 'Nothing was created.' : 'Created so far:',
    ...made,
    ...(missing.length === 0 ? [] : ['Missing:', ...missing]),
    '',
    ...wrap(missing.length === 0 ? UNVERIFIED : INCOMPLETE, width),
  ]
}

const INCOMPLETE = 'An incomplete chain pages no one. The first command completes it, the second removes it.'
const UNVERIFIED = 'Everything was written, but not verified. The first command verifies it, the second removes it.'

function unpagedText(result: InitResult, judged: InitVerdict, theme: Theme, width: number): readonly string[] {
  return [
    ...errorText(judged, theme, width),
    '',
    `  ${chainText(result, judged, theme, width)}`,
    ...lowUrgencyText(result.decided, width),
  ]
}

/** Which of two endpoints is the other one. */
function lowUrgencyText({ plan }: Decided, width: number): readonly string[] {
  return plan.flatMap(({ action, resource }) => {
    if (resource.kind !== 'subscription' || resource.spec.purpose !== 'tickets' || action === 'delete') return []
    return hanging('  ', `Low-urgency detections go to ${shownEndpoint(resource.spec.endpoint)}`, width)
  })
}

function named({ kind, name }: Resource): string {
  return `${kind.replace('-', ' ')} ${name}`
}

function pendingText(result: InitResult, { pending }: InitVerdict, theme: Theme, width: number): readonly string[] {
  const told = (sentence: string) => hanging('  ', sentence, width)
  const hours = 48
  const expires = new Date(result.now() + hours * 3_600_000).toISOString().replace(/:\d\d\.\d+Z$/, 'Z')
  const timeout = result.decided.setup.confirmTimeout
  const unseen = result.status === 'applied' ? result.outcome.unseen : []
  if (unseen.length > 0) {
    return [
      ...hanging(`${theme.mark('warn')} subscription  `, "PagerDuty's confirmation could not be read", width),
      ...pending.map(pendingName).flatMap(told),
      ...unseen.flatMap(told),
      ...told('Everything else is in place. The first command below checks again.'),
    ]
  }
  const causes = [
    'Common causes: the key is wrong or was deleted',
    'the URL is for another integration type',
    'the account is in the EU region but the host is not.',
  ]
  return [
    ...hanging(`${theme.mark('warn')} subscription  `, `PagerDuty has not confirmed after ${timeout} s`, width),
    ...pending.map(pendingName).flatMap(told),
    ...told(`Until it does, ${pendingEffect(result.decided, pending)}.`),
    ...told(causes.join(theme.dot)),
    ...told('Everything else is in place. The first command below asks PagerDuty again.'),
    ...told(`A pending subscription expires after ${hours} hours (${expires}).`),
  ]
}

function errorText({ error }: InitVerdict, theme: Theme, width: number): readonly string[] {
  return error === undefined ? [] : [showError(error, theme, width)]
}

function leftText({ left }: Decided, width: number): readonly string[] {
  if (left.length === 0) return []
  return [
    ...wrap('No longer configured, but kept (remove with --prune):', width),
    ...left.flatMap((resource) => hanging('  ', named(resource), width)),
    ...(left.some(({ kind }) => kind === 'subscription')
      ? hanging('  ', 'A second subscription causes duplicate pages.', width)
      : []),
    ...hanging('  ', 'To delete all of this: the same command with --prune.', width),
  ]
}

function chainText({ decided, findings = [] }: InitResult, judged: InitVerdict, theme: Theme, width: number): string {
  const count = (kind: Resource['kind'], word: string) => {
    const number = decided.plan.filter(({ resource, action }) => resource.kind === kind && action !== 'delete').length
    return number === 1 ? `1 ${word}` : `${number} ${word}s`
  }
  const pending = judged.pending.length > 0
  return showChain(
    [
      { label: 'trail', mark: 'good' },
      { label: 'delivery', mark: 'good' },
      { label: 'log group', mark: 'good' },
      { label: count('metric-filter', 'filter'), mark: 'good' },
      { label: count('alarm', 'alarm'), mark: 'good' },
      { label: 'topic', mark: 'good' },
      { label: 'subscription', mark: pending ? 'bad' : 'good' },
      { label: 'PagerDuty', mark: pagerDutyMark(findings) },
    ],
    theme,
    width,
  )
}

/** Without a look nothing is known; with one, the worst that was found. */
function pagerDutyMark(findings: readonly Finding[]): Mark {
  if (findings.some(({ status }) => status === 'fail')) return 'bad'
  if (findings.some(({ status }) => status === 'warn')) return 'warn'
  const known = findings.some(({ check, status }) => check === 'pagerduty.integration' && status === 'pass')
  return known ? 'good' : 'skip'
}
