/** Was this chosen, or changed by hand? Chosen is what the alarm's mark records, or what the catalogue writes. */

import { catalogue } from '../detections/catalogue.ts'
import type { AlarmTemplate, Detection } from '../detections/detection.ts'
import { fireDrill } from '../detections/drill.ts'
import { scopeTo } from '../detections/scope.ts'
import { applyTuning } from '../detections/tune.ts'
import { type Marker, parseMarker } from '../domain/marker.ts'
import type { AlarmSnapshot, MetricFilterSnapshot } from '../domain/snapshot.ts'
import { AppError } from '../errors.ts'
import { parsePattern } from '../patterns/parse/parse.ts'
import { sameMeaning } from '../patterns/pattern.ts'
import { alarmFingerprint, filterFingerprint, observedSettings } from '../plan/fingerprint.ts'
import { metricText } from './indexes.ts'

/** `unmarked` is an alarm of others; `changed` carries a mark that its settings no longer agree with. */
export type Origin = 'unmarked' | 'chosen' | 'changed'

/** Of the settings that decide when the alarm fires and falls. */
export function alarmOrigin(alarm: AlarmSnapshot): Origin {
  const marker = parseMarker(alarm.description)
  if (marker === undefined) return 'unmarked'
  if (marker.alarm === alarmFingerprint(alarm)) return 'chosen'
  const template = templateOf(alarm, marker)
  return template !== undefined && differing(alarm, template).length === 0 ? 'chosen' : 'changed'
}

/** Of the filters that feed a marked alarm. */
export function filterOrigin(alarm: AlarmSnapshot, filters: readonly MetricFilterSnapshot[]): Origin {
  const marker = parseMarker(alarm.description)
  if (marker === undefined) return 'unmarked'
  const watched = alarm.metric === undefined ? '' : metricText(alarm.metric)
  if (marker.filter === filterFingerprint(filters.map((filter) => observedSettings(filter, watched)))) return 'chosen'
  return filters.every((filter) => patternsOf(alarm, marker, filter).some((one) => sameText(one, filter.pattern)))
    ? 'chosen'
    : 'changed'
}

/** The fields in which a marked alarm differs from what the catalogue writes, with both values. */
export function alarmChanges(alarm: AlarmSnapshot): readonly string[] {
  const marker = parseMarker(alarm.description)
  const template = marker === undefined ? undefined : templateOf(alarm, marker)
  if (template === undefined) return []
  return differing(alarm, template).map((field) => `${field} ${alarm[field] ?? 'none'}, not ${template[field]}`)
}

const FIELDS = [
  'statistic',
  'period',
  'evaluationPeriods',
  'datapointsToAlarm',
  'threshold',
  'comparisonOperator',
  'treatMissingData',
] as const

function differing(alarm: AlarmSnapshot, template: AlarmTemplate): readonly (typeof FIELDS)[number][] {
  const settings = { ...alarm, datapointsToAlarm: alarm.datapointsToAlarm ?? alarm.evaluationPeriods }
  return FIELDS.filter((field) => settings[field] !== template[field])
}

/** What the catalogue writes for the detection that a mark names, with the hold that it records. */
function templateOf(alarm: AlarmSnapshot, marker: Marker): AlarmTemplate | undefined {
  const detection = detectionOf(marker)
  if (detection === undefined) return undefined
  if (isCompliance(alarm, detection)) return detection.compliance?.alarm
  return marker.hold === undefined ? detection.paging.alarm : withHold(detection, marker.hold)
}

function patternsOf(alarm: AlarmSnapshot, marker: Marker, { logGroup }: MetricFilterSnapshot): readonly string[] {
  const detection = detectionOf(marker)
  if (detection === undefined) return []
  if (isCompliance(alarm, detection)) return (detection.compliance?.patterns ?? []).map(({ pattern }) => pattern)
  const [topicArn = ''] = alarm.alarmActions
  const scoped = scopeTo({ alarmPrefix: `${marker.name}-`, logGroup, topicArn }, detection)
  return [detection.paging.pattern, scoped.paging.pattern]
}

function withHold(detection: Detection, hold: number): AlarmTemplate | undefined {
  try {
    return applyTuning(detection, { hold }).paging.alarm
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

/** The alarm of the published patterns, by its name. */
function isCompliance({ name }: AlarmSnapshot, { id }: Detection): boolean {
  return name.includes(`-${id}-compliance-`)
}

function detectionOf({ detection }: Marker): Detection | undefined {
  return [...catalogue, fireDrill].find(({ id }) => id === detection)
}

function sameText(a: string, b: string): boolean {
  if (a === b) return true
  const [one, other] = [parsePattern(a), parsePattern(b)]
  return one.validity === 'accepted' && other.validity === 'accepted' && sameMeaning(one.pattern, other.pattern)
}
