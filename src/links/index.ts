/** The registry of link handlers, complete by its type. */

import { alarmHandler } from './alarm.ts'
import { bucketHandler } from './bucket.ts'
import { deliveryHandler } from './delivery.ts'
import type { LinkHandlers } from './handler.ts'
import { logGroupHandler } from './log-group.ts'
import { metricFilterHandler } from './metric-filter.ts'
import { integrationHandler, pagerDutyServiceHandler } from './pagerduty.ts'
import { roleHandler } from './role.ts'
import { subscriptionHandler } from './subscription.ts'
import { topicHandler } from './topic.ts'
import { trailHandler } from './trail.ts'

export const handlers: LinkHandlers = {
  bucket: bucketHandler,
  trail: trailHandler,
  'log-group': logGroupHandler,
  role: roleHandler,
  delivery: deliveryHandler,
  'metric-filter': metricFilterHandler,
  topic: topicHandler,
  subscription: subscriptionHandler,
  alarm: alarmHandler,
  'pagerduty-service': pagerDutyServiceHandler,
  integration: integrationHandler,
}
