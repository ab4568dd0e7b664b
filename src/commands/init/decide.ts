/** From a setup and a session to a plan: which trail, which endpoint, what is there, what has to change. */

import type { PagerDutyContext } from '../../aws/resources/handler.ts'
import { withRecords } from '../../aws/resources/subscription.ts'
import type { Aws } from '../../aws/session.ts'
import { siteOf } from '../../aws/site.ts'
import { parseArn } from '../../domain/names.ts'
import type { Note } from '../../domain/note.ts'
import type { Address, Resource } from '../../domain/resources.ts'
import type { Snapshot, TrailSnapshot } from '../../domain/snapshot.ts'
import { usage } from '../../errors.ts'
import { notificationNames, scopedTo } from '../../plan/chain-names.ts'
import { currentState } from '../../plan/current-state.ts'
import { deployerOf, leftToDeployer } from '../../plan/deployer.ts'
import { desired } from '../../plan/desired.ts'
import { chainTopics } from '../../plan/destroy-topic.ts'
import { orphans, topicsToAsk } from '../../plan/orphans.ts'
import { block, type Obstacle, type Plan, plan } from '../../plan/plan.ts'
import { preflight } from '../../plan/preflight.ts'
import type { Setup } from '../../plan/setup.ts'
import { unknownTopics } from '../../plan/topic-fitness.ts'
import { chooseTrail, regionOf, type TrailChoice } from '../../plan/trail-choice.ts'
import { withEarlier } from './earlier-runs.ts'
import { endpointsOf } from './endpoints.ts'
import { judgeOrganization } from './organization.ts'
import { planNotes } from './plan-notes.ts'
import { readChain, readKeys } from './read-chain.ts'
import { narrowedToTrail } from './trails.ts'

export interface Decided {
  readonly setup: Setup
  /** In the home region of the trail. */
  readonly aws: Aws
  readonly choice: TrailChoice
  readonly snapshot: Snapshot
  readonly plan: Plan
  /** What earlier runs made and this wish does not name; in the plan as deletions when pruning was asked for. */
  readonly left: readonly Resource[]
  /** What nobody but a person may approve, because it cannot be judged; in the plan as blocked where no one is asked. */
  readonly unknowns: ReadonlyMap<Address, Obstacle>
  /** Each one sentence for the person; nothing here stops the run. */
  readonly notes: readonly Note[]
}

export interface DecideOptions {
  readonly prune: boolean
  /** False: no one is there to approve what cannot be judged. */
  readonly asks: boolean
  /** A template has its URL as a parameter, so none has to be known. */
  readonly anyEndpoint?: boolean
  /** Undefined where nothing asks PagerDuty. */
  readonly pagerduty?: PagerDutyContext | undefined
}

/** The trail of someone else's that the plan changes and the options do not name: to name it is consent. */
export function unnamedTrail({ plan, choice, setup }: Pick<Decided, 'plan' | 'choice' | 'setup'>): string | undefined {
  if (choice.how !== 'reuse' || setup.trail.how === 'existing') return undefined
  const changes = plan.some(
    ({ action, resource }) =>
      (action === 'create' || action === 'update') && (resource.kind === 'trail' || resource.kind === 'delivery'),
  )
  return changes ? choice.trail.name : undefined
}

/** Throws a usage error (exit 2) when no trail fits or no PagerDuty endpoint is known. */
export async function decide(
  requested: Setup,
  session: Aws,
  trails: readonly TrailSnapshot[],
  options: DecideOptions,
): Promise<Decided> {
  const chosen = chooseTrail(requested.trail, trails, siteOf(session), requested.name)
  const aws = session.inRegion(regionOf(chosen))
  const choice = await judgeOrganization(chosen, aws, trails)
  refuseTopicElsewhere(requested, aws)
  const scoped = scopedTo(siteOf(aws), requested, choice)
  const { setup: provided, notes: narrowed } = narrowedToTrail(scoped, choice, trails)
  // What only a deletion needs is not asked for otherwise.
  const others = options.prune ? chainTopics({ site: siteOf(aws) }, provided.name) : []
  const seen = await readChain(provided, aws, choice, trails, options.pagerduty, others)
  const keys = await readKeys(provided, aws, seen)
  const deployedBy = deployerOf(seen, provided.name)
  const known = withEarlier(provided, seen, options.prune)
  const setup = { ...known, deployedBy }
  const notifications = notificationNames(setup, siteOf(aws))
  const endpoints = endpointsOf(setup, seen, notifications, options.anyEndpoint)
  const wanted = desired(setup, seen, choice, endpoints)
  const snapshot = await withRecords(aws, seen, topicsToAsk(wanted, seen, others))
  const judged = plan(wanted, currentState(snapshot, wanted, setup.name), preflight(wanted, snapshot, keys))
  const unknowns = unknownTopics(judged, snapshot)
  const changes = options.asks ? judged : block(judged, unknowns)
  const left = orphans(wanted, snapshot, setup.name)
  const deletions = options.prune
    ? [...left].reverse().map((resource) => ({ action: 'delete' as const, resource, why: 'no longer configured' }))
    : []
  return {
    setup,
    aws,
    choice,
    snapshot,
    plan: leftToDeployer([...changes, ...deletions], deployedBy),
    left: options.prune ? [] : left,
    unknowns,
    notes: planNotes({
      setup,
      provided,
      choice,
      wanted,
      snapshot,
      changes,
      keys,
      notifications,
      narrowed,
      region: session.region,
    }),
  }
}

/** An alarm acts on topics of its own region alone, and only on one of this account without a policy of somebody else (field case C21). */
function refuseTopicElsewhere(setup: Setup, { region, identity }: Aws): void {
  const arn = parseArn(setup.topic.nameOrArn ?? '')
  if (arn === undefined || (arn.region === region && arn.account === identity.account)) return
  throw usage(
    'topic-elsewhere',
    `the topic is in ${arn.region} of account ${arn.account}, and the chain is in ${region} of account ${identity.account}`,
    'an alarm can only publish to a topic in its own region and account; omit --topic to create one there',
  )
}
