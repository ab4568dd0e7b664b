/** Checks of the run itself: who looked, where, and what could not be seen. */

import { type Reading, valueIfRead } from '../../../domain/snapshot.ts'
import { about, type Check } from '../../check.ts'
import type { Graph } from '../../graph.ts'

export const identityCredentials: Check = {
  name: 'identity.credentials',
  finds: 'nothing: it says who looked, or why an account was not looked at',
  run: ({ facts }) => [
    about('identity.credentials', facts.identity.arn).pass('AWS knows who is asking', facts.identity.arn),
  ],
}

/** Partitions whose networks do not reach PagerDuty, and those from which the way leads abroad. */
const ISOLATED = /^aws-iso/
const ABROAD: ReadonlySet<string> = new Set(['aws-cn', 'aws-us-gov'])

export const identityRegion: Check = {
  name: 'identity.region',
  finds: 'a partition that cannot reach PagerDuty, or only across its border',
  run: ({ site }) => {
    const say = about('identity.region', site.region)
    const seen = `${site.partition}, account ${site.account}`
    if (ISOLATED.test(site.partition)) {
      return [
        say.fail({
          title: 'this partition does not reach PagerDuty',
          evidence: seen,
          impact: 'SNS cannot call an endpoint on the internet from here: nobody is paged.',
          fix: { summary: 'page from another partition' },
        }),
      ]
    }
    if (!ABROAD.has(site.partition)) return [say.pass('the region reaches PagerDuty', seen)]
    return [
      say.warn({
        title: 'PagerDuty is outside this partition',
        evidence: seen,
        impact: 'Messages cross its border: they may be held back, and a page with them.',
        fix: { summary: 'try a fire drill, and ask whether alarms may leave', command: 'npx cloudtrail-pd test' },
      }),
    ]
  },
}

export const identityPermissions: Check = {
  name: 'identity.permissions',
  finds: 'reads that were denied, so that what is behind them is not known',
  run: (graph) => {
    const say = about('identity.permissions', graph.facts.identity.arn)
    const denied = deniedReads(graph)
    if (denied.length === 0) return [say.pass('every read was allowed', 'no read was denied')]
    return [
      say.warn({
        title: 'some reads were denied',
        evidence: denied.join('; '),
        impact: 'A fault behind a denied read stays unseen: what was not looked at is not known to work.',
        fix: { summary: 'grant the reads that were denied; docs/permissions.md lists all that doctor makes' },
      }),
    ]
  },
}

/** Why each read that was denied was denied, once each. */
export function deniedReads({ facts: { inventory, extras } }: Graph): readonly string[] {
  const readings: readonly (Reading<unknown> | undefined)[] = [
    inventory.trails,
    inventory.metricFilters,
    inventory.alarms,
    ...[inventory.logGroups, inventory.topics, inventory.subscriptions, inventory.roles].flatMap((map) => [
      ...map.values(),
    ]),
    ...[extras.keys, extras.alarmHistory, extras.deliveries].flatMap((map) => [...(map?.values() ?? [])]),
    // What belongs to another account is not ours to see.
    ...(valueIfRead(inventory.trails) ?? [])
      .filter(({ account }) => account === inventory.site.account)
      .flatMap(({ status, selectors }) => [status, selectors]),
    ...[...inventory.subscriptions.values()]
      .flatMap((one) => valueIfRead(one) ?? [])
      .map(({ attributes }) => attributes),
    ...[...(extras.keys?.values() ?? [])].map((key) => valueIfRead(key)?.policy),
    extras.muteRules,
    extras.transformers,
    extras.elsewhere,
  ]
  const why = readings.flatMap((reading) => (reading?.state === 'unreadable' && reading.denied ? [reading.why] : []))
  return [...new Set(why)]
}
