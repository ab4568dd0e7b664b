import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { Secret } from '../../../src/domain/secret.ts'
import { AppError, Cancelled } from '../../../src/errors.ts'
import { connectPagerDuty } from '../../../src/pagerduty/directory.ts'
import type { FaultAnswer } from '../../../src/sandbox/pagerduty/http.ts'
import { SANDBOX_TOKEN } from '../../../src/sandbox/pagerduty/state.ts'
import { openAccount, waitlessClock } from '../../support/pagerduty-account.ts'

interface Failing {
  readonly says: string
  readonly answer: FaultAnswer
  readonly code: string
  readonly message: string
  readonly hint?: RegExp
  readonly exit?: number
  /** Calls that reach the server for one `abilities()`; 1 by default. */
  readonly calls?: number
}

const json = (status: number, body: unknown, headers = {}): FaultAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

const failures: readonly Failing[] = [
  {
    says: '401',
    answer: json(401, { error: { message: 'Authentication failed', code: 2006 } }),
    code: 'pagerduty-token-refused',
    message: 'PagerDuty (us) refused the token: Authentication failed (2006)',
    hint: /--service-region eu/,
    exit: 3,
  },
  {
    says: '401 in plain text',
    answer: { status: 401, headers: { 'content-type': 'text/plain' }, body: 'Unauthorized' },
    code: 'pagerduty-token-refused',
    message: 'PagerDuty (us) refused the token: broken text instead of JSON',
    exit: 3,
  },
  {
    says: '402',
    answer: json(402, { error: { message: 'Payment required', code: 2014, errors: ['missing ability'] } }),
    code: 'pagerduty-plan',
    message: "the PagerDuty account's plan does not include GET /abilities: Payment required; missing ability (2014)",
    hint: /route "service"/,
  },
  {
    says: '403',
    answer: json(403, { error: { message: 'Access Denied', code: 2010 } }),
    code: 'pagerduty-denied',
    message: 'the PagerDuty token is not allowed to call GET /abilities: Access Denied (2010)',
    hint: /Manager, Admin, Global Admin or Account Owner/,
    exit: 3,
  },
  {
    says: '404',
    answer: json(404, { error: { message: 'Not Found', code: 2100 } }),
    code: 'pagerduty-not-found',
    message: 'PagerDuty cannot find the resource of GET /abilities: Not Found (2100)',
  },
  {
    says: '400 with errors as a plain text',
    answer: json(400, { error: { message: 'Invalid', errors: 'name is missing' } }),
    code: 'pagerduty-rejected',
    message: 'PagerDuty rejected GET /abilities with status 400: Invalid; name is missing',
  },
  {
    says: '400 with errors by field',
    answer: json(400, { error: { message: 'Invalid', errors: { label: ['is too long'] } } }),
    code: 'pagerduty-rejected',
    message: 'PagerDuty rejected GET /abilities with status 400: Invalid; is too long',
  },
  {
    says: '400 with an error that is a text',
    answer: json(400, { error: 'nope' }),
    code: 'pagerduty-rejected',
    message: 'PagerDuty rejected GET /abilities with status 400: nope',
  },
  {
    says: '409 without a word',
    answer: json(409, {}),
    code: 'pagerduty-rejected',
    message: 'PagerDuty rejected GET /abilities with status 409',
  },
  {
    says: '429 for ever, with headers',
    answer: json(429, { error: { message: 'Rate Limit Exceeded', code: 2020 } }, { 'ratelimit-reset': '7' }),
    code: 'pagerduty-rate-limited',
    message: 'PagerDuty keeps refusing GET /abilities: too many calls',
    calls: 6,
  },
  {
    says: '429 for ever, without headers or body',
    answer: { status: 429 },
    code: 'pagerduty-rate-limited',
    message: 'PagerDuty keeps refusing GET /abilities: too many calls',
    calls: 6,
  },
  {
    says: '500 for ever',
    answer: json(500, { error: { message: 'Internal Server Error', code: 2000 } }),
    code: 'pagerduty-unavailable',
    message: 'PagerDuty failed at GET /abilities with status 500: Internal Server Error (2000)',
    calls: 3,
  },
  {
    says: '502 with a web page',
    answer: { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><h1>Bad Gateway</h1></html>' },
    code: 'pagerduty-unavailable',
    message: 'PagerDuty failed at GET /abilities with status 502: a web page instead of JSON',
    calls: 3,
  },
  {
    says: '408',
    answer: json(408, { error: { message: 'Request Timeout', code: 2016 } }),
    code: 'pagerduty-unavailable',
    message: 'PagerDuty failed at GET /abilities with status 408: Request Timeout (2016)',
    calls: 3,
  },
  {
    says: '200 with a web page',
    answer: { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Sign in</title>' },
    code: 'pagerduty-unreadable',
    message: 'PagerDuty answered GET /abilities with a web page instead of JSON',
    hint: /may be changing the responses/,
  },
  {
    says: '200 with nothing',
    answer: { status: 200 },
    code: 'pagerduty-unreadable',
    message: 'PagerDuty answered GET /abilities with an empty body instead of JSON',
  },
  {
    says: '200 with cut JSON',
    answer: { status: 200, body: '{"abilities":["tea' },
    code: 'pagerduty-unreadable',
    message: 'PagerDuty answered GET /abilities with broken text instead of JSON',
  },
  {
    says: '200 with JSON of another kind',
    answer: json(200, { hello: 'world' }),
    code: 'pagerduty-unreadable',
    message: 'PagerDuty answered GET /abilities without a list of abilities',
  },
  {
    says: '200 with null',
    answer: json(200, null),
    code: 'pagerduty-unreadable',
    message: 'PagerDuty answered GET /abilities with broken text instead of JSON',
  },
  {
    says: 'a redirect to another host',
    answer: { status: 302, headers: { location: 'https://evil.example/abilities' } },
    code: 'pagerduty-redirected',
    message: 'PagerDuty redirected GET /abilities to evil.example, which was not followed',
  },
  {
    says: 'a redirect that also carries JSON',
    answer: json(307, {}, { location: 'https://evil.example/abilities' }),
    code: 'pagerduty-redirected',
    message: 'PagerDuty redirected GET /abilities to evil.example, which was not followed',
  },
  {
    says: 'no answer',
    answer: 'stall',
    code: 'pagerduty-timeout',
    message: 'PagerDuty did not answer GET /abilities within 2 seconds',
  },
  {
    says: 'a body that stalls',
    answer: { status: 200, open: true },
    code: 'pagerduty-timeout',
    message: 'PagerDuty did not answer GET /abilities within 2 seconds',
  },
  {
    says: 'a connection that breaks, again and again',
    answer: 'reset',
    code: 'pagerduty-unreachable',
    message: 'PagerDuty cannot be reached at HOST: the connection was reset',
    calls: 3,
  },
]

test.each(failures)('C69 $says is one clear sentence', async ({ answer, code, message, hint, exit = 1, calls = 1 }) => {
  const { pagerduty, sandbox } = await openAccount({ timeoutMs: code === 'pagerduty-timeout' ? 2_000 : 20_000 })
  sandbox.fail({ answer, times: 99 })
  const error = await failureOf(pagerduty.abilities())
  expect(error).toMatchObject({ code, exit, message: message.replace('HOST', new URL(sandbox.apiUrl).host) })
  if (hint !== undefined) expect(error.hint).toMatch(hint)
  expect(sandbox.calls).toHaveLength(calls)
})

test('a refused connection says which host, and that it was refused', async () => {
  const { sandbox } = await openAccount()
  await sandbox.close()
  const closed = { token: new Secret(SANDBOX_TOKEN), region: 'us', clock: waitlessClock() } as const
  const error = await failureOf(connectPagerDuty({ ...closed, baseUrl: sandbox.apiUrl }).abilities())
  expect(error.code).toBe('pagerduty-unreachable')
  expect(error.message).toBe(
    `PagerDuty cannot be reached at ${new URL(sandbox.apiUrl).host}: the connection was refused`,
  )
})

test('a connection that breaks inside the body is the fault of the network', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('{"abilities":[', () => response.destroy())
  })
  const baseUrl = await listen(server)
  const options = { token: new Secret(SANDBOX_TOKEN), region: 'us', clock: waitlessClock() } as const
  const error = await failureOf(connectPagerDuty({ ...options, baseUrl }).abilities())
  expect(error.code).toBe('pagerduty-unreachable')
  expect(error.message).toMatch(/the connection broke off inside the answer$/)
})

const limits: readonly (readonly [says: string, headers: Record<string, string>, waits: readonly number[]])[] = [
  ['as long as PagerDuty says', { 'ratelimit-reset': '7' }, [7_000, 7_000]],
  ['as long as retry-after says', { 'retry-after': '9', 'ratelimit-reset': '7' }, [9_000, 9_000]],
  ['a minute at most', { 'ratelimit-reset': '86400' }, [60_000, 60_000]],
  ['a second at least', { 'ratelimit-reset': '0' }, [1_000, 1_000]],
  ['longer each time when nothing is said', {}, [1_000, 2_000]],
  ['longer each time when what is said is no number', { 'ratelimit-reset': 'soon' }, [1_000, 2_000]],
]

test.each(limits)('after a 429 it waits %s, and sends nothing meanwhile', async (_says, headers, waited) => {
  const { pagerduty, sandbox, waits } = await openAccount()
  sandbox.fail({ answer: { status: 429, headers }, times: 2 })
  expect(await pagerduty.abilities()).toContain('teams')
  expect(waits).toEqual(waited)
  expect(sandbox.calls).toHaveLength(3)
})

test('all waits for 429 of a run together are bounded, and each is shown', async () => {
  const notices: string[] = []
  const { pagerduty, sandbox, waits } = await openAccount({ notice: (text) => notices.push(text) })
  sandbox.fail({ answer: { status: 429, headers: { 'retry-after': '60' } }, times: 99 })
  expect((await failureOf(pagerduty.abilities())).code).toBe('pagerduty-rate-limited')
  expect((await failureOf(pagerduty.abilities())).code).toBe('pagerduty-rate-limited')
  expect(waits).toEqual([60_000, 60_000, 60_000])
  expect(notices).toEqual(waits.map(() => 'PagerDuty limits the calls (429 for GET /abilities): waiting 60 s'))
})

test('a GET outlives passing failures', async () => {
  const { pagerduty, sandbox, waits, traces } = await openAccount()
  sandbox.fail({ answer: { status: 503 } })
  sandbox.fail({ answer: 'reset' })
  expect(await pagerduty.abilities()).toContain('teams')
  expect(waits).toEqual([500, 2_000])
  expect(traces).toEqual([
    expect.stringMatching(/^pagerduty GET \/abilities 503 \d+ ms attempt 1$/),
    expect.stringMatching(/^pagerduty GET \/abilities no answer \d+ ms attempt 2$/),
    expect.stringMatching(/^pagerduty GET \/abilities 200 \d+ ms attempt 3$/),
  ])
})

test('no text carries the token, even where the server sends it back', async () => {
  const { pagerduty, sandbox, traces } = await openAccount()
  sandbox.fail({ answer: json(400, { error: { message: `bad token ${SANDBOX_TOKEN}\u001b[31m` } }) })
  const error = await failureOf(pagerduty.abilities())
  expect(error.message).toBe('PagerDuty rejected GET /abilities with status 400: bad token …0000 [31m')
  expect(JSON.stringify([error, error.stack, error.cause, traces])).not.toContain(SANDBOX_TOKEN)
})

test('an abort ends the call in flight with its own reason', async () => {
  const controller = new AbortController()
  const { pagerduty, sandbox } = await openAccount({ signal: controller.signal })
  sandbox.fail({ answer: 'stall' })
  const call = pagerduty.abilities()
  setTimeout(() => controller.abort(new Cancelled()), 20)
  await expect(call).rejects.toBeInstanceOf(Cancelled)
  await expect(pagerduty.abilities()).rejects.toBeInstanceOf(Cancelled)
  expect(sandbox.calls).toHaveLength(1)
})

test('an abort ends a wait, too', async () => {
  const controller = new AbortController()
  const clock = {
    now: () => new Date(0),
    sleep: async (_milliseconds: number, signal?: AbortSignal) => {
      controller.abort(new Cancelled())
      signal?.throwIfAborted()
    },
  }
  const { pagerduty, sandbox } = await openAccount({ signal: controller.signal, clock })
  sandbox.fail({ answer: { status: 429 }, times: 9 })
  await expect(pagerduty.abilities()).rejects.toBeInstanceOf(Cancelled)
  expect(sandbox.calls).toHaveLength(1)
})

test('it asks as PagerDuty wants to be asked, and encodes ids', async () => {
  const seen: { url: string | undefined; accept: string | undefined; authorization: string | undefined }[] = []
  const server = createServer(({ url, headers }, response) => {
    seen.push({ url, accept: headers.accept, authorization: headers.authorization })
    response.end('{"alerts":[]}')
  })
  const baseUrl = await listen(server)
  const options = { region: 'us', clock: waitlessClock(), baseUrl } as const
  await connectPagerDuty({ ...options, token: new Secret(` ${SANDBOX_TOKEN}\n`) }).alerts('a/../b?c')
  await connectPagerDuty({ ...options, token: new Secret('pdus+_SANDBOX_bearer') }).alerts('P1')
  const accept = 'application/vnd.pagerduty+json;version=2'
  expect(seen).toEqual([
    {
      url: '/incidents/a%2F..%2Fb%3Fc/alerts?limit=100&offset=0',
      accept,
      authorization: `Token token=${SANDBOX_TOKEN}`,
    },
    { url: '/incidents/P1/alerts?limit=100&offset=0', accept, authorization: 'Bearer pdus+_SANDBOX_bearer' },
  ])
})

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing failed')
}
