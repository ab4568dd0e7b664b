/** E-mail subscriptions: SNS sends a link, and nobody but the reader of the mailbox can confirm. */

import { isEmailTo } from '../../plan/desired-fallback.ts'
import { loadSns } from '../clients.ts'
import { failureKind } from '../failures.ts'
import type { LinkHandler } from './handler.ts'
import { readSubscriptions } from './subscription.ts'

export const emailSubscriptionHandler: LinkHandler<'email-subscription'> = {
  async write({ spec }, _action, { aws }) {
    const { SNSClient, SubscribeCommand } = await loadSns()
    const input = { TopicArn: spec.topicArn, Protocol: 'email', Endpoint: spec.address }
    await aws.client(SNSClient).send(new SubscribeCommand(input))
  },
  async remove({ spec }, { aws }) {
    const { SNSClient, UnsubscribeCommand } = await loadSns()
    const listed = await readSubscriptions(aws, spec.topicArn)
    if (listed.state === 'unreadable') throw new Error(listed.why)
    const found = listed.value.find((one) => isEmailTo(one, spec.address))
    // A pending one cannot be unsubscribed; it expires by itself (SNS Unsubscribe).
    if (found?.arn === undefined || found.confirmed !== true) return
    try {
      await aws.client(SNSClient).send(new UnsubscribeCommand({ SubscriptionArn: found.arn }))
    } catch (error) {
      if (failureKind(error) !== 'absent') throw error
    }
  },
  actions: {
    read: ['sns:ListSubscriptionsByTopic', 'sns:GetSubscriptionAttributes'],
    write: ['sns:Subscribe'],
    remove: ['sns:ListSubscriptionsByTopic', 'sns:GetSubscriptionAttributes', 'sns:Unsubscribe'],
  },
}
