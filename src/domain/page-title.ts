/** How a page of an alarm is titled in PagerDuty, and where that is changed. */

/** What the title of an alarm is made of. */
export interface AlarmCondition {
  readonly statistic: string
  readonly metricName: string
  readonly comparisonOperator: string
  readonly threshold: number
  /** The values of its dimensions, by name. */
  readonly dimensions: Readonly<Record<string, string>>
}

/**
 * The title that the "Amazon CloudWatch" integration gives by default: `Sum RootAccountUsagePage GreaterThanOrEqualToThreshold 1.0`
 * (incidents shown in public; terraform-provider-pagerduty 667, `description.value` is `auto_generated`).
 */
export function conditionTitle({
  statistic,
  metricName,
  comparisonOperator,
  threshold,
  dimensions,
}: AlarmCondition): string {
  const limit = Number.isInteger(threshold) ? threshold.toFixed(1) : String(threshold)
  const where = Object.entries(dimensions).map(([name, value]) => `${name} ${value}`)
  const suffix = where.length === 0 ? '' : ` for ${where.join(', ')}`
  return `${statistic} ${metricName} ${comparisonOperator} ${limit}${suffix}`
}

/** For a person whose pages go to the integration of a service: how they will read, and where to change it. */
export function pageTitleNote(condition: AlarmCondition): string {
  return (
    `a page may be titled "${conditionTitle(condition)}": to have the alarm's name there, open the service in PagerDuty, ` +
    'Integrations, Edit, and set "Derive name from" to the alarm name'
  )
}
