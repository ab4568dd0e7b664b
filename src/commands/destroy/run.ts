/** `destroy`: removes what `init` created, nothing else. */

import type { ApplyOutcome } from '../../apply/apply.ts'
import { awsError } from '../../aws/failures.ts'
import { pollUntil, readBackPolicy } from '../../aws/pacing.ts'
import { readContents, readDestroySnapshot } from '../../aws/resources/destroy-snapshot.ts'
import type { Aws } from '../../aws/session.ts'
import type { CommandContext } from '../../context.ts'
import { DEFAULT_NAME } from '../../domain/names.ts'
import { addressOf } from '../../domain/resources.ts'
import { type Reading, valueIfRead } from '../../domain/snapshot.ts'
import { AppError, EXIT, failed, usage } from '../../errors.ts'
import type { DestroyOptions } from '../../options/command-options.ts'
import { type DestroyPlan, planDestroy } from '../../plan/destroy.ts'
import type { DestroyRequest } from '../../plan/destroy-contents.ts'
import type { Change } from '../../plan/plan.ts'
import type { Retained } from '../../plan/retained.ts'
import { showPlan } from '../../ui/render/plan.ts'
import { carryOut } from '../carry-out.ts'
import type { Report } from '../report.ts'
import { openSession } from '../session.ts'
import { agreedIntegrations, findOwnIntegrations, removeIntegrations } from './integration.ts'
import { destroyReport, keptLines, type ReadBack } from './report.ts'

export async function destroy(options: DestroyOptions, context: CommandContext): Promise<Report> {
  if (options.deleteLogs === true && options.deleteTrail !== true) {
    throw usage(
      'delete-logs',
      '--delete-logs is only for --delete-trail',
      'add --delete-trail, or leave --delete-logs out to keep the log group',
    )
  }
  const dryRun = options.dryRun === true
  if (context.prompter === undefined && options.yes !== true && !dryRun) {
    throw usage('no-terminal', 'cannot prompt for approval because there is no terminal', 'pass --yes to approve')
  }
  const session = await openSession(options, context)
  const request = {
    prefix: options.name ?? DEFAULT_NAME,
    deleteTrail: options.deleteTrail === true,
    deleteLogs: options.deleteLogs === true,
  }
  const { aws, removal } = await findChain(session, request)
  for (const { resource } of removal.plan) {
    if (resource.kind !== 'trail' || !resource.spec.organization) continue
    context.progress.note(
      `! ${resource.name} is an organization trail: deleting it ends the record of every member account`,
    )
  }
  const own = await findOwnIntegrations(aws, request.prefix, context)
  const withKept = (more: readonly Retained[]) => ({ ...removal, kept: [...removal.kept, ...more] })
  if (dryRun) {
    const { kept } = await removeIntegrations(own, [], context)
    return destroyReport(aws, { removal: withKept(kept), dryRun })
  }
  if (removal.plan.length === 0 && own.length === 0) return destroyReport(aws, { removal })
  if (removal.plan.length > 0) await approve(removal, options, context)
  const agreed = await agreedIntegrations(own, options.yes === true, context)
  const outcome =
    removal.plan.length === 0
      ? undefined
      : await withoutGone(goneWithLogGroup(await carryOut(removal.plan, aws, context, 0)), aws, request)
  const stopped = outcome?.failed !== undefined || outcome?.interrupted === true
  const readBack = stopped || outcome === undefined ? undefined : await lookAgain(aws, request, removal, context)
  // Last, so that what still delivers to it is gone before.
  const gone = await removeIntegrations(own, stopped ? [] : agreed, context)
  return destroyReport(aws, {
    removal: withKept(gone.kept),
    integrations: gone.deleted,
    ...(outcome === undefined ? {} : { outcome }),
    ...(readBack === undefined ? {} : { readBack }),
  })
}

/**
 * A deletion whose answer was lost may have been made: what is not there any more counts as deleted. Where that cannot be
 * read, it stays among what was not deleted.
 */
async function withoutGone(outcome: ApplyOutcome, aws: Aws, request: DestroyRequest): Promise<ApplyOutcome> {
  if (outcome.failures.length === 0) return outcome
  try {
    const { plan, kept } = (await lookIn(aws, request)).removal
    if (kept.some(({ unread }) => unread === true)) return outcome
    const still = new Set(plan.map(({ resource }) => addressOf(resource)))
    const stands = (change: Change) => still.has(addressOf(change.resource))
    const tried = [...outcome.failures.map(({ change }) => change), ...batchesOf(outcome)]
    const gone = tried.filter((change) => !stands(change))
    const failures = outcome.failures.filter(({ change }) => stands(change))
    const remaining = outcome.remaining.filter((change) => !gone.includes(change))
    const finished = failures.length === 0 && remaining.length === 0
    const { failed: first } = outcome
    return { ...outcome, done: [...outcome.done, ...gone], failures, remaining, failed: finished ? undefined : first }
  } catch {
    return outcome
  }
}

/** Alarms that went in the same call as one that failed. */
function batchesOf({ failures, remaining }: ApplyOutcome): readonly Change[] {
  const isAlarm = ({ resource }: Change) => resource.kind === 'alarm'
  return failures.some(({ change }) => isAlarm(change)) ? remaining.filter(isAlarm) : []
}

/** A metric filter that could not be deleted by itself is gone when its log group is. */
function goneWithLogGroup(outcome: ApplyOutcome): ApplyOutcome {
  const groups = new Set(outcome.done.flatMap(({ resource }) => (resource.kind === 'log-group' ? resource.name : [])))
  const isGone = ({ resource }: Change) => resource.kind === 'metric-filter' && groups.has(resource.spec.logGroup)
  const failures = outcome.failures.filter(({ change }) => !isGone(change))
  const gone = [...outcome.failures.map(({ change }) => change), ...outcome.remaining].filter(isGone)
  return {
    ...outcome,
    done: [...outcome.done, ...gone],
    failures,
    failed: failures[0],
    remaining: outcome.remaining.filter((change) => !isGone(change)),
  }
}

/**
 * A deletion that was answered is no proof (DeleteAlarms API reference): looks again, for as long as reads may lag.
 * Never rejects, because the report has to name what was deleted.
 */
async function lookAgain(
  aws: Aws,
  request: DestroyRequest,
  before: DestroyPlan,
  { clock, signal }: CommandContext,
): Promise<ReadBack> {
  try {
    const ask = async () => (await lookIn(aws, request)).removal
    const now = await pollUntil(clock, { ...readBackPolicy, signal }, ask, ({ plan }) => plan.length === 0)
    const hidden = now.kept.find(
      ({ resource, unread }) => unread === true && !before.kept.some((one) => one.unread && one.resource === resource),
    )
    const left = now.plan.map(({ resource }) => resource)
    return hidden === undefined ? { left } : { left, error: unverified(hidden.why) }
  } catch (error) {
    if (!signal.aborted) return { left: [], error: unverified(awsError(error).message) }
    const interrupted = new AppError('interrupted', 'the run was stopped before the deletions were verified', {
      exit: EXIT.interrupted,
      hint: 'run the same command again to see what is left',
    })
    return { left: [], error: interrupted }
  }
}

function unverified(why: string): AppError {
  return new AppError('read-back-failed', `deleted, but the result could not be verified: ${why}`, {
    exit: EXIT.unverified,
    hint: 'run the same command again to see what is left',
  })
}

/** Looks where the session is; where nothing of ours is there, in the home regions of the trails that are seen from it. */
async function findChain(session: Aws, request: DestroyRequest): Promise<{ aws: Aws; removal: DestroyPlan }> {
  const here = await lookIn(session, request)
  if (isFound(here.removal)) return here
  const homes = new Set(here.homes.filter((region) => region !== session.region))
  for (const region of homes) {
    const there = await lookIn(session.inRegion(region), request)
    if (isFound(there.removal)) return there
  }
  // Without the trails, the region of the chain is not known: "nothing of ours" would be a guess.
  if (here.trails.state === 'unreadable') throw unreadable(here.trails)
  return here
}

function isFound({ plan, kept }: DestroyPlan): boolean {
  return plan.length > 0 || kept.some(({ unread }) => unread !== true)
}

async function lookIn(aws: Aws, request: DestroyRequest) {
  const snapshot = await readDestroySnapshot(aws, request.prefix)
  const unread = [snapshot.metricFilters, snapshot.alarms].find((reading) => reading.state === 'unreadable')
  // Without the two lists that find the chain, "nothing of ours" would be a guess.
  if (unread?.state === 'unreadable') throw unreadable(unread)
  const contents = await readContents(aws, snapshot, request.prefix)
  const homes = (valueIfRead(snapshot.trails) ?? []).map(({ homeRegion }) => homeRegion)
  return { aws, homes, trails: snapshot.trails, removal: planDestroy(snapshot, contents, request) }
}

function unreadable({ why, denied }: Extract<Reading<unknown>, { state: 'unreadable' }>): AppError {
  return new AppError('chain-unreadable', why, {
    exit: denied ? EXIT.access : EXIT.failed,
    hint: denied ? 'allow the call named above, then run the same command again' : 'run the same command again',
  })
}

async function approve(removal: DestroyPlan, options: DestroyOptions, context: CommandContext): Promise<void> {
  if (options.yes === true || context.prompter === undefined) return
  context.progress.show((theme, width) =>
    [
      showPlan(removal.plan, theme, width, { kept: removal.kept.length }),
      ...keptLines(removal.kept, theme, width),
    ].join('\n'),
  )
  if (!(await context.prompter.confirm({ message: `Delete these ${removal.plan.length}?`, default: false }))) {
    throw failed('declined', 'declined; nothing was deleted')
  }
}
