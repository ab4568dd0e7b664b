/** An AWS account inside the process: answers the SDK's calls, lets its own time pass, keeps its state in a file. */

import { type AwsBackend, type AwsCall, isAwsFault } from '../aws/backend.ts'
import { parseArn } from '../domain/names.ts'
import type { Clock } from '../ports.ts'
import { type Occurrence, record } from './aws/cloudtrail-recorder.ts'
import { type OperationContext, type SandboxAws, SHORT_PAGE } from './aws/context.ts'
import { answering } from './aws/dispatcher.ts'
import { faultPicker, type InjectedFault, sandboxCrash } from './aws/faults.ts'
import { isRead } from './aws/operations.ts'
import { patternEngine } from './aws/patterns.ts'
import { subscriptionOperations } from './aws/services/sns-subscriptions.ts'
import { deliverer } from './aws/sns-deliverer.ts'
import type { SandboxState } from './aws/state.ts'
import { nextMoment, tick } from './aws/tick.ts'
import { realClock, type VirtualClock, virtualClock } from './clock.ts'
import { loadState, saveState } from './file.ts'
import { type CallbackAnswer, callbackServer } from './loopback.ts'

export interface SandboxOptions {
  /** Keeps the state here, mode 0600, replaced in one step after each change; in memory alone where absent. */
  readonly file?: string
  /** Where events that `occur` are recorded by default; us-east-1. */
  readonly region?: string
  /** The time underneath; the machine's own by default. */
  readonly clock?: Clock
  /** How many times faster a sleep passes than on the wall, 100 by default; `instant` does not wait at all. */
  readonly speed?: number | 'instant'
  readonly faults?: readonly InjectedFault[]
  /** The base URL, on loopback, where deliveries to PagerDuty's hosts really go. */
  readonly eventsUrl?: () => Promise<string>
  /** Whether a GET of SubscribeURL confirms; true by default. */
  readonly confirm?: boolean
  /** Entries of the longest page of a list; 2 by default, so that a caller who forgets the next page fails at once. */
  readonly longestPage?: number
  /** Refuses the second CloudTrail write within a second, as AWS does; false by default. */
  readonly throttleCloudTrailWrites?: boolean
}

interface RecordedCall extends AwsCall {
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
  restart(faults?: readonly InjectedFault[]): void
  /** Waits for deliveries, keeps the state, stops the server. */
  close(): Promise<void>
}

/** An instant clock waits this long, on the wall, for the endpoint to visit SubscribeURL after its answer. */
const VISIT_MS = 250

/** Opens the account; rejects with `sandbox-file-…` when the file cannot be used. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { file, speed = 100, region: home = 'us-east-1' } = options
  const real = options.clock ?? realClock()
  const state = loadState(file, real.now().getTime())
  const aws: SandboxAws = { state, patterns: patternEngine(), longestPage: options.longestPage ?? SHORT_PAGE }
  const calls: RecordedCall[] = []
  const answer = answering({ aws, throttleCloudTrailWrites: options.throttleCloudTrailWrites ?? false })
  let pick = faultPicker(options.faults ?? [])
  let dead = false

  const next = (from: number) => (dead ? Number.POSITIVE_INFINITY : nextMoment(aws, from))
  const passed = () => settle(speed === 'instant')
  const clock = virtualClock({ real, speed, offset: state.offset, next, passed })
  const now = () => clock.now().getTime()
  const confirms = options.confirm ?? true
  const callbacks = callbackServer((query) => {
    if (dead) return GONE
    post.visited(query.get('Token') ?? '')
    return visited({ ...aws, now: now() }, query, confirms, keep)
  })
  const post = deliverer({
    aws,
    now,
    callbackUrl: callbacks.url,
    eventsUrl: options.eventsUrl,
    answered: keep,
    retryPolicy: () => (speed === 'instant' ? real.sleep(VISIT_MS) : Promise.resolve()),
  })

  function keep(): void {
    if (dead || file === undefined) return
    state.offset = clock.offset()
    saveState(file, state)
  }

  async function settle(wait = true): Promise<void> {
    if (dead) return
    tick(aws, now())
    post.send(now())
    if (wait) await post.idle()
  }

  async function backend(call: AwsCall): Promise<object> {
    if (dead) throw sandboxCrash('the process died before')
    const fault = pick(call)
    const readOnly = isRead(call.operation)
    const note = (error: string | undefined) => calls.push({ ...call, at: clock.now(), readOnly, error })
    tick(aws, now())
    try {
      const output = answer(call, now(), fault)
      note(undefined)
      return output
    } catch (error) {
      note(nameOf(error))
      throw error
    } finally {
      if (!readOnly) keep()
      post.send(now())
      if (fault?.kind.startsWith('crash')) dead = true
    }
  }

  return {
    backend,
    clock,
    state,
    calls,
    occur(occurrence, region = home) {
      tick(aws, now())
      record({ ...aws, now: now(), region }, occurrence)
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

const GONE: CallbackAnswer = { status: 404, body: '' }

/** What a GET of SubscribeURL or UnsubscribeURL does. */
function visited(
  context: Omit<OperationContext, 'region'>,
  query: URLSearchParams,
  confirms: boolean,
  keep: () => void,
): CallbackAnswer {
  const action = query.get('Action') ?? ''
  if (!confirms && action === 'ConfirmSubscription') return { status: 403, body: '' }
  const run = ['ConfirmSubscription', 'Unsubscribe'].includes(action) ? subscriptionOperations[action] : undefined
  if (run === undefined) return GONE
  const arn = query.get('TopicArn') ?? query.get('SubscriptionArn') ?? ''
  try {
    run(Object.fromEntries(query) as never, { ...context, region: parseArn(arn)?.region ?? '' })
    keep()
    return { status: 200, body: `<${action}Response/>` }
  } catch (error) {
    return { status: isAwsFault(error) ? error.status : 500, body: '' }
  }
}

function nameOf(error: unknown): string {
  return error instanceof Object && 'name' in error ? String(error.name) : 'Error'
}
