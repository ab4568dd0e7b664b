/** What every command returns to main, which alone writes it. */

import type { ExitCode } from '../errors.ts'
import type { Theme } from '../ui/theme.ts'

/**
 * What a command returns; it never prints. `json` lacks `schemaVersion` and `command`, which main adds; a long list at
 * its top level may be any iterable, whose items are made while they are written.
 */
export interface Report {
  readonly exit: ExitCode
  readonly json: object
  /** The text for a person, without a newline at its end. */
  text(theme: Theme, width: number): string
  /** The same for a terminal that shows the progress above it, without what that has said. */
  textBelowProgress?(theme: Theme, width: number): string
}
