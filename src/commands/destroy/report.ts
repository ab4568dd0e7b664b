/** The report of `destroy`: what is gone, what stays and why, and what is still there although it should go. */

import type { ApplyOutcome } from '../../apply/apply.ts'
import { awsError } from '../../aws/failures.ts'
import type { Aws } from '../../aws/session.ts'
import { addressOf, type Resource } from '../../domain/resources.ts'
import { AppError, EXIT, failed } from '../../errors.ts'
import { errorJson } from '../../json/error.ts'
import type { Body } from '../../json/schemas.ts'
import { restsOn } from '../../plan/deletion-order.ts'
import { type DestroyPlan, withIt } from '../../plan/destroy.ts'
import type { Retained } from '../../plan/retained.ts'
import { hanging } from '../../ui/clean.ts'
import { columns } from '../../ui/columns.ts'
import { showError } from '../../ui/render/error.ts'
import { showPlan } from '../../ui/render/plan.ts'
import type { Mark, Theme } from '../../ui/theme.ts'
import type { Report } from '../report.ts'

export interface DestroyResult {
  readonly removal: DestroyPlan
  /** Undefined where nothing was to be deleted, and in a dry run. */
  readonly outcome?: ApplyOutcome
  readonly readBack?: ReadBack
  /** Gone from PagerDuty. */
  readonly integrations?: readonly Resource[]
  readonly dryRun?: boolean
}

/** What was seen after the deletions. */
export interface ReadBack {
  /** Answered as deleted, and still listed. */
  readonly left: readonly Resource[]
  /** Set where it could not be looked at again. */
  readonly error?: AppError
}

export function destroyReport(aws: Aws, result: DestroyResult): Report {
  const { removal, outcome, readBack, integrations = [], dryRun = false } = result
  const left = readBack?.left ?? []
  const unfinished = [...(outcome === undefined ? [] : unfinishedOf(outcome)), ...left.map(seenAgain)]
  const error = errorOf(outcome) ?? notGone(left) ?? readBack?.error ?? unreadError(removal.kept)
  const done = (outcome?.done ?? []).map(({ resource }) => resource).filter((resource) => !isAmong(resource, left))
  const deleted = [...done, ...integrations]
  const planned = dryRun ? removal.plan.map(({ resource }) => resource) : undefined
  const namesOf = (resource: Resource) => [shownName(resource), ...takenBy(resource, removal.taken)]
  return {
    exit: error?.exit ?? EXIT.done,
    json: {
      account: aws.identity.account,
      region: aws.region,
      ...(planned === undefined ? {} : { planned: planned.flatMap(namesOf) }),
      deleted: deleted.flatMap(namesOf),
      kept: removal.kept.map(({ resource, why }) => ({ resource, why })),
      failed: unfinished,
      ...(error === undefined ? {} : { error: errorJson(error) }),
    } satisfies Body<'destroy'>,
    text: (theme, width) => {
      if (dryRun && removal.plan.length > 0) {
        const plan = showPlan(removal.plan, theme, width, { kept: removal.kept.length })
        const said = 'Nothing was deleted (dry run).'
        return [plan, ...keptLines(removal.kept, theme, width), said].join('\n\n')
      }
      const lines = dryRun ? ['Nothing would be deleted.'] : ended(deleted, removal.taken, width)
      if (unfinished.length > 0)
        lines.push('Not deleted:', ...unfinished.flatMap((one) => reasoned('bad', one, theme, width)))
      const parts = [lines.join('\n'), ...keptLines(removal.kept, theme, width)]
      if (error !== undefined) parts.push(showError(error, theme, width))
      return parts.join('\n\n')
    },
  }
}

export function keptLines(kept: readonly Retained[], theme: Theme, width: number): readonly string[] {
  if (kept.length === 0) return []
  return [['Kept:', ...kept.flatMap((one) => reasoned('keep', one, theme, width))].join('\n')]
}

/** What it is and why, on one line where it fits; else the reason stands below. */
function reasoned(mark: Mark, { resource, why }: Unfinished, theme: Theme, width: number): readonly string[] {
  const name = `  ${theme.mark(mark)} ${resource}`
  const line = `${name}${theme.dot}${why}`
  return columns(line) <= width ? [line] : [name, ...hanging('    ', why, width)]
}

function ended(deleted: readonly Resource[], taken: DestroyPlan['taken'], width: number): string[] {
  const head = deleted.length === 0 ? 'Nothing was deleted.' : `Deleted ${deleted.length}:`
  return [
    head,
    ...counted(deleted, taken).flatMap(([label, text]) =>
      hanging(`  ${label === '' ? ' ' : '-'} ${label.padEnd(14)} `, text, width),
    ),
  ]
}

/** Two or three names as they are, many of a kind as a number. */
function counted(
  resources: readonly Resource[],
  taken: DestroyPlan['taken'],
): readonly (readonly [label: string, text: string])[] {
  const kinds = [...new Set(resources.map(({ kind }) => kind))]
  return kinds.flatMap((kind) => {
    const named = resources.filter((resource) => resource.kind === kind)
    const label = kind.replace('-', ' ')
    if (named.length > 3) return [[label, `${named.length}`]]
    return named.flatMap((resource) => {
      const endpoints = takenBy(resource, taken)
      return [
        [label, shownName(resource)] as const,
        ...(endpoints.length === 0 ? [] : [['', withIt(endpoints)] as const]),
      ]
    })
  })
}

/** The subscriptions that are gone when this is: SNS deletes them with their topic (DeleteTopic API reference). */
function takenBy(resource: Resource, taken: DestroyPlan['taken']): readonly string[] {
  return resource.kind === 'topic' ? (taken.get(resource.spec.arn) ?? []) : []
}

/** A trail and its delivery have one name in AWS; here they are told apart. */
function shownName(resource: Resource): string {
  if (resource.kind === 'delivery') return `delivery of ${resource.spec.trailArn}`
  return resource.kind === 'topic' || resource.kind === 'trail' ? resource.spec.arn : resource.name
}

type Unfinished = Pick<Retained, 'resource' | 'why'>

function unfinishedOf({ failures, remaining }: ApplyOutcome): readonly Unfinished[] {
  return [
    ...failures.map(({ change, error }) => ({ resource: shownName(change.resource), why: awsError(error).message })),
    ...remaining.map(({ resource }) => {
      const stuck = failures.find(({ change }) => restsOn(resource, change.resource))
      const why =
        stuck === undefined ? 'not reached' : `not tried, because ${shownName(stuck.change.resource)} is still there`
      return { resource: shownName(resource), why }
    }),
  ]
}

function seenAgain(resource: Resource): Unfinished {
  return { resource: shownName(resource), why: 'AWS reported it deleted but still lists it' }
}

function isAmong(resource: Resource, others: readonly Resource[]): boolean {
  return others.some((other) => addressOf(other) === addressOf(resource))
}

function notGone(left: readonly Resource[]): AppError | undefined {
  if (left.length === 0) return undefined
  return failed(
    'not-gone',
    `deleted, but still present: ${left.map(shownName).join(', ')}`,
    'run the same command again in a minute',
  )
}

function unreadError(kept: readonly Retained[]): AppError | undefined {
  const unknown = kept.filter(({ unread, unneeded }) => unread === true && unneeded !== true)
  if (unknown.length === 0) return undefined
  const reasons = unknown.map(({ resource, why }) => `${resource}: ${why}`)
  return failed(
    'kept-unread',
    `some resources could not be checked and are kept: ${reasons.join('; ')}`,
    'allow the calls named above, then run the same command again',
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
  const { code, message, hint = 'run the same command again to continue' } = awsError(outcome.failed.error)
  return new AppError(code, message, { exit: EXIT.failed, hint })
}
