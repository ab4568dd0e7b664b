/** The PagerDuty account of one run: signed in on first use, with the token at hand or one that a person types. */

import type { PagerDutyContext } from '../aws/resources/handler.ts'
import type { CommandContext, PagerDutyAccount } from '../context.ts'
import { type AppError, usage } from '../errors.ts'
import { integrationUrl } from '../pagerduty/integration.ts'
import type { PagerDutyLookups } from '../wizard/lookups.ts'

export interface PagerDutySession extends PagerDutyLookups {
  /** The account with what a write needs besides. Throws a usage error without a token. */
  pagerDutyContext(): Promise<PagerDutyContext>
}

export function pagerDutySession(context: CommandContext): PagerDutySession {
  let connect = context.connectPagerDuty
  let known: PagerDutyAccount | undefined
  async function account(): Promise<PagerDutyAccount> {
    if (connect === undefined) throw noToken()
    known ??= await welcome(connect)
    return known
  }
  async function welcome(signIn: () => Promise<PagerDutyAccount>): Promise<PagerDutyAccount> {
    const { progress } = context
    progress.working('PagerDuty', 'signing in')
    try {
      const signedIn = await signIn()
      progress.done('PagerDuty', 'good', `signed in, service region ${signedIn.serviceRegion.toUpperCase()}`)
      return signedIn
    } catch (error) {
      progress.done('PagerDuty', 'warn', 'not signed in')
      throw error
    }
  }
  return {
    hasToken: () => connect !== undefined,
    account,
    async signIn(token) {
      const { signInPagerDuty: signIn } = context
      if (signIn === undefined) throw noToken()
      const signedIn = await welcome(() => signIn(token))
      connect = async () => signedIn
      known = signedIn
      return known
    },
    urlOf: (signedIn, kind, key) => integrationUrl(pagerDutyContextOf(signedIn, context), kind, key),
    pagerDutyContext: async () => pagerDutyContextOf(await account(), context),
  }
}

function pagerDutyContextOf({ client, serviceRegion }: PagerDutyAccount, { redact }: CommandContext): PagerDutyContext {
  return { client, serviceRegion, redact: (secret) => redact?.(secret) }
}

export function noToken(): AppError {
  return usage(
    'pagerduty-no-token',
    'a PagerDuty REST API token is required',
    'set PAGERDUTY_TOKEN, or pass --pagerduty-token-file PATH',
  )
}
