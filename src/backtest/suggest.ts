/** What would make a noisy detection quiet: a threshold or an excluded principal, each run through the same alarm first. */

import { excludePrincipals } from '../detections/principal.ts'
import { AppError } from '../errors.ts'
import { type Flag, quoted } from '../next-command.ts'
import type { DetectionTally } from './tally.ts'
import { type AlarmInput, type MinuteWindow, periodValues, runAlarm, type Timeline } from './timeline.ts'

export interface Suggestion {
  readonly kind: 'threshold' | 'exclude-principal'
  /** The option of `init` and `backtest`. */
  readonly flag: Flag
  /** The same, ready to paste. */
  readonly option: string
  /** What is left with it. */
  readonly pages: number
  readonly pagesPerWeek: number
  /** Matches that no longer contribute to any page. */
  readonly matchesLost: number
}

/** More pages a week than this are noise. */
export const QUIET_A_WEEK = 1

/** Parts of the periods with matches that stay below a threshold which is tried. */
const PERCENTILES = [0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 1]

/** An exclusion is tried for whoever makes at least so much of the matches. */
const LOUD = 0.2

/**
 * The best of what was tried: fewest pages above the quiet mark, then fewest matches lost. Undefined where nothing helps
 * by half, or only what would leave out every match: that is no tuning.
 */
export function suggest(
  tally: DetectionTally,
  input: AlarmInput,
  window: MinuteWindow,
  now: Pick<Timeline, 'pages'>,
  weeks: number,
): Suggestion | undefined {
  if (now.pages / weeks <= QUIET_A_WEEK) return undefined
  const tried = [...exclusions(tally, input, window, weeks), ...thresholds(tally, input, window, weeks)]
  const helpful = tried.filter(({ pages, matchesLost }) => pages <= now.pages / 2 && matchesLost < tally.matches)
  const excess = ({ pagesPerWeek }: Suggestion) => Math.max(QUIET_A_WEEK, pagesPerWeek)
  return helpful.toSorted((a, b) => excess(a) - excess(b) || a.matchesLost - b.matchesLost)[0]
}

function exclusions(
  { detection, principals, matches }: DetectionTally,
  input: AlarmInput,
  window: MinuteWindow,
  weeks: number,
): readonly Suggestion[] {
  if (input.matches.constant === undefined) return []
  return [...principals.entries()].flatMap(([arn, principal]) => {
    if (!principal.whole || principal.matches < matches * LOUD || !mayBeExcluded(detection.paging.pattern, arn))
      return []
    const { pages } = runAlarm({ ...input, without: principal.minutes }, detection.paging.alarm, window)
    const flag = optionOf('--exclude-principal', detection.custom === undefined ? `${detection.id}=${arn}` : arn)
    const matchesLost = principal.matches
    return [{ kind: 'exclude-principal', ...flag, pages, pagesPerWeek: pages / weeks, matchesLost } as const]
  })
}

function optionOf(name: string, value: string): Pick<Suggestion, 'flag' | 'option'> {
  return { flag: [name, value], option: `${name} ${quoted(value)}` }
}

/** Root, everybody, people of Identity Center, and patterns that have no room left are never offered. */
function mayBeExcluded(pattern: string, arn: string): boolean {
  try {
    return arn.startsWith('arn:') && excludePrincipals(pattern, [arn]).people.length === 0
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}

function thresholds(
  { detection }: DetectionTally,
  input: AlarmInput,
  window: MinuteWindow,
  weeks: number,
): readonly Suggestion[] {
  const { alarm } = detection.paging
  const { comparisonOperator: comparison, statistic } = alarm
  // Of what is critical a single event is one too many.
  if (detection.severity === 'critical') return []
  if (input.matches.constant !== 1 || (statistic !== 'Sum' && statistic !== 'SampleCount')) return []
  if (comparison !== 'GreaterThanOrEqualToThreshold' && comparison !== 'GreaterThanThreshold') return []
  const values = periodValues(input, alarm, window)
  const length = alarm.period / 60
  const sums: number[] = []
  for (let start = 0; start + length <= window.to - window.from; start += length) {
    const value = values(start, start + length)
    if (value !== null && value > 0) sums.push(value)
  }
  sums.sort((a, b) => a - b)
  const above = comparison === 'GreaterThanOrEqualToThreshold' ? 1 : 0
  const candidates = new Set(PERCENTILES.map((part) => (sums[Math.ceil(sums.length * part) - 1] ?? 0) + above))
  return [...candidates]
    .filter((threshold) => threshold > alarm.threshold)
    .map((threshold) => {
      const { pages } = runAlarm(input, { ...alarm, threshold }, window)
      const flag =
        detection.custom === undefined
          ? optionOf('--set', `${detection.id}.threshold=${threshold}`)
          : optionOf('--threshold', String(threshold))
      const before = matchesBehind(input, values, length, window, (value) => breach(value, alarm.threshold, above))
      const after = matchesBehind(input, values, length, window, (value) => breach(value, threshold, above))
      return { kind: 'threshold', ...flag, pages, pagesPerWeek: pages / weeks, matchesLost: before - after } as const
    })
}

function breach(value: number, threshold: number, above: number): boolean {
  return above === 1 ? value >= threshold : value > threshold
}

/** Matches in minutes that belong to some breaching period, wherever it begins. */
function matchesBehind(
  { matches, without }: AlarmInput,
  values: (start: number, end: number) => number | null,
  length: number,
  { from, to }: MinuteWindow,
  breaches: (value: number) => boolean,
): number {
  let behind = 0
  let covered = 0
  for (let end = 1; end <= to - from; end += 1) {
    const value = values(end - length, end)
    if (value === null || !breaches(value)) continue
    for (let at = Math.max(covered, end - length, 0); at < end; at += 1) {
      behind += matches.count(from + at) - (without?.count(from + at) ?? 0)
    }
    covered = end
  }
  return behind
}
