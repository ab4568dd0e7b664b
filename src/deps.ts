/** What a command may reach: cheap values, plus functions for whatever connects. */

import type { Aws, AwsTarget } from './aws/session.ts'
import type { ExitCode } from './errors.ts'
import type { Clock, Env, Files, Progress, Prompter } from './ports.ts'
import type { Theme } from './terminal/theme.ts'

export interface Deps {
  readonly env: Env
  readonly clock: Clock
  readonly files: Files
  /** Aborted by SIGINT or SIGTERM. */
  readonly signal: AbortSignal
  /** Undefined: nobody to ask. */
  readonly prompter: Prompter | undefined
  readonly progress: Progress
  /** Replaces PagerDuty's event hosts, from `CLOUDTRAIL_PD_EVENTS_URL` or the sandbox; loopback only. */
  readonly eventsUrl: URL | undefined
  connectAws(target: AwsTarget): Promise<Aws>
}

/** What a command returns; it never prints. `json` lacks `schemaVersion` and `command`, which main adds. */
export interface Report {
  readonly exit: ExitCode
  readonly json: object
  /** The text for a person, without a newline at its end. */
  text(theme: Theme, width: number): string
}
