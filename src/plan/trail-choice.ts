/** Which trail feeds the chain, and why: a decision over all trails that were read, before anything is written. */

import { chainNames, parseArn, type Site } from '../domain/names.ts'
import { type TrailSnapshot, valueIfRead } from '../domain/snapshot.ts'
import { AppError, EXIT, usage } from '../errors.ts'
import { blindSpots } from './coverage.ts'
import type { TrailSetup } from './setup.ts'
import { type TrailFault, trailFaultText } from './trail-faults.ts'

export type TrailChoice =
  /** An existing trail, used as it is, perhaps with a delivery added. */
  | {
      readonly how: 'reuse'
      readonly trail: TrailSnapshot
      readonly why: readonly string[]
      readonly notes: readonly string[]
    }
  /** A trail of our own: made now, or made by an earlier run and converged. */
  | {
      readonly how: 'own'
      readonly name: string
      readonly bucket: string
      readonly region: string
      /** Of every account of the organization. */
      readonly organization: boolean
      /** The account that it belongs to, where that is not the caller's: a delegated administrator's trail is the management account's. */
      readonly owner?: string | undefined
      readonly notes: readonly string[]
    }

/** Trails in one region, those of other home regions that are multi-region counted (CloudTrail quotas; fixed). */
const TRAIL_QUOTA = 5

/** The region that everything follows: the home region of the trail. */
export function regionOf(choice: TrailChoice): string {
  return choice.how === 'own' ? choice.region : choice.trail.homeRegion
}

/** That everything is made elsewhere than where the run began, one sentence; empty where it is not. */
export function homeRegionNotes(choice: TrailChoice, region: string): readonly string[] {
  const home = regionOf(choice)
  const name = choice.how === 'own' ? choice.name : choice.trail.name
  return home === region ? [] : [`trail ${name} is in ${home}: all resources are created there, not in ${region}`]
}

/** Which trail the events come from and why it was taken; undefined for a trail of our own. */
export function whyThisTrail(choice: TrailChoice): string | undefined {
  return choice.how === 'own' ? undefined : `events come from trail ${choice.trail.name}: ${choice.why.join(', ')}`
}

/** A named trail is taken when it can carry the events at all; otherwise the best that has no fault. Throws a usage error (exit 2) with the reasons. */
export function chooseTrail(
  trailSetup: TrailSetup,
  trails: readonly TrailSnapshot[],
  site: Site,
  prefix: string,
): TrailChoice {
  switch (trailSetup.how) {
    case 'create':
      return own(trailSetup, trailSetup.bucket ?? chainNames(prefix, site).bucket, trails, site)
    case 'existing':
      return named(trailSetup, trails, site, prefix)
    case 'best':
      return best(trailSetup, trails, site, prefix)
  }
}

/** What stops a trail from feeding the chain; empty when nothing does. */
export function trailFaults(trail: TrailSnapshot, site: Site): readonly TrailFault[] {
  // A delegated administrator keeps the log group of the organization's trail in an account of its own (CloudTrail user guide).
  if (trail.account !== site.account && ownLogGroup(trail, site) !== true) return ['other-account']
  const faults: TrailFault[] = []
  if (!trail.multiRegion) faults.push('one-region')
  const status = valueIfRead(trail.status)
  const selectors = valueIfRead(trail.selectors)
  if (status === undefined) faults.push('status-unreadable')
  else if (!status.logging) faults.push('not-logging')
  if (selectors === undefined) faults.push('selectors-unreadable')
  else faults.push(...blindSpots(selectors))
  return faults
}

/** Control Tower's own trail: service control policies deny every change to it (field case C49). */
export function isControlTower(trail: Pick<TrailSnapshot, 'name'>): boolean {
  return trail.name.startsWith('aws-controltower')
}

/** Whether the trail's log group is one that this account may put filters on; undefined when it has none. */
export function ownLogGroup(trail: TrailSnapshot, site: Site): boolean | undefined {
  if (trail.logGroupArn === undefined) return undefined
  return parseArn(trail.logGroupArn)?.account === site.account
}

/** What the trail of our own is to be. */
type OwnTrail = Pick<TrailSetup, 'organization'> & { readonly name: string }

function own(selection: OwnTrail, bucket: string, trails: readonly TrailSnapshot[], site: Site): TrailChoice {
  const { name } = selection
  const present = trails.find(
    (trail) => trail.name === name && (trail.account === site.account || isDelegated(trail, bucket)),
  )
  const others = trails.filter((trail) => trail !== present)
  if (others.length === trails.length && trails.length >= TRAIL_QUOTA) {
    throw usage(
      'trail-quota',
      `there are ${trails.length} trails in ${site.region} already, and AWS allows at most ${TRAIL_QUOTA}`,
      `use one of them: --trail ${trails[0]?.name ?? 'NAME'}`,
    )
  }
  const region = present?.homeRegion ?? site.region
  // A trail of the organization stays one: the accounts that it records would be left without.
  const organization = selection.organization === true || present?.organization === true
  const notes = [...copyNotes(others, site), ...(organization ? organizationNotes(present?.organization === true) : [])]
  const owner = present === undefined || present.account === site.account ? {} : { owner: present.account }
  return { how: 'own', name, bucket, region, organization, ...owner, notes }
}

/** The trail that a delegated administrator made: it belongs to the management account and writes to a bucket of this one (CloudTrail user guide). */
function isDelegated(trail: TrailSnapshot, bucket: string): boolean {
  return trail.organization && trail.bucket === bucket
}

/** The first copy of management events is free in each account and region, further ones are not (CloudTrail pricing). */
function copyNotes(others: readonly TrailSnapshot[], site: Site): readonly string[] {
  const copying = others.filter((trail) => deliversEvents(trail) !== false)
  const covering = copying.find(({ organization, account }) => organization && account !== site.account)
  if (covering !== undefined) {
    const records = deliversEvents(covering) === true ? 'records' : 'may record'
    return [
      `organization trail ${covering.name} of account ${covering.account} ${records} this account already: a chain there covers it, and a second copy here costs $2.00 for each 100,000 events`,
    ]
  }
  const copy = copying.find((trail) => deliversEvents(trail) === true) ?? copying[0]
  if (copy === undefined) return []
  const logs = deliversEvents(copy) === true ? 'already logs' : 'may log'
  return [`${copy.name} ${logs} management events; a second copy costs $2.00 for each 100,000 events`]
}

/** Whether the trail delivers management events now, so that those of another one are a second copy; undefined: unknown. */
export function deliversEvents(trail: TrailSnapshot): boolean | undefined {
  const logging = valueIfRead(trail.status)?.logging
  const selectors = valueIfRead(trail.selectors)
  const spots = selectors === undefined ? undefined : blindSpots(selectors)
  if (logging === false || spots?.includes('no-management-events') === true) return false
  return logging === undefined || spots === undefined || spots.includes('fields-unknown') ? undefined : true
}

const ONE_CHAIN =
  'one chain covers every account of the organization: thresholds count over all accounts together, and the log group takes in the events of all (about $0.50 a GB)'

function organizationNotes(present: boolean): readonly string[] {
  if (present) return [ONE_CHAIN]
  return [
    ONE_CHAIN,
    'in an account with a trail of its own, the organization trail delivers a second copy of management events: $2.00 for each 100,000 events',
  ]
}

function named(
  { nameOrArn, organization = false }: Extract<TrailSetup, { how: 'existing' }>,
  trails: readonly TrailSnapshot[],
  site: Site,
  prefix: string,
): TrailChoice {
  const trail = trails.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn)
  if (trail === undefined) {
    const names = trails.map(({ name }) => name).join(', ')
    throw usage(
      'trail-not-found',
      `trail "${nameOrArn}" does not exist in ${site.region}`,
      names === '' ? 'create one with --create-trail NAME' : `available trails: ${names}`,
    )
  }
  if (managed(trail, site, prefix)) return own({ name: trail.name, organization }, trail.bucket, trails, site)
  if (organization && !trail.organization) {
    throw usage(
      'trail-unsuitable',
      `trail ${trail.name} is not an organization trail`,
      'leave --trail out to use or create one that is, or leave --organization out',
    )
  }
  const fatal = faultsWhenNamed(trail, site)
  if (fatal.length > 0) throw unsuitable(trail, fatal)
  refuseLogGroupElsewhere(trail, site)
  const faults = trailFaults(trail, site).filter((fault) => !CONSENTED.includes(fault))
  const notes = faults.map((fault) => `${trail.name}: ${trailFaultText(fault, trail)}`)
  const widened = trail.multiRegion ? [] : [`${trail.name} covers one region only and will be changed to multi-region`]
  return {
    how: 'reuse',
    trail,
    why: ['it was named'],
    notes: [...notes, ...widened, ...(trail.organization ? organizationNotes(true) : [])],
  }
}

/** What naming a trail consents to change: a stopped one is started, one of a single region becomes multi-region. */
const CONSENTED: readonly TrailFault[] = ['not-logging', 'one-region']

/** What stops a trail from feeding the chain even where a person names it; its log group is judged apart. */
export function faultsWhenNamed(trail: TrailSnapshot, site: Site): readonly TrailFault[] {
  // Its owner may not let a delegated administrator look; the log group is here all the same.
  const unread: readonly TrailFault[] =
    trail.account === site.account ? [] : ['status-unreadable', 'selectors-unreadable']
  const passed: readonly TrailFault[] = [...CONSENTED, 'without-kms', ...unread]
  return trailFaults(trail, site).filter((fault) => !passed.includes(fault))
}

function best(
  { organization = false }: Pick<TrailSetup, 'organization'>,
  trails: readonly TrailSnapshot[],
  site: Site,
  prefix: string,
): TrailChoice {
  const made = trails.find((trail) => managed(trail, site, prefix))
  if (made !== undefined) return own({ name: made.name, organization }, made.bucket, trails, site)
  const names = chainNames(prefix, site)
  const candidates = organization ? trails.filter((trail) => trail.organization) : trails
  if (candidates.length === 0) return own({ name: names.trail, organization }, names.bucket, trails, site)
  const judged = candidates.map((trail) => ({ trail, faults: faultsToReuse(trail, site) }))
  const fit = judged.filter(({ faults }) => faults.length === 0).map(({ trail }) => trail)
  const chosen = [...fit].sort((a, b) => rank(b) - rank(a) || (a.name < b.name ? -1 : 1))[0]
  if (chosen === undefined) throw nothingFits(judged, site)
  const delivers = chosen.logGroupArn === undefined ? [] : ['it already writes to a log group']
  return {
    how: 'reuse',
    trail: chosen,
    why: [
      ...(chosen.organization ? ['every account of the organization'] : []),
      'multi-region',
      'all management events',
      'logging',
      ...delivers,
    ],
    notes: chosen.organization ? organizationNotes(true) : [],
  }
}

/** A trail that was not named has to be usable without any change that somebody else would have to allow. */
function faultsToReuse(trail: TrailSnapshot, site: Site): readonly TrailFault[] {
  const faults = [...trailFaults(trail, site)]
  if (faults.length === 0 && ownLogGroup(trail, site) === false) faults.push('log-group-elsewhere')
  if (faults.length === 0 && isControlTower(trail) && trail.logGroupArn === undefined) {
    faults.push('control-tower')
  }
  return faults
}

/** The bucket that we compute, of this account, is the sign that an earlier run made this trail. */
function managed(trail: TrailSnapshot, site: Site, prefix: string): boolean {
  const { bucket } = chainNames(prefix, { ...site, region: trail.homeRegion })
  return trail.bucket === bucket && (trail.account === site.account || isDelegated(trail, bucket))
}

/** Whether the trail is of this account, or one of its organization that an administrator in this account made or that writes to a log group of it. */
export function concerns(trail: TrailSnapshot, site: Site, prefix: string): boolean {
  if (trail.account === site.account || managed(trail, site, prefix)) return true
  return trail.organization && ownLogGroup(trail, site) === true
}

function rank(trail: TrailSnapshot): number {
  return (trail.logGroupArn === undefined ? 0 : 4) + (trail.organization ? 2 : 0) + (isControlTower(trail) ? 0 : 1)
}

function unsuitable(trail: TrailSnapshot, faults: readonly TrailFault[]): AppError {
  return usage(
    'trail-unsuitable',
    `trail ${trail.name} cannot be used: ${textOf(faults, trail, '; ')}`,
    remedy([trail], faults),
  )
}

function nothingFits(judged: readonly { trail: TrailSnapshot; faults: readonly TrailFault[] }[], site: Site): AppError {
  const lines = judged.map(({ trail, faults }) => `${trail.name}: ${textOf(faults, trail, ', ')}`)
  const faults = judged.flatMap((entry) => entry.faults)
  return new AppError(
    'no-trail-fits',
    `none of the ${judged.length} trails in ${site.region} fits (${lines.join(' · ')})`,
    {
      exit: EXIT.usage,
      hint: remedy(
        judged.map(({ trail }) => trail),
        faults,
      ),
    },
  )
}

function textOf(faults: readonly TrailFault[], trail: TrailSnapshot, separator: string): string {
  return faults.map((fault) => trailFaultText(fault, trail)).join(separator)
}

function remedy(trails: readonly TrailSnapshot[], faults: readonly TrailFault[]): string {
  // Trails of several accounts have no one account to run this in.
  const accounts = new Set(trails.map(({ account }) => account))
  const [unmanaged] = trails
  if (unmanaged !== undefined && accounts.size === 1 && faults.every((fault) => fault === 'other-account')) {
    return `run this in account ${unmanaged.account}, or create a trail here with --create-trail NAME (a second copy of the events may be charged)`
  }
  const stopped = trails.find((trail) => trail.logGroupArn !== undefined && faults.includes('not-logging'))
  if (stopped !== undefined) return `to start it, name it: --trail ${stopped.name}`
  return 'create one with --create-trail NAME, or change the trail to log all management events in all regions'
}

function refuseLogGroupElsewhere(trail: TrailSnapshot, site: Site): void {
  if (ownLogGroup(trail, site) !== false) return
  const account = parseArn(trail.logGroupArn ?? '')?.account ?? 'another account'
  throw usage(
    'log-group-elsewhere',
    `trail ${trail.name} writes to a log group of account ${account}, and metric filters must be created there`,
    `run this in account ${account}, or create a trail here with --create-trail NAME`,
  )
}
