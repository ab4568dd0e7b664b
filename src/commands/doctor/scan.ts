/** Looks at one account and region: gathers, asks PagerDuty, judges. */

import { readTrails } from '../../aws/resources/trail.ts'
import type { Aws } from '../../aws/session.ts'
import type { Deps } from '../../context.ts'
import type { Extras, Facts } from '../../doctor/account.ts'
import { type Diagnosis, diagnose } from '../../doctor/diagnose.ts'
import { gather, homeOf } from '../../doctor/gather.ts'
import { gatherPagerDuty } from '../../doctor/gather-pagerduty.ts'
import type { Scope } from '../../doctor/graph.ts'
import { findGraph, topicsOf } from '../../doctor/graph.ts'
import { logGroupNameOf } from '../../domain/names.ts'
import { type Reading, type TrailFact, valueIfRead } from '../../domain/snapshot.ts'
import { AppError, usage } from '../../errors.ts'

/** One place as it was looked at. */
export interface Look {
  readonly aws: Aws
  readonly facts: Facts
  readonly diagnosis: Diagnosis
}

/** How a look says what it is doing. */
export type Working = (text: string) => void

/** Looks where the chain of the session's account has to be: in the home region of its trail. */
export async function lookHome(session: Aws, scope: Scope, deps: Deps, working: Working): Promise<Look> {
  working('trails')
  const trails = await readTrails(session)
  const home = homeOf(trails, scope, session.region, session.identity.account)
  if (home === session.region) return lookAt(session, scope, deps, working, trails)
  deps.progress.note(`the trail lives in ${home}, and so does its chain: looking there`)
  return lookAt(session.inRegion(home), scope, deps, working, trails)
}

/** `trails`: when they are known already. */
export async function lookAt(
  aws: Aws,
  scope: Scope,
  deps: Deps,
  working: Working,
  trails?: Reading<readonly TrailFact[]>,
): Promise<Look> {
  const { eventsUrl } = deps
  const facts = await gather(aws, scope, {
    now: deps.clock.now(),
    eventsUrl,
    working,
    ...(trails === undefined ? {} : { trails }),
  })
  const pagerduty = await pagerDutyOf(facts, scope, deps, working)
  return judge(aws, { ...facts, extras: { ...facts.extras, ...pagerduty } }, scope)
}

export function judge(aws: Aws, facts: Facts, scope: Scope): Look {
  return { aws, facts, diagnosis: diagnose(facts, scope) }
}

/** A name that is nowhere is a slip of the pen, not an account without a chain. */
export function requireNamed({ inventory }: Facts, scope: Scope): void {
  const trails = valueIfRead(inventory.trails)?.flatMap(({ name, arn }) => [name, arn])
  const alarms = valueIfRead(inventory.alarms)
  const filters = valueIfRead(inventory.metricFilters)
  const topics = alarms?.flatMap(topicsOf).flatMap((arn) => [arn, arn.slice(arn.lastIndexOf(':') + 1)])
  const groups = [...(filters ?? []).map(({ logGroup }) => logGroup), ...inventory.logGroups.keys()]
  requireOne('trail', scope.trail, trails)
  requireOne(
    'alarm',
    scope.alarm,
    alarms?.flatMap(({ name, arn }) => [name, arn]),
  )
  requireOne('topic', scope.topic, topics)
  requireOne('log group', scope.logGroup && (logGroupNameOf(scope.logGroup) ?? scope.logGroup), filters && groups)
}

async function pagerDutyOf(facts: Facts, scope: Scope, deps: Deps, working: Working): Promise<Extras> {
  if (deps.connectPagerDuty === undefined) return {}
  const { subscriptions } = findGraph(facts, scope)
  try {
    working('PagerDuty')
    const { client, serviceRegion } = await deps.connectPagerDuty()
    return { pagerduty: await gatherPagerDuty(client, serviceRegion, subscriptions, deps.eventsUrl) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { pagerduty: { state: 'unreadable', why: error.message, denied: true } }
  }
}

function requireOne(kind: string, wanted: string | undefined, known: readonly string[] | undefined): void {
  if (wanted === undefined || known === undefined || known.includes(wanted)) return
  const names = [...new Set(known.filter((name) => !name.startsWith('arn:')))]
  const hint = names.length === 0 ? `there is no ${kind} at all` : `there is: ${names.slice(0, 10).join(', ')}`
  throw usage(`no-such-${kind.replace(' ', '-')}`, `there is no ${kind} "${wanted}" on the way to a page`, hint)
}
