/** Whom a service or an orchestration pages now, in words. */

import { type PagerDutyTarget, routeStops, type Stop, stopsOf, type TargetService } from './target.ts'

export interface OnCallText {
  /** One phrase. */
  readonly paged: string
  /** Known reasons why nobody would be paged; each one sentence. */
  readonly faults: readonly string[]
}

export function serviceOnCall(service: TargetService): OnCallText {
  const { name, onCall } = service
  const people =
    onCall.state === 'unreadable'
      ? `; who is on call is not shown: ${onCall.why}`
      : `, on call now: ${onCall.value.length === 0 ? 'no one' : onCall.value.join(', ')}`
  return { paged: `service ${name}${people}`, faults: faultsIn(stopsOf(service)) }
}

export function orchestrationOnCall(target: Extract<PagerDutyTarget, { kind: 'orchestration' }>): OnCallText {
  const { name, routes } = target
  if (routes.state === 'unreadable') {
    return { paged: `orchestration ${name}; where it routes is not shown: ${routes.why}`, faults: [] }
  }
  const unrouted = faultsIn(routeStops(target))
  if (unrouted.length > 0) return { paged: `orchestration ${name}, which routes nowhere yet`, faults: unrouted }
  const texts = routes.value.services.map(serviceOnCall)
  const { others = 0 } = routes.value
  const where = texts.length === 0 ? 'as its rules decide' : texts.map(({ paged }) => paged).join('; ')
  const more = others > 0 && texts.length > 0 ? `; and ${others} more services` : ''
  return { paged: `orchestration ${name}: ${where}${more}`, faults: texts.flatMap(({ faults }) => faults) }
}

function faultsIn(stops: readonly Stop[]): readonly string[] {
  return stops.flatMap(({ certain, reason, effect }) => (certain ? [`${reason}: ${effect}`] : []))
}
