/** The fire drill of the chains that were found: as it is run where it is installed, else as it is added. */

import { fireDrill } from '../detections/drill.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import type { NextCommand } from '../next-command.ts'
import { drillOn, equivalentCommand, toolCommand } from '../options/next-command.ts'
import { inFewWords } from '../options/selection-words.ts'
import { type Link, linksOf, madeTogether, nameOption, placeOptions } from './as-made.ts'
import type { Fix } from './check.ts'
import type { Chain, ChainGraph } from './graph.ts'

export interface DrillStep {
  /** `add` installs the drill and pages no one; `borrow` uses an alarm of something else, for want of one to add. */
  readonly how: 'run' | 'add' | 'borrow'
  readonly command: NextCommand
}

/** Undefined where no alarm was seen. `chains` are those of the graph, or some of them. */
export function drillStep({ gathered, chains: all }: ChainGraph, chains = all): DrillStep | undefined {
  const links = linksOf(chains)
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

/**
 * The `init` that adds the drill to a chain and leaves the rest as it is. It would write back what was tuned without
 * being told again, so it names only detections that are as the catalogue has them; the others stay unmentioned.
 */
function addition(links: readonly Link[], logGroups: Snapshot['logGroups']): NextCommand | undefined {
  const alike = madeTogether(links)
  const [first] = alike
  if (first === undefined) return undefined
  const { detections, exclude } = inFewWords({ detections: [...new Set(alike.map((one) => one.marker.detection))] })
  const isDefault = detections?.join() === 'recommended' && exclude === undefined
  const { trail } = first.chain
  return equivalentCommand({
    ...placeOptions(first, logGroups),
    trail: trail?.name === first.names.trail ? undefined : trail?.name,
    detections: isDefault ? undefined : detections,
    exclude,
    drill: true,
  })
}
