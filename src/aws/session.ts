/** From profile, region and endpoint to an identity and real SDK clients; every client shares one handler, retry policy and trace. */

import type { AwsBackend } from './backend.ts'

export interface AwsTarget {
  readonly profile: string | undefined
  readonly region: string | undefined
  readonly endpointUrl: string | undefined
}

export interface Identity {
  readonly account: string
  readonly arn: string
  /** From the caller's ARN, so GovCloud and China get theirs (field case C53). */
  readonly partition: string
}

export interface Aws {
  readonly identity: Identity
  readonly region: string
  /** Things a person should know of how this session came about, such as an endpoint from a variable. */
  readonly notices: readonly string[]
  /** The one client of this class for this region; made on first use. */
  client<C>(type: new (config: object) => C): C
  /** The same session in another region. */
  inRegion(region: string): Aws
}

export type { AwsBackend }
