/** One call to PagerDuty over pdjs, with what pdjs lacks: a real time-out, status checks, our own waits, clean texts. */

import { api } from '@pagerduty/pdjs'
import { scrub } from '../../domain/secret.ts'
import { AppError } from '../../errors.ts'
import type { Connection } from './connection.ts'
import type { FailedCall, Failure } from './failures.ts'
import { isRetryableFailure, toAppError } from './failures.ts'
import { asNumber, asRecord, asText, recordAt, textAt } from './fields.ts'
import type { Transport } from './transport.ts'
import { oneAttempt } from './transport.ts'

/** Waits before further attempts of a GET that met 408, 5xx or a broken connection. */
const PASSING_WAITS_MS = [500, 2_000]
/** Waits for a 429 without `ratelimit-reset`; their number bounds the attempts in either case. */
const RATE_WAITS_MS = [1_000, 2_000, 4_000, 8_000, 16_000]
/** PagerDuty counts calls by the minute, so a longer wait is not believable. */
const LONGEST_RATE_WAIT_S = 60

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Segments of the path; each is encoded. */
  readonly path: readonly string[]
  /** An array repeats its key. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: object
}

/**
 * Sends one call and gives the parsed body; `undefined` for an answer without one (204).
 * A 429 is waited for whatever the method, since nothing was done; other passing failures are tried again for GET only.
 * Throws `AppError` with a code `pagerduty-…`, or the signal's reason.
 */
export async function request(connection: Connection, call: Call): Promise<unknown> {
  let rateWaits = 0
  let passingWaits = 0
  for (let attempt = 1; ; attempt += 1) {
    const result = await attemptOnce(connection, call, attempt)
    if ('data' in result) return result.data
    const { failure } = result
    const wait =
      failure.kind === 'status' && failure.status === 429
        ? announced(connection, call, rateWait(failure.resetSeconds, rateWaits++))
        : passingWait(failure, call, passingWaits++)
    if (wait === undefined) throw cleanError(connection, failure, call)
    await connection.clock.sleep(wait, connection.signal)
  }
}

/** The wait, shown and taken from what the run may wait in all; undefined when that is used up. */
function announced({ rateBudget, notice }: Connection, call: Call, wait: number | undefined): number | undefined {
  if (wait === undefined || wait > rateBudget.leftMs) return undefined
  rateBudget.leftMs -= wait
  notice(`PagerDuty limits the calls (429 for ${nameOf(call)}): waiting ${Math.ceil(wait / 1_000)} s`)
  return wait
}

function rateWait(resetSeconds: number | undefined, waits: number): number | undefined {
  const usual = RATE_WAITS_MS[waits]
  if (usual === undefined || resetSeconds === undefined) return usual
  return Math.min(Math.max(resetSeconds, 1), LONGEST_RATE_WAIT_S) * 1_000
}

function passingWait(failure: Failure, call: Call, waits: number): number | undefined {
  return (call.method ?? 'GET') === 'GET' && isRetryableFailure(failure) ? PASSING_WAITS_MS[waits] : undefined
}

type Result = { readonly data: unknown } | { readonly failure: Failure }

async function attemptOnce(connection: Connection, call: Call, attempt: number): Promise<Result> {
  connection.signal?.throwIfAborted()
  const started = connection.clock.now().getTime()
  const deadline = AbortSignal.timeout(connection.timeoutMs)
  const wire = oneAttempt(connection.base.protocol, connection.agent)
  const signal = AbortSignal.any([
    deadline,
    wire.broken,
    ...(connection.signal === undefined ? [] : [connection.signal]),
  ])
  try {
    const answer = await send(connection, call, signal, wire)
    return judge(answer.status, answer.data, wire)
  } catch (thrown) {
    connection.signal?.throwIfAborted()
    if (deadline.aborted) return { failure: { kind: 'timeout', seconds: connection.timeoutMs / 1_000 } }
    return { failure: explain(thrown, wire) }
  } finally {
    const ended = wire.answer()?.status ?? (deadline.aborted ? 'timed out' : 'no answer')
    wire.close()
    const took = connection.clock.now().getTime() - started
    connection.trace(clean(connection, `pagerduty ${nameOf(call)} ${ended} ${took} ms attempt ${attempt}`))
  }
}

/** pdjs resolves for every status that came with JSON, and rejects with the Response itself for one without. */
async function send(connection: Connection, call: Call, signal: AbortSignal, wire: Transport) {
  const options = {
    url: urlOf(connection.base, call),
    method: call.method ?? 'GET',
    token: connection.token.reveal(),
    tokenType: connection.tokenType,
    // Otherwise an idle timer of 30 seconds outlives every failed call (field case C69).
    requestTimeout: 0,
    // pdjs retries 429 three times by itself; the wire lets none of them out.
    retryTimeout: 1,
    // Not `error`, which hides where the redirect leads.
    redirect: 'manual' as const,
    signal,
    agent: wire.agent,
    ...(call.body === undefined ? {} : { data: call.body }),
  }
  return api(options)
}

function judge(status: number, data: unknown, wire: Transport): Result {
  if (status >= 200 && status < 300) return { data }
  if (status >= 300 && status < 400) return { failure: explain(undefined, wire) }
  return { failure: { kind: 'status', status, message: saidBy(data), resetSeconds: undefined } }
}

function explain(thrown: unknown, wire: Transport): Failure {
  const answer = wire.answer()
  if (answer === undefined) return { kind: 'network', reason: reasonOf(thrown) }
  const { status, headers } = answer
  if (status === 429) {
    const waits = [headers['retry-after'], headers['ratelimit-reset']]
    const seconds = waits.flatMap((text) =>
      text === undefined || !/^[\d.]+$/.test(String(text)) ? [] : [Number(text)],
    )
    const resetSeconds = seconds.length === 0 ? undefined : Math.max(...seconds)
    return { kind: 'status', status, message: '', resetSeconds }
  }
  if (status >= 300 && status < 400) return { kind: 'redirect', status, to: hostOf(headers.location) }
  // A connection that breaks inside the body is the network's fault, not the answer's.
  if (!answer.complete) return { kind: 'network', reason: 'the connection broke off inside the answer' }
  return { kind: 'unreadable', status, found: answer.found }
}

/** Errors come as `{error: {message, errors}}`; `errors` may be missing, a text, a list, or lists by field. */
function saidBy(data: unknown): string {
  const error = recordAt(data, 'error')
  const details = Object.values(asRecord(error?.errors) ?? {})
  const texts = [error?.message, error?.errors, ...details].flat().flatMap((part) => asText(part) ?? [])
  const code = asNumber(error?.code)
  const message = texts.length > 0 ? texts.join('; ') : (asText(recordAt(data)?.error) ?? textAt(data, 'message') ?? '')
  return `${message.slice(0, 300)}${code === undefined ? '' : ` (${code})`}`.trim()
}

function reasonOf(thrown: unknown): string {
  const code = textAt(thrown, 'code')
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'the connection was refused',
    ECONNRESET: 'the connection was reset',
    ENOTFOUND: 'the name is not known',
    EAI_AGAIN: 'the name cannot be looked up now',
    ETIMEDOUT: 'connecting took too long',
  }
  if (code !== undefined && /CERT|ISSUER|LEAF/.test(code)) {
    return `its certificate is not trusted (${code}); for a company's own authority set NODE_EXTRA_CA_CERTS`
  }
  return known[code ?? ''] ?? code ?? (thrown instanceof Error ? thrown.message : 'unknown reason')
}

function hostOf(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? new URL(location).host : 'another address'
}

function cleanError(connection: Connection, failure: Failure, call: Call): AppError {
  const failed: FailedCall = { call: nameOf(call), host: connection.base.host, region: connection.region }
  const error = toAppError(failure, failed)
  const { hint, exit, detail } = error
  // No `cause`: what the client library throws may hold the request with its token.
  return new AppError(error.code, clean(connection, error.message), {
    exit,
    ...(hint === undefined ? {} : { hint: clean(connection, hint) }),
    ...(detail === undefined ? {} : { detail: clean(connection, detail) }),
  })
}

function clean({ token }: Connection, text: string): string {
  // Text from a server may carry control characters, which must not reach a terminal.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return scrub(text, [token]).replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
}

function nameOf(call: Call): string {
  return `${call.method ?? 'GET'} /${call.path.join('/')}`
}

function urlOf(base: URL, call: Call): string {
  const url = new URL(`/${call.path.map(encodeURIComponent).join('/')}`, base)
  for (const [key, value] of Object.entries(call.query ?? {})) {
    for (const each of [value].flat()) url.searchParams.append(key, each)
  }
  return url.href
}
