/** The places that `doctor` looks at, side by side: one home, every region, every account of the organization. */

import { inParallel } from '../../aws/pacing.ts'
import { assumeIn, type MemberAccount, readAccounts } from '../../aws/readers/organization.ts'
import type { Aws } from '../../aws/session.ts'
import type { Deps } from '../../context.ts'
import { type Diagnosis, unseen, withoutChain } from '../../doctor/diagnose.ts'
import type { Scope } from '../../doctor/graph.ts'
import { regionsOf } from '../../domain/regions.ts'
import { AppError } from '../../errors.ts'
import type { DoctorOptions } from '../../options/command-options.ts'
import { judge, type Look, lookAt, lookHome, requireNamed } from './scan.ts'

/** The accounts that let us in, the caller's own first, and those that did not. */
export interface Accounts {
  readonly sessions: readonly Aws[]
  readonly unseen: readonly Diagnosis[]
}

/** What was found in all places. */
export interface Survey {
  /** Places with a chain; where there is none, the first place. */
  readonly looks: readonly Look[]
  /** Places without a chain, and those that could not be looked at. */
  readonly others: readonly Diagnosis[]
}

/** Places are independent, and each has call rates of its own. */
const PLACES_AT_A_TIME = 6

/** The caller's account, and with `--accounts` a session in every other one of the organization. */
export async function openAccounts(session: Aws, options: DoctorOptions, deps: Deps): Promise<Accounts> {
  const role = options.accounts
  if (role === undefined) return { sessions: [session], unseen: [] }
  deps.progress.working('doctor', 'accounts of the organization')
  const listed = await readAccounts(session)
  const others = listed.filter(({ id }) => id !== session.identity.account)
  const opened = await inParallel(others, PLACES_AT_A_TIME, (account) => enter(session, account, role, deps))
  return {
    sessions: [session, ...opened.filter((one) => 'client' in one)],
    unseen: opened.filter((one) => 'findings' in one),
  }
}

/** Looks at every place; the order of the places is kept. */
export async function survey(accounts: Accounts, scope: Scope, options: DoctorOptions, deps: Deps): Promise<Survey> {
  const [session, ...others] = accounts.sessions
  if (session === undefined) return { looks: [], others: accounts.unseen }
  if (options.allRegions !== true && others.length === 0) {
    const look = await lookHome(session, scope, deps, (text) => deps.progress.working('doctor', text))
    requireNamed(look.facts, scope)
    return { looks: [look], others: accounts.unseen }
  }
  const places = accounts.sessions.flatMap((one) =>
    options.allRegions === true
      ? regionsOf(one.identity.partition, one.region).map((region) => one.inRegion(region))
      : [one],
  )
  const seen = await lookEach(places, scope, options, deps)
  const looks = seen.filter((one) => 'facts' in one)
  const judged = looks.map((look) => judge(look.aws, withElsewhere(look, looks), scope))
  const inhabited = judged.filter(hasChain)
  const told = inhabited.length > 0 ? inhabited : judged.slice(0, 1)
  const blank = judged.filter((look) => !told.includes(look)).map(({ diagnosis }) => withoutChain(diagnosis))
  return { looks: told, others: [...blank, ...seen.filter((one) => 'findings' in one), ...accounts.unseen] }
}

/** Looks with at most so many under way; of a place that shows nothing, only why is kept. */
async function lookEach(
  places: readonly Aws[],
  scope: Scope,
  options: DoctorOptions,
  deps: Deps,
): Promise<readonly (Look | Diagnosis)[]> {
  let done = 0
  const say = () => deps.progress.working('doctor', `${done} of ${places.length} places`)
  say()
  const look = (place: Aws) =>
    options.allRegions === true ? lookAt(place, scope, deps, () => {}) : lookHome(place, scope, deps, () => {})
  return inParallel(places, PLACES_AT_A_TIME, async (place) => {
    deps.signal.throwIfAborted()
    const found = await orUnseen(place, places[0], () => look(place))
    done += 1
    say()
    return found
  })
}

/** A region that is not enabled answers that the credentials are wrong, which they are not: those of the first place work. */
async function orUnseen(place: Aws, first: Aws | undefined, look: () => Promise<Look>): Promise<Look | Diagnosis> {
  try {
    const found = await look()
    const why = whyBlind(found)
    return hasChain(found) || why === undefined || place === first ? found : notSeen(place, why)
  } catch (error) {
    if (!(error instanceof AppError) || place === first) throw error
    return notSeen(place, `not enabled, or not for these credentials (${error.message})`)
  }
}

/** Where a list could not be read and nothing was found, it is not known that there is nothing. */
function whyBlind({ facts: { inventory } }: Look): string | undefined {
  const { trails, metricFilters, alarms } = inventory
  const why = [trails, metricFilters, alarms].flatMap((one) => (one.state === 'unreadable' ? [one.why] : []))
  return why[0]
}

function notSeen({ identity: { account }, region }: Aws, why: string): Diagnosis {
  return unseen({ account, region }, region, why)
}

async function enter(session: Aws, { id, active }: MemberAccount, role: string, deps: Deps): Promise<Aws | Diagnosis> {
  deps.signal.throwIfAborted()
  const place = { account: id, region: session.region }
  if (!active) return unseen(place, id, 'the account is suspended or being closed')
  try {
    return await assumeIn(session, id, role)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return unseen(place, id, `the role ${role} could not be assumed there (${error.message})`)
  }
}

function hasChain({ diagnosis }: Look): boolean {
  return diagnosis.chains.length > 0
}

/** Alarms that other places have under the same names: PagerDuty would take them for one. */
function withElsewhere(look: Look, looks: readonly Look[]): Look['facts'] {
  const value = looks
    .filter((other) => other !== look)
    .flatMap(({ diagnosis: { account, region, chains } }) =>
      chains.flatMap(({ alarm }) => (alarm === undefined ? [] : [{ name: alarm.name, account, region }])),
    )
  return { ...look.facts, extras: { ...look.facts.extras, elsewhere: { state: 'read', value } } }
}
