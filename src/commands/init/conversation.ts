/** `init` with a person: rounds of answers, until a plan is approved or declined. */

import type { CommandContext } from '../../context.ts'
import { AppError, Cancelled } from '../../errors.ts'
import type { InitOptions } from '../../options/command-options.ts'
import { askInit, type Reopened, type Unfinished } from '../../wizard/fill.ts'
import { trail } from '../../wizard/questions/trail.ts'
import { type Edit, recover, reviewPlan } from '../../wizard/review.ts'
import { offerToSave } from '../../wizard/save.ts'
import type { Report } from '../report.ts'
import { openSession } from '../session.ts'
import { initLookups } from './lookups.ts'
import { type Approve, type InitContext, round, showing } from './round.ts'
import { listTrails } from './trails.ts'

/** Rounds of answers with a person: each ends in a plan that is approved, declined or edited. */
export async function converse(
  options: InitOptions,
  initContext: InitContext,
  context: CommandContext,
): Promise<{ readonly report: Report; readonly answered: InitOptions }> {
  let latest = options
  let unfinished: string | undefined
  try {
    let given = options
    let world = initContext
    let reopened: Reopened | undefined
    for (;;) {
      const look = initLookups(given, world.session, world.trails, world.pagerduty, context)
      const remember = (answers: InitOptions) => {
        latest = answers
      }
      const isChange = reopened?.question !== undefined
      const before = given
      const tell: Unfinished = ({ title, options: names }, kept) => {
        const isAsBefore = isChange || names.some((name) => latest[name] !== before[name])
        if (!isAsBefore && kept !== undefined) latest = kept.options
        const rest = kept === undefined ? 'not saved, as only a part was answered' : `only ${kept.what} is saved`
        unfinished = `${title}: ${isAsBefore ? 'as it was before the change' : rest}`
      }
      const answered = await askInit(given, look, { ...context, remember, unfinished: tell }, reopened)
      const { next, place } = await tryRound(answered, world, context)
      if (next.action === 'end') return { report: next.report, answered }
      world = place
      given = next.action === 'edit' ? next.options : answered
      reopened = next.action === 'edit' ? next.reopened : { former: answered, ...next.opens }
      // Until it is answered anew, an answer that is to be changed is what it was.
      latest = reopened.question === undefined ? given : reopened.former
    }
  } catch (error) {
    if (error instanceof Cancelled) await offerToSave(latest, options, unfinished, context)
    throw error
  }
}

type Next =
  | Edit
  | { readonly action: 'again'; readonly opens?: Pick<Reopened, 'question'> }
  | { readonly action: 'end'; readonly report: Report }

/** What stops a round before the first write takes nothing from the answers. */
async function tryRound(
  answered: InitOptions,
  world: InitContext,
  context: CommandContext,
): Promise<{ readonly next: Next; readonly place: InitContext }> {
  let isWriting = false
  let place = world
  const approve: Approve = async (shown) => {
    const review = await reviewPlan(showing(shown, context, world.shown), answered, context)
    isWriting = review.action === 'approve'
    place = { ...world, shown }
    return review
  }
  try {
    if (answered.region !== undefined && answered.region !== world.session.region) {
      // Other trails, so what was answered about them is open again.
      return { next: { action: 'again', opens: { question: trail } }, place: await moved(answered, world, context) }
    }
    const ended = await round(answered, world, context, approve)
    if ('edit' in ended) return { next: ended.edit, place }
    const { report, blocked: obstacle } = ended
    if (obstacle === undefined) return { next: { action: 'end', report }, place }
    const next = await recover(obstacle, answered, context)
    return { next: next.action === 'decline' ? { action: 'end', report } : next, place }
  } catch (error) {
    if (isWriting || !(error instanceof AppError) || error.code === 'declined') throw error
    const next = await recover(error, answered, context)
    if (next.action === 'decline') throw error
    return { next, place }
  }
}

/** The same run in another region. */
async function moved(options: InitOptions, world: InitContext, context: CommandContext): Promise<InitContext> {
  const session = await openSession(options, context)
  return { ...world, session, trails: await listTrails(session) }
}
