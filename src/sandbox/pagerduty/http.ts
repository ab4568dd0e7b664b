/** The HTTP side of the sandbox's PagerDuty: bodies in, answers and made-up failures out. */

import type { IncomingMessage, Server, ServerResponse } from 'node:http'

/** Events API: 512 KB a message. */
const BODY_LIMIT = 512 * 1024
const CONFIRM_TIMEOUT_MS = 10_000

/** How a REST call fails on purpose. */
export interface PagerDutyFault {
  readonly method?: string
  /** Beginning of the path; every path by default. */
  readonly path?: string
  /** How many calls it hits; 1 by default. */
  readonly times?: number
  /** How many matching calls pass before it begins; 0 by default. */
  readonly after?: number
  /** Runs the call first, so that a write is done although its answer is lost. */
  readonly afterwards?: boolean
  readonly answer: FaultAnswer
}

export type FaultAnswer =
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
      /** The body begins and never ends. */
      readonly open?: boolean
    }
  | 'stall'
  | 'reset'

export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

export function sendFault(response: ServerResponse, fault: FaultAnswer): void {
  if (fault === 'stall') return
  if (fault === 'reset') {
    response.destroy()
    return
  }
  response.writeHead(fault.status, { connection: 'close', ...fault.headers })
  if (fault.open === true) response.write(fault.body ?? '{')
  else response.end(fault.body)
}

/** The whole body as text; rejects when it is longer than PagerDuty takes. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > BODY_LIMIT) throw new Error('message too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Listens on loopback and gives the base URL; neither the server nor its sockets keep the process alive. */
export async function listen(server: Server, port: number): Promise<string> {
  server.on('connection', (socket) => socket.unref())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  server.unref()
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`
}

/** One visit to a SubscribeURL; a redirect is not followed, so that it cannot lead to another host. */
export async function visit(url: URL, closing: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(CONFIRM_TIMEOUT_MS)])
  const response = await fetch(url, { redirect: 'error', signal })
  await response.text()
  if (!response.ok) throw new Error(`the SubscribeURL answered ${response.status}`)
}
