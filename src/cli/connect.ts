/** Connects a run to the world: the real AWS, the sandbox, or whatever a test hands in. */

import { homedir } from 'node:os'
import { join } from 'node:path'
import type { CommandContext, PagerDutyAccount } from '../context.ts'
import { destinationOptions } from '../domain/destination.ts'
import { usage } from '../errors.ts'
import type { AllOptions, InitOptions } from '../options/command-options.ts'
import type { Env, Progress } from '../ports.ts'
import type { Backend } from './backend.ts'
import type { Platform } from './platform.ts'

/** Opens the world that the options ask for. Throws a usage error (exit 2) for a replaced host that is not on loopback. */
export async function openBackend(
  platform: Platform,
  { sandbox, organization, accounts }: Pick<Partial<AllOptions>, 'sandbox' | 'organization' | 'accounts'>,
  { trace, note }: Pick<Progress, 'trace' | 'note'>,
): Promise<Backend> {
  const eventsUrl = loopbackUrl(platform.env, 'CLOUDTRAIL_PD_EVENTS_URL')
  const apiUrl = loopbackUrl(platform.env, 'CLOUDTRAIL_PD_API_URL')?.href
  if (sandbox === true) {
    const { openSandboxBackend } = await import('./sandbox-backend.ts')
    const asks = organization === true || accounts !== undefined
    return openSandboxBackend(platform, sandboxFile(platform.env), eventsUrl, { trace, note, organization: asks })
  }
  return {
    clock: platform.clock,
    async connectAws(target) {
      const { connectAws } = await import('../aws/session.ts')
      return connectAws(target, { env: platform.env, backend: platform.backend, eventsUrl, trace, notice: note })
    },
    pagerDuty: { token: platform.env.PAGERDUTY_TOKEN || undefined, apiUrl },
    keyFor: () => undefined,
    secrets: [],
    close: async () => {},
  }
}

/** How a command reaches PagerDuty with a token; the form of the token is judged before any call. */
export function pagerDutySignIn(
  { pagerDuty, clock }: Backend,
  {
    env,
    signal,
    progress,
  }: { readonly env: Env; readonly signal: AbortSignal; readonly progress: Pick<Progress, 'trace' | 'note'> },
): (token: string) => Promise<PagerDutyAccount> {
  const apiUrl = pagerDuty?.apiUrl
  return async (text) => {
    const [{ connectPagerDuty }, { readToken }, { findRegion }, { proxyAgent }] = await Promise.all([
      import('../pagerduty/directory.ts'),
      import('../pagerduty/client/connection.ts'),
      import('../pagerduty/client/region.ts'),
      import('../aws/proxy.ts'),
    ])
    const token = readToken(text)
    const agent = apiUrl === undefined ? await proxyAgent(env) : undefined
    const { trace, note: notice } = progress
    const options = { token, clock, signal, trace, notice, ...(agent === undefined ? {} : { agent }) }
    const baseUrls = apiUrl === undefined ? {} : { baseUrls: { us: apiUrl, eu: apiUrl } }
    const region = await findRegion({ ...options, ...baseUrls })
    const client = connectPagerDuty({ ...options, region, ...(apiUrl === undefined ? {} : { baseUrl: apiUrl }) })
    return { client, serviceRegion: region }
  }
}

/** Signs in once, however often it is asked; undefined without a token. */
export function pagerDutyConnector(
  token: string | undefined,
  signIn: (token: string) => Promise<PagerDutyAccount>,
): CommandContext['connectPagerDuty'] {
  if (token === undefined) return undefined
  let account: Promise<PagerDutyAccount> | undefined
  return () => {
    account ??= signIn(token)
    return account
  }
}

/** Adds what the world offers to what was left unsaid: the sandbox has a PagerDuty service with its route and key. */
export function withOffers(options: InitOptions, backend: Backend): InitOptions {
  if (destinationOptions(options).length > 0) return options
  const route = options.route ?? 'service'
  const integrationKey = backend.keyFor(route)
  return integrationKey === undefined ? options : { ...options, route, integrationKey }
}

/** `CLOUDTRAIL_PD_SANDBOX_FILE`, or a file under the XDG state folder (XDG Base Directory Specification). */
export function sandboxFile(env: Env): string {
  if (env.CLOUDTRAIL_PD_SANDBOX_FILE) return env.CLOUDTRAIL_PD_SANDBOX_FILE
  const state = env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state')
  return join(state, 'cloudtrail-pd', 'sandbox.json')
}

/** PagerDuty's hosts may be replaced by this machine alone: anything else would hand the key to a stranger. */
function loopbackUrl(env: Env, variable: string): URL | undefined {
  const text = env[variable]
  if (text === undefined || text === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  const loopback =
    url !== undefined && (/^127(\.\d{1,3}){3}$/.test(url.hostname) || ['localhost', '[::1]'].includes(url.hostname))
  if (loopback && /^https?:$/.test(url.protocol) && url.username === '') return url
  throw usage('not-loopback', `${variable} "${text}" is not a URL of this machine`, 'for example http://127.0.0.1:8080')
}
