/** Check of EventBridge rules on CloudTrail events: they may page without any alarm, and are named, not followed. */

import type { EventRule } from '../../../aws/readers/event-rules.ts'
import { parseArn } from '../../../domain/names.ts'
import { valueIfRead } from '../../../domain/snapshot.ts'
import { type Check, findingFor } from '../../check.ts'
import type { ChainGraph } from '../../graph.ts'

export const trailEventRule: Check = {
  name: 'trail.event-rule',
  finds: 'informational: an EventBridge rule on CloudTrail events, which may page and is not followed',
  run: ({ gathered, site }) => {
    const { eventRules } = gathered.diagnostics
    if (eventRules === undefined) return []
    const title = 'an EventBridge rule acts on CloudTrail events'
    if (eventRules.state === 'unreadable') {
      return [
        findingFor('trail.event-rule', site.region).skip('EventBridge rules on CloudTrail events', eventRules.why),
      ]
    }
    return eventRules.value.map((rule) => {
      const report = findingFor('trail.event-rule', rule.name)
      const ends = targetsText(rule)
      return mayPage(rule)
        ? report.skip(title, `${ends}: not followed, it may page`)
        : report.pass(title, ends, 'it pages no one')
    })
  },
}

/** The rules that may page, by name. */
export function pagingRules({ gathered }: ChainGraph): readonly string[] {
  const rules = valueIfRead(gathered.diagnostics.eventRules) ?? []
  return rules.filter(mayPage).map(({ name }) => name)
}

/** A topic, a function, an API destination or another bus may hand the event on to PagerDuty; a log group may not. */
function mayPage({ targets }: EventRule): boolean {
  return targets.state === 'unreadable' || targets.value.some((arn) => parseArn(arn)?.service !== 'logs')
}

function targetsText({ targets }: EventRule): string {
  if (targets.state === 'unreadable') return `its targets are unknown (${targets.why})`
  return targets.value.length === 0 ? 'it has no target' : `its targets are ${targets.value.join(', ')}`
}
