/** The SDK's HTTP handler with a limit on silence: its own ends with the headers, and a body may stop after its first byte. */

import type { Readable } from 'node:stream'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Env } from '../ports.ts'
import { proxyAgent } from './proxy.ts'

/** Long enough for the slowest control-plane call, short enough to notice a dead network (milliseconds). */
const REQUEST_TIMEOUT_MS = 20_000
const CONNECTION_TIMEOUT_MS = 5_000

/** Time-outs of one attempt, in milliseconds; tests shorten them. */
export interface Timeouts {
  readonly request: number
  readonly connection: number
}

const TIMEOUTS: Timeouts = { request: REQUEST_TIMEOUT_MS, connection: CONNECTION_TIMEOUT_MS }

/** A handler that honors the proxy variables and ends every wait. */
export async function requestHandler(env: Env, timeouts: Timeouts = TIMEOUTS): Promise<NodeHttpHandler> {
  const agent = await proxyAgent(env)
  return new BoundedHandler(timeouts.request, {
    requestTimeout: timeouts.request,
    connectionTimeout: timeouts.connection,
    throwOnRequestTimeout: true,
    ...(agent === undefined ? {} : { httpsAgent: agent, httpAgent: agent }),
  })
}

class BoundedHandler extends NodeHttpHandler {
  readonly #silenceMs: number

  constructor(silenceMs: number, options: ConstructorParameters<typeof NodeHttpHandler>[0]) {
    super(options)
    this.#silenceMs = silenceMs
  }

  override async handle(...args: Parameters<NodeHttpHandler['handle']>): ReturnType<NodeHttpHandler['handle']> {
    const answered = await super.handle(...args)
    endSilence(answered.response.body as Readable | undefined, this.#silenceMs)
    return answered
  }
}

/** Destroys a body that sends nothing for `silenceMs`; the SDK retries a `TimeoutError` like any broken connection. */
function endSilence(body: Readable | undefined, silenceMs: number): void {
  if (body === undefined || typeof body.once !== 'function') return
  const stop = () => {
    const error = new Error(`the response stopped for ${silenceMs} ms`)
    error.name = 'TimeoutError'
    body.destroy(error)
  }
  let timer = setTimeout(stop, silenceMs)
  // Wraps the push of data without starting the flow: the SDK alone decides when it reads.
  const emit = body.emit.bind(body)
  body.emit = (event: string | symbol, ...values: unknown[]) => {
    if (event === 'data') {
      clearTimeout(timer)
      timer = setTimeout(stop, silenceMs)
    } else if (event === 'end' || event === 'close' || event === 'error') {
      clearTimeout(timer)
    }
    return emit(event, ...values)
  }
}
