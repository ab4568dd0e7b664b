/** Overrides of one detection, or of all: threshold, period, hold, urgency and principals to leave out. */
import { holdSeconds } from '../domain/alarm-arithmetic.ts'
import { AppError, usage } from '../errors.ts'
import { nearest } from '../spelling.ts'
import { alarmProblem } from './alarm-template.ts'
import type { AlarmTemplate, Detection, Urgency } from './detection.ts'
import { excludePrincipals } from './principal.ts'
import { detectionById } from './select.ts'

/** What may be changed. It touches the paging side alone: the published texts and their alarms stay as auditors want them. */
export interface Tuning {
  /** Events within one period, a whole number from 1. */
  readonly threshold?: number
  /** Seconds, a multiple of 60. */
  readonly period?: number
  /** Whole minutes for which the alarm stays up at least. */
  readonly hold?: number
  readonly urgency?: Urgency
  /** ARNs, a star only at an end. */
  readonly excludePrincipals?: readonly string[]
}

/** A tuning and the detection it is for; without an id it is for all that were chosen. */
export interface Override {
  readonly id?: string
  readonly tuning: Tuning
}

export interface Tuned {
  readonly detections: readonly Detection[]
  /** Detections for which the general exclusions do not fit into the pattern: they stay without them. */
  readonly unfit: readonly { readonly id: string; readonly reason: string }[]
}

const FIELDS = ['threshold', 'period', 'hold', 'urgency'] as const

/** One word of `--set`, `ID.field=VALUE`. Throws `bad-override` or `unknown-detection` (exit 2). */
export function parseOverride(word: string): Override {
  const [, id, field, value] = /^([^.=]+)\.([^=]*)=(.*)$/s.exec(word) ?? []
  if (id === undefined || field === undefined || value === undefined) {
    throw usage('bad-override', `${JSON.stringify(word)} is not of the form ID.field=VALUE`, EXAMPLE)
  }
  const tuning = parseField(`${detectionById(id).id}.${field}`, field, value.trim())
  check(id, tuning)
  return { id, tuning }
}

/** One word of `--exclude-principal`, `ARN` or `ID=ARN`; an ARN may itself hold an equals sign. Throws as `excludePrincipals`. */
export function parseExclusion(word: string): Override {
  const [, id, given] = /^([a-z0-9-]+)=(.*)$/s.exec(word) ?? []
  const arn = (given ?? word).trim()
  excludePrincipals('{ $.eventName = "*" }', [arn], id ?? 'every detection')
  const tuning = { excludePrincipals: [arn] }
  return id === undefined ? { tuning } : { id: detectionById(id).id, tuning }
}

/**
 * The detection as the tuning wants it; pure. A hold becomes evaluation periods; a new period keeps the hold in minutes.
 * Throws `bad-override` for a value out of range, and what `excludePrincipals` throws (exit 2).
 */
export function applyTuning(detection: Detection, tuning: Tuning): Detection {
  const { id, paging } = detection
  check(id, tuning)
  const without = (pattern: string) => excludePrincipals(pattern, tuning.excludePrincipals ?? [], id).pattern
  const { scopedPattern } = paging
  return {
    ...detection,
    urgency: tuning.urgency ?? detection.urgency,
    paging: {
      ...paging,
      pattern: without(paging.pattern),
      ...(scopedPattern === undefined ? {} : { scopedPattern: without(scopedPattern) }),
      alarm: tuneAlarm(id, paging.alarm, tuning),
    },
  }
}

/**
 * All overrides on all chosen detections: general ones first, later ones win, principals add up.
 * A general exclusion that does not fit into one pattern is reported in `unfit` and spares the others; one that was given
 * for that detection throws. Throws `unused-override` for a detection that was not chosen (exit 2).
 */
export function tuneAll(detections: readonly Detection[], overrides: readonly Override[]): Tuned {
  const chosen = new Set(detections.map(({ id }) => id))
  for (const { id } of overrides) if (id !== undefined && !chosen.has(id)) throw unused(id, [...chosen])
  const results = detections.map((detection) => tuneOne(detection, overrides))
  return {
    detections: results.map(({ detection }) => detection),
    unfit: results.flatMap(({ detection, reason }) => (reason === undefined ? [] : [{ id: detection.id, reason }])),
  }
}

function tuneOne(detection: Detection, overrides: readonly Override[]): { detection: Detection; reason?: string } {
  const general = overrides.filter(({ id }) => id === undefined)
  const own = overrides.filter(({ id }) => id === detection.id)
  try {
    return { detection: applyTuning(detection, merge([...general, ...own])) }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'pattern-too-long') throw error
    const spared = general.map(({ tuning: { excludePrincipals: _, ...tuning } }) => ({ tuning }))
    return { detection: applyTuning(detection, merge([...spared, ...own])), reason: error.message }
  }
}

function merge(overrides: readonly Override[]): Tuning {
  const principals = overrides.flatMap(({ tuning }) => tuning.excludePrincipals ?? [])
  const last: Tuning = Object.fromEntries(overrides.flatMap(({ tuning }) => Object.entries(tuning)))
  return { ...last, excludePrincipals: principals }
}

/**
 * A hold is evaluation periods of which the same few must breach: one event still fires, and the alarm falls only when
 * the breaching period has left the window. A threshold above 1 is met within one period; the hold never adds periods up.
 */
function tuneAlarm(id: string, alarm: AlarmTemplate, tuning: Tuning): AlarmTemplate {
  const period = tuning.period ?? alarm.period
  const hold = tuning.hold === undefined ? holdSeconds(alarm) : tuning.hold * 60
  const evaluationPeriods = Math.ceil(hold / period) + alarm.datapointsToAlarm - 1
  const tuned = { ...alarm, period, evaluationPeriods, threshold: tuning.threshold ?? alarm.threshold }
  const problem = alarmProblem(tuned)
  if (problem === undefined) return tuned
  const hint =
    tuning.hold === undefined ? undefined : `the longest hold at ${period} seconds is ${longestHold(period)} minutes`
  throw usage('bad-override', `${id}: ${problem}`, hint)
}

function longestHold(period: number): number {
  return period < 3600 ? 24 * 60 : 7 * 24 * 60
}

function parseField(name: string, field: string, value: string): Tuning {
  if (field === 'urgency') {
    if (value !== 'page' && value !== 'ticket')
      throw usage('bad-override', `${name} is page or ticket, not ${quoted(value)}`)
    return { urgency: value }
  }
  if (field !== 'threshold' && field !== 'period' && field !== 'hold') {
    throw usage('bad-override', `there is no field ${name}`, `the fields are ${FIELDS.join(', ')}`)
  }
  if (!/^\d{1,9}$/.test(value)) throw usage('bad-override', `${name} is a whole number, not ${quoted(value)}`)
  return { [field]: Number(value) }
}

function check(id: string, { threshold, period, hold }: Tuning): void {
  if (threshold !== undefined && !isCount(threshold)) {
    throw usage('bad-override', `${id}.threshold is a number of events from 1, not ${threshold}`)
  }
  if (hold !== undefined && !isCount(hold))
    throw usage('bad-override', `${id}.hold is whole minutes from 1, not ${hold}`)
  if (period !== undefined && (!isCount(period) || period % 60 !== 0)) {
    // 10, 20 and 30 seconds are CloudWatch periods too, but a metric filter publishes once a minute.
    throw usage('bad-override', `${id}.period is seconds in multiples of 60, not ${period}`)
  }
}

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 1
}

function unused(id: string, chosen: readonly string[]): AppError {
  const near = nearest(id, chosen)
  const hint =
    near.length === 0 ? 'add it to --detections' : `add it to --detections, or did you mean ${near.join(' or ')}?`
  return usage('unused-override', `an override names ${id}, which is not among the detections chosen`, hint)
}

function quoted(value: string): string {
  return JSON.stringify(value)
}

const EXAMPLE = 'for example root-account-usage.hold=30'
