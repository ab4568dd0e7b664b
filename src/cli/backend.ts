/** What a run is connected to. */

import type { Aws, AwsTarget } from '../aws/session.ts'
import type { RouteKind } from '../domain/route.ts'
import type { Clock } from '../ports.ts'

/** What stands behind a run. */
export interface Backend {
  readonly clock: Clock
  connectAws(target: AwsTarget): Promise<Aws>
  /** Token and base of PagerDuty's REST API; without a token PagerDuty is not asked. */
  readonly pagerDuty?: { readonly token: string | undefined; readonly apiUrl: string | undefined }
  /** The integration key that this world offers for a route when nobody gave one. */
  keyFor(route: RouteKind): string | undefined
  /** Every secret that this world brings along. */
  readonly secrets: readonly string[]
  close(): Promise<void>
}
