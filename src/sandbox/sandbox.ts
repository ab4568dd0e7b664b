/** An AWS account inside the process: answers the SDK's calls, lets its own time pass, keeps its state in a file. */
import { type AwsBackend, type AwsCall, awsFault, isAwsFault } from '../aws/backend.ts'
import type { Clock } from '../ports.ts'
import { carrier } from './carrier.ts'
import { realClock, type VirtualClock, virtualClock } from './clock.ts'
import type { Context, World } from './context.ts'
import { type Fault, type FaultKind, faultError, faultPicker, sandboxCrash } from './faults.ts'
import { loadState, saveState } from './file.ts'
import { type Answer, callbackServer } from './loopback.ts'
import { isRead, type KnownOperation, operationOf } from './operations.ts'
import { nextMoment, pass } from './passage.ts'
import { patternEngine } from './patterns.ts'
import { type Occurrence, record } from './recording.ts'
import { sns } from './services/sns.ts'
import type { SandboxState } from './state.ts'

export interface SandboxOptions {
  /** Keeps the state here, mode 0600, replaced in one step after each change; in memory alone where absent. */
  readonly file?: string
  /** Where events that `occur` are recorded by default; us-east-1. */
  readonly region?: string
  /** The time underneath; the machine's own by default. */
  readonly clock?: Clock
  /** How many times faster a sleep passes than on the wall, 100 by default; `instant` does not wait at all. */
  readonly speed?: number | 'instant'
  readonly faults?: readonly Fault[]
  /** The base URL, on loopback, where deliveries to PagerDuty's hosts really go. */
  readonly eventsUrl?: () => Promise<string>
  /** Whether a GET of SubscribeURL confirms; true by default. */
  readonly confirm?: boolean
  /** Refuses the second CloudTrail write within a second, as AWS does; false by default. */
  readonly throttleCloudTrailWrites?: boolean
}

export interface RecordedCall extends AwsCall {
  readonly at: Date
  readonly readOnly: boolean
  /** The name of the error that the caller got, or `undefined` for an answer. */
  readonly error: string | undefined
}

export interface Sandbox {
  readonly backend: AwsBackend
  /** The sandbox's time; `move` lets a stretch pass at once. */
  readonly clock: VirtualClock
  /** What the account holds; tests may read it, and write it between calls. */
  readonly state: SandboxState
  /** Every call that reached the sandbox, in order. */
  readonly calls: readonly RecordedCall[]
  /** Lets something happen in the account that CloudTrail records, such as a sign-in by root. */
  occur(occurrence: Occurrence, region?: string): void
  /** Works out everything up to now and waits until no delivery is on its way. */
  settle(): Promise<void>
  /** After a crash: the account goes on, as it would for the next process, with these faults. */
  restart(faults?: readonly Fault[]): void
  /** Waits for deliveries, keeps the state, stops the server. */
  close(): Promise<void>
}

/** These let the call do its work and only lose the answer. */
const AFTER_EFFECT: readonly FaultKind[] = ['reset-after', 'crash-after']

/** Opens the account; rejects with `sandbox-file-…` when the file cannot be used. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const real = options.clock ?? realClock()
  const state = loadState(options.file, real.now().getTime())
  const world: World = { state, patterns: patternEngine() }
  const calls: RecordedCall[] = []
  let pick = faultPicker(options.faults ?? [])
  const speed = options.speed ?? 100
  let dead = false
  let lastTrailWrite = Number.NEGATIVE_INFINITY

  const clock = virtualClock({
    real,
    speed,
    offset: state.offset,
    next: (from) => (dead ? Number.POSITIVE_INFINITY : nextMoment(world, from)),
    passed: () => settle(speed === 'instant'),
  })
  const now = () => clock.now().getTime()
  const callbacks = callbackServer(answerCallback)
  const post = carrier({ world, now, callbackUrl: callbacks.url, eventsUrl: options.eventsUrl, answered: keep })

  function keep(): void {
    if (dead || options.file === undefined) return
    state.offset = clock.offset()
    saveState(options.file, state)
  }

  async function settle(wait = true): Promise<void> {
    if (dead) return
    pass(world, now())
    post.send(now())
    if (wait) await post.idle()
  }

  function answerCallback(query: URLSearchParams): Answer {
    const action = query.get('Action') ?? ''
    if (options.confirm === false && action === 'ConfirmSubscription') return { status: 403, body: '' }
    const run = ['ConfirmSubscription', 'Unsubscribe'].includes(action) ? sns[action] : undefined
    if (dead || run === undefined) return { status: 404, body: '' }
    const input = Object.fromEntries(query)
    try {
      run(input as never, { ...world, now: now(), region: (input.TopicArn ?? '').split(':')[3] ?? '' })
      keep()
      return { status: 200, body: `<${action}Response/>` }
    } catch (error) {
      return { status: isAwsFault(error) ? error.status : 500, body: '' }
    }
  }

  async function backend(call: AwsCall): Promise<object> {
    if (dead) throw sandboxCrash('the process died before')
    const known = operationOf(call.service, call.operation, call.region)
    const fault = pick(call)
    const note = (error: string | undefined) =>
      calls.push({ ...call, at: clock.now(), readOnly: isRead(call.operation), error })
    try {
      const output = answer(call, known, fault)
      note(undefined)
      return output
    } catch (error) {
      note(error instanceof Object && 'name' in error ? String(error.name) : 'Error')
      throw error
    } finally {
      if (known !== undefined && !known.readOnly) keep()
      post.send(now())
      if (fault?.kind.startsWith('crash')) dead = true
    }
  }

  function answer(call: AwsCall, known: KnownOperation | undefined, fault: Fault | undefined): object {
    if (known === undefined) {
      throw awsFault('UnknownOperationException', `the sandbox does not know ${call.service} ${call.operation}`)
    }
    pass(world, now())
    const context: Context = { ...world, now: now(), region: call.region }
    if (fault !== undefined && !AFTER_EFFECT.includes(fault.kind)) {
      const error = faultError(fault, call)
      if (isAwsFault(error)) recordCall(context, call, known, error)
      throw error
    }
    const output = perform(context, call, known)
    if (fault !== undefined) throw faultError(fault, call)
    return output
  }

  function perform(context: Context, call: AwsCall, known: KnownOperation): object {
    try {
      checkTrailRate(call, known)
      // The SDK has checked the form of the input; each operation is written against its type.
      const output = known.run(call.input as never, context)
      recordCall(context, call, known, undefined)
      return output
    } catch (error) {
      recordCall(context, call, known, error)
      throw error
    }
  }

  function checkTrailRate(call: AwsCall, known: KnownOperation): void {
    if (options.throttleCloudTrailWrites !== true || call.service !== 'CloudTrail' || known.readOnly) return
    if (now() - lastTrailWrite < 1_000) throw faultError({ kind: 'throttle' }, call)
    lastTrailWrite = now()
  }

  return {
    backend,
    clock,
    state,
    calls,
    occur(occurrence, region = options.region ?? 'us-east-1') {
      pass(world, now())
      record({ ...world, now: now(), region }, occurrence)
      keep()
    },
    settle: () => settle(),
    restart(faults = []) {
      dead = false
      pick = faultPicker(faults)
    },
    async close() {
      await settle()
      keep()
      await callbacks.close()
    },
  }
}

/** Every management call is itself an event, the failed ones too. */
function recordCall(context: Context, call: AwsCall, known: KnownOperation, error: unknown): void {
  if (!known.recorded) return
  record(
    { ...context, region: known.eventRegion },
    {
      source: known.eventSource,
      name: call.operation,
      readOnly: known.readOnly,
      userAgent: call.userAgent,
      requestParameters: parametersOf(call.input),
      ...(isAwsFault(error) ? { errorCode: errorCodeOf(error.name), errorMessage: error.message } : {}),
    },
  )
}

/** CloudTrail has one name for being denied, whatever the service calls it. */
function errorCodeOf(name: string): string {
  return ['AuthorizationErrorException', 'AccessDeniedException'].includes(name) ? 'AccessDenied' : name
}

/** Names begin in lower case there; an endpoint carries a key and is left out. */
function parametersOf(input: Readonly<Record<string, unknown>>): object | null {
  const entries = Object.entries(input).map(([key, value]) => {
    const name = `${key.slice(0, 1).toLowerCase()}${key.slice(1)}`
    return [name, name === 'endpoint' ? 'HIDDEN_DUE_TO_SECURITY_REASONS' : value]
  })
  return entries.length === 0 ? null : Object.fromEntries(entries)
}
