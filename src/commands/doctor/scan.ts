/** Looks at one account and region: gathers, asks PagerDuty, judges. */

import { readLastWrites } from '../../aws/readers/last-writes.ts'
import { readTrails } from '../../aws/resources/trail.ts'
import type { Aws } from '../../aws/session.ts'
import type { CommandContext } from '../../context.ts'
import type { Diagnostics, Gathered } from '../../doctor/account.ts'
import { changedSinceMade } from '../../doctor/chosen.ts'
import { type Diagnosis, diagnose } from '../../doctor/diagnose.ts'
import { gather, homeOf } from '../../doctor/gather.ts'
import { gatherPagerDuty } from '../../doctor/gather-pagerduty.ts'
import type { Scope } from '../../doctor/graph.ts'
import { chainGraph, topicsOf } from '../../doctor/graph.ts'
import { logGroupNameOf } from '../../domain/names.ts'
import { type Reading, type TrailSnapshot, valueIfRead } from '../../domain/snapshot.ts'
import { AppError, usage } from '../../errors.ts'
import { nearestNames } from '../../spelling.ts'

/** One place as it was looked at. */
export interface Scan {
  readonly aws: Aws
  readonly gathered: Gathered
  readonly diagnosis: Diagnosis
}

/** How a look says what it is doing. */
export type OnProgress = (text: string) => void

/** Looks where the chain of the session's account has to be: in the home region of its trail. */
export async function scanHome(
  session: Aws,
  scope: Scope,
  context: CommandContext,
  working: OnProgress,
): Promise<Scan> {
  working('trails')
  const trails = await readTrails(session)
  const home = homeOf(trails, scope, session.region, session.identity.account)
  if (home === session.region) return scanTarget(session, scope, context, working, trails)
  context.progress.note(`the trail's home region is ${home}: checking its chain there`)
  return scanTarget(session.inRegion(home), scope, context, working, trails)
}

/** `trails`: when they are known already. */
export async function scanTarget(
  aws: Aws,
  scope: Scope,
  context: CommandContext,
  working: OnProgress,
  trails?: Reading<readonly TrailSnapshot[]>,
): Promise<Scan> {
  const gathered = await gather(aws, scope, {
    now: context.clock.now(),
    working,
    ...(trails === undefined ? {} : { trails }),
  })
  const pagerduty = await pagerDutyOf(gathered, scope, context, working)
  const writes = await lastWritesOf(aws, gathered, scope, context, working)
  return judge(aws, { ...gathered, diagnostics: { ...gathered.diagnostics, ...pagerduty, ...writes } }, scope)
}

export function judge(aws: Aws, gathered: Gathered, scope: Scope): Scan {
  return { aws, gathered, diagnosis: diagnose(gathered, scope) }
}

/** A name that is nowhere is a slip of the pen, not an account without a chain. */
export function requireNamed({ snapshot }: Gathered, scope: Scope): void {
  const trails = valueIfRead(snapshot.trails)?.flatMap(({ name, arn }) => [name, arn])
  const alarms = valueIfRead(snapshot.alarms)
  const filters = valueIfRead(snapshot.metricFilters)
  const topics = alarms?.flatMap(topicsOf).flatMap((arn) => [arn, arn.slice(arn.lastIndexOf(':') + 1)])
  const groups = [...(filters ?? []).map(({ logGroup }) => logGroup), ...snapshot.logGroups.keys()]
  requireOne('trail', scope.trail, trails)
  requireOne(
    'alarm',
    scope.alarm,
    alarms?.flatMap(({ name, arn }) => [name, arn]),
  )
  requireOne('topic', scope.topic, topics)
  requireOne('log group', scope.logGroup && (logGroupNameOf(scope.logGroup) ?? scope.logGroup), filters && groups)
}

/** Asks nothing where everything is as init made it, and every alarm acts. */
async function lastWritesOf(
  aws: Aws,
  gathered: Gathered,
  scope: Scope,
  { clock, signal }: CommandContext,
  working: OnProgress,
): Promise<Diagnostics> {
  const graph = chainGraph(gathered, scope)
  const { alarms, filters } = changedSinceMade(graph)
  const disabled = graph.alarms.flatMap(({ name, actionsEnabled }) => (actionsEnabled ? [] : [name]))
  if (alarms.length + filters.length + disabled.length === 0) return {}
  working('who changed what init made')
  const writes = alarms.map(({ name, configured }) => ({ name, at: configured }))
  return { lastWrites: await readLastWrites(aws, { alarms: writes, filters, disabled }, { clock, signal }) }
}

async function pagerDutyOf(
  gathered: Gathered,
  scope: Scope,
  context: CommandContext,
  working: OnProgress,
): Promise<Diagnostics> {
  if (context.connectPagerDuty === undefined) return {}
  const { subscriptions } = chainGraph(gathered, scope)
  try {
    working('PagerDuty')
    const { client, serviceRegion } = await context.connectPagerDuty()
    return { pagerduty: await gatherPagerDuty(client, serviceRegion, subscriptions) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { pagerduty: { state: 'unreadable', why: error.message, denied: true } }
  }
}

const NO_SUCH = {
  trail: 'no-such-trail',
  'log group': 'no-such-log-group',
  topic: 'no-such-topic',
  alarm: 'no-such-alarm',
} as const

type NamedKind = keyof typeof NO_SUCH

function requireOne(kind: NamedKind, wanted: string | undefined, known: readonly string[] | undefined): void {
  if (wanted === undefined || known === undefined || known.includes(wanted)) return
  const names = [...new Set(known.filter((name) => !name.startsWith('arn:')))]
  throw usage(
    NO_SUCH[kind],
    `no ${kind} named "${wanted}" is connected to PagerDuty`,
    namesInstead(kind, wanted, names),
  )
}

function namesInstead(kind: NamedKind, wanted: string, names: readonly string[]): string {
  const near = nearestNames(wanted.slice(wanted.search(/[^:/]*$/)), names)
  if (near.length > 0) return `did you mean ${near.join(' or ')}?`
  if (names.length === 0) return `the account has no ${kind} in this region`
  const [shown, more] = [names.slice(0, NAMES_SHOWN), names.length - NAMES_SHOWN]
  return `there is: ${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}`
}

const NAMES_SHOWN = 10
