/** The sandbox's only sockets: a server for SubscribeURL and UnsubscribeURL, and the POST that SNS makes; never off loopback. */
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** SNS gives an endpoint 15 seconds; the sandbox's are on this machine and get less. */
const ANSWER_MS = 2_000

export interface CallbackServer {
  /** The base URL; starts the server when first asked. */
  url(): Promise<string>
  close(): Promise<void>
}

export interface CallbackAnswer {
  readonly status: number
  readonly body: string
}

/** Serves GETs on a free loopback port without keeping the process alive. */
export function callbackServer(answer: (query: URLSearchParams) => CallbackAnswer): CallbackServer {
  let listening: Promise<{ server: Server; url: string }> | undefined

  function listen(): Promise<{ server: Server; url: string }> {
    const server = createServer({ keepAlive: false }, (incoming, outgoing) => {
      const { status, body } = answer(new URL(incoming.url ?? '/', 'http://127.0.0.1').searchParams)
      outgoing.writeHead(status, { 'Content-Type': 'text/xml', Connection: 'close' }).end(body)
    })
    server.unref()
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo
        resolve({ server, url: `http://127.0.0.1:${port}/` })
      })
    })
  }

  return {
    async url() {
      listening ??= listen()
      return (await listening).url
    },
    async close() {
      if (listening === undefined) return
      const { server } = await listening
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

/** The status that the endpoint answered with; rejects when there was no answer. */
export function post(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    // Without an agent the socket closes with the answer and cannot hold the process.
    const outgoing = request(url, { method: 'POST', agent: false, headers, timeout: ANSWER_MS }, (incoming) => {
      incoming.resume()
      incoming.once('end', () => resolve(incoming.statusCode ?? 0))
      incoming.once('error', reject)
    })
    outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer within ${ANSWER_MS} ms`)))
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

const PAGERDUTY_HOSTS: readonly string[] = ['events.pagerduty.com', 'events.eu.pagerduty.com']

/** Where a delivery to `endpoint` really goes, or `undefined` where that would leave the machine. */
export async function realUrl(
  endpoint: string,
  eventsUrl: (() => Promise<string>) | undefined,
): Promise<URL | undefined> {
  const url = new URL(endpoint)
  if (isLoopback(url)) return url
  if (eventsUrl === undefined || !PAGERDUTY_HOSTS.includes(url.hostname)) return undefined
  const base = new URL(await eventsUrl())
  return isLoopback(base) ? new URL(`${url.pathname}${url.search}`, base) : undefined
}

/** Plain `http` is allowed to this machine alone. */
export function isLoopback(url: URL): boolean {
  return url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
}
