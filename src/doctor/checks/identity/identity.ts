/** Checks of the run itself: who looked, where, and what could not be seen. */

import { type Reading, valueIfRead } from '../../../domain/snapshot.ts'
import { helpCommand } from '../../../options/next-command.ts'
import { type Check, findingFor } from '../../check.ts'
import { drillFix } from '../../drill-step.ts'
import type { ChainGraph } from '../../graph.ts'

export const identityCredentials: Check = {
  name: 'identity.credentials',
  finds: 'nothing: it says who looked, or why an account was not looked at',
  run: ({ gathered }) => [
    findingFor('identity.credentials', gathered.identity.arn).pass('AWS knows who is asking', gathered.identity.arn),
  ],
}

/** Partitions whose networks do not reach PagerDuty, and those from which the way leads abroad. */
const ISOLATED = /^aws-iso/
const ABROAD: ReadonlySet<string> = new Set(['aws-cn', 'aws-us-gov'])

export const identityRegion: Check = {
  name: 'identity.region',
  finds: 'a partition that cannot reach PagerDuty, or only across its border',
  run: (graph) => {
    const { site } = graph
    const report = findingFor('identity.region', site.region)
    const seen = `${site.partition}, account ${site.account}`
    if (ISOLATED.test(site.partition)) {
      return [
        report.fail({
          title: 'this partition does not reach PagerDuty',
          evidence: seen,
          impact: 'SNS cannot call an endpoint on the internet from here: no one is paged.',
          fix: { summary: 'run the alerting in another partition' },
        }),
      ]
    }
    if (!ABROAD.has(site.partition)) return [report.pass('the region reaches PagerDuty', seen)]
    return [
      report.warn({
        title: 'PagerDuty is outside this partition',
        evidence: seen,
        impact: 'Messages cross its border: they may be held back, and a page with them.',
        fix: drillFix('try a fire drill, and ask whether alarms may leave', graph, graph.chains),
      }),
    ]
  },
}

export const identityPermissions: Check = {
  name: 'identity.permissions',
  finds: 'reads that were denied, so that what is behind them is not known',
  run: (graph) => {
    const report = findingFor('identity.permissions', graph.gathered.identity.arn)
    const denied = deniedReads(graph)
    if (denied.length === 0) return [report.pass('every read was allowed', 'no read was denied')]
    return [
      report.warn({
        title: 'some reads were denied',
        evidence: denied.join('; '),
        impact: 'A fault behind a denied read stays unseen: what was not looked at is not known to work.',
        fix: {
          summary: 'grant the reads that were denied; this lists all that doctor makes',
          look: helpCommand('permissions'),
        },
      }),
    ]
  },
}

/** Why each read that was denied was denied, once each. */
export function deniedReads({ gathered: { snapshot, diagnostics } }: ChainGraph): readonly string[] {
  const readings: readonly (Reading<unknown> | undefined)[] = [
    snapshot.trails,
    snapshot.metricFilters,
    snapshot.alarms,
    ...[snapshot.logGroups, snapshot.topics, snapshot.subscriptions, snapshot.roles].flatMap((map) => [
      ...map.values(),
    ]),
    ...[diagnostics.keys, diagnostics.alarmHistory, diagnostics.deliveries].flatMap((map) => [
      ...(map?.values() ?? []),
    ]),
    // What belongs to another account is not ours to see.
    ...(valueIfRead(snapshot.trails) ?? [])
      .filter(({ account }) => account === snapshot.site.account)
      .flatMap(({ status, selectors }) => [status, selectors]),
    ...[...snapshot.subscriptions.values()]
      .flatMap((one) => valueIfRead(one) ?? [])
      .map(({ attributes }) => attributes),
    ...[...(diagnostics.keys?.values() ?? [])].map((key) => valueIfRead(key)?.policy),
    diagnostics.muteRules,
    diagnostics.transformers,
    diagnostics.elsewhere,
  ]
  const why = readings.flatMap((reading) => (reading?.state === 'unreadable' && reading.denied ? [reading.why] : []))
  return [...new Set(why)]
}
