/** The SDK ignores the proxy variables, unlike the AWS CLI (field case C65): one agent that honours them for every client. */

import type { Agent, ClientRequest } from 'node:http'
import type { AgentConnectOpts } from 'agent-base'
import type { Env } from '../ports.ts'

/** An agent that asks HTTPS_PROXY, HTTP_PROXY and NO_PROXY (also in lower case) for each host; undefined when none is set. */
export async function proxyAgent(env: Env): Promise<Agent | undefined> {
  const named = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']
  if (!named.some((name) => (env[name] ?? '') !== '')) return undefined
  const [{ Agent: BaseAgent }, { HttpsProxyAgent }, { getProxyForUrl }, http, https] = await Promise.all([
    import('agent-base'),
    import('https-proxy-agent'),
    import('proxy-from-env'),
    import('node:http'),
    import('node:https'),
  ])
  const plain = new http.Agent({ keepAlive: true })
  const secure = new https.Agent({ keepAlive: true })
  const tunnels = new Map<string, Agent>()
  class ProxyByHost extends BaseAgent {
    override connect(_request: ClientRequest, options: AgentConnectOpts): Agent {
      const scheme = options.secureEndpoint ? 'https' : 'http'
      const proxy = getProxyForUrl(`${scheme}://${options.host ?? 'localhost'}:${options.port ?? ''}`)
      if (proxy === '') return options.secureEndpoint ? secure : plain
      const tunnel = tunnels.get(proxy) ?? new HttpsProxyAgent(proxy, { keepAlive: true })
      tunnels.set(proxy, tunnel)
      return tunnel
    }
  }
  return new ProxyByHost()
}
