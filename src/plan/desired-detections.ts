/** What each detection wants: its metric filters and its alarms. */

import type { AlarmTemplate, Detection, MetricTemplate } from '../detections/detection.ts'
import { type ChainNames, chainNames, type Site } from '../domain/names.ts'
import type { AlarmSpec, MetricFilterSpec, Resource, Tags } from '../domain/resources.ts'
import type { EventNames, NotificationNames } from './chain-names.ts'
import { alarmDescription } from './description.ts'
import { alarmFingerprint, filterFingerprint, filterSettings } from './fingerprint.ts'
import type { Setup } from './setup.ts'

export function filtersOf(
  detection: Detection,
  setup: Setup,
  names: ChainNames,
  logGroup: string,
): readonly Resource[] {
  const { paging, compliance } = detection
  const filter = (name: string, pattern: string, metric: MetricTemplate, exact: boolean): Resource => ({
    kind: 'metric-filter',
    name,
    ownership: 'managed',
    spec: {
      logGroup,
      pattern,
      exact,
      metric: {
        namespace: metric.namespace ?? names.namespace,
        name: metric.name,
        value: metric.value,
        unit: metric.unit,
        defaultValue: metric.defaultValue,
      },
    },
  })
  const filters: Resource[] = []
  if (pages(detection, setup)) {
    filters.push(filter(filterName(detection, names), paging.pattern, paging.metric, false))
  }
  if (complies(detection, setup) && compliance !== undefined) {
    const complianceFilters = compliance.patterns.filter(({ label }) => compliance.complianceFilters.includes(label))
    complianceFilters.forEach(({ pattern }, index) => {
      filters.push(filter(names.metricFilter(detection.id, index + 1), pattern, compliance.metric, true))
    })
  }
  return filters
}

export function alarmsOf(
  detection: Detection,
  setup: Setup,
  site: Site,
  events: EventNames,
  notifications: NotificationNames,
  tags: Tags,
): readonly Resource[] {
  const names = chainNames(setup.name, site)
  const filters = filtersOf(detection, setup, names, events.logGroup).map(({ spec }) => spec as MetricFilterSpec)
  const feeding = (watched: AlarmSpec['metric']) =>
    filters.filter(({ metric }) => metric.namespace === watched.namespace && metric.name === watched.name)
  const alarm = (variant: 'paging' | 'compliance', template: AlarmTemplate, metric: MetricTemplate): Resource => {
    const topic =
      variant === 'compliance'
        ? (notifications.complianceTopicArn ?? notifications.topicArn)
        : target(detection, notifications)
    const filter = variant === 'paging' ? filterName(detection, names) : names.metricFilter(detection.id, 1)
    const name = detection.custom?.alarmName ?? names.alarm(detection.id, variant)
    const watched = { namespace: metric.namespace ?? names.namespace, name: metric.name }
    const fingerprints = {
      alarm: alarmFingerprint({ ...template, metric: watched }),
      filter: filterFingerprint(feeding(watched).map(filterSettings)),
    }
    const patterns = feeding(watched).map(({ pattern }) => pattern)
    const described = { detection, logGroup: events.logGroup, patterns, filter, alarm: name, fingerprints }
    const spec: AlarmSpec = {
      ...template,
      description: alarmDescription(described, setup, site),
      metric: watched,
      alarmActions: [topic],
      okActions: setup.autoResolve ? [topic] : [],
      // INSUFFICIENT_DATA opens an incident that nothing resolves (field case C15).
      insufficientDataActions: [],
      actionsEnabled: true,
      tags,
    }
    return {
      kind: 'alarm',
      name,
      ownership: 'managed',
      spec,
    }
  }
  return [
    ...(pages(detection, setup) ? [alarm('paging', detection.paging.alarm, detection.paging.metric)] : []),
    ...(complies(detection, setup) && detection.compliance !== undefined
      ? [alarm('compliance', detection.compliance.alarm, detection.compliance.metric)]
      : []),
  ]
}

/** A detection without a published string has only its paging form, whatever the variant. */
function pages(detection: Detection, setup: Setup): boolean {
  return setup.variant !== 'compliance' || detection.compliance === undefined
}

function complies(detection: Detection, setup: Setup): boolean {
  return setup.variant !== 'paging' && detection.compliance !== undefined
}

function filterName(detection: Detection, names: ChainNames): string {
  return detection.custom?.filterName ?? names.metricFilter(detection.id)
}

function target(detection: Detection, notifications: NotificationNames): string {
  return detection.urgency === 'ticket'
    ? (notifications.ticketTopicArn ?? notifications.topicArn)
    : notifications.topicArn
}
