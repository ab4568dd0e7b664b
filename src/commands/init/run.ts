/** `init`: ask what is open, observe, plan, approve, apply, and read back what was made. */

import { askFilterOracle } from '../../aws/readers/pattern-verification.ts'
import type { PagerDutySide } from '../../aws/resources/handler.ts'
import type { Aws } from '../../aws/session.ts'
import { siteOf } from '../../aws/site.ts'
import type { Deps } from '../../context.ts'
import type { TrailFact } from '../../domain/snapshot.ts'
import { type AppError, failed, usage } from '../../errors.ts'
import type { InitOptions } from '../../options/command-options.ts'
import { setupOf } from '../../options/setup.ts'
import { saveSetupFile } from '../../options/setup-file.ts'
import { disagreements, probesOf } from '../../plan/pattern-verification.ts'
import { blocked, settled } from '../../plan/plan.ts'
import type { Setup } from '../../plan/setup.ts'
import { showPlan } from '../../ui/render/plan.ts'
import { askInit, echoAnswers, missingOptions, type Review, reviewPlan } from '../../wizard/fill.ts'
import { askToken } from '../../wizard/pagerduty.ts'
import { carryOut } from '../carry-out.ts'
import { noToken, type PagerDutySession, pagerDutySession } from '../pagerduty-session.ts'
import type { Report } from '../report.ts'
import { openSession } from '../session.ts'
import { pagerDutyFindings } from './findings.ts'
import { initLook } from './lookups.ts'
import { type Decided, decide, listTrails, readBack } from './planning.ts'
import { initReport } from './report.ts'
import { showNote } from './text.ts'

export async function init(options: InitOptions, deps: Deps): Promise<Report> {
  // Syntax is judged before any call, and so is whether anybody can be asked.
  const { setup } = setupOf(options, deps.eventsUrl)
  const asks = deps.prompter !== undefined && options.yes !== true && options.dryRun !== true
  const missing = asks ? undefined : missingOptions(options)
  if (missing !== undefined) throw missing
  const pagerduty = pagerDutySession(deps)
  if (!asks && setup.pagerduty !== undefined && !pagerduty.hasToken()) throw noToken()
  const session = await openSession(options, deps)
  const trails = await listTrails(session)
  return converge(options, { session, trails, asks, pagerduty }, deps)
}

/** What every round of answers works with. */
interface Stage {
  readonly session: Aws
  readonly trails: readonly TrailFact[]
  readonly asks: boolean
  readonly pagerduty: PagerDutySession
}

/** One round of answers; an edited answer begins the next. */
async function converge(options: InitOptions, stage: Stage, deps: Deps): Promise<Report> {
  const { session, trails, asks, pagerduty } = stage
  const started = deps.clock.now().getTime()
  const answered = asks
    ? await askInit(options, initLook(options, session, trails, deps.eventsUrl, pagerduty), deps)
    : echoAnswers(options, deps)
  const { setup, warnings } = setupOf(answered, deps.eventsUrl)
  const side = setup.pagerduty === undefined ? undefined : await sideOf(stage, deps)
  const wishes = { prune: answered.prune === true, eventsUrl: deps.eventsUrl, pagerduty: side }
  const decided = await decide(setup, session, trails, wishes)
  const base = { started, decided, options: answered, warnings, now: () => deps.clock.now().getTime() }
  if (answered.save !== undefined) await saveSetupFile(answered.save, answered, deps.files)
  if (blocked(decided.plan)) return initReport({ ...base, status: 'blocked' })
  const whom = decided.inventory.pagerduty?.whom
  if (whom !== undefined) deps.progress.note(`pages go to ${whom}`)
  if (settled(decided.plan)) {
    return initReport({ ...base, status: 'unchanged', findings: await pagerDutyFindings(decided, pagerduty, deps) })
  }
  if (answered.dryRun === true) return initReport({ ...base, status: 'planned' })
  if (!asks) {
    requireConsent(decided, setup)
    showing(decided, warnings, deps)(false)
  }
  const review: Review = asks
    ? await reviewPlan(showing(decided, warnings, deps), answered, deps)
    : { action: 'approve' }
  if (review.action === 'decline') throw declined()
  if (review.action === 'edit') return converge(review.options, stage, deps)
  const { outcome, after, doubts } = await make(decided, deps, side)
  const findings = after === undefined ? [] : await pagerDutyFindings(decided, pagerduty, deps)
  return initReport({ ...base, warnings: [...warnings, ...doubts], status: 'applied', outcome, after, findings })
}

/** The account that the wish needs; its token is asked for where somebody can be asked. */
async function sideOf({ asks, pagerduty }: Stage, { prompter, progress }: Deps): Promise<PagerDutySide> {
  if (asks && prompter !== undefined && !pagerduty.hasToken()) await askToken({ prompter, progress }, pagerduty)
  return pagerduty.side()
}

/** Applies, and reads back; AWS is asked about the patterns meanwhile, for as long as that takes. */
async function make(decided: Decided, deps: Deps, side: PagerDutySide | undefined) {
  const over = new AbortController()
  const asked = compareWithAws(decided, { ...deps, signal: AbortSignal.any([deps.signal, over.signal]) })
  try {
    const outcome = await carryOut(decided.plan, decided.aws, deps, decided.setup.confirmTimeout, side)
    const stopped = outcome.failed !== undefined || outcome.interrupted
    const after = stopped ? undefined : await readBack(decided, deps, side)
    over.abort()
    return { outcome, after, doubts: await asked }
  } finally {
    over.abort()
  }
}

/** Asks AWS how it reads the new patterns; where it reads one otherwise, this tool is wrong, and says so. */
async function compareWithAws(
  { plan, setup, aws }: Decided,
  { clock, signal, progress }: Deps,
): Promise<readonly string[]> {
  const probes = probesOf(plan, setup.detections, setup.name, siteOf(aws))
  if (probes.length === 0) return []
  const label = 'pattern'
  progress.working(label, `comparing ${probes.length} with AWS`)
  const answers = await askFilterOracle(probes, { aws, clock, signal })
  const doubts = disagreements(probes, answers)
  const asked = answers.filter((answer) => answer !== undefined).length
  if (doubts.length > 0) progress.done(label, 'warn', `${doubts.length} of ${asked} read otherwise by AWS`)
  else if (asked > 0) progress.done(label, 'good', `${asked} read by AWS as they are meant`)
  return doubts
}

/** The plan, and what the answers mean that it does not show: both have to be seen before they are approved. */
function showing({ plan }: Decided, warnings: readonly string[], { progress }: Deps): (detailed: boolean) => void {
  return (detailed) =>
    progress.show((theme, width) => {
      const shown = `\n${showPlan(plan, theme, width, { detailed })}`
      return [shown, ...warnings.flatMap((text) => showNote(text, theme, width))].join('\n')
    })
}

/** A foreign trail that would have to be changed must be named, or approved by a person. */
function requireConsent({ plan, choice }: Decided, setup: Setup): void {
  if (choice.how !== 'reuse' || setup.trail.how === 'existing') return
  const changes = plan.some(
    ({ action, resource }) =>
      (action === 'create' || action === 'update') && (resource.kind === 'trail' || resource.kind === 'delivery'),
  )
  if (!changes) return
  throw usage(
    'trail-consent',
    `trail ${choice.trail.name} would have to be changed to write into a log group, and it was not named`,
    `agree to it with --trail ${choice.trail.name}, or make one with --create-trail NAME`,
  )
}

function declined(): AppError {
  return failed('declined', 'nothing was changed, as you said')
}
