/** Carries a plan out: what does not wait for each other side by side, alarms at the end, no rollback. A stopped run is resumed by running again. */

import { createCloudTrailPacer, createPacer, inParallel } from '../aws/pacing.ts'
import { ALARMS_A_DELETE, removeAlarms } from '../aws/resources/alarm.ts'
import type { ApplyContext, LinkHandler, PagerDutyContext } from '../aws/resources/handler.ts'
import { awaitConfirmation, knownEndpoint } from '../aws/resources/subscription.ts'
import type { Aws } from '../aws/session.ts'
import type { Kind, Resource, SubscriptionPurpose } from '../domain/resources.ts'
import type { Secret } from '../domain/secret.ts'
import { restsOn } from '../plan/deletion-order.ts'
import type { Change, Plan } from '../plan/plan.ts'
import type { Clock } from '../ports.ts'
import { handlers } from './registry.ts'

export type ApplyEvent =
  | { readonly type: 'started' | 'finished' | 'failed'; readonly change: Change }
  | { readonly type: 'waiting'; readonly change: Change; readonly text: string }
  | { readonly type: 'confirmed' | 'pending'; readonly change: Change }

export interface FailedChange {
  readonly change: Change
  readonly error: unknown
}

export interface ApplyOutcome {
  readonly done: readonly Change[]
  /** What exists now and did not before, in the order of the plan: also what was created and not finished. */
  readonly created: readonly Change[]
  /** The ARN that AWS answered to a creation, by the ARN that was planned. */
  readonly arns: ReadonlyMap<string, string>
  /** The first failure; a deletion goes on with what does not rest on it. */
  readonly failed: FailedChange | undefined
  readonly failures: readonly FailedChange[]
  /** Neither done nor failed: never begun. */
  readonly remaining: readonly Change[]
  /** The signal ended the run between two changes. */
  readonly interrupted: boolean
  /** The endpoint of an integration that was made on the way. */
  readonly outputs: Secret | undefined
  /** Subscriptions that PagerDuty had not confirmed when the time was up. */
  readonly pending: readonly SubscriptionPurpose[]
  /** Why it could not be looked at whether PagerDuty has confirmed; empty where it was looked at. */
  readonly unseen: readonly string[]
}

export interface ApplyOptions {
  readonly aws: Aws
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Seconds to wait for each confirmation. */
  readonly confirmTimeout: number
  /** Needed by plans that make something in PagerDuty. */
  readonly pagerduty: PagerDutyContext | undefined
  report(event: ApplyEvent): void
}

/** CloudWatch takes about three writes a second in a busy account; used from the first throttle on. */
const ALARM_GAP_MS = 350
const ALARM_WIDTH = 8

/** Before AWS is touched: a token that may not write then leaves nothing half made. */
const PAGERDUTY_FIRST: readonly Kind[] = ['pagerduty-service', 'integration']

/** Runs the changes of a plan that is neither blocked nor declined. Never throws for a failed change: the outcome says it. */
export async function apply(plan: Plan, options: ApplyOptions): Promise<ApplyOutcome> {
  const todo = plan.filter(({ action }) => action !== 'none' && action !== 'blocked')
  const progress = createLedger(todo, options)
  const writes = todo.filter(({ action }) => action !== 'delete')
  const ofKinds = (kinds: readonly Kind[]) => writes.filter(({ resource }) => kinds.includes(resource.kind))
  const inOrder = (...kinds: readonly Kind[]) => progress.series(ofKinds(kinds))
  await progress.series(ofKinds(PAGERDUTY_FIRST))
  // CloudTrail's pace, a write a second, is what a first run waits for; everything else is made meanwhile.
  const trail = inOrder('bucket', 'trail')
  const role = inOrder('role')
  // The role's policy remembers whether the log group is made here, so it comes first.
  const logGroup = role.then(() => inOrder('log-group'))
  await Promise.all([
    Promise.all([trail, logGroup]).then(() => inOrder('delivery')),
    logGroup.then(() => inOrder('metric-filter')),
    inOrder('topic', 'queue', 'subscription', 'email-subscription').then(() => progress.awaitConfirmation(plan)),
  ])
  // Alarms come last, so that their first real ALARM finds a confirmed subscription.
  await progress.alarms(ofKinds(['alarm']))
  // Shows what is there by then.
  await inOrder('dashboard')
  await progress.deletions(todo.filter(({ action }) => action === 'delete'))
  return progress.outcome()
}

interface Ledger {
  series(changes: readonly Change[]): Promise<void>
  awaitConfirmation(plan: Plan): Promise<void>
  alarms(changes: readonly Change[]): Promise<void>
  deletions(changes: readonly Change[]): Promise<void>
  outcome(): ApplyOutcome
}

/** Keeps what is done and what failed; after a failure or a signal nothing new begins, but what is under way ends. */
function createLedger(todo: readonly Change[], options: ApplyOptions): Ledger {
  const { aws, clock, signal } = options
  const done = new Set<Change>()
  const created = new Set<Change>()
  const arns = new Map<string, string>()
  const pending: SubscriptionPurpose[] = []
  const unseen: string[] = []
  const failures: FailedChange[] = []
  let outputs: Secret | undefined
  const cloudtrail = createCloudTrailPacer(clock)
  const stopped = () => failures.length > 0 || signal.aborted
  const runFor = (change: Change): ApplyContext => ({
    created(arn) {
      created.add(change)
      if (arn !== undefined && 'arn' in change.resource.spec) arns.set(change.resource.spec.arn, arn)
    },
    arnOf: (planned) => arns.get(planned) ?? planned,
    aws,
    clock,
    cloudtrail,
    waiting: (text) => options.report({ type: 'waiting', change, text }),
    pagerduty: options.pagerduty,
    output: (endpoint) => {
      outputs = endpoint
    },
    outputs,
  })

  async function attempt(changes: readonly Change[], work: (run: ApplyContext) => Promise<void>): Promise<void> {
    const [first] = changes
    if (first === undefined) return
    for (const change of changes) options.report({ type: 'started', change })
    try {
      await work(runFor(first))
      for (const change of changes) {
        done.add(change)
        if (change.action === 'create') created.add(change)
        options.report({ type: 'finished', change })
      }
    } catch (error) {
      failures.push({ change: first, error })
      options.report({ type: 'failed', change: first })
    }
  }

  return {
    async series(changes) {
      for (const change of changes) if (!stopped()) await attempt([change], (run) => carryOut(change, run))
    },
    async awaitConfirmation(plan) {
      if (stopped()) return
      await Promise.all(
        plan.map(async (change) => {
          const { resource } = change
          if (resource.kind !== 'subscription' || change.action === 'delete' || change.action === 'none') return
          options.report({ type: 'waiting', change, text: 'waiting for PagerDuty to confirm' })
          try {
            const endpoint = knownEndpoint(resource.spec, outputs)
            const { topicArn } = resource.spec
            const answer = await awaitConfirmation(aws, clock, topicArn, endpoint, options.confirmTimeout, signal)
            if (answer !== 'confirmed') pending.push(resource.spec.purpose)
            if (typeof answer === 'object') unseen.push(answer.unread)
            options.report({ type: answer === 'confirmed' ? 'confirmed' : 'pending', change })
          } catch (error) {
            if (!signal.aborted) failures.push({ change, error })
          }
        }),
      )
    },
    async alarms(changes) {
      const before = aws.throttles()
      const slow = createPacer(clock, ALARM_GAP_MS)
      await inParallel(changes, ALARM_WIDTH, (change) => {
        const put = (run: ApplyContext) => carryOut(change, run)
        if (stopped()) return Promise.resolve()
        return attempt([change], (run) => (aws.throttles() > before ? slow(() => put(run)) : put(run)))
      })
    },
    async deletions(changes) {
      if (stopped()) return
      for (const batch of batches(changes.filter((change) => !waitsFor(change, pending)))) {
        const failed = failures.map(({ change }) => change.resource)
        if (signal.aborted || batch.some(({ resource }) => failed.some((other) => restsOn(resource, other)))) continue
        const names = batch.map(({ resource }) => resource.name)
        const isAlarms = batch[0]?.resource.kind === 'alarm'
        await attempt(batch, async (run) => {
          if (isAlarms) await removeAlarms(names, run)
          else for (const change of batch) await carryOut(change, run)
        })
      }
    },
    outcome: () => ({
      done: todo.filter((change) => done.has(change)),
      created: todo.filter((change) => created.has(change)),
      arns,
      failed: failures[0],
      failures,
      remaining: todo.filter((change) => !done.has(change) && !failures.some((one) => one.change === change)),
      interrupted: signal.aborted,
      outputs,
      pending,
      unseen,
    }),
  }
}

/** Consecutive alarms go in one call, everything else alone. */
function batches(changes: readonly Change[]): readonly (readonly Change[])[] {
  const grouped: Change[][] = []
  for (const change of changes) {
    const last = grouped.at(-1)
    const joins =
      change.resource.kind === 'alarm' && last?.[0]?.resource.kind === 'alarm' && last.length < ALARMS_A_DELETE
    if (joins) last.push(change)
    else grouped.push([change])
  }
  return grouped
}

/** A replaced subscription goes only when its successor is confirmed; until then it is the one that pages. */
function waitsFor({ resource }: Change, pending: readonly SubscriptionPurpose[]): boolean {
  return resource.kind === 'subscription' && pending.includes(resource.spec.purpose)
}

function carryOut(change: Change, run: ApplyContext): Promise<void> {
  const { resource, action } = change
  const handler: LinkHandler<Kind> = handlers[resource.kind] as LinkHandler<Kind>
  if (action === 'delete') return handler.remove(resource as Resource<never>, run)
  return handler.write(resource as Resource<never>, action === 'create' ? 'create' : 'update', run)
}
