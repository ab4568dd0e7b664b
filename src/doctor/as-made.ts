/** What of a chain is as a run of `init` made it, and with which options another run makes the same again. */

import { type Marker, parseMarker } from '../domain/marker.ts'
import { type ChainNames, chainNames, DEFAULT_NAME, parseArn, type Site, topicArn } from '../domain/names.ts'
import { type AlarmSnapshot, type Snapshot, valueIfRead } from '../domain/snapshot.ts'
import type { InitOptions } from '../options/command-options.ts'
import { isManagedAlarm } from '../plan/managed.ts'
import { LOG_RETENTION_DAYS } from '../plan/setup.ts'
import { asCatalogued } from './chosen.ts'
import type { Chain } from './graph.ts'

/** An alarm of a chain with what names it. */
export interface Link {
  readonly chain: Chain
  readonly alarm: AlarmSnapshot
  readonly site: Site
  readonly marker: Marker | undefined
}

/** A link that a run of `init` made and would make again. */
export interface MadeLink extends Link {
  readonly marker: Marker
  readonly names: ChainNames
}

export function linksOf(chains: readonly Chain[]): readonly Link[] {
  return chains.flatMap((chain) => {
    const { alarm } = chain
    const arn = alarm && parseArn(alarm.arn)
    return alarm === undefined || arn === undefined
      ? []
      : [{ chain, alarm, site: arn, marker: parseMarker(alarm.description) }]
  })
}

/** The first that a run of `init` made and would make again, and those that the same run makes with it. */
export function madeTogether(links: readonly Link[]): readonly MadeLink[] {
  const made = links.flatMap((link) => madeLink(link) ?? [])
  return made.filter((one) => isAlike(one, made[0] ?? one))
}

/** Undefined for one that was tuned or changed, that pages with low urgency, or that an engine with a state of its own made. */
function madeLink(link: Link): MadeLink | undefined {
  const { alarm, site, marker, chain } = link
  if (marker === undefined || marker.deployedBy !== undefined) return undefined
  const names = chainNames(marker.name, site)
  const isNamed = alarm.name === names.alarm(marker.detection, 'paging') && isManagedAlarm(alarm, marker.name, site)
  if (
    !isNamed ||
    chain.topicArn === topicArn(site, names.ticketTopic) ||
    chain.filter === undefined ||
    !asCatalogued(alarm, chain.filter)
  )
    return undefined
  return { ...link, marker, names }
}

/** Whether one run makes both. */
function isAlike(one: MadeLink, other: MadeLink): boolean {
  return (
    one.marker.name === other.marker.name &&
    one.marker.autoResolve === other.marker.autoResolve &&
    one.marker.hold === other.marker.hold &&
    one.chain.trail === other.chain.trail &&
    one.chain.topicArn === other.chain.topicArn &&
    one.chain.logGroup === other.chain.logGroup
  )
}

/** Name, log group, topic and alarm settings of the run, as far as they are no defaults. */
export function placeOptions({ marker, names, chain, site }: MadeLink, logGroups: Snapshot['logGroups']): InitOptions {
  const trail = chain.trail?.name
  const retention = valueIfRead(logGroups.get(chain.logGroup ?? ''))?.retentionDays
  return {
    ...nameOption(marker),
    logGroup: trail === undefined || chain.logGroup === names.logGroup(trail) ? undefined : chain.logGroup,
    logRetention: retention === LOG_RETENTION_DAYS ? undefined : retention,
    topic: chain.topicArn === topicArn(site, names.topic) ? undefined : chain.topicArn,
    hold: marker.hold,
    autoResolve: marker.autoResolve ? undefined : false,
  }
}

export function nameOption({ name }: Pick<Marker, 'name'>): Pick<InitOptions, 'name'> {
  return name === DEFAULT_NAME ? {} : { name }
}
