/** What `init` returns: its verdict as exit code, JSON and text. */

import type { Report } from '../report.ts'
import { initJson } from './json.ts'
import { initText } from './text.ts'
import { type InitResult, judge } from './verdict.ts'

export function initReport(result: InitResult): Report {
  const judged = judge(result)
  const seconds = Math.round((result.now() - result.started) / 1000)
  return {
    exit: judged.exit,
    json: initJson(result, judged),
    text: (theme, width) => initText(result, judged, seconds, theme, width),
  }
}
