/** What `init` did and what it means: the report as JSON and as text. */

import { awsError } from '../aws/failures.ts'
import { LINK_OF, type Resource, shownEndpoint } from '../chain/link.ts'
import type { Change, Plan } from '../chain/plan.ts'
import { UNPROVEN_ROUTE } from '../chain/route.ts'
import type { Secret } from '../chain/secret.ts'
import type { Finding } from '../doctor/check.ts'
import { findingJson } from '../doctor/document.ts'
import { AppError, EXIT, type ExitCode } from '../errors.ts'
import type { Outcome } from '../links/apply.ts'
import { commandOnSameChain, equivalentCommand } from '../options/equivalent-command.ts'
import type { InitOptions } from '../options/options.ts'
import type { Mark } from '../ports.ts'
import { wrap } from '../terminal/clean.ts'
import { showChain } from '../terminal/show-chain.ts'
import { showError } from '../terminal/show-error.ts'
import { showFaults } from '../terminal/show-findings.ts'
import { showPlan } from '../terminal/show-plan.ts'
import type { Theme } from '../terminal/theme.ts'
import type { Decided } from './init-plan.ts'
import type { Report } from './report.ts'

interface Base {
  /** Milliseconds of the run's clock. */
  readonly started: number
  now(): number
  readonly decided: Decided
  readonly options: InitOptions
  readonly warnings: readonly string[]
  /** Of PagerDuty's side, where a token let it be seen. */
  readonly findings?: readonly Finding[]
}

export type InitResult = Base &
  (
    | { readonly status: 'unchanged' | 'planned' | 'blocked' }
    /** `after` is the plan of a second look; undefined when the run was stopped. */
    | { readonly status: 'applied'; readonly outcome: Outcome; readonly after: Plan | undefined }
  )

type Status = 'applied' | 'unchanged' | 'planned' | 'incomplete' | 'blocked'

interface Judged {
  readonly status: Status
  readonly exit: ExitCode
  readonly error: AppError | undefined
  readonly remaining: readonly Resource[]
  readonly pending: readonly Resource<'subscription'>[]
}

export function initReport(result: InitResult): Report {
  const judged = judge(result)
  const seconds = Math.round((result.now() - result.started) / 1000)
  return {
    exit: judged.exit,
    json: initJson(result, judged),
    text: (theme, width) => initText(result, judged, seconds, theme, width),
  }
}

function judge(result: InitResult): Judged {
  const nothing = { error: undefined, remaining: [], pending: [] }
  switch (result.status) {
    case 'unchanged':
      return { ...nothing, status: 'unchanged', exit: EXIT.done }
    case 'planned':
      return { ...nothing, status: 'planned', exit: result.options.exitCode === true ? EXIT.pending : EXIT.done }
    case 'blocked':
      return { ...nothing, status: 'blocked', exit: EXIT.failed, error: blockedError(result.decided.plan) }
    case 'applied':
      return judgeOutcome(result.decided.plan, result.outcome, result.after, result.options)
  }
}

function judgeOutcome(plan: Plan, outcome: Outcome, after: Plan | undefined, options: InitOptions): Judged {
  const pending = plan.flatMap(({ resource }) =>
    resource.kind === 'subscription' && outcome.pending.includes(resource.spec.purpose) ? [resource] : [],
  )
  const missing = (after ?? [])
    .filter(({ action, resource }) => action !== 'none' && resource.kind !== 'subscription')
    .map(({ resource }) => resource)
  if (outcome.interrupted) {
    const error = new AppError('interrupted', 'the run was stopped between two changes', {
      exit: EXIT.interrupted,
      hint: resume(options),
    })
    return { status: 'incomplete', exit: EXIT.interrupted, error, remaining: rest(outcome), pending }
  }
  if (outcome.failed !== undefined) {
    const error = awsError(outcome.failed.error)
    return { status: 'incomplete', exit: EXIT.failed, error, remaining: rest(outcome), pending }
  }
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ')
    const error = new AppError('not-verified', `written, but not seen when read again: ${names}`, {
      hint: resume(options),
    })
    return { status: 'incomplete', exit: EXIT.unverified, error, remaining: missing, pending }
  }
  if (pending.length > 0)
    return { status: 'incomplete', exit: EXIT.unverified, error: pendingError(options), remaining: pending, pending }
  return { status: 'applied', exit: EXIT.done, error: undefined, remaining: [], pending: [] }
}

function rest(outcome: Outcome): readonly Resource[] {
  const failed = outcome.failed === undefined ? [] : [outcome.failed.change]
  return [...failed, ...outcome.remaining].map(({ resource }) => resource)
}

function resume(options: InitOptions): string {
  return `${equivalentCommand(options)} --yes`
}

function blockedError(plan: Plan): AppError {
  const reasons = plan.flatMap((change) =>
    change.action === 'blocked' ? [`${change.resource.kind} ${change.resource.name}: ${change.why}`] : [],
  )
  return new AppError('blocked', `nothing was changed, because ${reasons.join('; ')}`, {
    hint: 'choose other names with --name, name the resource by its own flag, or get the missing permission',
  })
}

function pendingError(options: InitOptions): AppError {
  return new AppError('subscription-pending', 'PagerDuty has not confirmed the subscription, so nobody is paged yet', {
    exit: EXIT.unverified,
    hint: resume(options),
  })
}

function initJson(result: InitResult, judged: Judged): object {
  const { decided, options } = result
  const produced = result.status === 'applied' ? result.outcome.produced : undefined
  const subscriptions = decided.plan.flatMap((change) => subscriptionJson(change, judged, produced))
  const created = result.status === 'applied' ? result.outcome.done.filter(({ action }) => action === 'create') : []
  return {
    status: judged.status,
    account: decided.aws.identity.account,
    region: decided.aws.region,
    changes: decided.plan.map(changeJson),
    subscription: subscriptions.find(({ purpose }) => purpose === 'pages') ?? null,
    subscriptions,
    created: created.map(({ resource }) => identifier(resource)),
    remaining: judged.remaining.map(identifier),
    kept: decided.left.map(identifier),
    findings: (result.findings ?? []).map(findingJson),
    notes: [...result.warnings, ...notesOf(result)],
    next: nextCommands(judged, options),
    ...(judged.error === undefined
      ? {}
      : { error: { code: judged.error.code, message: judged.error.message, hint: judged.error.hint ?? null } }),
  }
}

function subscriptionJson({ action, resource }: Change, judged: Judged, produced: Secret | undefined) {
  if (resource.kind !== 'subscription' || action === 'delete') return []
  const status =
    judged.status === 'planned' || judged.status === 'blocked'
      ? action === 'none'
        ? 'confirmed'
        : 'planned'
      : judged.remaining.includes(resource)
        ? 'pending'
        : 'confirmed'
  const known = resource.spec.endpoint === 'from-pagerduty' ? produced : resource.spec.endpoint
  return [{ arn: null, status, endpoint: shownEndpoint(known ?? 'from-pagerduty'), purpose: resource.spec.purpose }]
}

function changeJson(change: Change): object {
  const details =
    change.action === 'update'
      ? change.fields.map(({ field, from, to }) => `${field}: ${from} → ${to}`)
      : change.action === 'blocked' || change.action === 'delete'
        ? [change.why]
        : []
  return { link: LINK_OF[change.resource.kind], action: change.action, resource: identifier(change.resource), details }
}

function identifier(resource: Resource): string {
  return resource.kind === 'topic' || resource.kind === 'trail' ? resource.spec.arn : resource.name
}

function nextCommands(judged: Judged, options: InitOptions): readonly string[] {
  switch (judged.status) {
    case 'applied':
    case 'unchanged':
      return [commandOnSameChain('doctor', options)]
    case 'planned':
      return [resume(options)]
    case 'incomplete':
      return [resume(options), commandOnSameChain('destroy', options)]
    case 'blocked':
      return []
  }
}

function initText(result: InitResult, judged: Judged, seconds: number, theme: Theme, width: number): string {
  const notes = [
    ...[...result.warnings, ...notesOf(result)].flatMap((note) => showNote(note, theme, width)),
    ...leftText(result.decided),
  ]
  const body = bodyText(result, judged, seconds, theme, width)
  const faults = showFaults(result.findings ?? [], theme, width)
  const next = nextCommands(judged, result.options)
  const tail = next.length === 0 ? [] : ['', `Next   ${next.join('\n       ')}`]
  return [
    ...body,
    ...faults.flatMap((fault) => ['', fault]),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    ...tail,
  ].join('\n')
}

/** A route that PagerDuty has shown needs no doubt any more. */
function notesOf({ decided, findings = [] }: InitResult): readonly string[] {
  const routed = findings.some(({ check, status }) => check === 'pagerduty.orchestration-route' && status === 'pass')
  return routed ? decided.notes.filter((note) => !note.startsWith(UNPROVEN_ROUTE)) : decided.notes
}

/** A sentence that hangs behind its mark. What can be pasted stands on a line of its own, unbroken. */
export function showNote(text: string, theme: Theme, width: number): readonly string[] {
  const [, sentence = text, command] = /^(.*?:) (aws .*)$/.exec(text) ?? []
  const lines = wrap(sentence, width - 2).map((line, index) => `${index === 0 ? theme.mark('warn') : ' '} ${line}`)
  return command === undefined ? lines : [...lines, `    ${theme.command(command)}`]
}

function bodyText(result: InitResult, judged: Judged, seconds: number, theme: Theme, width: number): readonly string[] {
  const { plan } = result.decided
  const shown = showPlan(plan, theme, width)
  switch (result.status) {
    case 'unchanged':
      return [`${theme.mark('good')} Unchanged: the chain is as wished.`, '', chainText(result, judged, theme, width)]
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
  judged: Judged,
  seconds: number,
  theme: Theme,
  width: number,
): readonly string[] {
  if (judged.status === 'applied') {
    return [
      `Done in ${seconds} s. A page now takes this way:`,
      `  ${chainText(result, judged, theme, width)}`,
      'Not proven yet: that somebody is paged.',
    ]
  }
  if (judged.pending.length > 0 && result.outcome.failed === undefined && !result.outcome.interrupted) {
    return pendingText(result, theme)
  }
  const done = result.outcome.done.map(
    ({ resource }) => `  ${theme.mark('good')} ${resource.kind.replace('-', ' ')} ${resource.name}`,
  )
  const missing = judged.remaining.map(
    (resource) => `  ${theme.mark('skip')} ${resource.kind.replace('-', ' ')} ${resource.name}`,
  )
  return [
    ...errorText(judged, theme, width),
    '',
    done.length === 0 ? 'Nothing was made.' : 'Made so far:',
    ...done,
    'Missing:',
    ...missing,
    '',
    'Half a chain pages nobody. The first command finishes it, the second removes it.',
  ]
}

function pendingText(result: InitResult, theme: Theme): readonly string[] {
  const hours = 48
  const expires = new Date(result.now() + hours * 3_600_000).toISOString().replace(/:\d\d\.\d+Z$/, 'Z')
  const timeout = result.decided.setup.confirmTimeout
  return [
    `${theme.mark('warn')} subscription  PagerDuty has not confirmed after ${timeout} s`,
    '  Until it does, nobody is paged.',
    '  Usual causes: the key is wrong or was deleted · the URL is of another',
    '  integration type · the account is in the EU region and the host is not.',
    '  Everything else is in place. The first command below asks PagerDuty again.',
    `  A pending subscription expires after ${hours} hours (${expires}).`,
  ]
}

function errorText({ error }: Judged, theme: Theme, width: number): readonly string[] {
  return error === undefined ? [] : [showError(error, theme, width)]
}

function leftText({ left }: Decided): readonly string[] {
  if (left.length === 0) return []
  return [
    'Kept, though the setup no longer names it:',
    ...left.map((resource) => `  ${resource.kind.replace('-', ' ')} ${resource.name}`),
    ...(left.some(({ kind }) => kind === 'subscription') ? ['  A second subscription pages twice.'] : []),
    '  To delete all of this: the same command with --prune.',
  ]
}

function chainText({ decided, findings = [] }: InitResult, judged: Judged, theme: Theme, width: number): string {
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
