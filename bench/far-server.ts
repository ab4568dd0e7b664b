/** A server made far: every call waits on its way, and its course is written down. */

import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

export interface AlarmTimeline {
  /** Such as `CreateTopic`; S3 by method and query. */
  readonly call: string
  /** Milliseconds on one clock. */
  readonly from: number
  readonly to: number
}

export interface FarServer {
  readonly endpoint: string
  /** The calls since the last look, in the order in which they were answered. */
  courses(): readonly AlarmTimeline[]
  close(): Promise<void>
}

/** `delay`: milliseconds that each call takes longer. */
export async function openFarServer(target: string, delay: number): Promise<FarServer> {
  const agent = new Agent({ keepAlive: true })
  const { hostname, port } = new URL(target)
  let done: AlarmTimeline[] = []

  async function serve(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const started = performance.now()
    const body = await buffer(from)
    await sleep(delay)
    const { method, url, headers } = from
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const onward = request({ hostname, port, method, path: url, headers, agent }, resolve)
      onward.once('error', reject)
      onward.end(body)
    })
    const answered = await buffer(answer)
    done.push({ call: callOf(from, body), from: started, to: performance.now() })
    const { connection: _, 'transfer-encoding': __, ...kept } = answer.headers
    to.writeHead(answer.statusCode ?? 502, { ...kept, 'content-length': answered.length })
    to.end(answered)
  }

  const server = createServer((from, to) => {
    serve(from, to).catch(() => to.destroy())
  })
  // Longer than any pause of the tool, so that connections are kept as AWS keeps them.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    courses() {
      const seen = done
      done = []
      return seen
    },
    async close() {
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A header, the path or the form names the operation, but not for S3. */
function callOf({ headers, url = '', method = '' }: IncomingMessage, body: Buffer): string {
  const target = headers['x-amz-target']
  const named = typeof target === 'string' ? target.split('.').at(-1) : undefined
  return (
    named ??
    /\/operation\/(\w+)/.exec(url)?.[1] ??
    /(?:^|&)Action=(\w+)/.exec(body.toString('latin1'))?.[1] ??
    `S3 ${method}${url.includes('?') ? ` ${url.slice(url.indexOf('?'))}` : ''}`
  )
}
