/** Amazon SNS: its operations by name. */
import type { Operations } from '../context.ts'
import {
  confirmSubscription,
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
  subscribe,
  unsubscribe,
} from './sns-subscriptions.ts'
import {
  createTopic,
  deleteTopic,
  getTopicAttributes,
  listTagsForResource,
  listTopics,
  publishMessage,
  setTopicAttributes,
} from './sns-topics.ts'

export const sns: Operations = {
  Subscribe: subscribe,
  ConfirmSubscription: confirmSubscription,
  GetSubscriptionAttributes: getSubscriptionAttributes,
  SetSubscriptionAttributes: setSubscriptionAttributes,
  ListSubscriptions: listSubscriptions,
  ListSubscriptionsByTopic: listSubscriptionsByTopic,
  Unsubscribe: unsubscribe,
  CreateTopic: createTopic,
  GetTopicAttributes: getTopicAttributes,
  SetTopicAttributes: setTopicAttributes,
  ListTopics: listTopics,
  DeleteTopic: deleteTopic,
  ListTagsForResource: listTagsForResource,
  Publish: publishMessage,
}
