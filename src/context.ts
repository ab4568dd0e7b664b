/** What a command may reach: cheap values, plus functions for whatever connects. */

import type { Aws, AwsTarget } from './aws/session.ts'
import type { RouteKind, ServiceRegion } from './domain/route.ts'
import type { Secret } from './domain/secret.ts'
import type { PagerDuty } from './pagerduty/directory.ts'
import type { Clock, Env, Files, Progress, Prompter, StartSearch } from './ports.ts'

export interface CommandContext {
  readonly env: Env
  readonly clock: Clock
  readonly files: Files
  /** Searches the same files on other threads; undefined: there is no way to. */
  readonly startSearch?: StartSearch | undefined
  /** Aborted by SIGINT or SIGTERM. */
  readonly signal: AbortSignal
  /** Undefined: nobody to ask. */
  readonly prompter: Prompter | undefined
  readonly progress: Progress
  connectAws(target: AwsTarget): Promise<Aws>
  /**
   * Undefined: there is no token. Finds the region where the token is at home; throws a usage error (exit 2) for what
   * cannot be a token, `pagerduty-token-refused` (exit 3) for one that no region knows.
   */
  readonly connectPagerDuty?: (() => Promise<PagerDutyAccount>) | undefined
  /** The same with a token that a person typed; it is kept for this run alone. */
  signInPagerDuty?(token: string): Promise<PagerDutyAccount>
  /** A key that the world of the run has for a route, where a person gives none: the sandbox's. */
  offeredKey?(route: RouteKind): string | undefined
  /** Takes a secret out of everything that is written from now on. */
  redact?(secret: Secret): void
}

/** A PagerDuty account and the region where its token is at home. */
export interface PagerDutyAccount {
  readonly client: PagerDuty
  readonly serviceRegion: ServiceRegion
}
