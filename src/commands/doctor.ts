/** `doctor`: finds every chain in the account and region, says what is broken, what it costs and what to do, and repairs it. */

import type { Aws } from '../aws/session.ts'
import { valueIfRead } from '../chain/inventory.ts'
import { logGroupNameOf } from '../chain/names.ts'
import { regionsOf } from '../chain/regions.ts'
import type { Repair } from '../chain/repair.ts'
import type { Deps } from '../deps.ts'
import type { Scope } from '../doctor/chains.ts'
import { findGraph, topicsOf } from '../doctor/chains.ts'
import { type Diagnosis, diagnose } from '../doctor/doctor.ts'
import { allHealthy, diagnosisJson, diagnosisJunit, diagnosisMarkdown, totals } from '../doctor/document.ts'
import type { Extras, Facts } from '../doctor/facts.ts'
import { gather, homeOf } from '../doctor/gather.ts'
import { gatherPagerDuty } from '../doctor/gather-pagerduty.ts'
import { repairsOf } from '../doctor/repairs.ts'
import { AppError, EXIT, type ExitCode, usage } from '../errors.ts'
import { inParallel } from '../links/pace.ts'
import { readTrails } from '../links/trail.ts'
import type { DoctorOptions } from '../options/options.ts'
import { showFindings } from '../terminal/show-findings.ts'
import { type RepairOutcome, repairAll } from './doctor-fix.ts'
import type { Report } from './report.ts'
import { openSession } from './session.ts'

/** One region as it was looked at. */
interface Look {
  readonly aws: Aws
  readonly facts: Facts
  readonly diagnosis: Diagnosis
}

export async function doctor(options: DoctorOptions, deps: Deps): Promise<Report> {
  if (options.fix === true && options.yes !== true && deps.prompter === undefined) throw nobodyToAsk()
  const started = deps.clock.now().getTime()
  const session = await openSession(options, deps)
  const scope = { trail: options.trail, logGroup: options.logGroup, topic: options.topic, alarm: options.alarm }
  const look = () => lookEverywhere(session, scope, options, deps)
  const before = await look()
  const repairs = options.fix === true ? plannedRepairs(before) : []
  const outcome = repairs.length === 0 ? undefined : await repairAll(repairs, options, deps)
  const after = outcome === undefined || outcome.done.length === 0 ? before : await look()
  const diagnoses = after.map(({ diagnosis }) => diagnosis)
  await writeFiles(diagnoses, options, deps)
  deps.progress.done('doctor', 'good', 'looked')
  const seconds = (deps.clock.now().getTime() - started) / 1000
  return doctorReport(diagnoses, outcome, { strict: options.strict === true, seconds })
}

function doctorReport(
  diagnoses: readonly Diagnosis[],
  outcome: RepairOutcome | undefined,
  { strict, seconds }: { strict: boolean; seconds: number },
): Report {
  const repairs = outcome === undefined ? {} : { repairs: outcome.told }
  const error = outcome?.failed
  const told =
    error === undefined ? {} : { error: { code: error.code, message: error.message, hint: error.hint ?? null } }
  return {
    exit: error === undefined ? exitOf(diagnoses, strict) : error.exit,
    json: { ...diagnosisJson(diagnoses), ...repairs, ...told },
    text: (theme, width) => {
      const shown = showFindings(diagnoses, theme, width, { seconds })
      return error === undefined ? shown : `${theme.mark('bad')} ${error.message}\n\n${shown}`
    },
  }
}

function exitOf(diagnoses: readonly Diagnosis[], strict: boolean): ExitCode {
  if (diagnoses.every(({ denied }) => denied)) return EXIT.access
  const warned = strict && totals(diagnoses).warn > 0
  return allHealthy(diagnoses) && !warned ? EXIT.done : EXIT.findings
}

async function lookEverywhere(
  session: Aws,
  scope: Scope,
  options: DoctorOptions,
  deps: Deps,
): Promise<readonly Look[]> {
  if (options.allRegions !== true) return [await lookHome(session, scope, deps)]
  const regions = regionsOf(session.identity.partition, session.region)
  const looks = await inParallel(regions, REGIONS_AT_A_TIME, (region) => lookIfEnabled(session, region, scope, deps))
  const found = looks.filter((look) => look !== undefined)
  const judged = found.map((look) => judge(look.aws, withElsewhere(look, found), scope))
  const inhabited = judged.filter(({ diagnosis }) => diagnosis.chains.length > 0)
  return inhabited.length > 0 ? inhabited : judged.slice(0, 1)
}

/** Regions are independent, and each has call rates of its own. */
const REGIONS_AT_A_TIME = 6

async function lookHome(session: Aws, scope: Scope, deps: Deps): Promise<Look> {
  deps.progress.working('doctor', 'trails')
  const trails = await readTrails(session)
  const home = homeOf(trails, scope, session.region, session.identity.account)
  if (home === session.region) return lookAt(session, scope, deps, trails)
  deps.progress.note(`the trail lives in ${home}, and so does its chain: looking there`)
  return lookAt(session.inRegion(home), scope, deps, trails)
}

/** A region that is not enabled answers that the credentials are wrong, which they are not. */
async function lookIfEnabled(session: Aws, region: string, scope: Scope, deps: Deps): Promise<Look | undefined> {
  try {
    return await lookAt(session.inRegion(region), scope, deps)
  } catch (error) {
    if (!(error instanceof AppError) || region === session.region) throw error
    deps.progress.note(`${region} was not looked at: ${error.message}`)
    return undefined
  }
}

async function lookAt(
  aws: Aws,
  scope: Scope,
  deps: Deps,
  trails?: Awaited<ReturnType<typeof readTrails>>,
): Promise<Look> {
  const { eventsUrl } = deps
  const facts = await gather(aws, scope, {
    now: deps.clock.now(),
    eventsUrl,
    ...(trails === undefined ? {} : { trails }),
    working: (text) => deps.progress.working('doctor', `${aws.region}  ${text}`),
  })
  if (trails !== undefined) requireNamed(facts, scope)
  const pagerduty = await pagerDutyOf(facts, scope, deps)
  return judge(aws, { ...facts, extras: { ...facts.extras, ...pagerduty } }, scope)
}

async function pagerDutyOf(facts: Facts, scope: Scope, deps: Deps): Promise<Extras> {
  if (deps.connectPagerDuty === undefined) return {}
  const { subscriptions } = findGraph(facts, scope)
  try {
    deps.progress.working('doctor', 'PagerDuty')
    const { client, serviceRegion } = await deps.connectPagerDuty()
    return { pagerduty: await gatherPagerDuty(client, serviceRegion, subscriptions, deps.eventsUrl) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { pagerduty: { state: 'unreadable', why: error.message, denied: true } }
  }
}

/** A name that is nowhere is a slip of the pen, not an account without a chain. */
function requireNamed({ inventory }: Facts, scope: Scope): void {
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

function requireOne(kind: string, wanted: string | undefined, known: readonly string[] | undefined): void {
  if (wanted === undefined || known === undefined || known.includes(wanted)) return
  const names = [...new Set(known.filter((name) => !name.startsWith('arn:')))]
  const hint = names.length === 0 ? `there is no ${kind} at all` : `there is: ${names.slice(0, 10).join(', ')}`
  throw usage(`no-such-${kind.replace(' ', '-')}`, `there is no ${kind} "${wanted}" on the way to a page`, hint)
}

function judge(aws: Aws, facts: Facts, scope: Scope): Look {
  return { aws, facts, diagnosis: diagnose(facts, scope) }
}

/** Alarms that other regions have under the same names: PagerDuty would take them for one. */
function withElsewhere({ aws, facts }: Look, looks: readonly Look[]): Facts {
  const elsewhere = looks
    .filter((other) => other.aws.region !== aws.region)
    .flatMap(({ diagnosis }) =>
      diagnosis.chains.flatMap(({ alarm }) =>
        alarm === undefined ? [] : [{ name: alarm.name, account: diagnosis.account, region: diagnosis.region }],
      ),
    )
  return { ...facts, extras: { ...facts.extras, elsewhere: { state: 'read', value: elsewhere } } }
}

function plannedRepairs(looks: readonly Look[]): readonly { aws: Aws; repair: Repair }[] {
  return looks.flatMap(({ aws, diagnosis }) => repairsOf(diagnosis.findings).map((repair) => ({ aws, repair })))
}

async function writeFiles(diagnoses: readonly Diagnosis[], options: DoctorOptions, deps: Deps): Promise<void> {
  const strict = options.strict === true
  if (options.junit !== undefined) await deps.files.write(options.junit, diagnosisJunit(diagnoses, strict))
  if (options.report !== undefined)
    await deps.files.write(options.report, diagnosisMarkdown(diagnoses, deps.clock.now()))
}

function nobodyToAsk(): AppError {
  return usage(
    'no-terminal',
    'a repair has to be approved, and there is no terminal to ask at',
    'pass --yes to approve',
  )
}
