/** A drill as a timeline with its verdict: what was seen, what was not, and what to do next. */

import type { DrillStep, HopName, Verdict } from '../../drill/hop.ts'
import type { NextCommand } from '../../next-command.ts'
import { drillOn, toolCommand } from '../../options/next-command.ts'
import { hanging, pad, wrap } from '../clean.ts'
import { columns } from '../columns.ts'
import { elapsed } from '../progress.ts'
import type { Theme } from '../theme.ts'
import { nextStep } from './next-commands.ts'

export interface DrillShown {
  readonly id: string
  readonly via: 'alarm-state' | 'api-call'
  readonly alarm: string
  readonly account: string
  readonly region: string
  readonly verdict: Verdict
  readonly steps: readonly DrillStep[]
  /** What the person should know beside the steps, ready to print. */
  readonly notes: readonly string[]
  /** The incident that the alert is in, and the service that was paged, as far as they are known. */
  readonly incident: { readonly id: string; readonly number: number | null; readonly url: string | null } | undefined
  readonly service: { readonly name: string; readonly url: string | null } | undefined
  readonly acceptSent: boolean
  /** Whether the alarm is the drill's own. */
  readonly installed: boolean
  /** Whether the chain has the drill's own alarm. */
  readonly hasDrill: boolean
  /** Whether the alarm is one that init made, so that its chain can be given a drill. */
  readonly managed: boolean
  /** Whether PagerDuty could be asked. */
  readonly token: boolean
  /** The command with the options that lead it to the same chain; `again` with those of this drill too. */
  sameChain(command: NextCommand, again?: 'again'): NextCommand
}

const LABEL_WIDTH = 12

/** `incident-opened` is PagerDuty's doing, `event` a call. */
export function hopLabel(hop: HopName): string {
  const labels: Readonly<Partial<Record<HopName, string>>> = {
    event: 'call',
    'incident-opened': 'PagerDuty',
    'incident-resolved': 'PagerDuty',
    'alarm-ok': 'alarm OK',
  }
  return labels[hop] ?? hop.replace('-', ' ')
}

/** What a person who waits should know of the hop. */
export function hopExpectation(hop: HopName, via: DrillShown['via']): string {
  const expectations: Readonly<Record<HopName, string>> = {
    event: 'making the call',
    'log-group': 'CloudTrail takes about five minutes',
    metric: 'a minute or two',
    alarm: 'evaluated once a minute',
    topic: 'CloudWatch publishes',
    subscription: 'SNS delivers',
    'incident-opened': 'waiting for the incident',
    'alarm-ok': via === 'api-call' ? 'OK follows after up to 20 quiet minutes' : 'putting it back to OK',
    'incident-resolved': 'waiting for the incident to resolve',
  }
  return expectations[hop]
}

/**
 * ```
 * Fire drill by a real API call · drill id 7f3a
 * In account 123456789012, us-east-1
 *   0:00  ✔ call         cloudtrail:DescribeTrails, user agent cloudtrail-pd-drill/7f3a
 *   4:12  ✔ log group    event seen in aws-cloudtrail-logs
 *   5:41  ✔ PagerDuty    incident #4711 opened
 *
 * Delivered. From the call to the page: 5 min 41 s.
 * ```
 */
export function showDrill(drill: DrillShown, theme: Theme, width: number): string {
  const head = drillHeading(drill, theme, width)
  const place = `In account ${drill.account}, ${drill.region}`
  const timeline = [head, place, ...drill.steps.flatMap((step) => stepLines(step, theme, width))].join('\n')
  return [timeline, showDrillEnd(drill, theme, width)].join('\n\n')
}

/** What comes after the timeline, for a terminal on which that has been watched. */
export function showDrillEnd(drill: DrillShown, theme: Theme, width: number): string {
  const parts = [[...conclusion(drill, theme, width), ...inPagerDuty(drill, theme, width)].join('\n')]
  if (drill.notes.length > 0) parts.push(drill.notes.flatMap((note) => wrap(note, width)).join('\n'))
  parts.push(next(drill, theme, width))
  return parts.join('\n\n')
}

/** How the drill is done, and the id by which it is found again. */
export function drillHeading(
  { via, alarm, id }: Pick<DrillShown, 'via' | 'alarm' | 'id'>,
  theme: Theme,
  width: number,
): string {
  const how = via === 'api-call' ? 'by a real API call' : `by setting alarm ${alarm}`
  const lines = wrap(`Fire drill ${how}`, width).map(theme.heading)
  const last = `${lines.at(-1) ?? ''}${theme.dot}drill id ${id}`
  return [...lines.slice(0, -1), ...(columns(last) <= width ? [last] : [lines.at(-1), `drill id ${id}`])].join('\n')
}

/** Where to look in PagerDuty; a line each. */
function inPagerDuty({ incident, service }: DrillShown, theme: Theme, width: number): readonly string[] {
  const line = (what: string, name: string, url: string | null): readonly string[] => {
    if (url === null) return []
    if (theme.links) return [`${what} ${theme.link(name, url)}`]
    const whole = `${what} ${name}: ${url}`
    return columns(whole) <= width ? [whole] : [...hanging(`${what} `, `${name}:`, width), `  ${url}`]
  }
  return [
    ...(incident === undefined
      ? []
      : line('Incident', incident.number === null ? incident.id : `#${incident.number}`, incident.url)),
    ...(service === undefined ? [] : line('Service', service.name, service.url)),
  ]
}

function stepLines({ hop, status, seconds, detail }: DrillStep, theme: Theme, width: number): readonly string[] {
  const mark = theme.mark(status === 'ok' ? 'good' : status === 'failed' ? 'bad' : 'skip')
  const clock =
    status === 'unknown' && seconds === 0
      ? ''
      : `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
  return hanging(`${clock.padStart(6)}  ${mark} ${pad(hopLabel(hop), LABEL_WIDTH)} `, detail, width)
}

function conclusion(drill: DrillShown, theme: Theme, width: number): readonly string[] {
  if (drill.verdict === 'failed') return failure(drill, theme, width)
  const unproven =
    drill.via === 'alarm-state'
      ? 'Not verified: trail, log group and metric filter. Only an API call tests these.'
      : undefined
  const page = drill.steps.find(({ hop, status }) => hop === 'incident-opened' && status === 'ok')
  const from = drill.via === 'api-call' ? 'From the call' : 'From the alarm'
  const said =
    drill.verdict === 'delivered'
      ? [`${theme.good('Delivered.')} ${from} to the page: ${elapsed((page?.seconds ?? 0) * 1000)}.`]
      : [`${theme.warn('Sent.')} SNS accepted both messages.`, unseenLine(drill)]
  return [...said, ...(unproven === undefined ? [] : [unproven])].flatMap((line) => wrap(line, width))
}

function unseenLine({ token, steps }: DrillShown): string {
  if (!token)
    return 'Not verified: that PagerDuty opened an incident, paged someone, and resolved it. This needs a PagerDuty token.'
  const missing = steps.find(({ hop, status }) => hop.startsWith('incident') && status !== 'ok')
  return `Not seen: ${missing?.detail ?? 'the incident'}`
}

/** What and where, what it costs, what was seen; what to do is the last line of the report. */
function failure({ steps }: DrillShown, theme: Theme, width: number): readonly string[] {
  const broken = steps.find(({ status }) => status === 'failed')
  if (broken === undefined) {
    return wrap(`${theme.bad('Failed.')} The chain could not be verified: no evidence could be read.`, width)
  }
  const reached = steps.some(({ hop, status }) => hop === 'incident-opened' && status === 'ok')
  const cost = reached
    ? 'Someone was paged, but the incident does not resolve as it should.'
    : 'A real alarm would page no one.'
  return [
    ...wrap(`${theme.bad('Failed.')} ${cost}`, width),
    ...hanging(`${theme.mark('bad')} `, `${hopLabel(broken.hop)}: ${broken.detail}`, width),
  ]
}

function next(
  { verdict, token, acceptSent, via, alarm, installed, hasDrill, managed, sameChain }: DrillShown,
  theme: Theme,
  width: number,
): string {
  const again = drillOn(installed ? undefined : alarm)
  const line = (command: NextCommand, why: string) => nextStep(sameChain(command), why, theme, width)
  const repeated = (command: NextCommand, why: string) => nextStep(sameChain(command, 'again'), why, theme, width)
  if (verdict === 'failed') return line(toolCommand('doctor'), 'examines every link of the chain')
  if (verdict === 'sent' && !token && !acceptSent) {
    return repeated(
      { ...again, secrets: ['PAGERDUTY_TOKEN'] },
      'follows it in PagerDuty; --accept-sent accepts this result as success',
    )
  }
  if (via === 'alarm-state' && hasDrill) return line(drillOn(undefined), 'tests the whole chain with a real event')
  // With what options init leaves the rest of the chain as it is, doctor knows.
  if (via === 'alarm-state' && managed) {
    return line(toolCommand('doctor'), 'offers what adds the fire drill, which tests the whole chain')
  }
  return repeated({ ...again, flags: [...again.flags, ['--yes'], ['--json']] }, 'the same on a schedule')
}
