/** What a run of `init` comes to: its status, its exit code, what is missing and what to do next. */

import type { ApplyOutcome } from '../../apply/apply.ts'
import { awsError } from '../../aws/failures.ts'
import { fireDrill } from '../../detections/drill.ts'
import { type Finding, isProblem } from '../../doctor/check.ts'
import { DESTINATION_OPTIONS } from '../../domain/destination.ts'
import { isPagerDuty } from '../../domain/endpoint.ts'
import { type Note, type NoteCode, notes } from '../../domain/note.ts'
import { type Resource, shownEndpoint } from '../../domain/resources.ts'
import { valueIfRead } from '../../domain/snapshot.ts'
import { AppError, EXIT, type ExitCode } from '../../errors.ts'
import { commandHint, type NextCommand } from '../../next-command.ts'
import type { InitOptions, OptionName } from '../../options/command-options.ts'
import { drillOn, onSameChain, toolCommand } from '../../options/next-command.ts'
import { type GivenFile, initCommand } from '../../options/setup-command.ts'
import { isOpen, type Plan } from '../../plan/plan.ts'
import { type Decided, unnamedTrail } from './decide.ts'
import type { ReadBack } from './read-back.ts'

interface Base {
  /** Milliseconds, without those of the questions. */
  worked(): number
  /** Milliseconds of the run's clock. */
  now(): number
  readonly decided: Decided
  readonly options: InitOptions
  /** That of the run; undefined where it cannot be read again. */
  readonly file?: GivenFile | undefined
  readonly warnings: readonly string[]
  /** Of PagerDuty's side, where a token let it be seen. */
  readonly findings?: readonly Finding[]
}

export type InitResult = Base &
  (
    | { readonly status: 'unchanged' | 'planned' | 'blocked' }
    /** `after` is undefined when the run was stopped, and when the look afterwards failed: `unread` says why. */
    | {
        readonly status: 'applied'
        readonly outcome: ApplyOutcome
        readonly after: ReadBack | undefined
        readonly unread?: AppError | undefined
        /** What was found out about the patterns meanwhile, a sentence each. */
        readonly uncertainties: readonly string[]
      }
  )

export type InitStatus = 'applied' | 'unchanged' | 'planned' | 'incomplete' | 'blocked'

/** What a result means. */
export interface InitVerdict {
  readonly status: InitStatus
  readonly exit: ExitCode
  readonly error: AppError | undefined
  readonly remaining: readonly Resource[]
  readonly pending: readonly Resource<'subscription'>[]
}

/** The verdict on a result: applied only when nothing is missing, pending or unseen. */
export function judge(result: InitResult): InitVerdict {
  const nothing = { error: undefined, remaining: [], pending: [] }
  switch (result.status) {
    case 'unchanged':
      return unpaged(result) ?? { ...nothing, status: 'unchanged', exit: EXIT.done }
    case 'planned':
      return { ...nothing, status: 'planned', exit: result.options.exitCode === true ? EXIT.pending : EXIT.done }
    case 'blocked':
      return { ...nothing, status: 'blocked', exit: EXIT.failed, error: blockedError(result.decided.plan) }
    case 'applied':
      return judgeOutcome(result)
  }
}

function judgeOutcome(result: Extract<InitResult, { status: 'applied' }>): InitVerdict {
  const { outcome, after, unread, options } = result
  const { plan } = result.decided
  const pending = wantedSubscriptions(plan).filter(({ spec }) => outcome.pending.includes(spec.purpose))
  const missing = (after?.plan ?? []).filter(isOpen).map(({ resource }) => resource)
  if (outcome.interrupted) {
    const error = new AppError('interrupted', 'the run was stopped between two changes', {
      exit: EXIT.interrupted,
      hint: commandHint(resume(result)),
    })
    return { status: 'incomplete', exit: EXIT.interrupted, error, remaining: rest(outcome), pending }
  }
  if (outcome.failed !== undefined) {
    const error = awsError(outcome.failed.error).placed((next) => onSameChain(next, { ...options }))
    return { status: 'incomplete', exit: EXIT.failed, error, remaining: rest(outcome), pending }
  }
  if (unread?.code === 'interrupted') {
    const text = 'the run was stopped after the last change, before the changes were verified'
    const error = new AppError('interrupted', text, { exit: EXIT.interrupted, hint: commandHint(resume(result)) })
    return { status: 'incomplete', exit: EXIT.interrupted, error, remaining: pending, pending }
  }
  if (unread !== undefined) {
    const text = `written, but not verified: ${unread.message}`
    const error = new AppError('not-verified', text, { exit: EXIT.unverified, ...optionalHint(unread), cause: unread })
    return { status: 'incomplete', exit: EXIT.unverified, error, remaining: pending, pending }
  }
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ')
    const error = new AppError('not-verified', `written, but not found afterwards: ${names}`, {
      hint: commandHint(resume(result)),
    })
    return { status: 'incomplete', exit: EXIT.unverified, error, remaining: missing, pending }
  }
  if (pending.length > 0)
    return {
      status: 'incomplete',
      exit: EXIT.unverified,
      error: pendingError(result, pending, outcome.unseen),
      remaining: pending,
      pending,
    }
  return unpaged(result) ?? { status: 'applied', exit: EXIT.done, error: undefined, remaining: [], pending: [] }
}

/** What a token let be seen: a chain in place that pages no one is not done. */
function unpaged({ status, findings = [] }: InitResult): InitVerdict | undefined {
  const failed = findings.filter(isProblem).filter((finding) => finding.status === 'fail')
  if (failed.length === 0) return undefined
  const titles = failed.map(({ title, evidence }) => `${title} (${evidence})`)
  const fixes = new Set(failed.map(({ fix }) => fix.summary))
  const error = new AppError('pages-no-one', `everything is set up, but no one is paged: ${titles.join('; ')}`, {
    exit: EXIT.unverified,
    hint: [...fixes].join('; '),
  })
  const reached = status === 'unchanged' ? 'unchanged' : 'incomplete'
  return { status: reached, exit: EXIT.unverified, error, remaining: [], pending: [] }
}

function optionalHint({ hint }: AppError): { readonly hint?: string } {
  return hint === undefined ? {} : { hint }
}

function rest(outcome: ApplyOutcome): readonly Resource[] {
  const failed = outcome.failed === undefined ? [] : [outcome.failed.change]
  return [...failed, ...outcome.remaining].map(({ resource }) => resource)
}

function resume({ options, file }: Pick<InitResult, 'options' | 'file'>): NextCommand {
  const command = initCommand(options, file)
  return { ...command, flags: [...command.flags, ['--yes']] }
}

function blockedError(plan: Plan): AppError {
  const refused = plan.flatMap((change) => (change.action === 'blocked' ? [change] : []))
  // One reason may refuse many: it is told once.
  const alike = new Map<string, (typeof refused)[number][]>()
  for (const one of refused) {
    const key = `${one.resource.kind} ${one.why}`
    alike.set(key, [...(alike.get(key) ?? []), one])
  }
  const reasons = [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const more = others.length === 0 ? '' : ` and ${others.length} more`
    return [`${first.resource.kind} ${first.resource.name}${more}: ${first.why}`]
  })
  const hints = new Set(refused.map(({ hint = UNKNOWN_REMEDY }) => hint))
  return new AppError('blocked', `nothing was changed, because ${reasons.join('; ')}`, { hint: [...hints].join('; ') })
}

const UNKNOWN_REMEDY =
  'use other names with --name, name the resource with its own option, or get the missing permission'

function wantedSubscriptions(plan: Plan): readonly Resource<'subscription'>[] {
  return plan.flatMap(({ action, resource }) =>
    resource.kind === 'subscription' && action !== 'delete' ? [resource] : [],
  )
}

/** Host and last four, and where there are two, whether it is the low-urgency one. */
export function pendingName({ spec }: Resource<'subscription'>): string {
  return `${shownEndpoint(spec.endpoint)}${spec.purpose === 'tickets' ? ' (low-urgency detections)' : ''}`
}

/** Who is not paged while these are pending; what their topics are subscribed to besides still pages. */
export function pendingEffect({ plan, snapshot }: Decided, pending: InitVerdict['pending']): string {
  const dark = pending.filter(({ spec }) => {
    const present = valueIfRead(snapshot.subscriptions.get(spec.topicArn)) ?? []
    return !present.some(({ confirmed, endpoint }) => confirmed === true && isPagerDuty(endpoint))
  })
  if (dark.length === 0) return 'alarms page through the earlier subscription alone'
  if (dark.length === wantedSubscriptions(plan).length) return 'no one is paged'
  const isLow = dark.some(({ spec }) => spec.purpose === 'tickets')
  return isLow ? 'low-urgency detections page no one' : 'only low-urgency detections page'
}

function pendingError(result: InitResult, pending: InitVerdict['pending'], unseen: readonly string[]): AppError {
  const text =
    unseen.length === 0
      ? `PagerDuty has not confirmed ${pending.map(pendingName).join(' and ')}: until it does, ${pendingEffect(result.decided, pending)}`
      : `whether PagerDuty has confirmed the subscription could not be read: ${unseen.join('; ')}`
  return new AppError('subscription-pending', text, {
    exit: EXIT.unverified,
    hint: commandHint(resume(result)),
  })
}

/**
 * A drill on the chain's own alarm for it. Where that is not installed it comes first: a drill on another alarm would
 * tell whoever is paged that something happened which did not.
 */
function drillOf(result: InitResult): NextCommand {
  const { decided, options } = result
  return hasDrill(decided) ? onSameChain(drillOn(undefined), { ...options }) : withDrill(result)
}

export function hasDrill({ setup }: Decided): boolean {
  return setup.detections.some(({ id }) => id === fireDrill.id)
}

/** The same answers and the drill's detection; the endpoint that is subscribed by now is kept without its key. */
function withDrill({ options, file }: InitResult): NextCommand {
  return initCommand({ ...options, drill: true }, file, SUBSCRIBED)
}

/** What led to the endpoint, and is not needed to keep it. */
const SUBSCRIBED: readonly OptionName[] = [
  ...DESTINATION_OPTIONS,
  'route',
  'serviceRegion',
  'createIntegration',
  'escalationPolicy',
]

/** Commands that can be pasted, the next step first. */
export function nextCommands(result: InitResult, judged: InitVerdict): readonly NextCommand[] {
  const { decided, options } = result
  switch (judged.status) {
    case 'applied':
    case 'unchanged':
      return [...(options.test === true ? [] : [drillOf(result)]), onSameChain(toolCommand('doctor'), { ...options })]
    case 'planned':
      return [resume({ ...result, options: { ...options, trail: options.trail ?? unnamedTrail(decided) } })]
    case 'incomplete':
      if (judged.error?.code === 'pages-no-one') return [onSameChain(toolCommand('doctor'), { ...options })]
      return [resume(result), onSameChain(toolCommand('destroy'), { ...options })]
    case 'blocked':
      return []
  }
}

/** Warnings first; a route that PagerDuty has shown needs no doubt any more. */
export function notesOf(result: InitResult): readonly Note[] {
  const { decided, warnings, findings = [] } = result
  const shows = findings.filter(({ check, status }) => check === 'pagerduty.orchestration-route' && status === 'pass')
  const isRouted = (topic = '') => shows.some(({ resource }) => resource.startsWith(`${topic}:`))
  const shown = decided.notes.filter(({ code, topic }) => code !== 'route-unproven' || !isRouted(topic))
  return [...notes('warning', [...warnings, ...uncertaintiesOf(result)]), ...shown]
}

/** What is left for a person to do; the rest was read before the plan was approved, and is done. */
const TO_DO: readonly NoteCode[] = [
  'route-unproven',
  'resolve-unproven',
  'ruleset-end-of-life',
  'page-title',
  'pagerduty',
  'fallback-email',
]

/** The notes at the end of a run: all of them where no plan was shown before, else what is new and what is left to do. */
export function closingNotes(result: InitResult): readonly Note[] {
  if (result.status !== 'applied') return notesOf(result)
  const left = notesOf(result).filter(({ code }) => TO_DO.includes(code))
  return [...notes('warning', uncertaintiesOf(result)), ...left]
}

function uncertaintiesOf(result: InitResult): readonly string[] {
  return result.status === 'applied' ? result.uncertainties : []
}
