/** Where a session stands, in the terms of names and ARNs. */

import type { Site } from '../domain/names.ts'
import type { Aws } from './session.ts'

export function siteOf({ identity, region }: Aws): Site {
  return { partition: identity.partition, account: identity.account, region }
}
