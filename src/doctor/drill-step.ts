/** The fire drill of the chains that were found: as it is run where it is installed, else as it is added. */

import { fireDrill } from '../detections/drill.ts'
import { type Marker, parseMarker } from '../domain/marker.ts'
import { type ChainNames, chainNames, DEFAULT_NAME, parseArn, type Site, topicArn } from '../domain/names.ts'
import { type AlarmSnapshot, type Snapshot, valueIfRead } from '../domain/snapshot.ts'
import type { NextCommand } from '../next-command.ts'
import type { InitOptions } from '../options/command-options.ts'
import { drillOn, equivalentCommand, toolCommand } from '../options/next-command.ts'
import { inFewWords } from '../options/selection-words.ts'
import { isManagedAlarm } from '../plan/managed.ts'
import { LOG_RETENTION_DAYS } from '../plan/setup.ts'
import type { Fix } from './check.ts'
import { asCatalogued } from './chosen.ts'
import type { Chain, ChainGraph } from './graph.ts'

export interface DrillStep {
  /** `add` installs the drill and pages no one; `borrow` uses an alarm of something else, for want of one to add. */
  readonly how: 'run' | 'add' | 'borrow'
  readonly command: NextCommand
}

/** Undefined where no alarm was seen. `chains` are those of the graph, or some of them. */
export function drillStep({ gathered, chains: all }: ChainGraph, chains = all): DrillStep | undefined {
  const links = chains.flatMap((chain) => linkOf(chain) ?? [])
  const installed = links.find(({ marker }) => marker?.detection === fireDrill.id)
  if (installed?.marker !== undefined) {
    return { how: 'run', command: toolCommand('test', nameOption(installed.marker)) }
  }
  const command = addition(links, gathered.snapshot.logGroups)
  if (command !== undefined) return { how: 'add', command }
  const [first] = links
  return first && { how: 'borrow', command: drillOn(first.alarm.name) }
}

/** A fix that a drill tries. A `real` one begins with a call, which only the drill's own detection counts. */
export function drillFix(
  summary: string,
  graph: ChainGraph,
  chains: readonly Chain[],
  begins: 'real' | 'anywhere' = 'anywhere',
): Fix {
  const step = drillStep(graph, chains)
  if (step === undefined || (step.how === 'borrow' && begins === 'real')) return { summary }
  return {
    summary: step.how === 'add' ? `${summary} (the command adds the drill)` : summary,
    look: step.command,
  }
}

/** An alarm of a chain with what names it. */
interface Link {
  readonly chain: Chain
  readonly alarm: AlarmSnapshot
  readonly site: Site
  readonly marker: Marker | undefined
}

function linkOf(chain: Chain): Link | undefined {
  const { alarm } = chain
  const arn = alarm && parseArn(alarm.arn)
  return alarm && arn && { chain, alarm, site: arn, marker: parseMarker(alarm.description) }
}

/**
 * The `init` that adds the drill to a chain and leaves the rest as it is. It would write back what was tuned without
 * being told again, so it names only detections that are as the catalogue has them; the others stay unmentioned.
 */
function addition(links: readonly Link[], logGroups: Snapshot['logGroups']): NextCommand | undefined {
  const asIs = links.flatMap((link) => unchanged(link) ?? [])
  const [first] = asIs
  if (first === undefined) return undefined
  const { marker, names, chain, site } = first
  const alike = asIs.filter(
    (one) =>
      one.marker.name === marker.name &&
      one.marker.autoResolve === marker.autoResolve &&
      one.marker.hold === marker.hold &&
      one.chain.trail === chain.trail &&
      one.chain.topicArn === chain.topicArn &&
      one.chain.logGroup === chain.logGroup,
  )
  const { detections, exclude } = inFewWords({ detections: [...new Set(alike.map((one) => one.marker.detection))] })
  const isDefault = detections?.join() === 'recommended' && exclude === undefined
  const trail = chain.trail?.name
  const retention = valueIfRead(logGroups.get(chain.logGroup ?? ''))?.retentionDays
  const options: InitOptions = {
    ...nameOption(marker),
    trail: trail === names.trail ? undefined : trail,
    logGroup: trail === undefined || chain.logGroup === names.logGroup(trail) ? undefined : chain.logGroup,
    logRetention: retention === LOG_RETENTION_DAYS ? undefined : retention,
    topic: chain.topicArn === topicArn(site, names.topic) ? undefined : chain.topicArn,
    detections: isDefault ? undefined : detections,
    exclude,
    hold: marker.hold,
    autoResolve: marker.autoResolve ? undefined : false,
    drill: true,
  }
  return equivalentCommand(options)
}

/** An alarm that a run of `init` made and would make again; what an engine with a state of its own made is changed there. */
function unchanged(link: Link): (Link & { readonly marker: Marker; readonly names: ChainNames }) | undefined {
  const { alarm, site, marker, chain } = link
  if (marker === undefined || marker.deployedBy !== undefined) return undefined
  const names = chainNames(marker.name, site)
  const isNamed = alarm.name === names.alarm(marker.detection, 'paging') && isManagedAlarm(alarm, marker.name, site)
  // The topic of low urgency takes no drill.
  if (
    !isNamed ||
    chain.topicArn === topicArn(site, names.ticketTopic) ||
    chain.filter === undefined ||
    !asCatalogued(alarm, chain.filter)
  )
    return undefined
  return { ...link, marker, names }
}

function nameOption({ name }: Marker): Pick<InitOptions, 'name'> {
  return name === DEFAULT_NAME ? {} : { name }
}
