/** The places that `doctor` looks at, side by side: one home, every region, every account of the organization. */

import { inParallel } from '../../aws/pacing.ts'
import { assumeIn, type MemberAccount, readAccounts } from '../../aws/readers/organization.ts'
import type { Aws } from '../../aws/session.ts'
import type { CommandContext } from '../../context.ts'
import type { AlarmElsewhere } from '../../doctor/account.ts'
import { type Diagnosis, unseen, withoutChain } from '../../doctor/diagnose.ts'
import type { Scope } from '../../doctor/graph.ts'
import { regionsOf } from '../../domain/regions.ts'
import { valueIfRead } from '../../domain/snapshot.ts'
import { AppError } from '../../errors.ts'
import type { DoctorOptions } from '../../options/command-options.ts'
import type { ProgressFile } from './progress-file.ts'
import { judge, requireNamed, type Scan, scanHome, scanTarget } from './scan.ts'

/** The accounts that let us in, the caller's own first, and those that did not. */
export interface Accounts {
  readonly sessions: readonly Aws[]
  readonly unseen: readonly Diagnosis[]
}

/** What was found in all places. */
export interface ScanResult {
  /** Places with a chain; where there is none, the first place. */
  readonly scans: readonly Scan[]
  /** Places without a chain, and those that could not be looked at. */
  readonly others: readonly Diagnosis[]
}

/** Places are independent, and each has call rates of its own. */
const PLACES_AT_A_TIME = 12

/** The caller's account, and with `--accounts` a session in every other one of the organization. */
export async function openAccounts(session: Aws, options: DoctorOptions, context: CommandContext): Promise<Accounts> {
  const role = options.accounts
  if (role === undefined) return { sessions: [session], unseen: [] }
  context.progress.working('doctor', 'accounts of the organization')
  const listed = await readAccounts(session)
  const others = listed.filter(({ id }) => id !== session.identity.account)
  const opened = await inParallel(others, PLACES_AT_A_TIME, (account) => enter(session, account, role, context))
  return {
    sessions: [session, ...opened.filter((one) => 'client' in one)],
    unseen: opened.filter((one) => 'findings' in one),
  }
}

/** Looks at every place; the order of the places is kept. */
export async function scanTargets(
  accounts: Accounts,
  scope: Scope,
  options: DoctorOptions,
  context: CommandContext,
  file?: ProgressFile,
): Promise<ScanResult> {
  const [session, ...others] = accounts.sessions
  if (session === undefined) return { scans: [], others: accounts.unseen }
  if (options.allRegions !== true && others.length === 0 && file === undefined) {
    const scan = await scanHome(session, scope, context, (text) => context.progress.working('doctor', text))
    requireNamed(scan.gathered, scope)
    return { scans: [scan], others: accounts.unseen }
  }
  const targets = accounts.sessions.flatMap((one) =>
    options.allRegions === true
      ? regionsOf(one.identity.partition, one.region).map((region) => one.inRegion(region))
      : [one],
  )
  const seen = await lookEach(targets, { scope, options, file }, context)
  const scans = seen.filter((one) => 'gathered' in one)
  const namesakes = namesakesOf(scans)
  const judged = scans.map((scan) => judge(scan.aws, withElsewhere(scan, namesakes), scope))
  const inhabited = judged.filter(hasChain)
  const rest = seen.filter((one) => 'findings' in one).map((one) => (one.chains.length > 0 ? one : withoutChain(one)))
  const isNowhere = inhabited.length === 0 && rest.every(({ chains }) => chains.length === 0)
  const reported = new Set(isNowhere ? judged.slice(0, 1) : inhabited)
  const blank = judged.filter((scan) => !reported.has(scan)).map(({ diagnosis }) => withoutChain(diagnosis))
  return { scans: [...reported], others: [...blank, ...rest, ...accounts.unseen] }
}

interface Look {
  readonly scope: Scope
  readonly options: DoctorOptions
  readonly file: ProgressFile | undefined
}

/** Looks with at most so many under way; of a place that shows nothing, only why is kept. */
async function lookEach(
  targets: readonly Aws[],
  { scope, options, file }: Look,
  context: CommandContext,
): Promise<readonly (Scan | Diagnosis)[]> {
  let done = 0
  const onProgress = () => context.progress.working('doctor', `${done} of ${targets.length} places`)
  onProgress()
  const scan = async (target: Aws): Promise<Scan> => {
    // A session of its own, let go with its clients after the look: those of thousands of places are more than memory should hold.
    const passing = target.inRegion(target.region)
    const found = await (options.allRegions === true
      ? scanTarget(passing, scope, context, () => {})
      : scanHome(passing, scope, context, () => {}))
    return { ...found, aws: target.inRegion(found.aws.region) }
  }
  return inParallel(targets, PLACES_AT_A_TIME, async (target) => {
    context.signal.throwIfAborted()
    const place = { account: target.identity.account, region: target.region }
    const known = file?.found(place)
    const found = known ?? (await orUnseen(target, targets[0], () => scan(target)))
    if (known === undefined) await file?.keep(place, 'gathered' in found ? found.diagnosis : found)
    done += 1
    onProgress()
    return found
  })
}

/** A region that is not enabled answers that the credentials are wrong, which they are not: those of the first place work. */
async function orUnseen(target: Aws, first: Aws | undefined, scan: () => Promise<Scan>): Promise<Scan | Diagnosis> {
  try {
    const found = await scan()
    const why = whyBlind(found)
    return hasChain(found) || why === undefined || target === first ? found : notSeen(target, why)
  } catch (error) {
    if (!(error instanceof AppError) || target === first) throw error
    return notSeen(target, `not enabled, or not for these credentials (${error.message})`)
  }
}

/** Where a list could not be read and nothing was found, it is not known that there is nothing. */
function whyBlind({ gathered: { snapshot } }: Scan): string | undefined {
  const { trails, metricFilters, alarms } = snapshot
  const why = [trails, metricFilters, alarms].flatMap((one) => (one.state === 'unreadable' ? [one.why] : []))
  return why[0]
}

function notSeen({ identity: { account }, region }: Aws, why: string): Diagnosis {
  return unseen({ account, region }, region, why)
}

async function enter(
  session: Aws,
  { id, active }: MemberAccount,
  role: string,
  context: CommandContext,
): Promise<Aws | Diagnosis> {
  context.signal.throwIfAborted()
  const target = { account: id, region: session.region }
  if (!active) return unseen(target, id, 'the account is suspended or being closed')
  try {
    return await assumeIn(session, id, role)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return unseen(target, id, `the role ${role} could not be assumed there (${error.message})`)
  }
}

function hasChain({ diagnosis }: Scan): boolean {
  return diagnosis.chains.length > 0
}

/** Alarms of chains by their names, with the scan that found each: names are looked up, because places times places are too many to hold. */
function namesakesOf(scans: readonly Scan[]): ReadonlyMap<string, readonly Namesake[]> {
  const found = new Map<string, Namesake[]>()
  for (const scan of scans) {
    const { account, region, chains } = scan.diagnosis
    for (const { alarm, endpoint } of chains) {
      if (alarm === undefined || endpoint === undefined) continue
      const namesake = { scan, alarm: { name: alarm.name, account, region, endpoints: [endpoint] } }
      const others = found.get(alarm.name)
      if (others === undefined) found.set(alarm.name, [namesake])
      else others.push(namesake)
    }
  }
  return found
}

interface Namesake {
  readonly scan: Scan
  readonly alarm: AlarmElsewhere
}

/** Alarms that other places have under the same names: PagerDuty would take them for one. */
function withElsewhere(scan: Scan, namesakes: ReadonlyMap<string, readonly Namesake[]>): Scan['gathered'] {
  const names = new Set((valueIfRead(scan.gathered.snapshot.alarms) ?? []).map(({ name }) => name))
  const value = [...names].flatMap((name) =>
    (namesakes.get(name) ?? []).filter((one) => one.scan !== scan).map(({ alarm }) => alarm),
  )
  return { ...scan.gathered, diagnostics: { ...scan.gathered.diagnostics, elsewhere: { state: 'read', value } } }
}
