/** The one place where a failure is told, and the frame of every JSON document. */

import { errorJson } from '../json/error.ts'
import { jsonPieces, widthOf } from '../ui/output.ts'
import { type ErrorText, errorText, showError } from '../ui/render/error.ts'
import type { OutputMode } from './output-mode.ts'
import type { Platform } from './platform.ts'

/** Tells the failure on stderr, and with `--json` also as the one document on stdout. Gives the exit code. */
export async function fail(error: unknown, platform: Platform, outputMode: OutputMode): Promise<number> {
  const shown = withTerminalHint(errorText(error), platform)
  outputMode.output.print(showError(shown, outputMode.errTheme, widthOf(platform.stderr), outputMode.verbose))
  if (outputMode.json) await outputMode.output.result(documentOf(outputMode, { error: errorJson(shown) }), 'json')
  return shown.exit
}

/** Codes of a run that had no terminal to prompt on. */
const NO_TERMINAL: ReadonlySet<string> = new Set(['no-terminal', 'missing-options'])

/** Git Bash gives Node pipes in place of a terminal, unless a command runs under winpty; MSYSTEM is its variable. */
function withTerminalHint(shown: ErrorText, { env }: Platform): ErrorText {
  if (!NO_TERMINAL.has(shown.code) || env.MSYSTEM === undefined) return shown
  const hint = 'in Git Bash, put winpty before the command to get prompts'
  const { code, message, detail, exit } = shown
  return { code, message, detail, exit, hint: shown.hint === undefined ? hint : `${shown.hint}; ${hint}` }
}

/** One JSON document in pieces, with the two fields that each of them has. */
export function documentOf(outputMode: OutputMode, body: object): Iterable<string> {
  return jsonPieces({ schemaVersion: 1, command: outputMode.command, ...body })
}
