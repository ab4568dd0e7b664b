/** Where and as whom PagerDuty is asked: region or loopback base, and a token checked before it is ever sent. */

import type { Agent } from 'node:http'
import type { ServiceRegion } from '../../domain/route.ts'
import { Secret } from '../../domain/secret.ts'
import { isBearer, isKey, isRestToken } from '../../domain/secret-forms.ts'
import type { AppError } from '../../errors.ts'
import { usage } from '../../errors.ts'
import type { Clock } from '../../ports.ts'

const API_HOSTS: Readonly<Record<ServiceRegion, string>> = {
  us: 'https://api.pagerduty.com',
  eu: 'https://api.eu.pagerduty.com',
}
/** Long enough for a slow page of 100 services, short enough for a person who waits. */
const TIMEOUT_MS = 15_000
/** All waits for 429 of one connection together, in milliseconds: after that a person is told instead. */
const RATE_BUDGET_MS = 180_000

export interface PagerDutyOptions {
  readonly token: Secret
  readonly region: ServiceRegion
  /** Replaces the region's host; a loopback address, with http or https. */
  readonly baseUrl?: string
  /** Waits between attempts pass on this clock; the time-out of a call is wall time. */
  readonly clock: Clock
  /** Ends the call in flight and every wait; calls reject with its reason. */
  readonly signal?: AbortSignal
  /** One line for each attempt, never with a secret. */
  readonly trace?: (line: string) => void
  /** What a person should see at once: one sentence. */
  readonly notice?: (text: string) => void
  /** Milliseconds for one attempt, from connecting to the last byte; 15,000 by default. */
  readonly timeoutMs?: number
  /** A proxy's agent, since the client heeds no proxy variable by itself. */
  readonly agent?: Agent
}

export interface Connection {
  readonly base: URL
  readonly region: ServiceRegion
  readonly token: Secret
  readonly tokenType: 'token' | 'bearer'
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
  readonly trace: (line: string) => void
  readonly notice: (text: string) => void
  /** What is left of the time that all waits for 429 may take together. */
  readonly rateBudget: { leftMs: number }
  readonly timeoutMs: number
  readonly agent: Agent | undefined
}

/** Checks token and base; throws a usage error (exit 2) before any call. */
export function connection(options: PagerDutyOptions): Connection {
  const token = readToken(options.token.reveal())
  return {
    base: readBase(options.baseUrl ?? API_HOSTS[options.region], options.baseUrl !== undefined),
    region: options.region,
    token,
    tokenType: isBearer(token.reveal()) ? 'bearer' : 'token',
    clock: options.clock,
    signal: options.signal,
    trace: options.trace ?? (() => {}),
    notice: options.notice ?? (() => {}),
    rateBudget: { leftMs: RATE_BUDGET_MS },
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    agent: options.agent,
  }
}

/**
 * The token in a pasted text, without the white space around it. Throws a usage error that never echoes the text.
 * A wrong form must not reach the client library: its complaint about a header would quote the token.
 */
export function readToken(text: string): Secret {
  const token = text.trim()
  if (isRestToken(token) || isBearer(token)) return new Secret(token)
  throw refuseToken(token)
}

function refuseToken(token: string): AppError {
  if (isKey(token)) {
    return usage(
      'pagerduty-token-malformed',
      'the PagerDuty token has 32 letters and digits, which is an integration key',
      'pass it as --integration-key, or create a REST token under Integrations > API Access Keys',
    )
  }
  const found = token === '' ? 'is empty' : `has ${token.length} characters in an unknown form`
  return usage(
    'pagerduty-token-malformed',
    `the PagerDuty token ${found}`,
    'a REST token has 20 characters; copy it again from Integrations > API Access Keys, without "Token token="',
  )
}

function readBase(text: string, replaced: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const loopback = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  const web = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (url !== undefined && web && (!replaced || loopback)) return url
  throw usage('pagerduty-api-url', `the PagerDuty API address ${JSON.stringify(text)} is not a loopback address`)
}
