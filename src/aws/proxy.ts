/** Which proxy the environment names: the SDK ignores the proxy variables, unlike the AWS CLI (field case C65). */

import type { Agent } from 'node:http'
import type { Env } from '../ports.ts'

const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']

/** An agent that asks HTTPS_PROXY, HTTP_PROXY and NO_PROXY (also in lower case) for each host; undefined when none is set. */
export async function proxyAgent(env: Env): Promise<Agent | undefined> {
  if (VARIABLES.every((name) => (env[name] ?? '') === '')) return undefined
  // By way of a module of our own: what a bundle lazily imports of a CommonJS package has no named exports.
  const { ProxyByHost } = await import('./proxy-agent.ts')
  return new ProxyByHost()
}
