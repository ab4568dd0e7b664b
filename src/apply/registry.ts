/** The registry of link handlers, complete by its type. */

import { alarmHandler } from '../aws/resources/alarm.ts'
import { bucketHandler } from '../aws/resources/bucket.ts'
import { dashboardHandler } from '../aws/resources/dashboard.ts'
import { deliveryHandler } from '../aws/resources/delivery.ts'
import { emailSubscriptionHandler } from '../aws/resources/email-subscription.ts'
import type { LinkHandlers } from '../aws/resources/handler.ts'
import { logGroupHandler } from '../aws/resources/log-group.ts'
import { metricFilterHandler } from '../aws/resources/metric-filter.ts'
import { queueHandler } from '../aws/resources/queue.ts'
import { roleHandler } from '../aws/resources/role.ts'
import { subscriptionHandler } from '../aws/resources/subscription.ts'
import { topicHandler } from '../aws/resources/topic.ts'
import { trailHandler } from '../aws/resources/trail.ts'
import { integrationHandler, pagerDutyServiceHandler } from '../pagerduty/integration.ts'

export const handlers: LinkHandlers = {
  bucket: bucketHandler,
  trail: trailHandler,
  'log-group': logGroupHandler,
  role: roleHandler,
  delivery: deliveryHandler,
  'metric-filter': metricFilterHandler,
  topic: topicHandler,
  queue: queueHandler,
  subscription: subscriptionHandler,
  'email-subscription': emailSubscriptionHandler,
  alarm: alarmHandler,
  dashboard: dashboardHandler,
  'pagerduty-service': pagerDutyServiceHandler,
  integration: integrationHandler,
}
