/** Middleware under every client: one trace line an attempt, the call's name on every error, and the sandbox's seam. */

import { type AwsBackend, isAwsFault } from './backend.ts'
import { isGarbled, isThrottle, rememberCall } from './failures.ts'

/** As much of the SDK's middleware stack as is used here; the clients' own types differ in their type parameters alone. */
export interface MiddlewareStack {
  add(middleware: Middleware, options: { step: 'initialize'; name: string; override: boolean }): void
  addRelativeTo(
    middleware: Middleware,
    options: { relation: 'after'; toMiddleware: string; name: string; override: boolean },
  ): void
}

type Handler = (args: {
  readonly input: unknown
  readonly request?: unknown
}) => Promise<{ readonly output: unknown; readonly response: unknown }>
type Middleware = (next: Handler, context: Context) => Handler

interface Context {
  readonly clientName?: string
  readonly commandName?: string
  attempts?: number
  host?: string | undefined
}

/** What a session learns from its calls. */
export interface CallLog {
  /** How often AWS asked for fewer calls a second, seen at once although the SDK tries again by itself. */
  throttles: number
  /** Set when a person has been told that calls are being repeated. */
  toldOfRetries?: boolean
}

type Say = (text: string) => void

/** Attempts of one call that a person need not hear of. */
const QUIET_ATTEMPTS = 3

/** Counts and reports attempts, and lets every error know which call it belongs to. */
export function traceCalls(
  stack: MiddlewareStack,
  log: CallLog,
  { trace, notice }: { readonly trace?: Say | undefined; readonly notice?: Say | undefined },
): void {
  const outer: Middleware = (next, context) => async (args) => {
    try {
      return await next(args)
    } catch (error) {
      rememberCall(error, { ...callOf(context), host: context.host })
      throw error
    }
  }
  const inner: Middleware = (next, context) => async (args) => {
    context.attempts = (context.attempts ?? 0) + 1
    const attempt = context.attempts
    const started = performance.now()
    if (attempt > QUIET_ATTEMPTS && !log.toldOfRetries) {
      log.toldOfRetries = true
      const { service, operation } = callOf(context)
      notice?.(`AWS has not answered ${service}:${operation} in ${attempt - 1} attempts; still trying`)
    }
    context.host = (args.request as { hostname?: string } | undefined)?.hostname
    const message = (outcome: string) => {
      const { service, operation } = callOf(context)
      trace?.(`${service}:${operation} ${Math.round(performance.now() - started)} ms, attempt ${attempt}, ${outcome}`)
    }
    try {
      const answer = await next(args)
      message('ok')
      return answer
    } catch (error) {
      if (isThrottle(error)) log.throttles += 1
      if (isGarbled(error)) Object.assign(error as object, { $retryable: {} })
      message(error instanceof Error ? error.name : 'failed')
      throw error
    }
  }
  stack.add(outer, { step: 'initialize', name: 'cloudtrailPdCallName', override: true })
  stack.addRelativeTo(inner, after('retryMiddleware', TRACE))
}

/** As much of a client's configuration as a call is told by. */
export interface AnsweredConfig {
  region(): Promise<string>
  credentials(): Promise<{ readonly accessKeyId: string }>
}

/** Answers calls after the retry middleware (and the trace, which has to be there already), so the SDK's own retries, paginators and error types stay in play. */
export function answerFrom(stack: MiddlewareStack, backend: AwsBackend, config: AnsweredConfig): void {
  const answer: Middleware = (_next, context) => async (args) => {
    const { service, operation } = callOf(context)
    const request = args.request as { headers?: Record<string, string> } | undefined
    try {
      const output = await backend({
        service,
        operation,
        input: args.input as Record<string, unknown>,
        region: await config.region(),
        userAgent: request?.headers?.['x-amz-user-agent'] ?? request?.headers?.['user-agent'] ?? '',
        accessKeyId: (await config.credentials()).accessKeyId,
      })
      const metadata = {
        httpStatusCode: 200,
        requestId: 'sandbox',
        attempts: context.attempts ?? 1,
        totalRetryDelay: 0,
      }
      return { output: { ...output, $metadata: metadata }, response: undefined }
    } catch (error) {
      throw isAwsFault(error) ? serviceException(error.name, error.message, error.status) : error
    }
  }
  stack.addRelativeTo(answer, after(TRACE, 'cloudtrailPdBackend'))
}

const TRACE = 'cloudtrailPdTrace'

function after(toMiddleware: string, name: string) {
  return { relation: 'after', toMiddleware, name, override: true } as const
}

/** `SNSClient` and `CreateTopicCommand` as `SNS` and `CreateTopic`. */
function callOf({ clientName, commandName }: Context): { service: string; operation: string } {
  return {
    service: SERVICE_IDS[clientName ?? ''] ?? (clientName ?? 'AWS').replace(/Client$/, ''),
    operation: (commandName ?? 'call').replace(/Command$/, ''),
  }
}

/** Client names whose service id is written with a blank. */
const SERVICE_IDS: Readonly<Record<string, string>> = { CloudWatchLogsClient: 'CloudWatch Logs' }

function serviceException(name: string, message: string, status: number): Error {
  const throttled = /Throttl|TooManyRequests|LimitExceededFast/i.test(name)
  return Object.assign(new Error(message), {
    name,
    $fault: status >= 500 ? 'server' : 'client',
    $metadata: { httpStatusCode: status, requestId: 'sandbox' },
    ...(throttled ? { $retryable: { throttling: true } } : {}),
  })
}
