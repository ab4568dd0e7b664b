/** The sandbox's PagerDuty on loopback HTTP: the ingest URLs that a topic posts to, and the REST API. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { Clock } from '../../ports.ts'
import type { PagerDutyFault } from './http.ts'
import { listen, readBody, send, sendFault, visit } from './http.ts'
import { ingest } from './ingest.ts'
import { answer } from './rest.ts'
import type { IngestOutcome, PagerDutyState } from './state.ts'
import { seedPagerDuty } from './state.ts'

const INGEST_PATH = /^\/(integration|x-ere|adapter\/cloudwatch_sns\/v1)\/([^/]+)(?:\/enqueue)?$/
const RECEIPTS_KEPT = 200

export interface PagerDutySandboxOptions {
  /** Taken over as it is and changed in place; a fresh seed by default. */
  readonly state?: PagerDutyState
  /** After every change, with the whole state. */
  readonly onChange?: (state: PagerDutyState) => void
  /** Stamps incidents; the wall clock by default. */
  readonly clock?: Pick<Clock, 'now'>
  /** 0, the default, takes a free port. */
  readonly port?: number
  /** False: no subscription is ever confirmed, as with a wrong key. */
  readonly confirm?: boolean
  /** Fetches a SubscribeURL; a real GET by default. An embedded SNS confirms its own subscription here. */
  readonly visit?: (subscribeUrl: URL) => Promise<void>
  /** The most items a page may have; 2 by default, so that whoever forgets to page finds out at once. */
  readonly pageSize?: number
}

export interface PagerDutySandbox {
  /** Base of the ingest URLs, without a slash at the end. */
  readonly eventsUrl: string
  /** Base of the REST API, without a slash at the end. */
  readonly apiUrl: string
  /** The live state: what a test changes here, the next call sees. */
  readonly state: PagerDutyState
  /** Every REST call so far, in order: `GET /services`. */
  readonly calls: readonly string[]
  /** Makes the next matching REST calls fail. */
  fail(fault: PagerDutyFault): void
  close(): Promise<void>
}

type Options = PagerDutySandboxOptions & { readonly state: PagerDutyState; readonly closing: AbortSignal }

/** Opens the server; its sockets never keep the process alive. */
export async function openPagerDutySandbox(options: PagerDutySandboxOptions = {}): Promise<PagerDutySandbox> {
  const state = options.state ?? seedPagerDuty()
  const closing = new AbortController()
  const ingestor = createIngestor({ ...options, state, closing: closing.signal })
  const rest = createRest({ ...options, state, closing: closing.signal })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const [, shape, key] = INGEST_PATH.exec(url.pathname) ?? []
    if (key === undefined) return rest.serve(request, url, body, response)
    send(response, 202, { status: 'accepted' })
    // As with PagerDuty, the answer waits neither for the confirmation nor for the incident.
    await ingestor(shape === 'x-ere' ? 'x-ere' : 'integration', key, body)
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })
  const base = await listen(server, options.port ?? 0)
  return {
    eventsUrl: base,
    apiUrl: base,
    state,
    calls: rest.calls,
    fail: rest.fail,
    close: () => {
      closing.abort()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function createIngestor(
  options: Options,
): (shape: 'integration' | 'x-ere', key: string, body: string) => Promise<void> {
  const { state } = options

  async function confirm(url: URL): Promise<IngestOutcome> {
    if (options.confirm === false) return 'not-confirmed'
    try {
      await (options.visit ?? ((target: URL) => visit(target, options.closing)))(url)
      return 'confirmed'
    } catch {
      return 'not-confirmed'
    }
  }

  return async (shape, key, body) => {
    const at = now(options)
    const taken = ingest(state, { shape, key, body, at })
    const outcome = 'outcome' in taken ? taken.outcome : await confirm(taken.confirm)
    state.received.push({ at, key: key.slice(-4), outcome })
    state.received.splice(0, state.received.length - RECEIPTS_KEPT)
    options.onChange?.(state)
  }
}

interface Rest {
  readonly calls: readonly string[]
  fail(fault: PagerDutyFault): void
  serve(request: IncomingMessage, url: URL, body: string, response: ServerResponse): void
}

function createRest(options: Options): Rest {
  const { state } = options
  const calls: string[] = []
  const faults: (PagerDutyFault & { skip: number; left: number })[] = []

  function takeFault(method: string, path: string): PagerDutyFault | undefined {
    const fault = faults.find(
      (each) => each.left > 0 && (each.method ?? method) === method && path.startsWith(each.path ?? '/'),
    )
    if (fault === undefined) return undefined
    if (fault.skip > 0) {
      fault.skip -= 1
      return undefined
    }
    fault.left -= 1
    return fault
  }

  function serve(request: IncomingMessage, url: URL, body: string, response: ServerResponse): void {
    const method = request.method ?? 'GET'
    calls.push(`${method} ${url.pathname}`)
    const fault = takeFault(method, url.pathname)
    if (fault !== undefined && fault.afterwards !== true) {
      sendFault(response, fault.answer)
      return
    }
    const authorization = request.headers.authorization ?? ''
    const reply = answer(state, { method, url, authorization, body, at: now(options), pageSize: options.pageSize ?? 2 })
    if (method !== 'GET') options.onChange?.(state)
    if (fault === undefined) send(response, reply.status, reply.body)
    else sendFault(response, fault.answer)
  }

  return {
    calls,
    fail: (fault) => void faults.push({ ...fault, skip: fault.after ?? 0, left: fault.times ?? 1 }),
    serve,
  }
}

function now({ clock }: Options): string {
  return (clock?.now() ?? new Date()).toISOString()
}
