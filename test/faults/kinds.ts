/** The kinds of fault of the matrix: what an `AwsBackend` does instead of answering, from the nth call of a run on. */

import { type AwsBackend, type AwsCall, awsFault } from '../../src/aws/backend.ts'
import { type FaultKind, faultError } from '../../src/sandbox/aws/faults.ts'

export interface Strike {
  /** The call that is hit, from 1. */
  readonly nth: number
  readonly backend: AwsBackend
  /** Sends the run an interrupt, as SIGINT, SIGTERM and SIGHUP do (src/cli/platform.ts has one listener for the three). */
  interrupt(): void
}

export interface Kind {
  readonly name: string
  /** The process is gone: it prints no report. */
  readonly dies?: true
  strike(strike: Strike): AwsBackend
}

type Answer = (call: AwsCall, backend: AwsBackend) => Promise<object>

/** Attempts of one call, the SDK's retries included, come one after the other and carry the same input. */
function hitting(attempts: number, answer: Answer): Kind['strike'] {
  return ({ nth, backend }) => {
    let seen = 0
    let hit: string | undefined
    let left = attempts
    return (call) => {
      seen += 1
      if (seen === nth) hit = idOf(call)
      if (hit === undefined || hit !== idOf(call) || left <= 0) return backend(call)
      left -= 1
      return answer(call, backend)
    }
  }
}

function idOf({ service, operation, input }: AwsCall): string {
  return `${service}:${operation}:${JSON.stringify(input)}`
}

/** As every call of the operation, or every call at all, does from the nth on. */
function fromThenOn(same: (hit: AwsCall, call: AwsCall) => boolean, answer: Answer): Kind['strike'] {
  return ({ nth, backend }) => {
    let seen = 0
    let hit: AwsCall | undefined
    return (call) => {
      seen += 1
      if (seen === nth) hit = call
      return hit !== undefined && same(hit, call) ? answer(call, backend) : backend(call)
    }
  }
}

const sameOperation = (hit: AwsCall, call: AwsCall) => hit.service === call.service && hit.operation === call.operation
const always = () => true

const refuse =
  (kind: FaultKind): Answer =>
  async (call) => {
    throw faultError({ kind }, call)
  }

const answerWith =
  (error: () => unknown): Answer =>
  async () => {
    throw error()
  }

/** AWS does what the call says, and the answer is lost. */
const loseAnswer =
  (error: () => unknown): Answer =>
  async (call, backend) => {
    await backend(call)
    throw error()
  }

const reset = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
// What the SDK sees of these on a socket is shown by test/aws/request-handler.test.ts.
const stalled = () => Object.assign(new Error('the response stopped for 20000 ms'), { name: 'TimeoutError' })
const truncated = () => Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
const garbled = () =>
  Object.assign(new Error("char 'g' is not expected.:1:1\n  Deserialization error: to see the raw response"), {
    $metadata: { httpStatusCode: 200 },
  })

/** Who the caller is cannot be doubted, and a trail may be made in another account than the caller's (field case C47). */
const BELIEVED = ['GetCallerIdentity', 'CreateTrail']

/** Every account number in an answer is another account's. */
const foreignAnswer: Answer = async (call, backend) => {
  const answer = await backend(call)
  if (BELIEVED.includes(call.operation)) return answer
  return JSON.parse(JSON.stringify(answer).replaceAll('123456789012', '210987654321'), revive)
}

/** Dates and bytes of an answer survive the way through text. */
function revive(_key: string, value: unknown): unknown {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? new Date(value) : value
}

const dying =
  (after: boolean): Kind['strike'] =>
  ({ nth, backend }) => {
    let seen = 0
    return async (call) => {
      seen += 1
      if (seen < nth) return backend(call)
      if (seen === nth && after) await backend(call)
      throw faultError({ kind: 'crash-before' }, call)
    }
  }

const interrupted =
  (times: number): Kind['strike'] =>
  ({ nth, backend, interrupt }) => {
    let seen = 0
    return async (call) => {
      seen += 1
      if (seen === nth) for (let time = 0; time < times; time += 1) interrupt()
      return backend(call)
    }
  }

const unavailable = () => awsFault('ServiceUnavailable', 'Service is unable to handle request.', 503)

export const KINDS: readonly Kind[] = [
  { name: 'a throttle once', strike: hitting(1, refuse('throttle')) },
  { name: 'a throttle five times', strike: hitting(5, refuse('throttle')) },
  { name: 'a throttle without end', strike: fromThenOn(sameOperation, refuse('throttle')) },
  { name: 'HTTP 500 once', strike: hitting(1, refuse('error-5xx')) },
  { name: 'HTTP 500 without end', strike: fromThenOn(sameOperation, refuse('error-5xx')) },
  { name: 'HTTP 503 once', strike: hitting(1, answerWith(unavailable)) },
  { name: 'a reset before the call', strike: hitting(1, refuse('reset')) },
  { name: 'a reset after the call took effect', strike: hitting(1, loseAnswer(reset)) },
  { name: 'resets without end after the call took effect', strike: fromThenOn(sameOperation, loseAnswer(reset)) },
  { name: 'a stall before the headers', strike: hitting(1, answerWith(stalled)) },
  { name: 'a stall after the headers', strike: hitting(1, loseAnswer(stalled)) },
  { name: 'a truncated body', strike: hitting(1, loseAnswer(truncated)) },
  { name: 'a garbled body', strike: hitting(1, loseAnswer(garbled)) },
  { name: 'a denied action', strike: fromThenOn(sameOperation, refuse('access-denied')) },
  { name: 'credentials that expire', strike: fromThenOn(always, refuse('expired-token')) },
  { name: "another account's ARN in the answer", strike: hitting(1, foreignAnswer) },
  { name: 'an interrupt', strike: interrupted(1) },
  { name: 'SIGKILL before the call', dies: true, strike: dying(false) },
  { name: 'SIGKILL after the call', dies: true, strike: dying(true) },
]
