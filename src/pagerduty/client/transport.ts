/** The connection under one attempt: lets a single request out, and remembers what came back. */

import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'

export interface Transport {
  /** For node-fetch, which asks for an agent before each request that it sends. */
  readonly agent: () => HttpAgent
  /** Aborts when the connection breaks off inside the body, which node-fetch would wait out. */
  readonly broken: AbortSignal
  /** Undefined while nothing has come back. */
  answer(): TransportAnswer | undefined
  /** Drops what is left of the answer, so that no socket outlives the call. */
  close(): void
}

export interface TransportAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** False: the connection ended before the body did. */
  readonly complete: boolean
  /** What the body seems to be, when it is no JSON: `an empty body`, `a web page`, `a broken text`. */
  readonly found: string
}

/** What `http.request` calls of an agent; the published type leaves it out. */
interface AgentLike extends HttpAgent {
  addRequest(request: ClientRequest, options: unknown): void
}

/**
 * A wire for one attempt. pdjs answers a 429 with three attempts of its own, without looking at `ratelimit-reset`, and
 * has no option against it; it cannot connect a second time here, so the caller decides about every further attempt.
 */
export function oneAttempt(protocol: string, proxy: HttpAgent | undefined): Transport {
  const below = (proxy ?? (protocol === 'https:' ? new HttpsAgent() : new HttpAgent())) as AgentLike
  const breaking = new AbortController()
  let response: IncomingMessage | undefined
  let body = ''
  let used = false

  function addRequest(request: ClientRequest, options: unknown): void {
    request.once('response', (incoming) => {
      response = incoming
      incoming.once('close', () => incoming.complete || breaking.abort())
      // Enough to tell a web page from a broken answer.
      incoming.on('data', (chunk: Buffer) => {
        if (body.length < 64) body += chunk.toString('latin1', 0, 64)
      })
    })
    below.addRequest(request, options)
  }

  const watched = Object.create(below, { addRequest: { value: addRequest } }) as HttpAgent
  return {
    agent: () => {
      if (used) throw new Error('one attempt only')
      used = true
      return watched
    },
    broken: breaking.signal,
    answer: () => response && describe(response, body),
    close: () => void response?.destroy(),
  }
}

function describe(response: IncomingMessage, body: string): TransportAnswer {
  const { statusCode = 0, headers, complete } = response
  return { status: statusCode, headers, complete, found: foundIn(body) }
}

function foundIn(body: string): string {
  if (body.trim() === '') return 'an empty body'
  return body.trimStart().startsWith('<') ? 'a web page' : 'broken text'
}
