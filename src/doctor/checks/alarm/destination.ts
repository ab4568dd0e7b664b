/** Check of alarms on a trail's metrics that tell others than PagerDuty: no chain, and still to be said where they end. */

import type { SubscriptionSnapshot } from '../../../domain/snapshot.ts'
import { type Check, findingFor, oneByOne } from '../../check.ts'
import { type ChainGraph, isTopic, readingOf } from '../../graph.ts'

export const alarmDestination: Check = {
  name: 'alarm.destination',
  finds: 'an alarm on the metric of a trail whose messages end elsewhere than at PagerDuty',
  run: (graph) =>
    oneByOne(graph.endingElsewhere, (alarm) => {
      const report = findingFor('alarm.destination', alarm.name)
      const ends = [...new Set(alarm.alarmActions.flatMap((action) => endsOf(action, graph)))]
      const evidence = ends.map(({ text }) => text).join(', ')
      const title = 'the alarm tells others than PagerDuty'
      if (ends.some(({ mayPage }) => mayPage)) {
        return report.skip(title, `its messages end at ${evidence}, which is not followed: it may page`)
      }
      return report.warn({
        title,
        evidence,
        impact: 'No one is paged for this alarm by PagerDuty.',
        fix: { summary: 'subscribe PagerDuty to its topic, or leave it as it is' },
      })
    }),
}

interface End {
  readonly text: string
  /** A function, a queue or another URL may hand the message on to PagerDuty. */
  readonly mayPage: boolean
}

function endsOf(action: string, graph: ChainGraph): readonly End[] {
  if (!isTopic(action)) return [{ text: action, mayPage: true }]
  const listed = readingOf(graph.gathered.snapshot.subscriptions, action)
  if (listed.state === 'unreadable') return [{ text: `${action} (${listed.why})`, mayPage: true }]
  return listed.value.map(endOf)
}

function endOf({ protocol, endpoint }: SubscriptionSnapshot): End {
  if (endpoint.kind === 'email-integration') return { text: "an email integration of PagerDuty's", mayPage: true }
  return { text: `${protocol} subscription`, mayPage: !/^(email|sms)/.test(protocol) }
}
