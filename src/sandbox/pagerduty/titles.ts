/** How PagerDuty titles the incident of an alarm, by the integration that took it. */

import { conditionTitle } from '../../domain/page-title.ts'
import type { SandboxIntegration } from './state.ts'

/**
 * The title of an alarm's incident. Behind a routing key it is the subject of the message (public write-up on global
 * rulesets). For the vendor "AWS CloudTrail" no incident has been published: it is taken to be like "Amazon CloudWatch".
 */
export function titleOf(
  integration: SandboxIntegration | undefined,
  message: Readonly<Record<string, unknown>>,
  subject: string,
): string {
  if (integration === undefined || integration.vendorId === null) return subject
  switch (integration.nameFrom ?? 'condition') {
    case 'alarm-name':
      return textOf(message.AlarmName) ?? subject
    case 'alarm-description':
      return textOf(message.AlarmDescription) ?? subject
    case 'condition':
      return conditionOf(message.Trigger) ?? subject
  }
}

function conditionOf(trigger: unknown): string | undefined {
  const { Statistic, MetricName, ComparisonOperator, Threshold, Dimensions } = recordOf(trigger)
  const [statistic, metricName, comparisonOperator] = [Statistic, MetricName, ComparisonOperator].map(textOf)
  if (statistic === undefined || metricName === undefined || comparisonOperator === undefined) return undefined
  return conditionTitle({
    // `SUM` in the message.
    statistic: statistic.charAt(0) + statistic.slice(1).toLowerCase(),
    metricName,
    comparisonOperator,
    threshold: Number(Threshold),
    dimensions: dimensionsOf(Dimensions),
  })
}

function dimensionsOf(dimensions: unknown): Readonly<Record<string, string>> {
  const listed = Array.isArray(dimensions) ? dimensions.map(recordOf) : []
  return Object.fromEntries(listed.map(({ name, value }) => [String(name), String(value)]))
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}
