/** The backtest as JSON: the shape that scripts rely on. */

import type { BacktestResult, DetectionResult } from '../../backtest/result.ts'
import type { Suggestion } from '../../backtest/suggest.ts'
import type { Body } from '../../json/schemas.ts'

export function backtestJson(result: BacktestResult): Body<'backtest'> {
  const { source, timeBase, from, to, events, duplicates, bytes, skippedLines, skippedFiles, notes } = result
  return {
    source,
    timeBase,
    from: from.toISOString(),
    to: to.toISOString(),
    events,
    duplicates,
    bytes,
    skippedLines,
    skippedFiles,
    notes,
    detections: result.detections.map(detectionJson),
  }
}

function detectionJson(one: DetectionResult): NonNullable<Body<'backtest'>['detections']>[number] {
  const { detection, matches, pages, longestAlarmMinutes, topSources, topServices, topEventNames, byDay } = one
  const { suggestion } = one
  return {
    id: detection.id,
    matches,
    pages,
    pagesPerWeek: rounded(one.pagesPerWeek),
    longestAlarmMinutes,
    topSources,
    topServices,
    topEventNames,
    byDay,
    suggestion: suggestion === undefined ? null : suggestionJson(suggestion),
  }
}

function suggestionJson({ kind, option, pages, pagesPerWeek, matchesLost }: Suggestion) {
  return { kind, option, pages, pagesPerWeek: rounded(pagesPerWeek), matchesLost }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
