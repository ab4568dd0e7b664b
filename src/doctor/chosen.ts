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
import type { ChainGraph } from './graph.ts'
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

/** Whether a marked alarm and the filter that feeds it are what the catalogue writes, with the hold that the mark records. */
export function asCatalogued(alarm: AlarmSnapshot, filter: MetricFilterSnapshot): boolean {
  const marker = parseMarker(alarm.description)
  const template = marker && templateOf(alarm, marker)
  if (marker === undefined || template === undefined) return false
  return (
    differing(alarm, template).length === 0 &&
    patternsOf(alarm, marker, filter).some((one) => sameText(one, filter.pattern))
  )
}

/**
 * The fields in which a marked alarm differs from what init wrote, with both values; undefined where that is not known.
 * A mark holds no values, so what it was made from is looked for: the catalogue's settings, and those or the present ones
 * with one field another.
 */
export function alarmChanges(alarm: AlarmSnapshot): readonly string[] | undefined {
  const marker = parseMarker(alarm.description)
  if (marker === undefined) return undefined
  const template = templateOf(alarm, marker)
  const written = marker.alarm === undefined ? template : settingsBehind(marker.alarm, alarm, template)
  if (written === undefined) return undefined
  return differing(alarm, written).map((field) => `${field} ${alarm[field] ?? 'none'}, was ${written[field]}`)
}

/** What init wrote into the filters of a marked alarm, and what is there; undefined where that is not known. */
export function filterChanges(alarm: AlarmSnapshot, filter: MetricFilterSnapshot): readonly string[] | undefined {
  const marker = parseMarker(alarm.description)
  if (marker === undefined || alarm.metric === undefined) return undefined
  const now = observedSettings(filter, metricText(alarm.metric))
  const detection = detectionOf(marker)
  if (detection === undefined) return undefined
  const { value, defaultValue } = isCompliance(alarm, detection)
    ? (detection.compliance?.metric ?? detection.paging.metric)
    : detection.paging.metric
  const patterns = [now.pattern, ...patternsOf(alarm, marker, filter)]
  const candidates = patterns.flatMap((pattern) => [
    { pattern, value, defaultValue },
    { ...now, pattern },
  ])
  const written =
    marker.filter === undefined
      ? candidates.find(({ pattern }) => pattern !== now.pattern)
      : candidates.find((one) => filterFingerprint([one]) === marker.filter)
  if (written === undefined) return undefined
  return [
    ...(sameText(written.pattern, now.pattern) ? [] : [`pattern ${now.pattern}, was ${written.pattern}`]),
    ...(written.value === now.value ? [] : [`metric value ${now.value}, was ${written.value}`]),
    ...(written.defaultValue === now.defaultValue
      ? []
      : [`default value ${now.defaultValue ?? 'none'}, was ${written.defaultValue ?? 'none'}`]),
  ]
}

/** What carries a mark that it no longer agrees with, of the alarms and filters of these chains. */
export function changedSinceMade(graph: Pick<ChainGraph, 'alarms' | 'joins'>): {
  readonly alarms: readonly AlarmSnapshot[]
  readonly filters: readonly MetricFilterSnapshot[]
} {
  const filters = graph.alarms.flatMap((alarm) => {
    const feeding = graph.joins.filtersOf(alarm)
    return filterOrigin(alarm, feeding) === 'changed' ? feeding : []
  })
  return { alarms: graph.alarms.filter((alarm) => alarmOrigin(alarm) === 'changed'), filters: [...new Set(filters)] }
}

type Settings = Pick<AlarmTemplate, (typeof FIELDS)[number]>

/** Values that init or a person can have chosen for one field; seconds for a period. */
const VALUES: { readonly [F in keyof Settings]: readonly Settings[F][] } = {
  statistic: ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'] as Settings['statistic'][],
  period: [10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 21_600, 86_400],
  evaluationPeriods: upTo(60),
  datapointsToAlarm: upTo(60),
  threshold: [0, ...upTo(100)],
  comparisonOperator: [
    'GreaterThanOrEqualToThreshold',
    'GreaterThanThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ] as Settings['comparisonOperator'][],
  treatMissingData: ['notBreaching', 'breaching', 'ignore', 'missing'] as Settings['treatMissingData'][],
}

function upTo(n: number): readonly number[] {
  return [...Array(n).keys()].map((at) => at + 1)
}

function settingsBehind(mark: string, alarm: AlarmSnapshot, template: AlarmTemplate | undefined): Settings | undefined {
  const now = { ...alarm, datapointsToAlarm: alarm.datapointsToAlarm ?? alarm.evaluationPeriods } as Settings
  const isIt = (settings: Settings) => alarmFingerprint({ ...settings, metric: alarm.metric }) === mark
  const bases = template === undefined ? [now] : [template, now]
  for (const base of bases) {
    if (isIt(base)) return base
    for (const field of FIELDS) {
      const value = VALUES[field].find((one) => isIt({ ...base, [field]: one }))
      if (value !== undefined) return { ...base, [field]: value }
    }
  }
  return undefined
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
