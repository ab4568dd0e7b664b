/** What a command may reach: cheap values, plus functions for whatever connects. */

import type { Aws, AwsTarget } from './aws/session.ts'
import type { Clock, Env, Files, Progress, Prompter } from './ports.ts'

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
