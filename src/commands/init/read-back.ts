/** What is there after the writes, and what is still to change. */

import { pollUntil, readBackPolicy } from '../../aws/pacing.ts'
import type { PagerDutyContext } from '../../aws/resources/handler.ts'
import { siteOf } from '../../aws/site.ts'
import type { CommandContext } from '../../context.ts'
import { addressOf } from '../../domain/resources.ts'
import type { Snapshot } from '../../domain/snapshot.ts'
import { notificationNames } from '../../plan/chain-names.ts'
import { currentState } from '../../plan/current-state.ts'
import { desired } from '../../plan/desired.ts'
import { type Change, isOpen, type Plan, plan } from '../../plan/plan.ts'
import type { Decided } from './decide.ts'
import { endpointsOf } from './endpoints.ts'
import { readChain } from './read-chain.ts'
import { listTrails } from './trails.ts'

/** What is there after the writes, and what the wish would still change. */
export interface ReadBack {
  readonly snapshot: Snapshot
  readonly plan: Plan
}

/**
 * Observes again and plans again until nothing but a pending subscription is left, for up to 30 s.
 * What the plan still wants then was not done, whatever the calls answered.
 */
export async function readBack(
  decided: Decided,
  context: Pick<CommandContext, 'clock' | 'signal'>,
  pagerduty: PagerDutyContext | undefined,
): Promise<ReadBack> {
  const hasOpenChanges = ({ plan }: ReadBack) => plan.some(isOpen)
  const policy = { ...readBackPolicy, signal: context.signal }
  return pollUntil(
    context.clock,
    policy,
    () => lookAgain(decided, pagerduty),
    (seen) => !hasOpenChanges(seen),
  )
}

/**
 * What a stopped run left behind unseen: changes that were to create something, were not seen to, and whose resource
 * stands now, because the answer of the call was lost. Rejects where the account cannot be read.
 */
export async function createdUnseen(
  decided: Decided,
  created: readonly Change[],
  pagerduty: PagerDutyContext | undefined,
): Promise<readonly Change[]> {
  const missing = decided.plan.filter((change) => change.action === 'create' && !created.includes(change))
  if (missing.length === 0) return []
  const now = await lookAgain(decided, pagerduty)
  const open = new Set(now.plan.flatMap(({ action, resource }) => (action === 'create' ? addressOf(resource) : [])))
  return missing.filter(({ resource }) => !open.has(addressOf(resource)))
}

async function lookAgain(decided: Decided, pagerduty: PagerDutyContext | undefined): Promise<ReadBack> {
  const { aws, setup } = decided
  const [trails, seen] = await Promise.all([listTrails(aws), readChain(setup, aws, decided.choice, [], pagerduty)])
  const snapshot: Snapshot = { ...seen, trails: { state: 'read', value: trails } }
  const endpoints = endpointsOf(setup, snapshot, notificationNames(setup, siteOf(aws)))
  const wanted = desired(setup, snapshot, decided.choice, endpoints)
  return { snapshot, plan: plan(wanted, currentState(snapshot, wanted, setup.name)) }
}
