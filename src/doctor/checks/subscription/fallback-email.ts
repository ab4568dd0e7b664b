/** Check of the e-mail subscription: nobody but the reader of the mailbox can confirm it. */

import { DELIVERY_FAILURES, parseMarker } from '../../../domain/marker.ts'
import { valueIfRead } from '../../../domain/snapshot.ts'
import { awsCommand } from '../../../next-command.ts'
import { addressesIn, emailSubscriptionOf, fallbackTopicArn } from '../../../plan/desired-fallback.ts'
import { type Check, type Finding, findingFor } from '../../check.ts'
import { fallbackFix } from '../../fixes.ts'
import { readingOf } from '../../graph.ts'

export const subscriptionFallbackEmail: Check = {
  name: 'subscription.fallback-email',
  finds: 'an address for failed deliveries that has not confirmed, or is not subscribed any more',
  run: (graph) => {
    const {
      gathered: { snapshot },
      site,
    } = graph
    return (valueIfRead(snapshot.alarms) ?? []).flatMap(({ description }): readonly Finding[] => {
      const marker = parseMarker(description)
      if (marker?.detection !== DELIVERY_FAILURES) return []
      const topic = fallbackTopicArn(site, marker.name)
      const listed = readingOf(snapshot.subscriptions, topic)
      return addressesIn(description).map((address) => {
        const report = findingFor('subscription.fallback-email', `${topic} → ${address}`)
        const title = 'the fallback e-mail address is confirmed'
        if (listed.state === 'unreadable') return report.skip(title, listed.why)
        const found = emailSubscriptionOf(snapshot, topic, address)
        if (found?.arn !== undefined && found.confirmed === undefined) {
          const { attributes } = found
          return report.skip(title, attributes.state === 'unreadable' ? attributes.why : 'it was not read')
        }
        if (found?.confirmed === true) return report.pass(title, address)
        if (found === undefined) {
          return report.warn({
            title: 'the fallback e-mail address is not subscribed',
            evidence: `no subscription of ${address}: it was unsubscribed, or not confirmed within two days`,
            impact: 'When SNS cannot deliver to PagerDuty, no one is told there.',
            fix: fallbackFix(marker.name, address, graph),
          })
        }
        return report.warn({
          title: 'the fallback e-mail address has not been confirmed',
          evidence: `the subscription of ${address} is pending`,
          impact:
            'When SNS cannot deliver to PagerDuty, no one is told there. After 48 hours the subscription vanishes.',
          fix: {
            summary: 'open the link in the e-mail from AWS; this sends it again',
            command: awsCommand('sns subscribe', {
              'topic-arn': topic,
              protocol: 'email',
              'notification-endpoint': address,
            }),
          },
        })
      })
    })
  },
}
