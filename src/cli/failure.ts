/** The one place where a failure is told, and the frame of every JSON document. */

import { errorJson } from '../json/error.ts'
import { jsonPieces, widthOf } from '../ui/output.ts'
import { errorText, showError } from '../ui/render/error.ts'
import type { OutputMode } from './output-mode.ts'
import type { Platform } from './platform.ts'

/** Tells the failure on stderr, and with `--json` also as the one document on stdout. Gives the exit code. */
export async function fail(error: unknown, platform: Platform, outputMode: OutputMode): Promise<number> {
  const shown = errorText(error)
  outputMode.output.print(showError(shown, outputMode.errTheme, widthOf(platform.stderr), outputMode.verbose))
  if (outputMode.json) await outputMode.output.result(documentOf(outputMode, { error: errorJson(shown) }), 'json')
  return shown.exit
}

/** One JSON document in pieces, with the two fields that each of them has. */
export function documentOf(outputMode: OutputMode, body: object): Iterable<string> {
  return jsonPieces({ schemaVersion: 1, command: outputMode.command, ...body })
}
