/** One agent for every client, which asks the proxy variables about each host; loaded only where one is set. */

import http, { type ClientRequest } from 'node:http'
import https from 'node:https'
import { type AgentConnectOpts, Agent as BaseAgent } from 'agent-base'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { getProxyForUrl } from 'proxy-from-env'

export class ProxyByHost extends BaseAgent {
  readonly #plain = new http.Agent({ keepAlive: true })
  readonly #secure = new https.Agent({ keepAlive: true })
  readonly #tunnels = new Map<string, http.Agent>()

  override connect(_request: ClientRequest, options: AgentConnectOpts): http.Agent {
    const scheme = options.secureEndpoint ? 'https' : 'http'
    const proxy = getProxyForUrl(`${scheme}://${options.host ?? 'localhost'}:${options.port ?? ''}`)
    if (proxy === '') return options.secureEndpoint ? this.#secure : this.#plain
    const tunnel = this.#tunnels.get(proxy) ?? new HttpsProxyAgent(proxy, { keepAlive: true })
    this.#tunnels.set(proxy, tunnel)
    return tunnel
  }
}
