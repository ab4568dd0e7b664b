/** Can a trail's selectors ever let an event through? A trail can be on, deliver, and still be blind (field cases C39, C40). */

import type { AdvancedSelector, BasicSelector, EventSelectors, FieldSelector } from '../domain/snapshot.ts'
import type { BlindSpot } from './trail-faults.ts'

/** The two properties of a management event that selectors look at. */
export interface EventShape {
  readonly eventSource: string
  readonly eventName: string
  readonly readOnly: boolean
}

/** Yes, no, or undefined: the selector uses a field whose effect cannot be told. */
export function logsEvent(selectors: EventSelectors, event: EventShape): boolean | undefined {
  if (selectors.advanced.length > 0) return any(selectors.advanced.map((selector) => advancedLogs(selector, event)))
  // No selector at all is the default: every management event.
  if (selectors.basic.length === 0) return true
  return selectors.basic.some((selector) => basicLogs(selector, event))
}

/** What a trail leaves out of the management events, each as a code; empty when it logs them all. */
export function blindSpots(selectors: EventSelectors): readonly BlindSpot[] {
  const write = { eventSource: 'ec2.amazonaws.com', eventName: 'CreateVpc', readOnly: false }
  const read = { eventSource: 'ec2.amazonaws.com', eventName: 'DescribeVpcs', readOnly: true }
  const key = { eventSource: 'kms.amazonaws.com', eventName: 'DisableKey', readOnly: false }
  const writes = logsEvent(selectors, write)
  const reads = logsEvent(selectors, read)
  if (writes === false && reads === false) return ['no-management-events']
  const spots: BlindSpot[] = []
  if (writes === false) spots.push('reads-only')
  if (reads === false) spots.push('writes-only')
  if (writes !== false && logsEvent(selectors, key) === false) spots.push('without-kms')
  if (writes === undefined || reads === undefined) spots.push('fields-unknown')
  return spots
}

/** Whether the trail records data events too: of objects, items or functions. */
export function recordsDataEvents({ basic, advanced }: EventSelectors): boolean {
  if (advanced.length === 0) return basic.some(({ dataResources }) => dataResources.length > 0)
  return advanced.some(({ fields }) => fields.some((field) => field.field === 'eventCategory' && allows(field, 'Data')))
}

function basicLogs(selector: BasicSelector, event: EventShape): boolean {
  if (!selector.includeManagementEvents || selector.excludedSources.includes(event.eventSource)) return false
  if (selector.readWriteType === 'ReadOnly') return event.readOnly
  if (selector.readWriteType === 'WriteOnly') return !event.readOnly
  return true
}

function advancedLogs(selector: AdvancedSelector, event: EventShape): boolean | undefined {
  return all(selector.fields.map((field) => fieldAllows(field, event)))
}

function fieldAllows(selector: FieldSelector, event: EventShape): boolean | undefined {
  switch (selector.field) {
    case 'eventCategory':
      return allows(selector, 'Management')
    case 'readOnly':
      return allows(selector, String(event.readOnly))
    case 'eventSource':
      return allows(selector, event.eventSource)
    case 'eventName':
      return allows(selector, event.eventName)
    default:
      return undefined
  }
}

function allows(selector: FieldSelector, value: string): boolean {
  const wanted = [
    ...selector.equals.map((text) => value === text),
    ...selector.startsWith.map((text) => value.startsWith(text)),
    ...selector.endsWith.map((text) => value.endsWith(text)),
  ]
  const refused =
    selector.notEquals.includes(value) ||
    selector.notStartsWith.some((text) => value.startsWith(text)) ||
    selector.notEndsWith.some((text) => value.endsWith(text))
  return !refused && (wanted.length === 0 || wanted.includes(true))
}

function all(verdicts: readonly (boolean | undefined)[]): boolean | undefined {
  if (verdicts.includes(false)) return false
  return verdicts.includes(undefined) ? undefined : true
}

function any(verdicts: readonly (boolean | undefined)[]): boolean | undefined {
  if (verdicts.includes(true)) return true
  return verdicts.includes(undefined) ? undefined : false
}
