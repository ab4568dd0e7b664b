/** The one place where a failure is told, and the frame of every JSON document. */

import { jsonPieces, widthOf } from '../ui/output.ts'
import { showError, tell } from '../ui/render/error.ts'
import type { Host } from './host.ts'
import type { Manner } from './output-mode.ts'

/** Tells the failure on stderr, and with `--json` also as the one document on stdout. Gives the exit code. */
export async function fail(error: unknown, host: Host, manner: Manner): Promise<number> {
  const told = tell(error)
  manner.output.say(showError(told, manner.errTheme, widthOf(host.stderr), manner.verbose))
  const { code, message, hint = null, exit } = told
  if (manner.json) await manner.output.result(documentOf(manner, { error: { code, message, hint } }))
  return exit
}

/** One JSON document in pieces, with the two fields that each of them has. */
export function documentOf(manner: Manner, body: object): Iterable<string> {
  return jsonPieces({ schemaVersion: 1, command: manner.command, ...body })
}
