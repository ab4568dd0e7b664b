/** The alarm's description: it reaches the responder in PagerDuty, and its last line makes the alarm ours. */

import type { Detection } from '../detections/detection.ts'
import { fireDrill } from '../detections/drill.ts'
import {
  CONSOLE_HOSTS,
  DEFAULT_CONSOLE_HOST,
  eventSearchUrl,
  logGroupConsoleUrl,
  logGroupInUrl,
} from '../domain/console.ts'
import { type Deployer, formatMarker } from '../domain/marker.ts'
import type { Site } from '../domain/names.ts'
import { compact } from '../patterns/compact.ts'
import { parsePattern } from '../patterns/parse/parse.ts'
import { type Condition, type Expression, isJunction, printSelector } from '../patterns/pattern.ts'
import { join } from '../patterns/tree.ts'
import type { Setup } from './setup.ts'

/** PutMetricAlarm takes no more (API reference). */
export const MAX_DESCRIPTION = 1024

const FILTER_LINE = 'Metric filter: '

/** The metric filter that a description of ours names. */
export function filterNamedIn(description: string): string | undefined {
  const line = description.split('\n').find((text) => text.startsWith(FILTER_LINE))
  return line?.slice(FILTER_LINE.length)
}

/** The line that tells how to look behind the alarm of this name. */
export function eventsLine(alarm: string): string {
  // Of the private use area are what stands for account and region in a template.
  return `Who did it: npx cloudtrail-pd events ${/^[\w.\p{Co}-]+$/u.test(alarm) ? alarm : `'${alarm}'`}`
}

/** The line that leads to the log group. */
export function logGroupLine(site: Site, logGroup: string): string {
  return `Log group: ${logGroupConsoleUrl(site, logGroup)}`
}

/** Whether a line of a description of ours leads to the log group, or to a search in it. */
export function leadsToLogGroup(description: string, site: Site, logGroup: string): boolean {
  const url = logGroupConsoleUrl(site, logGroup)
  return description.split('\n').some((line) => line.endsWith(` ${url}`) || line.includes(` ${url}/log-events`))
}

/** What the description of one alarm is made from. */
export interface Described {
  readonly detection: Detection
  readonly logGroup: string
  /** Of the metric filters that feed the alarm. */
  readonly patterns: readonly string[]
  readonly filter: string
  readonly alarm: string
  readonly fingerprints: { readonly filter: string; readonly alarm: string }
}

/**
 * Why this matters, what to look at first, and where the events are. Of what does not fit, the prose is shortened first,
 * down to its title, and then the link; the marker never. A description of the person's own is shortened after the link.
 */
export function alarmDescription(
  { detection, logGroup, patterns, filter, alarm, fingerprints }: Described,
  setup: Pick<Setup, 'name' | 'hold' | 'autoResolve' | 'deployedBy'>,
  site: Site,
): string {
  const marker = formatMarker({
    name: setup.name,
    detection: detection.id,
    // The drill keeps its own periods, so that it takes no longer.
    hold: detection.id === fireDrill.id ? undefined : setup.hold,
    autoResolve: setup.autoResolve,
    // What an engine of its own keeps up is compared by that engine.
    ...(setup.deployedBy === undefined ? fingerprints : {}),
    deployedBy: setup.deployedBy,
  })
  const own = detection.custom?.description
  const tailWith = (link: string) => [eventsLine(alarm), `${FILTER_LINE}${filter}`, link, marker].join('\n')
  const length = measure(site, logGroup, setup.deployedBy)
  const roomBeside = (link: string) => MAX_DESCRIPTION - length(tailWith(link)) - 1
  const whole = own ?? prose(detection, Number.POSITIVE_INFINITY)
  const least = own ?? `${detection.title}.`
  const [first = '', ...shorter] = linkLines(site, logGroup, patterns)
  const link =
    whole.length <= roomBeside(first)
      ? first
      : (shorter.find((one) => least.length <= roomBeside(one)) ?? shorter.at(-1) ?? first)
  return `${own === undefined ? prose(detection, roomBeside(link)) : shorten(own, roomBeside(link))}\n${tailWith(link)}`
}

/** The link to the events, from the one that says most to the shortest. The first is worth no word of the prose. */
function linkLines(site: Site, logGroup: string, patterns: readonly string[]): readonly string[] {
  const shortest = logGroupLine(site, logGroup)
  const exactly = (pattern: string) => `Events: ${eventSearchUrl(site, logGroup, pattern)}`
  const asWritten = patterns.length === 1 ? patterns.map(exactly) : []
  const wheres = patterns.flatMap((pattern) => {
    const parsed = parsePattern(pattern)
    return parsed.validity === 'accepted' && parsed.pattern.kind === 'json' ? [parsed.pattern.where] : []
  })
  if (wheres.length === 0 || wheres.length < patterns.length) return [...asWritten, ...asWritten, shortest]
  const where = join('or', wheres)
  const wider = widened(where).map(
    (one) => `Events, others among them: ${eventSearchUrl(site, logGroup, compact(one))}`,
  )
  return [...asWritten, exactly(compact(where)), ...wider, shortest]
}

/** What matches more: without its last conditions, as long as one is left that says more than which service it was. */
function widened(where: Expression<Condition>): readonly Expression<Condition>[] {
  if (!isJunction(where) || where.kind !== 'and') return []
  const first = where.operands.findIndex((one) => isJunction(one) || printSelector(one.selector) !== '$.eventSource')
  return where.operands
    .map((_, at) => where.operands.slice(0, at))
    .filter(({ length }) => first >= 0 && length > first)
    .reverse()
    .map((operands) => join('and', operands))
}

/** The reason gives way to what to do first. */
function prose({ title, whyItMatters, firstLook }: Detection, room: number): string {
  const [head, first] = [`${title}.`, `\nFirst: ${firstLook}`]
  const why = room - head.length - first.length - 1
  if (why >= SHORTEST_REASON) return `${head} ${shorten(whyItMatters, why)}${first}`
  return shorten(head + first, room)
}

/** Characters; what is left of a sentence below that says nothing. */
const SHORTEST_REASON = 40

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1)).trimEnd()}…`
}

/** The longest values that AWS has; of a log group what a CloudFormation template takes as its parameter, slashes escaped. */
export const LONGEST = {
  region: 'ap-southeast-1',
  consoleHost: 'console.amazonaws-us-gov.com',
  logGroupInUrl: 'g'.repeat(204),
} as const

/** How long a text may get where it is longest: so it is cut at the same place wherever its chain is made. */
function measure(
  { longest, partition, region }: Site,
  logGroup: string,
  deployedBy: Deployer | undefined,
): (text: string) => number {
  if (longest !== undefined) return longest
  const host = CONSOLE_HOSTS[partition] ?? DEFAULT_CONSOLE_HOST
  const group = logGroupInUrl(logGroup)
  const widened = (text: string) => text.replaceAll(region, LONGEST.region).replaceAll(host, LONGEST.consoleHost)
  // There the log group is a parameter.
  if (deployedBy !== 'cloudformation') return (text) => widened(text).length
  return (text) => widened(text).replaceAll(`/${group}`, `/${LONGEST.logGroupInUrl}`).length
}
