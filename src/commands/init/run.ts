/** `init`: ask what is open, observe, plan, approve, apply, and read back what was made. */

import type { ApplyOutcome } from '../../apply/apply.ts'
import { awsError } from '../../aws/failures.ts'
import { verifyPatterns } from '../../aws/readers/pattern-verification.ts'
import type { PagerDutyContext } from '../../aws/resources/handler.ts'
import type { Aws } from '../../aws/session.ts'
import { siteOf } from '../../aws/site.ts'
import type { CommandContext } from '../../context.ts'
import { type Note, notes, noteText } from '../../domain/note.ts'
import type { Address } from '../../domain/resources.ts'
import type { TrailSnapshot } from '../../domain/snapshot.ts'
import { AppError, EXIT, failed, fileNotWritten, usage } from '../../errors.ts'
import type { InitOptions } from '../../options/command-options.ts'
import { setupOf } from '../../options/setup.ts'
import { replaceIfAgreed, saveSetupFile } from '../../options/setup-file.ts'
import { disagreements, probesOf } from '../../plan/pattern-verification.ts'
import { block, blocked, type Change, type Obstacle, type Plan, settled } from '../../plan/plan.ts'
import { resolveText } from '../../plan/resolving.ts'
import { pagerDutyDestination } from '../../plan/setup.ts'
import { whyThisTrail } from '../../plan/trail-choice.ts'
import { showPlan } from '../../ui/render/plan.ts'
import { askInit, echoAnswers, missingOptions, type Review, reviewPlan } from '../../wizard/fill.ts'
import { askToken } from '../../wizard/pagerduty.ts'
import { carryOut } from '../carry-out.ts'
import { noToken, type PagerDutySession, pagerDutySession } from '../pagerduty-session.ts'
import type { Report } from '../report.ts'
import { openSession } from '../session.ts'
import { workingTime } from '../working-time.ts'
import { doublePageNotes } from './double-pages.ts'
import { pagerDutyFindings } from './findings.ts'
import { heartbeatNotes } from './heartbeat.ts'
import { initJson } from './json.ts'
import { initLookups } from './lookups.ts'
import { createdUnseen, type Decided, decide, listTrails, type ReadBack, readBack, unnamedTrail } from './planning.ts'
import { initText, showNote } from './text.ts'
import { type InitResult, judge } from './verdict.ts'

export async function init(options: InitOptions, context: CommandContext): Promise<Report> {
  // Syntax is judged before any call, and so is whether anybody can be asked.
  const { setup } = setupOf(options)
  const asks = context.prompter !== undefined && options.yes !== true && options.dryRun !== true
  const missing = asks ? undefined : missingOptions(options)
  if (missing !== undefined) throw missing
  const pagerduty = pagerDutySession(context)
  if (!asks && pagerDutyDestination(setup) !== undefined && !pagerduty.hasToken()) throw noToken()
  const time = workingTime(context)
  const session = await openSession(options, context)
  const trails = await listTrails(session)
  return converge(options, { session, trails, asks, pagerduty, worked: time.milliseconds }, time.context)
}

/** What every round of answers works with. */
interface InitContext {
  readonly session: Aws
  readonly trails: readonly TrailSnapshot[]
  readonly asks: boolean
  readonly pagerduty: PagerDutySession
  /** Milliseconds, without those of the questions. */
  worked(): number
  /** What the round before this one has shown. */
  readonly shown?: ShownPlan
}

/** One round of answers; an edited answer begins the next. */
async function converge(options: InitOptions, initContext: InitContext, context: CommandContext): Promise<Report> {
  const { session, trails, asks, pagerduty, worked } = initContext
  const answered = asks
    ? await askInit(options, initLookups(options, session, trails, pagerduty, context), context)
    : echoAnswers(options, context)
  const { setup, warnings } = setupOf(answered)
  const pagerDutyContext =
    pagerDutyDestination(setup) === undefined ? undefined : await pagerDutyContextOf(initContext, context)
  const choices = { prune: answered.prune === true, asks, pagerduty: pagerDutyContext }
  const settling = await settleUnknowns(await decide(setup, session, trails, choices), context)
  const doublePages = await doublePageNotes(settling, context.clock.now())
  const silences = await heartbeatNotes(settling, context.clock.now())
  const decided = { ...settling, notes: [...settling.notes, ...doublePages, ...silences] }
  introduce(decided, asks, context)
  const base = { worked, decided, options: answered, warnings, now: () => context.clock.now().getTime() }
  if (answered.save !== undefined) await save(answered.save, answered, context)
  if (answered.markdown !== undefined) await writeMarkdown(answered.markdown, decided, warnings, context)
  if (blocked(decided.plan)) return initReport({ ...base, status: 'blocked' })
  const paged = decided.snapshot.pagerduty?.paged
  if (paged !== undefined) context.progress.note(`pages go to ${paged}`)
  if (settled(decided.plan)) {
    return initReport({ ...base, status: 'unchanged', findings: await pagerDutyFindings(decided, pagerduty, context) })
  }
  if (answered.dryRun === true) return initReport({ ...base, status: 'planned' })
  const shown = { plan: decided.plan, notes: [...notes('warning', warnings), ...decided.notes] }
  const show = showing(shown, context, initContext.shown)
  if (!asks) {
    requireConsent(decided)
    show(answered.detail === true)
  }
  const review: Review = asks ? await reviewPlan(show, answered, context) : { action: 'approve' }
  if (review.action === 'decline') throw declined()
  if (review.action === 'edit') return converge(review.options, { ...initContext, shown }, context)
  const { outcome, after, unread, uncertainties } = await make(decided, context, pagerDutyContext)
  const findings = after === undefined ? [] : await pagerDutyFindings(decided, pagerduty, context)
  return initReport({
    ...base,
    uncertainties,
    status: 'applied',
    outcome,
    after,
    unread,
    findings,
  })
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
interface ShownPlan {
  readonly plan: Plan
  readonly notes: readonly Note[]
}

const SAVED = {
  written: (path: string) => `answers saved to ${path}, without secrets`,
  replaced: (path: string) => `answers saved to ${path}, without secrets; what it held before is replaced`,
  unchanged: (path: string) => `${path} holds these answers already`,
  refused: (path: string) => `${path} was not replaced`,
} as const

async function save(path: string, options: InitOptions, { files, prompter, progress }: CommandContext): Promise<void> {
  const saved = await saveSetupFile(path, options, files, () => replaceIfAgreed(path, options.yes === true, prompter))
  progress.note(SAVED[saved](path))
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
  { asks, pagerduty }: InitContext,
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
      const { unseen, unread } = await afterStop(decided, outcome, pagerDutyContext)
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
  { created }: ApplyOutcome,
  pagerduty: PagerDutyContext | undefined,
): Promise<{ readonly unseen: readonly Change[]; readonly unread: readonly string[] }> {
  try {
    return { unseen: await createdUnseen(decided, created, pagerduty), unread: [] }
  } catch (error) {
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
  progress.working(label, `verifying ${probes.length} patterns with AWS`)
  const answers = await verifyPatterns(probes, { aws, clock, signal })
  const uncertainties = disagreements(probes, answers)
  const asked = answers.filter((answer) => answer !== undefined).length
  if (uncertainties.length > 0)
    progress.done(label, 'warn', `AWS evaluates ${uncertainties.length} of ${asked} patterns differently`)
  else if (asked > 0) progress.done(label, 'good', `${asked} patterns verified with AWS`)
  return uncertainties
}

/** The plan, and what the answers mean that it does not show: both have to be seen before they are approved. */
function showing(
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
