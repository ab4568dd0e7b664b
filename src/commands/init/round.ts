/** One round of `init`: from answers to a plan, and to what it made where it is approved. */

import type { ApplyOutcome } from '../../apply/apply.ts'
import { awsError } from '../../aws/failures.ts'
import { verifyPatterns } from '../../aws/readers/pattern-verification.ts'
import type { PagerDutyContext } from '../../aws/resources/handler.ts'
import type { Aws } from '../../aws/session.ts'
import { siteOf } from '../../aws/site.ts'
import type { CommandContext } from '../../context.ts'
import { counted } from '../../counted.ts'
import type { Finding } from '../../doctor/check.ts'
import { type Note, notes, noteText } from '../../domain/note.ts'
import type { Address } from '../../domain/resources.ts'
import type { TrailSnapshot } from '../../domain/snapshot.ts'
import { AppError, EXIT, failed, fileNotWritten, usage } from '../../errors.ts'
import type { InitOptions } from '../../options/command-options.ts'
import { setupOf } from '../../options/setup.ts'
import type { GivenFile } from '../../options/setup-command.ts'
import { replaceIfAgreed, saveSetupFile } from '../../options/setup-file.ts'
import { disagreements, probesOf } from '../../plan/pattern-verification.ts'
import { block, blocked, type Change, type Obstacle, type Plan, settled } from '../../plan/plan.ts'
import { resolveText } from '../../plan/resolving.ts'
import { pagerDutyDestination } from '../../plan/setup.ts'
import { whyThisTrail } from '../../plan/trail-choice.ts'
import { showPlan } from '../../ui/render/plan.ts'
import { askToken } from '../../wizard/pagerduty.ts'
import type { Edit, Review } from '../../wizard/review.ts'
import { tellSaved } from '../../wizard/save.ts'
import { carryOut } from '../carry-out.ts'
import type { PagerDutySession } from '../pagerduty-session.ts'
import type { Report } from '../report.ts'
import { type Decided, decide, unnamedTrail } from './decide.ts'
import { doublePageNotes } from './double-pages.ts'
import { pagerDutyFindings } from './findings.ts'
import { heartbeatNotes } from './heartbeat.ts'
import { initJson } from './json.ts'
import { createdUnseen, type ReadBack, readBack } from './read-back.ts'
import { initText, showNote } from './text.ts'
import { type InitResult, judge } from './verdict.ts'

/** What every round of answers works with. */
export interface InitContext {
  readonly session: Aws
  readonly trails: readonly TrailSnapshot[]
  readonly pagerduty: PagerDutySession
  readonly file: GivenFile | undefined
  /** Milliseconds, without those of the questions. */
  worked(): number
  /** What the round before this one has shown. */
  readonly shown?: ShownPlan
}

/** What becomes of a plan that was shown. */
export type Approve = (shown: ShownPlan) => Promise<Review>

interface Finished {
  readonly report: Report
  /** What stands in the way, where nothing could be planned. */
  readonly blocked?: AppError | undefined
}

/** From answers to a plan, and to what it made where a person approves it; they may change an answer instead. */
export async function round(
  answered: InitOptions,
  initContext: InitContext,
  context: CommandContext,
  approve: Approve,
): Promise<Finished | { readonly edit: Edit }> {
  const planned = await planRound(answered, initContext, context, true)
  if ('report' in planned) return planned
  const review = await approve(planned.shown)
  if (review.action === 'edit') return { edit: review }
  if (review.action === 'decline') throw declined()
  return makeReported(planned, initContext, context)
}

/** The same where no one is asked: what needs a person's consent has to be named (exit 2). */
export async function unattendedRound(
  answered: InitOptions,
  initContext: InitContext,
  context: CommandContext,
): Promise<Finished> {
  const planned = await planRound(answered, initContext, context, false)
  if ('report' in planned) return planned
  requireConsent(planned.base.decided)
  showing(planned.shown, context, undefined)(answered.detail === true)
  return makeReported(planned, initContext, context)
}

/** A plan with changes that can be made. */
interface PlannedRound {
  readonly base: Omit<InitResult, 'status'>
  readonly shown: ShownPlan
  readonly pagerDutyContext: PagerDutyContext | undefined
}

async function planRound(
  answered: InitOptions,
  { session, trails, pagerduty, worked, file }: InitContext,
  context: CommandContext,
  asks: boolean,
): Promise<Finished | PlannedRound> {
  const { setup, warnings } = setupOf(answered)
  const pagerDutyContext =
    pagerDutyDestination(setup) === undefined ? undefined : await pagerDutyContextOf(asks, pagerduty, context)
  const choices = { prune: answered.prune === true, asks, pagerduty: pagerDutyContext }
  const settling = await settleUnknowns(await decide(setup, session, trails, choices), context)
  const doublePages = await doublePageNotes(settling, context.clock.now())
  const silences = await heartbeatNotes(settling, context.clock.now())
  const decided = { ...settling, notes: [...settling.notes, ...doublePages, ...silences] }
  introduce(decided, asks, context)
  const base = { worked, decided, options: answered, file, warnings, now: () => context.clock.now().getTime() }
  if (answered.save !== undefined) await save(answered.save, answered, context)
  if (answered.markdown !== undefined) await writeMarkdown(answered.markdown, decided, warnings, context)
  if (blocked(decided.plan)) {
    const result: InitResult = { ...base, status: 'blocked' }
    return { report: initReport(result), blocked: judge(result).error }
  }
  const paged = decided.snapshot.pagerduty?.paged
  if (paged !== undefined) context.progress.note(`pages go to ${paged}`)
  if (settled(decided.plan)) {
    const findings = await pagerDutyFindings(decided, pagerduty, context)
    return { report: initReport({ ...base, status: 'unchanged', findings }) }
  }
  if (answered.dryRun === true) return { report: initReport({ ...base, status: 'planned' }) }
  const shown = { plan: decided.plan, notes: [...notes('warning', warnings), ...decided.notes] }
  return { base, shown, pagerDutyContext }
}

async function makeReported(
  { base, pagerDutyContext }: PlannedRound,
  { pagerduty }: InitContext,
  context: CommandContext,
): Promise<Finished> {
  const { decided } = base
  const { outcome, after, unread, uncertainties } = await make(decided, context, pagerDutyContext)
  const paging = after === undefined ? { findings: [] } : await pagingSeen(decided, pagerduty, context)
  return {
    report: initReport({
      ...base,
      uncertainties,
      status: 'applied',
      outcome,
      after,
      unread: unread ?? paging.unread,
      findings: paging.findings,
    }),
  }
}

/** What the answers do not show: where everything is made, why this trail was taken, and when incidents resolve. */
function introduce({ notes, choice, setup }: Decided, asks: boolean, { progress }: CommandContext): void {
  for (const { code, text } of notes) if (code === 'home-region') progress.note(text)
  const why = setup.trail.how === 'best' ? whyThisTrail(choice) : undefined
  if (why !== undefined) progress.note(why)
  if (!asks) progress.note(resolveText(setup))
}

/** A person may decide to use what cannot be judged; what they refuse is blocked. Without one it is blocked already. */
async function settleUnknowns(decided: Decided, { prompter }: CommandContext): Promise<Decided> {
  if (prompter === undefined || blocked(decided.plan)) return decided
  const refused = new Map<Address, Obstacle>()
  for (const [address, obstacle] of decided.unknowns) {
    const message = `${address.replace('/', ' ')}: ${obstacle.why}. Use it anyway?`
    if (!(await prompter.confirm({ message, default: false }))) refused.set(address, obstacle)
  }
  return { ...decided, plan: block(decided.plan, refused) }
}

/** What a person approves. */
export interface ShownPlan {
  readonly plan: Plan
  readonly notes: readonly Note[]
}

async function save(path: string, options: InitOptions, { files, prompter, progress }: CommandContext): Promise<void> {
  const saved = await saveSetupFile(path, options, files, () => replaceIfAgreed(path, options.yes === true, prompter))
  tellSaved(path, saved, progress)
}

/** Throws `file-not-written` (exit 1). */
async function writeMarkdown(
  path: string,
  decided: Decided,
  warnings: readonly string[],
  { files }: CommandContext,
): Promise<void> {
  const { planMarkdown } = await import('../../ui/render/plan-markdown.ts')
  const { account } = decided.aws.identity
  const sentences = [...notes('warning', warnings), ...decided.notes].map(noteText)
  const text = planMarkdown({ plan: decided.plan, account, region: decided.aws.region, notes: sentences })
  try {
    await files.write(path, text)
  } catch (error) {
    throw fileNotWritten(path, error)
  }
}

/** The account that the wish needs; its token is asked for where somebody can be asked. */
async function pagerDutyContextOf(
  asks: boolean,
  pagerduty: PagerDutySession,
  { prompter, progress }: CommandContext,
): Promise<PagerDutyContext> {
  if (asks && prompter !== undefined && !pagerduty.hasToken()) await askToken({ prompter, progress }, pagerduty)
  return pagerduty.pagerDutyContext()
}

/** Applies, and reads back; AWS is asked about the patterns meanwhile, for as long as that takes. */
async function make(decided: Decided, context: CommandContext, pagerDutyContext: PagerDutyContext | undefined) {
  const over = new AbortController()
  const asked = compareWithAws(decided, { ...context, signal: AbortSignal.any([context.signal, over.signal]) })
  try {
    const outcome = await carryOut(decided.plan, decided.aws, context, decided.setup.confirmTimeout, pagerDutyContext)
    if (outcome.failed !== undefined || outcome.interrupted) {
      over.abort()
      const { unseen, unread } = await afterStop(decided, outcome, pagerDutyContext, context.signal)
      const created = decided.plan.filter((change) => outcome.created.includes(change) || unseen.includes(change))
      return { outcome: { ...outcome, created }, uncertainties: [...(await asked), ...unread] }
    }
    const { after, unread } = await seen(decided, context, pagerDutyContext)
    over.abort()
    return { outcome, after, unread, uncertainties: await asked }
  } finally {
    over.abort()
  }
}

/** What a call made whose answer was lost; where that cannot be read, the report says so. */
async function afterStop(
  decided: Decided,
  { created, failed: failure }: ApplyOutcome,
  pagerduty: PagerDutyContext | undefined,
  signal: AbortSignal,
): Promise<{ readonly unseen: readonly Change[]; readonly unread: readonly string[] }> {
  try {
    return { unseen: await createdUnseen(decided, created, pagerduty), unread: [] }
  } catch (error) {
    // Calls under way were finished, so nothing was lost; PagerDuty is not asked again by a run that is stopped.
    if (signal.aborted && failure === undefined) return { unseen: [], unread: [] }
    const why = `the account could not be read after the run stopped, so more may exist: ${awsError(error).message}`
    return { unseen: [], unread: [why] }
  }
}

/** What is there now; a look that fails takes nothing from the report of what was made. */
async function seen(
  decided: Decided,
  context: CommandContext,
  pagerDutyContext: PagerDutyContext | undefined,
): Promise<{ readonly after?: ReadBack; readonly unread?: AppError }> {
  try {
    return { after: await readBack(decided, context, pagerDutyContext) }
  } catch (error) {
    if (context.signal.aborted) return { unread: stoppedUnread() }
    if (!(error instanceof AppError)) throw error
    return { unread: error }
  }
}

/** What PagerDuty says of it; a run that is stopped in that look has made everything all the same. */
async function pagingSeen(
  decided: Decided,
  pagerduty: PagerDutySession,
  context: CommandContext,
): Promise<{ readonly findings: readonly Finding[]; readonly unread?: AppError }> {
  try {
    return { findings: await pagerDutyFindings(decided, pagerduty, context) }
  } catch (error) {
    if (context.signal.aborted) return { findings: [], unread: stoppedUnread() }
    throw error
  }
}

function stoppedUnread(): AppError {
  return new AppError('interrupted', 'the run was stopped', { exit: EXIT.interrupted })
}

/** Asks AWS how it reads the new patterns; where it reads one otherwise, this tool is wrong, and says so. */
async function compareWithAws(
  { plan, setup, aws }: Decided,
  { clock, signal, progress }: CommandContext,
): Promise<readonly string[]> {
  const probes = probesOf(plan, setup.detections, setup.name, siteOf(aws))
  if (probes.length === 0) return []
  const label = 'pattern'
  progress.working(label, `verifying ${counted(probes.length, 'pattern')} with AWS`)
  const answers = await verifyPatterns(probes, { aws, clock, signal })
  const uncertainties = disagreements(probes, answers)
  const asked = answers.filter((answer) => answer !== undefined).length
  if (uncertainties.length > 0)
    progress.done(label, 'warn', `AWS evaluates ${uncertainties.length} of ${asked} patterns differently`)
  else if (asked > 0) progress.done(label, 'good', `${counted(asked, 'pattern')} verified with AWS`)
  return uncertainties
}

/** The plan, and what the answers mean that it does not show: both have to be seen before they are approved. */
export function showing(
  { plan, notes }: ShownPlan,
  { progress }: CommandContext,
  earlier: ShownPlan | undefined,
): (detailed: boolean) => void {
  const seen = new Set(earlier?.notes.map(noteText))
  const fresh = notes.filter((note) => !seen.has(noteText(note)))
  return (detailed) =>
    progress.show((theme, width) =>
      [
        `\n${showPlan(plan, theme, width, { detailed, earlier: earlier?.plan })}`,
        ...fresh.flatMap((note) => showNote(note, theme, width)),
      ].join('\n'),
    )
}

/** A foreign trail that would have to be changed must be named, or approved by a person. */
function requireConsent(decided: Decided): void {
  const trail = unnamedTrail(decided)
  if (trail === undefined) return
  throw usage(
    'trail-consent',
    `trail ${trail} must be changed to deliver to a log group, which needs your consent`,
    `agree to it with --trail ${trail}, or create one with --create-trail NAME`,
  )
}

function declined(): AppError {
  return failed('declined', 'declined; nothing was changed')
}

/** The verdict as exit code, JSON and text. */
function initReport(result: InitResult): Report {
  const judged = judge(result)
  const seconds = Math.round(result.worked() / 1000)
  return {
    exit: judged.exit,
    json: initJson(result, judged),
    text: (theme, width) => initText(result, judged, seconds, theme, width),
  }
}
