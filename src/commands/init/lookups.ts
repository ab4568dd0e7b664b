/** What the wizard may look up while it asks: trails with a verdict each, and the endpoint that is already subscribed. */

import { readOrganization } from '../../aws/readers/organization.ts'
import { readSubscriptions } from '../../aws/resources/subscription.ts'
import type { Aws } from '../../aws/session.ts'
import { siteOf } from '../../aws/site.ts'
import { ESTIMATE_DAYS, estimatePages, HISTORY_LIMIT_MS } from '../../backtest/estimate.ts'
import type { DetectionResult } from '../../backtest/result.ts'
import type { CommandContext } from '../../context.ts'
import { isIntegrationUrl } from '../../domain/endpoint.ts'
import { chainNames, parseArn, topicArn } from '../../domain/names.ts'
import type { Secret } from '../../domain/secret.ts'
import { type TrailSnapshot, valueIfRead } from '../../domain/snapshot.ts'
import { AppError } from '../../errors.ts'
import type { InitOptions } from '../../options/command-options.ts'
import { longestSilence } from '../../plan/silence.ts'
import { chooseTrail, deliversEvents, faultsWhenNamed, ownLogGroup, trailFaults } from '../../plan/trail-choice.ts'
import { type TrailFault, trailFaultText } from '../../plan/trail-faults.ts'
import type { InitLookups, PastPages, PastResult, TrailLookup } from '../../wizard/lookups.ts'
import type { PagerDutySession } from '../pagerduty-session.ts'
import { readTraffic } from './heartbeat.ts'

export function initLookups(
  options: InitOptions,
  aws: Aws,
  trails: readonly TrailSnapshot[],
  pagerduty: PagerDutySession,
  context: Pick<CommandContext, 'clock' | 'signal' | 'progress' | 'offeredKey'>,
): InitLookups {
  const prefix = options.name ?? 'cloudtrail-pd'
  return {
    region: aws.region,
    ...(context.offeredKey === undefined ? {} : { offeredKey: context.offeredKey }),
    trails: async () => trailLooks(aws, trails, prefix),
    managesOrganization: async () =>
      valueIfRead(await readOrganization(aws))?.managementAccount === aws.identity.account,
    pagerduty,
    pastPages: (trail) => pastPages(options, aws, trails, trail ?? bestOf(trails, aws, prefix), context),
    longestSilence: (trail) =>
      silenceOf(options, aws, trails, trail ?? bestOf(trails, aws, prefix), context.clock.now()),
    subscribedEndpoint: () => subscribedEndpoint(options, aws, prefix),
  }
}

const ELSEWHERE: readonly TrailFault[] = ['log-group-elsewhere']

function trailLooks(aws: Aws, trails: readonly TrailSnapshot[], prefix: string): readonly TrailLookup[] {
  const site = siteOf(aws)
  const best = bestOf(trails, aws, prefix)
  return trails.map((trail) => {
    const faults = trailFaults(trail, site).map((fault) => trailFaultText(fault, trail))
    const fatal = [...faultsWhenNamed(trail, site), ...(ownLogGroup(trail, site) === false ? ELSEWHERE : [])]
    return {
      name: trail.name,
      choiceText: faults.length === 0 ? strengths(trail) : faults.join(', '),
      best: trail.name === best,
      deliversEvents: deliversEvents(trail),
      ...(trail.homeRegion === aws.region ? {} : { elsewhere: trail.homeRegion }),
      ...(fatal.length === 0
        ? {}
        : { unusable: [...new Set(fatal)].map((fault) => trailFaultText(fault, trail)).join(', ') }),
    }
  })
}

/** The trail that an unspoken wish would take; none when it would make one or nothing fits. */
function bestOf(trails: readonly TrailSnapshot[], aws: Aws, prefix: string): string | undefined {
  try {
    const choice = chooseTrail({ how: 'best' }, trails, siteOf(aws), prefix)
    if (choice.how === 'reuse') return choice.trail.name
    return trails.some(({ name }) => name === choice.name) ? choice.name : undefined
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

/** The log group that the filters would stand on, when it is there already; without one the event history. */
function pastPages(
  { logGroup: named }: InitOptions,
  aws: Aws,
  trails: readonly TrailSnapshot[],
  nameOrArn: string | undefined,
  context: Pick<CommandContext, 'clock' | 'signal' | 'progress'>,
): PastPages {
  const found = logGroupOf(named, aws, trails, nameOrArn)
  const { home, logGroup } = found ?? { home: aws, logGroup: undefined }
  const source = logGroup === undefined ? `the event history of ${home.region}` : `log group ${logGroup}`
  const { progress } = context
  return {
    source,
    days: ESTIMATE_DAYS,
    wait:
      logGroup === undefined ? `It takes up to ${HISTORY_LIMIT_MS / 60_000} minutes.` : 'It takes a minute or more.',
    async count(detections) {
      const label = 'events'
      progress.working(label, `reading ${source}`)
      try {
        const results = await estimatePages(detections, { aws: home, logGroup }, context, (done, text) =>
          progress.working(label, `${text}${done === undefined ? '' : `, ${Math.floor(done * 100)} %`}`),
        )
        progress.done(label, 'good', `counted in ${source}`)
        return new Map([...results].map(([id, one]) => [id, pastResult(one)]))
      } catch (error) {
        progress.done(label, 'warn', `not counted in ${source}`)
        throw error
      }
    },
  }
}

function pastResult({ detection: { id }, pagesPerWeek, suggestion }: DetectionResult): PastResult {
  if (suggestion === undefined) return { pagesPerWeek }
  const { kind, flag, option } = suggestion
  const value = flag[1]?.slice(flag[1].indexOf('=') + 1) ?? ''
  const applied = (options: InitOptions): InitOptions =>
    kind === 'threshold'
      ? { ...options, set: [...(options.set ?? []), { id, field: 'threshold', value }] }
      : { ...options, excludePrincipal: [...(options.excludePrincipal ?? []), { id, principal: value }] }
  return { pagesPerWeek, suggestion: { option, pagesPerWeek: suggestion.pagesPerWeek, applied } }
}

function logGroupOf(
  named: string | undefined,
  aws: Aws,
  trails: readonly TrailSnapshot[],
  nameOrArn: string | undefined,
): { readonly home: Aws; readonly logGroup: string } | undefined {
  const trail = trails.find(({ name, arn }) => name === nameOrArn || arn === nameOrArn)
  const logGroup = named ?? /:log-group:([^:]+)/.exec(trail?.logGroupArn ?? '')?.[1]
  return trail === undefined || logGroup === undefined ? undefined : { home: aws.inRegion(trail.homeRegion), logGroup }
}

/** Minutes; nothing where there is no log group yet, no traffic, or no right to look. */
async function silenceOf(
  { logGroup: named }: InitOptions,
  aws: Aws,
  trails: readonly TrailSnapshot[],
  nameOrArn: string | undefined,
  now: Date,
): Promise<number | undefined> {
  const found = logGroupOf(named, aws, trails, nameOrArn)
  if (found === undefined) return undefined
  const times = valueIfRead(await readTraffic(found.home, found.logGroup, now)) ?? []
  return times.length === 0 ? undefined : longestSilence(times, now)
}

function strengths(trail: TrailSnapshot): string {
  const words = [trail.multiRegion ? 'multi-region' : 'one region', 'all management events', 'logging']
  if (trail.logGroupArn !== undefined) words.push('writes to a log group')
  return words.join(', ')
}

async function subscribedEndpoint(options: InitOptions, aws: Aws, prefix: string): Promise<Secret | undefined> {
  const site = siteOf(aws)
  const named = options.topic
  const arn = named !== undefined && parseArn(named) ? named : topicArn(site, named ?? chainNames(prefix, site).topic)
  const present = valueIfRead(await readSubscriptions(aws, arn)) ?? []
  return present.find(({ endpoint }) => isIntegrationUrl(endpoint))?.endpoint.address
}
