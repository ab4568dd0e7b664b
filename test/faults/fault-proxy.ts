/** Stands between the tool and a real server, and spoils the answer of one call on the wire. */

import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** What the wire does to one call; `attempts` of it, the SDK's retries of other calls left alone. */
export type WireFault =
  | 'throttle'
  | 'server-error'
  | 'reset-before'
  | 'reset-after'
  | 'truncated'
  | 'garbled'
  | 'denied'

export interface FaultProxy {
  readonly endpoint: string
  /** Spoils the nth call from now on, from 1; nothing spoils nothing. Starts to count again. */
  spoil(next: { readonly fault: WireFault; readonly nth: number } | undefined): void
  /** Calls since the last `spoil`. */
  readonly calls: number
  close(): Promise<void>
}

export async function openFaultProxy(target: string): Promise<FaultProxy> {
  let spoiled: { readonly fault: WireFault; readonly nth: number } | undefined
  let calls = 0

  async function serve(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const body = await buffer(from)
    calls += 1
    const fault = spoiled?.nth === calls ? spoiled.fault : undefined
    switch (fault) {
      case 'throttle':
        return refuse(to, 400, 'ThrottlingException')
      case 'denied':
        return refuse(to, 403, 'AccessDeniedException')
      case 'server-error':
        return refuse(to, 500, 'InternalFailure')
      case 'reset-before':
        from.socket.destroy()
        return
    }
    const { status, headers, answer } = await forward(target, from, body)
    if (fault === 'reset-after') {
      from.socket.destroy()
      return
    }
    if (fault === 'truncated') {
      to.writeHead(status, { ...headers, 'content-length': answer.length + 10 })
      to.write(answer.subarray(0, answer.length >> 1))
      setTimeout(() => from.socket.destroy(), 20)
      return
    }
    const sent = fault === 'garbled' ? Buffer.from('{<garbled') : answer
    to.writeHead(status, { ...headers, 'content-length': sent.length })
    to.end(sent)
  }

  const server = createServer((from, to) => {
    serve(from, to).catch(() => to.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spoil(next) {
      spoiled = next
      calls = 0
    },
    get calls() {
      return calls
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** In the words of every protocol that the chain's services speak. */
function refuse(to: ServerResponse, status: number, code: string): void {
  const text = `<ErrorResponse><Error><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`
  to.writeHead(status, { 'content-type': 'text/xml', 'x-amzn-errortype': code, 'content-length': text.length })
  to.end(text)
}

interface Forwarded {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly answer: Buffer
}

function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Forwarded> {
  const { hostname, port } = new URL(target)
  return new Promise((resolve, reject) => {
    const onward = request({ hostname, port, method, path: url, headers, agent: false }, async (answer) => {
      try {
        const { 'transfer-encoding': _, ...kept } = answer.headers
        resolve({ status: answer.statusCode ?? 502, headers: kept, answer: await buffer(answer) })
      } catch (error) {
        reject(error)
      }
    })
    onward.once('error', reject)
    onward.end(body)
  })
}
