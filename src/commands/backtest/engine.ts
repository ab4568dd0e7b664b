/** `backtest --engine`: prints a query, or reads its answer. */

import { athenaQuery } from '../../backtest/engine/athena.ts'
import { logsInsightsQueries } from '../../backtest/engine/logs-insights.ts'
import { type EngineCounts, readResults } from '../../backtest/engine/read-result.ts'
import { MinuteSeries } from '../../backtest/minutes.ts'
import { type Reach, reachOf } from '../../backtest/reach.ts'
import type { Judged } from '../../backtest/result.ts'
import { type SourceRun, STEADY } from '../../backtest/sources.ts'
import { MINUTE_MS, type MinuteWindow } from '../../backtest/timeline.ts'
import { counted } from '../../counted.ts'
import type { Detection } from '../../detections/detection.ts'
import { EXIT, usage } from '../../errors.ts'
import type { BacktestOptions, QueryEngine } from '../../options/command-options.ts'
import { unreadable } from '../../options/read.ts'
import type { Files } from '../../ports.ts'
import type { Report } from '../report.ts'

/** The query alone on stdout, so that it can be piped. */
export function queryReport(
  engine: QueryEngine | undefined,
  detections: readonly Detection[],
  window: MinuteWindow,
): Report {
  const query = engine === 'athena' ? athenaQuery(detections, window) : logsInsightsQueries(detections)
  const time = (minute: number) => new Date(minute * MINUTE_MS).toISOString()
  return {
    exit: EXIT.done,
    json: { engine, from: time(window.from), to: time(window.to), query },
    text: () => query.trimEnd(),
  }
}

/** Logs Insights gives no more rows for one query (CloudWatch Logs quotas). */
const INSIGHTS_ROWS = 10_000

/** Throws a usage error (exit 2) for a file that is no answer, and when no row of it lies in the window. */
export async function countResult(options: BacktestOptions, run: SourceRun, files: Files): Promise<Judged> {
  const texts: { path: string; text: string }[] = []
  for (const path of options.result ?? []) texts.push({ path, text: await textOf(path, files) })
  const { detections, window } = run
  const counts = readResults(texts, detections, window)
  if (counts.rows === 0) {
    throw usage('no-events', 'the result has no rows', 'check the time range of the query, and its table or log group')
  }
  if (counts.rows === counts.ignored) {
    throw usage(
      'no-events',
      'no row of the result matches the time range and the selected detections',
      'pass the same --since, --until and --detections as with --print',
    )
  }
  const source = options.engine ?? 'athena'
  const whole: Reach = { window, notes: [] }
  const reach = counts.allEvents ? reachOf(minutesOf(counts), window, { earlier: false, later: false }) : whole
  const notes = [
    ...reach.notes,
    ...(counts.allEvents ? [] : [STEADY, ...withoutRow(counts)]),
    ...(counts.ignored > 0 ? [`${counted(counts.ignored, 'row')} of another time range or detection ignored`] : []),
    ...(source === 'logs-insights' && counts.mostRows >= INSIGHTS_ROWS
      ? [
          `Logs Insights gives at most ${counted(INSIGHTS_ROWS, 'row')}: use a shorter time range, or some matches may be missing`,
        ]
      : []),
  ]
  const bytes = texts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
  const timeBase = source === 'athena' ? 'eventTime' : 'log timestamp'
  const intake = { source, timeBase, bytes, skippedLines: 0, skippedFiles: [], notes } as const
  return { window: reach.window, tally: { ...counts, duplicates: 0 }, allEvents: counts.allEvents, intake }
}

/** Every minute that a row speaks of. */
function minutesOf({ arrivals, detections }: EngineCounts): MinuteSeries {
  const all = new MinuteSeries()
  for (const series of [arrivals, ...detections.map(({ minutes }) => minutes)]) {
    for (const [minute] of series.minutes()) all.add(minute)
  }
  return all
}

/** Logs Insights has a query for each detection, and an answer without rows does not say for which. */
function withoutRow({ detections, found }: EngineCounts): readonly string[] {
  const ids = detections.map(({ detection }) => detection.id).filter((id) => !found.has(id))
  if (ids.length === 0) return []
  return [`no row for ${ids.join(', ')}: nothing matched, or the results of their queries were not given`]
}

async function textOf(path: string, files: Files): Promise<string> {
  try {
    return await files.read(path)
  } catch (cause) {
    throw unreadable(`--result "${path}"`, cause)
  }
}
