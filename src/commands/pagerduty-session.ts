/** The PagerDuty account of one run: signed in on first use, with the token at hand or one that a person types. */

import type { PagerDutySide } from '../aws/resources/handler.ts'
import type { Deps, PagerDutyAccount } from '../context.ts'
import { type AppError, usage } from '../errors.ts'
import { integrationUrl } from '../pagerduty/integration.ts'
import type { PagerDutyLook } from '../wizard/lookups.ts'

export interface PagerDutySession extends PagerDutyLook {
  /** The account with what a write needs besides. Throws a usage error without a token. */
  side(): Promise<PagerDutySide>
}

export function pagerDutySession(deps: Deps): PagerDutySession {
  let connect = deps.connectPagerDuty
  let known: PagerDutyAccount | undefined
  async function account(): Promise<PagerDutyAccount> {
    if (connect === undefined) throw noToken()
    if (known === undefined) known = welcome(await connect())
    return known
  }
  function welcome(signedIn: PagerDutyAccount): PagerDutyAccount {
    deps.progress.done('PagerDuty', 'good', `signed in, service region ${signedIn.serviceRegion.toUpperCase()}`)
    return signedIn
  }
  return {
    hasToken: () => connect !== undefined,
    account,
    async signIn(token) {
      const signedIn = await deps.signInPagerDuty?.(token)
      if (signedIn === undefined) throw noToken()
      connect = async () => signedIn
      known = welcome(signedIn)
      return known
    },
    urlOf: (signedIn, kind, key) => integrationUrl(sideOf(signedIn, deps), kind, key),
    side: async () => sideOf(await account(), deps),
  }
}

function sideOf({ client, serviceRegion }: PagerDutyAccount, { eventsUrl, learn }: Deps): PagerDutySide {
  return { client, serviceRegion, eventsUrl, learn: (secret) => learn?.(secret) }
}

export function noToken(): AppError {
  return usage(
    'pagerduty-no-token',
    'looking into PagerDuty takes a REST API token, and there is none',
    'set PAGERDUTY_TOKEN, or pass --pagerduty-token-file PATH',
  )
}
