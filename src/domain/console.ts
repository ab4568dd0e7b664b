/** Addresses of pages in the AWS console. */

import type { Site } from './names.ts'

/** China and GovCloud have consoles of their own. */
export const CONSOLE_HOSTS: Readonly<Record<string, string>> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
}

export const DEFAULT_CONSOLE_HOST = 'console.aws.amazon.com'

type ConsoleSite = Pick<Site, 'partition' | 'region' | 'consoleHost'>

/** The page of a log group. */
export function logGroupConsoleUrl(site: ConsoleSite, logGroup: string): string {
  return `${home(site, 'cloudwatch')}#logsV2:log-groups/log-group/${logGroupInUrl(logGroup)}`
}

/** The name of a log group as the console's router has it: escaped twice, with `$` in place of `%`. */
export function logGroupInUrl(logGroup: string): string {
  return inRouter(encodeURIComponent(logGroup))
}

/** How far back the search of a link reaches, counted from when it is opened: one shift; milliseconds. */
const SEARCHED_MS = 12 * 3_600_000

/**
 * The search of a log group's events with a filter pattern and the last twelve hours filled in, spelled as the console
 * spells the address of such a search: a query as forms have it, escaped once more.
 */
export function eventSearchUrl(site: ConsoleSite, logGroup: string, pattern: string): string {
  const query = inRouter(`?filterPattern=${inForm(pattern)}&start=-${SEARCHED_MS}`)
  return `${logGroupConsoleUrl(site, logGroup)}/log-events${query}`
}

/** The page of one event in CloudTrail's event history, in the region that recorded it. */
export function eventConsoleUrl(site: ConsoleSite, eventId: string): string {
  return `${home(site, 'cloudtrailv2')}#/events/${encodeURIComponent(eventId)}`
}

/** The page of a trail, in its home region. */
export function trailConsoleUrl(site: ConsoleSite, arn: string): string {
  return `${home(site, 'cloudtrailv2')}#/trails/${arn}`
}

/** The list of alarms, with those whose names contain the text. */
export function alarmsConsoleUrl(site: ConsoleSite, text: string): string {
  return `${home(site, 'cloudwatch')}#alarmsV2:?~(search~'${inJsurl(text)})`
}

/** The page of a topic. */
export function topicConsoleUrl(site: ConsoleSite, arn: string): string {
  return `${home(site, 'sns/v3')}#/topic/${arn}`
}

function home({ partition, region, consoleHost }: ConsoleSite, service: string): string {
  const host = consoleHost ?? CONSOLE_HOSTS[partition] ?? DEFAULT_CONSOLE_HOST
  return `https://${region}.${host}/${service}/home?region=${region}`
}

/** As a form sends it: letters, digits and `*-._` as they are, a blank as `+` (URL standard, urlencoded serializing). */
function inForm(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}

function inRouter(text: string): string {
  return encodeURIComponent(text).replaceAll('%2B', '+').replaceAll('%', '$')
}

/** As the console writes its own queries (JSURL): letters, digits and `-_.` as they are, any other unit as `*` and two digits. */
function inJsurl(text: string): string {
  return text.replaceAll(/[^\w.-]/g, (unit) => {
    const code = unit.charCodeAt(0)
    return code < 256 ? `*${code.toString(16).padStart(2, '0')}` : `**${code.toString(16).padStart(4, '0')}`
  })
}
