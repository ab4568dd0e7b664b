/** `destroy`: removes what `init` created, nothing else. */

import type { ApplyOutcome } from '../../apply/apply.ts'
import { awsError } from '../../aws/failures.ts'
import { pollUntil, readBackPolicy } from '../../aws/pacing.ts'
import { readContents, readDestroySnapshot } from '../../aws/resources/destroy-snapshot.ts'
import type { Aws } from '../../aws/session.ts'
import type { CommandContext } from '../../context.ts'
import { DEFAULT_NAME } from '../../domain/names.ts'
import { addressOf, type Resource } from '../../domain/resources.ts'
import { valueIfRead } from '../../domain/snapshot.ts'
import { AppError, EXIT, failed, usage } from '../../errors.ts'
import { errorJson } from '../../json/error.ts'
import type { DestroyOptions } from '../../options/command-options.ts'
import { type DestroyPlan, type DestroyRequest, planDestroy } from '../../plan/destroy.ts'
import { showError } from '../../ui/render/error.ts'
import { showPlan } from '../../ui/render/plan.ts'
import type { Theme } from '../../ui/theme.ts'
import { carryOut } from '../carry-out.ts'
import type { Report } from '../report.ts'
import { openSession } from '../session.ts'
import { agreedIntegrations, findOwnIntegrations, removeIntegrations } from './integration.ts'

export async function destroy(options: DestroyOptions, context: CommandContext): Promise<Report> {
  if (context.prompter === undefined && options.yes !== true) {
    throw usage(
      'no-terminal',
      'a deletion has to be approved, and there is no terminal to ask at',
      'pass --yes to approve',
    )
  }
  const session = await openSession(options, context)
  const request = {
    prefix: options.name ?? DEFAULT_NAME,
    deleteTrail: options.deleteTrail === true,
    deleteLogs: options.deleteLogs === true,
  }
  const { aws, removal } = await findChain(session, request)
  const own = await findOwnIntegrations(aws, request.prefix, context)
  if (removal.plan.length === 0 && own.length === 0) return destroyReport(aws, removal, undefined, [], [])
  if (removal.plan.length > 0) await approve(removal, options, context)
  const agreed = await agreedIntegrations(own, options.yes === true, context)
  const outcome = removal.plan.length === 0 ? undefined : await carryOut(removal.plan, aws, context, 0)
  const stopped = outcome?.failed !== undefined || outcome?.interrupted === true
  const left = stopped || outcome === undefined ? [] : await stillThere(aws, request, context)
  // Last, so that what still delivers to it is gone before.
  const gone = await removeIntegrations(own, stopped ? [] : agreed, context)
  return destroyReport(aws, { ...removal, kept: [...removal.kept, ...gone.kept] }, outcome, left, gone.deleted)
}

/** A deletion that was answered is no proof (DeleteAlarms API reference): looks again, for as long as reads may lag. */
async function stillThere(
  aws: Aws,
  request: DestroyRequest,
  { clock, signal }: CommandContext,
): Promise<readonly Resource[]> {
  const ask = async () => (await lookIn(aws, request)).removal.plan
  const left = await pollUntil(clock, { ...readBackPolicy, signal }, ask, (plan) => plan.length === 0)
  return left.map(({ resource }) => resource)
}

/** Looks where the session is; where nothing of ours is there, in the home regions of the trails that are seen from it. */
async function findChain(session: Aws, request: DestroyRequest): Promise<{ aws: Aws; removal: DestroyPlan }> {
  const here = await lookIn(session, request)
  if (here.removal.plan.length > 0 || here.removal.kept.length > 0) return here
  const homes = new Set(here.homes.filter((region) => region !== session.region))
  for (const region of homes) {
    const there = await lookIn(session.inRegion(region), request)
    if (there.removal.plan.length > 0 || there.removal.kept.length > 0) return there
  }
  return here
}

async function lookIn(aws: Aws, request: DestroyRequest) {
  const snapshot = await readDestroySnapshot(aws, request.prefix)
  const unreadable = [snapshot.metricFilters, snapshot.alarms].find((reading) => reading.state === 'unreadable')
  // Without the two lists that find the chain, "nothing of ours" would be a guess.
  if (unreadable?.state === 'unreadable') {
    throw new AppError('chain-unreadable', unreadable.why, { exit: unreadable.denied ? EXIT.access : EXIT.failed })
  }
  const holdings = await readContents(aws, snapshot, request.prefix)
  const homes = (valueIfRead(snapshot.trails) ?? []).map(({ homeRegion }) => homeRegion)
  return { aws, homes, removal: planDestroy(snapshot, holdings, request) }
}

async function approve(removal: DestroyPlan, options: DestroyOptions, context: CommandContext): Promise<void> {
  if (options.yes === true || context.prompter === undefined) return
  context.progress.show((theme, width) =>
    [showPlan(removal.plan, theme, width), ...keptLines(removal, theme)].join('\n'),
  )
  if (!(await context.prompter.confirm({ message: `Delete these ${removal.plan.length}?`, default: false }))) {
    throw failed('declined', 'nothing was deleted, as you said')
  }
}

function destroyReport(
  aws: Aws,
  removal: DestroyPlan,
  outcome: ApplyOutcome | undefined,
  left: readonly Resource[],
  more: readonly Resource[],
): Report {
  const unfinished = [...(outcome === undefined ? [] : unfinishedOf(outcome)), ...left.map(seenAgain)]
  const error = errorOf(outcome) ?? (left.length === 0 ? undefined : notGone(left))
  const done = (outcome?.done ?? []).map(({ resource }) => resource).filter((resource) => !isAmong(resource, left))
  const deleted = [...done, ...more]
  return {
    exit: error?.exit ?? EXIT.done,
    json: {
      account: aws.identity.account,
      region: aws.region,
      deleted: deleted.map(nameOf),
      kept: removal.kept,
      failed: unfinished,
      ...(error === undefined ? {} : { error: errorJson(error) }),
    },
    text: (theme, width) => destroyText(removal, deleted, unfinished, error, theme, width),
  }
}

interface Unfinished {
  readonly resource: string
  readonly why: string
}

function unfinishedOf(outcome: ApplyOutcome): readonly Unfinished[] {
  const failure = outcome.failed
  const first =
    failure === undefined ? [] : [{ resource: nameOf(failure.change.resource), why: awsError(failure.error).message }]
  return [...first, ...outcome.remaining.map(({ resource }) => ({ resource: nameOf(resource), why: 'not reached' }))]
}

function seenAgain(resource: Resource): Unfinished {
  return { resource: nameOf(resource), why: 'AWS answered that it is deleted, and still lists it' }
}

function isAmong(resource: Resource, others: readonly Resource[]): boolean {
  return others.some((other) => addressOf(other) === addressOf(resource))
}

function notGone(left: readonly Resource[]): AppError {
  return failed(
    'not-gone',
    `deleted, but still there when read again: ${left.map(nameOf).join(', ')}`,
    'run the same command again in a minute',
  )
}

function errorOf(outcome: ApplyOutcome | undefined): AppError | undefined {
  if (outcome?.interrupted) {
    return new AppError('interrupted', 'the run was stopped between two deletions', {
      exit: EXIT.interrupted,
      hint: 'run the same command again to finish',
    })
  }
  if (outcome?.failed === undefined) return undefined
  const { code, message, hint } = awsError(outcome.failed.error)
  return new AppError(code, message, { exit: EXIT.failed, ...(hint === undefined ? {} : { hint }) })
}

function destroyText(
  removal: DestroyPlan,
  deleted: readonly Resource[],
  unfinished: readonly Unfinished[],
  error: AppError | undefined,
  theme: Theme,
  width: number,
): string {
  const head = deleted.length === 0 ? 'Nothing was deleted.' : `Deleted ${deleted.length}:`
  const lines = [head, ...counted(deleted).map((line) => `  - ${line}`)]
  if (unfinished.length > 0)
    lines.push('Still there:', ...unfinished.map(({ resource, why }) => `  ${theme.mark('bad')} ${resource} · ${why}`))
  const parts = [lines.join('\n'), ...keptLines(removal, theme)]
  if (error !== undefined) parts.push(showError(error, theme, width))
  return parts.join('\n\n')
}

function keptLines({ kept }: DestroyPlan, theme: Theme): readonly string[] {
  if (kept.length === 0) return []
  return [['Kept:', ...kept.map(({ resource, why }) => `  ${theme.mark('keep')} ${resource} · ${why}`)].join('\n')]
}

/** Two or three names as they are, many of a kind as a number. */
function counted(resources: readonly Resource[]): readonly string[] {
  const kinds = [...new Set(resources.map(({ kind }) => kind))]
  return kinds.flatMap((kind) => {
    const named = resources.filter((resource) => resource.kind === kind)
    const label = kind.replace('-', ' ').padEnd(14)
    return named.length > 3 ? [`${label} ${named.length}`] : named.map((resource) => `${label} ${nameOf(resource)}`)
  })
}

function nameOf(resource: Resource): string {
  return resource.kind === 'topic' || resource.kind === 'trail' ? resource.spec.arn : resource.name
}
