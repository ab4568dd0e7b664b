/** The alarm's description: it reaches the responder in PagerDuty, and its last line makes the alarm ours. */

import type { Detection } from '../detections/detection.ts'
import { fireDrill } from '../detections/drill.ts'
import { formatMarker } from '../domain/marker.ts'
import { logGroupConsoleUrl, type Site } from '../domain/names.ts'
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

/** Why this matters, what to look at first, where; the prose is shortened before the links and the marker are. */
export function alarmDescription(
  detection: Detection,
  setup: Pick<Setup, 'name' | 'hold' | 'autoResolve' | 'deployedBy'>,
  site: Site,
  logGroup: string,
  names: { readonly filter: string; readonly alarm: string },
  fingerprints: { readonly filter: string; readonly alarm: string },
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
  const tail = [eventsLine(names.alarm), `${FILTER_LINE}${names.filter}`, logGroupLine(site, logGroup), marker].join(
    '\n',
  )
  const own = detection.custom?.description
  const prose = own ?? `${detection.title}. ${detection.whyItMatters}\nFirst: ${detection.firstLook}`
  return `${shorten(prose, MAX_DESCRIPTION - tail.length - 1)}\n${tail}`
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1)).trimEnd()}…`
}
