/** Pages a week of detections that are not installed yet, from a log group or the event history. */

import type { Aws } from '../aws/session.ts'
import type { CommandContext } from '../context.ts'
import type { Detection } from '../detections/detection.ts'
import { usage } from '../errors.ts'
import { type DetectionResult, judgeTally } from './result.ts'
import { countHistory, countLogGroup, type SourceRun } from './sources.ts'
import { DEFAULT_DAYS, isLongEnough, windowOf } from './window.ts'

/** The days that an estimate looks back. */
export const ESTIMATE_DAYS = DEFAULT_DAYS

/** Milliseconds that the event history may take: at 100 events a second a busy account would take hours. */
export const HISTORY_LIMIT_MS = 120_000

/**
 * What each detection would have done in the last two weeks, by its id. `logGroup` undefined: the event history, as far
 * back as it can be read in two minutes. Rejects with `AppError` where nothing can be read, or where there was no event.
 */
export async function estimatePages(
  detections: readonly Detection[],
  source: { readonly aws: Aws; readonly logGroup: string | undefined },
  { clock, signal }: Pick<CommandContext, 'clock' | 'signal'>,
  progress: SourceRun['progress'],
): Promise<ReadonlyMap<string, DetectionResult>> {
  const window = windowOf({}, clock.now(), () => undefined)
  const run = { detections, window, clock, signal, progress }
  const judged =
    source.logGroup === undefined
      ? await countHistory(run, source.aws, HISTORY_LIMIT_MS)
      : await countLogGroup(run, source.aws, source.logGroup)
  if (!isLongEnough(judged.window)) {
    throw usage(
      'past-too-short',
      'less than a day of events is there, which says nothing about a week',
      'backtest the files of the trail instead',
    )
  }
  return new Map(judgeTally(judged).detections.map((one) => [one.detection.id, one]))
}
