/** What `init` returns: its verdict as exit code, JSON and text. */

import { initJson } from './init-json.ts'
import { initText } from './init-text.ts'
import { type InitResult, judge } from './init-verdict.ts'
import type { Report } from './report.ts'

export function initReport(result: InitResult): Report {
  const judged = judge(result)
  const seconds = Math.round((result.now() - result.started) / 1000)
  return {
    exit: judged.exit,
    json: initJson(result, judged),
    text: (theme, width) => initText(result, judged, seconds, theme, width),
  }
}
